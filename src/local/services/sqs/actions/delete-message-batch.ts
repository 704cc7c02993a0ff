// DeleteMessageBatch.
import type { Action } from '../action.ts'
import { eachEntry, readEntries } from '../batch.ts'
import { requiredText } from '../input.ts'
import { knownQueue, nameOf } from '../queue.ts'
import { change } from '../room.ts'
import { remove } from './delete-message.ts'

export const deleteMessageBatch: Action = ({ room, input }) =>
  change(room, (one) => {
    const queue = knownQueue(room, nameOf(input), one.writer)
    return eachEntry(readEntries(input, 'DeleteMessageBatchRequestEntry'), (entry) => {
      remove(one, queue, requiredText(entry.input, 'ReceiptHandle'))
      return {}
    })
  })
