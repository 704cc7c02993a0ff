// Batches of queue messages: which are handed over, and which are reported as failed.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type QueueRecord, type QueueResult, toQueueEvent } from '../../src/aws/events/queue.ts'
import { type QueueBatchItem, queue } from '../../src/index.ts'
import { wakeQueue } from '../../src/runtime/triggers/queue.ts'
import { hearErrors } from '../support/console.ts'
import { CONTEXT } from '../support/event.ts'
import { toSchema } from '../support/schema.ts'
import { SHOP } from '../support/woken.ts'

const ARN = 'arn:aws:sqs:us-east-1:123456789012:shop-dev-jobs'

/** An event whose messages are called a, b, c …. */
const toEvent = (bodies: readonly string[], arn = ARN) =>
  toQueueEvent(
    bodies.map((body, index) => ({
      messageId: String.fromCharCode(97 + index),
      receiptHandle: `handle-${index}`,
      body,
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '1587481701067',
        SenderId: 'AIDAIENQZJOLO23YVJ4VO',
        ApproximateFirstReceiveTimestamp: '1587481701068',
      },
      messageAttributes: {},
      md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
    })),
    arn,
    'us-east-1',
  )

const failed = (...ids: string[]): QueueResult => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
})

const jobs = queue<number>('jobs')

describe('onMessage', () => {
  it('hands over message by message, in order, each when the one before is done', async () => {
    const seen: string[] = []
    const consumer = jobs.onMessage(async (message, record) => {
      seen.push(`${message} ${record.messageId} begins`)
      await new Promise((resolve) => setTimeout(resolve, 3 - message))
      seen.push(`${message} ends`)
    })
    assert.deepEqual(await wakeQueue(SHOP, consumer)(toEvent(['1', '2']), CONTEXT), failed())
    assert.deepEqual(seen, ['1 a begins', '1 ends', '2 b begins', '2 ends'])
  })

  it('gives the handler the message and its record, whatever JSON it is', async () => {
    const seen: [unknown, QueueRecord][] = []
    const consumer = queue('any').onMessage({ batchSize: 1 }, (message, record) => seen.push([message, record]))
    const event = toEvent(['null', '"text"', '{"__proto__":{"a":1}}'])
    await wakeQueue(SHOP, consumer)(event, CONTEXT)
    assert.deepEqual(
      seen.map(([, record]) => record),
      event.Records,
    )
    const [first, second, third] = seen.map(([message]) => message)
    assert.deepEqual([first, second, JSON.stringify(third)], [null, 'text', '{"__proto__":{"a":1}}'])
  })

  it('reports the failed ones only, and logs why', async () => {
    using heard = hearErrors()
    const consumer = jobs.onMessage((message) => {
      if (message % 2 === 0) throw new RangeError(`${message} is even`)
    })
    assert.deepEqual(await wakeQueue(SHOP, consumer)(toEvent(['1', '2', '3', '4']), CONTEXT), failed('b', 'd'))
    assert.match(heard.text, /Message b failed \(attempt 1\): RangeError: 2 is even[\s\S]*Message d failed/)
  })

  it('reports a rejected promise as it does a throw', async () => {
    using heard = hearErrors()
    const consumer = jobs.onMessage(async () => Promise.reject(new Error('no')))
    assert.deepEqual(await wakeQueue(SHOP, consumer)(toEvent(['1']), CONTEXT), failed('a'))
    assert.match(heard.text, /no/)
  })

  it('fails a body that is no JSON alone, and shows how it begins', async () => {
    using heard = hearErrors()
    const seen: number[] = []
    const consumer = jobs.onMessage((message) => seen.push(message))
    const event = toEvent(['1', `oops${'x'.repeat(1000)}`, '3', ''])
    assert.deepEqual(await wakeQueue(SHOP, consumer)(event, CONTEXT), failed('b', 'd'))
    assert.deepEqual(seen, [1, 3])
    assert.match(heard.text, /not JSON.*oopsx{96}\n/)
  })

  it('stops at the first failure of a FIFO queue, so that nothing overtakes it', async () => {
    using _ = hearErrors()
    const seen: number[] = []
    const consumer = queue<number>('jobs', { fifo: true }).onMessage((message) => {
      seen.push(message)
      if (message === 2) throw new Error('no')
    })
    const event = toEvent(['1', '2', '3', '4'], `${ARN}.fifo`)
    assert.deepEqual(await wakeQueue(SHOP, consumer)(event, CONTEXT), failed('b', 'c', 'd'))
    assert.deepEqual(seen, [1, 2])
  })

  it('keeps two batches at once apart', async () => {
    using _ = hearErrors()
    const consumer = jobs.onMessage(async (message) => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      if (message > 1) throw new Error('no')
    })
    const wake = wakeQueue(SHOP, consumer)
    const both = await Promise.all([wake(toEvent(['1', '2']), CONTEXT), wake(toEvent(['2', '1']), CONTEXT)])
    assert.deepEqual(both, [failed('b'), failed('a')])
  })
})

describe('onBatch', () => {
  type Items = readonly QueueBatchItem<number>[]
  const woken = (handler: (items: Items) => unknown, bodies: readonly string[], arn?: string) =>
    wakeQueue(SHOP, jobs.onBatch(handler))(toEvent(bodies, arn), CONTEXT)
  const messages = (items: Items): number[] => items.map(({ message }) => message)

  it('hands over all of them with their records, and the context', async () => {
    let seen: unknown
    const consumer = jobs.onBatch({ batchSize: 5 }, (items, context) => {
      seen = [items, context]
    })
    const event = toEvent(['1', '2'])
    assert.deepEqual(await wakeQueue(SHOP, consumer)(event, CONTEXT), failed())
    const items = event.Records.map((record) => ({ message: Number(record.body), record }))
    assert.deepEqual(seen, [items, CONTEXT])
  })

  it('takes the handler at its word', async () => {
    assert.deepEqual(await woken(async () => failed('b'), ['1', '2']), failed('b'))
    assert.deepEqual(await woken(() => ({ other: 1 }), ['1', '2']), failed())
    assert.deepEqual(await woken(() => 'done', ['1']), failed())
  })

  it('fails as a whole when the handler does', async () => {
    const bad = async () => {
      throw new RangeError('no')
    }
    await assert.rejects(woken(bad, ['1', '2']), RangeError)
  })

  it('fails a body that is no JSON alone, and hands over the rest', async () => {
    using heard = hearErrors()
    let seen: number[] = []
    const handler = (items: Items) => {
      seen = messages(items)
    }
    assert.deepEqual(await woken(handler, ['1', 'oops', '3']), failed('b'))
    assert.deepEqual(seen, [1, 3])
    assert.match(heard.text, /Message b failed \(attempt 1\):.*not JSON.*oops/)
  })

  it('adds what the handler says has failed', async () => {
    using _ = hearErrors()
    assert.deepEqual(await woken(() => failed('c'), ['oops', '2', '3']), failed('a', 'c'))
    assert.deepEqual(await woken(() => ({ batchItemFailures: null }), ['oops', '2']), failed('a'))
    // Lambda fails the whole batch for such an answer, so it is handed on as it is.
    const malformed: unknown = { batchItemFailures: 'all' }
    assert.deepEqual(await woken(() => malformed, ['oops', '2']), malformed)
  })

  it('does not call the handler with nothing', async () => {
    using _ = hearErrors()
    let calls = 0
    assert.deepEqual(await woken(() => calls++, ['{', '}']), failed('a', 'b'))
    assert.equal(calls, 0)
  })

  it('hands over what comes before it in a FIFO queue, and keeps the rest back', async () => {
    using _ = hearErrors()
    let seen: number[] = []
    const handler = (items: Items) => {
      seen = messages(items)
    }
    assert.deepEqual(await woken(handler, ['1', 'oops', '3'], `${ARN}.fifo`), failed('b', 'c'))
    assert.deepEqual(seen, [1])
  })
})

describe('a schema', () => {
  const positive = toSchema((value) => (Number(value) > 0 ? Number(value) : 'must be positive'))

  for (const [what, schema] of [
    ['that answers at once', positive.schema],
    ['that answers later', positive.later],
  ] as const)
    it(`${what} gives the handler what it makes of a message, and fails the ones it refuses`, async () => {
      using heard = hearErrors()
      const seen: number[] = []
      const checked = queue('jobs', { schema })
      const each = checked.onMessage((message) => seen.push(message))
      const batch = checked.onBatch((items) => {
        seen.push(...items.map(({ message }) => message))
      })
      const event = toEvent(['"1"', '-1', '3'])
      assert.deepEqual(await wakeQueue(SHOP, each)(event, CONTEXT), failed('b'))
      assert.deepEqual(await wakeQueue(SHOP, batch)(event, CONTEXT), failed('b'))
      assert.deepEqual(seen, [1, 3, 1, 3])
      assert.match(
        heard.text,
        /Message b failed \(attempt 1\):.*TypeError: It does not match its schema: message: must be positive/,
      )
    })

  it('refuses a message before it is sent', async () => {
    const checked = queue('jobs', { schema: positive.within('n') })
    Object.assign(process.env, { AWS_REGION: 'us-east-1', GOBLET_PREFIX: 'shop-dev-', GOBLET_ACCOUNT: '123456789012' })
    await assert.rejects(
      checked.send({ n: -1 }),
      /TypeError: It does not match its schema: message\.n: must be positive/,
    )
    await assert.rejects(
      checked.sendBatch([{ n: 1 }, { n: -1 }]),
      /TypeError: It does not match its schema: message\.n: must be positive/,
    )
  })
})
