// The event an S3 bucket sends of its objects: to a function, a queue or a topic, and in EventBridge's form. Built and read here.

/** Source: recorded S3 notifications. */
export interface BucketEvent {
  readonly Records: readonly BucketRecord[]
}

export interface BucketRecord {
  /** 2.1; of tags, ACLs and lifecycle 2.3. */
  readonly eventVersion: string
  readonly eventSource: 'aws:s3'
  readonly awsRegion: string
  /** ISO time with milliseconds. */
  readonly eventTime: string
  /** Without `s3:`, such as `ObjectCreated:Put`. */
  readonly eventName: string
  readonly userIdentity: { readonly principalId: string }
  readonly requestParameters: { readonly sourceIPAddress: string }
  readonly responseElements: { readonly 'x-amz-request-id': string; readonly 'x-amz-id-2': string }
  readonly s3: {
    readonly s3SchemaVersion: '1.0'
    /** The id of the configuration that asked for it. */
    readonly configurationId: string
    readonly bucket: {
      readonly name: string
      readonly ownerIdentity: { readonly principalId: string }
      readonly arn: string
    }
    readonly object: BucketRecordObject
  }
}

export interface BucketRecordObject {
  /** Form-urlencoded; `readObjectKey` gives the key itself. */
  readonly key: string
  /** Of what was created. */
  readonly size?: number
  /** Without quotes. */
  readonly eTag?: string
  /** In a bucket with versions. */
  readonly versionId?: string
  /** Of two events of one key, the later has the greater one, compared as text of equal length. */
  readonly sequencer: string
}

/** A change of an object, as S3 knows it. */
export interface BucketChange {
  /** Such as `ObjectCreated:Put`. */
  readonly event: string
  readonly bucket: string
  readonly key: string
  readonly size?: number | undefined
  readonly etag?: string | undefined
  readonly versionId?: string | undefined
  readonly sequencer: string
  /** Milliseconds since 1970. */
  readonly time: number
  readonly region: string
  readonly requestId: string
  readonly hostId: string
  /** The account whose bucket it is. */
  readonly account: string
  /** Absent: S3 did it itself, by a lifecycle rule. */
  readonly caller?: { readonly principalId: string; readonly address: string } | undefined
}

const S3_ITSELF = { principalId: 's3.amazonaws.com', address: 's3.amazonaws.com' } as const

/** Builds the event of one change, as one configuration asked for it. */
export function toBucketEvent(change: BucketChange, configurationId: string, ownerId: string): BucketEvent {
  const { event, bucket, time, region, requestId, hostId, caller = S3_ITSELF } = change
  const record: BucketRecord = {
    eventVersion: versionOf(event),
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime: new Date(time).toISOString(),
    eventName: event,
    userIdentity: { principalId: caller.principalId },
    requestParameters: { sourceIPAddress: caller.address },
    responseElements: { 'x-amz-request-id': requestId, 'x-amz-id-2': hostId },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: { name: bucket, ownerIdentity: { principalId: ownerId }, arn: `arn:aws:s3:::${bucket}` },
      object: toObject(change),
    },
  }
  return { Records: [record] }
}

// Source: docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
function versionOf(event: string): string {
  return /^(?:ObjectTagging|ObjectAcl|Lifecycle)/.test(event) ? '2.3' : '2.1'
}

// What was removed has a key and a sequencer, a marker the ETag of nothing. Recorded.
function toObject({ key, size, etag, versionId, sequencer }: BucketChange): BucketRecordObject {
  return {
    key: writeObjectKey(key),
    ...(size === undefined ? {} : { size }),
    ...(etag === undefined ? {} : { eTag: etag }),
    ...(versionId === undefined ? {} : { versionId }),
    sequencer,
  }
}

/** A key as it is written in an event: a space is `+`, `/` stays, what else is no letter, digit or `-._*` is percent-encoded. */
export function writeObjectKey(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/')
}

/** The key an event speaks of. What is not encoded properly is given back as it is. */
export function readObjectKey(written: string): string {
  try {
    return decodeURIComponent(written.replaceAll('+', ' '))
  } catch {
    return written
  }
}

/** What S3 sends to a queue or a topic when it is named in a bucket's notification configuration. */
export interface BucketTestEvent {
  readonly Service: 'Amazon S3'
  readonly Event: 's3:TestEvent'
  readonly Time: string
  readonly Bucket: string
  readonly RequestId: string
  readonly HostId: string
}

export function toBucketTestEvent(of: {
  bucket: string
  time: number
  requestId: string
  hostId: string
}): BucketTestEvent {
  return {
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date(of.time).toISOString(),
    Bucket: of.bucket,
    RequestId: of.requestId,
    HostId: of.hostId,
  }
}

/** S3's event on an event bus. Its key is not encoded. Source: docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export interface BucketBusEvent {
  readonly version: '0'
  readonly id: string
  readonly 'detail-type': string
  readonly source: 'aws.s3'
  readonly account: string
  /** ISO time without milliseconds. */
  readonly time: string
  readonly region: string
  readonly resources: readonly string[]
  readonly detail: BucketBusDetail
}

export interface BucketBusDetail {
  readonly version: '0'
  readonly bucket: { readonly name: string }
  readonly object: {
    readonly key: string
    readonly size?: number
    readonly etag?: string
    readonly 'version-id'?: string
    readonly sequencer?: string
  }
  readonly 'request-id': string
  readonly requester: string
  readonly 'source-ip-address'?: string
  readonly reason?: string
  readonly 'deletion-type'?: 'Permanently Deleted' | 'Delete Marker Created'
}

const KINDS: Readonly<Record<string, readonly [type: string, reason?: string]>> = {
  'ObjectCreated:Put': ['Object Created', 'PutObject'],
  'ObjectCreated:Post': ['Object Created', 'POST Object'],
  'ObjectCreated:Copy': ['Object Created', 'CopyObject'],
  'ObjectCreated:CompleteMultipartUpload': ['Object Created', 'CompleteMultipartUpload'],
  'ObjectRemoved:Delete': ['Object Deleted', 'DeleteObject'],
  'ObjectRemoved:DeleteMarkerCreated': ['Object Deleted', 'DeleteObject'],
  'LifecycleExpiration:Delete': ['Object Deleted', 'Lifecycle Expiration'],
  'LifecycleExpiration:DeleteMarkerCreated': ['Object Deleted', 'Lifecycle Expiration'],
  'ObjectTagging:Put': ['Object Tags Added'],
  'ObjectTagging:Delete': ['Object Tags Deleted'],
}

/** Builds the event of one change for an event bus. Undefined: EventBridge is not told of such a change. */
export function toBucketBusEvent(change: BucketChange, id: string): BucketBusEvent | undefined {
  const [type, reason] = KINDS[change.event] ?? []
  if (type === undefined) return undefined
  const { bucket, key, size, etag, versionId, sequencer, account, region, time, requestId, caller } = change
  const isMarker = change.event.endsWith(':DeleteMarkerCreated')
  const deletion = isMarker ? ('Delete Marker Created' as const) : ('Permanently Deleted' as const)
  return {
    version: '0',
    id,
    'detail-type': type,
    source: 'aws.s3',
    account,
    time: new Date(time).toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: {
        key,
        ...(size === undefined ? {} : { size }),
        ...(etag === undefined ? {} : { etag }),
        ...(versionId === undefined ? {} : { 'version-id': versionId }),
        sequencer,
      },
      'request-id': requestId,
      requester: caller === undefined ? 's3.amazonaws.com' : account,
      ...(caller === undefined ? {} : { 'source-ip-address': caller.address }),
      ...(reason === undefined ? {} : { reason }),
      ...(type === 'Object Deleted' ? { 'deletion-type': deletion } : {}),
    },
  }
}
