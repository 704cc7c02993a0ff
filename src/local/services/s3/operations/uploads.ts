// Multipart uploads as wholes: CreateMultipartUpload, CompleteMultipartUpload, AbortMultipartUpload, ListMultipartUploads.
import { createHash, randomBytes } from 'node:crypto'
import type { XmlElement, XmlNodes } from '../../../../aws/protocol/xml.ts'
import { type ChecksumAlgorithm, startChecksum, toAlgorithm } from '../checksums.ts'
import { checkWrite } from '../conditions.ts'
import type { Call, Operation } from '../dispatch.ts'
import { answerXml, checksumNodes, child, OWNER, readRoot, showTime } from '../documents.ts'
import { badArgument, S3Error } from '../errors.ts'
import { keepHeaders, showEncryption } from '../headers.ts'
import { receiveText } from '../receive.ts'
import {
  type Checksum,
  findBucket,
  findUpload,
  objectAt,
  type Part,
  partAt,
  partsAt,
  type StoredObject,
  type Upload,
  uploadAt,
  uploadsAt,
} from '../state.ts'
import { walk } from '../walk.ts'
import { readAsked } from './lists.ts'

const LARGEST_BODY = 4 * 1024 * 1024
const SMALLEST_PART = 5 * 1024 * 1024
const MOST_PARTS = 10_000

export const uploads: readonly Operation[] = [
  { name: 'CreateMultipartUpload', method: 'POST', level: 'object', subResource: 'uploads', run: createUpload },
  { name: 'CompleteMultipartUpload', method: 'POST', level: 'object', subResource: 'uploadId', run: completeUpload },
  { name: 'AbortMultipartUpload', method: 'DELETE', level: 'object', subResource: 'uploadId', run: abortUpload },
  {
    name: 'ListMultipartUploads',
    method: 'GET',
    level: 'bucket',
    subResource: 'uploads',
    parameters: ['prefix', 'delimiter', 'max-uploads', 'key-marker', 'upload-id-marker', 'encoding-type'],
    run: listUploads,
  },
]

type Answer = Awaited<ReturnType<Operation['run']>>

async function createUpload({ bucket, key, headers, store, clock }: Call): Promise<Answer> {
  const initiated = clock.now()
  // The time first, so that the uploads of one key are listed in the order they began.
  const id = initiated.toString(16).padStart(12, '0') + randomBytes(36).toString('base64url')
  const checksum = readChecksum(headers)
  const upload: Upload = {
    id,
    initiated,
    headers: keepHeaders(headers),
    ...(checksum === undefined ? {} : { checksum }),
  }
  await store.commit((writer) => {
    findBucket(writer, bucket)
    writer.put(uploadAt(bucket, key, id), upload)
  })
  const shown: Record<string, string> = showEncryption(upload.headers)
  if (checksum !== undefined) {
    shown['x-amz-checksum-algorithm'] = checksum.algorithm
    shown['x-amz-checksum-type'] = checksum.type
  }
  return answerXml(
    'InitiateMultipartUploadResult',
    [
      ['Bucket', bucket],
      ['Key', key],
      ['UploadId', id],
    ],
    shown,
  )
}

function readChecksum(headers: Call['headers']): Upload['checksum'] {
  const text = headers['x-amz-checksum-algorithm']
  const type = headers['x-amz-checksum-type']?.toUpperCase()
  if (text === undefined) return undefined
  const algorithm = toAlgorithm(text)
  if (algorithm === undefined)
    throw new S3Error(
      'InvalidRequest',
      {},
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    )
  const fallback = algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE'
  if (type === undefined) return { algorithm, type: fallback }
  const impossible = type === 'FULL_OBJECT' ? algorithm.startsWith('SHA') : algorithm === 'CRC64NVME'
  if (impossible || (type !== 'FULL_OBJECT' && type !== 'COMPOSITE'))
    throw new S3Error(
      'InvalidRequest',
      {},
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    )
  return { algorithm, type }
}

async function completeUpload({
  bucket,
  key,
  query,
  headers,
  request,
  store,
  clock,
  bodies,
  tell,
}: Call): Promise<Answer> {
  const id = query.get('uploadId') ?? ''
  const upload = findUpload(store, bucket, key, id)
  const wanted = readParts(await receiveText(withoutChecksums(headers), request.body, LARGEST_BODY))
  const chosen = choose(
    wanted,
    new Map([...store.range<Part>(partsAt(id))].map(({ value }) => [value.number, value])),
    id,
  )
  const segments = chosen.map(({ segment }) => segment)
  const checksum =
    upload.checksum && (await sumUp(upload.checksum, chosen, () => bodies.read(segments, 0, Number.MAX_SAFE_INTEGER)))
  const object: StoredObject = {
    size: chosen.reduce((sum, { size }) => sum + size, 0),
    etag: `${createHash('md5')
      .update(Buffer.concat(chosen.map(({ etag }) => Buffer.from(etag, 'hex'))))
      .digest('hex')}-${chosen.length}`,
    modified: clock.now(),
    headers: upload.headers,
    segments,
    parts: chosen.length,
    ...(checksum === undefined ? {} : { checksum }),
  }
  await bodies.commit([], (writer, drop) => {
    findUpload(writer, bucket, key, id)
    const existing = writer.get<StoredObject>(objectAt(bucket, key))
    checkWrite(headers, key, existing)
    const stored = [...writer.range<Part>(partsAt(id))]
    // A part replaced since it was chosen has other bytes now.
    choose(wanted, new Map(stored.map(({ value }) => [value.number, value])), id)
    const used = new Set(segments.map((one) => one.id))
    for (const { key: at, value } of stored) {
      if (!used.delete(value.segment.id)) drop([value.segment])
      writer.remove(at)
    }
    if (used.size > 0) throw new S3Error('InvalidPart', { UploadId: id })
    if (existing !== undefined) drop(existing.segments)
    writer.remove(uploadAt(bucket, key, id))
    writer.put(objectAt(bucket, key), object)
  })
  tell({ event: 'ObjectCreated:CompleteMultipartUpload', bucket, key, size: object.size, etag: object.etag })
  const content: XmlNodes = [
    ['Location', `${request.endpoint}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`],
    ['Bucket', bucket],
    ['Key', key],
    ['ETag', `"${object.etag}"`],
    ...checksumNodes(checksum),
  ]
  return answerXml('CompleteMultipartUploadResult', content, showEncryption(upload.headers))
}

// Here a checksum header speaks of the whole object, not of the document that is sent.
function withoutChecksums(headers: Call['headers']): Call['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('x-amz-checksum-')))
}

interface WantedPart {
  readonly number: number
  readonly etag: string
}

function readParts(text: string): WantedPart[] {
  const wanted = readRoot(text, 'CompleteMultipartUpload')
    .children.filter(({ name }) => name === 'Part')
    .map(readPart)
  if (wanted.length === 0 || wanted.length > MOST_PARTS) throw new S3Error('MalformedXML')
  for (const [index, { number }] of wanted.entries())
    if (index > 0 && number <= (wanted[index - 1]?.number ?? 0)) throw new S3Error('InvalidPartOrder')
  return wanted
}

function readPart(part: XmlElement): WantedPart {
  const number = child(part, 'PartNumber')?.trim() ?? ''
  const etag = child(part, 'ETag')?.trim()
  if (!/^\d{1,5}$/.test(number) || etag === undefined) throw new S3Error('MalformedXML')
  return { number: Number(number), etag: etag.replace(/^"|"$/g, '') }
}

function choose(wanted: readonly WantedPart[], parts: ReadonlyMap<number, Part>, id: string): Part[] {
  return wanted.map(({ number, etag }, index) => {
    const part = parts.get(number)
    if (part === undefined || part.etag !== etag)
      throw new S3Error('InvalidPart', { UploadId: id, PartNumber: number, ETag: etag })
    if (part.size < SMALLEST_PART && index < wanted.length - 1)
      throw new S3Error('EntityTooSmall', {
        ProposedSize: part.size,
        MinSizeAllowed: SMALLEST_PART,
        PartNumber: number,
        ETag: etag,
      })
    return part
  })
}

async function sumUp(
  { algorithm, type }: Pick<Checksum, 'algorithm' | 'type'>,
  parts: readonly Part[],
  read: () => Uint8Array | AsyncIterable<Uint8Array>,
): Promise<Checksum | undefined> {
  if (type === 'COMPOSITE') return compose(algorithm, parts)
  const running = startChecksum(algorithm)
  const bytes = read()
  if (bytes instanceof Uint8Array) running.update(bytes)
  else for await (const chunk of bytes) running.update(chunk)
  return { algorithm, type, value: running.value() }
}

function compose(algorithm: ChecksumAlgorithm, parts: readonly Part[]): Checksum | undefined {
  const running = startChecksum(algorithm)
  for (const { checksum } of parts) {
    if (checksum?.algorithm !== algorithm) return undefined
    running.update(Buffer.from(checksum.value, 'base64'))
  }
  return { algorithm, type: 'COMPOSITE', value: `${running.value()}-${parts.length}` }
}

function abortUpload({ bucket, key, query, bodies }: Call): Promise<Answer> {
  const id = query.get('uploadId') ?? ''
  return bodies.commit([], (writer, drop) => {
    findUpload(writer, bucket, key, id)
    for (const { value } of [...writer.range<Part>(partsAt(id))]) {
      drop([value.segment])
      writer.remove(partAt(id, value.number))
    }
    writer.remove(uploadAt(bucket, key, id))
    return { status: 204, headers: {} }
  })
}

function listUploads({ bucket, query, store }: Call): Answer {
  findBucket(store, bucket)
  const { prefix, delimiter, most, show, encoding } = readAsked(query, 'max-uploads')
  const keyMarker = query.get('key-marker') ?? ''
  const idMarker = query.get('upload-id-marker') ?? ''
  const wasShown = (stored: readonly (string | number)[]): boolean => idMarker === '' || String(stored[4]) <= idMarker
  const page = walk<Upload>(store, (start) => uploadsAt(bucket, start), {
    prefix,
    delimiter,
    most,
    after: keyMarker,
    wasShown,
  })
  const lastUpload = page.last?.isPrefix === false ? page.found.at(-1)?.value.id : undefined
  if (query.has('upload-id-marker') && keyMarker === '') throw badArgument('upload-id-marker', idMarker)
  return answerXml('ListMultipartUploadsResult', [
    ['Bucket', bucket],
    ['KeyMarker', show(keyMarker)],
    ['UploadIdMarker', idMarker],
    ['NextKeyMarker', page.truncated && page.last !== undefined ? show(page.last.text) : undefined],
    ['NextUploadIdMarker', page.truncated ? lastUpload : undefined],
    ['Prefix', show(prefix)],
    ['Delimiter', delimiter === '' ? undefined : show(delimiter)],
    ['EncodingType', encoding],
    ['MaxUploads', most],
    ['IsTruncated', page.truncated],
    ...page.found.map(({ key, value }) => ['Upload', showUpload(show(key), value)] as const),
    ...page.prefixes.map((one) => ['CommonPrefixes', [['Prefix', show(one)]]] as const),
  ])
}

function showUpload(key: string, { id, initiated, headers, checksum }: Upload): XmlNodes {
  return [
    ['Key', key],
    ['UploadId', id],
    ['Initiator', OWNER],
    ['Owner', OWNER],
    ['StorageClass', headers['x-amz-storage-class'] ?? 'STANDARD'],
    ['Initiated', showTime(initiated)],
    ['ChecksumAlgorithm', checksum?.algorithm],
    ['ChecksumType', checksum?.type],
  ]
}
