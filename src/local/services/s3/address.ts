// Which bucket and key a request names: in its path, or in its host name.
import { S3Error } from './errors.ts'

export interface Address {
  readonly bucket?: string
  readonly key?: string
  /** Whether the host, not the path, names the bucket. */
  readonly inHost: boolean
}

const LONGEST_KEY = 1024

/** Reads path-style (`/bucket/key`) and virtual-host-style (`bucket.s3.localhost`) addresses. A key is opaque: nothing in it is resolved. */
export function readAddress(host: string, path: string): Address {
  const hosted = bucketOfHost(host)
  const inHost = hosted !== undefined
  const raw = path.startsWith('/') ? path.slice(1) : path
  const slash = inHost ? -1 : raw.indexOf('/')
  const bucket = hosted ?? decodePath(slash < 0 ? raw : raw.slice(0, slash))
  if (bucket === '') return { inHost }
  checkBucketName(bucket)
  const key = inHost ? decodePath(raw) : slash < 0 ? '' : decodePath(raw.slice(slash + 1))
  return key === '' ? { bucket, inHost } : { bucket, key: checkKey(key), inHost }
}

// `s3` alone is the service; no bucket can be called so (three characters at least), hence nothing is ambiguous.
function bucketOfHost(host: string): string | undefined {
  const name = host.replace(/:\d{1,5}$/, '').toLowerCase()
  const local = name.endsWith('.localhost') ? name.slice(0, -'.localhost'.length) : undefined
  if (local !== undefined) return local === 's3' ? undefined : local.endsWith('.s3') ? local.slice(0, -3) : local
  if (!name.endsWith('.amazonaws.com')) return undefined
  const labels = name.slice(0, -'.amazonaws.com'.length).split('.')
  const at = labels.lastIndexOf('s3')
  return at > 0 ? labels.slice(0, at).join('.') : undefined
}

// S3 reads a bare `+` in a path as a space; that is why every SDK sends %2B.
function decodePath(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new S3Error('InvalidURI', { URI: text })
  }
}

/** Gives the key back, or throws KeyTooLongError or NoPath. */
export function checkKey(key: string): string {
  const size = Buffer.byteLength(key)
  if (size > LONGEST_KEY) throw new S3Error('KeyTooLongError', { Size: size, MaxSizeAllowed: LONGEST_KEY })
  if (climbs(key)) throw new S3Error('NoPath')
  return key
}

// `a/../b` is a key like any other, `../b` and `a/../../b` are none: read from the left, there must never be more `..` than
// names before them. Source: object-keys.html of the S3 User Guide; that the answer is 400 without a body was seen on AWS
// (floci-io/floci, issues 1231 and 1320).
function climbs(key: string): boolean {
  if (!key.includes('..')) return false
  let depth = 0
  return key.split('/').some((segment) => {
    depth += segment === '..' ? -1 : 1
    return depth < 0
  })
}

/** The naming rules of general purpose buckets: docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html. */
export function checkBucketName(name: string): void {
  const allowed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..')
  const address = /^\d{1,3}(?:\.\d{1,3}){3}$/.test(name)
  const reserved = /^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name)
  if (!allowed || address || reserved) throw new S3Error('InvalidBucketName', { BucketName: name })
}

/** Reads `x-amz-copy-source`: `/bucket/key` or `bucket/key`, URL-encoded, with an optional version. */
export function readCopySource(header: string): { bucket: string; key: string; version: string | undefined } {
  const [path = '', version] = header.split('?versionId=')
  let decoded: string
  try {
    decoded = decodeURIComponent(path.replaceAll('+', ' '))
  } catch {
    throw new S3Error(
      'InvalidArgument',
      { ArgumentName: 'x-amz-copy-source', ArgumentValue: header },
      'Invalid copy source encoding.',
    )
  }
  const source = decoded.startsWith('/') ? decoded.slice(1) : decoded
  const slash = source.indexOf('/')
  if (slash < 1 || slash === source.length - 1) {
    const words = 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey'
    throw new S3Error('InvalidArgument', { ArgumentName: 'x-amz-copy-source', ArgumentValue: header }, words)
  }
  const bucket = source.slice(0, slash)
  checkBucketName(bucket)
  return { bucket, key: checkKey(source.slice(slash + 1)), version }
}
