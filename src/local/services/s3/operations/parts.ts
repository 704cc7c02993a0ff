// The parts of a multipart upload: UploadPart and ListParts.
import type { Draft } from '../bodies.ts'
import { checksumHeader } from '../checksums.ts'
import type { Call, Operation } from '../dispatch.ts'
import { answerXml, checksumNodes, OWNER, showTime } from '../documents.ts'
import { badArgument } from '../errors.ts'
import { showEncryption } from '../headers.ts'
import { receive } from '../receive.ts'
import { findUpload, type Part, partAt, partsAt } from '../state.ts'
import { readAsked } from './lists.ts'

export const parts: readonly Operation[] = [
  {
    name: 'UploadPart',
    method: 'PUT',
    level: 'object',
    subResource: 'uploadId',
    parameters: ['partNumber'],
    run: uploadPart,
  },
  {
    name: 'ListParts',
    method: 'GET',
    level: 'object',
    subResource: 'uploadId',
    parameters: ['max-parts', 'part-number-marker', 'encoding-type'],
    run: listParts,
  },
]

type Answer = Awaited<ReturnType<Operation['run']>>

async function uploadPart(call: Call): Promise<Answer> {
  const { bucket, key, query, headers, request, store, clock, bodies } = call
  const number = readPartNumber(query)
  const upload = findUpload(store, bucket, key, query.get('uploadId') ?? '')
  const { draft, size, md5, checksum } = await receive(bodies, headers, request.body, upload.checksum?.algorithm)
  const part: Part = {
    number,
    size,
    etag: md5,
    modified: clock.now(),
    segment: draft.segment,
    ...(checksum === undefined ? {} : { checksum }),
  }
  await keepPart(call, upload.id, part, draft)
  const shown = checksum === undefined ? {} : { [checksumHeader(checksum.algorithm)]: checksum.value }
  return { status: 200, headers: { etag: `"${md5}"`, ...showEncryption(upload.headers), ...shown } }
}

/** Commits a part; one of the same number is replaced. */
export function keepPart({ bucket, key, bodies }: Call, id: string, part: Part, draft: Draft): Promise<void> {
  return bodies.commit([draft], (writer, drop) => {
    findUpload(writer, bucket, key, id)
    const existing = writer.get<Part>(partAt(id, part.number))
    if (existing !== undefined) drop([existing.segment])
    writer.put(partAt(id, part.number), part)
  })
}

export function readPartNumber(query: ReadonlyMap<string, string>): number {
  const text = query.get('partNumber') ?? ''
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (number < 1 || number > 10_000)
    throw badArgument('partNumber', text, 'Part number must be an integer between 1 and 10000, inclusive')
  return number
}

function listParts({ bucket, key, query, store }: Call): Answer {
  const id = query.get('uploadId') ?? ''
  const upload = findUpload(store, bucket, key, id)
  const { most, show } = readAsked(query, 'max-parts')
  const marker = query.get('part-number-marker') ?? '0'
  if (!/^\d{1,5}$/.test(marker)) throw badArgument('part-number-marker', marker)
  const range = { ...partsAt(id), start: partAt(id, Number(marker) + 1), limit: most + 1 }
  const found = [...store.range<Part>(range)].map(({ value }) => value)
  const page = found.slice(0, most)
  return answerXml('ListPartsResult', [
    ['Bucket', bucket],
    ['Key', show(key)],
    ['UploadId', id],
    ['Initiator', OWNER],
    ['Owner', OWNER],
    ['StorageClass', upload.headers['x-amz-storage-class'] ?? 'STANDARD'],
    ['PartNumberMarker', Number(marker)],
    ['NextPartNumberMarker', page.at(-1)?.number ?? 0],
    ['MaxParts', most],
    ['IsTruncated', most > 0 && found.length > most],
    ['ChecksumAlgorithm', upload.checksum?.algorithm],
    ['ChecksumType', upload.checksum?.type],
    ...page.map(
      (part) =>
        [
          'Part',
          [
            ['PartNumber', part.number],
            ['LastModified', showTime(part.modified)],
            ['ETag', `"${part.etag}"`],
            ['Size', part.size],
            ...checksumNodes(part.checksum).slice(0, 1),
          ],
        ] as const,
    ),
  ])
}
