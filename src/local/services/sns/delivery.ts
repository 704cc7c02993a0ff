// Delivers what was published: one parcel for each subscription and message, tried again on the clock, at last to the dead-letter queue.
import { randomUUID } from 'node:crypto'
import type { Delivery, Parcel, Receipt, Verdict } from '../../service.ts'
import type { Reader, Writer } from '../../store.ts'
import { toConfirmation, toEvent, toNotification } from './envelope.ts'
import { post } from './http.ts'
import { type Message, textFor } from './message.ts'
import { contentType, delayBefore, TO_AWS, toEndpoint } from './retries.ts'
import {
  arnOf,
  isFifo,
  type Room,
  type Subscription,
  subscriptionArn,
  subscriptionKey,
  type Topic,
  topicKey,
} from './state.ts'
import { deadLetterOf } from './subscription-attributes.ts'

const SENDER = 'sns'

interface Parceled {
  readonly topic: string
  readonly subscription: string
  /** None: it is the request to confirm the subscription. */
  readonly message?: Message
  readonly origin: string
  /** Given up: it is on its way to the dead-letter queue, after so many tries. */
  readonly dead?: number
}

export function postMessage(room: Room, writer: Writer, subscription: Subscription, message: Message): void {
  const { topic, id } = subscription
  const body: Parceled = { topic, subscription: id, message, origin: message.origin }
  const lane = isFifo(topic) ? `${topic}:${id}:${message.group ?? ''}` : undefined
  room.mail.outbox.post(writer, SENDER, body, lane === undefined ? {} : { lane })
}

export function postConfirmation(room: Room, writer: Writer, { topic, id }: Subscription, origin: string): void {
  const body: Parceled = { topic, subscription: id, origin }
  room.mail.outbox.post(writer, SENDER, body)
}

/** Begins to deliver, what an earlier run left included. */
export function serveDeliveries(room: Room): void {
  room.mail.outbox.serve<Parceled>(SENDER, (parcel) => deliver(room, parcel))
}

async function deliver(room: Room, { body, attempt }: Parcel<Parceled>): Promise<Verdict> {
  const subscription = room.store.get<Subscription>(subscriptionKey(body.topic, body.subscription))
  if (subscription === undefined) return 'done'
  const { message } = body
  if (message === undefined) return confirm(room, subscription, body.origin, attempt)
  if (body.dead !== undefined) return bury(room, subscription, message, attempt - body.dead)
  const receipt = await hand(room, subscription, message)
  if (receipt === 'taken') return 'done'
  const again = 'refused' in receipt ? delayBefore(attempt, stagesOf(room.store, subscription)) : undefined
  if (again !== undefined) return { again }
  if (deadLetterOf(subscription.attributes.RedrivePolicy) !== undefined)
    return { again: 0, body: { ...body, dead: attempt } satisfies Parceled }
  const reason = 'gone' in receipt ? receipt.gone : receipt.refused
  console.error(`SNS gave up a message of ${body.topic} for ${subscription.endpoint}: ${reason}`)
  return 'done'
}

const isHttp = ({ protocol }: Subscription): boolean => protocol === 'http' || protocol === 'https'

const topicAttributes = (reader: Reader, topic: string): Topic['attributes'] =>
  reader.get<Topic>(topicKey(topic))?.attributes ?? {}

const stagesOf = (reader: Reader, subscription: Subscription) =>
  isHttp(subscription) ? toEndpoint(subscription.attributes, topicAttributes(reader, subscription.topic)) : TO_AWS

// Source: "Amazon SNS message attributes": with raw delivery, a message that has more is discarded as a client's error.
const MOST_ATTRIBUTES = 10

async function hand(room: Room, subscription: Subscription, message: Message): Promise<Receipt> {
  const { protocol, endpoint } = subscription
  if (isHttp(subscription)) return handHttp(room, subscription, message)
  const from = arnOf(message.topic)
  if (protocol === 'lambda') return room.mail.deliver({ to: endpoint, from, body: toEvent(message, subscription) })
  if (protocol === 'sqs' && isRaw(subscription) && Object.keys(message.attributes).length > MOST_ATTRIBUTES)
    return { gone: `A queue takes ${MOST_ATTRIBUTES} message attributes at most.` }
  if (protocol === 'sqs') return room.mail.deliver(toLetter(endpoint, subscription, message))
  // Mail and text messages would leave this machine.
  return 'taken'
}

const isRaw = ({ attributes }: Subscription): boolean => attributes.RawMessageDelivery === 'true'

/** A message for a queue. */
function toLetter(to: string, subscription: Subscription, message: Message): Delivery {
  const { group, deduplication, attributes } = message
  const isPlain = isRaw(subscription)
  const count = Object.keys(attributes).length
  // A message of a standard topic has no group; a FIFO queue would refuse it without.
  const ordered = isFifo(to) ? { group: group ?? message.id, deduplication: deduplication ?? message.id } : {}
  return {
    to,
    from: arnOf(message.topic),
    body: isPlain ? textFor(message, subscription.protocol) : toNotification(message, subscription),
    ...(isPlain && count > 0 && count <= MOST_ATTRIBUTES ? { attributes } : {}),
    ...ordered,
  }
}

// Source: "Amazon SNS dead-letter queues"; recorded: the queue gets the notification as the subscriber would have read it.
async function bury(room: Room, subscription: Subscription, message: Message, attempt: number): Promise<Verdict> {
  const to = deadLetterOf(subscription.attributes.RedrivePolicy)
  if (to === undefined) return 'done'
  const receipt = await room.mail.deliver(toLetter(to, subscription, message))
  if (receipt === 'taken') return 'done'
  const again = 'refused' in receipt ? delayBefore(attempt, TO_AWS) : undefined
  if (again !== undefined) return { again }
  console.error(`SNS gave up a message of ${message.topic}: its dead-letter queue ${to} does not take it.`)
  return 'done'
}

const AGENT = 'Amazon Simple Notification Service Agent'

function handHttp(room: Room, subscription: Subscription, message: Message): Receipt | Promise<Receipt> {
  const isPlain = isRaw(subscription)
  const headers = {
    ...toHeaders('Notification', message.id, message.topic),
    'content-type': contentType(subscription.attributes, topicAttributes(room.store, message.topic)),
    'x-amz-sns-subscription-arn': subscriptionArn(subscription),
    ...(isPlain ? { 'x-amz-sns-rawdelivery': 'true' } : {}),
  }
  const body = isPlain ? textFor(message, subscription.protocol) : toNotification(message, subscription)
  return call(room, subscription.endpoint, headers, body)
}

const toHeaders = (type: string, id: string, topic: string): Record<string, string> => ({
  'content-type': 'text/plain; charset=UTF-8',
  'user-agent': AGENT,
  'x-amz-sns-message-type': type,
  'x-amz-sns-message-id': id,
  'x-amz-sns-topic-arn': arnOf(topic),
})

// Asked again: what an earlier run was allowed, this one may not be.
function call(room: Room, url: string, headers: Record<string, string>, body: string): Receipt | Promise<Receipt> {
  if (!room.reach(url)) return { gone: 'The local cloud calls no address but those of this machine.' }
  return post(url, headers, body)
}

async function confirm(room: Room, subscription: Subscription, origin: string, attempt: number): Promise<Verdict> {
  const id = randomUUID()
  const body = toConfirmation(subscription, id, room.clock.now(), origin)
  const headers = toHeaders('SubscriptionConfirmation', id, subscription.topic)
  const receipt = await call(room, subscription.endpoint, headers, body)
  const again =
    receipt !== 'taken' && 'refused' in receipt ? delayBefore(attempt, stagesOf(room.store, subscription)) : undefined
  return again === undefined ? 'done' : { again }
}
