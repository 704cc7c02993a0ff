// The same handlers behind a REST API: its events read, its answers made.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RestResult } from '../../src/aws/events/rest.ts'
import { app, type Request, reply, route } from '../../src/index.ts'
import { CONTEXT, toEvent, toRest } from '../support/event.ts'
import { woken } from '../support/woken.ts'

async function seen<T>(given: Parameters<typeof toRest>[1], read: (request: Request) => T): Promise<T> {
  let value: { readonly is: T } | undefined
  const handler = woken([
    route('POST /{id}', (request) => {
      value = { is: read(request) }
    }),
  ])
  assert.deepEqual(await handler(toRest('POST /{id}', given), CONTEXT), { statusCode: 204 })
  assert.ok(value !== undefined)
  return value.is
}

const answered = (value: unknown): Promise<RestResult> => woken([route('GET /', () => value)])(toRest('GET /'), CONTEXT)

describe('a request of a REST API', () => {
  it('has the fields that it has elsewhere', async () => {
    const given = { path: '/a b', pathParameters: { id: 'S%C3%A3o' }, stageVariables: { color: 'blue' } }
    const read = await seen(given, (request) => ({
      kind: request.kind,
      method: request.method,
      path: request.path,
      route: request.route,
      id: request.params.id,
      stage: request.stage,
      color: request.stageVariables.color,
      sourceIp: request.sourceIp,
      requestId: request.requestId,
      two: request.headers['x-two'],
      any: request.header('X-TWO'),
      auth: request.auth,
    }))
    assert.deepEqual(read, {
      kind: 'http',
      method: 'POST',
      path: '/a b',
      route: 'POST /{id}',
      id: 'São',
      stage: 'api',
      color: 'blue',
      sourceIp: '1.2.3.4',
      requestId: '8f507cfc-0000-4000-8000-0697b3a0ac8e',
      two: 'a,b',
      any: 'a,b',
      auth: undefined,
    })
  })

  it('has its query, decoded by the gateway', async () => {
    const given = {
      queryStringParameters: { a: '3', b: '100%' },
      multiValueQueryStringParameters: { a: ['1', '3'], b: ['100%'] },
    }
    const read = await seen(given, ({ query, queryAll }) => [query.a, query.b, queryAll.a])
    assert.deepEqual(read, ['3', '100%', ['1', '3']])
    assert.deepEqual(await seen({}, ({ query, params }) => [Object.keys(query), Object.keys(params)]), [[], []])
  })

  it('has its cookies and its body', async () => {
    const multiValueHeaders = { Cookie: ['a=1; b=x%20y'], 'Content-Type': ['application/json'] }
    const body = Buffer.from('{"é":1}').toString('base64')
    const read = await seen({ multiValueHeaders, body, isBase64Encoded: true }, (request) => ({
      cookies: { ...request.cookies },
      json: request.json,
      body: request.body,
      text: request.text,
    }))
    assert.deepEqual(read, { cookies: { a: '1', b: 'x y' }, json: { é: 1 }, body: { é: 1 }, text: '{"é":1}' })
    assert.deepEqual(await seen({}, ({ text, body }) => [text, body]), ['', undefined])
  })

  it('finds a route of any method', async () => {
    const handler = woken([route('ANY /x', ({ route, method }) => ({ route, method }))])
    const { body } = await handler(toRest('ANY /x', { httpMethod: 'PATCH' }), CONTEXT)
    assert.equal(body, '{"route":"ANY /x","method":"PATCH"}')
  })
})

describe('an answer to a REST API', () => {
  it('has no key that makes the gateway answer 502', async () => {
    const known = ['body', 'headers', 'isBase64Encoded', 'multiValueHeaders', 'statusCode']
    for (const value of [{ a: 1 }, 'x', undefined, Buffer.from('x'), reply('x', { cookies: ['a=1'] })])
      for (const key of Object.keys(await answered(value))) assert.ok(known.includes(key), key)
  })

  it('sends cookies and lists as headers of several values', async () => {
    const headers = { link: ['<a>', '<b>'], 'x-one': 1 }
    assert.deepEqual(await answered(reply('x', { headers, cookies: ['a=1', 'b=2'] })), {
      statusCode: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'x-one': '1' },
      multiValueHeaders: { link: ['<a>', '<b>'], 'set-cookie': ['a=1', 'b=2'] },
      body: 'x',
      isBase64Encoded: false,
    })
  })

  it('where an HTTP API gets lists joined', async () => {
    const handler = woken([route('GET /', () => reply('', { headers: { link: ['<a>', '<b>'], 'Set-Cookie': 'a=1' } }))])
    const result = await handler(toEvent('GET /'), CONTEXT)
    assert.deepEqual(result, {
      statusCode: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8', link: '<a>, <b>' },
      cookies: ['a=1'],
      body: '',
      isBase64Encoded: false,
    })
  })

  it('sends bytes as base64', async () => {
    const { body, isBase64Encoded } = await answered(new Uint16Array([0x6968]))
    assert.deepEqual([body, isBase64Encoded], ['aGk=', true])
  })
})

it('an event that is none of a gateway is answered, not thrown', async () => {
  const handler = woken([route('GET /', () => 1)], app('shop'))
  for (const event of [{}, { routeKey: 'GET /' }, { requestContext: null }]) {
    const result = await Reflect.apply(handler, undefined, [event, CONTEXT])
    assert.equal(result.statusCode === 500 || result.body === '1', true, JSON.stringify(result))
  }
})
