// The function URL's front door over a real socket: everything reaches the function, errors are Lambda's, and answers may stream.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openFront, shareFront } from '../support/front.ts'

const MIRROR = `export const handler = async (event, context) => {
  if (event.rawPath === '/throw') throw new Error('no')
  if (event.rawPath === '/null') return { statusCode: 'x' }
  return { ...event, own: context.awsRequestId }
}`

describe('a function URL', () => {
  const held = shareFront({ door: 'url', routes: { 'GET /a/{b}': {} }, functions: { api: MIRROR } })

  it('gives every path and method to the function, the path as sent', async () => {
    for (const path of ['/a/x', '/nowhere/s%C3%A3o%2F', '/test/%Fth']) {
      const answer = await fetch(held.front.url + path, { method: 'PUT' })
      const event = JSON.parse(await answer.text())
      assert.equal(answer.status, 200)
      assert.equal(event.rawPath, path)
      assert.equal(event.routeKey, '$default')
      assert.equal(event.pathParameters, undefined)
      assert.equal(event.requestContext.stage, '$default')
    }
  })

  it('tells the id of the invocation', async () => {
    const answer = await fetch(held.front.url)
    const event = JSON.parse(await answer.text())
    assert.equal(answer.headers.get('x-amzn-requestid'), event.own)
    for (const word of ['START', 'END']) {
      const line = `${word} RequestId: ${event.own}`
      const found = () => held.front.lines().some((one) => one.startsWith(line))
      for (let tries = 0; tries < 100 && !found(); tries++) await new Promise((resolve) => setTimeout(resolve, 20))
      assert.ok(found(), line)
    }
    assert.equal(event.requestContext.requestId, event.own)
    assert.ok(answer.headers.get('x-amzn-trace-id'))
  })

  it('hands a form with a file over as base64', async () => {
    const body = Buffer.from(
      '--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n\xff\0hi\r\n--b--\r\n',
      'latin1',
    )
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    const event = JSON.parse(await (await fetch(held.front.url, { method: 'POST', body, headers })).text())
    assert.deepEqual([event.isBase64Encoded, event.body], [true, body.toString('base64')])
  })

  it('answers 502 in plain words to what went wrong', async () => {
    for (const path of ['/throw', '/null']) {
      const answer = await fetch(held.front.url + path)
      assert.equal(answer.status, 502)
      assert.equal(await answer.text(), 'Internal Server Error')
    }
  })

  it('takes 6 MB', async () => {
    const answer = await fetch(held.front.url, { method: 'POST', body: Buffer.alloc(6 * 1024 * 1024 + 1) })
    assert.equal(answer.status, 413)
    assert.match(await answer.text(), /Request must be smaller than/)
  })
})

const STREAMING = `const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
let wrote = 0
export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
  const path = (event.rawPath ?? event.path)
  if (path === '/throw') throw new Error('no')
  if (path === '/wrote') { stream.write(String(wrote)); return stream.end() }
  if (path === '/plain') { stream.setContentType('text/css'); stream.end('a{}'); return }
  if (path === '/empty') return stream.end()
  stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { 'x-a': 'b' }, cookies: ['c=1', 'd=2'] })
  if (path === '/flood') {
    for (wrote = 0; wrote < 1000; wrote++) {
      if (wrote % 100 === 0) console.log('wrote ' + wrote)
      if (!stream.write(Buffer.alloc(65536))) await new Promise((resolve) => stream.once('drain', resolve))
    }
    return stream.end()
  }
  stream.write('one,')
  await wait(300)
  if (path === '/half') throw new Error('half')
  if (path === '/hang') await wait(9000)
  stream.write('two')
  stream.end()
})`

for (const door of ['url', 'rest'] as const) {
  describe(`a stream behind the ${door} door`, () => {
    const held = shareFront({
      door,
      routes: { 'GET /{rest+}': { stream: true } },
      functions: { api: STREAMING },
      settings: { timeout: 2 },
    })

    it('arrives while it is made, with its head', async () => {
      const answer = await fetch(`${held.front.url}/slow`)
      assert.equal(answer.status, 201)
      assert.equal(answer.headers.get('x-a'), 'b')
      assert.deepEqual(answer.headers.getSetCookie(), ['c=1', 'd=2'])
      const times: number[] = []
      let text = ''
      for await (const chunk of answer.body ?? []) {
        times.push(performance.now())
        text += Buffer.from(chunk).toString()
      }
      assert.equal(text, 'one,two')
      assert.ok((times.at(-1) ?? 0) - (times[0] ?? 0) > 150)
    })

    it('that fails before its first byte is an error', async () => {
      assert.equal((await fetch(`${held.front.url}/throw`)).status, 502)
    })

    it('that fails or hangs half way is cut, not ended', async () => {
      for (const path of ['/half', '/hang']) {
        const answer = await fetch(held.front.url + path)
        assert.equal(answer.status, 201)
        await assert.rejects(answer.text(), path)
      }
    })

    it('makes its function wait for a client that does not read', async () => {
      const flood = await fetch(`${held.front.url}/flood`)
      await new Promise((resolve) => setTimeout(resolve, 500))
      assert.match(held.front.log(), /wrote 0/)
      assert.doesNotMatch(held.front.log(), /wrote 900/)
      let read = 0
      for await (const chunk of flood.body ?? []) read += chunk.byteLength
      assert.equal(read, 65_536_000)
      assert.match(held.front.log(), /wrote 900/)
    })

    if (door === 'url')
      it('without a head has its media type, and may be empty', async () => {
        const plain = await fetch(`${held.front.url}/plain`)
        assert.equal(plain.headers.get('content-type'), 'text/css')
        assert.equal(await plain.text(), 'a{}')
        const empty = await fetch(`${held.front.url}/empty`)
        assert.equal(empty.status, 200)
        assert.equal(await empty.text(), '')
      })
    else
      it('without a head is an error', async () => {
        for (const path of ['/plain', '/empty']) assert.equal((await fetch(held.front.url + path)).status, 502)
      })
  })
}

it('lets its function finish when the client goes away, and serves the next', async () => {
  await using front = await openFront({
    door: 'url',
    routes: { 'GET /{rest+}': { stream: true } },
    functions: { api: STREAMING },
    settings: { concurrency: 1 },
  })
  const controller = new AbortController()
  const flood = await fetch(`${front.url}/flood`, { signal: controller.signal })
  await flood.body?.getReader().read()
  controller.abort()
  let next = await fetch(`${front.url}/wrote`)
  for (let tries = 0; next.status === 429 && tries < 50; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    next = await fetch(`${front.url}/wrote`)
  }
  assert.equal(await next.text(), '1000')
})
