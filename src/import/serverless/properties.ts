// Properties of CloudFormation as options of handles; what a handle does not know is reported by name.
import { type Code, type CodeMap, raw } from '../code.ts'
import { itemsOf, member, type Node, ownOf, textOf } from '../node.ts'
import type { Section } from '../section.ts'
import type { Context } from './context.ts'
import { handleIn } from './references.ts'

const TAGS = { Tags: 'are not kept.' }

const keyOf = (schema: Node | undefined): Code => {
  const named = (type: string): string | undefined =>
    itemsOf(schema)
      .map((one) => (textOf(member(one, 'KeyType')) === type ? textOf(member(one, 'AttributeName')) : undefined))
      .find((one) => one !== undefined)
  const [hash, range] = [named('HASH') ?? 'id', named('RANGE')]
  return range === undefined ? hash : [hash, range]
}

function indexOf(node: Node, local: boolean): [string, Code] {
  const projection = textOf(member(node, 'Projection', 'ProjectionType')) ?? 'ALL'
  const held = itemsOf(member(node, 'Projection', 'NonKeyAttributes')).flatMap((one) => textOf(one) ?? [])
  const key = keyOf(member(node, 'KeySchema'))
  const given = projection === 'ALL' ? undefined : projection === 'KEYS_ONLY' ? 'keys' : held
  const name = textOf(member(node, 'IndexName')) ?? 'index'
  return [name, given === undefined && !local ? key : { key, projection: given, local: local ? true : undefined }]
}

const VIEWS: Readonly<Record<string, string>> = {
  NEW_IMAGE: 'new',
  OLD_IMAGE: 'old',
  NEW_AND_OLD_IMAGES: 'both',
  KEYS_ONLY: 'keys',
}

/** Source: AWS::DynamoDB::Table. */
export function toTable(properties: Section, _context: Context): CodeMap {
  const types = itemsOf(properties.take('AttributeDefinitions')).flatMap((one): [string, Code][] => {
    const [name, type] = [textOf(member(one, 'AttributeName')), textOf(member(one, 'AttributeType'))]
    return name === undefined || type === undefined || type === 'S' ? [] : [[name, type]]
  })
  const indexes = [
    ...itemsOf(properties.take('GlobalSecondaryIndexes')).map((one) => indexOf(one, false)),
    ...itemsOf(properties.take('LocalSecondaryIndexes')).map((one) => indexOf(one, true)),
  ]
  const units = properties.take('ProvisionedThroughput')
  const [read, write] = ['ReadCapacityUnits', 'WriteCapacityUnits'].map((key) =>
    Number(textOf(member(units, key)) ?? Number.NaN),
  )
  const demand = properties.text('BillingMode') === 'PAY_PER_REQUEST'
  const ttl = properties.take('TimeToLiveSpecification')
  const view = textOf(member(properties.take('StreamSpecification'), 'StreamViewType'))
  const made: CodeMap = {
    key: keyOf(properties.take('KeySchema')),
    types: types.length === 0 ? undefined : Object.fromEntries(types),
    indexes: indexes.length === 0 ? undefined : Object.fromEntries(indexes),
    ttl: textOf(member(ttl, 'Enabled')) === 'false' ? undefined : textOf(member(ttl, 'AttributeName')),
    stream: view === undefined ? undefined : (ownOf(VIEWS, view) ?? true),
    provisioned:
      demand || read === undefined || write === undefined || Number.isNaN(read) || Number.isNaN(write)
        ? undefined
        : { read, write },
    deletionProtection: properties.flag('DeletionProtectionEnabled') === true ? true : undefined,
    recovery:
      textOf(member(properties.take('PointInTimeRecoverySpecification'), 'PointInTimeRecoveryEnabled')) === 'true'
        ? true
        : undefined,
  }
  properties.close({
    hand: {
      ...TAGS,
      SSESpecification: 'is not known: tables are encrypted with AWS’s own key.',
      TableClass: 'is not known.',
      KinesisStreamSpecification: 'is not known.',
    },
  })
  return made
}

/** Source: AWS::S3::Bucket. */
export function toBucket(properties: Section, _context: Context): CodeMap {
  const status = textOf(member(properties.take('VersioningConfiguration'), 'Status'))
  const cors = itemsOf(member(properties.take('CorsConfiguration'), 'CorsRules')).map(toCorsRule)
  const lifecycle = itemsOf(member(properties.take('LifecycleConfiguration'), 'Rules')).flatMap((one) =>
    toLifecycle(one, properties),
  )
  properties.close({
    hand: {
      ...TAGS,
      AccessControl: 'is not known: `public: true` lets everybody read.',
      WebsiteConfiguration: 'is not known: a bucket of Goblet is no web site.',
      BucketEncryption: 'is not known: buckets are encrypted with AWS’s own key.',
      NotificationConfiguration: 'is not known: hang functions on the handle (`.onCreated`).',
      PublicAccessBlockConfiguration: 'is not known: `public: true` lets everybody read, else nobody may.',
      OwnershipControls: 'is not known.',
    },
  })
  return {
    versioned: status === 'Enabled' ? true : undefined,
    cors: cors.length === 0 ? undefined : cors.length === 1 ? cors[0] : cors,
    lifecycle: lifecycle.length === 0 ? undefined : lifecycle.length === 1 ? lifecycle[0] : lifecycle,
  }
}

function toCorsRule(rule: Node): CodeMap {
  const list = (key: string): string[] | undefined => {
    const all = itemsOf(member(rule, key)).flatMap((one) => textOf(one) ?? [])
    return all.length === 0 || all.includes('*') ? undefined : all
  }
  const maxAge = textOf(member(rule, 'MaxAge'))
  const methods = list('AllowedMethods')
  return {
    origins: list('AllowedOrigins'),
    methods: methods?.length === 5 ? undefined : methods,
    headers: list('AllowedHeaders'),
    expose: list('ExposedHeaders'),
    maxAge: maxAge === undefined ? undefined : Number(maxAge),
  }
}

function toLifecycle(rule: Node, properties: Section): CodeMap[] {
  const days = (...path: string[]): number | undefined => {
    const text = textOf(member(rule, ...path))
    return text === undefined ? undefined : Number(text)
  }
  if (member(rule, 'Transitions') !== undefined || member(rule, 'Transition') !== undefined)
    properties.hand('LifecycleConfiguration', 'moves objects to other storage classes, which is not known.')
  if (textOf(member(rule, 'Status')) === 'Disabled') return []
  const made: CodeMap = {
    prefix: textOf(member(rule, 'Prefix')),
    expireDays: days('ExpirationInDays'),
    noncurrentDays: days('NoncurrentVersionExpiration', 'NoncurrentDays') ?? days('NoncurrentVersionExpirationInDays'),
    abortUploadsDays: days('AbortIncompleteMultipartUpload', 'DaysAfterInitiation'),
  }
  return made.expireDays === undefined && made.noncurrentDays === undefined && made.abortUploadsDays === undefined
    ? []
    : [made]
}

/** Source: AWS::SQS::Queue, whose own default of `VisibilityTimeout` is 30 seconds. */
export function toQueue(properties: Section, context: Context): CodeMap {
  const redrive = properties.take('RedrivePolicy')
  const target = handleIn(member(redrive, 'deadLetterTargetArn'), context)
  const after = Number(textOf(member(redrive, 'maxReceiveCount')) ?? 3)
  if (redrive !== undefined && target === undefined)
    properties.hand('RedrivePolicy', 'names a queue that is not in this file: write `deadLetter: { after, queue }`.')
  const fifo = properties.flag('FifoQueue') === true
  const made: CodeMap = {
    fifo: fifo ? true : undefined,
    contentBasedDeduplication: fifo ? properties.flag('ContentBasedDeduplication') === true : undefined,
    visibility: properties.number('VisibilityTimeout'),
    retention: properties.number('MessageRetentionPeriod'),
    delay: properties.number('DelaySeconds'),
    deadLetter: target === undefined ? undefined : { after, queue: raw(target.name) },
  }
  properties.close({
    noted: { ReceiveMessageWaitTimeSeconds: 'is not needed: Lambda waits by itself.' },
    hand: {
      ...TAGS,
      KmsMasterKeyId: 'is not known: queues are encrypted by SQS.',
      SqsManagedSseEnabled: 'is not known: queues are encrypted by SQS.',
      MaximumMessageSize: 'is not known.',
      RedriveAllowPolicy: 'is not known.',
      KmsDataKeyReusePeriodSeconds: 'is not known.',
    },
  })
  return {
    ...made,
    contentBasedDeduplication: made.contentBasedDeduplication === true ? undefined : made.contentBasedDeduplication,
  }
}

/** Source: AWS::SNS::Topic. */
export function toTopic(properties: Section, _context: Context): CodeMap {
  const fifo = properties.flag('FifoTopic') === true
  const content = properties.flag('ContentBasedDeduplication')
  properties.text('DisplayName')
  return { fifo: fifo ? true : undefined, contentBasedDeduplication: fifo && content !== true ? false : undefined }
}

/** Source: AWS::Kinesis::Stream. */
export function toStream(properties: Section, _context: Context): CodeMap {
  const hours = properties.number('RetentionPeriodHours')
  const mode = textOf(member(properties.take('StreamModeDetails'), 'StreamMode'))
  const shards = properties.number('ShardCount')
  properties.close({ hand: { ...TAGS, StreamEncryption: 'is not known.' } })
  return {
    shards: mode === 'ON_DEMAND' ? undefined : shards,
    retention: hours === undefined || hours === 24 ? undefined : hours * 3600,
  }
}

/** Source: AWS::SecretsManager::Secret. */
export function toSecret(properties: Section, _context: Context): CodeMap {
  const generate = properties.take('GenerateSecretString')
  const length = textOf(member(generate, 'PasswordLength'))
  const key = textOf(member(generate, 'GenerateStringKey'))
  const description = properties.text('Description')
  if (properties.take('SecretString') !== undefined)
    properties.hand(
      'SecretString',
      'stands in a file, and is not taken over: give it `local`, or put it there with the aws CLI.',
    )
  properties.close({ hand: { ...TAGS, KmsKeyId: 'is not known.' } })
  const made: CodeMap = {
    length: length === undefined ? undefined : Number(length),
    exclude: textOf(member(generate, 'ExcludeCharacters')),
    key,
  }
  const isPlain = Object.values(made).every((one) => one === undefined)
  return { description, generate: generate === undefined ? undefined : isPlain ? true : made }
}
