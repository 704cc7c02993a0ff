// The HTTP API in front of the app, over bare sockets: what clients may send, and what they may be sent.
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type Running, runApp, toRoute } from '../support/cloud.ts'
import { dial, exchange, readAnswers, toRequest } from '../support/raw.ts'

const MB = 1024 * 1024
const FUNCTIONS = {
  echo: 'export const handler = (event) => ({ statusCode: 200, body: JSON.stringify(event) })',
  bytes: `export const handler = ({ body, isBase64Encoded }) => ({
    statusCode: 200, isBase64Encoded: true, headers: { 'content-type': 'image/png' },
    body: isBase64Encoded ? body : Buffer.from(body ?? '').toString('base64') })`,
  size: 'export const handler = ({ body, isBase64Encoded }) => ({ length: isBase64Encoded ? Buffer.from(body, "base64").length : (body ?? "").length })',
  cookies: `export const handler = ({ cookies }) => ({ statusCode: 201, cookies: ['a=1; HttpOnly', 'b=2'], headers: { 'X-Mixed': 'Yes' }, body: JSON.stringify(cookies) })`,
  inject: `export const handler = ({ queryStringParameters: { name, value } }) => ({ statusCode: 200, headers: { [name]: value }, body: 'ok' })`,
  fails: 'export const handler = () => { throw new Error("secret words") }',
  shapes: 'export const handler = ({ body }) => JSON.parse(body)',
  late: { code: 'export const handler = () => new Promise((resolve) => setTimeout(resolve, 60_000))', timeout: 1 },
  off: { code: 'export const handler = () => 1', concurrency: 0 },
}
const TRIGGERS = Object.keys(FUNCTIONS).map((name) => toRoute(name, 'ANY', `/${name}`))

let app: Running
let url: string
before(async () => {
  app = await runApp({ functions: FUNCTIONS, triggers: [...TRIGGERS, toRoute('echo', 'GET', '/items/{id}')] })
  url = app.cloud.http
})
after(() => app[Symbol.asyncDispose]())

const ask = async (bytes: string, quiet = 250) => readAnswers(await exchange(url, bytes, quiet))
const one = async (method: string, path: string, headers: Record<string, string> = {}, body = '') => {
  const [answer, ...more] = await ask(toRequest(url, method, path, headers, body))
  assert.deepEqual(more, [])
  assert.ok(answer !== undefined, 'no answer')
  return answer
}
const header = ({ headers }: { headers: readonly (readonly [string, string])[] }, name: string) =>
  headers.filter(([found]) => found === name).map(([, value]) => value)

test('what has no route is 404 with API Gateway’s words, never 405, and takes the connection with it in no case', async () => {
  const none = await one('GET', '/none')
  assert.deepEqual(
    [none.status, none.body, header(none, 'content-type')],
    [404, '{"message":"Not Found"}', ['application/json']],
  )
  assert.equal((await one('POST', '/items/1', {}, '{}')).status, 404)
  const both = await ask(toRequest(url, 'POST', '/none', {}, 'x'.repeat(1000)) + toRequest(url, 'GET', '/echo'), 1000)
  assert.deepEqual(
    both.map(({ status }) => status),
    [404, 200],
  )
})

test('a client that uploads to nowhere reads its 404 every time', async () => {
  for (let round = 0; round < 30; round++) {
    const answer = await fetch(`${url}/none`, { method: 'POST', body: 'x'.repeat(500_000) })
    assert.deepEqual([answer.status, await answer.text()], [404, '{"message":"Not Found"}'])
  }
})

test('the event holds the request as it was', async () => {
  const { body, status } = await one('GET', '/items/a%20b?x=1&x=2&__proto__=p', { 'X-Many': '1', Cookie: 'a=1; b=2' })
  const event = JSON.parse(body)
  assert.equal(status, 200)
  assert.equal(event.rawQueryString, 'x=1&x=2&__proto__=p')
  assert.equal(event.queryStringParameters.x, '1,2')
  assert.deepEqual(event.cookies, ['a=1', 'b=2'])
  assert.deepEqual(event.pathParameters, { id: 'a b' })
  assert.equal(event.routeKey, 'GET /items/{id}')
  assert.equal(event.requestContext.http.sourceIp, '127.0.0.1')
})

test('a header that is sent twice arrives joined', async () => {
  const text = toRequest(url, 'GET', '/echo', { 'X-Twice': 'one' }).replace(
    'X-Twice: one\r\n',
    'X-Twice: one\r\nx-twice: two\r\n',
  )
  const [answer] = await ask(text)
  assert.equal(JSON.parse(answer?.body ?? '').headers['x-twice'], 'one,two')
})

test('cookies go out one header each, other headers in lower case', async () => {
  const answer = await one('GET', '/cookies', { Cookie: 'in=1' })
  assert.equal(answer.status, 201)
  assert.deepEqual(header(answer, 'set-cookie'), ['a=1; HttpOnly', 'b=2'])
  assert.deepEqual(header(answer, 'x-mixed'), ['Yes'])
  assert.equal(answer.body, '["in=1"]')
})

test('bytes go in and come out as they are', async () => {
  const bytes = Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256))
  const answer = await fetch(`${url}/bytes`, { method: 'POST', body: bytes, headers: { 'content-type': 'image/png' } })
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes)
  assert.equal(answer.headers.get('content-length'), '512')
})

test('an upload in pieces is put together', async () => {
  const sent = request(`${url}/size`, { method: 'POST', headers: { 'content-type': 'text/plain' } })
  const answered = new Promise<string>((resolve, reject) => {
    sent.on('error', reject)
    sent.on('response', (answer) => answer.on('data', (chunk) => resolve(String(chunk))))
  })
  for (let piece = 0; piece < 50; piece++) sent.write('y'.repeat(1000))
  sent.end()
  assert.equal(await answered, '{"length":50000}')
})

test('ten megabytes are refused while they come, and the client reads why', async () => {
  const sized = await fetch(`${url}/size`, { method: 'POST', body: Buffer.alloc(10 * MB + 1) })
  assert.deepEqual([sized.status, await sized.text()], [413, '{"message":"Request Entity Too Large"}'])
  let sent = 0
  const endless = new ReadableStream({
    pull: (controller) => {
      sent += MB
      if (sent > 200 * MB) controller.close()
      else controller.enqueue(new Uint8Array(MB))
    },
  })
  const answer = await fetch(`${url}/size`, { method: 'POST', body: endless, duplex: 'half' } as RequestInit).catch(
    () => undefined,
  )
  assert.ok(answer === undefined || answer.status === 413)
  assert.ok(sent < 100 * MB, `${sent / MB} MB were taken`)
  assert.equal(
    (
      await fetch(`${url}/size`, {
        method: 'POST',
        body: 'x'.repeat(4 * MB),
        headers: { 'content-type': 'text/plain' },
      })
    ).status,
    200,
  )
})

test('HEAD has the headers of GET, and no body', async () => {
  const text = await exchange(url, toRequest(url, 'HEAD', '/echo'), 150)
  const [answer] = readAnswers(text, true)
  assert.equal(answer?.status, 200)
  assert.ok(Number(header(answer ?? assert.fail(), 'content-length')[0]) > 100)
  assert.ok(text.endsWith('\r\n\r\n'))
})

test('requests that come ahead on one connection are answered in order', async () => {
  const paths = Array.from({ length: 20 }, (_, index) => `/items/${index}`)
  const answers = await ask(paths.map((path) => toRequest(url, 'GET', path)).join(''), 500)
  assert.deepEqual(
    answers.map(({ body }) => JSON.parse(body).rawPath),
    paths,
  )
})

test('an answer cannot smuggle headers, nor names that are none', async () => {
  const asked = (name: string, value: string) => one('GET', `/inject?${new URLSearchParams({ name, value })}`)
  const plain = await asked('x-a', 'fine')
  assert.deepEqual([plain.status, header(plain, 'x-a')], [200, ['fine']])
  for (const [name, value] of [
    ['x-a', '1\r\nset-cookie: evil=1'],
    ['x-a', '1\nset-cookie: evil=1'],
    ['x-a\r\nset-cookie', 'evil=1'],
    ['x a:b', '1'],
    ['', '1'],
    ['x-a', '\u0000'],
  ] as const) {
    const answer = await asked(name, value)
    assert.deepEqual([answer.status, header(answer, 'set-cookie')], [500, []], JSON.stringify(name))
    assert.equal(answer.body, '{"message":"Internal Server Error"}')
  }
  for (const [name, value] of [
    ['transfer-encoding', 'chunked'],
    ['content-length', '1'],
    ['connection', 'upgrade'],
  ] as const) {
    const answer = await asked(name, value)
    assert.equal(answer.body, 'ok', name)
  }
})

test('two lengths are one too many', async () => {
  const body = '5\r\nhello\r\n0\r\n\r\n'
  const [answer] = await ask(
    toRequest(url, 'POST', '/echo', { 'Transfer-Encoding': 'chunked', 'Content-Length': '4' }) + body,
  )
  assert.equal(answer?.status, 400)
  for (const bad of ['GET /echo HTTP/1.1\r\n\r\n', 'GET /echo HTTP/9\r\nHost: x\r\n\r\n', 'nonsense\r\n\r\n'])
    assert.equal((await ask(bad))[0]?.status, 400, bad)
})

test('a function that fails, answers nonsense, is late or has no sandbox left: 500, 500, 503, 503, and no word of why', async () => {
  const shown = ({ status, body }: { status: number; body: string }) => [status, body]
  const failed = [500, '{"message":"Internal Server Error"}']
  assert.deepEqual(shown(await one('GET', '/fails')), failed)
  for (const shape of [
    { statusCode: 'test' },
    { statusCode: 99 },
    { statusCode: 200, body: { a: 1 } },
    { statusCode: 1e9 },
  ])
    assert.deepEqual(
      shown(await one('POST', '/shapes', { 'Content-Type': 'application/json' }, JSON.stringify(shape))),
      failed,
    )
  const gone = [503, '{"message":"Service Unavailable"}']
  assert.deepEqual(shown(await one('GET', '/off')), gone)
  const late = await fetch(`${url}/late`)
  assert.deepEqual([late.status, await late.text()], gone)
})

test('prototype names in a query are names', async () => {
  const path = '/echo?__proto__[polluted]=1&constructor.prototype.polluted=1&__proto__=x'
  assert.equal((await one('GET', path)).status, 200)
  assert.equal(Reflect.get({}, 'polluted'), undefined)
})

test('case sec-gzip-bomb-request: a deep body and a packed body are only bodies', async () => {
  const deep = await fetch(`${url}/size`, {
    method: 'POST',
    body: '['.repeat(100_000),
    headers: { 'content-type': 'application/json' },
  })
  assert.deepEqual([deep.status, await deep.text()], [200, '{"length":100000}'])
  // 10 MB of zeros in 10 KB.
  const bomb = gzipSync(Buffer.alloc(10 * 1024 * 1024))
  const before = process.memoryUsage().rss
  const packed = await fetch(`${url}/size`, {
    method: 'POST',
    body: bomb,
    headers: { 'content-encoding': 'gzip', 'content-type': 'application/octet-stream' },
  })
  assert.equal(await packed.text(), `{"length":${bomb.length}}`)
  assert.ok(process.memoryUsage().rss - before < 64 * 1024 * 1024)
})

test('clients that hang up in the middle leave nothing behind', async () => {
  for (let round = 0; round < 20; round++) {
    const socket = await dial(url)
    socket.write(`POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n${'x'.repeat(round * 10)}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
    socket.destroy()
  }
  assert.equal((await one('GET', '/echo')).status, 200)
})

test('two thousand requests at once each get their own answer', async () => {
  const ids = Array.from({ length: 2000 }, (_, index) => index)
  const worker = async (): Promise<void> => {
    for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
      const post = id % 3 === 0
      const answer = await fetch(
        `${url}/echo?id=${id}`,
        post
          ? { method: 'POST', body: `body ${id}`, headers: { 'x-id': String(id) } }
          : { headers: { 'x-id': String(id) } },
      )
      const event = JSON.parse(await answer.text())
      assert.deepEqual(
        [event.queryStringParameters.id, event.headers['x-id'], event.body],
        [String(id), String(id), post ? `body ${id}` : undefined],
      )
    }
  }
  await Promise.all(Array.from({ length: 50 }, worker))
})
