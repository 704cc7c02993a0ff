// What the compiler knows of tables, streams, buses, schedules, secrets and parameters: this file is right when it compiles. Every expected error must be one.
import { z } from 'zod'
import {
  app,
  type BusEvent,
  bus,
  type Found,
  lambda,
  param,
  queue,
  resource,
  schedule,
  secret,
  stream,
  table,
} from '../../src/index.ts'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <A, B>(_: Same<A, B>): void => {}

interface Message {
  room: string
  at: number
  user: string
  text?: string
  likes?: number
  tags?: Set<string>
  log?: string[]
}

// Keys and indexes are known by their names.
const messages = table<Message, ['room', 'at'], { byUser: ['user', 'at'] }>('messages', {
  key: ['room', 'at'],
  types: { at: 'N' },
  indexes: { byUser: ['user', 'at'] },
})
export async function reads() {
  const key = { room: 'a', at: 1 }
  const one = await messages.get(key)
  same<typeof one, Message | undefined>(true)
  // @ts-expect-error: the key has two parts
  await messages.get({ room: 'a' })
  // @ts-expect-error: `at` is a number
  await messages.get({ room: 'a', at: '1' })
  // @ts-expect-error: two parts are no text
  await messages.get('a')
  const found = messages.query(
    { room: 'a', at: { after: 3 } },
    { limit: 3, reverse: true, filter: { likes: { from: 1 } } },
  )
  same<typeof found, Found<Message>>(true)
  messages.query({ room: 'a', at: { from: 1, to: 2 } })
  messages.query({ user: 'u', at: { before: 3 } }, { index: 'byUser' })
  // @ts-expect-error: DynamoDB takes one condition on a sort key
  messages.query({ room: 'a', at: { after: 3, before: 5 } })
  // @ts-expect-error: a query names the partition key
  messages.query({ at: 3 })
  // @ts-expect-error: that is the key of an index
  messages.query({ user: 'u' })
  // @ts-expect-error: there is no such index
  messages.query({ user: 'u' }, { index: 'byRoom' })
  // @ts-expect-error: there is no such attribute
  messages.scan({ only: ['titel'] })
  const many = await messages.batchGet([key], { consistent: true })
  same<typeof many, (Message | undefined)[]>(true)
  for await (const message of messages.query({ room: 'a' })) same<typeof message, Message>(true)
}
export async function writes() {
  const item: Message = { room: 'a', at: 1, user: 'u' }
  await messages.put(item, { if: { room: { exists: false } } })
  // @ts-expect-error: `user` is missing
  await messages.put({ room: 'a', at: 1 })
  // @ts-expect-error: there is no such attribute
  await messages.put(item, { if: { rom: 'a' } })
  await messages.update(
    item,
    { text: 'b', 'address.city': 'Rome' },
    { add: { likes: 1, tags: new Set(['a']) }, remove: ['log'] },
  )
  // @ts-expect-error: a text is not counted
  await messages.update(item, {}, { add: { text: 'a' } })
  // @ts-expect-error: a number has no end to put something at
  await messages.update(item, {}, { append: { likes: 1 } })
  const old = await messages.delete(item, { if: [{ likes: 1 }, { likes: { exists: false } }] })
  same<typeof old, Message | undefined>(true)
  await messages.transact([
    { put: item },
    { update: item, set: { text: 'x' } },
    { delete: item },
    { check: item, if: { likes: 1 } },
  ])
  await messages.transact([{ table: loose, put: { id: 'a' } }], { token: 't' })
  // @ts-expect-error: a check without a condition checks nothing
  await messages.transact([{ check: item }])
}

export const changed = messages.onChange({ batchSize: 10, from: 'horizon', bisect: true }, (change) => {
  same<typeof change.keys, { readonly room: string; readonly at: number }>(true)
  if (change.type === 'insert') same<typeof change.new, Message>(true)
  if (change.type === 'remove') same<typeof change.old, Message>(true)
})
// @ts-expect-error: a table has no times to begin from
messages.onChange({ from: new Date() }, () => {})
// @ts-expect-error: a window needs whole batches
messages.onChange({ tumblingWindow: 60 }, () => {})

// Without a type the key alone is known.
const loose = table('things', {
  key: 'id',
  types: { n: 'N' },
  indexes: { byN: 'n', byKind: { key: ['kind', 'n'], projection: 'keys' } },
})
export async function loosely() {
  const one = await loose.get('a')
  same<typeof one, ({ id: string } & { [attribute: string]: unknown }) | undefined>(true)
  await loose.get({ id: 'a' })
  await loose.put({ id: 'a', whatever: [1] })
  // @ts-expect-error: the key is missing
  await loose.put({ whatever: 1 })
  loose.query({ n: 3 }, { index: 'byN' })
  loose.query({ kind: 'a', n: { from: 1 } }, { index: 'byKind' })
}

// A type alone leaves keys open.
const half = table<Message>('half', { key: ['room', 'at'], types: { at: 'N' } })
export async function halfway() {
  await half.get({ room: 'a', at: 1 })
  // @ts-expect-error: there is no such attribute
  await half.get({ rom: 'a' })
  half.query({ room: 'a', at: { after: 1 } })
  half.query({ user: 'u' }, { index: 'byUser' })
}

// A schema tells what goes in and what comes out.
const checked = table('checked', {
  key: 'id',
  schema: z.object({ id: z.string(), n: z.coerce.number(), note: z.string().default('') }),
})
export async function schemas() {
  await checked.put({ id: 'a', n: '1' })
  // @ts-expect-error: `id` is a text
  await checked.put({ id: 1, n: 1 })
  const one = await checked.get('a')
  same<typeof one, { id: string; n: number; note: string } | undefined>(true)
}

const clicks = stream<{ page: string }>('clicks', { shards: 2, retention: 172_800 })
export const clicked = clicks.onRecord({ from: new Date(0), parallel: 2 }, (data, { kinesis }) => {
  same<typeof data, { page: string }>(true)
  same<typeof kinesis.partitionKey, string>(true)
})
export const counted = clicks.onBatch({ tumblingWindow: 60, maximumAge: 60 }, (records, _, window) => {
  same<(typeof records)[number]['data'], { page: string }>(true)
  return { state: { count: records.length, before: window?.state } }
})
export async function puts() {
  const put = await clicks.put({ page: '/' }, { key: 'u1' })
  same<typeof put, { shard: string; sequence: string }>(true)
  await clicks.putBatch([{ page: '/' }], { key: ({ page }) => page })
  // @ts-expect-error: that is no click
  await clicks.put({ pages: '/' })
}
const parsed = stream('parsed', { schema: z.object({ n: z.coerce.number() }) })
export const given = parsed.onRecord(({ n }) => same<typeof n, number>(true))

const shop = bus<{ OrderPlaced: { id: string }; OrderLost: { why: string } }>('shop')
export const placed = shop.on('OrderPlaced', ({ detail }) => same<typeof detail, { id: string }>(true))
export const either = shop.on({ source: ['shop'] }, { retries: 0 }, (event) =>
  same<typeof event, BusEvent<{ id: string } | { why: string }>>(true),
)
export const own = bus().on<{ state: string }>({ source: ['aws.ec2'] }, ({ detail }) =>
  same<typeof detail.state, string>(true),
)
// @ts-expect-error: there is no such type
shop.on('OrderFound', () => {})
export async function emits() {
  await shop.emit('OrderPlaced', { id: 'a' }, { source: 'shop', time: new Date() })
  // @ts-expect-error: that is the detail of another type
  await shop.emit('OrderPlaced', { why: 'a' })
  await shop.emitBatch([{ type: 'OrderLost', detail: { why: 'rain' } }])
  await bus().emit('anything', [1])
}
const strict = bus('strict', { schemas: { Paid: z.object({ cents: z.coerce.number() }) } })
export const paid = strict.on('Paid', ({ detail }) => same<typeof detail, { cents: number }>(true))

export const once = schedule({ at: new Date(0), timezone: 'Europe/Berlin' }, (event) =>
  same<typeof event.source, 'aws.events' | 'aws.scheduler'>(true),
)
export const often = schedule({ rate: '5 minutes', input: { kind: 'a' } }, ({ kind }) =>
  same<typeof kind, string>(true),
)
export const daily = schedule('rate(1 day)', { window: 15, input: 3 }, (input) => same<typeof input, number>(true))
// @ts-expect-error: one of the three
schedule({ timezone: 'UTC' }, () => {})
// @ts-expect-error: only one of them
schedule({ at: new Date(0), rate: '1 day' }, () => {})

const failed = queue('failed')
export const task = lambda(
  { retries: 0, maximumAge: 60, deadLetter: failed, destinations: { success: shop, failure: failed } },
  (n: number) => n,
)
// @ts-expect-error: a destination is a handle
lambda({ deadLetter: 'failed' }, () => 1)
// @ts-expect-error: that is each function's own
app('x', { deadLetter: failed })

export async function values() {
  same<Awaited<ReturnType<typeof key.value>>, string>(true)
  same<Awaited<ReturnType<typeof hosts.value>>, string[]>(true)
  const { user } = await key.json<{ user: string }>({ fresh: true })
  return user
}
const key = secret('key', { generate: { key: 'password', template: { user: 'a' } }, ttl: 60 })
const hosts = param('hosts', { type: 'StringList', value: 'a,b' })
export const sender = resource('AWS::SES::EmailIdentity', { EmailIdentity: 'shop.example.com', Of: failed })
// @ts-expect-error: that is no type of CloudFormation's
resource('sender')
