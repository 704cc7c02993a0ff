// The client behind `bucket.put`, `.get` and their kin: S3's REST protocol.
import { readXml, type XmlElement } from '../aws/protocol/xml.ts'
import { presign } from '../aws/signer.ts'
import type { ListedObject, ObjectHead, PutOptions, StoredObject, UrlOptions } from './bucket.ts'
import { type Answer, AwsError, type Call, call, signing, split } from './call.ts'
import { endpoint } from './place.ts'

/** Stores an object. */
export async function put(
  bucket: string,
  key: string,
  body: string | Uint8Array | ArrayBuffer,
  { contentType, cacheControl, contentEncoding, contentDisposition, metadata = {} }: PutOptions,
): Promise<{ etag: string }> {
  const headers: Record<string, string> = { 'content-type': contentType ?? guess(body) }
  if (cacheControl !== undefined) headers['cache-control'] = cacheControl
  if (contentEncoding !== undefined) headers['content-encoding'] = contentEncoding
  if (contentDisposition !== undefined) headers['content-disposition'] = contentDisposition
  for (const [name, value] of Object.entries(metadata)) headers[`x-amz-meta-${name.toLowerCase()}`] = value
  const answer = await ask(bucket, key, {
    method: 'PUT',
    headers,
    body: body instanceof ArrayBuffer ? new Uint8Array(body) : body,
  })
  return { etag: answer.headers.etag ?? '' }
}

const guess = (body: unknown): string =>
  typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/octet-stream'

// S3 refuses a version that is a delete marker with 405: there is no object.
const GONE = ['NoSuchKey', 'NoSuchVersion', 'MethodNotAllowed']

/** An object with its bytes, or undefined; of a versioned bucket, perhaps in one version. */
export async function get(bucket: string, key: string, versionId?: string): Promise<StoredObject | undefined> {
  const query = versionId === undefined ? '' : `versionId=${encodeURIComponent(versionId)}`
  const answer = await ask(bucket, key, { method: 'GET', query }, ...GONE)
  if (answer === undefined) return undefined
  return {
    ...toHead(key, answer),
    bytes: answer.bytes,
    get text() {
      return answer.text
    },
  }
}

/** An object without its bytes, or undefined. */
export async function head(bucket: string, key: string): Promise<ObjectHead | undefined> {
  const answer = await ask(bucket, key, { method: 'HEAD' }, 'NotFound')
  return answer === undefined ? undefined : toHead(key, answer)
}

/** Every object under a prefix, a page at a time. */
export async function* list(bucket: string, prefix: string): AsyncGenerator<ListedObject> {
  let token: string | undefined
  do {
    const after = token === undefined ? '' : `&continuation-token=${encodeURIComponent(token)}`
    const query = `list-type=2&prefix=${encodeURIComponent(prefix)}${after}`
    const page = readXml((await ask(bucket, '', { method: 'GET', query })).text)
    for (const entry of page.children) if (entry.name === 'Contents') yield toListed(entry)
    token = textOf(page, 'NextContinuationToken')
  } while (token !== undefined)
}

/** Deletes an object. */
export async function remove(bucket: string, key: string): Promise<void> {
  await ask(bucket, key, { method: 'DELETE' })
}

/** Copies an object within the bucket. */
export async function copy(bucket: string, from: string, to: string): Promise<{ etag: string }> {
  const headers = { 'x-amz-copy-source': `/${bucket}/${encodeKey(from)}` }
  const answer = await ask(bucket, to, { method: 'PUT', headers })
  const result = readXml(answer.text)
  // S3 may find out only after it has sent 200 that a copy failed; the body then holds an error.
  if (result.name === 'Error') throw toError(result, answer.status)
  return { etag: textOf(result, 'ETag') ?? '' }
}

/** A presigned URL. */
export async function url(bucket: string, key: string, { method = 'GET', expires = 900 }: UrlOptions): Promise<string> {
  const { base, path } = locate(bucket, key)
  const request = { method, path, query: '', headers: { host: split(base).host } }
  return `${base}${path}?${presign(request, await signing('s3'), expires)}`
}

async function ask(bucket: string, key: string, given: Partial<Call>): Promise<Answer>
async function ask(bucket: string, key: string, given: Partial<Call>, ...absent: string[]): Promise<Answer | undefined>
async function ask(
  bucket: string,
  key: string,
  given: Partial<Call>,
  ...absent: string[]
): Promise<Answer | undefined> {
  const answer = await call({ service: 's3', method: 'GET', ...locate(bucket, key), ...given })
  if (answer.status < 300) return answer
  // A HEAD has no body that could tell a missing key from a missing bucket.
  const error =
    answer.text === ''
      ? new AwsError(answer.status === 404 ? 'NotFound' : 'UnknownError', '', answer.status)
      : toError(readXml(answer.text), answer.status)
  if (absent.includes(error.code)) return undefined
  throw error
}

const toError = (element: XmlElement, status: number): AwsError =>
  new AwsError(textOf(element, 'Code') ?? 'UnknownError', textOf(element, 'Message') ?? '', status)

// Path style where an endpoint is configured, and for names with dots, which no certificate covers.
function locate(bucket: string, key: string): { base: string; path: string } {
  const base = endpoint('s3')
  const path = `/${encodeKey(key)}`
  if (!base.includes('.amazonaws.com') || bucket.includes('.'))
    return { base, path: `/${bucket}${key === '' ? '' : path}` }
  const { protocol, host } = split(base)
  return { base: `${protocol}//${bucket}.${host}`, path }
}

const encodeKey = (key: string): string =>
  encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)

function toHead(key: string, { headers }: Answer): ObjectHead {
  const metadata: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('x-amz-meta-') && value !== undefined) metadata[name.slice('x-amz-meta-'.length)] = value
  }
  return {
    key,
    size: Number(headers['content-length']),
    etag: headers.etag ?? '',
    contentType: headers['content-type'] ?? '',
    modified: new Date(headers['last-modified'] ?? 0),
    metadata,
  }
}

const toListed = (entry: XmlElement): ListedObject => ({
  key: textOf(entry, 'Key') ?? '',
  size: Number(textOf(entry, 'Size')),
  etag: textOf(entry, 'ETag') ?? '',
  modified: new Date(textOf(entry, 'LastModified') ?? 0),
})

const textOf = (element: XmlElement, name: string): string | undefined =>
  element.children.find((child) => child.name === name)?.text
