// What a handler reads of its request: each field on first use, hostile input included.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Request, route } from '../../src/index.ts'
import { CONTEXT, type Given, toEvent } from '../support/event.ts'
import { woken } from '../support/woken.ts'

/** What `read` sees of a request. */
async function seen<T>(given: Given, read: (request: Request) => T): Promise<T> {
  let value: { readonly is: T } | undefined
  const handler = woken([
    route('POST /{id}', (request) => {
      value = { is: read(request) }
    }),
  ])
  const { statusCode, body } = await handler(toEvent('POST /{id}', { rawPath: '/x', ...given }), CONTEXT)
  assert.equal(statusCode, 204, body)
  assert.ok(value !== undefined)
  return value.is
}

/** The answer to a request whose handler only reads. */
const answered = (given: Given, read: (request: Request) => unknown) =>
  woken([route('POST /{id}', read)])(toEvent('POST /{id}', given), CONTEXT)

const plain = (value: object): object => ({ ...value })

describe('the query', () => {
  const rawQueryString = 'a=1&b=2&a=3&c=x+y%2B&d&__proto__=p&toString=t&%zz=%zz'
  it('keeps the last value', async () => {
    const query = await seen({ rawQueryString }, ({ query }) => query)
    assert.equal(query.a, '3')
    assert.equal(query.c, 'x y+')
    assert.equal(query.d, '')
    assert.equal(query['%zz'], '%zz')
    assert.equal(query.toString, 't')
    assert.equal(query.hasOwnProperty, undefined)
    assert.deepEqual(Object.keys(query), ['a', 'b', 'c', 'd', '__proto__', 'toString', '%zz'])
  })

  it('has all values beside it', async () => {
    const all = await seen({ rawQueryString }, ({ queryAll }) => queryAll)
    assert.deepEqual(all.a, ['1', '3'])
    assert.deepEqual(all.b, ['2'])
    assert.equal(all.constructor, undefined)
    assert.deepEqual(Object.keys(all).length, 7)
  })

  it('is empty where there is none', async () => {
    assert.deepEqual(await seen({}, ({ query, queryAll }) => [plain(query), plain(queryAll)]), [{}, {}])
  })
})

describe('cookies', () => {
  it('are read by name, the first of a name first, malformed ones left alone', async () => {
    const given = ['a=1', 'b=x%20y', 'c=%zz', 'd=e=f', 'a=2', 'flag', '=x', '__proto__=p']
    const cookies = await seen({ cookies: given }, ({ cookies }) => cookies)
    assert.deepEqual(Object.entries(cookies), [
      ['a', '1'],
      ['b', 'x y'],
      ['c', '%zz'],
      ['d', 'e=f'],
      ['__proto__', 'p'],
    ])
    assert.equal(cookies.constructor, undefined)
    assert.deepEqual(plain(await seen({}, ({ cookies }) => cookies)), {})
  })
})

describe('the body', () => {
  const TEXT = '{"city":"Malmö"}'
  const base64 = Buffer.from(TEXT).toString('base64')
  for (const given of [{ body: TEXT }, { body: base64, isBase64Encoded: true }])
    it(`is text, bytes and JSON${'isBase64Encoded' in given ? ', sent as base64' : ''}`, async () => {
      const read = await seen(given, ({ text, bytes, json }) => ({ text, bytes, json }))
      assert.equal(read.text, TEXT)
      assert.deepEqual(Buffer.from(read.bytes), Buffer.from(TEXT))
      assert.deepEqual(read.json, { city: 'Malmö' })
    })

  it('keeps bytes that are no text', async () => {
    const bytes = Buffer.from([0, 255, 128, 10])
    const given = { body: bytes.toString('base64'), isBase64Encoded: true }
    assert.deepEqual(Buffer.from(await seen(given, (request) => request.bytes)), bytes)
  })

  it('is empty where there is none', async () => {
    assert.deepEqual(await seen({}, ({ text, bytes }) => [text, bytes.length]), ['', 0])
  })

  it('is read as JSON once', async () => {
    assert.equal(await seen({ body: '[1]' }, (request) => new Set([request.json, request.json]).size), 1)
    assert.equal(await seen({ body: 'null' }, (request) => request.json), null)
  })

  for (const body of ['', '{', '{"a":1}}', 'undefined', "{'a':1}"])
    it(`that is no JSON is the client's fault: ${JSON.stringify(body)}`, async () => {
      const answer = await answered({ body }, ({ json }) => json)
      assert.equal(answer.statusCode, 400)
      assert.equal(answer.body, '{"Code":"BadRequestError","Message":"Error Parsing JSON"}')
    })

  it('that is no JSON hurts nobody who does not read it as JSON', async () => {
    assert.equal((await answered({ body: '{' }, ({ text }) => text)).body, '{')
  })

  it('cannot reach the prototypes', async () => {
    const body = '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}'
    const json = await seen({ body }, (request) => request.json)
    assert.equal(json.admin, undefined)
    assert.equal(Object.hasOwn(Object.prototype, 'admin'), false)
    assert.equal(Object.hasOwn(json, '__proto__'), true)
  })
})

it('has what the gateway says of the request', async () => {
  const given: Given = {
    rawPath: '/x',
    headers: { 'x-a': '1,2' },
    pathParameters: { id: 'a b' },
    stageVariables: { color: 'blue' },
  }
  const read = await seen(given, (request) => ({
    method: request.method,
    path: request.path,
    route: request.route,
    params: request.params,
    header: request.headers['x-a'],
    missing: request.headers['x-b'],
    stage: request.stage,
    color: request.stageVariables.color,
    requestId: request.requestId,
    sourceIp: request.sourceIp,
    key: 'routeKey' in request.event && request.event.routeKey,
    context: request.context === CONTEXT,
  }))
  assert.deepEqual(read, {
    method: 'POST',
    path: '/x',
    route: 'POST /{id}',
    params: { id: 'a b' },
    header: '1,2',
    missing: undefined,
    stage: '$default',
    color: 'blue',
    requestId: 'LV7fzho-PHcEJPw=',
    sourceIp: '1.2.3.4',
    key: 'POST /{id}',
    context: true,
  })
  assert.deepEqual(plain(await seen({}, ({ stageVariables }) => stageVariables)), {})
})

it('reads nothing that is not asked for', async () => {
  const asked: string[] = []
  const event = new Proxy(toEvent('GET /a', { rawQueryString: 'a=1', body: '{' }), {
    get: (target, key) => {
      asked.push(String(key))
      return Reflect.get(target, key)
    },
  })
  await woken([route('GET /a', () => 'hello')])(event, CONTEXT)
  assert.deepEqual([...new Set(asked)].sort(), ['pathParameters', 'routeKey'])
})
