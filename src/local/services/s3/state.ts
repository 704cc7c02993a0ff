// The shapes S3 keeps in the store, and where it keeps them.
import { type Key, type Range, type Reader, under } from '../../store.ts'
import type { ChecksumAlgorithm } from './checksums.ts'
import { S3Error } from './errors.ts'

export interface Bucket {
  readonly created: number
  readonly location: string
  /** Absent until versioning is first switched on; it is never absent again. */
  readonly versioning?: 'Enabled' | 'Suspended'
}

/** A run of bytes, kept in the store or in a file under a random id. */
export interface Segment {
  readonly id: string
  readonly size: number
  readonly where: 'store' | 'file'
}

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm
  readonly value: string
  readonly type: 'FULL_OBJECT' | 'COMPOSITE'
}

interface Version {
  /** Absent: the version `null`, of a bucket that kept no versions when it was written. */
  readonly version?: string
  /** Where a `null` version stands among the others of its key, when its time does not tell. */
  readonly order?: number
  readonly modified: number
}

export interface StoredObject extends Version {
  readonly size: number
  readonly etag: string
  /** The headers given with the object and given back with it, metadata among them. */
  readonly headers: Readonly<Record<string, string>>
  readonly segments: readonly Segment[]
  readonly checksum?: Checksum
  /** Present when it was uploaded in parts, each of which is one segment. */
  readonly parts?: number
  /** Of each part, where the object's own checksum is made of them. */
  readonly partChecksums?: readonly string[]
}

/** Stands where an object was deleted whose versions are kept. */
export interface DeleteMarker extends Version {
  readonly marker: true
}

/** What a key holds: its current version under `objectAt`, those before it under `versionAt`. */
export type StoredVersion = StoredObject | DeleteMarker

export interface Upload {
  readonly id: string
  readonly initiated: number
  readonly headers: Readonly<Record<string, string>>
  readonly checksum?: Pick<Checksum, 'algorithm' | 'type'>
}

export interface Part {
  readonly number: number
  readonly size: number
  readonly etag: string
  readonly modified: number
  readonly segment: Segment
  readonly checksum?: Checksum
}

export const bucketAt = (bucket: string): Key => ['s3', 'bucket', bucket]
export const bucketsAt = under('s3', 'bucket')
export const objectAt = (bucket: string, key: string): Key => ['s3', 'object', bucket, toOrdered(key)]
export const versionAt = (bucket: string, key: string, order: number): Key => [...versionsKey(bucket, key), order]
export const versionsAt = (bucket: string, key: string): Pick<Range, 'start' | 'end'> =>
  under(...versionsKey(bucket, key))
/** Where the order of a key's `null` version is, when that is not its current one. */
export const nullAt = (bucket: string, key: string): Key => ['s3', 'null', bucket, toOrdered(key)]
export const uploadAt = (bucket: string, key: string, id: string): Key => ['s3', 'upload', bucket, toOrdered(key), id]
export const partAt = (id: string, number: number): Key => ['s3', 'part', id, number]
export const partsAt = (id: string): Pick<Range, 'start' | 'end'> => under('s3', 'part', id)
export const bodyAt = (id: string): Key => ['s3', 'body', id]
export const fileAt = (id: string): Key => ['s3', 'file', id]

// `!` sorts before every character of a bucket name, so this ends after the last key of the bucket and before the next bucket.
const everyKey = (kind: string, bucket: string, from: string): Pick<Range, 'start' | 'end'> => ({
  start: ['s3', kind, bucket, toOrdered(from)],
  end: ['s3', kind, `${bucket}!`],
})
export const objectsAt = (bucket: string, from = ''): Pick<Range, 'start' | 'end'> => everyKey('object', bucket, from)
export const uploadsAt = (bucket: string, from = ''): Pick<Range, 'start' | 'end'> => everyKey('upload', bucket, from)

const versionsKey = (bucket: string, key: string): Key => ['s3', 'version', bucket, toOrdered(key)]

// The store orders strings by UTF-8 bytes but gives the lowest control characters a meaning of its own: they are written as two.
const LONGEST = 1500

function toOrdered(key: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters in question.
  const ordered = key.replace(/[\u0000-\u0005]/g, (character) => `\u0005${character.charCodeAt(0)}`)
  if (ordered.length > key.length && Buffer.byteLength(ordered) > LONGEST) throw new S3Error('KeyTooLongError')
  return ordered
}

/** The object key a store key ends with (or has at `place`). */
export function keyOf(stored: Key, place = 3): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the inverse of the above.
  return String(stored[place]).replace(/\u0005([0-5])/g, (_, digit: string) => String.fromCharCode(Number(digit)))
}

/** The bucket, or NoSuchBucket. */
export function findBucket(reader: Reader, bucket: string): Bucket {
  const found = reader.get<Bucket>(bucketAt(bucket))
  if (found === undefined) throw new S3Error('NoSuchBucket', { BucketName: bucket })
  return found
}

/** The upload in progress, or NoSuchUpload. */
export function findUpload(reader: Reader, bucket: string, key: string, id: string): Upload {
  findBucket(reader, bucket)
  const found = /^[\w-]{1,100}$/.test(id) ? reader.get<Upload>(uploadAt(bucket, key, id)) : undefined
  if (found === undefined) throw new S3Error('NoSuchUpload', { UploadId: id })
  return found
}
