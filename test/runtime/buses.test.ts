// Buses: what their functions are handed, and what their client emits.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { BusEvent } from '../../src/aws/events/bus.ts'
import { app, bus } from '../../src/index.ts'
import { DECLARATION } from '../../src/runtime/declare.ts'
import { wakeBus } from '../../src/runtime/triggers/bus.ts'
import { CONTEXT } from '../support/event.ts'
import { type Listener, listen } from '../support/listener.ts'
import { toSchema } from '../support/schema.ts'
import { SHOP } from '../support/woken.ts'

const toEvent = (type: string, detail: unknown): BusEvent => ({
  version: '0',
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': type,
  source: 'shop',
  account: '123456789012',
  time: '2017-12-22T18:43:48Z',
  region: 'us-east-1',
  resources: [],
  detail,
})

const positive = toSchema((value) => (Number(value) > 0 ? Number(value) : 'must be positive')).within('n')

describe('a function of a bus', () => {
  it('gets the event as it is', async () => {
    const seen: unknown[] = []
    const event = toEvent('Placed', { n: 1 })
    const placed = bus('shop').on('Placed', { timeout: 5 }, (given, context) => seen.push(given, context))
    await wakeBus(SHOP, placed)(event, CONTEXT)
    assert.deepEqual(seen, [event, CONTEXT])
  })

  it('gets the detail as the schema of its type gives it', async () => {
    const shop = bus('shop', { schemas: { Placed: positive } })
    const seen: unknown[] = []
    const any = shop.on({ source: ['shop'] }, ({ detail }) => seen.push(detail))
    const run = wakeBus(SHOP, any)
    await run(toEvent('Placed', { n: '3' }), CONTEXT)
    await run(toEvent('Other', { n: '3' }), CONTEXT)
    assert.deepEqual(seen, [{ n: 3 }, { n: '3' }])
    await assert.rejects(run(toEvent('Placed', { n: -1 }), CONTEXT), /message\.n: must be positive/)
  })

  it('has the middleware of the app around it, and onError', async () => {
    const kinds: string[] = []
    const shop = app('shop', {
      use: [
        (input, next) => {
          kinds.push(input.kind)
          return next()
        },
      ],
      onError: () => 'mended',
    })
    const failing = bus().on('Placed', () => Promise.reject(new RangeError('no')))
    assert.equal(await wakeBus(shop, failing)(toEvent('Placed', 1), CONTEXT), 'mended')
    assert.deepEqual(kinds, ['bus'])
  })

  it('is declared by a type or by a pattern', () => {
    const options = (one: { readonly [DECLARATION]: object }) => Reflect.get(one[DECLARATION], 'options')
    assert.deepEqual(options(bus('shop').on('Placed', { memory: 256 }, () => {})), {
      memory: 256,
      pattern: { 'detail-type': ['Placed'] },
    })
    const pattern = { detail: { total: [{ numeric: ['>', 100] }] } }
    assert.deepEqual(options(bus('shop').on(pattern, () => {})), { pattern })
  })
})

describe('the client', () => {
  let events: Listener
  before(async () => {
    events = await listen('events', 'application/x-amz-json-1.1')
  })
  after(() => events.close())

  it('emits an event, in its own name where none is given', async () => {
    events.answer({ FailedEntryCount: 0, Entries: [{ EventId: 'e-1' }] })
    const shop = bus('shop')
    assert.equal(shop.arn, 'arn:aws:events:us-east-1:123456789012:event-bus/shop-dev-shop')
    assert.deepEqual(await shop.emit('Placed', { id: 'ä' }), { eventId: 'e-1' })
    await bus().emit('Placed', [1], { source: 'till', resources: ['arn:x'], time: new Date(1500) })
    assert.deepEqual(events.heard, [
      {
        operation: 'AWSEvents.PutEvents',
        input: { Entries: [{ EventBusName: shop.arn, Source: 'shop', DetailType: 'Placed', Detail: '{"id":"ä"}' }] },
      },
      {
        operation: 'AWSEvents.PutEvents',
        input: {
          Entries: [
            {
              EventBusName: 'arn:aws:events:us-east-1:123456789012:event-bus/default',
              Source: 'till',
              DetailType: 'Placed',
              Detail: '[1]',
              Resources: ['arn:x'],
              Time: 1.5,
            },
          ],
        },
      },
    ])
  })

  it('emits ten a call, and rejects with what was refused', async () => {
    const refused = { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }
    events.answer({ FailedEntryCount: 1, Entries: [{ EventId: 'a' }, refused] }, { Entries: [{ EventId: 'b' }] })
    const all = Array.from({ length: 11 }, (_, n) => ({ type: 'Placed', detail: { n } }))
    await assert.rejects(
      bus('shop').emitBatch(all),
      /1 of 11 events were refused: event 1: MalformedDetail Detail is malformed\./,
    )
    assert.deepEqual(
      events.heard.map(({ input }) => input.Entries.length),
      [10, 1],
    )
  })

  it('never emits what the schema of its type refuses', async () => {
    events.answer({})
    const shop = bus('shop', { schemas: { Placed: positive } })
    await assert.rejects(shop.emit('Placed', { n: -1 }), /message\.n: must be positive/)
    assert.deepEqual(events.heard, [])
  })
})
