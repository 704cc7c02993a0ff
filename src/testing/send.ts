// Sending from a test: to one of the app's queues, or to a topic, over the AWS port as anybody would.
import { readXml } from '../aws/protocol/xml.ts'
import { nearest, problem } from '../errors.ts'
import { ACCOUNT, REGION } from '../local/index.ts'
import type { Model, QueueModel, TopicModel } from '../model/index.ts'
import type { Sending } from './cloud.ts'

const DECLARATION = Symbol.for('goblet.declaration')

/** Sends a message as JSON. Throws a GobletError when the app has no such queue or topic, or when it is refused. */
export async function send(
  endpoint: string,
  model: Model,
  reference: string | object,
  message: unknown,
  sending: Sending,
): Promise<{ messageId: string }> {
  const target = find(model, reference)
  const text = JSON.stringify(message)
  return target.kind === 'queue'
    ? sendMessage(endpoint, target, text, sending)
    : publish(endpoint, target, text, sending)
}

async function sendMessage(
  endpoint: string,
  { physicalName, fifo }: QueueModel,
  MessageBody: string,
  { group = 'default', dedup, delay, attributes }: Sending,
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
  { group = 'default', dedup, subject, attributes = {} }: Sending,
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

// The handle's own `name` is the one on AWS, which only a running function knows.
function find({ resources }: Model, reference: string | object): QueueModel | TopicModel {
  const all = resources.filter((one) => one.kind === 'queue' || one.kind === 'topic')
  const declared: unknown = typeof reference === 'string' ? undefined : Reflect.get(reference, DECLARATION)
  const isHandle = typeof declared === 'object' && declared !== null && 'name' in declared && 'kind' in declared
  const name = isHandle ? String(declared.name) : String(reference)
  const likely = isHandle ? all.filter(({ kind }) => kind === declared.kind) : all
  const found = likely.find((one) => one.name === name) ?? likely.find((one) => one.export === name)
  if (found !== undefined) return found
  const code = isHandle && declared.kind === 'topic' ? 'GOBLET_NO_TOPIC' : 'GOBLET_NO_QUEUE'
  const known = likely.map((one) => one.export)
  throw problem(code, { name, suggestion: nearest(name, known), known: known.join(', ') })
}
