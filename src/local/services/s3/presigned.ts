// Checks the signature a URL carries: its expiry always, the signature itself when the local key made it.
import { createHmac } from 'node:crypto'
import { isSigned, LONGEST_EXPIRES, lateness, readSignature, verify } from '../../../aws/signer.ts'
import { LOCAL_CREDENTIALS, type WireRequest } from '../../service.ts'
import { digest } from './digest.ts'
import { badArgument, S3Error } from './errors.ts'
import type { Headers } from './receive.ts'

/** Throws what S3 answers to a request or a URL whose signature is malformed, expired or forged. True when the URL is presigned. */
export function checkPresigned(
  request: WireRequest,
  query: ReadonlyMap<string, string>,
  bucketInHost: string | undefined,
  now: number,
): boolean {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    if (authorization.includes(`Credential=${LOCAL_CREDENTIALS.accessKeyId}/`)) checkHeader(request)
    return false
  }
  if (isSigned(request)) {
    checkVersion4(request, query, now)
    return true
  }
  if (!query.has('AWSAccessKeyId') || !query.has('Signature')) return false
  checkVersion2(request, query, bucketInHost, now)
  return true
}

// What other keys signed passes: tools come with keys of their own, which nobody here can check. Nor is the time looked at,
// which AWS lets be 15 minutes off: the local clock may have been advanced, and the tools' clocks not.
function checkHeader(request: WireRequest): void {
  const verdict = verify(request, { secretAccessKey: LOCAL_CREDENTIALS.secretAccessKey, digest })
  if (verdict === 'ok') return
  if (verdict === 'mismatch')
    throw mismatch(LOCAL_CREDENTIALS.accessKeyId, /Signature=([\da-f]+)/.exec(request.headers.authorization ?? '')?.[1])
  throw new S3Error('AuthorizationHeaderMalformed')
}

function checkVersion4(request: WireRequest, query: ReadonlyMap<string, string>, now: number): void {
  const read = readSignature(request)
  if (read === undefined) throw new S3Error('AuthorizationQueryParametersError')
  if ((read.expires ?? 0) > LONGEST_EXPIRES) {
    const words =
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds'
    throw new S3Error('AuthorizationQueryParametersError', {}, words)
  }
  if (lateness(read, now) === 'expired') {
    const seconds = read.expires ?? 0
    throw expired(read.date + seconds * 1000, now, { 'X-Amz-Expires': seconds })
  }
  if (read.accessKeyId !== LOCAL_CREDENTIALS.accessKeyId) return
  const unsigned = Object.keys(request.headers).filter(
    (name) => name.startsWith('x-amz-') && name !== 'x-amz-content-sha256' && !read.signedHeaders.includes(name),
  )
  if (unsigned.length > 0) {
    const words = 'There were headers present in the request which were not signed'
    throw new S3Error('AccessDenied', { HeadersNotSigned: unsigned.join(', ') }, words)
  }
  const verdict = verify(request, { secretAccessKey: LOCAL_CREDENTIALS.secretAccessKey, digest })
  if (verdict !== 'ok') throw mismatch(read.accessKeyId, query.get('X-Amz-Signature'))
}

// boto3 and the CLI still presign with Signature Version 2 in us-east-1:
// docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html#RESTAuthenticationQueryStringAuth
function checkVersion2(
  request: WireRequest,
  query: ReadonlyMap<string, string>,
  bucketInHost: string | undefined,
  now: number,
): void {
  const expires = Number(query.get('Expires') ?? Number.NaN)
  if (!Number.isSafeInteger(expires))
    throw new S3Error(
      'AccessDenied',
      {},
      'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
    )
  if (expires * 1000 < now) throw expired(expires * 1000, now, {})
  const accessKeyId = query.get('AWSAccessKeyId') ?? ''
  if (accessKeyId !== LOCAL_CREDENTIALS.accessKeyId) return
  const { headers, method, path } = request
  const amazon = [
    ...Object.keys(headers).filter((name) => name.startsWith('x-amz-')),
    ...[...query.keys()].filter((name) => name.startsWith('x-amz-')),
  ].sort()
  const lines = amazon.map((name) => `${name}:${headers[name] ?? query.get(name) ?? ''}\n`).join('')
  const named = [...query]
    .filter(([name]) => SUB_RESOURCES_V2.has(name) || name.startsWith('response-'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const resources = named.map(([name, value]) => (value === '' ? name : `${name}=${value}`)).join('&')
  const resource = `${bucketInHost === undefined ? '' : `/${bucketInHost}`}${path}${resources === '' ? '' : `?${resources}`}`
  const text = [
    method,
    headers['content-md5'] ?? '',
    headers['content-type'] ?? '',
    String(expires),
    `${lines}${resource}`,
  ].join('\n')
  const signature = createHmac('sha1', LOCAL_CREDENTIALS.secretAccessKey).update(text).digest('base64')
  if (signature !== query.get('Signature')) throw mismatch(accessKeyId, query.get('Signature'))
}

const SUB_RESOURCES_V2 = new Set(
  'acl delete lifecycle location logging notification partNumber policy requestPayment tagging torrent uploadId uploads versionId versioning versions website cors'.split(
    ' ',
  ),
)

function expired(at: number, now: number, details: Record<string, number>): S3Error {
  const show = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')
  return new S3Error('AccessDenied', { ...details, Expires: show(at), ServerTime: show(now) }, 'Request has expired')
}

function mismatch(accessKeyId: string, signature = ''): S3Error {
  return new S3Error('SignatureDoesNotMatch', { AWSAccessKeyId: accessKeyId, SignatureProvided: signature })
}

// A presigned URL may carry headers as parameters; SDK v3 hoists them. Checksums in a query are not checked by S3
// (aws-sdk-go-v2 issue 2610): SDK v3 puts that of an empty body there. What could not have been sent as a header is refused,
// as it would be sent as one when the object is read: a decoded CR or LF would split that response.
/** The headers of a presigned request, those in its query among them. */
export function withQueryHeaders(headers: Headers, query: ReadonlyMap<string, string>): Headers {
  const merged: Record<string, string | undefined> = Object.assign(Object.create(null), headers)
  for (const [name, value] of query) {
    const lower = name.toLowerCase()
    if (!lower.startsWith('x-amz-') || lower.startsWith('x-amz-checksum-') || lower === 'x-amz-sdk-checksum-algorithm')
      continue
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
    if (!/^[\w.-]+$/.test(lower) || /[\u0000-\u001f\u007f]/.test(value)) throw badArgument(name, value)
    merged[lower] ??= Buffer.from(value).toString('latin1')
  }
  return merged
}
