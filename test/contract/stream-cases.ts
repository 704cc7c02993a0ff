// The recorded cases of functions that tables and streams wake: what they are asked with, and how.
import assert from 'node:assert/strict'
import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { PutRecordsCommand } from '@aws-sdk/client-kinesis'
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import type { ResourceModel, TriggerModel } from '../../src/model/index.ts'
import { toQueue } from '../support/cloud.ts'
import { toStream, toStreamTrigger, toTable, toTableTrigger } from '../support/sources.ts'
import { type Ask, type Asked, FUNCTIONS } from './function-cases.ts'

const HEAD = `const textsOf = (Records) => Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString())
const say = (value) => console.log('said ' + JSON.stringify(value))
`
const reads = (answer: string): string =>
  `${HEAD}export const handler = async ({ Records }) => { say(textsOf(Records)); ${answer} }`

export const WORKERS = {
  record: `${HEAD}export const handler = async ({ Records }) => say(Records)`,
  order: `${HEAD}let inside = 0
    export const handler = async ({ Records }) => {
      if (++inside > 1) throw new Error('two at once')
      await new Promise(setImmediate)
      say(Records.map(({ dynamodb }) => dynamodb.NewImage.count?.N))
      inside--
    }`,
  blocks: `export const handler = async () => { throw new Error('no') }`,
  poison: reads(`if (textsOf(Records).includes('poison')) throw new Error('no')`),
  lowest: reads(`if (Records.length === 5)
    return { batchItemFailures: [4, 3].map((at) => ({ itemIdentifier: Records[at - 1].kinesis.sequenceNumber })) }`),
  throws: reads(`throw new Error('no')`),
  list: reads('return []'),
  nothing: reads('return null'),
  latest: reads(''),
  oldest: reads(''),
}

export const RESOURCES: readonly ResourceModel[] = [
  toTable('records'),
  toTable('ordered'),
  toTable('blocked'),
  ...['poison', 'lowest', 'throws', 'list', 'nothing', 'late'].map((name) => toStream(name)),
  ...['blocked', 'thrown', 'dead'].map((name) => toQueue(name)),
]

export const TRIGGERS: readonly TriggerModel[] = [
  toTableTrigger('record', 'records'),
  toTableTrigger('order', 'ordered', { batchSize: 7 }),
  toTableTrigger('blocks', 'blocked', { retries: 1, onFailure: { kind: 'queue', name: 'blocked' } }),
  toStreamTrigger('poison', 'poison', { batchSize: 1 }),
  toStreamTrigger('lowest', 'lowest', { batchSize: 5 }),
  toStreamTrigger('throws', 'throws', { retries: 2, onFailure: { kind: 'queue', name: 'thrown' } }),
  toStreamTrigger('list', 'list'),
  toStreamTrigger('nothing', 'nothing'),
]

const MINUTE = 60_000

// biome-ignore lint/suspicious/noExplicitAny: what a function says, read where its form is known
const said = ({ app }: Asked, name: string): any[] =>
  app.lines(name).flatMap((line) => {
    const at = line.indexOf('said ')
    return at < 0 ? [] : [JSON.parse(line.slice(at + 5))]
  })

async function put({ kinesis, app }: Asked, name: string, ...texts: string[]): Promise<void> {
  const Records = texts.map((text) => ({ PartitionKey: 'k', Data: Buffer.from(text) }))
  await kinesis.send(new PutRecordsCommand({ StreamName: `test-dev-${name}`, Records }))
  await app.cloud.clock.advance(10 * MINUTE)
}

async function told(it: Asked, name: string) {
  const QueueUrl = `${it.endpoint}/000000000000/test-dev-${name}`
  const { Messages = [] } = await it.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))
  return Messages.map(({ Body = '' }) => JSON.parse(Body))
}

const FIVE = ['1', '2', '3', '4', '5']

/** The batch is worked off at once, whatever this answer is. */
const succeeds =
  (name: string): Ask =>
  async (it, { expect }) => {
    await put(it, name, ...FIVE)
    assert.equal(expect.wholeBatchSucceeds, true)
    assert.deepEqual(said(it, name), [FIVE])
  }

export const STREAMS: Readonly<Record<string, Ask>> = {
  'stream-ddb-record': async (it, { when, expect }) => {
    await it.dynamodb.send(new PutItemCommand({ TableName: 'test-dev-records', Item: when.PutItem }))
    await it.app.cloud.clock.advance(MINUTE)
    const [[record]] = said(it, 'record')
    const { eventID: _, eventSourceARN: __, awsRegion: ___, dynamodb: wanted, ...exact } = expect.record
    const { eventID, eventSourceARN, awsRegion, dynamodb: change, ...found } = record
    assert.deepEqual(found, exact)
    assert.match(eventID, /^[0-9a-f]{32}$/)
    assert.match(eventSourceARN, /^arn:aws:dynamodb:us-east-1:000000000000:table\/test-dev-records\/stream\//)
    assert.equal(awsRegion, 'us-east-1')
    const { ApproximateCreationDateTime: time, SequenceNumber: number, ...own } = change
    assert.ok(Math.abs(time - it.app.cloud.clock.now() / 1000) < 3600)
    assert.match(number, /^\d+$/)
    const { ApproximateCreationDateTime: _time, SequenceNumber: _number, ...same } = wanted
    assert.deepEqual(own, same)
  },
  'stream-ddb-order': async (it) => {
    const Key = { id: { S: 'one' } }
    const UpdateExpression = 'ADD #c :one'
    const names = { ExpressionAttributeNames: { '#c': 'count' }, ExpressionAttributeValues: { ':one': { N: '1' } } }
    const command = { TableName: 'test-dev-ordered', Key, UpdateExpression, ...names }
    for (let index = 0; index < 100; index++) await it.dynamodb.send(new UpdateItemCommand(command))
    await it.app.cloud.clock.advance(MINUTE)
    const wanted = Array.from({ length: 100 }, (_, index) => String(index + 1))
    assert.deepEqual(said(it, 'order').flat(), wanted)
    assert.ok(said(it, 'order').length > 1, 'batches are what must not overlap')
  },
  'stream-retry-blocks': async (it, { expect }) => {
    await it.dynamodb.send(new PutItemCommand({ TableName: 'test-dev-blocked', Item: { id: { S: 'one' } } }))
    await it.app.cloud.clock.advance(10 * MINUTE)
    const [record, ...more] = await told(it, 'blocked')
    assert.deepEqual(more, [])
    const { DDBStreamBatchInfo, ...context } = expect.onFailure
    assert.equal(record.requestContext.condition, context['requestContext.condition'])
    assert.equal(record.requestContext.approximateInvokeCount, context['requestContext.approximateInvokeCount'])
    assert.deepEqual(Object.keys(record.DDBStreamBatchInfo).sort(), DDBStreamBatchInfo.keys.toSorted())
    assert.equal(record.DDBStreamBatchInfo.batchSize, 1)
  },
  'stream-retry-default-infinite': async (it, { expect }) => {
    await put(it, 'poison', 'poison')
    await put(it, 'poison', 'good')
    await it.app.cloud.clock.advance(60 * MINUTE)
    const batches = said(it, 'poison')
    assert.ok(batches.length > 30, `${batches.length} tries`)
    assert.equal(batches.flat().includes('good'), expect.goodDelivered)
    // Until it is as old as the stream keeps it.
    await it.app.cloud.clock.advance(24 * 60 * MINUTE)
    assert.equal(said(it, 'poison').flat().at(-1), 'good')
  },
  'stream-partial-lowest': async (it) => {
    await put(it, 'lowest', ...FIVE)
    assert.deepEqual(said(it, 'lowest'), [FIVE, ['3', '4', '5']])
  },
  'stream-partial-fail-5': async (it, { expect }) => {
    await put(it, 'throws', ...FIVE)
    assert.equal(expect.wholeBatchFails, true)
    assert.deepEqual(said(it, 'throws'), [FIVE, FIVE, FIVE])
    const [record] = await told(it, 'thrown')
    assert.equal(record.requestContext.approximateInvokeCount, expect.approximateInvokeCount)
    assert.equal(record.KinesisBatchInfo.batchSize, FIVE.length)
  },
  'stream-partial-ok-1': succeeds('list'),
  'stream-partial-ok-2': succeeds('nothing'),
  'stream-latest-vs-trim': async (it) => {
    await put(it, 'late', 'before')
    const more = [toStreamTrigger('latest', 'late', { from: 'latest' }), toStreamTrigger('oldest', 'late')]
    const app = { functions: { ...FUNCTIONS, ...WORKERS }, resources: RESOURCES, triggers: [...TRIGGERS, ...more] }
    await it.app.apply(app)
    await put(it, 'late', 'after')
    assert.deepEqual(said(it, 'latest').flat(), ['after'])
    assert.deepEqual(said(it, 'oldest').flat(), ['before', 'after'])
  },
}
