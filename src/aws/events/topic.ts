// The event an SNS topic sends to a function.

/** Source: recorded SNS events. A function gets one record at a time. */
export interface TopicRecord {
  readonly EventSource: 'aws:sns'
  readonly EventVersion: '1.0'
  readonly EventSubscriptionArn: string
  readonly Sns: TopicNotification
}

/** Spelt `…Url` here; the same message in a queue or sent to an endpoint spells them `…URL`, and leaves out an empty subject. */
export interface TopicNotification {
  readonly Type: 'Notification'
  readonly MessageId: string
  readonly TopicArn: string
  readonly Subject: string | null
  readonly Message: string
  /** ISO 8601, with milliseconds. */
  readonly Timestamp: string
  readonly SignatureVersion: string
  readonly Signature: string
  readonly SigningCertUrl: string
  readonly UnsubscribeUrl: string
  readonly MessageAttributes: Readonly<Record<string, TopicAttribute>>
}

export interface TopicAttribute {
  /** `String`, `Number`, `String.Array` or `Binary`. */
  readonly Type: string
  /** Base64 of a binary one. */
  readonly Value: string
}

export interface TopicEvent {
  readonly Records: readonly TopicRecord[]
}

/** A published message, as every subscriber gets it. */
export interface TopicMessage {
  readonly id: string
  readonly topicArn: string
  readonly subject?: string
  readonly message: string
  /** Milliseconds since 1970. */
  readonly time: number
  readonly attributes: Readonly<Record<string, TopicAttribute>>
}

/** What shows that the message is from SNS, and the way out of it. */
export interface TopicSeal {
  readonly signature: string
  readonly certificateUrl: string
  readonly unsubscribeUrl: string
}

/** Builds the event of one message. */
export function toTopicEvent(message: TopicMessage, subscriptionArn: string, seal: TopicSeal): TopicEvent {
  const { id, topicArn, subject, message: text, time, attributes } = message
  const Sns: TopicNotification = {
    Type: 'Notification',
    MessageId: id,
    TopicArn: topicArn,
    Subject: subject ?? null,
    Message: text,
    Timestamp: new Date(time).toISOString(),
    // Recorded: functions are told 1, whatever the topic's version.
    SignatureVersion: '1',
    Signature: seal.signature,
    SigningCertUrl: seal.certificateUrl,
    UnsubscribeUrl: seal.unsubscribeUrl,
    MessageAttributes: attributes,
  }
  return {
    Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: subscriptionArn, Sns }],
  }
}

/** The messages of an event, in order. */
export function readTopicEvent({ Records }: TopicEvent): TopicMessage[] {
  return Records.map(({ Sns }) => ({
    id: Sns.MessageId,
    topicArn: Sns.TopicArn,
    ...(Sns.Subject === null ? {} : { subject: Sns.Subject }),
    message: Sns.Message,
    time: Date.parse(Sns.Timestamp),
    attributes: Sns.MessageAttributes,
  }))
}
