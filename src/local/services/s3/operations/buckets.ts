// Buckets: ListBuckets, CreateBucket, HeadBucket, DeleteBucket, GetBucketLocation.
import type { XmlNodes } from '../../../../aws/protocol/xml.ts'
import { REGION } from '../../../service.ts'
import type { Call, Operation } from '../dispatch.ts'
import { answerXml, OWNER, readRoot, showTime } from '../documents.ts'
import { badArgument, S3Error } from '../errors.ts'
import { receiveText } from '../receive.ts'
import { removeSettings } from '../settings.ts'
import {
  type Bucket,
  bucketAt,
  bucketsAt,
  findBucket,
  objectsAt,
  type Part,
  partsAt,
  type Upload,
  uploadsAt,
} from '../state.ts'

export const buckets: readonly Operation[] = [
  {
    name: 'ListBuckets',
    method: 'GET',
    level: 'service',
    parameters: ['prefix', 'max-buckets', 'continuation-token', 'bucket-region'],
    run: listBuckets,
  },
  { name: 'CreateBucket', method: 'PUT', level: 'bucket', run: createBucket },
  {
    name: 'HeadBucket',
    method: 'HEAD',
    level: 'bucket',
    run: ({ bucket, store }) => ({
      status: 200,
      headers: { 'x-amz-bucket-region': findBucket(store, bucket).location },
    }),
  },
  { name: 'DeleteBucket', method: 'DELETE', level: 'bucket', run: deleteBucket },
  {
    name: 'GetBucketLocation',
    method: 'GET',
    level: 'bucket',
    subResource: 'location',
    run: ({ bucket, store }) => {
      const { location } = findBucket(store, bucket)
      // us-east-1 is the empty location, since before there were others.
      return answerXml('LocationConstraint', location === 'us-east-1' ? '' : location)
    },
  },
]

function listBuckets({ store, query }: Call): ReturnType<Operation['run']> {
  const prefix = query.get('prefix') ?? ''
  const region = query.get('bucket-region')
  const text = query.get('max-buckets') ?? '10000'
  const most = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (most < 1 || most > 10_000) throw badArgument('max-buckets', text)
  const after = Buffer.from(query.get('continuation-token') ?? '', 'base64url').toString()
  const found: XmlNodes[] = []
  let last: string | undefined
  let more = false
  for (const { key, value } of store.range<Bucket>(bucketsAt)) {
    const name = String(key[2])
    if (name <= after || !name.startsWith(prefix) || (region !== undefined && value.location !== region)) continue
    more = found.length === most
    if (more) break
    last = name
    found.push([
      ['Name', name],
      ['CreationDate', showTime(value.created)],
      ['BucketRegion', value.location],
    ])
  }
  return answerXml('ListAllMyBucketsResult', [
    ['Owner', OWNER],
    ['Buckets', found.map((one) => ['Bucket', one] as const)],
    ['ContinuationToken', more && last !== undefined ? Buffer.from(last).toString('base64url') : undefined],
    ['Prefix', query.has('prefix') ? prefix : undefined],
  ])
}

async function createBucket({
  bucket,
  headers,
  request,
  store,
  clock,
}: Call): Promise<Awaited<ReturnType<Operation['run']>>> {
  if (headers['x-amz-bucket-object-lock-enabled']?.toLowerCase() === 'true')
    throw new S3Error('NotImplemented', { Header: 'x-amz-bucket-object-lock-enabled' })
  const asked = await readLocation({ headers, request })
  await store.commit((writer) => {
    const existing = writer.get<Bucket>(bucketAt(bucket))
    // Making one's own bucket again is an error everywhere but in us-east-1.
    if (existing !== undefined && (asked !== 'us-east-1' || existing.location !== asked))
      throw new S3Error('BucketAlreadyOwnedByYou', { BucketName: bucket })
    const made: Bucket = { created: clock.now(), location: asked }
    if (existing === undefined) writer.put(bucketAt(bucket), made)
  })
  return { status: 200, headers: { location: `/${bucket}` } }
}

async function readLocation({ headers, request }: Pick<Call, 'headers' | 'request'>): Promise<string> {
  const empty = (headers['content-length'] ?? '0') === '0' && headers['transfer-encoding'] === undefined
  if (empty) return REGION
  const text = await receiveText(headers, request.body, 64 * 1024)
  if (text === '') return REGION
  const root = readRoot(text, 'CreateBucketConfiguration')
  const location = root.children.find(({ name }) => name === 'LocationConstraint')?.text
  if (location === undefined) return REGION
  if (location === 'EU') return 'eu-west-1'
  if (location === 'us-east-1' || !/^[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d$/.test(location))
    throw new S3Error('InvalidLocationConstraint', { LocationConstraint: location })
  return location
}

const NOT_EMPTY = 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.'

function deleteBucket({ bucket, bodies }: Call): Promise<Awaited<ReturnType<Operation['run']>>> {
  return bodies.commit([], (writer, drop) => {
    const { versioning } = findBucket(writer, bucket)
    // A key that holds versions only, or a delete marker, is among them. The words for them are recorded.
    for (const _ of writer.range({ ...objectsAt(bucket), limit: 1 }))
      throw new S3Error('BucketNotEmpty', { BucketName: bucket }, versioning === undefined ? undefined : NOT_EMPTY)
    for (const upload of [...writer.range<Upload>(uploadsAt(bucket))]) {
      for (const part of [...writer.range<Part>(partsAt(upload.value.id))]) {
        drop([part.value.segment])
        writer.remove(part.key)
      }
      writer.remove(upload.key)
    }
    removeSettings(writer, bucket)
    writer.remove(bucketAt(bucket))
    return { status: 204, headers: {} }
  })
}
