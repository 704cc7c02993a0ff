// The versions of a key: the current one where every object is, those before it beside it, newest first by an order in their ids.
import { randomFillSync } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Reader, Writer } from '../../store.ts'
import type { ObjectChange } from './dispatch.ts'
import { badArgument, S3Error } from './errors.ts'
import {
  type Bucket,
  type DeleteMarker,
  findBucket,
  nullAt,
  objectAt,
  type Segment,
  type StoredObject,
  type StoredVersion,
  versionAt,
  versionsAt,
} from './state.ts'

/** What names an object. */
export interface Place {
  readonly bucket: string
  readonly key: string
}

/** Drops the bytes of what is replaced or removed: see Bodies.commit. */
export type Drop = (segments: readonly Segment[]) => void

const EMPTY_MD5 = 'd41d8cd98f00b204e9800998ecf8427e'

export const isMarker = (stored: StoredVersion): stored is DeleteMarker => 'marker' in stored

/** The current object, or undefined where there is none or a delete marker stands in its place. */
export function liveObject(reader: Reader, { bucket, key }: Place): StoredObject | undefined {
  const stored = reader.get<StoredVersion>(objectAt(bucket, key))
  return stored === undefined || isMarker(stored) ? undefined : stored
}

// An id is 24 bytes in S3's alphabet: random ones, the order masked by some of them, and a check that tells foreign ids.
const ORDER_BYTES = 8
const CHECK_AT = 20

function makeId(order: number): string {
  const bytes = randomFillSync(Buffer.allocUnsafe(24))
  bytes.writeBigUInt64BE(BigInt(order) ^ bytes.readBigUInt64BE(ORDER_BYTES))
  bytes.writeUInt32BE(crc32(bytes.subarray(0, CHECK_AT)), CHECK_AT)
  return bytes.toString('base64url').replaceAll('-', '.')
}

function orderOfId(id: string): number | undefined {
  if (!/^[\w.]{32}$/.test(id)) return undefined
  const bytes = Buffer.from(id.replaceAll('.', '-'), 'base64url')
  if (bytes.readUInt32BE(CHECK_AT) !== crc32(bytes.subarray(0, CHECK_AT))) return undefined
  return Number(bytes.readBigUInt64BE() ^ bytes.readBigUInt64BE(ORDER_BYTES))
}

/** The order of a version among those of its key: microseconds, or one more than that of the version before. */
export function orderOf({ version, order, modified }: StoredVersion): number {
  return (version === undefined ? order : orderOfId(version)) ?? modified * 1000
}

/** The version of that id (or the current one), which may be a delete marker. Throws what S3 says of a malformed id. */
export function lookUp(reader: Reader, { bucket, key }: Place, id?: string): StoredVersion | undefined {
  const current = reader.get<StoredVersion>(objectAt(bucket, key))
  if (id === undefined) return current
  if (id === '') throw badArgument('versionId', id, 'Version id cannot be the empty string')
  const order = id === 'null' ? reader.get<number>(nullAt(bucket, key)) : orderOfId(id)
  // Recorded: the same for an id that S3 made for no object, in buckets with and without versions.
  if (order === undefined && id !== 'null') throw badArgument('versionId', id, 'Invalid version id specified')
  if (current !== undefined && (current.version ?? 'null') === id) return current
  const found = order === undefined ? undefined : reader.get<StoredVersion>(versionAt(bucket, key, order))
  return (found?.version ?? 'null') === id ? found : undefined
}

/** An object and the bucket it is in. */
export interface Found {
  readonly object: StoredObject
  readonly bucket: Bucket
}

/** The object, or NoSuchBucket, NoSuchKey, NoSuchVersion, or what S3 says of a delete marker. */
export function findObject(reader: Reader, place: Place, id?: string, method = 'GET'): Found {
  const bucket = findBucket(reader, place.bucket)
  const stored = lookUp(reader, place, id)
  if (stored === undefined)
    throw id === undefined
      ? new S3Error('NoSuchKey', { Key: place.key })
      : new S3Error('NoSuchVersion', { Key: place.key, VersionId: id })
  if (!isMarker(stored)) return { object: stored, bucket }
  const shown = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': stored.version ?? 'null' }
  if (id === undefined) throw new S3Error('NoSuchKey', { Key: place.key }, undefined, shown)
  const modified = new Date(stored.modified).toUTCString()
  const headers = { ...shown, allow: 'DELETE', 'last-modified': modified }
  throw new S3Error('MethodNotAllowed', { Method: method, ResourceType: 'DeleteMarker' }, undefined, headers)
}

/** The header that names a version, in buckets that keep or kept them. */
export function showVersion({ version }: StoredVersion, { versioning }: Pick<Bucket, 'versioning'>): VersionHeader {
  return versioning === undefined ? {} : { 'x-amz-version-id': version ?? 'null' }
}
type VersionHeader = { 'x-amz-version-id'?: string }

/** Puts a new version in the current one's place: that one is kept, or dropped where versions are not kept. */
export function putCurrent<T extends StoredVersion>(
  writer: Writer,
  drop: Drop,
  place: Place,
  { versioning }: Bucket,
  made: T,
): T {
  const { bucket, key } = place
  const at = objectAt(bucket, key)
  const existing = writer.get<StoredVersion>(at)
  if (versioning === undefined) {
    if (existing !== undefined) dropBytes(drop, existing)
    writer.put(at, made)
    return made
  }
  const order = Math.max(Math.trunc(made.modified * 1000), existing === undefined ? 0 : orderOf(existing) + 1)
  if (versioning === 'Suspended') removeNull(writer, drop, place)
  if (existing !== undefined) {
    if (versioning === 'Suspended' && existing.version === undefined) dropBytes(drop, existing)
    else {
      writer.put(versionAt(bucket, key, orderOf(existing)), existing)
      if (existing.version === undefined) writer.put(nullAt(bucket, key), orderOf(existing))
    }
  }
  const placed = versioning === 'Enabled' ? { ...made, version: makeId(order) } : { ...made, order }
  writer.put(at, placed)
  return placed
}

/** Writes a version again where it is: what changes is not the object but what is said of it. */
export function rewrite(writer: Writer, { bucket, key }: Place, stored: StoredVersion): void {
  const current = writer.get<StoredVersion>(objectAt(bucket, key))
  const isCurrent = current !== undefined && current.version === stored.version
  writer.put(isCurrent ? objectAt(bucket, key) : versionAt(bucket, key, orderOf(stored)), stored)
}

/** What a deletion did. */
export interface Removal {
  /** To be told; undefined when nothing was there. */
  readonly change: ObjectChange | undefined
  /** Whether a delete marker was made or removed. */
  readonly marker: boolean
  /** The version made or removed. */
  readonly version: string | undefined
}

/** Deletes: for good with a version id or where versions are not kept, else by a delete marker. */
export function removeObject(
  writer: Writer,
  drop: Drop,
  place: Place,
  bucket: Bucket,
  now: number,
  id?: string,
): Removal {
  if (id === undefined && bucket.versioning !== undefined) {
    const { version } = putCurrent<DeleteMarker>(writer, drop, place, bucket, { marker: true, modified: now })
    const named = version === undefined ? {} : { versionId: version }
    // The ETag of nothing: recorded.
    const change = { event: 'ObjectRemoved:DeleteMarkerCreated', ...place, etag: EMPTY_MD5, ...named } as const
    return { change, marker: true, version: version ?? 'null' }
  }
  const stored = lookUp(writer, place, id)
  if (stored === undefined) return { change: undefined, marker: false, version: id }
  removeStored(writer, drop, place, stored)
  const named = stored.version === undefined ? {} : { versionId: stored.version }
  return { change: { event: 'ObjectRemoved:Delete', ...place, ...named }, marker: isMarker(stored), version: id }
}

function removeStored(writer: Writer, drop: Drop, place: Place, stored: StoredVersion): void {
  const { bucket, key } = place
  dropBytes(drop, stored)
  const at = objectAt(bucket, key)
  if (writer.get<StoredVersion>(at)?.version !== stored.version) {
    removeOlder(writer, place, stored)
    return
  }
  writer.remove(at)
  // The version before takes its place.
  const [before] = [...writer.range<StoredVersion>({ ...versionsAt(bucket, key), reverse: true, limit: 1 })]
  if (before === undefined) return
  removeOlder(writer, place, before.value)
  writer.put(at, before.value)
}

function removeOlder(writer: Writer, { bucket, key }: Place, stored: StoredVersion): void {
  writer.remove(versionAt(bucket, key, orderOf(stored)))
  if (stored.version === undefined) writer.remove(nullAt(bucket, key))
}

// A key has one version `null`: a new one drops the one before, wherever it stands.
function removeNull(writer: Writer, drop: Drop, place: Place): void {
  const order = writer.get<number>(nullAt(place.bucket, place.key))
  if (order === undefined) return
  const stored = writer.get<StoredVersion>(versionAt(place.bucket, place.key, order))
  if (stored === undefined) return
  dropBytes(drop, stored)
  removeOlder(writer, place, stored)
}

function dropBytes(drop: Drop, stored: StoredVersion): void {
  if (!isMarker(stored)) drop(stored.segments)
}
