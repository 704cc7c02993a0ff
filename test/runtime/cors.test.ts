// CORS where the gateway does not do it: on every answer, errors included, and preflights.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { app, type CorsOptions, group, NotFoundError, reply, route } from '../../src/index.ts'
import { hearErrors } from '../support/console.ts'
import { CONTEXT, toEvent, toRest } from '../support/event.ts'
import { woken } from '../support/woken.ts'

const HELLO = 'https://hello.example'

async function headersOf(cors: true | CorsOptions, origin: string | undefined, value: () => unknown = () => 'x') {
  const handler = woken([route('GET /a', { cors }, value)])
  const { headers = {} } = await handler(
    toEvent('GET /a', { headers: origin === undefined ? {} : { origin } }),
    CONTEXT,
  )
  const { 'content-type': _, ...rest } = headers
  return rest
}

describe('an answer', () => {
  it('is for everybody', async () =>
    assert.deepEqual(await headersOf(true, HELLO), { 'access-control-allow-origin': '*' }))
  it('is for one origin, whoever asks', async () =>
    assert.deepEqual(await headersOf({ origins: HELLO }, 'https://evil.example'), {
      'access-control-allow-origin': HELLO,
    }))

  const listed: CorsOptions = {
    origins: [HELLO, /^https:\/\/[a-z]+\.pages\.example$/g],
    credentials: true,
    expose: ['x-a'],
  }
  for (const origin of [HELLO, 'https://one.pages.example', 'https://two.pages.example'])
    it(`is for ${origin} of several`, async () =>
      assert.deepEqual(await headersOf(listed, origin), {
        vary: 'Origin',
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'x-a',
      }))
  for (const origin of ['https://evil.example', `${HELLO}.evil.example`, 'null', undefined])
    it(`is not for ${origin}, and stores know it depends`, async () =>
      assert.deepEqual(await headersOf(listed, origin), { vary: 'Origin' }))

  it('keeps what the handler says itself', async () => {
    const own = () => reply('x', { headers: { 'Access-Control-Allow-Origin': HELLO, vary: 'Accept' } })
    assert.deepEqual(await headersOf(true, 'https://a.example', own), {
      'access-control-allow-origin': HELLO,
      vary: 'Accept',
    })
    assert.equal((await headersOf(listed, HELLO, own)).vary, 'Accept, Origin')
  })

  it('has it on every kind of failure', async () => {
    using _ = hearErrors()
    const failures: (() => unknown)[] = [
      () => 10n,
      () => {
        throw new NotFoundError('x')
      },
      () => Promise.reject(new Error('x')),
      () => reply('', { status: 9 }),
    ]
    for (const failure of failures)
      assert.equal((await headersOf(true, HELLO, failure))['access-control-allow-origin'], '*')
  })
})

describe('the app’s CORS', () => {
  const ask = async (cors: true | CorsOptions, event: 'http' | 'rest') => {
    const handler = woken([route('GET /a', () => 'x')], app('shop', { cors }))
    const { headers } = await handler(event === 'http' ? toEvent('GET /a') : toRest('GET /a'), CONTEXT)
    return headers?.['access-control-allow-origin'] ?? headers?.vary
  }
  it('is the gateway’s affair behind an HTTP API', async () => assert.equal(await ask(true, 'http'), undefined))
  it('is the runtime’s where it has patterns', async () => assert.equal(await ask({ origins: /x/ }, 'http'), 'Origin'))
  it('is the runtime’s behind a REST API', async () => assert.equal(await ask(true, 'rest'), '*'))
  it('gives way to the route’s and the group’s', async () => {
    const routes = {
      off: route('GET /off', { cors: false }, () => 'x'),
      one: group('/g', { cors: { origins: HELLO } }, { a: route('GET /a', () => 'x') }),
    }
    const handler = woken(routes, app('shop', { cors: true }))
    assert.equal((await handler(toRest('GET /off'), CONTEXT)).headers?.['access-control-allow-origin'], undefined)
    assert.equal((await handler(toRest('GET /g/a'), CONTEXT)).headers?.['access-control-allow-origin'], HELLO)
  })
  it('holds for what has no route, too', async () => {
    const handler = woken([route('GET /a', () => 'x')], app('shop', { cors: { origins: /x/ } }))
    const { statusCode, headers } = await handler(toEvent('$default', { rawPath: '/b' }), CONTEXT)
    assert.deepEqual([statusCode, headers?.vary], [404, 'Origin'])
  })
})

describe('a preflight', () => {
  const routes = [
    route(
      'GET|PUT /a/{x}',
      { cors: { origins: [HELLO, 'https://b.example'], headers: ['x-h'], maxAge: 0 } },
      () => 'x',
    ),
    route('DELETE /a/{x}', { cors: { origins: [HELLO, 'https://b.example'], headers: ['x-h'], maxAge: 0 } }, () => 'x'),
    route('ANY /any', { cors: true }, () => 'handler'),
    route('OPTIONS /own', { cors: true }, () => 'own'),
    route('GET /own', { cors: true }, () => 'x'),
    route('GET /none', () => 'x'),
  ]
  const handler = woken(routes)
  it('is answered with what is allowed', async () => {
    assert.deepEqual(await handler(toEvent('OPTIONS /a/{x}', { headers: { origin: HELLO } }), CONTEXT), {
      statusCode: 204,
      headers: {
        vary: 'Origin',
        'access-control-allow-origin': HELLO,
        'access-control-allow-methods': 'GET,PUT,DELETE,OPTIONS',
        'access-control-allow-headers': 'x-h',
        'access-control-max-age': '0',
      },
    })
  })
  it('tells another origin nothing', async () =>
    assert.deepEqual(await handler(toEvent('OPTIONS /a/{x}', { headers: { origin: 'https://c.example' } }), CONTEXT), {
      statusCode: 204,
      headers: { vary: 'Origin' },
    }))
  it('is the runtime’s on a route of any method', async () => {
    const { statusCode, headers } = await handler(toEvent('$default', { method: 'OPTIONS', rawPath: '/any' }), CONTEXT)
    assert.equal(statusCode, 204)
    assert.equal(headers?.['access-control-allow-methods'], 'GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS')
    assert.equal((await handler(toRest('OPTIONS /any'), CONTEXT)).statusCode, 204)
  })
  it('is the user’s where there is a route for it', async () =>
    assert.equal((await handler(toEvent('OPTIONS /own'), CONTEXT)).body, 'own'))
  it('is nobody’s without CORS', async () =>
    assert.equal((await handler(toEvent('OPTIONS /none', { rawPath: '/none' }), CONTEXT)).statusCode, 404))
})
