// Middleware, groups and onError: what is around a handler, in which order, for every trigger.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toBucketEvent } from '../../src/aws/events/bucket.ts'
import { toQueueEvent } from '../../src/aws/events/queue.ts'
import { toScheduleEvent } from '../../src/aws/events/schedule.ts'
import { toTopicEvent } from '../../src/aws/events/topic.ts'
import {
  app,
  bucket,
  ConflictError,
  group,
  type Input,
  lambda,
  type Middleware,
  queue,
  reply,
  route,
  schedule,
  topic,
  UnauthorizedError,
} from '../../src/index.ts'
import { wakeBucket } from '../../src/runtime/triggers/bucket.ts'
import { wakeHttp } from '../../src/runtime/triggers/http.ts'
import { wakeLambda } from '../../src/runtime/triggers/lambda.ts'
import { wakeQueue } from '../../src/runtime/triggers/queue.ts'
import { wakeSchedule } from '../../src/runtime/triggers/schedule.ts'
import { wakeTopic } from '../../src/runtime/triggers/topic.ts'
import { hearErrors } from '../support/console.ts'
import { CONTEXT, toEvent } from '../support/event.ts'
import { woken } from '../support/woken.ts'

const marks =
  (name: string, seen: string[]): Middleware =>
  async (input, next) => {
    seen.push(`${name} ${input.kind}`)
    const output = await next()
    seen.push(`/${name}`)
    return output
  }

const MESSAGES = toQueueEvent(
  [
    {
      messageId: 'a',
      receiptHandle: 'h',
      body: '7',
      messageAttributes: {},
      md5OfBody: '',
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '1',
        SenderId: 'x',
        ApproximateFirstReceiveTimestamp: '1',
      },
    },
  ],
  'arn:aws:sqs:us-east-1:123456789012:jobs',
  'us-east-1',
)

const CHANGED = toBucketEvent(
  {
    event: 'ObjectCreated:Put',
    bucket: 'shop-dev-photos',
    key: 'a',
    sequencer: '0',
    time: 0,
    region: 'us-east-1',
    requestId: 'r',
    hostId: 'h',
    account: '123456789012',
  },
  'c',
  'o',
)

const NEWS = 'arn:aws:sns:us-east-1:123456789012:shop-dev-news'
const PUBLISHED = toTopicEvent({ id: 'a', topicArn: NEWS, message: '1', time: 0, attributes: {} }, `${NEWS}:b`, {
  signature: '',
  certificateUrl: '',
  unsubscribeUrl: '',
})

describe('middleware', () => {
  it('runs from the app to the route and back', async () => {
    const seen: string[] = []
    const use = (name: string) => ({ use: [marks(name, seen)] })
    const inner = {
      one: route('GET /one', { use: [marks('r1', seen), marks('r2', seen)] }, () => seen.push('handler')),
    }
    const shop = app('shop', use('app'))
    const handler = woken({ a: group('/a', use('outer'), { b: group('/b', use('inner'), inner) }) }, shop)
    assert.equal((await handler(toEvent('GET /a/b/one'), CONTEXT)).statusCode, 200)
    const down = ['app http', 'outer http', 'inner http', 'r1 http', 'r2 http']
    assert.deepEqual(seen, [...down, 'handler', '/r2', '/r1', '/inner', '/outer', '/app'])
  })

  const around = async (layer: Middleware, handler: () => unknown) =>
    woken([route('GET /', { use: [layer] }, handler)])(toEvent('GET /'), CONTEXT)

  it('may answer without the handler', async () => {
    const { statusCode, body } = await around(
      () => reply('no', { status: 401 }),
      () => assert.fail(),
    )
    assert.deepEqual([statusCode, body], [401, 'no'])
  })
  it('may change the output', async () => {
    const layer: Middleware = async (_, next) => reply(await next(), { headers: { 'x-a': 'b' } })
    const { statusCode, headers } = await around(layer, () => reply({ a: 1 }, { status: 201, headers: { 'x-c': 'd' } }))
    assert.deepEqual([statusCode, headers], [201, { 'content-type': 'application/json', 'x-a': 'b', 'x-c': 'd' }])
  })
  it('that returns nothing passes on what it was given', async () => {
    const layer: Middleware = async (_, next) => {
      await next()
    }
    assert.equal((await around(layer, () => 'x')).body, 'x')
  })
  it('sees errors of any kind, and may answer them', async () => {
    class ThirdPartyError extends Error {}
    const layer: Middleware = async (_, next) => {
      try {
        return await next()
      } catch (error) {
        if (error instanceof ThirdPartyError) throw new ConflictError('taken')
        return 'rescued'
      }
    }
    const thrown = (error: unknown) =>
      around(layer, () => {
        throw error
      })
    assert.equal((await thrown(new ThirdPartyError())).statusCode, 409)
    assert.equal((await thrown('x')).body, 'rescued')
  })
  it('sees what content types and schemas refuse', async () => {
    const seen: unknown[] = []
    const layer: Middleware = (_, next) =>
      next().catch((error: unknown) => {
        seen.push(error)
        throw error
      })
    const handler = woken([route('POST /', { use: [layer], contentTypes: ['text/plain'] }, () => 'x')])
    const event = toEvent('POST /', { headers: { 'content-type': 'a/b' } })
    assert.equal((await handler(event, CONTEXT)).statusCode, 415)
    assert.match(String(seen), /Unsupported media type/)
  })
  it('is around lambdas and queues too', async () => {
    const seen: string[] = []
    const shop = app('shop', { use: [marks('app', seen)] })
    const double = lambda({ use: [marks('own', seen)] }, (payload: number) => payload * 2)
    assert.equal(await wakeLambda(shop, double)(2, CONTEXT), 4)
    const consumer = queue<number>('jobs').onMessage((message) => seen.push(String(message)))
    const event = MESSAGES
    assert.deepEqual(await wakeQueue(shop, consumer)(event, CONTEXT), { batchItemFailures: [] })
    assert.deepEqual(seen, ['app lambda', 'own lambda', '/own', '/app', 'app queue', '7', '/app'])

    const told: unknown[] = []
    const listening = app('shop', { onError: (error) => told.push(error) })
    using _ = hearErrors()
    const failing = queue('jobs').onMessage(() => Promise.reject(new RangeError('no')))
    assert.deepEqual(await wakeQueue(listening, failing)(event, CONTEXT), {
      batchItemFailures: [{ itemIdentifier: 'a' }],
    })
    assert.match(String(told), /RangeError/)
  })
})

describe('middleware of the app', () => {
  // Declared before the app that has the middleware.
  const index = route('GET /', () => 'x')
  const consumer = queue('jobs').onMessage(() => undefined)
  const nightly = schedule('rate(1 day)', () => undefined)
  const double = lambda((payload: number) => payload * 2)
  const created = bucket('photos').onCreated(() => undefined)
  const heard = topic('news').onMessage(() => undefined)
  const seen: string[] = []
  const only =
    (kind: Input['kind']): Middleware =>
    (input, next) => {
      if (input.kind === kind) seen.push(`${kind} only`)
      return next()
    }
  const all: Middleware = (input, next) => {
    seen.push(`${input.kind} ${'event' in input ? 'with its event' : ''}`.trim())
    return next()
  }
  const shop = app('shop', {
    use: [all, only('http'), only('queue'), only('schedule'), only('lambda'), only('bucket'), only('topic')],
  })
  const fired = toScheduleEvent({ id: 'a', account: '123456789012', region: 'us-east-1', time: 0, rule: 'nightly' })
  const rows: readonly [kind: Input['kind'], run: () => Promise<unknown>][] = [
    ['http', () => woken([index], shop)(toEvent('GET /'), CONTEXT)],
    ['queue', () => wakeQueue(shop, consumer)(MESSAGES, CONTEXT)],
    ['schedule', () => wakeSchedule(shop, nightly)(fired, CONTEXT)],
    ['lambda', () => wakeLambda(shop, double)(2, CONTEXT)],
    ['bucket', () => wakeBucket(shop, created)(CHANGED, CONTEXT)],
    ['topic', () => wakeTopic(shop, heard)(PUBLISHED, CONTEXT)],
  ]
  for (const [kind, run] of rows)
    it(`tells by its input that it is around a ${kind}, whatever was declared first`, async () => {
      seen.length = 0
      await run()
      assert.deepEqual(seen, [`${kind} with its event`, `${kind} only`])
    })

  it('that catches nothing lets errors through to whoever invoked', async () => {
    using _ = hearErrors()
    const no = () => Promise.reject(new RangeError('no'))
    await assert.rejects(wakeLambda(shop, lambda(no))(2, CONTEXT), RangeError)
    await assert.rejects(wakeSchedule(shop, schedule('rate(1 day)', no))(fired, CONTEXT), RangeError)
    await assert.rejects(wakeQueue(shop, queue('jobs').onBatch(no))(MESSAGES, CONTEXT), RangeError)
    assert.deepEqual(await wakeQueue(shop, queue('jobs').onMessage(no))(MESSAGES, CONTEXT), {
      batchItemFailures: [{ itemIdentifier: 'a' }],
    })
  })
})

describe('onError', () => {
  const fails = (onError: (error: unknown, input: Input) => unknown, own?: (error: unknown) => unknown) => {
    const options = own === undefined ? {} : { onError: own }
    const handler = woken(
      [route('GET /', options, () => Promise.reject(new RangeError('x')))],
      app('shop', { onError }),
    )
    return handler(toEvent('GET /'), CONTEXT)
  }
  it('makes the answer', async () => {
    const { statusCode, body } = await fails((error, input) => reply(`${error} ${input.kind}`, { status: 418 }))
    assert.deepEqual([statusCode, body], [418, 'RangeError: x http'])
  })
  it('that returns nothing leaves the answer as it was', async () => {
    using heard = hearErrors()
    assert.equal((await fails(() => undefined)).statusCode, 500)
    assert.match(heard.text, /RangeError/)
  })
  it('may throw another error', async () =>
    assert.equal(
      (
        await fails(() => {
          throw new UnauthorizedError()
        })
      ).statusCode,
      401,
    ))
  it('of the route comes first', async () => {
    assert.equal(
      (
        await fails(
          () => 'app',
          () => 'own',
        )
      ).body,
      'own',
    )
    assert.equal(
      (
        await fails(
          () => 'app',
          () => undefined,
        )
      ).body,
      'app',
    )
  })
  it('whose answer cannot be sent is a logged 500', async () => {
    using heard = hearErrors()
    assert.equal((await fails(() => 1n)).statusCode, 500)
    assert.match(heard.text, /BigInt/)
  })
})

describe('groups', () => {
  const members = {
    list: route('GET /', ({ route }) => route),
    one: route('GET|PUT /{id}', ({ route, params }) => [route, params.id]),
    notARoute: () => 'x',
    text: 'x',
  }
  const routes = {
    a: group('/a', members),
    b: group('/b/', { b2: group('/c', members) }),
    own: route('GET /', () => 'own'),
  }
  const handler = woken(routes)
  const ask = async (key: string, rawPath?: string) =>
    (await handler(toEvent(key, rawPath === undefined ? {} : { rawPath }), CONTEXT)).body

  it('put their path before that of their routes, mounted as often as one likes', async () => {
    assert.equal(await ask('GET /a'), 'GET /a')
    assert.equal(await ask('GET /b/c'), 'GET /b/c')
    assert.equal(await ask('$default', '/b/c/7'), '["GET /b/c/{id}","7"]')
    assert.equal(await ask('GET /'), 'own')
    assert.equal(await ask('$default', '/c/7'), '{"message":"Not Found"}')
  })
  it('can be woken in part', async () => {
    const part = wakeHttp(app('shop'), { b: routes.b }, ['b.b2.list'])
    assert.equal((await part(toEvent('GET /b/c'), CONTEXT)).body, 'GET /b/c')
    assert.equal((await part(toEvent('GET /b/c/{id}', { rawPath: '/b/c/7' }), CONTEXT)).statusCode, 404)
  })
  it('are frozen, with the members they had', () => {
    assert.ok(Object.isFrozen(routes.a))
    assert.equal(routes.a.prefix, '/a')
  })
})
