// Publish: a message becomes one parcel for each subscription that wants it, in the commit that says it is published.
import { createHash, randomUUID } from 'node:crypto'
import type { Form } from '../../../aws/protocol/query.ts'
import type { XmlNodes } from '../../../aws/protocol/xml.ts'
import type { Writer } from '../../store.ts'
import { postMessage } from './delivery.ts'
import { wants } from './filter.ts'
import { entriesOf, requiredText, textOf } from './input.ts'
import { type Attributes, checkDraft, type Draft, type Message, readTexts, textFor } from './message.ts'
import { invalidParameter, notHere } from './problems.ts'
import { isFifo, type Room, subscriptionsOf, type Topic, topicName, topicOf } from './state.ts'

// Source: "Message deduplication for FIFO topics".
const WINDOW = 5 * 60_000

export interface Published {
  readonly id: string
  readonly sequence?: string
}

export async function publish(room: Room, form: Form, origin: string): Promise<XmlNodes> {
  const arn = textOf(form, 'TopicArn') ?? textOf(form, 'TargetArn')
  const draft = readDraft(form)
  checkDraft(draft)
  if (textOf(form, 'PhoneNumber') !== undefined) throw notHere('send SMS')
  // Mobile endpoints are not here, so none is ever found. Recorded words.
  if (arn?.includes(':endpoint/') === true)
    throw invalidParameter('TargetArn Reason: No endpoint found for the target arn specified')
  const [published] = await publishAll(room, arn, [draft], origin)
  return toOutput(published)
}

export const toOutput = (published: Published | undefined): XmlNodes => [
  ['MessageId', published?.id],
  ['SequenceNumber', published?.sequence],
]

export function readDraft(form: Form): Draft {
  return {
    message: requiredText(form, 'Message'),
    subject: textOf(form, 'Subject'),
    structure: textOf(form, 'MessageStructure'),
    attributes: readAttributes(form),
    group: textOf(form, 'MessageGroupId'),
    deduplication: textOf(form, 'MessageDeduplicationId'),
  }
}

function readAttributes(form: Form): Attributes {
  const attributes: Record<string, Attributes[string]> = Object.create(null)
  for (const entry of entriesOf(form, 'MessageAttributes')) {
    const value = typeof entry.Value === 'object' ? entry.Value : {}
    const text = textOf(value, 'StringValue')
    const binary = textOf(value, 'BinaryValue')
    attributes[requiredText(entry, 'Name')] = {
      DataType: textOf(value, 'DataType') ?? '',
      ...(text === undefined ? {} : { StringValue: text }),
      ...(binary === undefined ? {} : { BinaryValue: binary }),
    }
  }
  return attributes
}

/** Publishes messages that were checked, all of them or none. */
export function publishAll(
  room: Room,
  arn: string | undefined,
  drafts: readonly Draft[],
  origin: string,
): Promise<Published[]> {
  const name = topicName(arn)
  const ready = drafts.map((draft) => ({ draft, texts: readTexts(draft) }))
  return room.store.commit((writer) => {
    const topic = topicOf(writer, arn)
    for (const { draft } of ready) checkFifo(topic, draft)
    return ready.map(({ draft, texts }) => {
      const base = {
        id: randomUUID(),
        topic: name,
        texts,
        attributes: draft.attributes,
        time: room.clock.now(),
        origin,
      }
      const { subject } = draft
      const message: Message = { ...base, ...(subject === undefined ? {} : { subject }), ...groupOf(draft) }
      if (isFifo(name)) return publishInOrder(room, writer, topic, message)
      tell(room, writer, message)
      return { id: message.id }
    })
  })
}

const groupOf = ({ group, deduplication }: Draft): Pick<Message, 'group' | 'deduplication'> => ({
  ...(group === undefined ? {} : { group }),
  ...(deduplication === undefined ? {} : { deduplication }),
})

interface Seen extends Published {
  readonly until: number
}

function publishInOrder(room: Room, writer: Writer, topic: Topic, message: Message): Published {
  const deduplication = message.deduplication ?? createHash('sha256').update(textFor(message, 'default')).digest('hex')
  const scope = topic.attributes.FifoThroughputScope === 'MessageGroup' ? (message.group ?? '') : ''
  const key = ['sns', 'seen', topic.name, scope, deduplication]
  const seen = writer.get<Seen>(key)
  // A message that was published in the window is accepted again, and not delivered again.
  if (seen !== undefined && seen.until > message.time)
    return { id: seen.id, ...(seen.sequence === undefined ? {} : { sequence: seen.sequence }) }
  forget(writer, topic.name, message.time)
  const sequence = nextSequence(writer, topic.name)
  const until = message.time + WINDOW
  writer.put(key, { id: message.id, sequence, until } satisfies Seen)
  writer.put(['sns', 'forget', topic.name, until, message.id], key)
  tell(room, writer, { ...message, deduplication, sequence })
  return { id: message.id, sequence }
}

function forget(writer: Writer, topic: string, now: number): void {
  const past = { start: ['sns', 'forget', topic], end: ['sns', 'forget', topic, now + 1], limit: 100 }
  for (const { key, value } of [...writer.range<string[]>(past)]) {
    writer.remove(key)
    // It may have been published anew since.
    if ((writer.get<Seen>(value)?.until ?? 0) <= now) writer.remove(value)
  }
}

// Recorded: twenty digits.
function nextSequence(writer: Writer, topic: string): string {
  const key = ['sns', 'sequence', topic]
  const number = (writer.get<number>(key) ?? 0) + 1
  writer.put(key, number)
  return String(10_000_000_000_000_000_000n + BigInt(number) * 1000n)
}

function tell(room: Room, writer: Writer, message: Message): void {
  for (const subscription of subscriptionsOf(writer, message.topic)) {
    if (subscription.pending) continue
    const { protocol, attributes } = subscription
    if (wants(attributes, { text: textFor(message, protocol), attributes: message.attributes }))
      postMessage(room, writer, subscription, message)
  }
}

const IDENTIFIER = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/

// Source: recorded words.
function checkFifo({ name, attributes }: Topic, { group, deduplication }: Draft): void {
  if (group !== undefined && !IDENTIFIER.test(group)) throw invalidParameter('MessageGroupId')
  if (!isFifo(name)) {
    if (deduplication !== undefined)
      throw invalidParameter(
        'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
      )
    return
  }
  if (group === undefined) throw invalidParameter('The MessageGroupId parameter is required for FIFO topics')
  if (deduplication !== undefined && !IDENTIFIER.test(deduplication)) throw invalidParameter('MessageDeduplicationId')
  if (deduplication === undefined && attributes.ContentBasedDeduplication !== 'true')
    throw invalidParameter(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    )
}
