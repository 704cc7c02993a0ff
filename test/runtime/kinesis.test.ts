// Streams: what their functions are handed, and what their client puts.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type KinesisEvent, toKinesisRecord } from '../../src/aws/events/kinesis.ts'
import { stream } from '../../src/index.ts'
import { wakeStream } from '../../src/runtime/triggers/stream.ts'
import { hearErrors } from '../support/console.ts'
import { CONTEXT } from '../support/event.ts'
import { type Listener, listen } from '../support/listener.ts'
import { toSchema } from '../support/schema.ts'
import { SHOP } from '../support/woken.ts'

const PLACE = {
  shard: 'shardId-000000000000',
  arn: 'arn:aws:kinesis:us-east-1:123456789012:stream/shop-dev-clicks',
  role: 'arn:aws:iam::123456789012:role/work',
  region: 'us-east-1',
}

const toEvent = (...texts: readonly string[]): KinesisEvent => ({
  Records: texts.map((text, index) =>
    toKinesisRecord(
      {
        kinesisSchemaVersion: '1.0',
        partitionKey: 'k',
        sequenceNumber: String(index + 1),
        data: Buffer.from(text).toString('base64'),
        approximateArrivalTimestamp: 1,
      },
      PLACE,
    ),
  ),
})

const clicks = stream<number>('clicks')

describe('a function of a stream', () => {
  it('gets record by record, until one fails', async () => {
    const heard = hearErrors()
    const seen: unknown[] = []
    const reading = clicks.onRecord({ batchSize: 5 }, (data, { kinesis }) => {
      seen.push([data, kinesis.sequenceNumber])
      if (data === 2) throw new RangeError('no')
    })
    assert.deepEqual(await wakeStream(SHOP, reading)(toEvent('1', '2', '3'), CONTEXT), {
      batchItemFailures: [{ itemIdentifier: '2' }],
    })
    heard[Symbol.dispose]()
    assert.deepEqual(seen, [
      [1, '1'],
      [2, '2'],
    ])
  })

  it('fails at data that is not JSON, and at data that the schema refuses', async () => {
    const positive = toSchema((value) => (Number(value) > 0 ? Number(value) : 'must be positive')).schema
    const seen: unknown[] = []
    const reading = stream('checked', { schema: positive }).onRecord((data) => void seen.push(data))
    for (const bad of ['-1', 'hello']) {
      const heard = hearErrors()
      const result = await wakeStream(SHOP, reading)(toEvent('"3"', bad, '4'), CONTEXT)
      heard[Symbol.dispose]()
      assert.deepEqual(result, { batchItemFailures: [{ itemIdentifier: '2' }] })
      assert.match(heard.text, /must be positive|It is not JSON, as this stream's messages are: hello/)
    }
    assert.deepEqual(seen, [3, 3])
  })

  it('gets a batch, with its tumbling window, and answers what it likes', async () => {
    const batch = clicks.onBatch({ tumblingWindow: 60 }, (records, context, window) => ({
      state: [records.map(({ data }) => data), context.awsRequestId, window?.state, window?.isFinal, window?.start],
    }))
    const event = {
      ...toEvent('1', '2'),
      window: { start: '2020-07-30T17:00:00Z', end: '2020-07-30T17:05:00Z' },
      state: { n: 1 },
      isFinalInvokeForWindow: true,
    }
    assert.deepEqual(await wakeStream(SHOP, batch)(event, CONTEXT), {
      state: [[1, 2], CONTEXT.awsRequestId, { n: 1 }, true, new Date('2020-07-30T17:00:00Z')],
    })
  })
})

describe('the client', () => {
  let kinesis: Listener
  before(async () => {
    kinesis = await listen('kinesis', 'application/x-amz-json-1.1')
  })
  after(() => kinesis.close())

  const data = (text: string): string => Buffer.from(text).toString('base64')

  it('puts a record as JSON, under its key', async () => {
    kinesis.answer({ ShardId: 'shardId-000000000000', SequenceNumber: '49' })
    assert.deepEqual(await clicks.put(7, { key: 'u1' }), { shard: 'shardId-000000000000', sequence: '49' })
    const StreamARN = 'arn:aws:kinesis:us-east-1:123456789012:stream/shop-dev-clicks'
    const input = { StreamARN, Data: data('7'), PartitionKey: 'u1' }
    assert.deepEqual(kinesis.heard, [{ operation: 'Kinesis_20131202.PutRecord', input }])
    await clicks.put(7)
    assert.match(String(kinesis.heard[1]?.input.PartitionKey), /^[a-z0-9]{5,}$/)
  })

  it('puts batches of 500, and again what there was no room for', async () => {
    const taken = (count: number, from: number) =>
      Array.from({ length: count }, (_, index) => ({ ShardId: 's', SequenceNumber: String(from + index) }))
    const busy = { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'slow down' }
    kinesis.answer(
      { Records: [busy, ...taken(499, 1)] },
      { Records: [{ ShardId: 's', SequenceNumber: 'late' }] },
      { Records: taken(100, 500) },
    )
    const numbers = Array.from({ length: 600 }, (_, index) => index)
    const places = await clicks.putBatch(numbers, { key: (number) => `k${number % 2}` })
    assert.deepEqual(
      kinesis.heard.map(({ input }) => input.Records.length),
      [500, 1, 100],
    )
    assert.deepEqual(kinesis.heard[1]?.input.Records, [{ Data: data('0'), PartitionKey: 'k0' }])
    assert.deepEqual([places[0]?.sequence, places[1]?.sequence, places[599]?.sequence], ['late', '1', '599'])
  })

  it('tries again while the stream is busy, and throws what AWS refuses', async () => {
    const busy = { __type: 'ProvisionedThroughputExceededException', message: 'slow down' }
    kinesis.answer(busy, { ShardId: 's', SequenceNumber: '1' })
    assert.equal((await clicks.put(1)).sequence, '1')
    kinesis.answer({ __type: 'ResourceNotFoundException', message: 'no stream' })
    await assert.rejects(clicks.put(1), { name: 'AwsError', code: 'ResourceNotFoundException', status: 400 })
    assert.equal(kinesis.heard.length, 1)
  })

  it('never puts what the schema refuses', async () => {
    kinesis.answer({})
    const checked = stream('checked', { schema: toSchema(() => 'never').schema })
    await assert.rejects(checked.put(1 as never), /does not match its schema: message: never/)
    await assert.rejects(checked.putBatch([1 as never]), /does not match/)
    assert.deepEqual(kinesis.heard, [])
  })
})
