// The further documents of a bucket: one table of what is kept as it comes and given back, with what S3 answers when there is none.
import type { XmlNodes } from '../../../../aws/protocol/xml.ts'
import type { WireResponse } from '../../../service.ts'
import { answerAcl, takeAcl } from '../acl.ts'
import type { Call, Operation } from '../dispatch.ts'
import { answerXml, readRoot } from '../documents.ts'
import { S3Error, type S3ErrorCode } from '../errors.ts'
import { checkPolicy, isPublic } from '../policy.ts'
import { receiveText } from '../receive.ts'
import { readSetting, settingAt } from '../settings.ts'
import { findBucket } from '../state.ts'
import { readTagSet } from '../tags.ts'

const LARGEST_BODY = 256 * 1024
const MOST_TAGS = 50

interface Row {
  readonly name: string
  readonly subResource: string
  readonly root: string
  /** What GET answers when nothing was put: an error, or the default. */
  readonly absent: S3ErrorCode | XmlNodes
  /** Whether DELETE takes it away. */
  readonly isDeletable?: boolean
  /** Refuses what S3 refuses beyond a wrong root. */
  readonly check?: (text: string) => void
  /** The status of a PUT and a DELETE. */
  readonly done?: number
}

// A new bucket has these: docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html, of January 2023.
const AES256: XmlNodes = [
  [
    'Rule',
    [
      ['ApplyServerSideEncryptionByDefault', [['SSEAlgorithm', 'AES256']]],
      ['BucketKeyEnabled', false],
    ],
  ],
]
// .../blog-s3-security-changes of April 2023: public access blocked, ACLs off.
const BLOCKED: XmlNodes = [
  ['BlockPublicAcls', true],
  ['IgnorePublicAcls', true],
  ['BlockPublicPolicy', true],
  ['RestrictPublicBuckets', true],
]
const ENFORCED: XmlNodes = [['Rule', [['ObjectOwnership', 'BucketOwnerEnforced']]]]

const ROWS: readonly Row[] = [
  {
    name: 'BucketEncryption',
    subResource: 'encryption',
    root: 'ServerSideEncryptionConfiguration',
    absent: AES256,
    isDeletable: true,
    // Recorded: one rule, neither none nor two.
    check: (text) => {
      const rules = readRoot(text, 'ServerSideEncryptionConfiguration').children.filter(({ name }) => name === 'Rule')
      if (rules.length !== 1) throw new S3Error('MalformedXML')
    },
  },
  {
    name: 'PublicAccessBlock',
    subResource: 'publicAccessBlock',
    root: 'PublicAccessBlockConfiguration',
    absent: BLOCKED,
    isDeletable: true,
  },
  {
    name: 'BucketOwnershipControls',
    subResource: 'ownershipControls',
    root: 'OwnershipControls',
    absent: ENFORCED,
    isDeletable: true,
  },
  {
    name: 'BucketTagging',
    subResource: 'tagging',
    root: 'Tagging',
    absent: 'NoSuchTagSet',
    isDeletable: true,
    check: (text) => void readTagSet(readRoot(text, 'Tagging'), MOST_TAGS),
    done: 204,
  },
  {
    name: 'BucketWebsite',
    subResource: 'website',
    root: 'WebsiteConfiguration',
    absent: 'NoSuchWebsiteConfiguration',
    isDeletable: true,
  },
  { name: 'BucketLogging', subResource: 'logging', root: 'BucketLoggingStatus', absent: [] },
  {
    name: 'BucketAccelerateConfiguration',
    subResource: 'accelerate',
    root: 'AccelerateConfiguration',
    absent: [],
  },
  {
    name: 'BucketRequestPayment',
    subResource: 'requestPayment',
    root: 'RequestPaymentConfiguration',
    absent: [['Payer', 'BucketOwner']],
  },
]

// Deleted, these are not their default again but none at all.
const ABSENT_ONCE_DELETED: Readonly<Record<string, S3ErrorCode>> = {
  publicAccessBlock: 'NoSuchPublicAccessBlockConfiguration',
  ownershipControls: 'OwnershipControlsNotFoundError',
}
const DELETED = ''

export const configurations: readonly Operation[] = [...ROWS.flatMap(toOperations), ...others()]

function toOperations(row: Row): Operation[] {
  const { name, subResource, isDeletable = false, done } = row
  const made: Operation[] = [
    { name: `Get${name}`, method: 'GET', level: 'bucket', subResource, run: (call) => answerDocument(call, row) },
    { name: `Put${name}`, method: 'PUT', level: 'bucket', subResource, run: (call) => keepDocument(call, row) },
  ]
  if (!isDeletable) return made
  const run = async ({ bucket, store }: Call): Promise<WireResponse> => {
    await store.commit((writer) => {
      findBucket(writer, bucket)
      if (ABSENT_ONCE_DELETED[subResource] === undefined) writer.remove(settingAt(bucket, subResource))
      else writer.put(settingAt(bucket, subResource), DELETED)
    })
    return { status: done ?? 204, headers: {} }
  }
  return [...made, { name: `Delete${name}`, method: 'DELETE', level: 'bucket', subResource, run }]
}

function answerDocument({ bucket, store }: Call, { subResource, root, absent }: Row): WireResponse {
  findBucket(store, bucket)
  const kept = readSetting<string>(store, bucket, subResource)
  if (kept) return { status: 200, headers: { 'content-type': 'application/xml' }, body: kept }
  const none = kept === DELETED ? ABSENT_ONCE_DELETED[subResource] : undefined
  if (none !== undefined) throw new S3Error(none, { BucketName: bucket })
  if (typeof absent === 'string') throw new S3Error(absent, { BucketName: bucket })
  return answerXml(root, absent)
}

async function keepDocument(call: Call, { subResource, root, check, done }: Row): Promise<WireResponse> {
  const { bucket, headers, request, store } = call
  findBucket(store, bucket)
  const text = await receiveText(headers, request.body, LARGEST_BODY)
  readRoot(text, root)
  check?.(text)
  await store.commit((writer) => {
    findBucket(writer, bucket)
    writer.put(settingAt(bucket, subResource), text)
  })
  return { status: done ?? 200, headers: {} }
}

// Those that do not fit the table.
function others(): Operation[] {
  const get = (name: string, subResource: string, run: Operation['run']): Operation => ({
    name,
    method: 'GET',
    level: 'bucket',
    subResource,
    run: (call) => {
      findBucket(call.store, call.bucket)
      return run(call)
    },
  })
  const none = (code: S3ErrorCode) => (call: Call) => {
    throw new S3Error(code, { BucketName: call.bucket })
  }
  return [
    get('GetBucketReplication', 'replication', none('ReplicationConfigurationNotFoundError')),
    get('GetObjectLockConfiguration', 'object-lock', none('ObjectLockConfigurationNotFoundError')),
    get('GetBucketAcl', 'acl', () => answerAcl()),
    { name: 'PutBucketAcl', method: 'PUT', level: 'bucket', subResource: 'acl', run: putAcl },
    get('GetBucketPolicy', 'policy', (call) => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: findPolicy(call),
    })),
    get('GetBucketPolicyStatus', 'policyStatus', (call) =>
      answerXml('PolicyStatus', [['IsPublic', isPublic(findPolicy(call))]]),
    ),
    { name: 'PutBucketPolicy', method: 'PUT', level: 'bucket', subResource: 'policy', run: putPolicy },
    { name: 'DeleteBucketPolicy', method: 'DELETE', level: 'bucket', subResource: 'policy', run: deletePolicy },
  ]
}

async function putAcl(call: Call): Promise<WireResponse> {
  findBucket(call.store, call.bucket)
  await takeAcl(call)
  return { status: 200, headers: {} }
}

function findPolicy({ bucket, store }: Call): string {
  const kept = readSetting<string>(store, bucket, 'policy')
  if (kept === undefined) throw new S3Error('NoSuchBucketPolicy', { BucketName: bucket })
  return kept
}

async function putPolicy({ bucket, headers, request, store }: Call): Promise<WireResponse> {
  findBucket(store, bucket)
  const text = await receiveText(headers, request.body, LARGEST_BODY)
  checkPolicy(text, bucket)
  const block = readSetting<string>(store, bucket, 'publicAccessBlock')
  const isBlocked = block === undefined || /<BlockPublicPolicy>\s*true\s*</.test(block)
  if (isBlocked && isPublic(text))
    throw new S3Error(
      'AccessDenied',
      {},
      'User is not authorized to perform: s3:PutBucketPolicy on resource because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.',
    )
  await store.commit((writer) => {
    findBucket(writer, bucket)
    writer.put(settingAt(bucket, 'policy'), text)
  })
  return { status: 204, headers: {} }
}

async function deletePolicy({ bucket, store }: Call): Promise<WireResponse> {
  await store.commit((writer) => {
    findBucket(writer, bucket)
    writer.remove(settingAt(bucket, 'policy'))
  })
  return { status: 204, headers: {} }
}
