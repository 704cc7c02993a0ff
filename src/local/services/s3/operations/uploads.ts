// Multipart uploads begun, given up and listed: CreateMultipartUpload, AbortMultipartUpload, ListMultipartUploads.
import { randomBytes } from 'node:crypto'
import type { XmlNodes } from '../../../../aws/protocol/xml.ts'
import { toAlgorithm } from '../checksums.ts'
import type { Call, Operation } from '../dispatch.ts'
import { answerXml, OWNER, showTime } from '../documents.ts'
import { badArgument, S3Error } from '../errors.ts'
import { keepHeaders, showEncryption } from '../headers.ts'
import { findBucket, findUpload, type Part, partAt, partsAt, type Upload, uploadAt, uploadsAt } from '../state.ts'
import { walk } from '../walk.ts'
import { readAsked } from './lists.ts'

export const uploads: readonly Operation[] = [
  { name: 'CreateMultipartUpload', method: 'POST', level: 'object', subResource: 'uploads', run: createUpload },
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
  const wasShown = ({ value }: { value: Upload }): boolean => idMarker === '' || value.id <= idMarker
  const page = walk<Upload>((start) => store.range(uploadsAt(bucket, start)), {
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
