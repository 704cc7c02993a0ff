// What subscribers read: the JSON around a message, for queues and endpoints, and the event for functions.
import { type TopicAttribute, toTopicEvent } from '../../../aws/events/topic.ts'
import { type Attributes, type Message, textFor } from './message.ts'
import { arnOf, isFifo, type Subscription, subscriptionArn } from './state.ts'

// The local cloud has no certificate that a verifier of SNS's would take: its signatures say so.
const SIGNATURE = Buffer.from('The local cloud does not sign messages.').toString('base64')
const CERTIFICATE = 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0000000000000000000000000000000.pem'

/** The notification as a queue or an endpoint gets it. Source: recorded bodies, order and spelling of names included. */
export function toNotification(message: Message, subscription: Subscription): string {
  const isOrdered = isFifo(message.topic)
  const attributes = toAttributes(message.attributes)
  return print({
    Type: 'Notification',
    MessageId: message.id,
    SequenceNumber: message.sequence,
    TopicArn: arnOf(message.topic),
    Subject: message.subject,
    Message: textFor(message, subscription.protocol),
    Timestamp: new Date(message.time).toISOString(),
    ...(isOrdered ? {} : { SignatureVersion: '1', Signature: SIGNATURE, SigningCertURL: CERTIFICATE }),
    UnsubscribeURL: unsubscribeUrl(message.origin, subscription),
    MessageAttributes: Object.keys(attributes).length === 0 ? undefined : attributes,
  })
}

/** The event as a function gets it. */
export function toEvent(message: Message, subscription: Subscription): string {
  const { id, subject, time, attributes } = message
  const told = {
    id,
    topicArn: arnOf(message.topic),
    ...(subject === undefined ? {} : { subject }),
    message: textFor(message, 'lambda'),
    time,
    attributes: toAttributes(attributes),
  }
  const seal = {
    signature: SIGNATURE,
    certificateUrl: CERTIFICATE,
    unsubscribeUrl: unsubscribeUrl(message.origin, subscription),
  }
  return JSON.stringify(toTopicEvent(told, subscriptionArn(subscription), seal))
}

/** The request to confirm a subscription, as an endpoint gets it. Source: "HTTP/HTTPS subscription confirmation JSON format". */
export function toConfirmation(subscription: Subscription, id: string, time: number, origin: string): string {
  const topicArn = arnOf(subscription.topic)
  return print({
    Type: 'SubscriptionConfirmation',
    MessageId: id,
    Token: subscription.token,
    TopicArn: topicArn,
    Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL: `${origin}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${subscription.token}`,
    Timestamp: new Date(time).toISOString(),
    SignatureVersion: '1',
    Signature: SIGNATURE,
    SigningCertURL: CERTIFICATE,
  })
}

const unsubscribeUrl = (origin: string, subscription: Subscription): string =>
  `${origin}/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn(subscription)}`

function toAttributes(attributes: Attributes): Record<string, TopicAttribute> {
  const entries = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => {
    return [name, { Type: DataType, Value: BinaryValue ?? StringValue ?? '' }] as const
  })
  return Object.fromEntries(entries)
}

// AWS prints one name to a line, with a space on both sides of the colon, and nested objects on one line.
function print(fields: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) =>
        `  ${JSON.stringify(name)} : ${typeof value === 'string' ? JSON.stringify(value) : printMap(value)}`,
    )
  return `{\n${lines.join(',\n')}\n}`
}

function printMap(value: unknown): string {
  const entries = Object.entries(value ?? {}).map(
    ([name, inner]) => `    ${JSON.stringify(name)} : ${JSON.stringify(inner)}`,
  )
  return `{\n${entries.join(',\n')}\n  }`
}
