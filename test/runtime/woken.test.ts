// Functions that are called directly or by the clock, and declarations that cannot be woken.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { toScheduleEvent } from '../../src/aws/events/schedule.ts'
import { app, bucket, cron, type LambdaFunction, lambda, queue, rate, route, schedule } from '../../src/index.ts'
import { DECLARATION } from '../../src/runtime/declare.ts'
import { wakeHttp } from '../../src/runtime/triggers/http.ts'
import { wakeLambda } from '../../src/runtime/triggers/lambda.ts'
import { wakeSchedule } from '../../src/runtime/triggers/schedule.ts'
import { CONTEXT } from '../support/event.ts'
import { SHOP } from '../support/woken.ts'

describe('lambda', () => {
  it('gets payload and context, and answers what it returns', async () => {
    const double = lambda((payload: { n: number }, context) => [payload.n * 2, context === CONTEXT])
    assert.deepEqual(await wakeLambda(SHOP, double)({ n: 2 }, CONTEXT), [4, true])
    const late = lambda({ memory: 128 }, async () => 'late')
    assert.equal(await wakeLambda(SHOP, late)(null, CONTEXT), 'late')
  })

  it('fails with what its handler throws, as a rejection', async () => {
    const bad = lambda(() => {
      throw new RangeError('no')
    })
    await assert.rejects(wakeLambda(SHOP, bad)({}, CONTEXT), RangeError)
  })

  it('does not know its name unless it is an exported const', async () => {
    const anonymous = lambda(() => 1)
    assert.throws(() => anonymous.name, /must be an exported const/)
    await assert.rejects(anonymous.invoke({}), /must be an exported const/)
    await assert.rejects(anonymous.start({}), /must be an exported const/)
  })

  it('is called by the alias that its callers are told, and by its name where they are told none', async () => {
    const asked: unknown[] = []
    const server = createServer((request, response) => {
      asked.push([decodeURIComponent(request.url ?? ''), request.headers['x-amz-invocation-type']])
      request.resume().on('end', () => response.end('{"ok":true}'))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const saved = { ...process.env }
    Object.assign(process.env, {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      GOBLET_PREFIX: 'shop-dev-',
    })
    try {
      // What build makes of `export const resize = lambda(…)`.
      const resize: LambdaFunction<unknown, unknown> = Reflect.apply(lambda, undefined, [{}, () => 1, 'resize'])
      assert.deepEqual(await resize.invoke({}), { ok: true })
      process.env.GOBLET_QUALIFIER = 'live'
      await resize.start({})
      assert.equal(resize.name, 'shop-dev-resize')
    } finally {
      process.env = saved
      server.closeAllConnections()
      server.close()
    }
    assert.deepEqual(asked, [
      ['/2015-03-31/functions/shop-dev-resize/invocations', 'RequestResponse'],
      ['/2015-03-31/functions/shop-dev-resize:live/invocations', 'Event'],
    ])
  })
})

describe('schedule', () => {
  const event = toScheduleEvent({
    id: 'cdc73f9d-aea9-11e3-9d5a-835b769c0d9c',
    account: '123456789012',
    region: 'us-east-1',
    time: 0,
    rule: 'shop-dev-nightly',
  })

  it('gets event and context', async () => {
    let seen: unknown
    const nightly = schedule(cron('0 3 * * ? *'), { timeout: 5 }, async (given, context) => {
      seen = [given, context]
    })
    await wakeSchedule(SHOP, nightly)(event, CONTEXT)
    assert.deepEqual(seen, [event, CONTEXT])
    assert.equal(nightly.expression, 'cron(0 3 * * ? *)')
  })

  it('fails with what its handler throws, as a rejection', async () => {
    const bad = schedule(rate(5, 'minutes'), () => {
      throw new RangeError('no')
    })
    assert.equal(bad.expression, 'rate(5 minutes)')
    await assert.rejects(wakeSchedule(SHOP, bad)(event, CONTEXT), RangeError)
  })
})

describe('declarations', () => {
  const made = {
    app: app('shop'),
    bucket: bucket('photos'),
    queue: queue('jobs'),
    route: route('GET /', () => 1),
    schedule: schedule('rate(1 day)', () => {}),
    lambda: lambda(() => 1),
    consumer: queue('jobs').onMessage(() => {}),
  }
  for (const [name, declaration] of Object.entries(made)) {
    it(`are frozen: ${name}`, () => {
      assert.ok(Object.isFrozen(declaration))
      assert.ok(Object.isFrozen(declaration[DECLARATION]))
      assert.throws(() => Object.assign(declaration, { name: 'other' }), TypeError)
    })
  }

  it('register nothing, and read nothing of the environment', () => {
    const before = Object.getOwnPropertySymbols(globalThis).length
    queue('more', { deadLetter: { after: 3, queue: queue('failed') } }).onBatch(() => {})
    assert.equal(Object.getOwnPropertySymbols(globalThis).length, before)
  })

  it('tell outside of a function what is missing', () => {
    assert.throws(() => made.queue.name, /GOBLET_PREFIX is not set: this code runs outside a Goblet function/)
    assert.throws(() => made.bucket.arn, /is not set: this code runs outside a Goblet function/)
  })

  it('that have no handler say so when they are woken', () => {
    // As JavaScript may call it.
    for (const given of [['GET /'], ['GET /', {}], ['GET /', {}, 'handler']])
      assert.throws(
        () => wakeHttp(SHOP, { made: Reflect.apply(route, undefined, given) }),
        /has no handler: give it a function as its/,
      )
  })
})
