// What the compiler knows of messages and objects: this file is right when it compiles. Every expected error must be one.
import { bucket, type Queue, queue, type Schema, type Topic, topic } from '../../src/index.ts'
import type { TestCloud } from '../../src/testing/index.ts'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <A, B>(_: Same<A, B>): void => {}

/** A schema that takes a text and gives a number. */
declare const counted: Schema<{ n: string }, { n: number }>

// What is sent is what the schema takes, what arrives is what it gives.
export const jobs = queue('jobs', { schema: counted, fifo: true })
same<typeof jobs, Queue<{ n: string }, { n: number }>>(true)
export const work = jobs.onMessage({ concurrency: 5, filter: { body: { n: ['1'] } } }, (message, record) => {
  same<typeof message, { n: number }>(true)
  same<typeof record.messageId, string>(true)
})
export const batch = jobs.onBatch({ filter: [{ body: { n: ['1'] } }, { body: { n: ['2'] } }] }, (items) => {
  for (const { message } of items) same<typeof message, { n: number }>(true)
})
export const plain = queue<{ url: string }>('plain')

// A topic's messages.
export const orders = topic<{ url: string }>('orders')
same<typeof orders, Topic<{ url: string }>>(true)
export const mail = orders.onMessage({ filterScope: 'MessageBody', deadLetter: plain }, ({ url }, { Sns }) => {
  same<typeof url, string>(true)
  same<typeof Sns.Subject, string | null>(true)
})
export const checked = topic('checked', { schema: counted })
same<typeof checked, Topic<{ n: string }, { n: number }>>(true)
export const untyped = topic('untyped').onMessage((message) => same<typeof message, unknown>(true))
// @ts-expect-error: a mistyped option of a topic
topic('orders', { ffio: true })
// @ts-expect-error: a scope that SNS does not have
orders.onMessage({ filterScope: 'Body' }, () => {})
// @ts-expect-error: a subscriber has a handler
orders.onMessage({ filter: {} })

// A queue that gets what a topic publishes holds messages of that kind; in the envelope it does not matter.
export const copies = orders.to(plain, { filter: { url: [{ prefix: 'https:' }] } })
export const raw = checked.to(jobs)
export const wrapped = orders.to(jobs, { raw: false })
// @ts-expect-error: messages of another kind
orders.to(jobs)
// @ts-expect-error: a bucket is no queue
orders.to(bucket('photos'))

// Objects.
export const photos = bucket('photos', {
  versioned: true,
  cors: [{ origins: 'https://example.com', methods: ['GET'] }],
  lifecycle: { prefix: 'tmp/', expireDays: 1 },
})
export const added = photos.onCreated({ prefix: 'in/', memory: 1024 }, async (object, record) => {
  same<typeof object.key, string>(true)
  same<typeof object.size, number | undefined>(true)
  same<typeof object.time, Date>(true)
  same<typeof record.eventName, string>(true)
  const found = await object.get()
  // @ts-expect-error: it may be gone
  found.bytes
  return found?.bytes
})
export const tagged = photos.on(['ObjectTagging:Put'], ({ event }) => same<typeof event, string>(true))
// @ts-expect-error: a mistyped option of a trigger
photos.onRemoved({ sufix: '.png' }, () => {})
// @ts-expect-error: a method that S3's CORS does not have
bucket('photos', { cors: { methods: ['PATCH'] } })

// Clients: none of this runs, it is only compiled.
export async function clients(cloud: TestCloud): Promise<void> {
  await jobs.send({ n: '1' })
  // @ts-expect-error: what the schema gives is not what it takes
  await jobs.send({ n: 1 })
  const { messageId } = await orders.publish({ url: '' }, { subject: 's', attributes: { a: 1, b: ['x'] } })
  same<typeof messageId, string>(true)
  // @ts-expect-error: a message needs its url
  await orders.publish({})
  // @ts-expect-error: a mistyped option of publish
  await orders.publish({ url: '' }, { subjekt: '' })
  await cloud.send(jobs, { n: '1' })
  // @ts-expect-error: what is sent is what the schema takes
  await cloud.send(jobs, { n: 1 })
  await cloud.send(orders, { url: '' }, { attributes: { kind: 'order' } })
  // @ts-expect-error: a message of another kind
  await cloud.send(orders, { uri: '' })
}
