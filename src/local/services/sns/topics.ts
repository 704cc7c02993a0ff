// Creates, lists, changes and removes topics.
import type { Form } from '../../../aws/protocol/query.ts'
import type { XmlNodes } from '../../../aws/protocol/xml.ts'
import { under } from '../../store.ts'
import { pairsOf, requiredText, textOf, toEntries, toMembers } from './input.ts'
import { toPage } from './pages.ts'
import { invalidParameter } from './problems.ts'
import {
  arnOf,
  type Room,
  removeSubscription,
  subscriptionsOf,
  type Topic,
  topicKey,
  topicName,
  topicOf,
} from './state.ts'
import { readTags } from './tags.ts'
import { readTopicAttribute, topicAttributes } from './topic-attributes.ts'

const NAME = /^[\w-]{1,256}$/
const FIFO_NAME = /^[\w-]{1,251}\.fifo$/
const FIFO_WORDS =
  'Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.'

export interface WantedTopic {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
}

export async function createTopic(room: Room, form: Form): Promise<XmlNodes> {
  const wanted = { name: requiredText(form, 'Name'), attributes: pairsOf(form, 'Attributes'), tags: readTags(form) }
  return [['TopicArn', await create(room, wanted)]]
}

/** Makes a topic, unless it is there with the same attributes and tags. Resolves with its ARN. */
export function create(room: Room, { name, attributes, tags }: WantedTopic): Promise<string> {
  const { FifoTopic, ...given } = attributes
  const fifo = FifoTopic?.toLowerCase() === 'true'
  // Source: recorded words.
  if (fifo && !FIFO_NAME.test(name)) throw invalidParameter(FIFO_WORDS)
  if (!fifo && !NAME.test(name)) throw invalidParameter('Topic Name')
  const kept = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, readTopicAttribute(name, key, value, true)]),
  )
  return room.store.commit((writer) => {
    const there = writer.get<Topic>(topicKey(name))
    if (there === undefined) writer.put(topicKey(name), { name, attributes: kept, tags, removed: 0 } satisfies Topic)
    else checkSame(there, kept, tags)
    return arnOf(name)
  })
}

function checkSame(there: Topic, attributes: WantedTopic['attributes'], tags: WantedTopic['tags']): void {
  for (const [key, value] of Object.entries(attributes))
    if (there.attributes[key] !== value)
      throw invalidParameter('Attributes Reason: Topic already exists with different attributes')
  // Recorded: the tags given must be there, in the same words; fewer are no difference.
  for (const [key, value] of Object.entries(tags))
    if (there.tags[key] !== value) throw invalidParameter('Tags Reason: Topic already exists with different tags')
}

/** Makes the app's own topic, or gives the one that is there these attributes. */
export async function ensureTopic(room: Room, name: string, attributes: WantedTopic['attributes']): Promise<string> {
  const { FifoTopic: _, ...settable } = attributes
  if (room.store.get<Topic>(topicKey(name)) === undefined) return create(room, { name, attributes, tags: {} })
  await room.store.commit((writer) => {
    const topic = topicOf(writer, arnOf(name))
    const read = Object.entries(settable).map(([key, value]) => [key, readTopicAttribute(name, key, value)] as const)
    writer.put(topicKey(name), { ...topic, attributes: { ...topic.attributes, ...Object.fromEntries(read) } })
  })
  return arnOf(name)
}

/** Removing what is not there is no mistake. */
export async function deleteTopic(room: Room, form: Form): Promise<undefined> {
  const name = topicName(textOf(form, 'TopicArn'))
  await room.store.commit((writer) => {
    for (const subscription of [...subscriptionsOf(writer, name)]) removeSubscription(writer, subscription)
    writer.remove(topicKey(name))
    // A topic of the same name that is made later is another one.
    writer.remove(['sns', 'sequence', name])
    for (const kind of ['seen', 'forget'])
      for (const { key } of [...writer.range(under('sns', kind, name))]) writer.remove(key)
  })
}

export async function listTopics({ store }: Room, form: Form): Promise<XmlNodes> {
  const { items, next } = toPage<Topic>(store, ['sns', 'topic'], textOf(form, 'NextToken'))
  return [
    ['Topics', toMembers(items.map(({ name }) => [['TopicArn', arnOf(name)]]))],
    ['NextToken', next],
  ]
}

export async function getTopicAttributes({ store }: Room, form: Form): Promise<XmlNodes> {
  return [['Attributes', toEntries(topicAttributes(store, topicOf(store, textOf(form, 'TopicArn'))))]]
}

export async function setTopicAttributes({ store }: Room, form: Form): Promise<undefined> {
  await store.commit((writer) => {
    const topic = topicOf(writer, textOf(form, 'TopicArn'))
    const name = textOf(form, 'AttributeName') ?? ''
    const value = readTopicAttribute(topic.name, name, textOf(form, 'AttributeValue') ?? '')
    writer.put(topicKey(topic.name), { ...topic, attributes: { ...topic.attributes, [name]: value } } satisfies Topic)
  })
}
