// Every operation of the SDK clients at hand has needs; and needs name nothing wider than what the input told.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { needsOf, operationsOf, toValue, UNKNOWN, type Value } from '../../../src/aws/access.ts'
import { needs, PLACE, short } from '../../support/needs.ts'

const SDK = fileURLToPath(new URL('../../../node_modules/@aws-sdk', import.meta.url))
const clients = readdirSync(SDK)
  .filter((name) => name.startsWith('client-'))
  .map((name) => name.slice('client-'.length))

/** Operations of which the table of actions does not know yet, or never will, each with its reason. */
const UNKNOWN_TO_IAM: Readonly<Record<string, string>> = {
  'cloudformation RemoveAlias': 'newer than the table of actions',
  'cloudformation SetAlias': 'newer than the table of actions',
  'cloudwatch AssociateDatasetKmsKey': 'newer than the table of actions',
  'cloudwatch CreateResourceMetricsConfiguration': 'newer than the table of actions',
  'cloudwatch DeleteResourceMetricsConfiguration': 'newer than the table of actions',
  'cloudwatch DisassociateDatasetKmsKey': 'newer than the table of actions',
  'cloudwatch GetResourceMetricsConfiguration': 'newer than the table of actions',
  'cloudwatch UpdateOTelEnrichment': 'newer than the table of actions',
  'cloudwatch UpdateResourceMetricsConfiguration': 'newer than the table of actions',
  'dynamodb CancelBulkOperation': 'newer than the table of actions',
  'dynamodb DescribeBulkOperation': 'newer than the table of actions',
  'dynamodb ListBulkOperations': 'newer than the table of actions',
  'dynamodb StartBulkPutItems': 'newer than the table of actions',
  'iam AcquireRole': 'newer than the table of actions',
  'iam UpdateDelegationRequest': 'newer than the table of actions',
  'ssm DeregisterDefaultHostManagementConfiguration': 'newer than the table of actions',
  'ssm RegisterDefaultHostManagementConfiguration': 'newer than the table of actions',
}

test('the clients at hand are those that the tests of the cloud use', () => {
  for (const name of ['s3', 'dynamodb', 'sqs', 'sns', 'lambda', 'iam']) assert.ok(clients.includes(name), name)
})

for (const service of clients) {
  test(`every operation of client-${service} has needs`, async () => {
    const loaded: Record<string, unknown> = await import(`@aws-sdk/client-${service}`)
    const commands = Object.keys(loaded).filter((name) => name.endsWith('Command') && name !== '$Command')
    assert.ok(commands.length > 0)
    const unknown = commands
      .map((name) => name.slice(0, -'Command'.length))
      .filter((name) => needsOf({ service, name }, UNKNOWN, PLACE) === undefined)
      .map((name) => `${service} ${name}`)
    assert.deepEqual(
      unknown.filter((name) => UNKNOWN_TO_IAM[name] === undefined),
      [],
    )
    const known = new Set(operationsOf(service))
    const missing = commands.map((name) => name.slice(0, -'Command'.length)).filter((name) => !known.has(name))
    assert.deepEqual(
      missing.filter((name) => UNKNOWN_TO_IAM[`${service} ${name}`] === undefined),
      [],
    )
  })
}

// What AWS takes only for everything, or for what the call does not name.
const WIDE =
  /^(s3:ListAllMyBuckets|sns:(CheckIf|Get|List|Set|Create|Delete|OptIn|Verify)|.*:(List|Describe)|dynamodb:PartiQL|kms:|lambda:(List|Create|GetAccount))/

/** An input that says all that a call of S3, DynamoDB, SQS … may name its resources by. */
const EVERY_NAME = {
  Bucket: 'b',
  Key: 'k',
  CopySource: 'c/k',
  TableName: 't',
  StreamArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/s',
  QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/q',
  TopicArn: 'arn:aws:sns:us-east-1:123456789012:n',
  FunctionName: 'f',
  Name: 'n',
  Names: ['n'],
  SecretId: 's',
  SecretIdList: ['s'],
  Entries: [{ EventBusName: 'e' }],
  RequestItems: { t: [] },
  TransactItems: [{ Put: { TableName: 't' } }],
  Delete: { Objects: [{ Key: 'k' }] },
  StreamName: 's',
}

const NAMED: Readonly<Record<string, readonly string[]>> = {
  s3: [
    'GetObject',
    'PutObject',
    'DeleteObject',
    'DeleteObjects',
    'CopyObject',
    'HeadObject',
    'ListObjectsV2',
    'GetObjectTagging',
    'UploadPart',
    'CreateMultipartUpload',
  ],
  dynamodb: [
    'GetItem',
    'PutItem',
    'UpdateItem',
    'DeleteItem',
    'Query',
    'Scan',
    'BatchGetItem',
    'BatchWriteItem',
    'TransactWriteItems',
    'DescribeTable',
  ],
  'dynamodb-streams': ['DescribeStream', 'GetShardIterator'],
  sqs: ['SendMessage', 'SendMessageBatch', 'ReceiveMessage', 'DeleteMessage', 'DeleteMessageBatch', 'PurgeQueue'],
  sns: ['Publish', 'PublishBatch', 'Subscribe'],
  lambda: ['Invoke', 'GetFunction', 'UpdateFunctionCode'],
  ssm: ['GetParameter', 'PutParameter', 'GetParameters', 'DeleteParameter'],
  'secrets-manager': ['GetSecretValue', 'PutSecretValue', 'DescribeSecret'],
  eventbridge: ['PutEvents', 'PutRule', 'EnableRule'],
  kinesis: ['PutRecord', 'PutRecords', 'DescribeStream', 'GetShardIterator'],
  scheduler: ['GetSchedule', 'DeleteSchedule'],
}

test('where the input names the resource, the need names no wider one', () => {
  for (const [service, names] of Object.entries(NAMED)) {
    for (const name of names) {
      const found = needs(`${service} ${name}`, EVERY_NAME)
      assert.ok(found !== undefined && found.length > 0, `${service} ${name}`)
      for (const each of found) {
        assert.ok(each.exact, `${service} ${name}: ${short(each)}`)
        if (!WIDE.test(each.action))
          for (const arn of each.resources) assert.doesNotMatch(arn, /\*/, `${service} ${name}: ${short(each)}`)
      }
    }
  }
})

test('where nothing of the input is known, the need takes every resource of its type and says so', () => {
  for (const [service, names] of Object.entries(NAMED)) {
    for (const name of names) {
      const found = needs(`${service} ${name}`, undefined)
      assert.ok(
        found?.every(({ exact }) => !exact),
        `${service} ${name}: ${found?.map(short).join(', ')}`,
      )
      // Never the whole service, never everything there is.
      for (const arn of found?.flatMap(({ resources }) => resources) ?? [])
        assert.notEqual(arn, '*', `${service} ${name}`)
    }
  }
})

test('what is known of an input whole, is known of any of its parts no better', () => {
  // By each member left out and by each member not known: the needs only get wider.
  for (const [service, names] of Object.entries(NAMED)) {
    for (const name of names) {
      const members = new Map<string, Value>(Object.entries(EVERY_NAME).map(([key, value]) => [key, toValue(value)]))
      const whole = needsOf({ service, name }, { kind: 'object', members, open: false }, PLACE) ?? []
      for (const key of members.keys()) {
        const less = new Map(members).set(key, UNKNOWN)
        const wider = needsOf({ service, name }, { kind: 'object', members: less, open: true }, PLACE) ?? []
        for (const { action, resources } of whole)
          for (const arn of resources)
            assert.ok(covers(wider, action, arn), `${service} ${name} without ${key}: ${action} ${arn}`)
      }
    }
  }
})

function covers(found: ReturnType<typeof needsOf>, action: string, arn: string): boolean {
  const patterns = found?.filter((each) => each.action === action).flatMap(({ resources }) => resources) ?? []
  return patterns.some((pattern) => matches(pattern, arn))
}

function matches(pattern: string, arn: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+^${}()|[\]\\?]/g, '\\$&'))
    .join('.*')
  return new RegExp(`^${source}$`).test(arn)
}

const text = (...parts: readonly (string | undefined)[]): Value => ({ kind: 'text', parts })
const object = (members: Readonly<Record<string, Value>>, open = false): Value => ({
  kind: 'object',
  members: new Map(Object.entries(members)),
  open,
})
const known = (value: string): Value => ({ kind: 'known', value })
const any = (...values: readonly Value[]): Value => ({ kind: 'any', values })

const partial: readonly (readonly [string, Value, readonly string[]])[] = [
  ['dynamodb GetItem', object({ TableName: text('shop-', undefined) }), ['dynamodb:GetItem table/shop-*']],
  ['dynamodb GetItem', object({ TableName: text(undefined, '-orders') }), ['dynamodb:GetItem table/*-orders']],
  ['dynamodb GetItem', object({ TableName: text(undefined, '-', undefined) }), ['dynamodb:GetItem table/*-* ?']],
  ['dynamodb GetItem', object({ TableName: any(known('a'), known('b')) }), ['dynamodb:GetItem table/a | table/b']],
  ['dynamodb GetItem', object({ TableName: any(known('a'), UNKNOWN) }), ['dynamodb:GetItem table/a | table/* ?']],
  [
    'dynamodb GetItem',
    any(object({ TableName: known('a') }), object({ TableName: known('b') })),
    ['dynamodb:GetItem table/a | table/b'],
  ],
  [
    'cloudwatch-logs PutLogEvents',
    any(
      object({ logGroupName: known('a'), logStreamName: known('x') }),
      object({ logGroupName: known('b'), logStreamName: known('y') }),
    ),
    ['logs:PutLogEvents log-group:a:log-stream:x | log-group:b:log-stream:y'],
  ],
  ['sqs ListQueues', { kind: 'known', value: undefined }, ['sqs:ListQueues *']],
  ['codebuild ListProjects', { kind: 'known', value: undefined }, ['codebuild:ListProjects *']],
  ['cloudformation DescribeStacks', { kind: 'known', value: undefined }, ['cloudformation:DescribeStacks *']],
  [
    'codebuild StartBuild',
    object({ projectName: any(known('a'), UNKNOWN) }),
    ['codebuild:StartBuild project/a | project/* ?'],
  ],
  ['dynamodb Query', object({ TableName: known('t') }, true), ['dynamodb:Query table/t | table/t/index/*']],
  [
    'dynamodb Query',
    object({ TableName: known('t'), IndexName: UNKNOWN }),
    ['dynamodb:Query table/t | table/t/index/*'],
  ],
  [
    'dynamodb Query',
    object({ TableName: known('t'), IndexName: any(known('i'), { kind: 'known', value: undefined }) }),
    ['dynamodb:Query table/t | table/t/index/i'],
  ],
  ['s3 GetObject', object({ Bucket: known('b'), Key: text('in/', undefined, '.png') }), ['s3:GetObject ::b/in/*.png']],
  ['s3 GetObject', object({ Bucket: known('b'), Key: UNKNOWN }), ['s3:GetObject ::b/*']],
  [
    's3 GetObject',
    object({ Bucket: known('b'), Key: known('k'), VersionId: UNKNOWN }),
    ['s3:GetObject ::b/k', 's3:GetObjectVersion ::b/k'],
  ],
  [
    's3 GetObject',
    object({ Bucket: any(known('a'), known('b')), Key: any(known('x'), known('y')) }),
    ['s3:GetObject ::a/x | ::a/y | ::b/x | ::b/y'],
  ],
  [
    's3 GetObject',
    any(object({ Bucket: known('a'), Key: known('x') }), object({ Bucket: known('b'), Key: known('y') })),
    ['s3:GetObject ::a/x | ::b/y'],
  ],
  [
    's3 CopyObject',
    object({ Bucket: known('b'), Key: known('k'), CopySource: text('src/', undefined) }),
    ['s3:GetObject ::src/*', 's3:PutObject ::b/k'],
  ],
  [
    's3 CopyObject',
    object({ Bucket: known('b'), Key: known('k'), CopySource: text(undefined, '/', undefined) }),
    ['s3:GetObject ::*/* ?', 's3:PutObject ::b/k'],
  ],
  [
    'sqs SendMessage',
    object({ QueueUrl: text('https://sqs.us-east-1.amazonaws.com/123456789012/', undefined) }),
    ['sqs:SendMessage * ?'],
  ],
  ['sqs SendMessage', object({ QueueUrl: text(undefined, '/jobs') }), ['sqs:SendMessage arn:aws:sqs:*:*:jobs']],
  [
    'sns Publish',
    object({ TopicArn: text('arn:aws:sns:us-east-1:', undefined, ':news') }),
    ['sns:Publish arn:aws:sns:us-east-1:*:news'],
  ],
  ['lambda Invoke', object({ FunctionName: text(undefined, '-worker') }), ['lambda:InvokeFunction function:*-worker']],
  ['ssm GetParameter', object({ Name: text('/app/', undefined) }), ['ssm:GetParameter parameter/app/*']],
  [
    'secrets-manager GetSecretValue',
    object({ SecretId: text('app/', undefined) }),
    ['secretsmanager:GetSecretValue secret:app/*-??????'],
  ],
  [
    'eventbridge PutEvents',
    object({ Entries: { kind: 'list', items: [object({ Source: known('s') })], open: false } }),
    ['events:PutEvents event-bus/default'],
  ],
  [
    'eventbridge PutEvents',
    object({ Entries: { kind: 'list', items: [object({ EventBusName: known('e') })], open: true } }),
    ['events:PutEvents event-bus/e | event-bus/* ?'],
  ],
  [
    'dynamodb BatchWriteItem',
    object({ RequestItems: object({ a: UNKNOWN }, true) }),
    ['dynamodb:BatchWriteItem table/a | table/* ?'],
  ],
  [
    'dynamodb ExecuteStatement',
    object({ Statement: text('SELECT * FROM "', undefined, '" WHERE id = 1') }),
    ['dynamodb:PartiQLSelect table/* ?'],
  ],
  [
    'dynamodb ExecuteStatement',
    object({ Statement: text('SELECT * FROM "t" WHERE id = ', undefined) }),
    ['dynamodb:PartiQLSelect table/t'],
  ],
]

for (const [operation, input, expected] of partial) {
  test(`${operation} of an input known in part: ${expected.join(', ')}`, () => {
    const [service = '', name = ''] = operation.split(' ')
    assert.deepEqual(needsOf({ service, name }, input, PLACE)?.map(short), expected)
  })
}
