// CompleteMultipartUpload: the parts become one object without a byte being moved.
import { createHash } from 'node:crypto'
import type { XmlElement, XmlNodes } from '../../../../aws/protocol/xml.ts'
import type { Bodies } from '../bodies.ts'
import { type ChecksumAlgorithm, checksumHeader, startChecksum } from '../checksums.ts'
import { checkWrite } from '../conditions.ts'
import type { Call, Operation } from '../dispatch.ts'
import { answerXml, checksumNodes, child, readRoot } from '../documents.ts'
import { S3Error } from '../errors.ts'
import { showEncryption, showMade } from '../headers.ts'
import { changedVersion } from '../place.ts'
import { receiveText } from '../receive.ts'
import { type Checksum, findBucket, findUpload, type Part, partsAt, type StoredObject, uploadAt } from '../state.ts'
import { liveObject, putCurrent } from '../versions.ts'

const LARGEST_BODY = 4 * 1024 * 1024
const SMALLEST_PART = 5 * 1024 * 1024
const MOST_PARTS = 10_000

export const completions: readonly Operation[] = [
  { name: 'CompleteMultipartUpload', method: 'POST', level: 'object', subResource: 'uploadId', run: completeUpload },
]

async function completeUpload(call: Call): Promise<Awaited<ReturnType<Operation['run']>>> {
  const { bucket, key, query, headers, request, store, clock, bodies } = call
  const id = query.get('uploadId') ?? ''
  const upload = findUpload(store, bucket, key, id)
  const wanted = readParts(await receiveText(withoutChecksums(headers), request.body, LARGEST_BODY))
  const chosen = choose(
    wanted,
    [...store.range<Part>(partsAt(id))].map(({ value }) => value),
    id,
  )
  const checksum = upload.checksum && (await sumUp(upload.checksum, chosen, bodies))
  if (checksum !== undefined) checkClaimed(checksum, headers)
  const object: StoredObject = {
    size: chosen.reduce((sum, { size }) => sum + size, 0),
    etag: toEtag(chosen),
    modified: clock.now(),
    headers: upload.headers,
    segments: chosen.map(({ segment }) => segment),
    parts: chosen.length,
    ...(checksum === undefined ? {} : { checksum }),
    ...(checksum?.type === 'COMPOSITE' ? { partChecksums: chosen.map((one) => one.checksum?.value ?? '') } : {}),
  }
  const placed = await keepWhole(call, id, object)
  const content: XmlNodes = [
    ['Location', `${request.endpoint}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`],
    ['Bucket', bucket],
    ['Key', key],
    ['ETag', `"${object.etag}"`],
    ...checksumNodes(checksum),
  ]
  return answerXml('CompleteMultipartUploadResult', content, { ...showEncryption(upload.headers), ...showMade(placed) })
}

function keepWhole(call: Call, id: string, object: StoredObject): Promise<StoredObject> {
  const { bucket, key, headers, bodies, tell } = call
  return bodies.commit([], (writer, drop) => {
    findUpload(writer, bucket, key, id)
    checkWrite(headers, key, liveObject(writer, call))
    const used = new Set(object.segments.map((one) => one.id))
    for (const { key: at, value } of [...writer.range<Part>(partsAt(id))]) {
      if (!used.delete(value.segment.id)) drop([value.segment])
      writer.remove(at)
    }
    // A part replaced since it was chosen has other bytes now.
    if (used.size > 0) throw new S3Error('InvalidPart', { UploadId: id })
    writer.remove(uploadAt(bucket, key, id))
    const placed = putCurrent(writer, drop, call, findBucket(writer, bucket), object)
    const { size, etag } = placed
    tell(writer, { event: 'ObjectCreated:CompleteMultipartUpload', bucket, key, size, etag, ...changedVersion(placed) })
    return placed
  })
}

// The MD5 of the parts' MD5s, and how many there were: clients recognize a multipart object by it.
function toEtag(parts: readonly Part[]): string {
  const digests = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, 'hex')))
  return `${createHash('md5').update(digests).digest('hex')}-${parts.length}`
}

function checkClaimed({ algorithm, value }: Checksum, headers: Call['headers']): void {
  const claimed = headers[checksumHeader(algorithm)]
  if (claimed !== undefined && claimed !== value && claimed !== value.replace(/-\d+$/, ''))
    throw new S3Error('BadDigest', {}, `The ${algorithm} you specified did not match the calculated checksum.`)
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

function choose(wanted: readonly WantedPart[], stored: readonly Part[], id: string): Part[] {
  const parts = new Map(stored.map((part) => [part.number, part]))
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
  bodies: Bodies,
): Promise<Checksum | undefined> {
  if (type === 'COMPOSITE') return compose(algorithm, parts)
  const running = startChecksum(algorithm)
  const segments = parts.map(({ segment }) => segment)
  const bytes = bodies.read(segments, 0, Number.MAX_SAFE_INTEGER)
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
