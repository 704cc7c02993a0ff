// The client behind `queue.send`: SQS's JSON protocol.
import { refusal, toBatches } from './batches.ts'
import { callJson } from './call.ts'
import { checked, written } from './message.ts'
import { endpoint } from './place.ts'
import type { SendOptions } from './queue.ts'
import type { Schema } from './schema.ts'

/** Sends one message. */
export async function send(
  url: string,
  message: unknown,
  options: SendOptions,
  schema?: Schema,
): Promise<{ messageId: string }> {
  await checked(schema, message)
  const output = await callJson('sqs', endpoint('sqs'), 'AmazonSQS.SendMessage', {
    QueueUrl: url,
    ...toEntry(url, message, options),
  })
  return { messageId: String(output.MessageId) }
}

// SQS takes 1 MiB a batch; the rest is room for attributes.
const BATCH_BYTES = 1_000_000

/** Sends many messages, ten at a time or as many as 1 MiB holds. Throws after the last batch when some were refused, naming them. */
export async function sendBatch(
  url: string,
  messages: readonly unknown[],
  options: SendOptions,
  schema?: Schema,
): Promise<{ messageIds: string[] }> {
  for (const message of messages) await checked(schema, message)
  const messageIds: string[] = []
  const refused: string[] = []
  const entries = messages.map((message) => toEntry(url, message, options))
  for (const batch of toBatches(entries, BATCH_BYTES, ({ MessageBody }) => Buffer.byteLength(MessageBody))) {
    const output = await callJson('sqs', endpoint('sqs'), 'AmazonSQS.SendMessageBatch', {
      QueueUrl: url,
      Entries: batch.map(({ id, entry }) => ({ Id: id, ...entry })),
    })
    for (const { Id, MessageId } of rows(output.Successful)) messageIds[Number(Id)] = String(MessageId)
    for (const { Id, Code, Message } of rows(output.Failed))
      refused.push(`message ${Id}: ${Code} ${Message ?? ''}`.trim())
  }
  if (refused.length > 0) throw refusal(refused, messages.length)
  return { messageIds }
}

function rows(list: unknown): Record<string, unknown>[] {
  return Array.isArray(list) ? list : []
}

function toEntry(url: string, message: unknown, { delay, group, dedup, attributes }: SendOptions) {
  return {
    MessageBody: written(message),
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
