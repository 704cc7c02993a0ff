// ListObjects (the first version) and ListObjectsV2.
import type { XmlNodes } from '../../../../aws/protocol/xml.ts'
import { encode } from '../../../../aws/signer.ts'
import type { Entry } from '../../../store.ts'
import type { Call, Operation } from '../dispatch.ts'
import { answerXml, OWNER, showTime } from '../documents.ts'
import { badArgument } from '../errors.ts'
import { type Bucket, findBucket, objectsAt, type StoredObject, type StoredVersion } from '../state.ts'
import { isMarker } from '../versions.ts'
import { isCommonPrefix, type Walk, type Walked, walk } from '../walk.ts'

export const COMMON = ['prefix', 'delimiter', 'max-keys', 'encoding-type']

export const lists: readonly Operation[] = [
  { name: 'ListObjects', method: 'GET', level: 'bucket', parameters: [...COMMON, 'marker'], run: listObjects },
  {
    name: 'ListObjectsV2',
    method: 'GET',
    level: 'bucket',
    subResource: 'list-type',
    parameters: [...COMMON, 'continuation-token', 'start-after', 'fetch-owner'],
    run: listObjectsV2,
  },
]

function listObjects({ bucket, query, store }: Call): ReturnType<Operation['run']> {
  const { versioning } = findBucket(store, bucket)
  const asked = readAsked(query)
  const { prefix, delimiter, most, show } = asked
  const marker = query.get('marker') ?? ''
  const passed = isCommonPrefix(marker, asked) ? marker : undefined
  const page = find(store, bucket, versioning, { prefix, delimiter, most, after: marker, passed })
  return answerXml('ListBucketResult', [
    ['Name', bucket],
    ['Prefix', show(prefix)],
    ['Marker', show(marker)],
    // Without a delimiter the client takes the last key itself.
    ['NextMarker', page.truncated && delimiter !== '' && page.last !== undefined ? show(page.last.text) : undefined],
    ...tail(asked, page, true),
  ])
}

function listObjectsV2({ bucket, query, store }: Call): ReturnType<Operation['run']> {
  const { versioning } = findBucket(store, bucket)
  if (query.get('list-type') !== '2') throw badArgument('list-type', query.get('list-type') ?? '')
  const asked = readAsked(query)
  const { prefix, delimiter, most, show } = asked
  const token = query.get('continuation-token')
  const startAfter = query.get('start-after')
  const from = token === undefined ? { text: startAfter ?? '', isPrefix: false } : readToken(token)
  const passed = from.isPrefix ? from.text : undefined
  const page = find(store, bucket, versioning, { prefix, delimiter, most, after: from.text, passed })
  return answerXml('ListBucketResult', [
    ['Name', bucket],
    ['Prefix', show(prefix)],
    ['StartAfter', startAfter === undefined ? undefined : show(startAfter)],
    ['ContinuationToken', token],
    ['NextContinuationToken', page.truncated && page.last !== undefined ? writeToken(page.last) : undefined],
    ['KeyCount', page.found.length + page.prefixes.length],
    ...tail(asked, page, query.get('fetch-owner') === 'true'),
  ])
}

const find = (
  store: Call['store'],
  bucket: string,
  versioning: Bucket['versioning'],
  asked: Walk<StoredObject>,
): Walked<StoredObject> =>
  walk<StoredObject>((start) => {
    const range = objectsAt(bucket, start)
    return versioning === undefined ? store.range(range) : live(store.range(range))
  }, asked)

function* live(entries: Iterable<Entry<StoredVersion>>): Generator<Entry<StoredObject>> {
  for (const { key, value } of entries) if (!isMarker(value)) yield { key, value }
}

function tail({ delimiter, most, show, encoding }: Asked, page: Walked<StoredObject>, withOwner: boolean): XmlNodes {
  return [
    ['MaxKeys', most],
    ['Delimiter', delimiter === '' ? undefined : show(delimiter)],
    ['EncodingType', encoding],
    ['IsTruncated', page.truncated],
    ...page.found.map(({ key, value }) => ['Contents', contents(show(key), value, withOwner)] as const),
    ...page.prefixes.map((one) => ['CommonPrefixes', [['Prefix', show(one)]]] as const),
  ]
}

function contents(key: string, object: StoredObject, withOwner: boolean): XmlNodes {
  return [
    ['Key', key],
    ['LastModified', showTime(object.modified)],
    ['ETag', `"${object.etag}"`],
    ['ChecksumAlgorithm', object.checksum?.algorithm],
    ['ChecksumType', object.checksum?.type],
    ['Size', object.size],
    ['Owner', withOwner ? OWNER : undefined],
    ['StorageClass', object.headers['x-amz-storage-class'] ?? 'STANDARD'],
  ]
}

/** What every listing is asked with. */
export interface Asked {
  readonly prefix: string
  readonly delimiter: string
  readonly most: number
  readonly encoding: 'url' | undefined
  /** Keys as the answer writes them. */
  readonly show: (key: string) => string
}

export function readAsked(query: ReadonlyMap<string, string>, limit = 'max-keys'): Asked {
  const text = query.get(limit) ?? '1000'
  if (!/^\d{1,10}$/.test(text) || Number(text) > 2 ** 31 - 1)
    throw badArgument(limit, text, `Provided ${limit} not an integer or within integer range`)
  const encoding = query.get('encoding-type')
  if (encoding !== undefined && encoding !== 'url')
    throw badArgument('encoding-type', encoding, 'Invalid Encoding Method specified in Request')
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    most: Math.min(Number(text), 1000),
    encoding,
    show: encoding === 'url' ? encodeKey : (key) => key,
  }
}

// As a form is encoded, with slashes left alone.
const encodeKey = (key: string): string => encode(key).replaceAll('%2F', '/').replaceAll('%20', '+')

function writeToken({ text, isPrefix }: { text: string; isPrefix: boolean }): string {
  return Buffer.from(`${isPrefix ? 'p' : 'k'}${text}`).toString('base64url')
}

function readToken(token: string): { text: string; isPrefix: boolean } {
  const text = Buffer.from(token, 'base64url').toString()
  if (!/^[pk]/.test(text))
    throw badArgument('continuation-token', token, 'The continuation token provided is incorrect')
  return { text: text.slice(1), isPrefix: text.startsWith('p') }
}
