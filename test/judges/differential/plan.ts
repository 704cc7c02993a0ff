// Chooses the calls of a differential run, by a seed: short scenarios, each on resources of its own.
import { type Random, seeded } from '../../support/random.ts'
import type { Input } from './steps.ts'

export interface Call {
  readonly step: string
  readonly input: Input
}

export interface Scenario {
  readonly service: 's3' | 'sqs' | 'sns' | 'dynamodb'
  readonly fifo: boolean
  readonly calls: readonly Call[]
}

type Choices = readonly (readonly [string, readonly [Input, ...Input[]]])[]

// Where a step stands more than once it is chosen more often.
const S3: Choices = [
  [
    'putObject',
    [{ Body: 'one' }, { Body: 'two two' }, { Body: '' }, { Key: 'd/e f', Body: 'x' }, { Key: 'd/ü+', Body: 'y' }],
  ],
  [
    'putObject',
    [
      { Body: 'm', Metadata: { color: 'red' }, ContentType: 'text/x-a', CacheControl: 'no-store' },
      { Body: 'n', IfNoneMatch: '*' },
      { Body: 'n', IfMatch: '"0"' },
      { Body: 't', Tagging: 'a=1&b=2' },
      { Body: 'd', ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' },
    ],
  ],
  [
    'getObject',
    [
      {},
      { Range: 'bytes=0-1' },
      { Range: 'bytes=-2' },
      { Range: 'bytes=1-' },
      { Range: 'bytes=100-' },
      { IfMatch: '"0"' },
      { IfNoneMatch: '"0"' },
      { Key: 'd/e f' },
      { Key: 'none' },
      { ResponseContentType: 'text/y' },
      { ResponseContentDisposition: 'inline' },
    ],
  ],
  ['headObject', [{}, { Key: 'none' }, { IfNoneMatch: '"0"' }, { Key: 'parts' }]],
  ['deleteObject', [{}, { Key: 'none' }, { Key: 'd/e f' }]],
  [
    'copyObject',
    [
      {},
      { source: 'd/e f' },
      { source: 'none' },
      { MetadataDirective: 'REPLACE', Metadata: { size: 'big' } },
      { Key: 'k' },
      { CopySourceIfMatch: '"0"' },
    ],
  ],
  [
    'listObjectsV2',
    [{}, { Prefix: 'd/' }, { Delimiter: '/' }, { MaxKeys: 1 }, { MaxKeys: 0 }, { StartAfter: 'd' }, { Prefix: 'none' }],
  ],
  ['listObjects', [{}, { Delimiter: '/' }, { Marker: 'd/e f' }, { Prefix: 'k' }]],
  ['deleteObjects', [{ keys: ['k', 'none'] }, { keys: ['d/e f', 'd/ü+'], Quiet: true }]],
  [
    'putTags',
    [
      { TagSet: [{ Key: 'a', Value: '1' }] },
      { TagSet: [] },
      { TagSet: Array.from({ length: 11 }, (_, at) => ({ Key: `k${at}`, Value: 'v' })) },
      {
        TagSet: [
          { Key: 'a', Value: '1' },
          { Key: 'a', Value: '2' },
        ],
      },
      { TagSet: [{ Key: 'aws:x', Value: '1' }] },
    ],
  ],
  ['getTags', [{}]],
  ['deleteTags', [{}]],
  ['versioning', [{ Status: 'Enabled' }, { Status: 'Suspended' }]],
  ['listVersions', [{}]],
  ['getVersion', [{ at: 0 }, { at: 1 }]],
  ['beginUpload', [{}, { Metadata: { color: 'blue' } }]],
  [
    'uploadPart',
    [
      { PartNumber: 1, Body: 'first' },
      { PartNumber: 1, Body: 'again' },
      { PartNumber: 10001, Body: 'x' },
    ],
  ],
  ['listParts', [{}]],
  ['completeUpload', [{}, { etag: '"00000000000000000000000000000000"' }, {}]],
  ['abortUpload', [{}]],
  ['headBucket', [{}, { missing: true }]],
  ['createBucket', [{ Bucket: 'Bad_Name' }, { Bucket: 'ab' }]],
]

const attribute = (DataType: string, StringValue: string): Input => ({
  MessageAttributes: { a: { DataType, StringValue } },
})

const SQS: Choices = [
  [
    'send',
    [{}, { MessageBody: 'ü 🎉' }, attribute('String', 'v'), attribute('Number', '1'), attribute('Number.x', '2')],
  ],
  [
    'send',
    [
      { MessageBody: '' },
      { DelaySeconds: 901 },
      { DelaySeconds: -1 },
      attribute('Wrong', 'v'),
      attribute('String', ''),
      attribute('Number', 'none'),
      { MessageBody: 'bad \u0001' },
      { MessageBody: 'x'.repeat(1_048_577) },
    ],
  ],
  [
    'sendBatch',
    [
      { Entries: [] },
      { Entries: Array.from({ length: 11 }, (_, at) => ({ Id: `i${at}`, MessageBody: 'x' })) },
      { Entries: [{ Id: 'bad id', MessageBody: 'x' }] },
      {
        Entries: [
          { Id: 'a', MessageBody: 'x' },
          { Id: 'b', MessageBody: 'y' },
        ],
      },
      {
        Entries: [
          { Id: 'a', MessageBody: 'x' },
          { Id: 'a', MessageBody: 'y' },
        ],
      },
    ],
  ],
  ['receive', [{}, {}, { MaxNumberOfMessages: 0 }, { MaxNumberOfMessages: 11 }]],
  ['receive', [{ VisibilityTimeout: 0 }, { VisibilityTimeout: 43_201 }, {}]],
  ['deleteAll', [{}]],
  ['deleteGarbage', [{}]],
  ['show', [{ VisibilityTimeout: 0 }, { VisibilityTimeout: 43_201 }, { VisibilityTimeout: -1 }]],
  ['queueAttributes', [{}, {}, { names: ['VisibilityTimeout'] }, { names: ['Wrong'] }]],
  [
    'setAttributes',
    [
      { Attributes: { VisibilityTimeout: 5 } },
      { Attributes: { VisibilityTimeout: 43_201 } },
      { Attributes: { DelaySeconds: 901 } },
      { Attributes: { Wrong: 1 } },
      { Attributes: { RedrivePolicy: 'no json' } },
      { Attributes: { MessageRetentionPeriod: 59 } },
      { Attributes: { FifoQueue: true } },
    ],
  ],
  ['queueTags', [{ tag: 'a' }, {}]],
  ['queueUrl', [{}, { missing: true }]],
  [
    'createQueue',
    [
      {},
      { Attributes: { DelaySeconds: 7 } },
      { QueueName: 'bad name' },
      { QueueName: 'x'.repeat(81) },
      { QueueName: 'no.fifo' },
    ],
  ],
]

const SNS: Choices = [
  [
    'publish',
    [
      {},
      { Subject: 'about' },
      attribute('String', 'v'),
      { Message: '{"default":"d","sqs":"q"}', MessageStructure: 'json' },
      { Message: 'ü' },
    ],
  ],
  [
    'publish',
    [
      { Message: '' },
      { Subject: 'x'.repeat(101) },
      { Subject: '' },
      attribute('Wrong', 'v'),
      attribute('String', ''),
      { Message: '{"sqs":"q"}', MessageStructure: 'json' },
      { Message: 'no json', MessageStructure: 'json' },
      { Message: 'x'.repeat(262_145) },
    ],
  ],
  [
    'publishBatch',
    [
      { entries: [] },
      { entries: Array.from({ length: 11 }, (_, at) => ({ Id: `i${at}`, Message: 'x' })) },
      { entries: [{ Id: 'a', Message: 'x' }] },
      {
        entries: [
          { Id: 'a', Message: 'x' },
          { Id: 'a', Message: 'y' },
        ],
      },
    ],
  ],
  [
    'subscribe',
    [
      {},
      { Attributes: { RawMessageDelivery: 'true' } },
      { Protocol: 'wrong', Endpoint: 'x' },
      { Protocol: 'sqs', Endpoint: 'not an arn' },
      { Protocol: 'http', Endpoint: 'not-a-url' },
      { Attributes: { FilterPolicy: 'no json' } },
      { Attributes: { FilterPolicy: '{"a":"text"}' } },
      { Attributes: { FilterPolicy: '{"a":[{"prefix":1}]}' } },
      { Attributes: { FilterPolicyScope: 'Wrong' } },
      { Attributes: { Wrong: '1' } },
    ],
  ],
  ['unsubscribe', [{}]],
  ['subscriptions', [{}]],
  ['subscriptionAttributes', [{}]],
  [
    'setSubscription',
    [
      { AttributeName: 'RawMessageDelivery', AttributeValue: 'true' },
      { AttributeName: 'RawMessageDelivery', AttributeValue: 'maybe' },
      { AttributeName: 'FilterPolicy', AttributeValue: '{"a":["v"]}' },
      { AttributeName: 'Wrong', AttributeValue: '1' },
    ],
  ],
  ['topicAttributes', [{}, { missing: true }]],
  [
    'setTopic',
    [
      { AttributeName: 'DisplayName', AttributeValue: 'name' },
      { AttributeName: 'Wrong', AttributeValue: '1' },
    ],
  ],
  ['createTopic', [{}, { Name: 'bad name' }, { Name: 'x'.repeat(257) }, { Name: '' }, { Name: 'no.fifo' }]],
  ['topicTags', [{ tag: 'a' }, {}]],
]

const CHOICES = { s3: S3, sqs: SQS, sns: SNS } as const
const LENGTH = 14

/** What a FIFO queue wants besides. */
function grouped(random: Random, { step, input }: Call): Call {
  if (step !== 'send' || random.whole(6) === 0) return { step, input }
  return { step, input: { MessageGroupId: random.pick(['g', 'h']), ...input } }
}

/** As many scenarios of one service as hold at least this number of calls. */
export function plan(service: keyof typeof CHOICES, calls: number, seed: number): Scenario[] {
  const random = seeded(seed)
  const [first, ...rest] = CHOICES[service]
  if (first === undefined) return []
  return Array.from({ length: Math.ceil(calls / LENGTH) }, () => {
    const fifo = service === 'sqs' && random.whole(3) === 0
    const one = (): Call => {
      const [step, inputs] = random.pick([first, ...rest])
      const call = { step, input: random.pick(inputs) }
      return fifo ? grouped(random, call) : call
    }
    return { service, fifo, calls: Array.from({ length: LENGTH }, one) }
  })
}
