// ListQueueTags.
import type { Action } from '../action.ts'
import { queueOf } from '../queue.ts'

export const listQueueTags: Action = async ({ room, input }) => {
  const { tags } = queueOf(room.store, input)
  return { Tags: Object.fromEntries(tags) }
}
