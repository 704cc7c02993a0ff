// What is said of an object without its bytes: GetObjectAttributes, GetObjectAcl, PutObjectAcl.
import type { XmlNodes } from '../../../../aws/protocol/xml.ts'
import { answerAcl, takeAcl } from '../acl.ts'
import type { Call, Operation } from '../dispatch.ts'
import { answerXml, checksumNodes } from '../documents.ts'
import { badArgument, S3Error } from '../errors.ts'
import type { StoredObject } from '../state.ts'
import { findObject, showVersion } from '../versions.ts'

const acl = { level: 'object', subResource: 'acl', parameters: ['versionId'] } as const

export const attributes: readonly Operation[] = [
  {
    name: 'GetObjectAttributes',
    method: 'GET',
    level: 'object',
    subResource: 'attributes',
    parameters: ['versionId'],
    run: getAttributes,
  },
  {
    ...acl,
    name: 'GetObjectAcl',
    method: 'GET',
    run: (call) => {
      const { object, bucket } = findObject(call.store, call, call.query.get('versionId'))
      return answerAcl(showVersion(object, bucket))
    },
  },
  {
    ...acl,
    name: 'PutObjectAcl',
    method: 'PUT',
    run: async (call) => {
      const { object, bucket } = findObject(call.store, call, call.query.get('versionId'), 'PUT')
      await takeAcl(call)
      return { status: 200, headers: showVersion(object, bucket) }
    },
  },
]

const NAMES = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize']
const NONE = 'The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty'

function getAttributes(call: Call): ReturnType<Operation['run']> {
  const { headers, query, store } = call
  const { object, bucket } = findObject(store, call, query.get('versionId'))
  const asked = (headers['x-amz-object-attributes'] ?? '').split(',').map((one) => one.trim())
  const wanted = new Set(asked.filter((one) => one !== ''))
  if (wanted.size === 0) throw new S3Error('InvalidRequest', {}, NONE)
  for (const one of wanted)
    if (!NAMES.includes(one)) throw badArgument('x-amz-object-attributes', one, 'Invalid attribute name specified.')
  const all: XmlNodes = [
    ['ETag', object.etag],
    ['Checksum', object.checksum === undefined ? undefined : checksumNodes(object.checksum)],
    ['ObjectParts', object.parts === undefined ? undefined : showParts(object, headers)],
    ['StorageClass', object.headers['x-amz-storage-class'] ?? 'STANDARD'],
    ['ObjectSize', object.size],
  ]
  const content = all.filter(([name]) => wanted.has(name))
  const shown = { 'last-modified': new Date(object.modified).toUTCString(), ...showVersion(object, bucket) }
  return answerXml('GetObjectAttributesResponse', content, shown)
}

// The parts one by one only where each has a checksum: docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html.
function showParts({ segments, checksum, partChecksums }: StoredObject, headers: Call['headers']): XmlNodes {
  const count: XmlNodes = [['PartsCount', segments.length]]
  if (partChecksums === undefined || checksum === undefined) return count
  const marker = readNumber(headers, 'x-amz-part-number-marker', 0)
  const most = Math.min(readNumber(headers, 'x-amz-max-parts', 1000), 1000)
  const page = segments.slice(marker, marker + most)
  return [
    ...count,
    ['PartNumberMarker', marker],
    ['NextPartNumberMarker', marker + page.length],
    ['MaxParts', most],
    ['IsTruncated', most > 0 && marker + page.length < segments.length],
    ...page.map(({ size }, index) => {
      const content: XmlNodes = [
        ['PartNumber', marker + index + 1],
        ['Size', size],
        [`Checksum${checksum.algorithm}`, partChecksums[marker + index]],
      ]
      return ['Part', content] as const
    }),
  ]
}

function readNumber(headers: Call['headers'], name: string, fallback: number): number {
  const text = headers[name]
  if (text === undefined) return fallback
  if (!/^\d{1,9}$/.test(text)) throw badArgument(name, text)
  return Number(text)
}
