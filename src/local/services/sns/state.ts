// What SNS keeps: topics, subscriptions, and the keys they are under.
import { createHash } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import { ACCOUNT, type Mail, REGION } from '../../service.ts'
import { type Key, type Reader, type Store, under, type Writer } from '../../store.ts'
import { invalidParameter, noSubscription, noTopic } from './problems.ts'

export interface Topic {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  /** Subscriptions that were removed. */
  readonly removed: number
}

export type Protocol = 'sqs' | 'lambda' | 'http' | 'https' | 'email' | 'email-json' | 'sms'

export interface Subscription {
  readonly topic: string
  readonly id: string
  readonly protocol: Protocol
  readonly endpoint: string
  readonly attributes: Readonly<Record<string, string>>
  readonly pending: boolean
  readonly token: string
  /** Made for the app's own triggers, and removed when the app has it no more. */
  readonly own: boolean
}

/** What the operations of SNS stand on. */
export interface Room {
  readonly store: Store
  readonly clock: Clock
  readonly mail: Mail
  /** Where the AWS port is, for the links in messages. */
  readonly endpoint: string
  /** Whether the local cloud may call this address. */
  reach(url: string): boolean
}

const PREFIX = `arn:aws:sns:${REGION}:${ACCOUNT}:`

export const arnOf = (topic: string): string => `${PREFIX}${topic}`
export const isFifo = (topic: string): boolean => topic.endsWith('.fifo')
export const subscriptionArn = ({ topic, id }: Pick<Subscription, 'topic' | 'id'>): string => `${arnOf(topic)}:${id}`

export const topicKey = (name: string): Key => ['sns', 'topic', name]
export const subscriptionKey = (topic: string, id: string): Key => ['sns', 'subscription', topic, id]
export const tokenKey = (token: string): Key => ['sns', 'token', token]
// Hashed: an address may be longer than a key.
export const endpointKey = (topic: string, protocol: string, endpoint: string): Key => [
  'sns',
  'endpoint',
  topic,
  createHash('sha256').update(`${protocol}\n${endpoint}`).digest('base64'),
]

/** The name in a topic's ARN. Refuses what is no ARN, in the words of the parameter it came as. */
export function topicName(arn: string | undefined, parameter = 'TopicArn'): string {
  if (arn === undefined) throw invalidParameter(`${parameter} Reason: no value for required parameter`)
  const parts = arn.split(':')
  if (parts.length < 6)
    throw invalidParameter(`${parameter} Reason: An ARN must have at least 6 elements, not ${parts.length}`)
  if (parts[0] !== 'arn' || parts[2] !== 'sns' || parts[3] !== REGION) throw invalidParameter(parameter)
  if (parts.length > 6 || parts[4] !== ACCOUNT) throw noTopic()
  return within(parts[5] ?? '')
}

export function topicOf(reader: Reader, arn: string | undefined, parameter?: string): Topic {
  const topic = reader.get<Topic>(topicKey(topicName(arn, parameter)))
  if (topic === undefined) throw noTopic()
  return topic
}

export function subscriptionOf(reader: Reader, arn: string | undefined): Subscription {
  const found = findSubscription(reader, arn ?? '')
  if (found === undefined) throw noSubscription()
  return found
}

export function findSubscription(reader: Reader, arn: string): Subscription | undefined {
  if (!arn.startsWith(PREFIX)) return undefined
  const [topic = '', id = ''] = arn.slice(PREFIX.length).split(':')
  return reader.get<Subscription>(subscriptionKey(within(topic), within(id)))
}

// A longer key than any name would be refused by the store.
const within = (name: string): string => name.slice(0, 300)

export function* subscriptionsOf(reader: Reader, topic: string): Generator<Subscription> {
  for (const { value } of reader.range<Subscription>(under('sns', 'subscription', topic))) yield value
}

export function removeSubscription(writer: Writer, subscription: Subscription): void {
  const { topic, id, protocol, endpoint, token } = subscription
  writer.remove(subscriptionKey(topic, id))
  writer.remove(endpointKey(topic, protocol, endpoint))
  writer.remove(tokenKey(token))
  const owner = writer.get<Topic>(topicKey(topic))
  if (owner !== undefined) writer.put(topicKey(topic), { ...owner, removed: owner.removed + 1 } satisfies Topic)
}
