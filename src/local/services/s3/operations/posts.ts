// PostObject: a browser's form, with a file, sent to a bucket. docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
import { createHash } from 'node:crypto'
import { writeXml } from '../../../../aws/protocol/xml.ts'
import type { WireResponse } from '../../../service.ts'
import { checkKey } from '../address.ts'
import type { Draft } from '../bodies.ts'
import { CHECKSUM_ALGORITHMS, checksumHeader, startChecksum } from '../checksums.ts'
import type { Call, Operation } from '../dispatch.ts'
import { readRoot } from '../documents.ts'
import { badArgument, S3Error } from '../errors.ts'
import { checkForm, type Sizes } from '../form-policy.ts'
import { type Form, type FormFile, readForm } from '../forms.ts'
import { keepHeaders } from '../headers.ts'
import { checkAllowed, toInput } from '../permission.ts'
import { placeObject } from '../place.ts'
import type { Headers } from '../receive.ts'
import { type Checksum, findBucket } from '../state.ts'
import { readTagSet, writeTags } from '../tags.ts'

const LARGEST = 5 * 1024 ** 3

export const posts: readonly Operation[] = [
  { name: 'PostObject', method: 'POST', level: 'bucket', asks: true, run: postObject },
]

async function postObject(call: Call): Promise<WireResponse> {
  const { bucket, headers, request, store } = call
  findBucket(store, bucket)
  const type = headers['content-type'] ?? ''
  if (!/^multipart\/form-data\b/i.test(type)) {
    const words = 'Bucket POST must be of the enclosure-type multipart/form-data'
    throw new S3Error('PreconditionFailed', { Condition: words })
  }
  const form = await readForm(request.body, type)
  try {
    return await keepForm(call, form)
  } finally {
    await form.finish()
  }
}

async function keepForm(call: Call, { fields: given, file }: Form): Promise<WireResponse> {
  const { bucket, bodies, clock } = call
  const key = given.get('key')?.value.replaceAll(VARIABLE, file?.name ?? '')
  const words =
    "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields."
  if (key === undefined) throw badArgument('key', '', words)
  if (key === '') throw badArgument('key', '', 'User key must have a length greater than 0.')
  // S3 puts the variable's value in before it looks at the policy.
  const fields = new Map(given).set('key', { name: 'key', value: checkKey(key) })
  const sizes = checkForm(fields, bucket, clock.now())
  if (file === undefined) throw badArgument('file', '0', 'POST requires exactly one file upload per request.')
  const headers = toHeaders(fields)
  const token = fields.get('x-amz-security-token')?.value
  const input = toInput({ bucket, key, query: new Map(), headers })
  checkAllowed(call, { operation: 'PutObject', input, token })
  const kept = keepHeaders(headers)
  const { draft, checksum, md5 } = await takeFile(call, file, headers, sizes)
  const { size } = draft.segment
  if (size < sizes.least) {
    await bodies.abandon([draft])
    throw new S3Error('EntityTooSmall', { ProposedSize: size, MinSizeAllowed: sizes.least })
  }
  const made = { size, etag: md5, headers: kept, checksum }
  await placeObject({ ...call, key, headers }, 'ObjectCreated:Post', draft, made)
  return answer(call, fields, key, md5)
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: S3's own variable.
const VARIABLE = '${filename}'

// Fields named otherwise than the header they stand for.
const OTHERWISE: Readonly<Record<string, string>> = { acl: 'x-amz-acl' }
const HEADERS = /^(?:cache-control|content-(?:type|disposition|encoding|language)|expires|x-amz-.+)$/
const AUTHORIZING = /^x-amz-(?:algorithm|credential|date|signature|security-token)$/

function toHeaders(fields: Form['fields']): Headers {
  const headers: Record<string, string | undefined> = Object.create(null)
  for (const [name, { value }] of fields) {
    const header = OTHERWISE[name] ?? name
    if (!HEADERS.test(header) || AUTHORIZING.test(header) || !/^[\w.-]+$/.test(header)) continue
    // Given back as headers, they must not split one.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
    if (/[\u0000-\u001f\u007f]/.test(value)) throw badArgument(name, value)
    headers[header] = Buffer.from(value).toString('latin1')
  }
  const tagging = fields.get('tagging')?.value
  if (tagging !== undefined) headers['x-amz-tagging'] = writeTags(readTagSet(readRoot(tagging, 'Tagging')))
  return headers
}

interface Taken {
  readonly draft: Draft
  readonly md5: string
  readonly checksum: Checksum
}

async function takeFile({ bodies }: Call, file: FormFile, headers: Headers, sizes: Sizes): Promise<Taken> {
  const most = Math.min(sizes.most, LARGEST)
  const algorithm = CHECKSUM_ALGORITHMS.find((one) => headers[checksumHeader(one)] !== undefined) ?? 'CRC64NVME'
  const running = startChecksum(algorithm)
  const md5 = createHash('md5')
  let size = 0
  async function* metered(): AsyncGenerator<Uint8Array> {
    for await (const chunk of file.bytes) {
      size += chunk.length
      if (size > most) throw new S3Error('EntityTooLarge', { ProposedSize: size, MaxSizeAllowed: most })
      md5.update(chunk)
      running.update(chunk)
      yield chunk
    }
  }
  const draft = await bodies.write(metered())
  const value = running.value()
  const claimed = headers[checksumHeader(algorithm)]
  if (claimed !== undefined && claimed !== value) {
    await bodies.abandon([draft])
    throw new S3Error('BadDigest', {}, `The ${algorithm} you specified did not match the calculated checksum.`)
  }
  return { draft, md5: md5.digest('hex'), checksum: { algorithm, value, type: 'FULL_OBJECT' } }
}

function answer({ bucket, request }: Call, fields: Form['fields'], key: string, md5: string): WireResponse {
  const etag = `"${md5}"`
  const redirect = toRedirect(fields, { bucket, key, etag })
  if (redirect !== undefined) return { status: 303, headers: { location: redirect, etag } }
  const encoded = key.split('/').map(encodeURIComponent).join('/')
  const { origin } = new URL(request.endpoint)
  const inHost = request.path === '/'
  const location = inHost ? `${origin}/${encoded}` : `${origin}/${bucket}/${encoded}`
  const headers = { etag, location }
  const status = fields.get('success_action_status')?.value
  if (status === '200') return { status: 200, headers }
  // S3 answers 204 to any other status, too.
  if (status !== '201') return { status: 204, headers }
  const body = writeXml('PostResponse', [
    ['Location', location],
    ['Bucket', bucket],
    ['Key', key],
    ['ETag', etag],
  ])
  return { status: 201, headers: { ...headers, 'content-type': 'application/xml' }, body }
}

// What is no URL is as if it were not there. Documented.
function toRedirect(fields: Form['fields'], told: Readonly<Record<string, string>>): string | undefined {
  const text = (fields.get('success_action_redirect') ?? fields.get('redirect'))?.value
  if (text === undefined || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  for (const [name, value] of Object.entries(told)) url.searchParams.append(name, value)
  return url.href
}
