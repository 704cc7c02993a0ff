// Which resources hold what cannot be made again, and which changes of them CloudFormation makes by replacing them.
import type { Properties, TemplateResource } from '../template.ts'

export interface Holder {
  /** What it holds, for people. */
  readonly holds: string
  /** The property that names it on AWS; undefined: AWS names it. */
  readonly name: string | undefined
  /** Properties whose change makes a new, empty one: "Update requires: Replacement" in the CloudFormation reference. */
  readonly replacing: readonly string[]
  /** Properties that cannot be changed once it is there: "Updates are not supported". */
  readonly fixed: readonly string[]
}

const holder = (holds: string, name: string | undefined, replacing: string, fixed: readonly string[] = []): Holder => ({
  holds,
  name,
  replacing: replacing.split(' ').filter((one) => one !== ''),
  fixed,
})

/**
 * Source: "AWS resource and property types reference", of each type; a test holds it against AWS's resource specification.
 * Where the reference says only that a replacement may be, the change set tells.
 */
export const HOLDERS: Readonly<Record<string, Holder>> = {
  // A local index is made with its table or never: "AWS::DynamoDB::Table LocalSecondaryIndex".
  'AWS::DynamoDB::Table': holder('items', 'TableName', 'ImportSourceSpecification KeySchema TableName', [
    'LocalSecondaryIndexes',
  ]),
  'AWS::S3::Bucket': holder('objects', 'BucketName', 'BucketName BucketNamePrefix BucketNamespace ObjectLockEnabled'),
  'AWS::Kinesis::Stream': holder('records', 'Name', 'Name'),
  'AWS::SecretsManager::Secret': holder('its value', 'Name', 'Name'),
  'AWS::SQS::Queue': holder('messages', 'QueueName', 'FifoQueue QueueName'),
  // What apps have by `resource(…)`.
  'AWS::Cognito::UserPool': holder('users', undefined, ''),
  'AWS::DynamoDB::GlobalTable': holder('items', 'TableName', 'KeySchema LocalSecondaryIndexes TableName'),
  'AWS::EFS::FileSystem': holder('files', undefined, 'AvailabilityZoneName Encrypted KmsKeyId PerformanceMode'),
  'AWS::KMS::Key': holder('the key to what it encrypted', undefined, ''),
  'AWS::OpenSearchService::Domain': holder('documents', 'DomainName', 'DomainName EngineMode'),
  'AWS::RDS::DBCluster': holder(
    'databases',
    'DBClusterIdentifier',
    'AvailabilityZones ClusterScalabilityType DBClusterIdentifier DBSubnetGroupName DBSystemId DatabaseName EngineMode ' +
      'KmsKeyId PubliclyAccessible RestoreToTime RestoreType SnapshotIdentifier SourceDBClusterIdentifier ' +
      'SourceDbClusterResourceId SourceRegion StorageEncrypted UseLatestRestorableTime',
  ),
  'AWS::RDS::DBInstance': holder(
    'databases',
    'DBInstanceIdentifier',
    'BackupTarget CharacterSetName CustomIAMInstanceProfile DBClusterIdentifier DBInstanceIdentifier DBName ' +
      'DBSubnetGroupName DBSystemId KmsKeyId MasterUsername NcharCharacterSetName Port SourceRegion StorageEncrypted Timezone',
  ),
}

export type Fate = 'changed' | 'replaced' | 'fixed'

/** What a queue holds passes anyway: that it is lost is told, and nothing is refused for it. */
export const isPassing = (type: string): boolean => type === 'AWS::SQS::Queue'

/** What becomes of a resource that holds something when these of its properties change. */
export function fateOf(before: TemplateResource, after: TemplateResource, changed: readonly string[]): Fate {
  const known = HOLDERS[after.Type]
  if (before.Type !== after.Type) return 'replaced'
  if (known === undefined) return 'changed'
  if (changed.some((one) => known.replacing.includes(one))) return 'replaced'
  if (changed.some((one) => known.fixed.includes(one))) return 'fixed'
  return isRekeyed(before.Properties, after.Properties) ? 'replaced' : 'changed'
}

/**
 * "Replacement if you edit an existing AttributeDefinition": another type of an attribute that is in the table's key is another
 * table, though the key's schema reads the same.
 */
function isRekeyed(before: Properties = {}, after: Properties = {}): boolean {
  const types = typesOf(after)
  const keys = new Set(namesIn(after.KeySchema))
  return [...typesOf(before)].some(([name, type]) => keys.has(name) && types.has(name) && types.get(name) !== type)
}

const objectsIn = (value: Properties[string] | undefined): Properties[] =>
  Array.isArray(value) ? value.filter((one): one is Properties => typeof one === 'object' && one !== null) : []

const namesIn = (value: Properties[string] | undefined): string[] =>
  objectsIn(value).flatMap(({ AttributeName: name }) => (typeof name === 'string' ? [name] : []))

const typesOf = ({ AttributeDefinitions }: Properties): Map<string, Properties[string]> =>
  new Map(
    objectsIn(AttributeDefinitions).flatMap(({ AttributeName: name, AttributeType: type }) =>
      typeof name === 'string' && type !== undefined ? [[name, type] as const] : [],
    ),
  )

/** Whether what a resource holds stays when it leaves the stack. */
export const isRetained = ({ DeletionPolicy }: TemplateResource): boolean =>
  DeletionPolicy === 'Retain' || DeletionPolicy === 'RetainExceptOnCreate'

/** How a resource is called on AWS, where the template says it. */
export function nameOf({ Type, Properties = {} }: TemplateResource): string | undefined {
  const named = HOLDERS[Type]?.name ?? NAMES[Type]
  const name = named === undefined ? undefined : Properties[named]
  return typeof name === 'string' ? name : undefined
}

const NAMES: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Lambda::Alias': 'Name',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::Events::EventBus': 'Name',
  'AWS::Events::Rule': 'Name',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::SSM::Parameter': 'Name',
  'AWS::ApiGatewayV2::Api': 'Name',
  'AWS::ApiGatewayV2::Route': 'RouteKey',
  'AWS::ApiGateway::RestApi': 'Name',
  'AWS::CloudWatch::Alarm': 'AlarmName',
}
