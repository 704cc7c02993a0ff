// Time to live: items leave when their time has come, on the virtual clock, in the stream's words, after a restart, too.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { type OpenedDynamoDb, openTables } from '../support/dynamodb.ts'

let cloud: OpenedDynamoDb
const START = Date.UTC(2026, 0, 1) / 1000
const STREAM = { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' as const } }

beforeEach(async () => {
  cloud = await openTables()
  await cloud.create('things', ['id'], STREAM)
})
afterEach(() => cloud.close())

const put = (id: string, expires?: number) =>
  cloud.client.putItem({
    TableName: 'things',
    Item: { id: { S: id }, ...(expires === undefined ? {} : { expires: { N: String(expires) } }) },
  })
const enable = (Enabled = true, AttributeName = 'expires') =>
  cloud.client.updateTimeToLive({ TableName: 'things', TimeToLiveSpecification: { Enabled, AttributeName } })
const ids = async () => (await cloud.client.scan({ TableName: 'things' })).Items?.map(({ id }) => id?.S).sort()

test('items leave in the order of their times, those from before included', async () => {
  await put('before', START + 50)
  await enable()
  await put('late', START + 200)
  await put('soon', START + 100)
  await put('never')
  await put('old', START - 6 * 365 * 24 * 3600)
  await cloud.client.putItem({ TableName: 'things', Item: { id: { S: 'text' }, expires: { S: String(START + 1) } } })
  assert.deepEqual(await ids(), ['before', 'late', 'never', 'old', 'soon', 'text'])
  await cloud.clock.advance(50_000)
  assert.deepEqual(await ids(), ['late', 'never', 'old', 'soon', 'text'])
  await cloud.clock.advance(49_999)
  assert.deepEqual(await ids(), ['late', 'never', 'old', 'soon', 'text'])
  await cloud.clock.advance(1)
  assert.deepEqual(await ids(), ['late', 'never', 'old', 'text'])
  await put('late', START + 1000)
  await cloud.clock.advance(500_000)
  assert.deepEqual(await ids(), ['late', 'never', 'old', 'text'])
  await cloud.clock.advance(500_000)
  assert.deepEqual(await ids(), ['never', 'old', 'text'])
})

test('the stream says that it was time that took the item', async () => {
  await enable()
  await put('soon', START + 10)
  await cloud.clock.advance(20_000)
  const source = cloud.service.source('things')
  const records = source.read(source.shards()[0] ?? '', undefined, 10).map(({ record }) => record)
  assert.deepEqual(
    records.map(({ eventName, userIdentity }) => [eventName, userIdentity]),
    [
      ['INSERT', undefined],
      ['REMOVE', { type: 'Service', principalId: 'dynamodb.amazonaws.com' }],
    ],
  )
  assert.equal(records[1]?.dynamodb.ApproximateCreationDateTime, START + 10)
  assert.deepEqual(records[1]?.dynamodb.OldImage, { id: { S: 'soon' }, expires: { N: String(START + 10) } })
})

test('what expires while nobody runs leaves at the next start; other tables and settings are left alone', async () => {
  await enable()
  await put('soon', START + 100)
  await put('later', START + 300)
  cloud = await cloud.reopen(200_000)
  await cloud.clock.advance(0)
  assert.deepEqual(await ids(), ['later'])
  await enable(false)
  await cloud.clock.advance(1_000_000)
  assert.deepEqual(await ids(), ['later'])
  await cloud.client.deleteTable({ TableName: 'things' })
  await cloud.create('things', ['id'])
  await put('later', START + 300)
  await cloud.clock.advance(1_000_000)
  assert.deepEqual(await ids(), ['later'])
})

test('thousands expire at once', async () => {
  await enable()
  for (let at = 0; at < 1500; at += 25)
    await cloud.client.batchWriteItem({
      RequestItems: {
        things: Array.from({ length: 25 }, (_, index) => ({
          PutRequest: { Item: { id: { S: `${at + index}` }, expires: { N: String(START + 60) } } },
        })),
      },
    })
  await cloud.clock.advance(60_000)
  assert.deepEqual(await ids(), [])
})

test('it is switched, described and refused in the words of AWS', async () => {
  const { client } = cloud
  assert.deepEqual((await client.describeTimeToLive({ TableName: 'things' })).TimeToLiveDescription, {
    TimeToLiveStatus: 'DISABLED',
  })
  await assert.rejects(enable(false), { name: 'ValidationException', message: 'TimeToLive is already disabled' })
  assert.deepEqual((await enable()).TimeToLiveSpecification, { Enabled: true, AttributeName: 'expires' })
  await assert.rejects(enable(), { message: 'TimeToLive is already enabled' })
  await assert.rejects(enable(true, 'other'), {
    message: 'TimeToLive is active on a different AttributeName: current AttributeName is expires',
  })
  assert.deepEqual((await client.describeTimeToLive({ TableName: 'things' })).TimeToLiveDescription, {
    TimeToLiveStatus: 'ENABLED',
    AttributeName: 'expires',
  })
})
