// Sending to one of the app's queues, topics, streams or buses, over the AWS port as anybody would.
import { randomUUID } from 'node:crypto'
import { isObject } from '../aws/protocol/json.ts'
import { readXml } from '../aws/protocol/xml.ts'
import { problem } from '../errors.ts'
import type { BusModel, Model, QueueModel, StreamModel, TopicModel } from '../model/index.ts'
import { ACCOUNT, REGION } from './service.ts'

/** A message is sent with these. */
export interface SendingOptions {
  /** FIFO: the message group; default `default`. */
  readonly group?: string
  /** FIFO: the deduplication id. */
  readonly dedup?: string
  /** Queues: seconds before it can be received. */
  readonly delay?: number
  /** Topics: what mails have as their subject. */
  readonly subject?: string
  /** Streams: what has the same key stays in order; default any. */
  readonly key?: string
  readonly attributes?: Readonly<Record<string, string | number>>
}

/** What takes messages. */
export type Mailbox = QueueModel | TopicModel | StreamModel | BusModel

/** All that the app has of them. */
export const mailboxesOf = ({ resources }: Model): Mailbox[] =>
  resources.filter(
    (one): one is Mailbox =>
      one.kind === 'queue' || one.kind === 'topic' || one.kind === 'stream' || one.kind === 'bus',
  )

/** Sends a text; to a bus, an event as JSON: its type and its detail. Throws a GobletError when it is refused. */
export function sendText(
  endpoint: string,
  target: Mailbox,
  text: string,
  options: SendingOptions,
): Promise<{ messageId: string }> {
  switch (target.kind) {
    case 'queue':
      return sendMessage(endpoint, target, text, options)
    case 'topic':
      return publish(endpoint, target, text, options)
    case 'stream':
      return putRecord(endpoint, target, text, options)
    case 'bus':
      return putEvent(endpoint, target, text)
  }
}

async function sendMessage(
  endpoint: string,
  { physicalName, fifo }: QueueModel,
  MessageBody: string,
  { group = 'default', dedup, delay, attributes }: SendingOptions,
): Promise<{ messageId: string }> {
  const named = Object.entries(attributes ?? {}).map(([name, value]) => [name, toAttribute(value)])
  const output = await callJson(endpoint, 'AmazonSQS.SendMessage', {
    QueueUrl: `${endpoint}/${ACCOUNT}/${physicalName}`,
    MessageBody,
    ...(fifo ? { MessageGroupId: group } : {}),
    ...(dedup === undefined ? {} : { MessageDeduplicationId: dedup }),
    ...(delay === undefined ? {} : { DelaySeconds: delay }),
    ...(attributes === undefined ? {} : { MessageAttributes: Object.fromEntries(named) }),
  })
  return { messageId: String(output.MessageId) }
}

async function putRecord(
  endpoint: string,
  { physicalName: StreamName }: StreamModel,
  text: string,
  { key: PartitionKey = randomUUID() }: SendingOptions,
): Promise<{ messageId: string }> {
  const Data = Buffer.from(text).toString('base64')
  const output = await callJson(endpoint, 'Kinesis_20131202.PutRecord', { StreamName, PartitionKey, Data })
  return { messageId: String(output.SequenceNumber) }
}

async function putEvent(
  endpoint: string,
  { physicalName: EventBusName, name }: BusModel,
  text: string,
): Promise<{ messageId: string }> {
  const given: unknown = JSON.parse(text)
  if (!isObject(given) || typeof given.type !== 'string')
    throw refused('PutEvents', `An event is { "type": "OrderPlaced", "detail": { … } }, and this is ${text}.`)
  const { type: DetailType, detail, source: Source = name, resources: Resources, time } = given
  const Time = typeof time === 'string' ? Date.parse(time) / 1000 : undefined
  const Entries = [{ EventBusName, Source, DetailType, Detail: JSON.stringify(detail ?? {}), Resources, Time }]
  const output = await callJson(endpoint, 'AWSEvents.PutEvents', { Entries })
  const [entry]: unknown[] = Array.isArray(output.Entries) ? output.Entries : []
  if (!isObject(entry) || entry.EventId === undefined)
    throw refused('PutEvents', isObject(entry) ? String(entry.ErrorMessage ?? entry.ErrorCode) : '')
  return { messageId: String(entry.EventId) }
}

async function callJson(endpoint: string, target: string, input: object): Promise<Readonly<Record<string, unknown>>> {
  const version = target.startsWith('AmazonSQS') ? '1.0' : '1.1'
  const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target }
  const answer = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input) })
  const output: Readonly<Record<string, unknown>> = JSON.parse(await answer.text())
  if (answer.ok) return output
  throw refused(target.split('.')[1] ?? '', String(output.message ?? output.Message ?? answer.status))
}

const toAttribute = (value: string | number) => ({
  DataType: typeof value === 'number' ? 'Number' : 'String',
  StringValue: String(value),
})

async function publish(
  endpoint: string,
  { physicalName, fifo }: TopicModel,
  message: string,
  { group = 'default', dedup, subject, attributes = {} }: SendingOptions,
): Promise<{ messageId: string }> {
  const form = new URLSearchParams({ Action: 'Publish', Message: message })
  form.set('TopicArn', `arn:aws:sns:${REGION}:${ACCOUNT}:${physicalName}`)
  if (subject !== undefined) form.set('Subject', subject)
  if (fifo) form.set('MessageGroupId', group)
  if (dedup !== undefined) form.set('MessageDeduplicationId', dedup)
  Object.entries(attributes).forEach(([name, value], index) => {
    const at = `MessageAttributes.entry.${index + 1}`
    form.set(`${at}.Name`, name)
    for (const [part, text] of Object.entries(toAttribute(value))) form.set(`${at}.Value.${part}`, text)
  })
  const answer = await fetch(`${endpoint}/?Version=2010-03-31`, { method: 'POST', body: form })
  const [output] = readXml(await answer.text()).children
  const textOf = (name: string): string => output?.children.find((child) => child.name === name)?.text ?? ''
  if (answer.ok) return { messageId: textOf('MessageId') }
  throw refused('Publish', textOf('Message'))
}

const refused = (operation: string, words: string): Error =>
  problem('GOBLET_AWS_REFUSED', { operation, problem: words })
