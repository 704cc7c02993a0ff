// The HTTP API's front door over a real socket: routes, events, answers, its own errors and limits.
import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import { openFront, SLOW, shareFront, tickWhenRunning } from '../support/front.ts'

/** Answers what the request's body says, or does what it asks for. */
const MIRROR = `export const handler = async (event) => {
  const asked = event.body === undefined ? '' : Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8').toString()
  if (asked === 'throw') throw new Error('no')
  if (asked === 'sleep') await new Promise((resolve) => setTimeout(resolve, 5000))
  if (asked === 'large') return 'x'.repeat(7 * 1024 * 1024)
  return asked === '' ? event : JSON.parse(asked)
}`

const post = (url: string, body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })

describe('routes of an HTTP API', () => {
  const held = shareFront({
    door: 'http',
    routes: { 'GET /': {}, 'GET /cities/{city}': {}, 'GET /slash/': {}, 'ANY /any/{rest+}': {}, 'HEAD /head': {} },
  })
  const rows: readonly [request: string, status: number, routeKey?: string, params?: object][] = [
    ['GET /', 200, 'GET /'],
    ['GET /?a=1', 200, 'GET /'],
    ['GET /cities/s%C3%A3o%20paulo', 200, 'GET /cities/{city}', { city: 'são paulo' }],
    ['GET /cities/a%2Fb', 200, 'GET /cities/{city}', { city: 'a/b' }],
    ['GET /cities/%ZZ', 200, 'GET /cities/{city}', { city: '%ZZ' }],
    ['GET /cities/', 404],
    ['GET /cities/a/', 404],
    ['GET /slash/', 200, 'GET /slash/'],
    ['GET /slash', 404],
    ['POST /', 404],
    ['HEAD /', 404],
    ['OPTIONS /', 404],
    ['PATCH /any/a/b', 200, 'ANY /any/{rest+}', { rest: 'a/b' }],
    ['OPTIONS /any/a', 200, 'ANY /any/{rest+}', { rest: 'a' }],
    ['GET /any/', 404],
    ['GET //', 404],
  ]
  for (const [request, status, routeKey, params] of rows) {
    it(`${request} → ${status}`, async () => {
      const answer = await held.front.raw(
        `${request} HTTP/1.1\r\nHost: localhost:${held.front.port}\r\nConnection: close\r\n\r\n`,
      )
      const [head = '', body = ''] = answer.split('\r\n\r\n')
      assert.equal(Number(head.split(' ')[1]), status)
      if (request.startsWith('HEAD')) return
      if (status === 404) assert.equal(body, '{"message":"Not Found"}')
      else {
        const event = JSON.parse(Buffer.from(body, 'latin1').toString())
        assert.equal(event.routeKey, routeKey)
        assert.deepEqual(event.pathParameters, params)
      }
    })
  }

  it('HEAD answers with the length of what it does not send', async () => {
    const answer = await held.front.raw('HEAD /head HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    assert.match(answer, /^HTTP\/1\.1 200 /)
    assert.match(answer, /content-length: [1-9]/)
    assert.ok(answer.endsWith('\r\n\r\n'))
  })
})

it('keeps a named stage in the path of the event', async () => {
  await using front = await openFront({ door: 'http', routes: { 'GET /items': {} }, api: { stage: 'prod' } })
  const event = JSON.parse(await (await fetch(`${front.url}/items`)).text())
  assert.equal(event.rawPath, '/prod/items')
  assert.equal(event.requestContext.http.path, '/prod/items')
  assert.equal(event.requestContext.stage, 'prod')
  assert.equal(event.routeKey, 'GET /items')
  for (const path of ['/items', '/prod', '/production/items', '/']) {
    const answer = await fetch(`http://127.0.0.1:${front.port}${path}`)
    assert.equal(answer.status, 404, path)
    assert.equal(await answer.text(), '{"message":"Not Found"}')
  }
})

describe('answers of an HTTP API', () => {
  const held = shareFront({
    door: 'http',
    routes: { 'ANY /{rest+}': {}, 'POST /': {} },
    functions: { api: MIRROR },
    settings: { timeout: 1 },
  })
  const FAILED = '{"message":"Internal Server Error"}'
  const rows: readonly [result: unknown, status: number, body: string, headers?: Record<string, string | null>][] = [
    ['"hello"', 200, 'hello', { 'content-type': 'application/json' }],
    [{ a: 1 }, 200, '{"a":1}'],
    [[1, true], 200, '[1,true]'],
    [3.1, 200, '3.1'],
    [{ statusCode: '418', body: 'tea' }, 418, 'tea', { 'content-type': 'application/json' }],
    [{ statusCode: 200, headers: { 'X-A': true, 'Content-Type': 'text/css' } }, 200, '', { 'x-a': 'true' }],
    [{ statusCode: 200, body: 'aGk=', isBase64Encoded: true }, 200, 'hi'],
    [{ statusCode: 200, cookies: ['a=1', 'b=2'] }, 200, '', { 'set-cookie': 'a=1, b=2' }],
    [{ statusCode: 200, body: { a: 1 } }, 500, FAILED],
    [{ statusCode: 'x' }, 500, FAILED],
    [{ statusCode: 99 }, 500, FAILED],
    [{ statusCode: 101 }, 500, FAILED],
    [{ statusCode: 600 }, 500, FAILED],
    [{ statusCode: 200, headers: { a: 'b\r\nc: d' } }, 500, FAILED],
    [{ statusCode: 200, headers: { 'a b': 'c' } }, 500, FAILED],
    [{ statusCode: 200, headers: { 'transfer-encoding': 'chunked', 'content-length': '99' }, body: 'ok' }, 200, 'ok'],
    ['throw', 500, FAILED],
    ['large', 500, FAILED],
    ['sleep', 503, '{"message":"Service Unavailable"}'],
  ]
  for (const [result, status, body, headers = {}] of rows) {
    it(`${JSON.stringify(result).slice(0, 70)} → ${status}`, async () => {
      const answer = await post(`${held.front.url}/`, typeof result === 'string' ? result : JSON.stringify(result))
      assert.equal(answer.status, status)
      assert.equal(await answer.text(), body)
      assert.ok(answer.headers.get('apigw-requestid'))
      for (const [name, value] of Object.entries(headers)) assert.equal(answer.headers.get(name), value)
    })
  }

  it('204 has no body and no length', async () => {
    const answer = await post(`${held.front.url}/`, '{"statusCode":204,"body":"no"}')
    assert.equal(answer.status, 204)
    assert.equal(answer.headers.get('content-length'), null)
    assert.equal(await answer.text(), '')
  })

  it('takes 10 MB, and no more', async () => {
    const answer = await post(`${held.front.url}/`, Buffer.alloc(10 * 1024 * 1024 + 1))
    assert.equal(answer.status, 413)
    assert.equal(await answer.text(), '{"message":"Request Entity Too Large"}')
  })

  it('refuses a chunked body without end', async () => {
    const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`
    const answer = await held.front.raw(
      `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(11)}`,
      4_000,
    )
    assert.match(answer, /^HTTP\/1\.1 413 .*\{"message":"Request Entity Too Large"\}/s)
    assert.match(answer, /connection: close/)
  })

  it('refuses what Lambda could not be given', async () => {
    const answer = await post(`${held.front.url}/`, Buffer.alloc(5 * 1024 * 1024), { 'content-type': 'image/png' })
    assert.equal(answer.status, 413)
  })

  it('refuses a head of more than 10,240 bytes', async () => {
    const fits = await fetch(`${held.front.url}/a`, { headers: { 'x-a': 'x'.repeat(9_000) } })
    assert.equal(fits.status, 200)
    const answer = await fetch(`${held.front.url}/a`, { headers: { 'x-a': 'x'.repeat(10_300) } })
    assert.equal(answer.status, 431)
    assert.equal(await answer.text(), '{"message":"Request Header Fields Too Large"}')
    const target = await fetch(`${held.front.url}/${'a'.repeat(10_300)}`)
    assert.equal(target.status, 431)
  })

  it('refuses a head that never ends', async () => {
    assert.match(await held.front.raw(`GET / HTTP/1.1\r\nHost: a\r\nx: ${'x'.repeat(100_000)}`), /^HTTP\/1\.1 431 /)
  })
})

it('gives a function 30 s, however long it may take', async () => {
  await using front = await openFront({
    door: 'http',
    routes: { 'GET /x': {} },
    functions: { api: SLOW },
    settings: { timeout: 60 },
  })
  const answer = await tickWhenRunning(front, mock.timers, 30_000, '/x')
  assert.deepEqual(answer, { status: 503, body: '{"message":"Service Unavailable"}' })
})

it('answers 503 where the function has no capacity left', async () => {
  await using front = await openFront({
    door: 'http',
    routes: { 'POST /': {} },
    functions: { api: MIRROR },
    settings: { concurrency: 0 },
  })
  const answer = await post(`${front.url}/`, '{}')
  assert.equal(answer.status, 503)
  assert.equal(await answer.text(), '{"message":"Service Unavailable"}')
})
