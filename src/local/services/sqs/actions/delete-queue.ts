// DeleteQueue. The name may be used again at once (AWS asks for 60 seconds of patience).
import type { Action } from '../action.ts'
import { garbageKey, queueKey } from '../keys.ts'
import { sweep } from '../look.ts'
import { queueOf } from '../queue.ts'
import { change } from '../room.ts'

export const deleteQueue: Action = async ({ room, input }) => {
  await change(room, ({ writer }) => {
    const queue = queueOf(writer, input)
    writer.remove(queueKey(queue.name))
    writer.put(garbageKey(queue.lane), 0)
  })
  await sweep(room)
  return undefined
}
