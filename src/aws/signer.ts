// Signature Version 4: signs requests, presigns URLs, and reads and verifies what others signed. Ships, so it imports nothing.

/** The two hash functions SigV4 stands on. Strings are UTF-8. */
export interface Digest {
  /** The lower-case hex SHA-256. */
  readonly sha256: (data: string | Uint8Array) => string
  /** The raw HMAC-SHA256. */
  readonly hmac: (key: string | Uint8Array, data: string) => Uint8Array
}

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** A request to sign: the path percent-encoded as it is sent, the query without `?`, lower-case header names with `host`. */
export interface Signable {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

export interface Signing {
  readonly credentials: Credentials
  readonly region: string
  readonly service: string
  /** Milliseconds since 1970. */
  readonly date: number
  readonly digest: Digest
}

export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'
const ALGORITHM = 'AWS4-HMAC-SHA256'

/** The headers to send so that the request is signed; `payload` is the body, or `UNSIGNED-PAYLOAD` and its kin as `{ hash }`. */
export function sign(
  request: Signable,
  { credentials, region, service, date, digest }: Signing,
  payload: string | Uint8Array | { readonly hash: string } = '',
): Record<string, string> {
  const hash = typeof payload === 'object' && 'hash' in payload ? payload.hash : digest.sha256(payload)
  const stamp = toStamp(date)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers[name.toLowerCase()] = value
  headers['x-amz-date'] = stamp
  if (service === 's3') headers['x-amz-content-sha256'] = hash
  if (credentials.sessionToken !== undefined) headers['x-amz-security-token'] = credentials.sessionToken
  const signed = Object.keys(headers)
    .filter((name) => !UNSIGNED_HEADERS.has(name))
    .sort()
  const scope = `${stamp.slice(0, 8)}/${region}/${service}/aws4_request`
  const canonical = toCanonical({ ...request, headers }, signed, service, hash)
  const signature = toSignature(digest, credentials.secretAccessKey, stamp, scope, canonical)
  headers.authorization = `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signed.join(';')}, Signature=${signature}`
  return headers
}

// Proxies and Node rewrite these on the way; the AWS SDKs leave them unsigned too.
const UNSIGNED_HEADERS = new Set([
  'authorization',
  'connection',
  'expect',
  'keep-alive',
  'proxy-authorization',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-amzn-trace-id',
])

/** The query of a URL that carries its own signature, good for `expires` seconds. Every header given must be sent by whoever uses it. */
export function presign(request: Signable, signing: Signing, expires: number, hash = UNSIGNED_PAYLOAD): string {
  const { credentials, region, service, date, digest } = signing
  const stamp = toStamp(date)
  const scope = `${stamp.slice(0, 8)}/${region}/${service}/aws4_request`
  const signed = Object.keys(request.headers)
    .filter((name) => request.headers[name] !== undefined)
    .map((name) => name.toLowerCase())
    .sort()
  const added: [string, string][] = [
    ['X-Amz-Algorithm', ALGORITHM],
    ['X-Amz-Credential', `${credentials.accessKeyId}/${scope}`],
    ['X-Amz-Date', stamp],
    ['X-Amz-Expires', String(expires)],
    ['X-Amz-SignedHeaders', signed.join(';')],
  ]
  if (credentials.sessionToken !== undefined) added.push(['X-Amz-Security-Token', credentials.sessionToken])
  const query = [request.query, ...added.map(([name, value]) => `${encode(name)}=${encode(value)}`)]
    .filter((part) => part !== '')
    .join('&')
  const canonical = toCanonical({ ...request, query }, signed, service, hash)
  return `${query}&X-Amz-Signature=${toSignature(digest, credentials.secretAccessKey, stamp, scope, canonical)}`
}

/** What a request says about who signed it. */
export interface Signature {
  readonly kind: 'header' | 'query'
  readonly accessKeyId: string
  readonly stamp: string
  /** When it was signed, in milliseconds since 1970. */
  readonly date: number
  readonly region: string
  readonly service: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
  /** Seconds a presigned URL is good for. */
  readonly expires?: number
}

/** Reads the signature of a request; undefined when there is none or it is malformed (`isSigned` tells the two apart). */
export function readSignature(request: Signable): Signature | undefined {
  const authorization = request.headers.authorization
  if (authorization !== undefined) {
    if (!authorization.startsWith(`${ALGORITHM} `)) return undefined
    const parts = new Map(
      authorization
        .slice(ALGORITHM.length + 1)
        .split(',')
        .map((part) => split(part.trim(), '=')),
    )
    return toRead('header', (name) => parts.get(name), request.headers['x-amz-date'])
  }
  const query = new Map(readQuery(request.query))
  if (query.get('X-Amz-Algorithm') !== ALGORITHM) return undefined
  const read = toRead('query', (name) => query.get(`X-Amz-${name}`), query.get('X-Amz-Date'))
  const seconds = query.get('X-Amz-Expires') ?? ''
  return read === undefined || !/^\d{1,9}$/.test(seconds) ? undefined : { ...read, expires: Number(seconds) }
}

/** Whether a request claims a Signature Version 4 at all. */
export function isSigned({ headers, query }: Signable): boolean {
  return headers.authorization !== undefined || /(?:^|&)X-Amz-(?:Algorithm|Signature|Credential)=/.test(query)
}

function toRead(
  kind: Signature['kind'],
  part: (name: string) => string | undefined,
  stamp: string | undefined,
): Signature | undefined {
  const [accessKeyId, day, region, service, end] = (part('Credential') ?? '').split('/')
  const signature = part('Signature')
  const signedHeaders = part('SignedHeaders')?.toLowerCase().split(';')
  const date = fromStamp(stamp ?? '')
  if (stamp === undefined || date === undefined || day !== stamp.slice(0, 8) || end !== 'aws4_request') return undefined
  if (!accessKeyId || region === undefined || !service || !signature || signedHeaders === undefined) return undefined
  return { kind, accessKeyId, stamp, date, region, service, signedHeaders, signature }
}

export type Verdict = 'ok' | 'unsigned' | 'malformed' | 'expired' | 'skewed' | 'mismatch'

const SKEW = 15 * 60_000
/** Seconds a presigned URL can be good for at most: a week. */
export const LONGEST_EXPIRES = 7 * 24 * 3600

export interface Verification {
  readonly secretAccessKey: string
  readonly digest: Digest
  /** Milliseconds since 1970; left out, the time is not checked. */
  readonly now?: number
  /** The SHA-256 of the body, where the request has no `x-amz-content-sha256` (all but S3). */
  readonly payloadHash?: string
}

/** Checks a signature against the secret. */
export function verify(request: Signable, { secretAccessKey, digest, now, payloadHash }: Verification): Verdict {
  const read = readSignature(request)
  if (read === undefined) return isSigned(request) ? 'malformed' : 'unsigned'
  const { kind, stamp, region, service, signedHeaders, signature, expires } = read
  if (!signedHeaders.includes('host')) return 'malformed'
  if (expires !== undefined && expires > LONGEST_EXPIRES) return 'malformed'
  const late = now === undefined ? undefined : lateness(read, now)
  if (late !== undefined) return late
  const query =
    kind === 'header'
      ? request.query
      : request.query
          .split('&')
          .filter((part) => !part.startsWith('X-Amz-Signature='))
          .join('&')
  const unsigned = kind === 'query' ? UNSIGNED_PAYLOAD : digest.sha256('')
  const claimed =
    request.headers['x-amz-content-sha256'] ?? new Map(readQuery(request.query)).get('X-Amz-Content-Sha256')
  const hash = claimed ?? payloadHash ?? unsigned
  const scope = `${stamp.slice(0, 8)}/${region}/${service}/aws4_request`
  const canonical = toCanonical({ ...request, query }, signedHeaders, service, hash)
  return isSame(toSignature(digest, secretAccessKey, stamp, scope, canonical), signature) ? 'ok' : 'mismatch'
}

/** Whether a signature is used outside its time: a presigned URL after its expiry, anything else 15 minutes off the clock. */
export function lateness({ expires, date }: Signature, now: number): 'expired' | 'skewed' | undefined {
  if (expires === undefined) return Math.abs(now - date) > SKEW ? 'skewed' : undefined
  if (date - now > SKEW) return 'skewed'
  return now > date + expires * 1000 ? 'expired' : undefined
}

/**
 * The signatures of the chunks of a `STREAMING-AWS4-HMAC-SHA256-PAYLOAD` body, each standing on the one before. A chunk may
 * be given as its hash. The trailers come last: their lines as `name:value`, each with a line feed after it.
 */
export function chunkSigner(
  { credentials, region, service, date, digest }: Signing,
  seed: string,
): (chunk: Uint8Array | string | { readonly hash: string }, of?: 'PAYLOAD' | 'TRAILER') => string {
  const stamp = toStamp(date)
  const scope = `${stamp.slice(0, 8)}/${region}/${service}/aws4_request`
  const key = toKey(digest, credentials.secretAccessKey, scope)
  const empty = digest.sha256('')
  let previous = seed
  return (chunk, of = 'PAYLOAD') => {
    const hash = typeof chunk === 'object' && 'hash' in chunk ? chunk.hash : digest.sha256(chunk)
    const middle = of === 'PAYLOAD' ? `${empty}\n` : ''
    const text = `${ALGORITHM}-${of}\n${stamp}\n${scope}\n${previous}\n${middle}${hash}`
    previous = toHex(digest.hmac(key, text))
    return previous
  }
}

function toSignature(digest: Digest, secret: string, stamp: string, scope: string, canonical: string): string {
  const text = `${ALGORITHM}\n${stamp}\n${scope}\n${digest.sha256(canonical)}`
  return toHex(digest.hmac(toKey(digest, secret, scope), text))
}

// A key is good for a day, and whoever signs often signs with the same one: it costs four hashes of the six.
let last:
  | { readonly digest: Digest; readonly secret: string; readonly scope: string; readonly key: Uint8Array }
  | undefined

function toKey(digest: Digest, secret: string, scope: string): Uint8Array {
  if (last?.scope === scope && last.secret === secret && last.digest === digest) return last.key
  const [day = '', ...rest] = scope.split('/')
  const key = rest.reduce((made, part) => digest.hmac(made, part), digest.hmac(`AWS4${secret}`, day))
  last = { digest, secret, scope, key }
  return key
}

function toCanonical(
  { method, path, query, headers }: Signable,
  signed: readonly string[],
  service: string,
  hash: string,
): string {
  const lines = signed.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`)
  const location = service === 's3' ? toS3Path(path) : toPath(path)
  return [method, location, toCanonicalQuery(query), lines.join(''), signed.join(';'), hash].join('\n')
}

// S3 signs the key itself, encoded once and never normalized: `a/../b` is a key. It reads `+` as a space, in paths too.
function toS3Path(path: string): string {
  return path
    .split('/')
    .map((part) => encode(decode(part.replaceAll('+', ' '))))
    .join('/')
}

// Every other service signs the normalized path with each segment encoded once more than it was sent.
function toPath(path: string): string {
  const kept: string[] = []
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  for (const part of parts) {
    if (part === '..') kept.pop()
    else kept.push(encode(part))
  }
  return `/${kept.join('/')}${kept.length > 0 && path.endsWith('/') ? '/' : ''}`
}

function toCanonicalQuery(query: string): string {
  const pairs = readQuery(query).map(([name, value]) => [encode(name), encode(value)] as const)
  pairs.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
  return pairs.map(([name, value]) => `${name}=${value}`).join('&')
}

/** The decoded pairs of a raw query, in order. */
export function readQuery(query: string): [string, string][] {
  const pairs: [string, string][] = []
  for (const part of query.split('&')) {
    if (part === '') continue
    const [name, value] = split(part.replaceAll('+', ' '), '=')
    pairs.push([decode(name), decode(value)])
  }
  return pairs
}

/** Percent-encodes as SigV4 wants it: everything but letters, digits and `-._~`. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function decode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

const toStamp = (date: number): string => new Date(date).toISOString().replace(/[-:]|\.\d+/g, '')

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function fromStamp(stamp: string): number | undefined {
  if (!/^\d{8}T\d{6}Z$/.test(stamp)) return undefined
  const date = Date.parse(stamp.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  return Number.isNaN(date) ? undefined : date
}

function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += HEX[byte]
  return text
}

// Takes as long for a wrong signature as for a right one, so that none can be guessed byte by byte.
function isSame(left: string, right: string): boolean {
  let different = left.length ^ right.length
  for (let index = 0; index < left.length; index++) different |= left.charCodeAt(index) ^ right.charCodeAt(index)
  return different === 0
}
