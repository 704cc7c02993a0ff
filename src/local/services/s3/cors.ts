// Cross-origin requests as a bucket's rules admit them: the answer to a preflight, and the headers of a real answer.
import { readQuery } from '../../../aws/signer.ts'
import { LOCAL_CREDENTIALS, type WireRequest, type WireResponse } from '../../service.ts'
import type { Reader } from '../../store.ts'
import { type Address, readAddress } from './address.ts'
import { S3Error } from './errors.ts'
import { readSetting } from './settings.ts'
import { type Bucket, bucketAt } from './state.ts'

export const CORS_METHODS = ['GET', 'PUT', 'HEAD', 'POST', 'DELETE'] as const

export interface CorsRule {
  readonly id?: string
  /** With at most one `*` each, as the headers. */
  readonly origins: readonly string[]
  readonly methods: readonly string[]
  readonly headers: readonly string[]
  readonly expose: readonly string[]
  /** Seconds. */
  readonly maxAge?: number | undefined
}

export const readCors = (reader: Reader, bucket: string): readonly CorsRule[] | undefined =>
  readSetting<readonly CorsRule[]>(reader, bucket, 'cors')

interface Asked {
  readonly origin: string
  readonly method: string
  /** Lower-case names, of a preflight. */
  readonly headers: readonly string[]
}

/** The first rule that admits a request, and the origin as that rule names it. */
export function findRule(rules: readonly CorsRule[], { origin, method, headers }: Asked): Match | undefined {
  for (const rule of rules) {
    const pattern = rule.origins.find((one) => matches(one, origin))
    if (pattern === undefined || !rule.methods.includes(method)) continue
    if (headers.every((name) => rule.headers.some((one) => matches(one.toLowerCase(), name)))) return { rule, pattern }
  }
  return undefined
}

interface Match {
  readonly rule: CorsRule
  readonly pattern: string
}

// No regular expression: a pattern is the client's, and one with many stars would take for ever.
function matches(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*')
  if (star < 0) return pattern === text
  const [start, end] = [pattern.slice(0, star), pattern.slice(star + 1)]
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end)
}

/** Answers `OPTIONS`. Words recorded, "evalution" included. */
export function answerPreflight(reader: Reader, { bucket, key }: Address, { headers }: WireRequest): WireResponse {
  const origin = headers.origin
  const method = headers['access-control-request-method']
  if (origin === undefined)
    throw new S3Error('BadRequest', {}, 'Insufficient information. Origin request header needed.')
  if (method === undefined || !CORS_METHODS.some((one) => one === method))
    throw new S3Error('BadRequest', {}, `Invalid Access-Control-Request-Method: ${method ?? 'null'}`)
  const refuse = (words: string, type: string): S3Error =>
    new S3Error('AccessForbidden', { Method: method, ResourceType: type }, `CORSResponse: ${words}`)
  if (bucket === undefined || reader.get<Bucket>(bucketAt(bucket)) === undefined)
    throw refuse('Bucket not found', 'BUCKET')
  const type = key === undefined ? 'BUCKET' : 'OBJECT'
  const rules = readCors(reader, bucket)
  if (rules === undefined) throw refuse('CORS is not enabled for this bucket.', type)
  const asked = splitNames(headers['access-control-request-headers'])
  const match = findRule(rules, { origin, method, headers: asked })
  if (match === undefined) throw refuse(NOT_ALLOWED, type)
  const allowed: Record<string, string> = asked.length > 0 ? { 'access-control-allow-headers': asked.join(', ') } : {}
  return { status: 200, headers: { ...showMatch(match, origin), ...allowed } }
}

const NOT_ALLOWED =
  'This CORS request is not allowed. This is usually because the evalution of Origin, request method / ' +
  "Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."

/** The headers that let a page read an answer; none where the bucket does not admit its origin. */
export function corsHeaders(
  reader: Reader,
  bucket: string | undefined,
  { method, headers }: Pick<WireRequest, 'method' | 'headers'>,
): Record<string, string> {
  const { origin } = headers
  if (origin === undefined || bucket === undefined) return {}
  const match = findRule(readCors(reader, bucket) ?? [], { origin, method, headers: [] })
  return match === undefined ? {} : showMatch(match, origin)
}

function showMatch({ rule, pattern }: Match, origin: string): Record<string, string> {
  const { methods, expose, maxAge } = rule
  return {
    'access-control-allow-origin': pattern === '*' ? '*' : origin,
    'access-control-allow-methods': methods.join(', '),
    ...(expose.length > 0 ? { 'access-control-expose-headers': expose.join(', ') } : {}),
    ...(maxAge === undefined ? {} : { 'access-control-max-age': String(maxAge) }),
    ...(pattern === '*' ? {} : { 'access-control-allow-credentials': 'true' }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  }
}

function splitNames(header = ''): string[] {
  return header
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
}

/**
 * Whether a page of another origin may send this. Pages reach S3 because its answers are made for them: presigned URLs and
 * uploads from the browser. Let through is only what AWS would let a page do as well: a preflight, which tells nothing but
 * what the bucket's owner wrote; what the bucket's rules admit for this origin and method, with objects, forms and lists only
 * (a page must not write the very rules that admit it), signed or a page of this machine where the rule is for all; and, without an origin, the reading of a presigned URL, as an
 * `<img>` does it (the page cannot see the bytes, and somebody with the key has signed). Host names were checked before.
 */
export function admitsPage(
  reader: Reader,
  { method, path, query, headers }: Pick<WireRequest, 'method' | 'path' | 'query' | 'headers'>,
): boolean {
  const { origin } = headers
  const reads = method === 'GET' || method === 'HEAD'
  if (origin === undefined) return reads && claimsLocalKey(query)
  if (method === 'OPTIONS') return headers['access-control-request-method'] !== undefined
  let address: Address
  try {
    address = readAddress(headers.host ?? '', path)
  } catch {
    return false
  }
  const { bucket, key } = address
  if (bucket === undefined) return false
  const isForm =
    method === 'POST' && query === '' && headers['content-type']?.startsWith('multipart/form-data') === true
  if (key === undefined && !reads && !isForm) return false
  const match = findRule(readCors(reader, bucket) ?? [], { origin, method, headers: [] })
  if (match === undefined) return false
  // `*` means every page on AWS because a page has nothing there without a signature. Here unsigned calls are answered, so
  // with `*` alone any page of the web could read and write the bucket while it is open in a tab.
  return !match.pattern.includes('*') || isLocal(origin) || isForm || claimsLocalKey(query)
}

const isLocal = (origin: string): boolean => /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(origin)

// Whoever claims the local key has his signature checked by S3; those of other keys cannot be, and prove nothing.
function claimsLocalKey(query: string): boolean {
  const given = new Map(readQuery(query))
  const key = LOCAL_CREDENTIALS.accessKeyId
  if (given.get('AWSAccessKeyId') === key) return given.has('Signature') && given.has('Expires')
  return given.has('X-Amz-Signature') && given.get('X-Amz-Credential')?.startsWith(`${key}/`) === true
}
