// The client behind `topic.publish`: SNS's query protocol.
import { readXml, type XmlElement } from '../aws/protocol/xml.ts'
import { refusal, toBatches } from './batches.ts'
import { AwsError, call } from './call.ts'
import { checked, written } from './message.ts'
import { endpoint } from './place.ts'
import type { Schema } from './schema.ts'
import type { PublishOptions } from './topic.ts'

/** Publishes one message. */
export async function publish(
  arn: string,
  message: unknown,
  options: PublishOptions,
  schema?: Schema,
): Promise<{ messageId: string }> {
  await checked(schema, message)
  const answer = await ask('Publish', { TopicArn: arn, ...toEntry(arn, message, options) })
  return { messageId: textOf(answer, 'MessageId') }
}

// SNS takes 256 KiB a batch; the rest is room for attributes.
const BATCH_BYTES = 250_000

/** Publishes many messages, ten at a time or as many as 256 KiB holds. Throws after the last batch when some were refused, naming them. */
export async function publishBatch(
  arn: string,
  messages: readonly unknown[],
  options: PublishOptions,
  schema?: Schema,
): Promise<{ messageIds: string[] }> {
  for (const message of messages) await checked(schema, message)
  const messageIds: string[] = []
  const refused: string[] = []
  const entries = messages.map((message) => toEntry(arn, message, options))
  for (const batch of toBatches(entries, BATCH_BYTES, ({ Message = '' }) => Buffer.byteLength(Message))) {
    const fields: Record<string, string> = { TopicArn: arn }
    batch.forEach(({ id, entry }, index) => {
      const at = `PublishBatchRequestEntries.member.${index + 1}`
      fields[`${at}.Id`] = id
      for (const [name, value] of Object.entries(entry)) fields[`${at}.${name}`] = value
    })
    const answer = await ask('PublishBatch', fields)
    for (const one of membersOf(answer, 'Successful')) messageIds[Number(textOf(one, 'Id'))] = textOf(one, 'MessageId')
    for (const one of membersOf(answer, 'Failed'))
      refused.push(`message ${textOf(one, 'Id')}: ${textOf(one, 'Code')} ${textOf(one, 'Message')}`.trim())
  }
  if (refused.length > 0) throw refusal(refused, messages.length)
  return { messageIds }
}

type Fields = Readonly<Record<string, string>>

function toEntry(arn: string, message: unknown, { subject, group, dedup, attributes = {} }: PublishOptions): Fields {
  const fields: Record<string, string> = { Message: written(message) }
  if (subject !== undefined) fields.Subject = subject
  if (arn.endsWith('.fifo')) fields.MessageGroupId = group ?? 'default'
  else if (group !== undefined) fields.MessageGroupId = group
  if (dedup !== undefined) fields.MessageDeduplicationId = dedup
  Object.entries(attributes).forEach(([name, value], index) => {
    const at = `MessageAttributes.entry.${index + 1}`
    const [type, kind, text] = toAttribute(value)
    fields[`${at}.Name`] = name
    fields[`${at}.Value.DataType`] = type
    fields[`${at}.Value.${kind}`] = text
  })
  return fields
}

type Attribute = NonNullable<PublishOptions['attributes']>[string]

function toAttribute(value: Attribute): readonly [type: string, kind: string, text: string] {
  if (typeof value === 'number') return ['Number', 'StringValue', String(value)]
  if (typeof value === 'string') return ['String', 'StringValue', value]
  if (value instanceof Uint8Array)
    return ['Binary', 'BinaryValue', Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')]
  return ['String.Array', 'StringValue', JSON.stringify(value)]
}

// Source: the AWS query protocol: a form, answered in XML, the output in an element of its own.
async function ask(action: string, fields: Fields): Promise<XmlElement> {
  const form = Object.entries({ Action: action, Version: '2010-03-31', ...fields })
  const answer = await call({
    service: 'sns',
    method: 'POST',
    base: endpoint('sns'),
    path: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: form.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&'),
  })
  const output = readXml(answer.text)
  if (answer.status < 300) return childOf(output, `${action}Result`) ?? output
  const error = childOf(output, 'Error') ?? output
  throw new AwsError(textOf(error, 'Code') || 'UnknownError', textOf(error, 'Message'), answer.status)
}

const childOf = ({ children }: XmlElement, name: string): XmlElement | undefined =>
  children.find((child) => child.name === name)

const textOf = (element: XmlElement, name: string): string => childOf(element, name)?.text ?? ''

const membersOf = (element: XmlElement, name: string): readonly XmlElement[] => childOf(element, name)?.children ?? []
