// The headers kept with an object, and how they come back with it.

import { checksumHeader } from './checksums.ts'
import { isChunked } from './chunked.ts'
import { S3Error } from './errors.ts'
import type { Headers } from './receive.ts'
import type { StoredObject } from './state.ts'
import { readTaggingHeader, writeTags } from './tags.ts'

const KEPT_BY_S3 = [
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-bucket-key-enabled',
  'x-amz-storage-class',
  'x-amz-tagging',
  'x-amz-website-redirect-location',
]
const KEPT = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
  ...KEPT_BY_S3,
])
const LARGEST_METADATA = 2048

// These ask for something that would not be done: an answer of 200 would be a lie.
const UNSUPPORTED = new Set([
  'x-amz-object-lock-mode',
  'x-amz-object-lock-retain-until-date',
  'x-amz-object-lock-legal-hold',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-copy-source-server-side-encryption-customer-algorithm',
  'x-amz-write-offset-bytes',
])

/** The headers to keep with a new object. */
export function keepHeaders(headers: Headers): Record<string, string> {
  checkAcl(headers['x-amz-acl'])
  const kept: Record<string, string> = {}
  let size = 0
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined) continue
    if (KEPT.has(name)) {
      if (value !== '') kept[name] = value
    } else if (name.startsWith('x-amz-meta-')) {
      kept[name] = value
      size += name.length - 'x-amz-meta-'.length + value.length
    } else if (UNSUPPORTED.has(name)) throw new S3Error('NotImplemented', { Header: name })
    else if (name.startsWith('x-amz-grant-')) throw new S3Error('AccessControlListNotSupported')
  }
  if (size > LARGEST_METADATA) throw new S3Error('MetadataTooLarge', { Size: size, MaxSizeAllowed: LARGEST_METADATA })
  kept['content-type'] ??= 'binary/octet-stream'
  const tagging = kept['x-amz-tagging']
  if (tagging !== undefined) kept['x-amz-tagging'] = writeTags(readTaggingHeader(tagging))
  return isChunked(headers) ? withoutFraming(kept) : kept
}

// `aws-chunked` is the framing of one request, not a property of the object.
function withoutFraming(kept: Record<string, string>): Record<string, string> {
  const { 'content-encoding': encoding = '', ...rest } = kept
  const codings = encoding.split(',').map((one) => one.trim())
  const left = codings.filter((one) => one !== '' && one !== 'aws-chunked').join(',')
  return left === '' ? rest : { ...rest, 'content-encoding': left }
}

// Buckets are made with ACLs disabled (the default since April 2023), and then only the owner's own are accepted.
function checkAcl(acl: string | undefined): void {
  if (acl !== undefined && acl !== 'private' && acl !== 'bucket-owner-full-control')
    throw new S3Error('AccessControlListNotSupported')
}

/** The headers a copy keeps: those of the source, or those of the request with `x-amz-metadata-directive: REPLACE`. */
export function copyHeaders(headers: Headers, source: StoredObject): Record<string, string> {
  const given = keepHeaders(headers)
  const tagging =
    headers['x-amz-tagging-directive'] === 'REPLACE' ? given['x-amz-tagging'] : source.headers['x-amz-tagging']
  const tags = tagging === undefined ? {} : { 'x-amz-tagging': tagging }
  const own: Record<string, string> = {}
  for (const name of KEPT_BY_S3) {
    const value = given[name]
    if (value !== undefined && name !== 'x-amz-tagging') own[name] = value
  }
  if (headers['x-amz-metadata-directive'] === 'REPLACE') {
    const { 'x-amz-tagging': _, ...rest } = given
    return { ...rest, ...tags }
  }
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(source.headers)) if (!KEPT_BY_S3.includes(name)) kept[name] = value
  return { ...kept, ...own, ...tags }
}

/** The headers an object is answered with. */
export function showHeaders(object: StoredObject, withChecksum: boolean): Record<string, string> {
  const shown: Record<string, string> = {
    'last-modified': new Date(object.modified).toUTCString(),
    etag: `"${object.etag}"`,
    'accept-ranges': 'bytes',
    'x-amz-server-side-encryption': 'AES256',
  }
  for (const name in object.headers) {
    const value = object.headers[name] ?? ''
    if (name === 'x-amz-tagging') shown['x-amz-tagging-count'] = String(value.split('&').length)
    else if (name !== 'x-amz-storage-class' || value !== 'STANDARD') shown[name] = value
  }
  if (withChecksum) Object.assign(shown, showChecksum(object))
  return shown
}

export function showChecksum({ checksum }: Pick<StoredObject, 'checksum'>): Record<string, string> {
  if (checksum === undefined) return {}
  return { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type }
}

/** The version a write made; recorded: while versioning is suspended a write names none. */
export function showMade({ version }: Pick<StoredObject, 'version'>): Record<string, string> {
  return version === undefined ? {} : { 'x-amz-version-id': version }
}

/** What a write is answered with beside its ETag. */
export function showEncryption(headers: Readonly<Record<string, string>>): Record<string, string> {
  const key = headers['x-amz-server-side-encryption-aws-kms-key-id']
  return {
    'x-amz-server-side-encryption': headers['x-amz-server-side-encryption'] ?? 'AES256',
    ...(key === undefined ? {} : { 'x-amz-server-side-encryption-aws-kms-key-id': key }),
  }
}
