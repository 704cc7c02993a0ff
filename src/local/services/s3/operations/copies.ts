// CopyObject and UploadPartCopy.

import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { XmlNodes } from '../../../../aws/protocol/xml.ts'
import { readCopySource } from '../address.ts'
import type { Draft } from '../bodies.ts'
import { startChecksum, toAlgorithm } from '../checksums.ts'
import { checkCopySource } from '../conditions.ts'
import type { Call, Operation } from '../dispatch.ts'
import { answerXml, checksumNodes, showTime } from '../documents.ts'
import { badArgument, S3Error } from '../errors.ts'
import { copyHeaders, showEncryption, showMade } from '../headers.ts'
import { placeObject } from '../place.ts'
import { readCopyRange } from '../range.ts'
import { type Checksum, findBucket, findUpload, type Part, type StoredObject } from '../state.ts'
import { findObject, isMarker, lookUp, type Place, showVersion } from '../versions.ts'
import { keepPart, readPartNumber } from './parts.ts'

export const copies: readonly Operation[] = [
  { name: 'CopyObject', method: 'PUT', level: 'object', copies: true, run: copyObject },
  {
    name: 'UploadPartCopy',
    method: 'PUT',
    level: 'object',
    subResource: 'uploadId',
    copies: true,
    parameters: ['partNumber'],
    run: copyPart,
  },
]

type Answer = Promise<Awaited<ReturnType<Operation['run']>>>

async function copyObject(call: Call): Answer {
  const { bucket, key, headers, store } = call
  findBucket(store, bucket)
  const from = findSource(call)
  const source = from.object
  checkDirective(headers)
  // An older version is brought back by a copy onto its own key.
  const isOnItself = from.place.bucket === bucket && from.place.key === key && !from.isOlder
  if (isOnItself && !changes(headers)) throw new S3Error('InvalidRequest', {}, ILLEGAL)
  const kept = copyHeaders(headers, source)
  const algorithm = toAlgorithm(headers['x-amz-checksum-algorithm'] ?? source.checksum?.algorithm ?? '')
  const { draft, etag, checksum } = await copyBytes(call, source, 0, source.size - 1, algorithm)
  const object = await placeObject(call, 'ObjectCreated:Copy', draft, {
    size: source.size,
    etag,
    headers: kept,
    checksum,
  })
  return answerXml(
    'CopyObjectResult',
    // Recorded: a copy's document does not say the type of its checksum.
    [['LastModified', showTime(object.modified)], ['ETag', `"${etag}"`], ...checksumNodes(checksum).slice(0, 1)],
    { ...showEncryption(kept), ...showMade(object), ...from.shown },
  )
}

interface Source {
  readonly object: StoredObject
  readonly place: Place
  readonly isOlder: boolean
  readonly shown: Record<string, string>
}

function findSource({ headers, store, clock }: Call): Source {
  const { version, ...place } = readCopySource(headers['x-amz-copy-source'] ?? '')
  const stored = version === undefined ? undefined : lookUp(store, place, version)
  if (stored !== undefined && isMarker(stored)) throw new S3Error('InvalidRequest', {}, MARKED)
  const { object, bucket } = findObject(store, place, version)
  checkCopySource(headers, object, clock.now())
  const id = showVersion(object, bucket)['x-amz-version-id']
  return {
    object,
    place,
    isOlder: version !== undefined && bucket.versioning !== undefined,
    shown: id === undefined ? {} : { 'x-amz-copy-source-version-id': id },
  }
}

const MARKED = 'The source of a copy request may not specifically refer to a delete marker by version id.'

async function copyPart(call: Call): Answer {
  const { bucket, key, query, headers, store, clock } = call
  const number = readPartNumber(query)
  const upload = findUpload(store, bucket, key, query.get('uploadId') ?? '')
  const { object: source, shown } = findSource(call)
  const { start, end } = readCopyRange(headers['x-amz-copy-source-range'], source.size)
  const { draft, etag, checksum } = await copyBytes(call, source, start, end, upload.checksum?.algorithm)
  const part: Part = {
    number,
    size: draft.segment.size,
    etag,
    modified: clock.now(),
    segment: draft.segment,
    ...(checksum === undefined ? {} : { checksum }),
  }
  await keepPart(call, upload.id, part, draft)
  const content: XmlNodes = [
    ['LastModified', showTime(part.modified)],
    ['ETag', `"${etag}"`],
    ...checksumNodes(checksum).slice(0, 1),
  ]
  return answerXml('CopyPartResult', content, { ...showEncryption(upload.headers), ...shown })
}

const ILLEGAL =
  "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes."

function changes(headers: Call['headers']): boolean {
  if (headers['x-amz-metadata-directive'] === 'REPLACE') return true
  return ['x-amz-storage-class', 'x-amz-website-redirect-location', 'x-amz-server-side-encryption'].some(
    (name) => headers[name] !== undefined,
  )
}

function checkDirective(headers: Call['headers']): void {
  for (const name of ['x-amz-metadata-directive', 'x-amz-tagging-directive']) {
    const value = headers[name]
    if (value !== undefined && value !== 'COPY' && value !== 'REPLACE')
      throw badArgument(name, value, 'Unknown metadata directive.')
  }
}

interface Copied {
  readonly draft: Draft
  readonly etag: string
  readonly checksum?: Checksum
}

async function copyBytes(
  { bodies }: Call,
  source: StoredObject,
  start: number,
  end: number,
  algorithm: Checksum['algorithm'] | undefined,
): Promise<Copied> {
  const md5 = createHash('md5')
  const checksum = algorithm === undefined ? undefined : startChecksum(algorithm)
  const bytes = bodies.read(source.segments, start, end)
  const draft = await bodies.write(
    metered(bytes instanceof Readable ? bytes : [bytes], (chunk) => {
      md5.update(chunk)
      checksum?.update(chunk)
    }),
  )
  const etag = md5.digest('hex')
  if (algorithm === undefined || checksum === undefined) return { draft, etag }
  return { draft, etag, checksum: { algorithm, value: checksum.value(), type: 'FULL_OBJECT' } }
}

async function* metered(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  meter: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    meter(chunk)
    yield chunk
  }
}
