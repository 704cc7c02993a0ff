// Streams: records with the writes they tell of, read over the wire and by the poller, trimmed after a day.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import type { StreamViewType } from '@aws-sdk/client-dynamodb'
import { DynamoDBStreams } from '@aws-sdk/client-dynamodb-streams'
import { type OpenedDynamoDb, openTables } from '../support/dynamodb.ts'

let cloud: OpenedDynamoDb
let streams: DynamoDBStreams
const credentials = { accessKeyId: 'goblet', secretAccessKey: 'goblet' }
const connect = () =>
  new DynamoDBStreams({ region: 'us-east-1', endpoint: cloud.endpoint, credentials, maxAttempts: 1 })

beforeEach(async () => {
  cloud = await openTables()
  streams = connect()
})
afterEach(async () => {
  streams.destroy()
  await cloud.close()
})

const make = (name = 'things', StreamViewType: StreamViewType = 'NEW_AND_OLD_IMAGES') =>
  cloud.create(name, ['id'], { StreamSpecification: { StreamEnabled: true, StreamViewType } })
const put = (id: string, text?: string, table = 'things') =>
  cloud.client.putItem({
    TableName: table,
    Item: { id: { S: id }, ...(text === undefined ? {} : { name: { S: text } }) },
  })

async function read(arn: string, type: 'TRIM_HORIZON' | 'LATEST' = 'TRIM_HORIZON') {
  const { StreamDescription } = await streams.describeStream({ StreamArn: arn })
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId ?? ''
  const { ShardIterator } = await streams.getShardIterator({ StreamArn: arn, ShardId, ShardIteratorType: type })
  return { ShardId, ShardIterator, ...(await streams.getRecords({ ShardIterator })) }
}

// Source: LocalStack's snapshots recorded on AWS: names, images and sizes.
test('records are those that AWS recorded', async () => {
  await make()
  const arn = cloud.service.streamOf('things') ?? ''
  await put('Fred')
  await put('Fred')
  await cloud.client.batchWriteItem({
    RequestItems: {
      things: [
        { PutRequest: { Item: { id: { S: 'Fred' }, name: { S: 'Fred' } } } },
        { PutRequest: { Item: { id: { S: 'NewKey' } } } },
      ],
    },
  })
  await cloud.client.updateItem({
    TableName: 'things',
    Key: { id: { S: 'NewKey' } },
    UpdateExpression: 'SET attr1 = :a, attr2 = :b',
    ExpressionAttributeValues: { ':a': { S: 'value1' }, ':b': { S: 'value2' } },
  })
  await cloud.client.deleteItem({ TableName: 'things', Key: { id: { S: 'NewKey' } } })
  await cloud.client.deleteItem({ TableName: 'things', Key: { id: { S: 'NewKey' } } })
  const { Records = [] } = await read(arn)
  const shown = Records.map(({ eventName, dynamodb }) => [eventName, dynamodb?.Keys?.id?.S, dynamodb?.SizeBytes])
  assert.deepEqual(shown, [
    ['INSERT', 'Fred', 12],
    ['MODIFY', 'Fred', 26],
    ['INSERT', 'NewKey', 16],
    ['MODIFY', 'NewKey', 46],
    ['REMOVE', 'NewKey', 38],
  ])
  const { eventID, dynamodb, ...rest } = Records[1] ?? {}
  assert.match(eventID ?? '', /^[0-9a-f]{32}$/)
  assert.match(dynamodb?.SequenceNumber ?? '', /^\d{21,40}$/)
  assert.deepEqual(rest, {
    awsRegion: 'us-east-1',
    eventName: 'MODIFY',
    eventSource: 'aws:dynamodb',
    eventVersion: '1.1',
  })
  assert.deepEqual(
    { ...dynamodb, SequenceNumber: '' },
    {
      ApproximateCreationDateTime: new Date(Date.UTC(2026, 0, 1)),
      Keys: { id: { S: 'Fred' } },
      NewImage: { id: { S: 'Fred' }, name: { S: 'Fred' } },
      OldImage: { id: { S: 'Fred' } },
      SequenceNumber: '',
      SizeBytes: 26,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  )
  const numbers = Records.map((record) => BigInt(record.dynamodb?.SequenceNumber ?? 0))
  assert.ok(numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0n)))
})

test('a view shows keys, the new, the old, or both', async () => {
  for (const [view, images] of [
    ['KEYS_ONLY', []],
    ['NEW_IMAGE', ['NewImage']],
    ['OLD_IMAGE', ['OldImage']],
    ['NEW_AND_OLD_IMAGES', ['NewImage', 'OldImage']],
  ] as const) {
    const name = view.toLowerCase()
    await make(name, view)
    await put('a', 'one', name)
    await put('a', 'two', name)
    const { Records } = await read(cloud.service.streamOf(name) ?? '')
    const change: object = Records?.[1]?.dynamodb ?? {}
    assert.deepEqual(
      Object.keys(change)
        .filter((key) => key.endsWith('Image'))
        .sort(),
      [...images],
    )
  }
})

test('iterators begin where they are told, and go on', async () => {
  await make()
  const StreamArn = cloud.service.streamOf('things') ?? ''
  for (const id of ['a', 'b', 'c', 'd']) await put(id)
  const { ShardId, Records = [] } = await read(StreamArn)
  const SequenceNumber = Records[1]?.dynamodb?.SequenceNumber ?? ''
  const from = async (ShardIteratorType: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER') => {
    const { ShardIterator } = await streams.getShardIterator({ StreamArn, ShardId, ShardIteratorType, SequenceNumber })
    const page = await streams.getRecords({ ShardIterator, Limit: 2 })
    const next = await streams.getRecords({ ShardIterator: page.NextShardIterator })
    return [page, next].map((one) => one.Records?.map(({ dynamodb }) => dynamodb?.Keys?.id?.S))
  }
  assert.deepEqual(await from('AT_SEQUENCE_NUMBER'), [['b', 'c'], ['d']])
  assert.deepEqual(await from('AFTER_SEQUENCE_NUMBER'), [['c', 'd'], []])
  const latest = await read(StreamArn, 'LATEST')
  assert.deepEqual(latest.Records, [])
  await put('e')
  const { Records: news } = await streams.getRecords({ ShardIterator: latest.NextShardIterator })
  assert.deepEqual(
    news?.map(({ dynamodb }) => dynamodb?.Keys?.id?.S),
    ['e'],
  )
  await cloud.clock.advance(16 * 60_000)
  await assert.rejects(streams.getRecords({ ShardIterator: latest.NextShardIterator }), {
    name: 'ExpiredIteratorException',
  })
  await assert.rejects(streams.describeStream({ StreamArn: `${StreamArn}x` }), { name: 'ResourceNotFoundException' })
})

test('streams are listed, switched off and on, and end with their table', async () => {
  await make()
  const first = cloud.service.streamOf('things') ?? ''
  await put('a')
  await cloud.client.updateTable({ TableName: 'things', StreamSpecification: { StreamEnabled: false } })
  await put('b')
  assert.equal(cloud.service.streamOf('things'), undefined)
  const { StreamDescription } = await streams.describeStream({ StreamArn: first })
  assert.equal(StreamDescription?.StreamStatus, 'DISABLED')
  assert.ok(StreamDescription?.Shards?.[0]?.SequenceNumberRange?.EndingSequenceNumber)
  const ended = await read(first)
  assert.deepEqual([ended.Records?.length, ended.NextShardIterator], [1, undefined])
  await cloud.clock.advance(1000)
  await cloud.client.updateTable({
    TableName: 'things',
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
  })
  const second = cloud.service.streamOf('things') ?? ''
  assert.notEqual(second, first)
  await put('c')
  assert.equal((await read(second)).Records?.length, 1)
  await cloud.client.deleteTable({ TableName: 'things' })
  const list = async () => (await streams.listStreams({})).Streams?.map(({ StreamArn }) => StreamArn)
  assert.deepEqual(await list(), [first, second])
  assert.equal((await read(second)).Records?.length, 1)
  await cloud.clock.advance(25 * 3600_000)
  assert.deepEqual(await list(), [])
})

test('a record is kept for a day, over restarts', async () => {
  await make()
  const arn = cloud.service.streamOf('things') ?? ''
  await put('a')
  await cloud.clock.advance(12 * 3600_000)
  await put('b')
  streams.destroy()
  cloud = await cloud.reopen()
  streams = connect()
  const ids = async () => (await read(arn)).Records?.map(({ dynamodb }) => dynamodb?.Keys?.id?.S)
  assert.deepEqual(await ids(), ['a', 'b'])
  await put('c')
  assert.deepEqual(await ids(), ['a', 'b', 'c'])
  await cloud.clock.advance(12 * 3600_000)
  assert.deepEqual(await ids(), ['b', 'c'])
  await cloud.clock.advance(13 * 3600_000)
  assert.deepEqual(await ids(), [])
})

test('the poller reads what functions get, and hears when there is more', async () => {
  await make()
  const source = cloud.service.source('things')
  const [shard = ''] = source.shards()
  const before = source.latest(shard)
  let heard = 0
  const stop = source.onArrival(() => heard++)
  await put('a', 'one')
  await put('b')
  await put('b')
  assert.equal(heard, 2)
  stop()
  const records = source.read(shard, before, 100)
  assert.equal(records.length, 2)
  assert.equal(records[0]?.record.eventSourceARN, cloud.service.streamOf('things'))
  assert.equal(records[0]?.key, '{"id":{"S":"a"}}')
  assert.deepEqual(source.read(shard, records[0]?.sequence, 100), records.slice(1))
  assert.deepEqual(source.read(shard, undefined, 1), records.slice(0, 1))
  assert.equal(source.latest(shard), records[1]?.sequence)
})

test('a write that is refused leaves no record', async () => {
  await make()
  await put('a')
  await assert.rejects(
    cloud.client.transactWriteItems({
      TransactItems: [
        { Put: { TableName: 'things', Item: { id: { S: 'b' } } } },
        { Put: { TableName: 'things', Item: { id: { S: 'a' } }, ConditionExpression: 'attribute_not_exists(id)' } },
      ],
    }),
    { name: 'TransactionCanceledException' },
  )
  const { Records } = await read(cloud.service.streamOf('things') ?? '')
  assert.deepEqual(
    Records?.map(({ dynamodb }) => dynamodb?.Keys?.id?.S),
    ['a'],
  )
})
