// Tables: what their client writes and finds, and what their functions are handed.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type TableEvent, type TableRecord, toTableEvent } from '../../src/aws/events/table.ts'
import { ConditionError, TransactionError, table } from '../../src/index.ts'
import type { SortTest } from '../../src/runtime/table-words.ts'
import { wakeTable } from '../../src/runtime/triggers/table.ts'
import { hearErrors } from '../support/console.ts'
import { type OpenedDynamoDb, openTables } from '../support/dynamodb.ts'
import { CONTEXT } from '../support/event.ts'
import { toSchema } from '../support/schema.ts'
import { SHOP } from '../support/woken.ts'

interface Message {
  room: string
  at: number
  user: string
  text: string
  likes?: number
  tags?: Set<string>
  log?: string[]
  address?: { city: string; zip?: string }
}

const messages = table<Message, ['room', 'at'], { byUser: ['user', 'at'] }>('messages', {
  key: ['room', 'at'],
  types: { at: 'N' },
  indexes: { byUser: ['user', 'at'] },
})
const things = table('things', { key: 'id' })

describe('the client', () => {
  let opened: OpenedDynamoDb
  const saved = { ...process.env }
  before(async () => {
    opened = await openTables()
    await opened.create('shop-dev-messages', ['room:S', 'at:N'], {
      AttributeDefinitions: [
        { AttributeName: 'room', AttributeType: 'S' },
        { AttributeName: 'at', AttributeType: 'N' },
        { AttributeName: 'user', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byUser',
          KeySchema: [
            { AttributeName: 'user', KeyType: 'HASH' },
            { AttributeName: 'at', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    })
    await opened.create('shop-dev-things', ['id:S'])
    Object.assign(process.env, {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'goblet',
      AWS_SECRET_ACCESS_KEY: 'goblet',
      GOBLET_PREFIX: 'shop-dev-',
      GOBLET_ACCOUNT: '000000000000',
      AWS_ENDPOINT_URL_DYNAMODB: opened.endpoint,
    })
  })
  after(async () => {
    process.env = saved
    await opened.close()
  })

  const message = (room: string, at: number, more: Partial<Message> = {}): Message => ({
    room,
    at,
    user: at % 2 === 0 ? 'even' : 'odd',
    text: `${room}${at}`,
    ...more,
  })

  it('knows its place', () => {
    assert.equal(messages.name, 'shop-dev-messages')
    assert.equal(messages.arn, 'arn:aws:dynamodb:us-east-1:000000000000:table/shop-dev-messages')
    const other = table('arn:aws:dynamodb:eu-west-1:123456789012:table/Other', { key: 'id' })
    assert.deepEqual([other.name, other.arn], ['Other', 'arn:aws:dynamodb:eu-west-1:123456789012:table/Other'])
  })

  it('gives back every value that it stored', async () => {
    const thing = {
      id: 'all',
      text: 'ä',
      empty: '',
      whole: 7,
      part: -1.25e-7,
      large: 12345678901234567890n,
      yes: true,
      nothing: null,
      bytes: new Uint8Array([0, 255]),
      list: [1, 'a', [null]],
      map: { inner: { deep: false } },
      words: new Set(['a', 'b']),
      numbers: new Set([1, 2]),
    }
    await things.put({ ...thing, left: undefined })
    assert.deepEqual(await things.get('all'), thing)
    assert.deepEqual(await things.get({ id: 'all' }, { consistent: true }), thing)
    assert.equal(await things.get('none'), undefined)
  })

  it('names what it cannot store', async () => {
    const rows: readonly [unknown, RegExp][] = [
      [{ at: new Date(0) }, /item\.made\.at is a Date, which a table cannot hold: store its `toISOString\(\)`/],
      [Number.NaN, /item\.made is NaN/],
      [new Set(), /item\.made is an empty set/],
      [new Set([1, 'a']), /item\.made is a set of other things/],
      [() => 1, /item\.made is a function/],
      [[new Map()], /item\.made\[0\] is a Map/],
    ]
    for (const [made, words] of rows) await assert.rejects(things.put({ id: 'bad', made }), words)
    await assert.rejects(things.get({} as never), /TypeError: A key of the table shop-dev-things has id: id is missing/)
  })

  it('writes under a condition, and tells what was there', async () => {
    await messages.put(message('if', 1, { likes: 3 }), { if: { room: { exists: false } } })
    const again = messages.put(message('if', 1), { if: { room: { exists: false } } })
    await assert.rejects(again, (error) => error instanceof ConditionError && (error.item as Message).likes === 3)
    await messages.put(message('if', 1, { likes: 4 }), { if: { likes: { from: 3, before: 4 }, text: 'if1' } })
    await messages.put(message('if', 1, { likes: 5, address: { city: 'Rome' } }), {
      if: [{ likes: 99 }, { likes: { in: [4, 5] } }],
    })
    await messages.put(message('if', 1, { tags: new Set(['x']) }), {
      if: { 'address.city': { beginsWith: 'Ro' }, text: { contains: 'f' }, user: { not: 'x' } },
    })
    assert.deepEqual(await messages.delete({ room: 'if', at: 1 }), message('if', 1, { tags: new Set(['x']) }))
    assert.equal(await messages.delete({ room: 'if', at: 1 }), undefined)
    await assert.rejects(messages.delete({ room: 'if', at: 1 }, { if: { likes: 1 } }), { name: 'ConditionError' })
    const wrong = messages.delete({ room: 'if', at: 1 }, { if: { likes: { above: 1 } as never } })
    await assert.rejects(wrong, /TypeError: The condition of likes has no test `above`/)
  })

  it('updates parts of an item, and gives back all of it', async () => {
    const key = { room: 'up', at: 1 }
    await messages.put(message('up', 1, { address: { city: 'Rome' }, likes: 1 }))
    const made = await messages.update(
      key,
      { text: 'new', 'address.zip': '00118', user: undefined as never },
      { add: { likes: 2, tags: new Set(['a', 'b']) }, append: { log: ['x'] } },
    )
    assert.deepEqual(made, {
      ...message('up', 1),
      text: 'new',
      address: { city: 'Rome', zip: '00118' },
      likes: 3,
      tags: new Set(['a', 'b']),
      log: ['x'],
    })
    const other = await messages.update(
      key,
      {},
      {
        append: { log: ['y'] },
        subtract: { tags: new Set(['a']) },
        remove: ['likes', 'address.zip'],
        default: { user: 'never' },
        if: { text: 'new' },
      },
    )
    assert.deepEqual(
      [other.log, other.tags, other.likes, other.address, other.user],
      [['x', 'y'], new Set(['b']), undefined, { city: 'Rome' }, 'odd'],
    )
    await assert.rejects(messages.update(key, { text: 'no' }, { if: { likes: 1 } }), { name: 'ConditionError' })
    assert.deepEqual(await things.update('fresh', {}), { id: 'fresh' })
    await assert.rejects(things.update('fresh', { n: 1 }, { default: { n: 2 } }), { code: 'ValidationException' })
  })

  it('queries by key and by index', async () => {
    await messages.batchWrite({ put: Array.from({ length: 30 }, (_, index) => message('q', index)) })
    type Asked = Parameters<typeof inRoom>
    const inRoom = (
      at?: SortTest<number>,
      options?: { reverse?: boolean; limit?: number; filter?: { user: string } },
    ) => messages.query({ room: 'q', ...(at === undefined ? {} : { at }) }, options).all()
    const at = async (...asked: Asked) => (await inRoom(...asked)).map((one) => one.at)
    assert.deepEqual(await at({ after: 27 }), [28, 29])
    assert.deepEqual(await at({ before: 2 }), [0, 1])
    assert.deepEqual(await at({ from: 3, to: 5 }), [3, 4, 5])
    assert.deepEqual(await at({ from: 29 }), [29])
    assert.deepEqual(await at(4), [4])
    assert.deepEqual(await at(undefined, { reverse: true, limit: 2 }), [29, 28])
    assert.deepEqual(await at(undefined, { filter: { user: 'even' }, limit: 3 }), [0, 2, 4])
    const odd = await messages.query({ user: 'odd', at: { from: 25 } }, { index: 'byUser' }).all()
    assert.deepEqual(
      odd.map((one) => one.text),
      ['q25', 'q27', 'q29'],
    )
    assert.equal(await messages.query({ room: 'q' }).count(), 30)
    assert.equal((await messages.query({ room: 'q' }, { reverse: true }).first())?.at, 29)
    assert.equal(await messages.query({ room: 'nobody' }).first(), undefined)
    const [only] = await messages.query({ room: 'q', at: 1 }, { only: ['text'] }).all()
    assert.deepEqual(only, { text: 'q1' })
    const seen: number[] = []
    for await (const one of messages.query({ room: 'q' }, { limit: 3 })) seen.push(one.at)
    assert.deepEqual(seen, [0, 1, 2])
    await assert.rejects(messages.query({ user: 'q' }, { index: 'none' as 'byUser' }).all(), /has no index none/)
  })

  it('reads page by page', async () => {
    const found = messages.query({ room: 'q' }, { limit: 12 })
    const sizes: number[] = []
    let next: string | undefined
    do {
      const page = await found.page(next)
      sizes.push(page.items.length)
      next = page.next
    } while (next !== undefined)
    assert.deepEqual(sizes, [12, 12, 6])
    await assert.rejects(found.page('nonsense'), /TypeError: `next` is none that a page had/)
    const other = await messages.query({ room: 'q' }, { limit: 1 }).page()
    await assert.rejects(messages.query({ room: 'other' }).page(other.next), { code: 'ValidationException' })
  })

  it('scans, counts and filters', async () => {
    assert.equal(await messages.scan({ filter: { room: 'q' } }).count(), 30)
    assert.equal((await messages.scan({ index: 'byUser', filter: { room: 'q' }, limit: 5 }).all()).length, 5)
  })

  it('reads and deletes many at once, in the order in which they were asked for', async () => {
    const keys = Array.from({ length: 120 }, (_, index) => ({ room: 'q', at: index % 40 }))
    const found = await messages.batchGet(keys)
    assert.deepEqual(
      found.map((one) => one?.at),
      keys.map(({ at }) => (at < 30 ? at : undefined)),
    )
    await messages.batchWrite({ delete: Array.from({ length: 30 }, (_, at) => ({ room: 'q', at })) })
    assert.equal(await messages.query({ room: 'q' }).count(), 0)
  })

  it('does all of a transaction, or nothing', async () => {
    await messages.transact(
      [
        { put: message('t', 1) },
        { update: { room: 't', at: 2 }, set: { text: 'two' }, add: { likes: 1 } },
        { table: things, put: { id: 't' }, if: { id: { exists: false } } },
      ],
      { token: 'once' },
    )
    assert.deepEqual(
      await messages.transactGet([
        { room: 't', at: 2 },
        { room: 't', at: 3 },
      ]),
      [{ room: 't', at: 2, text: 'two', likes: 1 }, undefined],
    )
    const refused = messages.transact([
      { delete: { room: 't', at: 1 } },
      { check: { room: 't', at: 2 }, if: { likes: 5 } },
    ])
    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof TransactionError)
      assert.match(
        error.message,
        /^The transaction was not done: write 1: ConditionalCheckFailed The conditional request failed$/,
      )
      assert.deepEqual(error.reasons[1]?.item, { room: 't', at: 2, text: 'two', likes: 1 })
      return true
    })
    assert.notEqual(await messages.get({ room: 't', at: 1 }), undefined)
    assert.notEqual(await things.get('t'), undefined)
  })

  it('stores what the schema makes of an item, and never what it refuses', async () => {
    const positive = toSchema((value) => (Number(value) > 0 ? Number(value) : 'must be positive')).within('n')
    const checked = table('things', { key: 'n', types: { n: 'N' }, schema: positive })
    await assert.rejects(
      checked.put({ n: -1 }),
      /TypeError: It does not match its schema: message\.n: must be positive/,
    )
    await assert.rejects(checked.batchWrite({ put: [{ n: -1 }] }), /does not match/)
    await assert.rejects(checked.transact([{ put: { n: -1 } }]), /does not match/)
  })
})

const ARN = 'arn:aws:dynamodb:us-east-1:123456789012:table/shop-dev-messages/stream/2026-01-01T00:00:00.000'

const record = (
  sequence: number,
  more: Partial<TableRecord['dynamodb']> = {},
  event: 'INSERT' | 'REMOVE' | 'MODIFY' = 'INSERT',
): TableRecord => ({
  eventID: `e${sequence}`,
  eventName: event,
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'us-east-1',
  dynamodb: {
    ApproximateCreationDateTime: 1_480_642_020,
    Keys: { room: { S: 'a' }, at: { N: String(sequence) } },
    SequenceNumber: String(sequence),
    SizeBytes: 26,
    StreamViewType: 'NEW_AND_OLD_IMAGES',
    ...more,
  },
  eventSourceARN: ARN,
})

describe('onChange', () => {
  const run = (declaration: Parameters<typeof wakeTable>[1], event: TableEvent) =>
    wakeTable(SHOP, declaration)(event, CONTEXT)

  it('hands over change by change', async () => {
    const seen: unknown[] = []
    const item = { room: { S: 'a' }, at: { N: '1' }, tags: { SS: ['x'] } } as const
    const expired = {
      ...record(3, { OldImage: item }, 'REMOVE'),
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    }
    const events = [record(1, { NewImage: item }), record(2, { OldImage: item, NewImage: item }, 'MODIFY'), expired]
    const result = await run(
      messages.onChange({ batchSize: 3 }, (change, { eventID }) => seen.push([eventID, change])),
      toTableEvent(events),
    )
    assert.deepEqual(result, { batchItemFailures: [] })
    const plain = { room: 'a', at: 1, tags: new Set(['x']) }
    const time = new Date(1_480_642_020_000)
    assert.deepEqual(seen, [
      ['e1', { type: 'insert', keys: { room: 'a', at: 1 }, old: undefined, new: plain, time, expired: false }],
      ['e2', { type: 'modify', keys: { room: 'a', at: 2 }, old: plain, new: plain, time, expired: false }],
      ['e3', { type: 'remove', keys: { room: 'a', at: 3 }, old: plain, new: undefined, time, expired: true }],
    ])
  })

  it('stops at a change that fails, and names it, so that none overtakes it', async () => {
    const heard = hearErrors()
    const seen: unknown[] = []
    const told: unknown[] = []
    const failing = messages.onChange({ onError: (error) => void told.push(error) }, ({ keys }) => {
      seen.push(keys.at)
      if (keys.at === 2) throw new RangeError('no')
    })
    const result = await run(failing, toTableEvent([record(1), record(2), record(3)]))
    heard[Symbol.dispose]()
    assert.match(heard.text, /^Record 2 failed: RangeError: no/)
    assert.deepEqual(result, { batchItemFailures: [{ itemIdentifier: '2' }] })
    assert.deepEqual(seen, [1, 2])
    assert.equal(told.length, 1)
  })

  it('hands over batches, with the window that they are in', async () => {
    const batch = messages.onBatch({ tumblingWindow: 60 }, (changes, _, window) => ({
      state: { count: changes.length + (window?.isFinal === false ? 1 : 0) },
    }))
    const event = {
      ...toTableEvent([record(1), record(2)]),
      window: { start: '2020-07-30T17:00:00Z', end: '2020-07-30T17:05:00Z' },
      state: { count: 1 },
      shardId: 'shard-1',
      eventSourceARN: ARN,
      isFinalInvokeForWindow: false,
      isWindowTerminatedEarly: false,
    }
    assert.deepEqual(await run(batch, event), { state: { count: 3 } })
  })
})
