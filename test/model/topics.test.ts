// Topics and filters in the model: every default spelled out, and what AWS would not join.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complaintsOf, type Described, declared, modelOf, reference } from '../support/declared.ts'

const { queue, topic, consumer, subscriber, subscription } = declared

const said = (...declarations: Described[]): string[] =>
  complaintsOf(declarations).map(({ code, message, where }) => `${where?.line} ${code} ${message}`)

it('spells out every default', () => {
  const { resources, triggers, subscriptions } = modelOf([
    topic('orders'),
    queue('audits'),
    subscriber('mail', 'orders'),
    subscription('copies', 'orders', 'audits'),
    topic('steps', { fifo: true }),
    topic('arn:aws:sns:us-east-1:123456789012:their-2.fifo'),
  ])
  const at = (line: number) => ({ file: 'app.ts', line })
  assert.deepEqual(
    resources.flatMap((one) => (one.kind === 'topic' ? [one] : [])),
    [
      {
        kind: 'topic',
        export: 'orders',
        name: 'orders',
        physicalName: 'shop-dev-orders',
        existing: false,
        fifo: false,
        contentBasedDeduplication: false,
        where: at(2),
      },
      {
        kind: 'topic',
        export: 'steps',
        name: 'steps',
        physicalName: 'shop-dev-steps.fifo',
        existing: false,
        fifo: true,
        contentBasedDeduplication: true,
        where: at(6),
      },
      {
        kind: 'topic',
        export: 'arn_aws_sns_us_east_1_123456789012_their_2_fifo',
        name: 'arn:aws:sns:us-east-1:123456789012:their-2.fifo',
        physicalName: 'their-2.fifo',
        existing: true,
        fifo: true,
        contentBasedDeduplication: true,
        where: at(7),
      },
    ],
  )
  const filter = { filter: undefined, filterScope: 'MessageAttributes' }
  assert.deepEqual(triggers, [
    { kind: 'topic', function: 'mail', topic: 'orders', ...filter, deadLetter: undefined, where: at(4) },
  ])
  assert.deepEqual(subscriptions, [
    { export: 'copies', topic: 'orders', queue: 'audits', ...filter, raw: true, where: at(5) },
  ])
})

it('keeps what was asked for', () => {
  const filter = { kind: ['order'], total: [{ numeric: ['>', 3] }] }
  const { triggers, subscriptions } = modelOf([
    topic('orders'),
    queue('audits'),
    subscriber('mail', 'orders', { filter, filterScope: 'MessageBody', deadLetter: reference('audits') }),
    subscription('copies', 'orders', 'audits', { filter, raw: false }),
    consumer('work', 'audits', { filter: { body: { a: [1] } }, concurrency: 2 }),
    consumer('more', 'audits', { filter: [{ body: { a: [1] } }, { body: { b: [1] } }] }),
  ])
  const [mail, work, more] = triggers
  assert.deepEqual(mail, { ...mail, filter, filterScope: 'MessageBody', deadLetter: 'audits' })
  assert.deepEqual(subscriptions[0], { ...subscriptions[0], filter, raw: false })
  assert.deepEqual(work, { ...work, filter: [{ body: { a: [1] } }], concurrency: 2 })
  assert.deepEqual(more, { ...more, filter: [{ body: { a: [1] } }, { body: { b: [1] } }] })
})

it('takes the concurrency of a consumer for its event source, never for a reserved one', () => {
  const { functions } = modelOf([queue('jobs'), consumer('work', 'jobs', { concurrency: 5 })])
  assert.equal(functions[0]?.concurrency, undefined)
  const [one] = complaintsOf([queue('jobs'), consumer('work', 'jobs', { concurrency: 1 })])
  assert.match(one?.message ?? '', /^`concurrency` of the consumer work is 1\.$/)
  assert.match(one?.mend ?? '', /from 2 to 1000/)
})

describe('complains', () => {
  const orders = topic('orders')
  const steps = topic('steps', { fifo: true })
  const rows: readonly [what: string, declarations: Described[], expected: string[]][] = [
    [
      'of a subscriber of a topic that the app does not have',
      [subscriber('mail', 'orders')],
      ['2 GOBLET_NO_RESOURCE The subscriber mail refers to `orders`, which the app does not export.'],
    ],
    [
      'of a subscription of a queue that the app does not have',
      [orders, subscription('copies', 'orders', 'audits')],
      ['3 GOBLET_NO_RESOURCE The subscription copies refers to `audits`, which the app does not export.'],
    ],
    [
      'of a subscription of something that is no queue',
      [
        orders,
        {
          ...subscription('copies', 'orders', ''),
          options: { queue: { $: 'reference', kind: 'bucket' } },
        } as Described,
      ],
      ['3 GOBLET_BAD_OPTION `queue` of the subscription copies is a reference.'],
    ],
    [
      'of a function on a FIFO topic',
      [steps, subscriber('mail', 'steps')],
      ['3 GOBLET_BAD_OPTION `onMessage` of the subscriber mail is on the FIFO topic steps.'],
    ],
    [
      'of a FIFO queue on a standard topic, not of the reverse',
      [
        orders,
        steps,
        queue('ordered', { fifo: true }),
        queue('plain'),
        subscription('one', 'orders', 'ordered'),
        subscription('two', 'steps', 'plain'),
      ],
      [
        '6 GOBLET_BAD_OPTION `queue` of the subscription one is the FIFO queue ordered, and the topic orders is no FIFO topic.',
      ],
    ],
    [
      'of a FIFO queue for dead letters',
      [orders, queue('dead', { fifo: true }), subscriber('mail', 'orders', { deadLetter: reference('dead') })],
      ['4 GOBLET_BAD_OPTION `deadLetter` of the subscriber mail names dead, which is a FIFO queue.'],
    ],
    [
      'of deduplication on a standard topic',
      [topic('orders', { contentBasedDeduplication: true })],
      ['2 GOBLET_BAD_OPTION `contentBasedDeduplication` of the topic orders is true.'],
    ],
    [
      'of code in a filter',
      [orders, subscriber('mail', 'orders', { filter: { kind: [{ $: 'pattern' }] } })],
      ['3 GOBLET_BAD_OPTION `filter` of the subscriber mail is {"kind":[{"$":"pattern"}]}.'],
    ],
    [
      'of a filter that SNS does not take',
      [
        orders,
        subscriber('one', 'orders', { filter: { kind: 'order' } }),
        subscriber('two', 'orders', { filter: { kind: { of: ['order'] } } }),
        subscriber('three', 'orders', { filter: { kind: { of: ['order'] } }, filterScope: 'MessageBody' }),
      ],
      [
        '3 GOBLET_BAD_FILTER The filter `{"kind":"order"}` of the subscriber one is none that AWS takes: "kind" must be an object or an array.',
        '4 GOBLET_BAD_FILTER The filter `{"kind":{"of":["order"]}}` of the subscriber two is none that AWS takes: Filter policy scope MessageAttributes does not support nested filter policy.',
      ],
    ],
    [
      'of a filter that Lambda does not take',
      [
        queue('jobs'),
        consumer('work', 'jobs', { filter: [{ body: { a: [1] } }, { body: { a: [{ numeric: ['>'] }] } }] }),
      ],
      [
        '3 GOBLET_BAD_FILTER The filter `{"body":{"a":[{"numeric":[">"]}]}}` of the consumer work is none that AWS takes: Value of > must be numeric.',
      ],
    ],
    [
      'of a filter without an object',
      [queue('jobs'), consumer('work', 'jobs', { filter: ['order'] })],
      ['3 GOBLET_BAD_OPTION `filter` of the consumer work holds "order".'],
    ],
  ]
  for (const [what, declarations, expected] of rows) it(what, () => assert.deepEqual(said(...declarations), expected))
})
