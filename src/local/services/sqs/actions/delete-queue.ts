// DeleteQueue. The name is free again after 60 seconds.
import type { Action } from '../action.ts'
import { allDeleted, deletedKey, garbageKey } from '../keys.ts'
import { sweep } from '../look.ts'
import { queueOf } from '../queue.ts'
import { change, forgetLane } from '../room.ts'

/** Milliseconds for which a deleted queue's name is taken. Source: API reference of DeleteQueue. */
export const MOURNING = 60_000

export const deleteQueue: Action = async ({ room, input }) => {
  await change(room, ({ writer, now, lose }) => {
    const queue = queueOf(writer, input)
    for (const { key, value } of [...writer.range<number>(allDeleted)]) if (value + MOURNING <= now) writer.remove(key)
    writer.put(deletedKey(queue.name), now)
    forgetLane(room, queue.lane)
    lose(queue)
    writer.put(garbageKey(queue.lane), 0)
  })
  await sweep(room)
  return undefined
}
