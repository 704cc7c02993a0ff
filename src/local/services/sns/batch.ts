// PublishBatch: up to ten messages in one request.
import type { Form } from '../../../aws/protocol/query.ts'
import type { XmlNodes } from '../../../aws/protocol/xml.ts'
import { formsOf, requiredText, textOf, toMembers } from './input.ts'
import { checkDraft, LARGEST, sizeOf } from './message.ts'
import { refusedBatch } from './problems.ts'
import { publishAll, readDraft, toOutput } from './publish.ts'
import { type Room, topicOf } from './state.ts'

const MOST = 10

export async function publishBatch(room: Room, form: Form, origin: string): Promise<XmlNodes> {
  const entries = formsOf(form, 'PublishBatchRequestEntries')
  const arn = textOf(form, 'TopicArn')
  checkCount(entries)
  topicOf(room.store, arn)
  const ids = entries.map((entry) => requiredText(entry, 'Id'))
  checkIds(ids)
  const drafts = entries.map(readDraft)
  // Recorded: one message that is not valid refuses the whole batch.
  for (const [index, draft] of drafts.entries()) checkDraft(draft, index + 1)
  if (drafts.reduce((sum, draft) => sum + sizeOf(draft), 0) > LARGEST)
    throw refusedBatch(
      'BatchRequestTooLongException',
      'BatchRequestTooLong',
      'The length of all the messages put together is more than the limit.',
    )
  const published = await publishAll(room, arn, drafts, origin)
  const members = published.map((one, index): XmlNodes => [['Id', ids[index]], ...toOutput(one)])
  return [
    ['Successful', toMembers(members)],
    ['Failed', []],
  ]
}

// Source: recorded words.
function checkCount({ length }: readonly Form[]): void {
  if (length === 0)
    throw refusedBatch(
      'EmptyBatchRequestException',
      'EmptyBatchRequest',
      "The batch request doesn't contain any entries.",
    )
  if (length > MOST)
    throw refusedBatch(
      'TooManyEntriesInBatchRequestException',
      'TooManyEntriesInBatchRequest',
      'The batch request contains more entries than permissible.',
    )
}

function checkIds(ids: readonly string[]): void {
  if (new Set(ids).size < ids.length)
    throw refusedBatch(
      'BatchEntryIdsNotDistinctException',
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    )
  for (const id of ids) {
    const fault =
      id.length > 80 ? 'is too long' : /^[\w-]+$/.test(id) ? undefined : 'contains an impermissible character'
    if (fault !== undefined)
      throw refusedBatch(
        'InvalidBatchEntryIdException',
        'InvalidBatchEntryId',
        `The Id of a batch entry in the batch request ${fault}: ${id}`,
      )
  }
}
