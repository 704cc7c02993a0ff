// What functions get of tables, streams, buses and schedules, over the wire: key for key as the samples, and as Powertools' schemas have it.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { DynamoDBStreamSchema } from '@aws-lambda-powertools/parser/schemas/dynamodb'
import { EventBridgeSchema } from '@aws-lambda-powertools/parser/schemas/eventbridge'
import { KinesisDataStreamSchema } from '@aws-lambda-powertools/parser/schemas/kinesis'
import * as dynamodb from '@aws-sdk/client-dynamodb'
import { CreateArchiveCommand, PutEventsCommand, StartReplayCommand } from '@aws-sdk/client-eventbridge'
import { PutRecordCommand } from '@aws-sdk/client-kinesis'
import { PutBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3'
import { startClock } from '../../src/local/clock.ts'
import { type It, open } from '../checks/check.ts'
import { type Running, runApp } from '../support/cloud.ts'
import {
  DEFAULT_BUS,
  toBucket,
  toBusTrigger,
  toScheduleTrigger,
  toStream,
  toStreamTrigger,
  toTable,
  toTableTrigger,
} from '../support/sources.ts'

const START = Date.UTC(2026, 0, 1)
const MINUTE = 60_000
const BUS = 'arn:aws:events:us-east-1:000000000000:event-bus/default'
const ECHO = `export const handler = async (event) => { console.log('woke ' + JSON.stringify(event)); return { state: { 1: 'a' } } }`
const NAMES = ['changes', 'sums', 'clicks', 'counts', 'orders', 'objects', 'rule', 'planned']

let app: Running
let it: It & Disposable
before(async () => {
  const key = { key: { partition: 'Id', sort: undefined }, attributes: { Id: 'N' as const }, ttl: 'until' }
  app = await runApp(
    {
      functions: Object.fromEntries(NAMES.map((name) => [name, ECHO])),
      resources: [toTable('items', key), toStream('lines'), toBucket('photos'), DEFAULT_BUS],
      triggers: [
        toTableTrigger('changes', 'items'),
        toTableTrigger('sums', 'items', { tumblingWindow: 120 }),
        toStreamTrigger('clicks', 'lines'),
        toStreamTrigger('counts', 'lines', { tumblingWindow: 120 }),
        toBusTrigger('orders', { source: ['shop'] }),
        toBusTrigger('objects', { source: ['aws.s3'] }),
        toScheduleTrigger('rule', 'rate(1 day)'),
        toScheduleTrigger('planned', 'rate(1 day)', { service: 'scheduler' }),
      ],
    },
    { clock: startClock('virtual', START) },
  )
  it = open(app.cloud.aws)
})
after(async () => {
  it[Symbol.dispose]()
  await app[Symbol.asyncDispose]()
})

// biome-ignore lint/suspicious/noExplicitAny: events of many forms, each read where its form is known
type Event = any

const sample = (name: string, folder = '../cases/events'): Event =>
  JSON.parse(readFileSync(new URL(`${folder}/${name}.json`, import.meta.url), 'utf8'))

/** All events that a function was woken with. */
const woken = (name: string): Event[] =>
  app.lines(name).flatMap((line) => {
    const at = line.indexOf('woke {')
    return at < 0 ? [] : [JSON.parse(line.slice(at + 5))]
  })

/** Every key at every depth, and of what type its value is. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]))
}

const TableName = 'test-dev-items'
const Key = { Id: { N: '101' } }

test('changes of a table, whole and in windows', async () => {
  await it.dynamodb.send(new dynamodb.PutItemCommand({ TableName, Item: { Message: { S: 'New item!' }, ...Key } }))
  const Message = { S: 'This item has changed' }
  await it.dynamodb.send(new dynamodb.PutItemCommand({ TableName, Item: { Message, ...Key } }))
  await it.dynamodb.send(new dynamodb.DeleteItemCommand({ TableName, Key }))
  await app.cloud.clock.advance(3 * MINUTE)
  const theirs = sample('dynamodb-stream-time-window')
  const Records = woken('changes').flatMap((event) => event.Records)
  assert.deepEqual(shapeOf(Records), shapeOf(theirs.Records))
  // The sample's items, so the sample's images and sizes.
  for (const [index, { eventName, dynamodb: change }] of theirs.Records.entries()) {
    const ours = Records[index]
    const { Keys, NewImage, OldImage, SizeBytes, StreamViewType } = ours.dynamodb
    assert.equal(ours.eventName, eventName)
    assert.deepEqual(
      { Keys, NewImage, OldImage, SizeBytes, StreamViewType },
      {
        Keys: change.Keys,
        NewImage: change.NewImage,
        OldImage: change.OldImage,
        SizeBytes: change.SizeBytes,
        StreamViewType: change.StreamViewType,
      },
    )
  }
  DynamoDBStreamSchema.parse({ Records })
  const windows = woken('sums')
  const { Records: _records, state: _state, ...fields } = theirs
  for (const window of windows) {
    const { Records: records, state: _, ...own } = window
    assert.deepEqual(shapeOf(own), shapeOf(fields))
    if (records.length > 0) DynamoDBStreamSchema.parse(window)
  }
  const [first, last] = [windows[0], windows.at(-1)]
  assert.deepEqual(first.state, {})
  assert.deepEqual([last.isFinalInvokeForWindow, last.Records, last.state], [true, [], { 1: 'a' }])
  assert.deepEqual(last.window, { start: '2026-01-01T00:00:00Z', end: '2026-01-01T00:02:00Z' })
})

test('a record of a table as the other sample has it, and one that its expiry removed', async () => {
  const before = woken('changes').length
  const Item = { Id: { N: '7' }, until: { N: String(START / 1000 + 600) }, b: { B: Buffer.from('x') } }
  await it.dynamodb.send(new dynamodb.PutItemCommand({ TableName, Item }))
  await app.cloud.clock.advance(50 * 60 * MINUTE)
  const [insert, removal] = woken('changes')
    .slice(before)
    .flatMap((event) => event.Records)
  const [withIdentity, plain] = sample('dynamodb-stream').Records
  assert.deepEqual(Object.keys(insert).sort(), Object.keys(plain).sort())
  assert.deepEqual(Object.keys(insert.dynamodb).sort(), Object.keys(plain.dynamodb).sort())
  assert.equal(insert.dynamodb.NewImage.b.B, 'eA==')
  assert.match(insert.eventID, /^[0-9a-f]{32}$/)
  assert.equal(insert.eventVersion, plain.eventVersion)
  assert.match(insert.eventSourceARN, /:table\/test-dev-items\/stream\/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/)
  assert.deepEqual([removal.eventName, removal.userIdentity], ['REMOVE', withIdentity.userIdentity])
  assert.deepEqual(Object.keys(removal).sort(), Object.keys(withIdentity).sort())
  DynamoDBStreamSchema.parse({ Records: [insert, removal] })
})

test('records of a stream, whole and in windows', async () => {
  const Data = Buffer.from('Hello, this is a test.')
  await it.kinesis.send(new PutRecordCommand({ StreamName: 'test-dev-lines', PartitionKey: 's1', Data }))
  await app.cloud.clock.advance(3 * MINUTE)
  const [event] = woken('clicks')
  const theirs = sample('kinesis-stream')
  assert.deepEqual(shapeOf(event.Records[0]), shapeOf(theirs.Records[0]))
  KinesisDataStreamSchema.parse(event)
  const { kinesis, ...record } = event.Records[0]
  assert.equal(record.eventID, `shardId-000000000000:${kinesis.sequenceNumber}`)
  assert.equal(record.eventSourceARN, 'arn:aws:kinesis:us-east-1:000000000000:stream/test-dev-lines')
  const [window, last] = woken('counts')
  const { state: _, ...wanted } = sample('kinesis-time-window')
  const { state: given, ...own } = window
  assert.deepEqual(shapeOf(own), shapeOf(wanted))
  assert.equal(own.Records[0].kinesis.data, wanted.Records[0].kinesis.data)
  assert.deepEqual(given, {})
  assert.deepEqual([last.state, last.isFinalInvokeForWindow], [{ 1: 'a' }, true])
  KinesisDataStreamSchema.parse(window)
})

test('an event of a bus, and the same from an archive', async () => {
  const ArchiveName = 'kept'
  await it.events.send(new CreateArchiveCommand({ ArchiveName, EventSourceArn: BUS }))
  const theirs = sample('eventbridge-custom')
  const entry = { Source: 'shop', DetailType: theirs['detail-type'], Resources: theirs.resources }
  await it.events.send(new PutEventsCommand({ Entries: [{ ...entry, Detail: JSON.stringify(theirs.detail) }] }))
  await app.cloud.clock.advance(MINUTE)
  const [EventStartTime, EventEndTime] = [new Date(START), new Date(app.cloud.clock.now())]
  const EventSourceArn = 'arn:aws:events:us-east-1:000000000000:archive/kept'
  const ReplayName = theirs['replay-name']
  await it.events.send(
    new StartReplayCommand({ ReplayName, EventSourceArn, EventStartTime, EventEndTime, Destination: { Arn: BUS } }),
  )
  await app.cloud.clock.advance(10 * MINUTE)
  const [first, again] = woken('orders')
  assert.deepEqual(shapeOf(again), shapeOf(theirs))
  const { 'replay-name': replay, ...same } = again
  assert.deepEqual(same, first)
  assert.equal(replay, ReplayName)
  for (const name of ['version', 'detail-type', 'resources', 'detail']) assert.deepEqual(again[name], theirs[name])
  EventBridgeSchema.parse(first)
  EventBridgeSchema.parse(again)
})

test('a change of a bucket, by way of a bus', async () => {
  const NotificationConfiguration = { EventBridgeConfiguration: {} }
  const Bucket = 'test-dev-photos'
  await it.s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }))
  await it.put(Bucket, 'IMG_m7fzo3.jpg')
  await app.cloud.clock.advance(0)
  const [event] = woken('objects')
  assert.deepEqual(shapeOf(event), shapeOf(sample('s3-eventbridge-object-created', '../fixtures/events')))
  EventBridgeSchema.parse(event)
})

test('a rule and a schedule of Scheduler', async () => {
  await app.cloud.clock.advance(24 * 60 * MINUTE)
  // The sample is older than `version`, which every recorded event of EventBridge has.
  const theirs = { version: '0', ...sample('eventbridge-scheduled') }
  const [fired, planned] = [woken('rule')[0], woken('planned')[0]]
  assert.deepEqual(shapeOf(fired), shapeOf(theirs))
  assert.deepEqual(fired.resources, ['arn:aws:events:us-east-1:000000000000:rule/test-dev-rule'])
  for (const name of ['detail-type', 'source', 'detail']) assert.deepEqual(fired[name], theirs[name])
  // Scheduler's has a text where the other has an object.
  assert.deepEqual(shapeOf(planned), shapeOf({ ...theirs, detail: '{}' }))
  assert.deepEqual([planned.source, planned.detail], ['aws.scheduler', '{}'])
  assert.deepEqual(planned.resources, ['arn:aws:scheduler:us-east-1:000000000000:schedule/default/test-dev-planned'])
  for (const event of [fired, planned]) EventBridgeSchema.parse(event)
})
