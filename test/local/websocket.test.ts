// WebSocket APIs on the local cloud: handshakes, messages and ends, by real clients.
import assert from 'node:assert/strict'
import { createConnection } from 'node:net'
import { describe, test } from 'node:test'
import { startClock } from '../../src/local/clock.ts'
import { runApp } from '../support/cloud.ts'
import { connect, ECHO, refused, toApp, toModule, toWebsocket, toWebsocketRoute } from '../support/websocket.ts'

const OK = 'return { statusCode: 200 }'
const WAIT = (milliseconds: number) => `await new Promise((resolve) => setTimeout(resolve, ${milliseconds})); ${OK}`

const urlOf = (running: Awaited<ReturnType<typeof runApp>>, name = 'chat'): string =>
  running.cloud.websockets.get(name) ?? assert.fail(`no ${name}`)

const exchange = (port: number, bytes: string | Uint8Array): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = ''
    const socket = createConnection(port, '127.0.0.1', () => socket.write(bytes))
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('end', () => resolve(text))
    socket.on('error', reject)
  })

const until = async (holds: () => boolean, patience = 5_000): Promise<void> => {
  for (const end = Date.now() + patience; !holds(); await new Promise((resolve) => setTimeout(resolve, 5)))
    if (Date.now() > end) assert.fail(`Still not: ${holds}`)
}

describe('the handshake', () => {
  test('waits for $connect, whose event says who comes', async () => {
    const code = `console.log(JSON.stringify(event)); ${WAIT(300)}`
    await using running = await runApp(toApp({ $connect: code, $default: ECHO }))
    const began = performance.now()
    await using client = await connect(`${urlOf(running)}?room=a&room=b`, { headers: { 'X-Own': 'mine' } })
    assert.ok(performance.now() - began > 280)
    const line = running.lines('on_connect').find((one) => one.includes('{"headers"')) ?? '{}'
    const event = JSON.parse(line.slice(line.indexOf('{')))
    const { requestContext: context } = event
    assert.equal(event.headers['X-Own'], 'mine')
    assert.deepEqual(event.multiValueQueryStringParameters, { room: ['a', 'b'] })
    assert.deepEqual(event.queryStringParameters, { room: 'b' })
    assert.equal(context.eventType, 'CONNECT')
    assert.equal(context.routeKey, '$connect')
    assert.equal(context.domainName, 'chat000000.execute-api.us-east-1.amazonaws.com')
    assert.equal(context.stage, 'dev')
    assert.match(context.connectionId, /^[\w-]{15}=$/)
    client.send('x')
    const message = await client.json()
    assert.equal(message.requestContext.connectionId, context.connectionId)
    assert.equal(message.requestContext.connectedAt, context.connectedAt)
  })

  test('needs no $connect', async () => {
    await using running = await runApp(toApp({ $default: ECHO }))
    await using client = await connect(urlOf(running))
    client.send('x')
    assert.equal((await client.json()).body, 'x')
  })

  test('is refused with the status that $connect answers', async () => {
    await using running = await runApp(toApp({ $connect: "return { statusCode: 418, body: 'no' }", $default: ECHO }))
    const { status, body } = await refused(urlOf(running))
    assert.deepEqual({ status, body }, { status: 418, body: 'no' })
  })

  test('is refused with 502 when $connect throws, or answers what is no answer', async () => {
    for (const code of ["throw new Error('no')", "return 'yes'", '']) {
      await using running = await runApp(toApp({ $connect: code, $default: ECHO }))
      assert.equal((await refused(urlOf(running))).status, 502, code)
    }
  })

  test('gives the subprotocol that $connect chose', async () => {
    const code = "return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'b', 'X-Other': 'x' } }"
    await using running = await runApp(toApp({ $connect: code, $default: ECHO }))
    await using client = await connect(urlOf(running), { protocols: ['a', 'b'] })
    assert.equal(client.socket.protocol, 'b')
    // Who asks for none gets none.
    await using plain = await connect(urlOf(running))
    assert.equal(plain.socket.protocol, '')
  })

  test('is refused elsewhere, for another host, and when it is none', async () => {
    await using running = await runApp(toApp({ $default: ECHO }))
    const url = urlOf(running)
    assert.equal((await refused(`${url}x`)).status, 403)
    assert.equal((await refused(`${url}/more`)).status, 403)
    assert.equal((await refused(url, { headers: { host: 'evil.example' } })).status, 403)
    assert.equal(
      (await refused(url, { headers: { host: 'other12345.execute-api.us-east-1.amazonaws.com' } })).status,
      403,
    )
    assert.equal((await refused(`${url}?${'x'.repeat(4096)}`)).status, 414)
    const { port } = new URL(url)
    for (const wrong of [
      'Sec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${'x'.repeat(22)}==`,
    ]) {
      const head = ['GET /dev HTTP/1.1', 'Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket', wrong]
      assert.match(await exchange(Number(port), `${head.join('\r\n')}\r\n\r\n`), /^HTTP\/1.1 400 Bad Request\r\n/)
    }
    assert.equal((await fetch(url.replace('ws:', 'http:'))).status, 426)
  })

  test('is found by the root, by its stage, by its name, and by its host on AWS', async () => {
    await using running = await runApp(toApp({ $default: ECHO }))
    const root = running.cloud.http.replace('http:', 'ws:')
    for (const path of ['', '/', '/dev', '/dev/', '/chat/dev', '/_aws/execute-api/chat000000/dev']) {
      await using client = await connect(root + path)
      client.send('x')
      assert.equal((await client.json()).body, 'x', path)
    }
    const headers = { host: 'chat000000.execute-api.us-east-1.amazonaws.com' }
    await using client = await connect(`${root}/dev`, { headers })
    client.send('x')
    await client.next()
    assert.equal((await refused(root, { headers })).status, 403)
  })

  test('of several APIs is found by their names', async () => {
    const routes = ['chat', 'feed'].map((name) => toWebsocketRoute(name, name, '$default'))
    const functions = {
      chat: toModule("return { statusCode: 200, body: 'chat' }"),
      feed: toModule("return { statusCode: 200, body: 'feed' }"),
    }
    await using running = await runApp({
      functions,
      resources: [toWebsocket('chat'), toWebsocket('feed')],
      triggers: routes,
    })
    for (const name of ['chat', 'feed']) {
      assert.match(urlOf(running, name), new RegExp(`/${name}/dev$`))
      await using client = await connect(urlOf(running, name))
      client.send('x')
      assert.equal(await client.next(), name)
    }
    assert.equal((await refused(running.cloud.http.replace('http:', 'ws:'))).status, 403)
    assert.equal((await refused(running.cloud.http.replace('http:', 'ws:').concat('/dev'))).status, 403)
  })

  test('that is left tells $disconnect, as $connect has heard of it', async () => {
    await using running = await runApp(toApp({ $connect: WAIT(300), $disconnect: `console.log('gone'); ${OK}` }))
    const pending = connect(urlOf(running), { handshakeTimeout: 100 })
    await assert.rejects(pending)
    await until(() => running.lines('on_disconnect').some((line) => line.includes('gone')))
  })
})

describe('messages', () => {
  test('go to the route that they name, or to $default, or are forbidden', async () => {
    const say = (word: string) => `return { statusCode: 200, body: '${word}' }`
    await using running = await runApp(toApp({ say: say('say'), $connect: OK, $disconnect: OK }))
    await using client = await connect(urlOf(running))
    client.send({ action: 'say' })
    assert.equal(await client.next(), 'say')
    for (const message of [
      '{"action":"other"}',
      'no json',
      '{"action":"$connect"}',
      '{"action":"$disconnect"}',
      '[]',
    ]) {
      client.send(message)
      const { connectionId, requestId, ...rest } = await client.json()
      assert.deepEqual(rest, { message: 'Forbidden' }, message)
      assert.match(connectionId, /=$/)
      assert.match(requestId, /=$/)
    }
    await running.apply(toApp({ say: say('say'), $default: say('default') }))
    client.send('no json')
    assert.equal(await client.next(), 'default')
  })

  test('have an event without headers and query', async () => {
    await using running = await runApp(toApp({ $default: ECHO }))
    await using client = await connect(`${urlOf(running)}?a=1`, { headers: { 'user-agent': 'mine' } })
    client.send('{"a": 1}')
    const { requestContext: context, ...event } = await client.json()
    assert.deepEqual(event, { body: '{"a": 1}', isBase64Encoded: false })
    assert.equal(context.routeKey, '$default')
    assert.equal(context.eventType, 'MESSAGE')
    assert.equal(context.messageDirection, 'IN')
    assert.equal(context.apiId, 'chat000000')
    assert.deepEqual(context.identity, { userAgent: 'mine', sourceIp: '127.0.0.1' })
    assert.match(context.messageId, /^[\w-]{15}=$/)
  })

  test('whose function fails are answered as AWS does, and the connection stays', async () => {
    await using running = await runApp(
      toApp({ bad: "throw new Error('no')", none: '', good: "return { statusCode: 200, body: 'good' }" }),
    )
    await using client = await connect(urlOf(running))
    for (const action of ['bad', 'none']) {
      client.send({ action })
      const { message, ...ids } = await client.json()
      assert.equal(message, 'Internal server error')
      assert.deepEqual(Object.keys(ids), ['connectionId', 'requestId'])
    }
    client.send({ action: 'good' })
    assert.equal(await client.next(), 'good')
  })

  test('are noted in the journal, as connecting and leaving are', async () => {
    await using running = await runApp(toApp({ $connect: 'return { statusCode: 200 }', say: ECHO, $disconnect: '' }))
    const client = await connect(urlOf(running))
    client.send({ action: 'say' })
    await client.next()
    client.send('?')
    await client.next()
    client.socket.close(4001)
    const seen = () =>
      running.cloud.journal.read().flatMap((entry) => {
        if (entry.kind === 'request') return [[entry.function, `${entry.method} ${entry.path} ${entry.status}`]]
        return entry.kind === 'hop' && entry.text.startsWith('websocket') ? [[entry.function, entry.text]] : []
      })
    await until(() => seen().length === 4)
    assert.deepEqual(seen(), [
      ['on_connect', 'GET /dev 101'],
      ['on_say', 'websocket chat say'],
      ['', 'websocket chat a message that no route takes'],
      ['on_disconnect', 'websocket chat $disconnect 4001'],
    ])
  })

  test('are not answered by what a function answers to AWS: a route has no response', async () => {
    const quiet = `export const handler = async (event) => { ${ECHO} }`
    await using running = await runApp(toApp({ quiet, loud: ECHO }))
    await using client = await connect(urlOf(running))
    client.send({ action: 'quiet' })
    await until(() => running.lines('on_quiet').some((line) => line.startsWith('END')))
    client.send({ action: 'loud' })
    assert.equal((await client.json()).requestContext.routeKey, 'loud')
  })

  test('of one connection are at work side by side', async () => {
    await using running = await runApp(
      toApp({ slow: `await new Promise((resolve) => setTimeout(resolve, 1_000)); ${ECHO}`, fast: ECHO }),
    )
    await using client = await connect(urlOf(running))
    client.send({ action: 'fast' })
    await client.next()
    client.send({ action: 'slow' })
    client.send({ action: 'fast' })
    assert.equal((await client.json()).requestContext.routeKey, 'fast')
    assert.equal((await client.json()).requestContext.routeKey, 'slow')
  })

  test('are waited for 29 s', async () => {
    const app = toApp(
      { join: 'await new Promise((resolve) => setTimeout(resolve, 60_000))' },
      {},
      { join: { made: { timeout: 60 } } },
    )
    await using running = await runApp(app, { clock: startClock('virtual') })
    await using client = await connect(urlOf(running))
    client.send({ action: 'join' })
    await until(() => running.lines('on_join').length > 0)
    await running.cloud.clock.advance(28_999)
    assert.deepEqual(client.waiting, [])
    await running.cloud.clock.advance(1)
    assert.equal((await client.json()).message, 'Endpoint request timed out')
    assert.equal(client.socket.readyState, client.socket.OPEN)
  })
})
