// ChangeMessageVisibilityBatch.
import type { Action } from '../action.ts'
import { eachEntry, readEntries } from '../batch.ts'
import { queueOf } from '../queue.ts'
import { change } from '../room.ts'
import { changeVisibility } from './change-message-visibility.ts'

export const changeMessageVisibilityBatch: Action = ({ room, input }) =>
  change(room, (one) => {
    const queue = queueOf(one.writer, input)
    return eachEntry(readEntries(input, 'ChangeMessageVisibilityBatchRequestEntry'), (entry) => {
      changeVisibility(one, queue, entry.input)
      return {}
    })
  })
