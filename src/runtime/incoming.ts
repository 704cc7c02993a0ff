// The events of topics and buckets, as far as handlers read them.

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

/** Source: recorded S3 events. */
export interface BucketRecord {
  readonly eventVersion: string
  readonly eventSource: 'aws:s3'
  readonly awsRegion: string
  readonly eventTime: string
  readonly eventName: string
  readonly s3: {
    readonly s3SchemaVersion: '1.0'
    readonly configurationId: string
    readonly bucket: { readonly name: string; readonly arn: string }
    readonly object: {
      readonly key: string
      readonly size?: number
      readonly eTag?: string
      readonly versionId?: string
      readonly sequencer: string
    }
  }
}

export interface BucketEvent {
  readonly Records: readonly BucketRecord[]
}
