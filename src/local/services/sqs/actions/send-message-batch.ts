// SendMessageBatch: up to ten messages in one transaction; entries that are refused keep the others from nothing.
import { ACCOUNT } from '../../../service.ts'
import type { Action } from '../action.ts'
import { LARGEST_MESSAGE } from '../attributes.ts'
import { type BatchEntry, eachEntry, readEntries } from '../batch.ts'
import { textOf } from '../input.ts'
import { readDraft } from '../message.ts'
import { batchTooLong, invalidParameter } from '../problems.ts'
import { knownQueue, nameOf, type Queue } from '../queue.ts'
import { change } from '../room.ts'
import { checkForQueue, put } from '../send.ts'
import { sentOutput } from './send-message.ts'

export const sendMessageBatch: Action = ({ room, input }) =>
  change(room, (one) => {
    const queue = knownQueue(room, nameOf(input), one.writer)
    const entries = readEntries(input, 'SendMessageBatchRequestEntry')
    checkGroups(entries, queue)
    checkSize(entries)
    return eachEntry(entries, (entry) => {
      const draft = readDraft(entry.input)
      checkForQueue(draft, queue, true)
      return sentOutput(put(one, queue, draft, ACCOUNT))
    })
  })

// A FIFO entry without group or deduplication id refuses the whole batch, in other words than SendMessage (recorded).
function checkGroups(entries: readonly BatchEntry[], queue: Queue): void {
  if (!queue.fifo) return
  for (const { input } of entries) {
    if (textOf(input, 'MessageGroupId') === undefined)
      throw invalidParameter('The request must contain the parameter MessageGroupId.')
    if (textOf(input, 'MessageDeduplicationId') === undefined && queue.attributes.ContentBasedDeduplication !== 'true')
      throw invalidParameter(
        'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
      )
  }
}

function checkSize(entries: readonly BatchEntry[]): void {
  let bytes = 0
  for (const { input } of entries) bytes += sizeOf(input)
  if (bytes > LARGEST_MESSAGE) throw batchTooLong(LARGEST_MESSAGE, bytes)
}

// An entry that cannot be read is reported on its own later, and counts nothing here.
function sizeOf(input: BatchEntry['input']): number {
  try {
    return readDraft(input).bytes
  } catch {
    return Buffer.byteLength(textOf(input, 'MessageBody') ?? '')
  }
}
