// Answers of many kinds: web Responses, streams sent whole or while they are made, compression.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { app, reply, route } from '../../src/index.ts'
import { hearErrors } from '../support/console.ts'
import { CONTEXT, toEvent, toRest } from '../support/event.ts'
import { woken } from '../support/woken.ts'

const call = (handler: () => unknown) => woken([route('GET /', handler)])(toEvent('GET /'), CONTEXT)

describe('a web Response', () => {
  it('is sent with its status, headers and cookies', async () => {
    const headers = new Headers({ 'x-a': 'b', 'content-type': 'application/json' })
    headers.append('set-cookie', 'a=1')
    headers.append('set-cookie', 'b=2')
    assert.deepEqual(await call(() => new Response('{"a":1}', { status: 201, headers })), {
      statusCode: 201,
      headers: { 'content-type': 'application/json', 'x-a': 'b' },
      cookies: ['a=1', 'b=2'],
      body: '{"a":1}',
      isBase64Encoded: false,
    })
  })
  it('is sent as bytes where it is no text', async () => {
    const { body, isBase64Encoded } = await call(async () => new Response(new Uint8Array([255, 0])))
    assert.deepEqual([body, isBase64Encoded], ['/wA=', true])
    const latin = new Response(new Uint8Array([0xe9]), { headers: { 'content-type': 'text/plain; charset=latin1' } })
    assert.deepEqual((await call(() => latin)).body, '6Q==')
  })
  it('may have no body', async () =>
    assert.deepEqual(await call(() => new Response(null, { status: 304 })), { statusCode: 304, headers: {} }))
  it('that was read already is a logged 500', async () => {
    using _ = hearErrors()
    const used = new Response('x')
    await used.text()
    assert.equal((await call(() => used)).statusCode, 500)
  })
})

async function* three() {
  yield 'a'
  yield 'bé'
  yield 'c'
}

describe('a stream, where answers are sent whole', () => {
  it('of text', async () => {
    const { headers, body } = await call(three)
    assert.deepEqual([headers, body], [{ 'content-type': 'text/plain; charset=utf-8' }, 'abéc'])
  })
  it('of bytes', async () => {
    const { headers, body } = await call(() => Readable.from([Buffer.from([1]), new Uint8Array([2])]))
    assert.deepEqual([headers, body], [{ 'content-type': 'application/octet-stream' }, 'AQI='])
  })
  it('of the web, with a reply around it', async () => {
    const { body, headers } = await call(() =>
      reply(new Blob(['data: 1\n\n']).stream(), { headers: { 'content-type': 'text/event-stream' } }),
    )
    assert.deepEqual([body, headers?.['content-type']], ['data: 1\n\n', 'text/event-stream'])
  })
  it('of nothing', async () => assert.equal((await call(() => Readable.from([]))).body, ''))
  it('that fails, or gives what cannot be sent, is a logged 500', async () => {
    using heard = hearErrors()
    const failing = async function* () {
      yield 'a'
      throw new RangeError('broke')
    }
    assert.equal((await call(failing)).statusCode, 500)
    assert.equal((await call(() => Readable.from([{ a: 1 }]))).statusCode, 500)
    assert.match(heard.text, /broke[\s\S]*where it gives text or bytes/)
  })
})

/** What a client gets of a function that streams. */
async function streamed(handler: () => unknown, event: unknown = toEvent('GET /')) {
  const sent = new PassThrough({ highWaterMark: 2 })
  const preludes: unknown[] = []
  Reflect.set(globalThis, 'awslambda', {
    streamifyResponse: (inner: unknown) => inner,
    HttpResponseStream: {
      from: (stream: unknown, prelude: unknown) => {
        preludes.push(prelude)
        return stream
      },
    },
  })
  try {
    const woke = woken([route('GET /', { stream: true }, handler)])
    const chunks: string[] = []
    sent.on('data', (chunk) => chunks.push(String(chunk)))
    const ended = once(sent, 'end')
    await Reflect.apply(woke, undefined, [event, sent, CONTEXT])
    await ended
    return { prelude: preludes[0], chunks }
  } finally {
    Reflect.deleteProperty(globalThis, 'awslambda')
  }
}

describe('a function that streams', () => {
  it('sends part by part', async () => {
    assert.deepEqual(await streamed(() => reply(three(), { status: 201, cookies: ['a=1'] })), {
      prelude: { statusCode: 201, headers: { 'content-type': 'text/plain; charset=utf-8' }, cookies: ['a=1'] },
      chunks: ['a', 'bé', 'c'],
    })
  })
  it('sends whole answers too', async () => {
    const { prelude, chunks } = await streamed(() => ({ a: 1 }))
    assert.deepEqual(
      [prelude, chunks],
      [{ statusCode: 200, headers: { 'content-type': 'application/json' } }, ['{"a":1}']],
    )
    assert.deepEqual((await streamed(() => undefined)).prelude, { statusCode: 204 })
  })
  it('sends a REST API the headers it knows', async () => {
    const { prelude } = await streamed(() => reply('x', { cookies: ['a=1', 'b=2'] }), toRest('GET /'))
    assert.deepEqual(prelude, {
      statusCode: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] },
    })
  })
  it('answers 500 to what fails before the first part', async () => {
    using _ = hearErrors()
    const { prelude } = await streamed(() => Readable.from([{ a: 1 }]))
    assert.equal((prelude as { statusCode: number }).statusCode, 500)
  })
  it('breaks off and says so where it fails later', async () => {
    using heard = hearErrors()
    const failing = async function* () {
      yield 'a'
      throw new RangeError('broke')
    }
    await assert.rejects(streamed(failing), RangeError)
    assert.match(heard.text, /The answer of GET \/ broke off/)
  })
})

describe('compression', () => {
  const text = 'compress me '.repeat(200)
  const ask = async (accept: string | undefined, value: () => unknown, compress: boolean | number = 100) => {
    const handler = woken([route('GET /', value)], app('shop', { compress }))
    const headers: Record<string, string> = accept === undefined ? {} : { 'accept-encoding': accept }
    const result = await handler(toEvent('GET /', { headers }), CONTEXT)
    return { result, headers: result.headers ?? {}, bytes: Buffer.from(result.body ?? '', 'base64') }
  }
  it('is Brotli or gzip, as the client likes', async () => {
    const br = await ask('gzip, deflate, br', () => text)
    assert.equal(br.headers['content-encoding'], 'br')
    assert.equal(br.headers.vary, 'Accept-Encoding')
    assert.equal(brotliDecompressSync(br.bytes).toString(), text)
    for (const accept of ['gzip', 'br;q=0.5, gzip', 'br;q=0, *']) {
      const gzip = await ask(accept, () => text)
      assert.equal(gzip.headers['content-encoding'], 'gzip', accept)
      assert.equal(gunzipSync(gzip.bytes).toString(), text)
    }
  })
  for (const accept of [undefined, 'identity', 'gzip;q=0', 'zstd'])
    it(`is none for a client that takes ${accept}`, async () => {
      const { result, headers } = await ask(accept, () => text)
      assert.deepEqual([result.body, headers.vary], [text, 'Accept-Encoding'])
    })
  const AS_IS: readonly [name: string, value: () => unknown][] = [
    ['small', () => 'x'],
    ['no text', () => reply(Buffer.from(text), { headers: { 'content-type': 'image/webp' } })],
    ['encoded already', () => reply(text, { headers: { 'content-encoding': 'x' } })],
    ['a part', () => reply(text, { status: 206 })],
    ['not to be transformed', () => reply(text, { headers: { 'cache-control': 'public, no-transform' } })],
  ]
  for (const [name, value] of AS_IS)
    it(`leaves alone what is ${name}`, async () => {
      const { headers } = await ask('gzip', value)
      assert.ok(headers['content-encoding'] !== 'gzip')
    })
  it('weakens the tag, keeps JSON and bytes, and is off unless asked for', async () => {
    const { headers, bytes } = await ask('gzip', () => reply({ text }, { headers: { etag: '"1"' } }), true)
    assert.equal(headers.etag, 'W/"1"')
    assert.deepEqual(JSON.parse(gunzipSync(bytes).toString()), { text })
    assert.equal((await ask('gzip', () => text, false)).headers['content-encoding'], undefined)
  })
})
