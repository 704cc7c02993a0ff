// The events of topics, as far as handlers read them.

/** Source: recorded SNS events. */
export interface TopicRecord {
  readonly EventSource: 'aws:sns'
  readonly EventVersion: '1.0'
  readonly EventSubscriptionArn: string
  readonly Sns: {
    readonly Type: 'Notification'
    readonly MessageId: string
    readonly TopicArn: string
    readonly Subject: string | null
    readonly Message: string
    readonly Timestamp: string
    readonly SignatureVersion: string
    readonly Signature: string
    readonly SigningCertUrl: string
    readonly UnsubscribeUrl: string
    readonly MessageAttributes: Readonly<Record<string, { readonly Type: string; readonly Value: string }>>
  }
}

export interface TopicEvent {
  readonly Records: readonly TopicRecord[]
}
