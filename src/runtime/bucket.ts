// `bucket(name, options)`: an S3 bucket, its triggers and its client.

import type { BucketRecord } from '../aws/events/bucket.ts'
import { type Declaration, declare } from './declare.ts'
import type { FunctionOptions } from './options.ts'
import { account, type Placement, partition, placed, region } from './place.ts'

export interface BucketOptions extends Placement {
  /** Every write keeps the object's earlier versions. Default: false. */
  versioned?: boolean
  /**
   * Which pages may use the bucket from a browser; `true`: all. Default: none.
   * Locally, where it is for all, pages that are not of this machine need a presigned URL or form, as on AWS.
   */
  cors?: boolean | BucketCors | readonly BucketCors[]
  /** What S3 deletes by itself, and when. */
  lifecycle?: BucketLifecycle | readonly BucketLifecycle[]
  /**
   * Anybody may read the objects, without a signature. Default: false.
   * The local cloud answers unsigned calls to every bucket, for the one person at the keyboard: there this changes nothing.
   */
  public?: boolean
}

export interface BucketCors {
  /** `https://example.com`, with at most one `*` each. Default: all. */
  origins?: string | readonly string[]
  /** Default: all five. */
  methods?: readonly ('GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD')[]
  /** Headers that a request may have. Default: all. */
  headers?: readonly string[]
  /** Headers of an answer that the page may read. Default: `ETag`. */
  expose?: readonly string[]
  /** Seconds a browser may remember this. */
  maxAge?: number
}

export interface BucketLifecycle {
  /** Only keys that begin so. Default: all. */
  prefix?: string
  /** Days after which an object expires. */
  expireDays?: number
  /** Days after which a version that is no longer the current one is deleted. */
  noncurrentDays?: number
  /** Days after which an upload that was never completed is given up. */
  abortUploadsDays?: number
}

/** Options of a function that a bucket tells of changes. */
export interface BucketTriggerOptions extends FunctionOptions {
  /** Only keys that begin so. */
  prefix?: string
  /** Only keys that end so. */
  suffix?: string
}

/** What happened to an object. */
export interface ChangedObject {
  /** The bucket's name on AWS. */
  readonly bucket: string
  /** As it was written, not encoded. */
  readonly key: string
  /** Bytes; undefined of what was removed, as the next one. */
  readonly size: number | undefined
  readonly etag: string | undefined
  /** Versioned buckets only. */
  readonly versionId: string | undefined
  /** Such as `ObjectCreated:Put`. */
  readonly event: string
  readonly time: Date
  /** The object with its bytes, in the version that the event is about; undefined when it is gone by now. */
  get(): Promise<StoredObject | undefined>
}

type OnChange = (object: ChangedObject, record: BucketRecord) => unknown

/** A function that a bucket tells of changes. */
export interface BucketTrigger extends Declaration {
  readonly bucket: string
}

export interface PutOptions {
  contentType?: string
  cacheControl?: string
  contentEncoding?: string
  contentDisposition?: string
  /** Values of the user's own, ASCII. */
  metadata?: Readonly<Record<string, string>>
}

export interface ObjectHead {
  readonly key: string
  /** Bytes. */
  readonly size: number
  readonly etag: string
  readonly contentType: string
  readonly modified: Date
  readonly metadata: Readonly<Record<string, string>>
}

export interface StoredObject extends ObjectHead {
  readonly bytes: Uint8Array
  readonly text: string
}

export interface ListedObject {
  readonly key: string
  /** Bytes. */
  readonly size: number
  readonly etag: string
  readonly modified: Date
}

export interface UrlOptions {
  /** What the holder of the URL may do. Default GET. */
  method?: 'GET' | 'PUT' | 'HEAD' | 'DELETE'
  /** Seconds the URL is good for, at most 604,800. Default 900. */
  expires?: number
}

export interface Bucket extends Declaration {
  /** The name on AWS. */
  readonly name: string
  readonly arn: string
  /** Stores an object; resolves once S3 holds it. */
  put(key: string, body: string | Uint8Array | ArrayBuffer, options?: PutOptions): Promise<{ etag: string }>
  /** An object with its bytes, or undefined when there is none. */
  get(key: string): Promise<StoredObject | undefined>
  /** An object without its bytes, or undefined when there is none. */
  head(key: string): Promise<ObjectHead | undefined>
  /** Every object, page after page, in key order. */
  list(options?: { prefix?: string }): AsyncIterable<ListedObject>
  /** Deletes an object; deleting what is not there is fine. */
  delete(key: string): Promise<void>
  copy(from: string, to: string): Promise<{ etag: string }>
  /** A URL that lets its holder do one thing with one object for a while. */
  url(key: string, options?: UrlOptions): Promise<string>
  /** A function called for each object that is created: put, copied, posted or uploaded in parts. */
  onCreated(handler: OnChange): BucketTrigger
  onCreated(options: BucketTriggerOptions, handler: OnChange): BucketTrigger
  /** A function called for each object that is removed. */
  onRemoved(handler: OnChange): BucketTrigger
  onRemoved(options: BucketTriggerOptions, handler: OnChange): BucketTrigger
  /** A function called for these events of S3: `'ObjectTagging:*'`, `['ObjectCreated:Put', 'ObjectCreated:Copy']`. */
  on(events: string | readonly string[], handler: OnChange): BucketTrigger
  on(events: string | readonly string[], options: BucketTriggerOptions, handler: OnChange): BucketTrigger
}

/**
 * Declares a bucket. On AWS its name ends with account and region, for bucket names are unique in the world.
 *
 * @example
 * export const photos = bucket('photos')
 * // elsewhere: await photos.put('a.webp', bytes, { contentType: 'image/webp' })
 */
export function bucket(name: string, options: BucketOptions = {}): Bucket {
  const handle: Bucket = declare(
    {
      get name() {
        return placed(name, options, `-${account()}-${region()}`)
      },
      get arn() {
        return `arn:${partition().name}:s3:::${handle.name}`
      },
      async put(key: string, body: string | Uint8Array | ArrayBuffer, putting: PutOptions = {}) {
        return (await import('./objects.ts')).put(handle.name, key, body, putting)
      },
      async get(key: string) {
        return (await import('./objects.ts')).get(handle.name, key)
      },
      async head(key: string) {
        return (await import('./objects.ts')).head(handle.name, key)
      },
      async *list({ prefix = '' }: { prefix?: string } = {}) {
        yield* (await import('./objects.ts')).list(handle.name, prefix)
      },
      async delete(key: string) {
        return (await import('./objects.ts')).remove(handle.name, key)
      },
      async copy(from: string, to: string) {
        return (await import('./objects.ts')).copy(handle.name, from, to)
      },
      async url(key: string, asking: UrlOptions = {}) {
        return (await import('./objects.ts')).url(handle.name, key, asking)
      },
      onCreated: (first: BucketTriggerOptions | OnChange, second?: OnChange) =>
        trigger('onCreated', ['ObjectCreated:*'], first, second),
      onRemoved: (first: BucketTriggerOptions | OnChange, second?: OnChange) =>
        trigger('onRemoved', ['ObjectRemoved:*'], first, second),
      on: (events: string | readonly string[], first: BucketTriggerOptions | OnChange, second?: OnChange) =>
        trigger('on', typeof events === 'string' ? [events] : events, first, second),
    },
    { role: 'resource', kind: 'bucket', name, options },
  )
  const trigger = (subject: string, events: readonly string[], first: object, second: unknown): BucketTrigger => {
    const [given, handler] = typeof first === 'function' ? [{}, first] : [first, second]
    const all = { ...given, events }
    return declare(
      { bucket: name },
      { role: 'function', trigger: 'bucket', subject, source: handle, options: all, handler },
    )
  }
  return handle
}
