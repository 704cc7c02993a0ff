// S3: actions are named after what is done to the object, not after the operation.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html (Required permissions for S3 API operations).
import type { Need } from '../need.ts'
import { isArn, need, type Resource, type Rule, type Service } from '../resource.ts'
import {
  at,
  given,
  type Input,
  isNamed,
  items,
  member,
  named,
  orUntold,
  paired,
  type Text,
  texts,
  UNTOLD,
} from '../text.ts'
import { keyNeeds } from './kms-key.ts'
import { passRole } from './pass-role.ts'

function bucketArn({ place }: Input, { pattern, told }: Text): Resource {
  return { arn: isArn(pattern) ? pattern : `arn:${place.partition}:s3:::${pattern}`, exact: told }
}

/** Of an access point, `…:accesspoint/<name>/object/<key>`. */
function objectArn(input: Input, bucket: Text, key: Text): Resource {
  const { arn, exact } = bucketArn(input, bucket)
  const accessPoint = isArn(bucket.pattern) && /:accesspoint[/:]/.test(bucket.pattern)
  return { arn: `${arn}${accessPoint ? '/object/' : '/'}${key.pattern}`, exact }
}

export function toBuckets(input: Input): readonly Resource[] {
  return named(input, 'Bucket').map((bucket) => bucketArn(input, bucket))
}

function toObjects(input: Input, keys: readonly Text[] = named(input, 'Key')): readonly Resource[] {
  const buckets = named(input, 'Bucket')
  const each = paired(buckets, keys)
  return buckets.flatMap((bucket) => each.map((key) => objectArn(input, bucket, key)))
}

const onBucket =
  (...actions: readonly string[]): Rule =>
  (input) =>
    actions.map((action) => need(`s3:${action}`, toBuckets(input)))
const onObject =
  (...actions: readonly string[]): Rule =>
  (input) =>
    actions.map((action) => need(`s3:${action}`, toObjects(input)))

/** One action for the current version and another for a version that is named. */
function versioned(
  input: Input,
  current: readonly string[],
  ofVersion: readonly string[],
  objects = toObjects(input),
): Need[] {
  const version = given(input.value, 'VersionId')
  const actions = [...(version === 'always' ? [] : current), ...(version === 'never' ? [] : ofVersion)]
  return actions.map((action) => need(`s3:${action}`, objects))
}

const byVersion =
  (current: readonly string[], version: readonly string[]): Rule =>
  (input) =>
    versioned(input, current, version)

// What a write asks for besides PutObject, by the members that say so.
const EXTRAS = [
  ['s3:PutObjectAcl', ['ACL', 'GrantFullControl', 'GrantRead', 'GrantReadACP', 'GrantWriteACP']],
  ['s3:PutObjectTagging', ['Tagging']],
  ['s3:PutObjectRetention', ['ObjectLockMode', 'ObjectLockRetainUntilDate']],
  ['s3:PutObjectLegalHold', ['ObjectLockLegalHoldStatus']],
] as const

/** What writing an object with these headers needs; in parts, S3 reads the parts back, and so the key decrypts too. */
function writing(input: Input, inParts: boolean): Need[] {
  const extras = EXTRAS.filter(([, members]) => members.some((name) => isNamed(input.value, name)))
  return [
    need('s3:PutObject', toObjects(input)),
    ...extras.map(([action]) => need(action, toObjects(input))),
    ...keyNeeds(input, 'SSEKMSKeyId', inParts ? ['GenerateDataKey', 'Decrypt'] : ['GenerateDataKey']),
  ]
}

/** `bucket/key`, `/bucket/key?versionId=…` or `<access point ARN>/object/<key>`; the key is encoded as in a URL. */
function reading(input: Input): Need[] {
  const sources = texts(at(input.value, 'CopySource'))
  return orUntold(sources).map((source) => {
    const [path = '', version] = source.pattern.split('?versionId=')
    return need(version === undefined ? 's3:GetObject' : 's3:GetObjectVersion', [
      toSource(input, decoded(path), source.told),
    ])
  })
}

function toSource(input: Input, path: string, told: boolean): Resource {
  const accessPoint = /^(arn:[^/]*:accesspoint\/[^/]+)\/object\/(.*)$/.exec(path)
  if (accessPoint !== null) return { arn: path, exact: told }
  const [bucket = '*', ...key] = path.replace(/^\//, '').split('/')
  // Of `*` alone neither the bucket nor the key is known.
  const holder = { pattern: bucket === '' ? '*' : bucket, told: /[a-z0-9]/i.test(bucket) }
  return objectArn(input, holder, key.length === 0 ? UNTOLD : { pattern: key.join('/'), told: true })
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

const copy: Rule = (input) => {
  const retagged =
    texts(at(input.value, 'TaggingDirective')).some(({ pattern }) => pattern !== 'COPY') &&
    isNamed(input.value, 'TaggingDirective')
  const tagging = retagged ? [need('s3:PutObjectTagging', toObjects(input))] : []
  return [...reading(input), ...writing(input, false), ...tagging]
}

const deleteObjects: Rule = (input) =>
  items(at(input.value, 'Delete', 'Objects')).flatMap((object) => {
    const objects = toObjects(input, orUntold(texts(member(object, 'Key'))))
    return versioned({ ...input, value: object }, ['DeleteObject'], ['DeleteObjectVersion'], objects)
  })

/** A lock may be shortened or passed by whoever may. */
const bypassing =
  (rule: Rule): Rule =>
  (input) => [
    ...rule(input),
    ...(isNamed(input.value, 'BypassGovernanceRetention')
      ? [need('s3:BypassGovernanceRetention', toObjects(input))]
      : []),
  ]

// CreateBucket's own headers. Source: the API's page, "Permissions".
const createBucket: Rule = (input) => {
  const has = (members: readonly string[]): boolean => members.some((name) => isNamed(input.value, name))
  const lock = has(['ObjectLockEnabledForBucket']) ? ['PutBucketObjectLockConfiguration', 'PutBucketVersioning'] : []
  const acl = has(['ACL', 'GrantFullControl', 'GrantRead', 'GrantReadACP', 'GrantWrite', 'GrantWriteACP'])
    ? ['PutBucketAcl']
    : []
  const owner = has(['ObjectOwnership']) ? ['PutBucketOwnershipControls'] : []
  return onBucket('CreateBucket', ...lock, ...acl, ...owner)(input)
}

const CONFIGURATIONS = ['Analytics', 'IntelligentTiering', 'Inventory', 'Metrics']

/** `GetBucketMetricsConfiguration` is allowed by `GetMetricsConfiguration`; deleting is putting. */
function configurations(): Record<string, Rule> {
  const pairs = CONFIGURATIONS.flatMap((kind): [string, Rule][] => [
    [`GetBucket${kind}Configuration`, onBucket(`Get${kind}Configuration`)],
    [`ListBucket${kind}Configurations`, onBucket(`Get${kind}Configuration`)],
    [`PutBucket${kind}Configuration`, onBucket(`Put${kind}Configuration`)],
    [`DeleteBucket${kind}Configuration`, onBucket(`Put${kind}Configuration`)],
  ])
  return Object.fromEntries(pairs)
}

/** A directory bucket's session stands for all that is done in it. */
const session: Rule = (input) => [
  need(
    's3express:CreateSession',
    named(input, 'Bucket').map((bucket) => toDirectoryBucket(input, bucket)),
  ),
]

export const s3: Service = {
  finders: {
    bucket: toBuckets,
    object: (input) => toObjects(input),
    // Named in the place of a bucket, and then found there.
    accesspoint: () => [],
    accesspointobject: () => [],
  },
  rules: {
    ...configurations(),
    AbortMultipartUpload: onObject('AbortMultipartUpload'),
    CompleteMultipartUpload: onObject('PutObject'),
    CopyObject: copy,
    CreateBucket: createBucket,
    CreateBucketMetadataConfiguration: onBucket('CreateBucketMetadataTableConfiguration'),
    CreateMultipartUpload: (input) => writing(input, true),
    CreateSession: session,
    DeleteBucketCors: onBucket('PutBucketCORS'),
    DeleteBucketEncryption: onBucket('PutEncryptionConfiguration'),
    DeleteBucketLifecycle: onBucket('PutLifecycleConfiguration'),
    DeleteBucketMetadataConfiguration: onBucket('DeleteBucketMetadataTableConfiguration'),
    DeleteBucketOwnershipControls: onBucket('PutBucketOwnershipControls'),
    DeleteBucketReplication: onBucket('PutReplicationConfiguration'),
    DeleteBucketTagging: onBucket('PutBucketTagging'),
    DeleteObject: bypassing(byVersion(['DeleteObject'], ['DeleteObjectVersion'])),
    DeleteObjectTagging: byVersion(['DeleteObjectTagging'], ['DeleteObjectVersionTagging']),
    DeleteObjects: deleteObjects,
    DeletePublicAccessBlock: onBucket('PutBucketPublicAccessBlock'),
    GetBucketAccelerateConfiguration: onBucket('GetAccelerateConfiguration'),
    GetBucketCors: onBucket('GetBucketCORS'),
    GetBucketEncryption: onBucket('GetEncryptionConfiguration'),
    GetBucketLifecycle: onBucket('GetLifecycleConfiguration'),
    GetBucketLifecycleConfiguration: onBucket('GetLifecycleConfiguration'),
    GetBucketMetadataConfiguration: onBucket('GetBucketMetadataTableConfiguration'),
    GetBucketNotificationConfiguration: onBucket('GetBucketNotification'),
    GetBucketReplication: onBucket('GetReplicationConfiguration'),
    GetObject: byVersion(['GetObject'], ['GetObjectVersion']),
    GetObjectAcl: byVersion(['GetObjectAcl'], ['GetObjectVersionAcl']),
    GetObjectAttributes: byVersion(
      ['GetObject', 'GetObjectAttributes'],
      ['GetObjectVersion', 'GetObjectVersionAttributes'],
    ),
    GetObjectLockConfiguration: onBucket('GetBucketObjectLockConfiguration'),
    GetObjectTagging: byVersion(['GetObjectTagging'], ['GetObjectVersionTagging']),
    GetPublicAccessBlock: onBucket('GetBucketPublicAccessBlock'),
    HeadBucket: onBucket('ListBucket'),
    HeadObject: byVersion(['GetObject'], ['GetObjectVersion']),
    ListBuckets: () => [need('s3:ListAllMyBuckets', [{ arn: '*', exact: true }])],
    ListDirectoryBuckets: () => [need('s3express:ListAllMyDirectoryBuckets', [{ arn: '*', exact: true }])],
    ListMultipartUploads: onBucket('ListBucketMultipartUploads'),
    ListObjectVersions: onBucket('ListBucketVersions'),
    ListObjects: onBucket('ListBucket'),
    ListObjectsV2: onBucket('ListBucket'),
    ListParts: onObject('ListMultipartUploadParts'),
    PutBucketAccelerateConfiguration: onBucket('PutAccelerateConfiguration'),
    PutBucketCors: onBucket('PutBucketCORS'),
    PutBucketEncryption: onBucket('PutEncryptionConfiguration'),
    PutBucketLifecycle: onBucket('PutLifecycleConfiguration'),
    PutBucketLifecycleConfiguration: onBucket('PutLifecycleConfiguration'),
    PutBucketNotificationConfiguration: onBucket('PutBucketNotification'),
    PutBucketReplication: (input) => [
      ...onBucket('PutReplicationConfiguration')(input),
      ...passRole(input, 's3.amazonaws.com', ['ReplicationConfiguration', 'Role']),
    ],
    PutObject: (input) => writing(input, false),
    PutObjectAcl: byVersion(['PutObjectAcl'], ['PutObjectVersionAcl']),
    PutObjectLockConfiguration: onBucket('PutBucketObjectLockConfiguration'),
    PutObjectRetention: bypassing(onObject('PutObjectRetention')),
    PutObjectTagging: byVersion(['PutObjectTagging'], ['PutObjectVersionTagging']),
    PutPublicAccessBlock: onBucket('PutBucketPublicAccessBlock'),
    // Only directory buckets have it.
    RenameObject: session,
    SelectObjectContent: onObject('GetObject'),
    UploadPart: onObject('PutObject'),
    UploadPartCopy: (input) => [...reading(input), need('s3:PutObject', toObjects(input))],
    WriteGetObjectResponse: () => [need('s3-object-lambda:WriteGetObjectResponse', [{ arn: '*', exact: true }])],
  },
}

function toDirectoryBucket({ place }: Input, { pattern, told }: Text): Resource {
  return { arn: `arn:${place.partition}:s3express:${place.region}:${place.account}:bucket/${pattern}`, exact: told }
}
