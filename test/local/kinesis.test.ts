// The local Kinesis as clients see it: SDK v3 over HTTP/2, plain JSON over HTTP/1, on a virtual clock, over restarts.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectSecond } from 'node:http2'
import { connect as connectPlain } from 'node:net'
import { test } from 'node:test'
import * as kinesis from '@aws-sdk/client-kinesis'
import { type Clock, startClock } from '../../src/local/index.ts'
import { type Running, runApp } from '../support/cloud.ts'
import { seeded } from '../support/random.ts'

const StreamName = 's'
const ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s'
const START = Date.UTC(2026, 0, 1)
const HASHES = 2n ** 128n
const idOf = (index: number): string => `shardId-${String(index).padStart(12, '0')}`

interface Opened {
  readonly app: Running
  readonly client: kinesis.KinesisClient
  readonly clock: Clock
  /** A call in the JSON protocol. */
  call(operation: string, input: unknown, headers?: Record<string, string>): Promise<{ status: number; text: string }>
  /** All that a shard holds from here on. */
  read(shard: string, from?: Partial<kinesis.GetShardIteratorCommandInput>): Promise<kinesis._Record[]>
  restart(): Promise<void>
}

async function open(shards: number | undefined, work: (opened: Opened) => Promise<void>): Promise<void> {
  let clock = startClock('virtual', START)
  await using app = await runApp({ functions: {} }, { clock })
  const connect = (): kinesis.KinesisClient =>
    new kinesis.KinesisClient({
      endpoint: app.cloud.aws,
      region: 'us-east-1',
      credentials: { accessKeyId: 'goblet', secretAccessKey: 'goblet' },
    })
  let client = connect()
  if (shards !== undefined) await client.send(new kinesis.CreateStreamCommand({ StreamName, ShardCount: shards }))
  await work({
    app,
    get client() {
      return client
    },
    get clock() {
      return clock
    },
    call: async (operation, input, headers = {}) => {
      const response = await fetch(app.cloud.aws, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `Kinesis_20131202.${operation}`,
          ...headers,
        },
        body: typeof input === 'string' ? input : JSON.stringify(input),
      })
      return { status: response.status, text: await response.text() }
    },
    read: async (shard, from = { ShardIteratorType: 'TRIM_HORIZON' }) => {
      const asked = { StreamName, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON', ...from } as const
      let { ShardIterator } = await client.send(new kinesis.GetShardIteratorCommand(asked))
      const all: kinesis._Record[] = []
      while (ShardIterator !== undefined) {
        const page = await client.send(new kinesis.GetRecordsCommand({ ShardIterator }))
        all.push(...(page.Records ?? []))
        if (page.MillisBehindLatest === 0) return all
        ShardIterator = page.NextShardIterator
      }
      return all
    },
    restart: async () => {
      client.destroy()
      clock = startClock('virtual', clock.now())
      await app.restart({ clock })
      client = connect()
    },
  })
  client.destroy()
}

const OPERATIONS: [string, ...string[]] = [
  'AddTagsToStream',
  'CreateStream',
  'DecreaseStreamRetentionPeriod',
  'DeleteResourcePolicy',
  'DeregisterStreamConsumer',
  'DescribeLimits',
  'DescribeStream',
  'DescribeStreamConsumer',
  'DescribeStreamSummary',
  'DisableEnhancedMonitoring',
  'EnableEnhancedMonitoring',
  'GetRecords',
  'GetResourcePolicy',
  'GetShardIterator',
  'IncreaseStreamRetentionPeriod',
  'ListShards',
  'ListStreamConsumers',
  'ListStreams',
  'ListTagsForResource',
  'ListTagsForStream',
  'MergeShards',
  'PutRecord',
  'PutRecords',
  'PutResourcePolicy',
  'RegisterStreamConsumer',
  'RemoveTagsFromStream',
  'SplitShard',
  'StartStreamEncryption',
  'StopStreamEncryption',
  'SubscribeToShard',
  'TagResource',
  'UntagResource',
  'UpdateMaxRecordSize',
  'UpdateShardCount',
  'UpdateStreamMode',
  'UpdateStreamWarmThroughput',
]
const MEMBERS: [string, ...string[]] = [
  'StreamName',
  'StreamARN',
  'ShardId',
  'ShardIterator',
  'ShardIteratorType',
  'StartingSequenceNumber',
  'Timestamp',
  'Limit',
  'MaxResults',
  'NextToken',
  'ExclusiveStartShardId',
  'ExclusiveStartStreamName',
  'ExclusiveStartTagKey',
  'ShardFilter',
  'ShardCount',
  'StreamModeDetails',
  'Tags',
  'TagKeys',
  'PartitionKey',
  'Data',
  'ExplicitHashKey',
  'SequenceNumberForOrdering',
  'Records',
  'ShardToSplit',
  'NewStartingHashKey',
  'ShardToMerge',
  'AdjacentShardToMerge',
  'TargetShardCount',
  'ScalingType',
  'RetentionPeriodHours',
  'ConsumerName',
  'ConsumerARN',
  'ResourceARN',
  'Policy',
  'EncryptionType',
  'KeyId',
  'ShardLevelMetrics',
  'MaxRecordSizeInKiB',
  'WarmThroughputMiBps',
]

const put = (opened: Opened, PartitionKey: string, text: string, more: object = {}) =>
  opened.client.send(new kinesis.PutRecordCommand({ StreamName, PartitionKey, Data: Buffer.from(text), ...more }))
const textsOf = (records: readonly kinesis._Record[]): string[] =>
  records.map(({ Data }) => Buffer.from(Data ?? []).toString())

test('streams are made, described, listed and deleted', () =>
  open(3, async ({ client }) => {
    const { StreamDescription } = await client.send(new kinesis.DescribeStreamCommand({ StreamName }))
    const { Shards = [], ...rest } = StreamDescription ?? {}
    assert.deepEqual(rest, {
      StreamName,
      StreamARN: ARN,
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      HasMoreShards: false,
      RetentionPeriodHours: 24,
      StreamCreationTimestamp: new Date(START),
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      EncryptionType: 'NONE',
    })
    // Recorded by kinesalite on AWS.
    assert.deepEqual(
      Shards.map(({ HashKeyRange }) => [HashKeyRange?.StartingHashKey, HashKeyRange?.EndingHashKey]),
      [
        ['0', '113427455640312821154458202477256070484'],
        ['113427455640312821154458202477256070485', '226854911280625642308916404954512140969'],
        ['226854911280625642308916404954512140970', '340282366920938463463374607431768211455'],
      ],
    )
    const starts = Shards.map(({ SequenceNumberRange }) => BigInt(SequenceNumberRange?.StartingSequenceNumber ?? 0))
    assert.equal(String(starts[0]).length, 56)
    for (const [index, start] of starts.slice(1).entries())
      assert.equal(start - (starts[index] ?? 0n), 22300745198530623141535718272648361505980432n)

    await client.send(new kinesis.CreateStreamCommand({ StreamName: 'on-demand' }))
    const list = await client.send(new kinesis.ListStreamsCommand({ Limit: 1 }))
    assert.deepEqual([list.StreamNames, list.HasMoreStreams], [['on-demand'], true])
    const next = await client.send(new kinesis.ListStreamsCommand({ NextToken: list.NextToken }))
    assert.deepEqual([next.StreamNames, next.HasMoreStreams], [['s'], false])
    const { StreamDescriptionSummary } = await client.send(
      new kinesis.DescribeStreamSummaryCommand({ StreamARN: ARN.replace(/s$/, 'on-demand') }),
    )
    assert.equal(StreamDescriptionSummary?.OpenShardCount, 4)
    assert.equal(StreamDescriptionSummary?.StreamModeDetails?.StreamMode, 'ON_DEMAND')
    const limits = await client.send(new kinesis.DescribeLimitsCommand({}))
    assert.deepEqual([limits.OpenShardCount, limits.OnDemandStreamCount], [7, 1])
    await client.send(new kinesis.DeleteStreamCommand({ StreamName }))
    await assert.rejects(client.send(new kinesis.DescribeStreamCommand({ StreamName })), {
      name: 'ResourceNotFoundException',
      message: 'Stream s under account 000000000000 not found.',
    })
    await client.send(new kinesis.CreateStreamCommand({ StreamName, ShardCount: 1 }))
  }))

test('records go where their keys hash to, and come back as they were, over a restart', () =>
  open(3, async (opened) => {
    const { client, read } = opened
    const data = ['test', 'ünicödé 统一码 💣', 'a'.repeat(1000), '']
    for (const text of data) await put(opened, '1', text)
    const shard = idOf(Number((BigInt(`0x${createHash('md5').update('1').digest('hex')}`) * 3n) / HASHES))
    assert.deepEqual(textsOf(await read(shard)), data)
    const last = await put(opened, 'a', 'last', { ExplicitHashKey: String(HASHES - 1n) })
    assert.equal(last.ShardId, idOf(2))
    const many = await client.send(
      new kinesis.PutRecordsCommand({
        StreamARN: ARN,
        Records: [0n, HASHES / 2n, HASHES - 1n].map((hash, index) => ({
          PartitionKey: 'k',
          Data: Buffer.from(String(index)),
          ExplicitHashKey: String(hash),
        })),
      }),
    )
    assert.deepEqual([many.FailedRecordCount, many.Records?.map(({ ShardId }) => ShardId)], [0, [0, 1, 2].map(idOf)])
    const before = await Promise.all([0, 1, 2].map((index) => read(idOf(index))))
    await opened.restart()
    assert.deepEqual(await Promise.all([0, 1, 2].map((index) => read(idOf(index)))), before)
    const after = await put(opened, 'a', 'after', { ExplicitHashKey: '0' })
    assert.equal(before.flat().length, 8)
    assert.ok(BigInt(after.SequenceNumber ?? 0) > BigInt(before[0]?.at(-1)?.SequenceNumber ?? 0))
  }))

test('the five kinds of iterators', () =>
  open(1, async (opened) => {
    const { client, clock, read } = opened
    const one = await put(opened, 'k', '1')
    await clock.advance(1000)
    const latest = await client.send(
      new kinesis.GetShardIteratorCommand({ StreamName, ShardId: idOf(0), ShardIteratorType: 'LATEST' }),
    )
    const two = await put(opened, 'k', '2')
    await clock.advance(1000)
    await put(opened, 'k', '3')
    const from = async (more: Partial<kinesis.GetShardIteratorCommandInput>) => textsOf(await read(idOf(0), more))
    const [first, second] = [one.SequenceNumber, two.SequenceNumber]
    assert.deepEqual(await from({ ShardIteratorType: 'TRIM_HORIZON' }), ['1', '2', '3'])
    assert.deepEqual(await from({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: second }), [
      '2',
      '3',
    ])
    assert.deepEqual(await from({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: first }), [
      '2',
      '3',
    ])
    assert.deepEqual(await from({ ShardIteratorType: 'LATEST' }), [])
    for (const [seconds, texts] of [
      [0, ['1', '2', '3']],
      [0.5, ['2', '3']],
      [1, ['2', '3']],
      [1.5, ['3']],
    ] as const)
      assert.deepEqual(
        await from({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(START + seconds * 1000) }),
        texts,
      )
    const { ShardIterator } = latest
    const page = await client.send(new kinesis.GetRecordsCommand({ ShardIterator, Limit: 1 }))
    assert.deepEqual([textsOf(page.Records ?? []), page.MillisBehindLatest], [['2'], 0])
    await clock.advance(1000)
    const behind = await client.send(new kinesis.GetRecordsCommand({ ShardIterator, Limit: 1 }))
    assert.equal(behind.MillisBehindLatest, 1000)
    await clock.advance(300_000)
    await assert.rejects(client.send(new kinesis.GetRecordsCommand({ ShardIterator })), {
      name: 'ExpiredIteratorException',
      message:
        'Iterator expired. The iterator was created at time Thu Jan 01 00:00:01 UTC 2026 while right now it is Thu Jan 01 00:05:03 UTC 2026 which is further in the future than the tolerated delay of 300000 milliseconds.',
    })
  }))

test('records are kept for their time, on the clock; then their closed shards go, too', () =>
  open(1, async (opened) => {
    const { client, clock, read } = opened
    await put(opened, 'k', 'old')
    await clock.advance(3_600_000)
    await put(opened, 'k', 'new')
    await clock.advance(23 * 3_600_000 - 1)
    assert.deepEqual(textsOf(await read(idOf(0))), ['old', 'new'])
    await clock.advance(1)
    assert.deepEqual(textsOf(await read(idOf(0))), ['new'])
    await client.send(new kinesis.IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 48 }))
    await clock.advance(20 * 3_600_000)
    assert.deepEqual(textsOf(await read(idOf(0))), ['new'])
    await client.send(
      new kinesis.UpdateShardCountCommand({ StreamName, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' }),
    )
    await clock.advance(47 * 3_600_000)
    assert.deepEqual(await read(idOf(0)), [])
    const shards = async () =>
      (await client.send(new kinesis.ListShardsCommand({ StreamName }))).Shards?.map(({ ShardId }) => ShardId)
    assert.deepEqual(await shards(), [0, 1, 2].map(idOf))
    await opened.restart()
    await opened.clock.advance(3_600_000)
    const { Shards = [] } = await opened.client.send(new kinesis.ListShardsCommand({ StreamName }))
    assert.deepEqual(
      Shards.map(({ ShardId }) => ShardId),
      [1, 2].map(idOf),
    )
  }))

test('consumers are registered, described, listed, tagged and deregistered', () =>
  open(1, async ({ client }) => {
    const { Consumer } = await client.send(
      new kinesis.RegisterStreamConsumerCommand({ StreamARN: ARN, ConsumerName: 'c', Tags: { a: '1' } }),
    )
    const ConsumerARN = `${ARN}/consumer/c:${START / 1000}`
    assert.deepEqual(Consumer, {
      ConsumerName: 'c',
      ConsumerARN,
      ConsumerStatus: 'ACTIVE',
      ConsumerCreationTimestamp: new Date(START),
    })
    const { ConsumerDescription } = await client.send(new kinesis.DescribeStreamConsumerCommand({ ConsumerARN }))
    assert.deepEqual(ConsumerDescription, { ...Consumer, StreamARN: ARN })
    const { Consumers } = await client.send(new kinesis.ListStreamConsumersCommand({ StreamARN: ARN }))
    assert.deepEqual(Consumers, [Consumer])
    await client.send(new kinesis.TagResourceCommand({ ResourceARN: ConsumerARN, Tags: { b: '2' } }))
    await client.send(new kinesis.UntagResourceCommand({ ResourceARN: ConsumerARN, TagKeys: ['a'] }))
    const { Tags } = await client.send(new kinesis.ListTagsForResourceCommand({ ResourceARN: ConsumerARN }))
    assert.deepEqual(Tags, [{ Key: 'b', Value: '2' }])
    await assert.rejects(client.send(new kinesis.DeleteStreamCommand({ StreamName })), {
      name: 'ResourceInUseException',
    })
    await client.send(new kinesis.DeregisterStreamConsumerCommand({ StreamARN: ARN, ConsumerName: 'c' }))
    await assert.rejects(client.send(new kinesis.DescribeStreamConsumerCommand({ ConsumerARN })), {
      name: 'ResourceNotFoundException',
    })
  }))

test('what is only remembered: tags, encryption, metrics, sizes, policy', () =>
  open(1, async (opened) => {
    const { client } = opened
    await client.send(new kinesis.AddTagsToStreamCommand({ StreamName, Tags: { b: '2', a: '1' } }))
    await client.send(new kinesis.RemoveTagsFromStreamCommand({ StreamName, TagKeys: ['b'] }))
    const tags = await client.send(new kinesis.ListTagsForStreamCommand({ StreamName }))
    assert.deepEqual([tags.Tags, tags.HasMoreTags], [[{ Key: 'a', Value: '1' }], false])
    const key = { StreamName, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const
    await client.send(new kinesis.StartStreamEncryptionCommand(key))
    assert.equal((await put(opened, 'k', 'v')).EncryptionType, 'KMS')
    await client.send(new kinesis.StopStreamEncryptionCommand(key))
    assert.equal((await put(opened, 'k', 'v')).EncryptionType, undefined)
    const metrics = await client.send(
      new kinesis.EnableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics: ['ALL'] }),
    )
    assert.deepEqual([metrics.CurrentShardLevelMetrics, metrics.DesiredShardLevelMetrics?.length], [[], 7])
    const large = { StreamName, PartitionKey: 'k', Data: Buffer.alloc(1_048_577) }
    await assert.rejects(client.send(new kinesis.PutRecordCommand(large)), { name: 'ValidationException' })
    await client.send(new kinesis.UpdateMaxRecordSizeCommand({ StreamARN: ARN, MaxRecordSizeInKiB: 2048 }))
    await client.send(new kinesis.PutRecordCommand(large))
    const Policy = '{"Version":"2012-10-17","Statement":[]}'
    await client.send(new kinesis.PutResourcePolicyCommand({ ResourceARN: ARN, Policy }))
    assert.equal((await client.send(new kinesis.GetResourcePolicyCommand({ ResourceARN: ARN }))).Policy, Policy)
  }))

const NAME = 'a'.repeat(129)
const account = 'under account 000000000000'
const constraint = (...wrong: string[]): string =>
  `${wrong.length} validation error${wrong.length === 1 ? '' : 's'} detected: ${wrong.join('; ')}`
const isNull = (member: string): string =>
  `Value null at '${member}' failed to satisfy constraint: Member must not be null`
const fails = (value: string, member: string, must: string): string =>
  `Value '${value}' at '${member}' failed to satisfy constraint: Member must ${must}`
const HASH = '113427455640312821154458202477256070484'
const EITHER =
  'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber.'

// Each in the words that kinesalite's published tests saw AWS use.
const REFUSALS: readonly [operation: string, input: object, type: string, message: string][] = [
  ['GetRecords', {}, 'ValidationException', constraint(isNull('shardIterator'))],
  [
    'GetRecords',
    { ShardIterator: '', Limit: 0 },
    'ValidationException',
    constraint(
      fails('0', 'limit', 'have value greater than or equal to 1'),
      fails('', 'shardIterator', 'have length greater than or equal to 1'),
    ),
  ],
  [
    'GetRecords',
    { ShardIterator: 'x'.repeat(513), Limit: 100_000 },
    'ValidationException',
    constraint(
      fails('100000', 'limit', 'have value less than or equal to 10000'),
      fails('x'.repeat(513), 'shardIterator', 'have length less than or equal to 512'),
    ),
  ],
  ['GetRecords', { ShardIterator: 'nonsense' }, 'InvalidArgumentException', 'Invalid ShardIterator.'],
  [
    'PutRecords',
    { StreamName: '', Records: [] },
    'ValidationException',
    constraint(
      fails('[]', 'records', 'have length greater than or equal to 1'),
      fails('', 'streamName', 'satisfy regular expression pattern: [a-zA-Z0-9_.-]+'),
      fails('', 'streamName', 'have length greater than or equal to 1'),
    ),
  ],
  [
    'PutRecords',
    { StreamName: 'none', Records: [{ PartitionKey: 'a', Data: '' }] },
    'ResourceNotFoundException',
    `Stream none ${account} not found.`,
  ],
  [
    'PutRecord',
    { StreamName: NAME, PartitionKey: 'a', Data: '' },
    'ValidationException',
    constraint(fails(NAME, 'streamName', 'have length less than or equal to 128')),
  ],
  [
    'PutRecord',
    { StreamName, PartitionKey: '', Data: '', ExplicitHashKey: '', SequenceNumberForOrdering: '' },
    'ValidationException',
    constraint(
      fails('', 'sequenceNumberForOrdering', 'satisfy regular expression pattern: 0|([1-9]\\d{0,128})'),
      fails('', 'partitionKey', 'have length greater than or equal to 1'),
      fails('', 'explicitHashKey', 'satisfy regular expression pattern: 0|([1-9]\\d{0,38})'),
    ),
  ],
  [
    'PutRecord',
    { StreamName, PartitionKey: 'a', Data: '', ExplicitHashKey: String(HASHES) },
    'InvalidArgumentException',
    `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${HASHES}`,
  ],
  [
    'PutRecord',
    { StreamName, PartitionKey: 'a', Data: '', SequenceNumberForOrdering: '5' },
    'InvalidArgumentException',
    `ExclusiveMinimumSequenceNumber 5 used in PutRecord on stream s ${account} is invalid.`,
  ],
  [
    'PutRecord',
    { StreamName, PartitionKey: 5, Data: '' },
    'SerializationException',
    'NUMBER_VALUE can not be converted to a String',
  ],
  [
    'GetShardIterator',
    { StreamName: 'none', ShardId: '2147483647', ShardIteratorType: 'LATEST' },
    'ResourceNotFoundException',
    `Shard shardId-002147483647 in stream none ${account} does not exist`,
  ],
  [
    'GetShardIterator',
    { StreamName, ShardId: 'ABKLFD8', ShardIteratorType: 'LATEST' },
    'ResourceNotFoundException',
    `Could not find shard ABKLFD8 in stream s ${account}.`,
  ],
  [
    'GetShardIterator',
    { StreamName, ShardId: 'shardId-5', ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: '5' },
    'ResourceNotFoundException',
    `Shard shardId-000000000005 in stream s ${account} does not exist`,
  ],
  [
    'GetShardIterator',
    { StreamName, ShardId: 'shardId-0', ShardIteratorType: 'AT_SEQUENCE_NUMBER' },
    'InvalidArgumentException',
    `${EITHER} Request specified AT_SEQUENCE_NUMBER and no StartingSequenceNumber.`,
  ],
  [
    'GetShardIterator',
    { StreamName, ShardId: 'shardId-0', ShardIteratorType: 'LATEST', StartingSequenceNumber: '5' },
    'InvalidArgumentException',
    `${EITHER} Request specified LATEST and also a StartingSequenceNumber.`,
  ],
  [
    'GetShardIterator',
    {
      StreamName,
      ShardId: 'shardId-0',
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      StartingSequenceNumber: String(BigInt('0x20000000000800000000000000000000000000000000002')),
    },
    'InvalidArgumentException',
    `StartingSequenceNumber ${BigInt('0x20000000000800000000000000000000000000000000002')} used in GetShardIterator on shard shardId-000000000000 in stream s ${account} is invalid.`,
  ],
  [
    'SplitShard',
    { StreamName: 'none', ShardToSplit: '0', NewStartingHashKey: '0' },
    'ResourceNotFoundException',
    `Stream none ${account} not found.`,
  ],
  [
    'SplitShard',
    { StreamName, ShardToSplit: 'shardId-5', NewStartingHashKey: '0' },
    'ResourceNotFoundException',
    `Could not find shard shardId-000000000005 in stream s ${account}.`,
  ],
  ...(['1', HASH] as const).map((key): [string, object, string, string] => [
    'SplitShard',
    { StreamName, ShardToSplit: 'shard-0', NewStartingHashKey: key },
    'InvalidArgumentException',
    `NewStartingHashKey ${key} used in SplitShard() on shard shardId-000000000000 in stream s ${account} is not both greater than one plus the shard's StartingHashKey 0 and less than the shard's EndingHashKey ${HASH}.`,
  ]),
  [
    'MergeShards',
    { StreamName, ShardToMerge: 'x-0', AdjacentShardToMerge: 'x-2' },
    'InvalidArgumentException',
    `Shards shardId-000000000000 and shardId-000000000002 in stream s ${account} are not an adjacent pair of shards eligible for merging`,
  ],
  [
    'MergeShards',
    { StreamName, ShardToMerge: 'x-1', AdjacentShardToMerge: 'x-0' },
    'InvalidArgumentException',
    `Shards shardId-000000000001 and shardId-000000000000 in stream s ${account} are not an adjacent pair of shards eligible for merging`,
  ],
  [
    'UpdateShardCount',
    { StreamName, TargetShardCount: 7, ScalingType: 'UNIFORM_SCALING' },
    'LimitExceededException',
    'UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 3, Target shard count: 7',
  ],
  [
    'UpdateShardCount',
    { StreamName, TargetShardCount: 1, ScalingType: 'UNIFORM_SCALING' },
    'LimitExceededException',
    'UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: 3, Target shard count: 1',
  ],
  [
    'UpdateShardCount',
    { StreamName, TargetShardCount: 100_001, ScalingType: '' },
    'ValidationException',
    constraint(
      fails('', 'scalingType', 'satisfy enum value set: [UNIFORM_SCALING]'),
      fails('100001', 'targetShardCount', 'have value less than or equal to 100000'),
    ),
  ],
  [
    'IncreaseStreamRetentionPeriod',
    { StreamName, RetentionPeriodHours: 23 },
    'InvalidArgumentException',
    'Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.',
  ],
  [
    'DecreaseStreamRetentionPeriod',
    { StreamName, RetentionPeriodHours: 25 },
    'InvalidArgumentException',
    'Requested retention period (25 hours) for stream s can not be longer than existing retention period (24 hours). Use IncreaseRetentionPeriod API.',
  ],
  ['CreateStream', { StreamName, ShardCount: 1 }, 'ResourceInUseException', `Stream s ${account} already exists.`],
  [
    'CreateStream',
    { StreamName: 'more', ShardCount: 30_000 },
    'LimitExceededException',
    'This request would exceed the shard limit for the account 000000000000 in us-east-1. Current shard count for the account: 3. Limit: 20000. Number of additional shards that would have resulted from this request: 30000. Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request higher limits.',
  ],
]

test(`${REFUSALS.length} refusals in the words of AWS`, () =>
  open(3, async ({ call }) => {
    for (const [operation, input, type, message] of REFUSALS) {
      const { status, text } = await call(operation, input)
      assert.deepEqual(
        [status, JSON.parse(text)],
        [400, { __type: type, message }],
        `${operation} ${JSON.stringify(input)}`,
      )
    }
  }))

test('the wire: empty answers, broken bodies, unknown actions, CBOR, what is not here', () =>
  open(1, async ({ call, client }) => {
    assert.deepEqual(await call('AddTagsToStream', { StreamName, Tags: { a: 'b' } }), { status: 200, text: '' })
    assert.equal((await call('DescribeStream', '{')).status, 400)
    assert.equal(JSON.parse((await call('Nothing', {})).text).__type, 'UnknownOperationException')
    const cbor = await call('ListStreams', {}, { 'content-type': 'application/x-amz-cbor-1.1' })
    assert.match(JSON.parse(cbor.text).message, /JSON, not CBOR/)
    const more = await call('SubscribeToShard', {})
    assert.equal(more.status, 501)
    const Records = Array.from({ length: 501 }, () => ({ PartitionKey: 'k', Data: Buffer.from('x') }))
    await assert.rejects(client.send(new kinesis.PutRecordsCommand({ StreamName, Records })), {
      name: 'ValidationException',
    })
    const large = Array.from({ length: 11 }, () => ({ PartitionKey: 'k', Data: Buffer.alloc(1_000_000) }))
    await assert.rejects(client.send(new kinesis.PutRecordsCommand({ StreamName, Records: large })), {
      name: 'InvalidArgumentException',
      message: 'Records size exceeds 10 MB limit',
    })
  }))

test('HTTP/2: many requests on one connection, hosts checked, garbage survived', () =>
  open(1, async ({ app, client }) => {
    const { hostname, port } = new URL(app.cloud.aws)
    const session = connectSecond(app.cloud.aws)
    const ask = async (headers: object): Promise<[number, string]> => {
      const stream = session.request({
        ':method': 'POST',
        ':path': '/',
        'x-amz-target': 'Kinesis_20131202.ListStreams',
        ...headers,
      })
      stream.end('{}')
      const [head] = await once(stream, 'response')
      return [head[':status'], (await stream.setEncoding('utf8').toArray()).join('')]
    }
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask({})))
    for (const [status, text] of answers) assert.deepEqual([status, JSON.parse(text).StreamNames], [200, ['s']])
    const [refused] = await ask({ ':authority': `evil.example:${port}` })
    assert.equal(refused, 403)
    session.destroy()
    for (const junk of ['', 'SM', 'SM\r\n\r\n\0\0\0garbage', '\u00ff'.repeat(1000)]) {
      const socket = connectPlain(Number(port), hostname)
      socket.on('error', () => undefined)
      socket.write(`PRI * HTTP/2.0\r\n\r\n${junk}`, 'latin1')
      await new Promise((resolve) => setTimeout(resolve, 20))
      socket.destroy()
    }
    assert.deepEqual((await client.send(new kinesis.ListStreamsCommand({}))).StreamNames, ['s'])
  }))

test('1,500 random requests are answered, none of them by a fault', () =>
  open(2, async (opened) => {
    const { whole, pick } = seeded(7)
    await opened.client.send(new kinesis.RegisterStreamConsumerCommand({ StreamARN: ARN, ConsumerName: 'c' }))
    const token = (parts: unknown): string => Buffer.from(JSON.stringify(parts)).toString('base64')
    const values: [unknown, ...unknown[]] = [
      's',
      '',
      'x'.repeat(3000),
      ARN,
      `${ARN}/consumer/c:1`,
      `${ARN}/consumer/`,
      0,
      1,
      1.5,
      -1,
      1e308,
      2 ** 53,
      null,
      true,
      [],
      {},
      ['a'],
      [{}],
      { a: 'b' },
      { __proto__: 'x', constructor: 'y' },
      { StreamMode: 'ON_DEMAND' },
      { Type: 'AT_TIMESTAMP', Timestamp: -1 },
      { Type: 'AFTER_SHARD_ID', ShardId: 'x' },
      'LATEST',
      'AT_TIMESTAMP',
      'AT_SEQUENCE_NUMBER',
      'UNIFORM_SCALING',
      'KMS',
      'shardId-0',
      'shardId-1',
      '0',
      '170141183460469231731687303715884105728',
      '9'.repeat(129),
      String(BigInt('0x2fffffffff07fffffffffffffff00fffffffff000000002')),
      token(['1', 's', '0', '0', '']),
      token(['1e999', 's', '-1', '1.5']),
      token([]),
      token(['s'.repeat(5000)]),
      token(['s', 'shardId']),
      [{ PartitionKey: 'k', Data: '' }],
      [{ PartitionKey: 'k', Data: '!' }],
      'AAAA',
      24,
      48,
    ]
    for (let count = 0; count < 1500; count++) {
      const operation = pick(OPERATIONS)
      const input: Record<string, unknown> =
        whole(3) === 0 ? {} : { [pick(['StreamName', 'StreamARN'])]: pick(['s', ARN]) }
      for (let members = whole(6); members > 0; members--) input[pick(MEMBERS)] = pick(values)
      const { status, text } = await opened.call(operation, input)
      assert.ok(
        status < 500 || operation === 'SubscribeToShard',
        `${operation} ${JSON.stringify(input)}: ${status} ${text}`,
      )
    }
  }))

for (const seed of [1, 2, 3])
  test(`whatever is split, merged and scaled, each record is read once, each key in order (seed ${seed})`, () =>
    open(2, async (opened) => {
      const { client } = opened
      const { whole: below } = seeded(seed)
      const sent = new Map<string, string[]>()
      const openShards = async () =>
        (
          (await client.send(new kinesis.ListShardsCommand({ StreamName, ShardFilter: { Type: 'AT_LATEST' } })))
            .Shards ?? []
        ).toSorted((one, other) =>
          BigInt(one.HashKeyRange?.StartingHashKey ?? 0) < BigInt(other.HashKeyRange?.StartingHashKey ?? 0) ? -1 : 1,
        )
      for (let step = 0; step < 40; step++) {
        const key = `k${below(12)}`
        const texts = Array.from({ length: 1 + below(4) }, (_, index) => `${key} ${step}.${index}`)
        await client.send(
          new kinesis.PutRecordsCommand({
            StreamName,
            Records: texts.map((text) => ({ PartitionKey: key, Data: Buffer.from(text) })),
          }),
        )
        sent.set(key, [...(sent.get(key) ?? []), ...texts])
        const shards = await openShards()
        const at = below(shards.length)
        const [shard, neighbour] = [shards[at], shards[at + 1]]
        const kind = below(6)
        if (kind === 0 && shards.length < 8) {
          const [from, to] = [
            BigInt(shard?.HashKeyRange?.StartingHashKey ?? 0),
            BigInt(shard?.HashKeyRange?.EndingHashKey ?? 0),
          ]
          const NewStartingHashKey = String(from + (to - from) / 2n)
          await client.send(
            new kinesis.SplitShardCommand({ StreamName, ShardToSplit: shard?.ShardId, NewStartingHashKey }),
          )
        } else if (kind === 1 && neighbour !== undefined)
          await client.send(
            new kinesis.MergeShardsCommand({
              StreamName,
              ShardToMerge: shard?.ShardId,
              AdjacentShardToMerge: neighbour.ShardId,
            }),
          )
        else if (kind === 2)
          await client.send(
            new kinesis.UpdateShardCountCommand({
              StreamName,
              TargetShardCount: Math.max(1, Math.min(8, shards.length + below(3) - 1), Math.ceil(shards.length / 2)),
              ScalingType: 'UNIFORM_SCALING',
            }),
          )
        await opened.clock.advance(below(3) * 700)
      }
      const { Shards = [] } = await client.send(new kinesis.ListShardsCommand({ StreamName }))
      const covered = (await openShards()).map(({ HashKeyRange }) => HashKeyRange)
      assert.equal(covered[0]?.StartingHashKey, '0')
      assert.equal(covered.at(-1)?.EndingHashKey, String(HASHES - 1n))
      for (const [index, range] of covered.slice(1).entries())
        assert.equal(BigInt(range?.StartingHashKey ?? 0), BigInt(covered[index]?.EndingHashKey ?? 0) + 1n)
      const all = (await Promise.all(Shards.map(({ ShardId }) => opened.read(ShardId ?? '')))).flat()
      const sorted = all.toSorted((one, other) =>
        BigInt(one.SequenceNumber ?? 0) < BigInt(other.SequenceNumber ?? 0) ? -1 : 1,
      )
      const read = new Map<string, string[]>()
      for (const { PartitionKey = '', Data } of sorted)
        read.set(PartitionKey, [...(read.get(PartitionKey) ?? []), Buffer.from(Data ?? []).toString()])
      assert.deepEqual(new Map([...read].toSorted()), new Map([...sent].toSorted()))
    }))
