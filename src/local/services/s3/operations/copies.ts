// CopyObject and UploadPartCopy.

import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { readCopySource } from '../address.ts'
import type { Draft } from '../bodies.ts'
import { startChecksum, toAlgorithm } from '../checksums.ts'
import { checkCopySource } from '../conditions.ts'
import type { Call, Operation } from '../dispatch.ts'
import { answerXml, checksumNodes, showTime } from '../documents.ts'
import { badArgument, S3Error } from '../errors.ts'
import { copyHeaders, showEncryption } from '../headers.ts'
import { placeObject } from '../place.ts'
import { readCopyRange } from '../range.ts'
import { type Checksum, findBucket, findObject, findUpload, type Part, type StoredObject } from '../state.ts'
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
  const from = readCopySource(headers['x-amz-copy-source'] ?? '')
  const source = findObject(store, from.bucket, from.key)
  checkCopySource(headers, source)
  checkDirective(headers)
  if (from.bucket === bucket && from.key === key && !changes(headers)) throw new S3Error('InvalidRequest', {}, ILLEGAL)
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
    [['LastModified', showTime(object.modified)], ['ETag', `"${etag}"`], ...checksumNodes(checksum)],
    showEncryption(kept),
  )
}

async function copyPart(call: Call): Answer {
  const { bucket, key, query, headers, store, clock } = call
  const number = readPartNumber(query)
  const upload = findUpload(store, bucket, key, query.get('uploadId') ?? '')
  const from = readCopySource(headers['x-amz-copy-source'] ?? '')
  const source = findObject(store, from.bucket, from.key)
  checkCopySource(headers, source)
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
  return answerXml('CopyPartResult', [
    ['LastModified', showTime(part.modified)],
    ['ETag', `"${etag}"`],
    ...checksumNodes(checksum).slice(0, 1),
  ])
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
