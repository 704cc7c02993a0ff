// A function that gets a table's changes: the events as AWS sends them, filters on images, failures; on a virtual clock.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeleteItemCommand, DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { startClock } from '../../src/local/index.ts'
import type { TableTriggerModel } from '../../src/model/index.ts'
import { sqs, urlOf } from '../support/aws.ts'
import { type Running, runApp, toQueue } from '../support/cloud.ts'
import { toTable, toTableTrigger } from '../support/sources.ts'

const WORKER = `
  export const handler = async ({ Records }) => {
    console.log(JSON.stringify({ Records }))
    if (JSON.stringify(Records).includes('throw')) throw new Error('cannot do it')
  }`
const TABLE = 'test-dev-items'

const toTrigger = (settings: Partial<TableTriggerModel>) =>
  toTableTrigger('work', 'items', { retries: 1, onFailure: { kind: 'queue', name: 'failed' }, ...settings })

interface Seen {
  readonly eventName: string
  readonly eventID: string
  readonly dynamodb: { readonly SequenceNumber: string } & Record<string, unknown>
}

interface Rig {
  readonly app: Running
  readonly client: DynamoDBClient
  put(id: string, more?: string): Promise<void>
  seen(): Seen[][]
  advance(seconds: number): Promise<void>
  restart(): Promise<void>
}

async function rig(settings: Partial<TableTriggerModel>, work: (rig: Rig) => Promise<void>): Promise<void> {
  let clock = startClock('virtual', Date.UTC(2026, 0, 1))
  const all = {
    functions: { work: WORKER },
    resources: [toTable('items'), toQueue('failed')],
    triggers: [toTrigger(settings)],
  }
  await using app = await runApp(all, { clock })
  const open = (): DynamoDBClient =>
    new DynamoDBClient({
      endpoint: app.cloud.aws,
      region: 'us-east-1',
      credentials: { accessKeyId: 'goblet', secretAccessKey: 'goblet' },
    })
  let client = open()
  await work({
    app,
    get client() {
      return client
    },
    put: async (id, more) => {
      const Item = { id: { S: id }, ...(more === undefined ? {} : { more: { S: more } }) }
      await client.send(new PutItemCommand({ TableName: TABLE, Item }))
      await clock.advance(0)
    },
    seen: () =>
      app.lines('work').flatMap((line) => {
        const text = line.split('\tINFO\t')[1] ?? ''
        return text.startsWith('{"Records"') ? [JSON.parse(text).Records] : []
      }),
    advance: (seconds) => clock.advance(seconds * 1000),
    restart: async () => {
      client.destroy()
      clock = startClock('virtual', clock.now())
      await app.restart({ clock })
      client = open()
    },
  })
  client.destroy()
}

test('case stream-ddb-record: a change is told as AWS tells it, once, over a restart', () =>
  rig({}, async ({ put, seen, restart }) => {
    await put('id_value_1')
    const [[record] = []] = seen()
    const { SequenceNumber, ...change } = record?.dynamodb ?? { SequenceNumber: '' }
    assert.match(record?.eventID ?? '', /^[0-9a-f]{32}$/)
    assert.match(SequenceNumber, /^\d+$/)
    assert.deepEqual(change, {
      ApproximateCreationDateTime: Date.UTC(2026, 0, 1) / 1000,
      Keys: { id: { S: 'id_value_1' } },
      NewImage: { id: { S: 'id_value_1' } },
      SizeBytes: 24,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    })
    const { eventID: _, dynamodb: __, eventSourceARN, ...rest } = Object.assign({ eventSourceARN: '' }, record)
    assert.deepEqual(rest, {
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
    })
    assert.match(eventSourceARN, /^arn:aws:dynamodb:us-east-1:000000000000:table\/test-dev-items\/stream\/2026-01-01T/)
    await put('id_value_1')
    assert.equal(seen().length, 1, 'the same item again is no change')
    await restart()
    await put('id_value_1', 'more')
    assert.deepEqual(
      seen().map((batch) => batch.map(({ eventName }) => eventName)),
      [['INSERT'], ['MODIFY']],
    )
  }))

test('filters look into the images', () =>
  rig(
    { filter: [{ eventName: ['REMOVE'] }, { dynamodb: { NewImage: { more: { S: [{ prefix: 'x' }] } } } }] },
    async (it) => {
      await it.put('a', 'x1')
      await it.put('b', 'y1')
      await it.client.send(
        new UpdateItemCommand({
          TableName: TABLE,
          Key: { id: { S: 'b' } },
          UpdateExpression: 'SET more = :more',
          ExpressionAttributeValues: { ':more': { S: 'x2' } },
        }),
      )
      await it.client.send(new DeleteItemCommand({ TableName: TABLE, Key: { id: { S: 'a' } } }))
      await it.advance(0)
      const names = it
        .seen()
        .flat()
        .map(({ eventName }) => eventName)
      assert.deepEqual(names, ['INSERT', 'MODIFY', 'REMOVE'])
    },
  ))

test('case stream-retry-blocks: what is given up goes to the destination, then the stream goes on', () =>
  rig({ batchSize: 1 }, async ({ put, seen, advance, app }) => {
    await put('throw')
    await put('good')
    assert.equal(seen().length, 1)
    await advance(60)
    assert.deepEqual(
      seen().map(([record]) => record?.dynamodb.Keys),
      [{ id: { S: 'throw' } }, { id: { S: 'throw' } }, { id: { S: 'good' } }],
    )
    const QueueUrl = urlOf(app.cloud.aws, 'test-dev-failed')
    const { Messages = [] } = await sqs(app.cloud.aws, 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 })
    const told = Messages.map(({ Body }: { Body: string }) => JSON.parse(Body))
    assert.equal(told.length, 1)
    assert.equal(told[0].requestContext.condition, 'RetryAttemptsExhausted')
    assert.equal(told[0].requestContext.approximateInvokeCount, 2)
    assert.equal(told[0].DDBStreamBatchInfo.batchSize, 1)
    assert.equal(told[0].DDBStreamBatchInfo.startSequenceNumber, seen()[0]?.[0]?.dynamodb.SequenceNumber)
  }))
