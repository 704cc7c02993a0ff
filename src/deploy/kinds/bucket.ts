// Buckets, and the functions that they tell of changes.
import {
  type BucketCorsModel,
  type BucketLifecycleModel,
  type BucketModel,
  type BucketTriggerModel,
  partitionOf,
} from '../../model/index.ts'
import { logicalId, permissionId, resourceId } from '../ids.ts'
import { aliasArn, arnTextOf, type Making } from '../template/making.ts'
import { toPermission } from '../template/permission.ts'
import { joined, KEPT, type Part, type Properties, ref } from '../template.ts'

export function bucketResource(bucket: BucketModel, making: Making): Part {
  const { name, physicalName, existing, versioned, cors, lifecycle } = bucket
  if (existing) return {}
  const told = listenersOf(name, making)
  const properties = {
    BucketName: physicalName,
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    PublicAccessBlockConfiguration: toBlock(bucket),
    ...(versioned ? { VersioningConfiguration: { Status: 'Enabled' } } : {}),
    ...(cors.length === 0 ? {} : { CorsConfiguration: { CorsRules: cors.map(toCors) } }),
    ...(lifecycle.length === 0 ? {} : { LifecycleConfiguration: { Rules: lifecycle.map(toRule) } }),
    ...(told.length === 0 ? {} : { NotificationConfiguration: { LambdaConfigurations: told.flatMap(toNotices) } }),
  }
  const id = resourceId('bucket', name)
  // S3 asks at once whether it may call them. Source: NotificationConfiguration of AWS::S3::Bucket.
  const after = told.length === 0 ? {} : { DependsOn: told.map((one) => permissionId(one.function)) }
  const made = { Type: 'AWS::S3::Bucket', ...KEPT, ...after, Properties: properties }
  return { [id]: made, ...toPolicy(bucket, id, making) }
}

const listenersOf = (name: string, { model }: Making): BucketTriggerModel[] =>
  model.triggers.filter((one) => one.kind === 'bucket').filter((one) => one.bucket === name)

// A policy alone makes objects public: nothing else may, and without `public` not even that.
const toBlock = ({ public: open }: BucketModel): Properties => ({
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: !open,
  RestrictPublicBuckets: !open,
})

function toPolicy({ name, public: open }: BucketModel, id: string, { model }: Making): Part {
  if (!open) return {}
  const statement = {
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: joined(`arn:${partitionOf(model.region)}:s3:::`, ref(id), '/*'),
  }
  // Not kept with the bucket: one that is there already could not be made again.
  const properties = { Bucket: ref(id), PolicyDocument: { Version: '2012-10-17', Statement: [statement] } }
  return { [logicalId('S3Policy', name)]: { Type: 'AWS::S3::BucketPolicy', Properties: properties } }
}

const toCors = ({ origins, methods, headers, expose, maxAge }: BucketCorsModel): Properties => ({
  AllowedOrigins: origins,
  AllowedMethods: methods,
  AllowedHeaders: headers,
  ExposedHeaders: expose,
  ...(maxAge === undefined ? {} : { MaxAge: maxAge }),
})

const toRule = ({ prefix, expireDays, noncurrentDays, abortUploadsDays }: BucketLifecycleModel): Properties => ({
  Status: 'Enabled',
  ...(prefix === '' ? {} : { Prefix: prefix }),
  ...(expireDays === undefined ? {} : { ExpirationInDays: expireDays }),
  ...(noncurrentDays === undefined ? {} : { NoncurrentVersionExpiration: { NoncurrentDays: noncurrentDays } }),
  ...(abortUploadsDays === undefined
    ? {}
    : { AbortIncompleteMultipartUpload: { DaysAfterInitiation: abortUploadsDays } }),
})

// CloudFormation takes one event a configuration, where S3 itself takes several.
function toNotices({ function: name, events, prefix, suffix }: BucketTriggerModel): Properties[] {
  const rules = [
    ...(prefix === '' ? [] : [{ Name: 'prefix', Value: prefix }]),
    ...(suffix === '' ? [] : [{ Name: 'suffix', Value: suffix }]),
  ]
  const filter = rules.length === 0 ? {} : { Filter: { S3Key: { Rules: rules } } }
  return events.map((event) => ({ Event: event, Function: aliasArn(name), ...filter }))
}

/** The bucket tells of changes itself, or deploy makes it do so where it is not the stack's: see `toListeners`. */
export const bucket = ({ function: name, bucket: source }: BucketTriggerModel, making: Making): Part =>
  toPermission(name, {
    principal: 's3.amazonaws.com',
    // A text: the bucket is made after the permission.
    source: arnTextOf('bucket', source, making),
    account: making.model.account,
  })
