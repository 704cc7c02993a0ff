// Functions that read a stream: order, batches, positions, filters, failures, windows; on a virtual clock, with real sandboxes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  GetShardIteratorCommand,
  KinesisClient,
  MergeShardsCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis'
import { startClock } from '../../src/local/index.ts'
import type { StreamModel, StreamTriggerModel } from '../../src/model/index.ts'
import { sqs, urlOf } from '../support/aws.ts'
import { type Running, runApp, toQueue } from '../support/cloud.ts'
import { seeded } from '../support/random.ts'
import { toStream, toStreamTrigger } from '../support/sources.ts'

// Says what it was given, then does what the records ask for.
const WORKER = `
  const seen = {}
  export const handler = async ({ Records, ...more }) => {
    const all = Records.map(({ kinesis }) => ({ ...kinesis, text: Buffer.from(kinesis.data, 'base64').toString() }))
    console.log(JSON.stringify({ batch: all.map(({ text }) => text), more, time: Records[0]?.kinesis.approximateArrivalTimestamp }))
    for (const { text } of all) seen[text] = (seen[text] ?? 0) + 1
    const texts = all.map(({ text }) => text)
    if (texts.some((text) => text.includes('throw'))) throw new Error('cannot do it')
    if (texts.some((text) => text.includes('once') && seen[text] === 1)) throw new Error('not at first')
    if (texts.includes('slow')) await new Promise((resolve) => setTimeout(resolve, 300))
    const answer = texts.find((text) => text.startsWith('answer:'))
    if (answer !== undefined) return JSON.parse(answer.slice(7))
    const failed = all.filter(({ text }) => text.startsWith('fail'))
    if (more.window !== undefined) return { state: { count: (more.state.count ?? 0) + texts.length } }
    return { batchItemFailures: failed.map(({ sequenceNumber }) => ({ itemIdentifier: sequenceNumber })) }
  }`

const FIRST = 'shardId-000000000000'

const streamed = (settings: Partial<StreamModel> = {}) => toStream('clicks', settings)
const toTrigger = (settings: Partial<StreamTriggerModel>) => toStreamTrigger('work', 'clicks', settings)

interface Invoked {
  readonly batch: readonly string[]
  readonly more: Readonly<Record<string, unknown>>
}

interface Rig {
  readonly app: Running
  readonly client: KinesisClient
  /** Puts records in one call; `key=text`, or the text alone. */
  put(...records: string[]): Promise<void>
  invoked(): Invoked[]
  batches(): (readonly string[])[]
  advance(seconds: number): Promise<void>
  /** What the destination on failure was told. */
  told(): Promise<Record<string, Record<string, unknown>>[]>
  restart(): Promise<void>
  apply(trigger: Partial<StreamTriggerModel>): Promise<void>
}

interface Setting extends Partial<StreamTriggerModel> {
  readonly stream?: never
  readonly made?: Partial<StreamModel>
  readonly before?: readonly string[]
}

const clientOf = (app: Running): KinesisClient =>
  new KinesisClient({
    endpoint: app.cloud.aws,
    region: 'us-east-1',
    credentials: { accessKeyId: 'goblet', secretAccessKey: 'goblet' },
  })

async function rig({ made = {}, before = [], ...trigger }: Setting, work: (rig: Rig) => Promise<void>): Promise<void> {
  let clock = startClock('virtual', Date.UTC(2026, 0, 1))
  const wired = toTrigger({ onFailure: { kind: 'queue', name: 'failed' }, ...trigger })
  const common = { functions: { work: WORKER }, resources: [streamed(made), toQueue('failed')] }
  await using app = await runApp(before.length === 0 ? { ...common, triggers: [wired] } : common, { clock })
  let client = clientOf(app)
  const put = async (...records: string[]): Promise<void> => {
    const Records = records.map((record) => {
      const [key = '', text = key] = record.split('=')
      return { PartitionKey: key, Data: Buffer.from(text) }
    })
    await client.send(new PutRecordsCommand({ StreamName: 'test-dev-clicks', Records }))
    await clock.advance(0)
  }
  const invoked = (): Invoked[] =>
    app.lines('work').flatMap((line) => {
      const text = line.split('\tINFO\t')[1] ?? ''
      return text.startsWith('{"batch"') ? [JSON.parse(text)] : []
    })
  if (before.length > 0) {
    await put(...before)
    await clock.advance(1000)
    await app.apply({ ...common, triggers: [wired] })
    await clock.advance(0)
  }
  await work({
    app,
    get client() {
      return client
    },
    put,
    invoked,
    batches: () => invoked().map(({ batch }) => batch),
    advance: (seconds) => clock.advance(seconds * 1000),
    told: async () => {
      const { Messages = [] } = await sqs(app.cloud.aws, 'ReceiveMessage', {
        QueueUrl: urlOf(app.cloud.aws, 'test-dev-failed'),
        MaxNumberOfMessages: 10,
      })
      return Messages.map(({ Body }: { Body: string }) => JSON.parse(Body))
    },
    restart: async () => {
      client.destroy()
      clock = startClock('virtual', clock.now())
      await app.restart({ clock })
      await clock.advance(0)
      client = clientOf(app)
    },
    apply: async (changed) => {
      await app.apply({ ...common, triggers: [{ ...wired, ...changed }] })
      await clock.advance(0)
    },
  })
  client.destroy()
}

test('records come in batches, in order, and the event is as AWS sends it', () =>
  rig({ batchSize: 2 }, async ({ put, batches, app, restart }) => {
    await put('a=one', 'b=two', 'c=three')
    assert.deepEqual(batches(), [['one', 'two'], ['three']])
    await put('a=four')
    await restart()
    assert.deepEqual(batches(), [['one', 'two'], ['three'], ['four']], 'nothing again after a restart')
    await put('five')
    assert.deepEqual(batches().at(-1), ['five'])
    assert.equal(app.lines('work').filter((line) => line.startsWith('START')).length, 4)
  }))

const POSITIONS = [
  { id: 'stream-latest-vs-trim', from: 'latest', delivered: [['after']] },
  { id: 'stream-latest-vs-trim', from: 'horizon', delivered: [['before 1', 'before 2'], ['after']] },
  { id: 'at timestamp', from: Date.UTC(2026, 0, 1) + 500, delivered: [['after']] },
] as const
for (const { id, from, delivered } of POSITIONS)
  test(`case ${id}: ${from}`, () =>
    rig({ from, before: ['k=before 1', 'k=before 2'] }, async ({ put, batches, restart }) => {
      await put('after')
      assert.deepEqual(batches(), delivered)
      await restart()
      assert.deepEqual(batches(), delivered)
    }))

test('case stream-ddb-order: updates of one key come in order, one batch at a time', () =>
  rig({ batchSize: 3 }, async ({ put, batches }) => {
    const all = Array.from({ length: 100 }, (_, index) => `k=${index}`)
    await Promise.all([put(...all.slice(0, 50)), put(...all.slice(50))])
    const order = batches().flat().map(Number)
    assert.equal(order.length, 100)
    for (const half of [order.filter((one) => one < 50), order.filter((one) => one >= 50)])
      assert.deepEqual(
        half,
        half.toSorted((one, other) => one - other),
      )
  }))

interface Failing {
  readonly id: string
  readonly setting?: Setting
  readonly records: readonly string[]
  readonly batches: readonly (readonly string[])[]
  readonly told?: { condition: string; count: number; size: number; error?: string | null }
}
const twice = (text: string, times: number): string[][] => Array.from({ length: times }, () => [text])
const FAILURES: readonly Failing[] = [
  {
    id: 'stream-retry-blocks',
    setting: { retries: 1 },
    records: ['throw'],
    batches: twice('throw', 2),
    told: { condition: 'RetryAttemptsExhausted', count: 2, size: 1, error: 'Unhandled' },
  },
  {
    id: 'stream-partial-lowest',
    records: ['1', '2', 'fail once 3', 'fail 4', '5'],
    setting: { retries: 0 },
    batches: [['1', '2', 'fail once 3', 'fail 4', '5']],
    told: { condition: 'RetryAttemptsExhausted', count: 1, size: 5, error: 'Unhandled' },
  },
  {
    id: 'stream-partial-fail-5',
    setting: { retries: 2 },
    records: ['throw'],
    batches: twice('throw', 3),
    told: { condition: 'RetryAttemptsExhausted', count: 3, size: 1, error: 'Unhandled' },
  },
  // Recorded: what is left after a failure in the middle has all its tries before it.
  {
    id: 'report batch item failures',
    setting: { retries: 3, batchSize: 3 },
    records: ['0', '1', '2', '3', '4', 'fail'],
    batches: [['0', '1', '2'], ['3', '4', 'fail'], ...twice('fail', 4)],
    told: { condition: 'RetryAttemptsExhausted', count: 4, size: 1, error: null },
  },
  ...(['[]', 'null', '{}', '{"batchItemFailures":[]}', '{"batchItemFailures":null}', '""'] as const).map((answer) => ({
    id: `stream-partial-ok: ${answer}`,
    setting: { retries: 2 },
    records: [`answer:${answer}`],
    batches: [[`answer:${answer}`]],
  })),
  ...(
    [
      '{"batchItemFailures":[{"itemIdentifier":""}]}',
      '{"batchItemFailures":[{"itemIdentifier":null}]}',
      '{"batchItemFailures":[{"foo":"notvalid"}]}',
      '{"batchItemFailures":[{"itemIdentifier":"unknown"}]}',
    ] as const
  ).map((answer) => ({
    id: `stream-partial-fail: ${answer}`,
    setting: { retries: 2 },
    records: [`answer:${answer}`],
    batches: twice(`answer:${answer}`, 3),
    told: { condition: 'RetryAttemptsExhausted', count: 3, size: 1, error: null },
  })),
  {
    id: 'bisect: splits do not count',
    setting: { retries: 0, bisect: true },
    records: ['1', '2', 'throw', '4'],
    batches: [['1', '2', 'throw', '4'], ['1', '2'], ['throw', '4'], ['throw'], ['4']],
    told: { condition: 'RetryAttemptsExhausted', count: 1, size: 1, error: 'Unhandled' },
  },
]
for (const { id, setting = {}, records, batches, told } of FAILURES)
  test(`case ${id}`, () =>
    rig(setting, async (it) => {
      await it.put(...records.map((text) => `k=${text}`))
      await it.advance(600)
      assert.deepEqual(it.batches(), batches)
      const [owed, ...others] = await it.told()
      assert.equal(others.length, 0)
      if (told === undefined) return assert.equal(owed, undefined)
      assert.equal(owed?.requestContext?.condition, told.condition)
      assert.equal(owed?.requestContext?.approximateInvokeCount, told.count)
      assert.equal(owed?.requestContext?.functionArn, 'arn:aws:lambda:us-east-1:000000000000:function:test-dev-work')
      assert.deepEqual(owed?.responseContext, {
        statusCode: 200,
        executedVersion: '$LATEST',
        functionError: told.error,
      })
      const info = owed?.KinesisBatchInfo ?? {}
      assert.deepEqual(Object.keys(info), [
        'shardId',
        'startSequenceNumber',
        'endSequenceNumber',
        'approximateArrivalOfFirstRecord',
        'approximateArrivalOfLastRecord',
        'batchSize',
        'streamArn',
      ])
      assert.equal(info.shardId, FIRST)
      assert.equal(info.batchSize, told.size)
      assert.equal(info.approximateArrivalOfFirstRecord, '2026-01-01T00:00:00.000Z')
    }))

test('a failure in the middle: everything from the lowest failed record comes again', () =>
  rig({}, async ({ put, batches, advance }) => {
    await put('k=1', 'k=2', 'k=fail 3', 'k=fail 4', 'k=5')
    await advance(1)
    assert.deepEqual(batches(), [
      ['1', '2', 'fail 3', 'fail 4', '5'],
      ['fail 3', 'fail 4', '5'],
    ])
  }))

test('case stream-retry-default-infinite: a poison record blocks its shard, until it is too old', () =>
  rig({}, async ({ put, batches, advance, told }) => {
    await put('k=throw')
    await put('k=good')
    await advance(23 * 3600)
    assert.ok(batches().length > 1000)
    assert.ok(!batches().flat().includes('good'))
    await advance(3600 + 60)
    assert.deepEqual(batches().at(-1), ['throw'], 'both are gone with the retention')
    await put('k=later')
    assert.deepEqual(batches().at(-1), ['later'])
    assert.equal((await told()).length > 0, true)
  }))

test('records that are too old are given up, while they are tried and before', () =>
  rig({ maximumAge: 60, from: 'horizon', batchSize: 10 }, async ({ put, batches, advance, told }) => {
    await put('k=throw')
    await advance(50)
    await put('k=young')
    await advance(61)
    const [owed] = await told()
    assert.equal(owed?.requestContext?.condition, 'RecordAgeExceeded')
    assert.equal(owed?.requestContext?.approximateInvokeCount, 1)
    assert.equal(owed?.responseContext, undefined)
    assert.deepEqual(batches().at(-1), ['young'])
  }))

test('a window gathers, a full batch does not wait', () =>
  rig({ window: 10, batchSize: 3 }, async ({ put, batches, advance }) => {
    await put('1')
    await advance(6)
    await put('2')
    assert.deepEqual(batches(), [])
    await advance(4)
    assert.deepEqual(batches(), [['1', '2']])
    await put('k=3', 'k=4', 'k=5', 'k=6')
    assert.deepEqual(batches(), [
      ['1', '2'],
      ['3', '4', '5'],
    ])
    await advance(10)
    assert.deepEqual(batches().at(-1), ['6'])
  }))

test('filters read data as JSON; what passes none is passed over', () =>
  rig({ filter: [{ data: { type: ['a'] } }, { partitionKey: ['special'] }] }, async ({ put, batches }) => {
    await put('k={"type":"a"}', 'k={"type":"b"}', 'k=text', 'special={"type":"c"}')
    assert.deepEqual(batches(), [['{"type":"a"}', '{"type":"c"}']])
  }))

test('batches of one shard run side by side, each key in its order', () =>
  rig({ parallel: 4, batchSize: 1, retries: 1 }, async ({ put, batches, advance, restart, apply }) => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    await put('a=a throw', ...keys.flatMap((key) => [1, 2, 3].map((count) => `${key}=${key}${count}`)))
    const before = batches().flat()
    assert.ok(before.length < 25 && before.length > 1, 'only the lane of the failed record waits')
    await advance(60)
    for (const key of keys)
      assert.deepEqual(
        batches()
          .flat()
          .filter((text) => /^\w\d$/.test(text) && text.startsWith(key)),
        [1, 2, 3].map((count) => `${key}${count}`),
      )
    const count = batches().length
    await restart()
    assert.equal(batches().length, count)
    await apply({ parallel: 1 })
    await put('a=last')
    assert.deepEqual(batches().at(-1), ['last'])
  }))

test('shards that were split and merged are read after their parents', () =>
  rig({ batchSize: 1, retries: 1 }, async ({ put, batches, client, advance }) => {
    const StreamName = 'test-dev-clicks'
    await put('k=throw', 'k=parent')
    await client.send(
      new SplitShardCommand({ StreamName, ShardToSplit: FIRST, NewStartingHashKey: String(2n ** 127n) }),
    )
    await put('k=child')
    assert.deepEqual(batches(), [['throw']], 'the children wait for their parent')
    await client.send(
      new MergeShardsCommand({
        StreamName,
        ShardToMerge: 'shardId-000000000001',
        AdjacentShardToMerge: 'shardId-000000000002',
      }),
    )
    await put('k=grandchild')
    await advance(60)
    assert.deepEqual(batches(), [['throw'], ['throw'], ['parent'], ['child'], ['grandchild']])
    await client.send(new GetShardIteratorCommand({ StreamName, ShardId: 'shardId-3', ShardIteratorType: 'LATEST' }))
  }))

test('tumbling windows hand the state on, and end', () =>
  rig({ tumblingWindow: 30 }, async ({ put, invoked, advance, restart }) => {
    await put('1')
    await put('2')
    await restart()
    await advance(29)
    await put('3')
    await advance(31)
    const shown = invoked().map(({ batch, more }) => [batch, more.state, more.isFinalInvokeForWindow])
    assert.deepEqual(shown, [
      [['1'], {}, false],
      [['2'], { count: 1 }, false],
      [['3'], { count: 2 }, false],
      [[], { count: 3 }, true],
    ])
    assert.deepEqual(invoked()[0]?.more, {
      window: { start: '2026-01-01T00:00:00Z', end: '2026-01-01T00:00:30Z' },
      state: {},
      shardId: FIRST,
      eventSourceARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/test-dev-clicks',
      isFinalInvokeForWindow: false,
      isWindowTerminatedEarly: false,
    })
    await put('4')
    assert.deepEqual(invoked().at(-1)?.more.state, {})
  }))

test('what is worked on while the app is saved is worked off once, and what comes meanwhile after it', () =>
  rig({ batchSize: 1 }, async ({ app, put, batches, apply, advance, client }) => {
    const Data = Buffer.from('slow')
    await client.send(new PutRecordsCommand({ StreamName: 'test-dev-clicks', Records: [{ PartitionKey: 'k', Data }] }))
    const saved = apply({ window: 0, retries: 3 })
    await put('k=next')
    await saved
    await advance(1)
    assert.deepEqual(batches(), [['slow'], ['next']])
    assert.equal(app.cloud.idle(), true)
  }))

test('an app that reads no more reads on later where it was', () =>
  rig({}, async ({ app, put, batches, apply }) => {
    await put('one')
    await app.apply({ functions: { work: WORKER }, resources: [streamed(), toQueue('failed')] })
    await put('two')
    assert.deepEqual(batches(), [['one']])
    await apply({})
    assert.deepEqual(batches(), [['one'], ['two']])
  }))

test('a function without room is asked again, and that counts as no failure', () =>
  rig({ retries: 0 }, async ({ app, put, batches, advance, told }) => {
    const functions = { work: { code: WORKER, concurrency: 0 } }
    const resources = [streamed(), toQueue('failed')]
    const triggers = [toTrigger({ retries: 0, onFailure: { kind: 'queue', name: 'failed' } })]
    await app.apply({ functions, resources, triggers })
    await put('one')
    await advance(30)
    assert.deepEqual(batches(), [])
    await app.apply({ functions: { work: WORKER }, resources, triggers })
    await advance(60)
    assert.deepEqual(batches(), [['one']])
    assert.deepEqual(await told(), [])
  }))

// Fails as often as a record asks for, and says what it has done: of a batch all before the failure, or nothing.
const toFlaky = (throws: boolean): string => `
  const seen = {}
  export const handler = async ({ Records }) => {
    const done = []
    for (const { kinesis } of Records) {
      const text = Buffer.from(kinesis.data, 'base64').toString()
      const [, failures = 0] = /fails (\\d)/.exec(text) ?? []
      seen[text] = (seen[text] ?? 0) + 1
      if (seen[text] <= Number(failures)) {
        if (${throws}) throw new Error('not yet')
        console.log(JSON.stringify({ done }))
        return { batchItemFailures: [{ itemIdentifier: kinesis.sequenceNumber }] }
      }
      done.push(text)
    }
    console.log(JSON.stringify({ done }))
  }`

for (const seed of [1, 2, 3, 4])
  test(`whatever fails, every record is worked off once, each key in its order (seed ${seed})`, async () => {
    const { whole, pick } = seeded(seed)
    const clock = startClock('virtual', Date.UTC(2026, 0, 1))
    const setting = { parallel: 1 + whole(4), batchSize: 1 + whole(9), window: whole(3), bisect: pick([true, false]) }
    const functions = { work: toFlaky(pick([true, false])) }
    const resources = [streamed({ shards: 1 + whole(3) })]
    await using app = await runApp({ functions, resources, triggers: [toTrigger(setting)] }, { clock })
    const client = clientOf(app)
    const sent = new Map<string, string[]>()
    for (let step = 0; step < 25; step++) {
      const Records = Array.from({ length: 1 + whole(6) }, (_, index) => {
        const key = `k${whole(8)}`
        const text = `${key} ${step}.${index}${whole(6) === 0 ? ` fails ${1 + whole(3)}` : ''}`
        sent.set(key, [...(sent.get(key) ?? []), text])
        return { PartitionKey: key, Data: Buffer.from(text) }
      })
      await client.send(new PutRecordsCommand({ StreamName: 'test-dev-clicks', Records }))
      await clock.advance(whole(3) * 500)
    }
    await clock.advance(3_600_000)
    const done = app.lines('work').flatMap((line): string[] => {
      const text = line.split('\tINFO\t')[1] ?? ''
      return text.startsWith('{"done"') ? JSON.parse(text).done : []
    })
    for (const [key, texts] of sent)
      assert.deepEqual(
        done.filter((text) => text.startsWith(`${key} `)),
        texts,
        JSON.stringify(setting),
      )
    client.destroy()
  })

test('who cannot be told of what was given up is named in the log', () =>
  rig({ retries: 0 }, async ({ app, put, advance }) => {
    await sqs(app.cloud.aws, 'DeleteQueue', { QueueUrl: urlOf(app.cloud.aws, 'test-dev-failed') })
    await put('k=throw')
    await advance(1)
    const failed = app.lines('work').find((line) => line.includes('given up after'))
    assert.match(failed ?? '', /^1 record of test-dev-clicks failed: given up after 1 try, arn:.* is told of it\.$/)
    const said = app.lines('work').find((line) => line.includes('Nobody could be told'))
    assert.match(said ?? '', /There is no queue test-dev-failed/)
  }))
