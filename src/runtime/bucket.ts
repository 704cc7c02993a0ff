// `bucket(name, options)`: an S3 bucket and its client.
import { type Declaration, declare } from './declare.ts'
import { account, type Placement, partition, placed, region } from './place.ts'

export type BucketOptions = Placement

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
    },
    { role: 'resource', kind: 'bucket', name, options },
  )
  return handle
}
