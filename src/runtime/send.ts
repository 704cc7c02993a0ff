// The client behind `queue.send`: SQS's JSON protocol.
import { callJson } from './call.ts'
import { endpoint } from './place.ts'
import type { SendOptions } from './queue.ts'

/** Sends one message. */
export async function send(url: string, message: unknown, options: SendOptions): Promise<{ messageId: string }> {
  const output = await callJson('sqs', endpoint('sqs'), 'AmazonSQS.SendMessage', {
    QueueUrl: url,
    ...toEntry(url, message, options),
  })
  return { messageId: String(output.MessageId) }
}

const BATCH = 10
// SQS takes 1 MiB a batch; the rest is room for attributes.
const BATCH_BYTES = 1_000_000

/** Sends many messages, ten at a time or as many as 1 MiB holds. Throws after the last batch when some were refused, naming them. */
export async function sendBatch(
  url: string,
  messages: readonly unknown[],
  options: SendOptions,
): Promise<{ messageIds: string[] }> {
  const messageIds: string[] = []
  const refused: string[] = []
  for (const entries of toBatches(messages.map((message) => toEntry(url, message, options)))) {
    const output = await callJson('sqs', endpoint('sqs'), 'AmazonSQS.SendMessageBatch', {
      QueueUrl: url,
      Entries: entries,
    })
    for (const { Id, MessageId } of rows(output.Successful)) messageIds[Number(Id)] = String(MessageId)
    for (const { Id, Code, Message } of rows(output.Failed))
      refused.push(`message ${Id}: ${Code} ${Message ?? ''}`.trim())
  }
  if (refused.length > 0)
    throw new Error(`${refused.length} of ${messages.length} messages were refused: ${refused.join('; ')}`)
  return { messageIds }
}

function rows(list: unknown): Record<string, unknown>[] {
  return Array.isArray(list) ? list : []
}

type Entry = ReturnType<typeof toEntry> & { Id: string }

function toBatches(entries: readonly ReturnType<typeof toEntry>[]): Entry[][] {
  const batches: Entry[][] = []
  let batch: Entry[] = []
  let bytes = 0
  entries.forEach((entry, index) => {
    const size = Buffer.byteLength(entry.MessageBody)
    if (batch.length === BATCH || (batch.length > 0 && bytes + size > BATCH_BYTES)) {
      batches.push(batch)
      batch = []
      bytes = 0
    }
    batch.push({ Id: String(index), ...entry })
    bytes += size
  })
  if (batch.length > 0) batches.push(batch)
  return batches
}

function toEntry(url: string, message: unknown, { delay, group, dedup, attributes }: SendOptions) {
  const MessageBody = JSON.stringify(message)
  if (MessageBody === undefined) throw new TypeError(`A ${typeof message} cannot be sent: a message is a JSON value.`)
  return {
    MessageBody,
    ...(delay === undefined ? {} : { DelaySeconds: delay }),
    ...(url.endsWith('.fifo') ? { MessageGroupId: group ?? 'default' } : {}),
    ...(dedup === undefined ? {} : { MessageDeduplicationId: dedup }),
    ...(attributes === undefined ? {} : { MessageAttributes: toAttributes(attributes) }),
  }
}

function toAttributes(attributes: NonNullable<SendOptions['attributes']>): Record<string, object> {
  const entries = Object.entries(attributes).map(([name, value]) => [name, toAttribute(value)])
  return Object.fromEntries(entries)
}

function toAttribute(value: string | number | Uint8Array): object {
  if (typeof value === 'number') return { DataType: 'Number', StringValue: String(value) }
  if (typeof value === 'string') return { DataType: 'String', StringValue: value }
  return {
    DataType: 'Binary',
    BinaryValue: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64'),
  }
}
