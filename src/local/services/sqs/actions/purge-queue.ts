// PurgeQueue: once a minute. The queue starts a new lane and the old one is swept, so that a full queue purges at once.
import type { Action } from '../action.ts'
import { garbageKey } from '../keys.ts'
import { sweep } from '../look.ts'
import { purgeInProgress } from '../problems.ts'
import { queueOf } from '../queue.ts'
import { change, forgetLane } from '../room.ts'

export const purgeQueue: Action = async ({ room, input }) => {
  await change(room, ({ writer, now, number, keep }) => {
    const queue = queueOf(writer, input)
    if (queue.purged !== undefined && now < queue.purged + 60_000) throw purgeInProgress(queue.name)
    writer.put(garbageKey(queue.lane), 0)
    forgetLane(room, queue.lane)
    keep({ ...queue, lane: number(), purged: now })
  })
  await sweep(room)
  return undefined
}
