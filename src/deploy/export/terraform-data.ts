// What keeps data in Terraform: buckets, tables, streams, secrets, parameters. Destroying it has to be meant twice.
import type { Properties, Value } from '../template.ts'
import { isList, isObject } from './portable.ts'
import { type Block, body, each, expression, json, type Mapped, tags, within } from './terraform-values.ts'

type Mapping = (mapped: Mapped) => Block[]

const KEPT = { lifecycle: { prevent_destroy: true } }

const bucket: Mapping = ({ name, properties: p, own }) => {
  const of = own('id')
  const part = (type: string, given: Properties | undefined): Block[] =>
    given === undefined ? [] : [{ type, name, body: { bucket: of, ...given } }]
  const encryption = isObject(p.BucketEncryption) ? p.BucketEncryption.ServerSideEncryptionConfiguration : undefined
  const ownership = isObject(p.OwnershipControls) ? p.OwnershipControls.Rules : undefined
  const block = isObject(p.PublicAccessBlockConfiguration) ? p.PublicAccessBlockConfiguration : undefined
  const status = isObject(p.VersioningConfiguration) ? p.VersioningConfiguration.Status : undefined
  return [
    { type: 'aws_s3_bucket', name, body: body({ bucket: p.BucketName, tags: tags(p.Tags), ...KEPT }) },
    ...part('aws_s3_bucket_server_side_encryption_configuration', rules(encryption, toEncryption)),
    ...part(
      'aws_s3_bucket_ownership_controls',
      rules(ownership, (one) => ({ object_ownership: one.ObjectOwnership })),
    ),
    ...part(
      'aws_s3_bucket_public_access_block',
      block === undefined
        ? undefined
        : body({
            block_public_acls: block.BlockPublicAcls,
            ignore_public_acls: block.IgnorePublicAcls,
            block_public_policy: block.BlockPublicPolicy,
            restrict_public_buckets: block.RestrictPublicBuckets,
          }),
    ),
    ...part('aws_s3_bucket_versioning', status === undefined ? undefined : { versioning_configuration: { status } }),
    ...part('aws_s3_bucket_cors_configuration', toCors(p.CorsConfiguration)),
    ...part('aws_s3_bucket_lifecycle_configuration', toLifecycle(p.LifecycleConfiguration)),
    ...part('aws_s3_bucket_notification', toNotices(p.NotificationConfiguration)),
  ]
}

const rules = (
  value: Value | undefined,
  to: (given: Properties) => Readonly<Record<string, Value | undefined>>,
): Properties | undefined => {
  const rule = each(value, to)
  return rule === undefined ? undefined : { rule }
}

const toEncryption = (one: Properties): Readonly<Record<string, Value | undefined>> => ({
  apply_server_side_encryption_by_default: within(one.ServerSideEncryptionByDefault, (given) => ({
    sse_algorithm: given.SSEAlgorithm,
    kms_master_key_id: given.KMSMasterKeyID,
  })),
})

function toCors(value: Value | undefined): Properties | undefined {
  const cors = each(isObject(value) ? value.CorsRules : undefined, (one) => ({
    allowed_origins: one.AllowedOrigins,
    allowed_methods: one.AllowedMethods,
    allowed_headers: one.AllowedHeaders,
    expose_headers: one.ExposedHeaders,
    max_age_seconds: one.MaxAge,
  }))
  return cors === undefined ? undefined : { cors_rule: cors }
}

function toLifecycle(value: Value | undefined): Properties | undefined {
  let count = 0
  return rules(isObject(value) ? value.Rules : undefined, (one) => {
    count++
    return {
      id: one.Id ?? `rule-${count}`,
      status: one.Status,
      filter: { prefix: one.Prefix ?? '' },
      expiration: one.ExpirationInDays === undefined ? undefined : { days: one.ExpirationInDays },
      noncurrent_version_expiration: within(one.NoncurrentVersionExpiration, ({ NoncurrentDays }) => ({
        noncurrent_days: NoncurrentDays,
      })),
      abort_incomplete_multipart_upload: within(one.AbortIncompleteMultipartUpload, ({ DaysAfterInitiation }) => ({
        days_after_initiation: DaysAfterInitiation,
      })),
    }
  })
}

function toNotices(value: Value | undefined): Properties | undefined {
  const told = each(isObject(value) ? value.LambdaConfigurations : undefined, (one) => ({
    lambda_function_arn: one.Function,
    events: one.Event === undefined ? undefined : [one.Event],
    filter_prefix: filterOf(one, 'prefix'),
    filter_suffix: filterOf(one, 'suffix'),
  }))
  return told === undefined ? undefined : { lambda_function: told }
}

function filterOf({ Filter }: Properties, name: string): Value | undefined {
  const key = isObject(Filter) ? Filter.S3Key : undefined
  const all = isObject(key) && isList(key.Rules) ? key.Rules.filter(isObject) : []
  return all.find((one) => one.Name === name)?.Value
}

const bucketPolicy: Mapping = ({ name, properties: p }) => [
  { type: 'aws_s3_bucket_policy', name, body: body({ bucket: p.Bucket, policy: json(p.PolicyDocument) }) },
]

const keyOf = (schema: Value | undefined, type: string): Value | undefined =>
  isList(schema) ? schema.filter(isObject).find((one) => one.KeyType === type)?.AttributeName : undefined

const toIndex = (one: Properties): Readonly<Record<string, Value | undefined>> => {
  const projection = isObject(one.Projection) ? one.Projection : {}
  const capacity = isObject(one.ProvisionedThroughput) ? one.ProvisionedThroughput : {}
  return {
    name: one.IndexName,
    range_key: keyOf(one.KeySchema, 'RANGE'),
    projection_type: projection.ProjectionType,
    non_key_attributes: projection.NonKeyAttributes,
    read_capacity: capacity.ReadCapacityUnits,
    write_capacity: capacity.WriteCapacityUnits,
  }
}

const table: Mapping = ({ name, properties: p }) => {
  const capacity = isObject(p.ProvisionedThroughput) ? p.ProvisionedThroughput : {}
  const stream = isObject(p.StreamSpecification) ? p.StreamSpecification.StreamViewType : undefined
  const made = body({
    name: p.TableName,
    billing_mode: p.BillingMode,
    read_capacity: capacity.ReadCapacityUnits,
    write_capacity: capacity.WriteCapacityUnits,
    hash_key: keyOf(p.KeySchema, 'HASH'),
    range_key: keyOf(p.KeySchema, 'RANGE'),
    attribute: each(p.AttributeDefinitions, (one) => ({ name: one.AttributeName, type: one.AttributeType })),
    local_secondary_index: each(p.LocalSecondaryIndexes, toIndex),
    global_secondary_index: each(p.GlobalSecondaryIndexes, (one) => ({
      ...toIndex(one),
      hash_key: keyOf(one.KeySchema, 'HASH'),
    })),
    ttl: within(p.TimeToLiveSpecification, (one) => ({ attribute_name: one.AttributeName, enabled: one.Enabled })),
    ...(stream === undefined ? {} : { stream_enabled: true, stream_view_type: stream }),
    point_in_time_recovery: within(p.PointInTimeRecoverySpecification, (one) => ({
      enabled: one.PointInTimeRecoveryEnabled,
    })),
    deletion_protection_enabled: p.DeletionProtectionEnabled,
    tags: tags(p.Tags),
    ...KEPT,
  })
  return [{ type: 'aws_dynamodb_table', name, body: made }]
}

const stream: Mapping = ({ name, properties: p }) => [
  {
    type: 'aws_kinesis_stream',
    name,
    body: body({
      name: p.Name,
      retention_period: p.RetentionPeriodHours,
      shard_count: p.ShardCount,
      stream_mode_details: within(p.StreamModeDetails, ({ StreamMode }) => ({ stream_mode: StreamMode })),
      tags: tags(p.Tags),
      ...KEPT,
    }),
  },
]

// Terraform asks Secrets Manager for a password as CloudFormation does, and keeps it in its state: told in the README.
const secret: Mapping = ({ name, properties: p, own }) => {
  const made = body({ name: p.Name, description: p.Description, tags: tags(p.Tags), ...KEPT })
  const generate = isObject(p.GenerateSecretString) ? p.GenerateSecretString : undefined
  const first: Block = { type: 'aws_secretsmanager_secret', name, body: made }
  if (generate === undefined) return [first]
  const password = `data.aws_secretsmanager_random_password.${name}.random_password`
  const { GenerateStringKey: key, SecretStringTemplate: template } = generate
  const text =
    typeof key === 'string' && typeof template === 'string'
      ? `jsonencode(merge(jsondecode(${JSON.stringify(template)}), { ${JSON.stringify(key)} = ${password} }))`
      : password
  return [
    first,
    {
      type: 'aws_secretsmanager_random_password',
      name,
      data: true,
      body: body({ password_length: generate.PasswordLength, exclude_characters: generate.ExcludeCharacters }),
    },
    {
      type: 'aws_secretsmanager_secret_version',
      name,
      // It is made up anew each time Terraform looks; what counts is the first one.
      body: { secret_id: own('id'), secret_string: expression(text), lifecycle: { ignore_changes: ['secret_string'] } },
    },
  ]
}

const parameter: Mapping = ({ name, properties: p }) => [
  {
    type: 'aws_ssm_parameter',
    name,
    body: body({ name: p.Name, type: p.Type, value: p.Value, description: p.Description, tags: tags(p.Tags) }),
  },
]

export const DATA: Readonly<Record<string, Mapping>> = {
  'AWS::DynamoDB::Table': table,
  'AWS::Kinesis::Stream': stream,
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': bucketPolicy,
  'AWS::SSM::Parameter': parameter,
  'AWS::SecretsManager::Secret': secret,
}
