// Sending to one of the app's queues, or publishing to a topic of it, over the AWS port as anybody would.
import { readXml } from '../aws/protocol/xml.ts'
import { problem } from '../errors.ts'
import type { QueueModel, TopicModel } from '../model/index.ts'
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
  readonly attributes?: Readonly<Record<string, string | number>>
}

/** Sends a text. Throws a GobletError when it is refused. */
export const sendText = (
  endpoint: string,
  target: QueueModel | TopicModel,
  text: string,
  options: SendingOptions,
): Promise<{ messageId: string }> =>
  target.kind === 'queue' ? sendMessage(endpoint, target, text, options) : publish(endpoint, target, text, options)

async function sendMessage(
  endpoint: string,
  { physicalName, fifo }: QueueModel,
  MessageBody: string,
  { group = 'default', dedup, delay, attributes }: SendingOptions,
): Promise<{ messageId: string }> {
  const named = Object.entries(attributes ?? {}).map(([name, value]) => [name, toAttribute(value)])
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
    body: JSON.stringify({
      QueueUrl: `${endpoint}/${ACCOUNT}/${physicalName}`,
      MessageBody,
      ...(fifo ? { MessageGroupId: group } : {}),
      ...(dedup === undefined ? {} : { MessageDeduplicationId: dedup }),
      ...(delay === undefined ? {} : { DelaySeconds: delay }),
      ...(attributes === undefined ? {} : { MessageAttributes: Object.fromEntries(named) }),
    }),
  })
  const output: { MessageId?: string; message?: string } = JSON.parse(await answer.text())
  if (answer.ok) return { messageId: String(output.MessageId) }
  throw refused('SendMessage', output.message ?? String(answer.status))
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
