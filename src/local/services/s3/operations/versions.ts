// Versioning of a bucket, and the list of its versions: PutBucketVersioning, GetBucketVersioning, ListObjectVersions.
import type { XmlNodes } from '../../../../aws/protocol/xml.ts'
import type { Entry } from '../../../store.ts'
import type { Call, Operation } from '../dispatch.ts'
import { answerXml, child, OWNER, readRoot, showTime } from '../documents.ts'
import { badArgument, S3Error } from '../errors.ts'
import { receiveText } from '../receive.ts'
import { bucketAt, findBucket, keyOf, objectsAt, type StoredVersion, versionAt, versionsAt } from '../state.ts'
import { isMarker, lookUp, orderOf } from '../versions.ts'
import { isCommonPrefix, type Walked, walk } from '../walk.ts'
import { type Asked, COMMON, readAsked } from './lists.ts'

export const versions: readonly Operation[] = [
  { name: 'PutBucketVersioning', method: 'PUT', level: 'bucket', subResource: 'versioning', run: putVersioning },
  { name: 'GetBucketVersioning', method: 'GET', level: 'bucket', subResource: 'versioning', run: getVersioning },
  {
    name: 'ListObjectVersions',
    method: 'GET',
    level: 'bucket',
    subResource: 'versions',
    parameters: [...COMMON, 'key-marker', 'version-id-marker'],
    run: listVersions,
  },
]

type Answer = Awaited<ReturnType<Operation['run']>>

async function putVersioning({ bucket, headers, request, store }: Call): Promise<Answer> {
  findBucket(store, bucket)
  const root = readRoot(await receiveText(headers, request.body, 64 * 1024), 'VersioningConfiguration')
  const status = child(root, 'Status')
  const device = child(root, 'MfaDelete')
  if (status === undefined) throw new S3Error('IllegalVersioningConfigurationException')
  if (status !== 'Enabled' && status !== 'Suspended') throw new S3Error('MalformedXML')
  if (device !== undefined && device !== 'Enabled' && device !== 'Disabled') throw new S3Error('MalformedXML')
  // There is no device to ask, so nothing would be protected.
  if (device === 'Enabled') throw new S3Error('NotImplemented', { Header: 'MfaDelete' })
  await store.commit((writer) => {
    writer.put(bucketAt(bucket), { ...findBucket(writer, bucket), versioning: status })
  })
  return { status: 200, headers: {} }
}

function getVersioning({ bucket, store }: Call): Answer {
  const { versioning } = findBucket(store, bucket)
  return answerXml('VersioningConfiguration', versioning === undefined ? '' : [['Status', versioning]])
}

interface Listed {
  readonly stored: StoredVersion
  readonly isLatest: boolean
}

function listVersions({ bucket, query, store }: Call): Answer {
  findBucket(store, bucket)
  const asked = readAsked(query)
  const { prefix, delimiter, most } = asked
  const keyMarker = query.get('key-marker') ?? ''
  const idMarker = query.get('version-id-marker')
  const shownTo = idMarker === undefined ? undefined : readMarker(store, bucket, keyMarker, idMarker)
  const page = walk<Listed>((start) => everyVersion(store, bucket, start, { key: keyMarker, order: shownTo }), {
    prefix,
    delimiter,
    most,
    after: keyMarker,
    passed: isCommonPrefix(keyMarker, asked) ? keyMarker : undefined,
    wasShown: ({ value }) => shownTo === undefined || orderOf(value.stored) >= shownTo,
  })
  return answerXml('ListVersionsResult', [
    ['Name', bucket],
    ['Prefix', asked.show(prefix)],
    ['KeyMarker', asked.show(keyMarker)],
    ['VersionIdMarker', idMarker ?? ''],
    ...showPage(asked, page),
  ])
}

// Newest first: what a key holds now comes before what it held. Of the marked key, what was shown is not read again.
function* everyVersion(
  store: Call['store'],
  bucket: string,
  start: string,
  marked: { readonly key: string; readonly order: number | undefined },
): Generator<Entry<Listed>> {
  for (const { key, value } of store.range<StoredVersion>(objectsAt(bucket, start))) {
    yield { key, value: { stored: value, isLatest: true } }
    const name = keyOf(key)
    const range = versionsAt(bucket, name)
    const end = name === marked.key && marked.order !== undefined ? versionAt(bucket, name, marked.order) : range.end
    for (const older of store.range<StoredVersion>({ ...range, end, reverse: true }))
      yield { key, value: { stored: older.value, isLatest: false } }
  }
}

/** The order of the version the page before ended with. */
function readMarker(store: Call['store'], bucket: string, key: string, id: string): number | undefined {
  if (id === '') throw badArgument('version-id-marker', id, 'A version-id marker cannot be empty.')
  if (key === '')
    throw badArgument('version-id-marker', id, 'A version-id marker cannot be specified without a key marker.')
  // Throws at a malformed id; one that has gone since still says where it stood.
  const stored = lookUp(store, { bucket, key }, id)
  if (id !== 'null') return orderOf({ marker: true, version: id, modified: 0 })
  return stored === undefined ? undefined : orderOf(stored)
}

function showPage({ delimiter, most, show, encoding }: Asked, page: Walked<Listed>): XmlNodes {
  const { last, truncated } = page
  const end = truncated ? last : undefined
  const lastVersion = page.found.at(-1)?.value.stored.version ?? 'null'
  return [
    ['NextKeyMarker', end === undefined ? undefined : show(end.text)],
    ['NextVersionIdMarker', end === undefined || end.isPrefix ? undefined : lastVersion],
    ['MaxKeys', most],
    ['Delimiter', delimiter === '' ? undefined : show(delimiter)],
    ['EncodingType', encoding],
    ['IsTruncated', truncated],
    ...page.found.map(({ key, value }) => showListed(show(key), value)),
    ...page.prefixes.map((one) => ['CommonPrefixes', [['Prefix', show(one)]]] as const),
  ]
}

function showListed(key: string, { stored, isLatest }: Listed): XmlNodes[number] {
  const named: XmlNodes = [
    ['Key', key],
    ['VersionId', stored.version ?? 'null'],
    ['IsLatest', isLatest],
    ['LastModified', showTime(stored.modified)],
    ['Owner', OWNER],
  ]
  if (isMarker(stored)) return ['DeleteMarker', named]
  const content: XmlNodes = [
    ...named,
    ['ETag', `"${stored.etag}"`],
    ['ChecksumAlgorithm', stored.checksum?.algorithm],
    ['ChecksumType', stored.checksum?.type],
    ['Size', stored.size],
    ['StorageClass', stored.headers['x-amz-storage-class'] ?? 'STANDARD'],
  ]
  return ['Version', content]
}
