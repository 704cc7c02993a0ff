// Subscribe and ConfirmSubscription: who is told of what is published.
import { randomBytes, randomUUID } from 'node:crypto'
import type { Form } from '../../../aws/protocol/query.ts'
import type { XmlNodes } from '../../../aws/protocol/xml.ts'
import type { Reader, Writer } from '../../store.ts'
import { postConfirmation } from './delivery.ts'
import { pairsOf, requiredText, textOf } from './input.ts'
import { invalidParameter, invalidToken, notHere } from './problems.ts'
import {
  endpointKey,
  isFifo,
  type Protocol,
  type Room,
  type Subscription,
  subscriptionArn,
  subscriptionKey,
  tokenKey,
  topicName,
  topicOf,
} from './state.ts'
import { readAttributes } from './subscription-attributes.ts'

export interface WantedSubscription {
  readonly topicArn: string
  readonly protocol: string
  readonly endpoint: string
  readonly attributes: Readonly<Record<string, string>>
}

const PENDING = 'pending confirmation'

// AWS would send to them; nothing leaves this machine.
const CONFIRMED_BY_PERSONS = new Set<string>(['http', 'https', 'email', 'email-json'])
const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  sqs: 'sqs',
  lambda: 'lambda',
  http: 'http',
  https: 'https',
  email: 'email',
  'email-json': 'email-json',
  sms: 'sms',
}

export async function subscribe(room: Room, form: Form, endpoint: string): Promise<XmlNodes> {
  const wanted = {
    topicArn: textOf(form, 'TopicArn') ?? '',
    protocol: requiredText(form, 'Protocol'),
    endpoint: textOf(form, 'Endpoint') ?? '',
    attributes: pairsOf(form, 'Attributes'),
  }
  const made = await make(room, wanted, endpoint)
  const isTold = !made.pending || textOf(form, 'ReturnSubscriptionArn') === 'true'
  return [['SubscriptionArn', isTold ? subscriptionArn(made) : PENDING]]
}

/** Makes the subscription; the one that is there is answered when its attributes are the same. */
export function make(room: Room, wanted: WantedSubscription, origin: string): Promise<Subscription> {
  const topic = topicName(wanted.topicArn)
  const protocol = readProtocol(room, wanted, topic)
  const { endpoint } = wanted
  const attributes = readAttributes({ topic, protocol, endpoint }, wanted.attributes, {}, 'Attributes Reason: ')
  return room.store.commit((writer) => {
    topicOf(writer, wanted.topicArn)
    const there = findByEndpoint(writer, topic, protocol, endpoint)
    if (there !== undefined) return again(there, attributes)
    const pending = CONFIRMED_BY_PERSONS.has(protocol)
    const made: Subscription = {
      topic,
      id: randomUUID(),
      protocol,
      endpoint,
      attributes,
      pending,
      token: toToken(),
      own: false,
    }
    put(writer, made)
    if (protocol === 'http' || protocol === 'https') postConfirmation(room, writer, made, origin)
    return made
  })
}

// Recorded: attributes that are left out are no difference.
function again(there: Subscription, attributes: Readonly<Record<string, string>>): Subscription {
  for (const [name, value] of Object.entries(attributes))
    if (there.attributes[name] !== value)
      throw invalidParameter('Attributes Reason: Subscription already exists with different attributes')
  return there
}

/** Makes one for the app's own triggers, or gives the one that is there exactly these attributes. */
export function ensure(room: Room, wanted: WantedSubscription): Promise<string> {
  const topic = topicName(wanted.topicArn)
  const protocol = readProtocol(room, wanted, topic)
  const { endpoint } = wanted
  const attributes = readAttributes({ topic, protocol, endpoint }, wanted.attributes)
  return room.store.commit((writer) => {
    topicOf(writer, wanted.topicArn)
    const there = findByEndpoint(writer, topic, protocol, endpoint)
    const made: Subscription =
      there === undefined
        ? { topic, id: randomUUID(), protocol, endpoint, attributes, pending: false, token: toToken(), own: true }
        : { ...there, attributes, pending: false, own: true }
    put(writer, made)
    return subscriptionArn(made)
  })
}

function put(writer: Writer, made: Subscription): void {
  writer.put(subscriptionKey(made.topic, made.id), made)
  writer.put(endpointKey(made.topic, made.protocol, made.endpoint), made.id)
  writer.put(tokenKey(made.token), [made.topic, made.id])
}

function findByEndpoint(reader: Reader, topic: string, protocol: string, endpoint: string): Subscription | undefined {
  const id = reader.get<string>(endpointKey(topic, protocol, endpoint))
  return id === undefined ? undefined : reader.get<Subscription>(subscriptionKey(topic, id))
}

// As long as AWS's, which is 288 hexadecimal digits.
const toToken = (): string => randomBytes(144).toString('hex')

// Source: recorded words.
function readProtocol(room: Room, { protocol, endpoint }: WantedSubscription, topic: string): Protocol {
  const known = Object.hasOwn(PROTOCOLS, protocol) ? PROTOCOLS[protocol] : undefined
  if (protocol === 'application' || protocol === 'firehose') throw notHere(`deliver to the protocol ${protocol}`)
  if (known === undefined) throw invalidParameter(`Amazon SNS does not support this protocol string: ${protocol}`)
  if (endpoint === '') throw invalidParameter('Endpoint Reason: no value for required parameter')
  if (protocol === 'sqs' && !/^arn:aws:sqs:[\w-]+:\d{12}:[\w.-]+$/.test(endpoint))
    throw invalidParameter('SQS endpoint ARN')
  if (protocol === 'lambda' && !/^arn:aws:lambda:[\w-]+:\d{12}:function:.+$/.test(endpoint))
    throw invalidParameter('Lambda endpoint ARN')
  if (protocol === 'sms' && !/^\+?[1-9]\d{1,14}$/.test(endpoint))
    throw invalidParameter(`Invalid SMS endpoint: ${endpoint}`)
  if ((protocol === 'email' || protocol === 'email-json') && !endpoint.includes('@'))
    throw invalidParameter('Email address')
  if (protocol === 'sqs' && isFifo(endpoint) && !isFifo(topic))
    throw invalidParameter(
      'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
    )
  // Source: "Message delivery for FIFO topics": queues alone take part.
  if (protocol !== 'sqs' && isFifo(topic))
    throw invalidParameter('Invalid parameter: Endpoint Reason: Please use FIFO SQS queue')
  if (protocol === 'http' || protocol === 'https') checkAddress(room, protocol, endpoint)
  return known
}

function checkAddress(room: Room, protocol: string, endpoint: string): void {
  if (!endpoint.startsWith(`${protocol}://`)) throw invalidParameter('Endpoint must match the specified protocol')
  if (!URL.canParse(endpoint)) throw invalidParameter('HTTP(S) endpoint')
  if (!room.reach(endpoint))
    throw invalidParameter(`Endpoint Reason: the local cloud calls no address but this machine's own: ${endpoint}`)
}

export async function confirmSubscription({ store }: Room, form: Form): Promise<XmlNodes> {
  const token = requiredText(form, 'Token')
  // Recorded: what cannot be a token, and what is none.
  if (!/^[\da-f]{200,}$/.test(token)) throw invalidToken()
  const topic = topicName(textOf(form, 'TopicArn'))
  const confirmed = await store.commit((writer) => {
    // Longer than any token, it would not fit a key.
    const place = token.length > 300 ? undefined : writer.get<[string, string]>(tokenKey(token))
    const subscription = place === undefined ? undefined : writer.get<Subscription>(subscriptionKey(...place))
    if (subscription === undefined || subscription.topic !== topic) throw invalidParameter('Token')
    const now: Subscription = { ...subscription, pending: false }
    writer.put(subscriptionKey(now.topic, now.id), now)
    return now
  })
  return [['SubscriptionArn', subscriptionArn(confirmed)]]
}
