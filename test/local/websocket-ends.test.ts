// How WebSocket connections end on the local cloud: limits of size, kind and time, closing, stopping.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startClock } from '../../src/local/clock.ts'
import { type Running, runApp } from '../support/cloud.ts'
import { connect, ECHO, toApp } from '../support/websocket.ts'

const OK = 'return { statusCode: 200 }'
const TELLS = `console.log('DISCONNECT ' + JSON.stringify(event)); ${OK}`
const APP = toApp({
  $default: ECHO,
  size: 'return { statusCode: 200, body: String(event.body.length) }',
  $disconnect: TELLS,
})

const urlOf = ({ cloud }: Running): string => cloud.websockets.get('chat') ?? assert.fail()

/** The event of the one $disconnect there was. */
async function ended(running: Running) {
  for (const end = Date.now() + 5_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 10))) {
    const told = running.lines('on_disconnect').filter((line) => line.includes('DISCONNECT {'))
    assert.ok(told.length < 2, 'told twice')
    if (told.length === 1) return JSON.parse(told[0]?.replace(/^.*DISCONNECT /, '') ?? '')
  }
  return assert.fail('$disconnect was not called')
}

const message = (length: number): string => {
  const frame = '{"action":"size","text":""}'
  return frame.replace('""', `"${'x'.repeat(length - frame.length)}"`)
}

/** Sends a message in frames of at most so many bytes. */
function sendIn(socket: Awaited<ReturnType<typeof connect>>['socket'], text: string, size: number): void {
  for (let at = 0; at < text.length; at += size)
    socket.send(text.slice(at, at + size), { fin: at + size >= text.length })
}

describe('what a client may send', () => {
  test('is a message of 128 KB in frames of 32 KB', async () => {
    await using running = await runApp(APP)
    await using client = await connect(urlOf(running))
    sendIn(client.socket, message(128 * 1024), 32 * 1024)
    assert.equal(await client.next(), String(128 * 1024))
  })

  test('is no larger frame: 1009', async () => {
    await using running = await runApp(APP)
    for (const size of [32 * 1024 + 1, 64 * 1024 + 1, 128 * 1024, 1024 * 1024]) {
      await using client = await connect(urlOf(running))
      client.send(message(size))
      assert.equal((await client.closed).code, 1009, String(size))
    }
    assert.deepEqual(running.lines('on_size'), [])
  })

  test('is no larger message, in however small frames: 1009', async () => {
    await using running = await runApp(APP)
    await using client = await connect(urlOf(running))
    sendIn(client.socket, message(128 * 1024 + 1), 32 * 1024)
    assert.equal((await client.closed).code, 1009)
    const { requestContext: context } = await ended(running)
    assert.equal(context.disconnectStatusCode, 1009)
  })

  test('is nothing binary: 1003', async () => {
    await using running = await runApp(APP)
    await using client = await connect(urlOf(running))
    client.socket.send(Buffer.from('{}'))
    assert.equal((await client.closed).code, 1003)
    assert.equal((await ended(running)).requestContext.disconnectStatusCode, 1003)
  })

  test('is nothing that breaks the protocol', async () => {
    await using running = await runApp(APP)
    await using client = await connect(urlOf(running))
    // Text that is no UTF-8.
    client.socket.send(Buffer.from([0xff, 0xfe]), { binary: false })
    assert.equal((await client.closed).code, 1007)
  })

  test('is not a hundred thousand fragments: they end the connection, and cost no memory', async () => {
    await using running = await runApp(APP)
    await using client = await connect(urlOf(running))
    const before = process.memoryUsage().rss
    for (let count = 0; count < 100_000 && client.socket.readyState === client.socket.OPEN; count++) {
      client.socket.send('x', { fin: false })
      if (count % 1_000 === 0) await new Promise(setImmediate)
    }
    assert.ok([1002, 1008, 1009].includes((await client.closed).code))
    const grown = (process.memoryUsage().rss - before) / 1024 / 1024
    assert.ok(grown < 64, `${grown} MB`)
    await using other = await connect(urlOf(running))
    other.send('x')
    await other.next()
  })

  test('is a flood, of which a hundred messages are at work at once and none is lost', async () => {
    await using running = await runApp(
      toApp({ $default: "console.log('GOT ' + event.body); return { statusCode: 200 }" }),
    )
    await using client = await connect(urlOf(running))
    for (let count = 0; count < 1_000; count++) client.send(String(count))
    const got = () => new Set(running.lines('on_default').filter((line) => line.includes('GOT ')))
    for (let tries = 0; tries < 1_000 && got().size < 1_000; tries++)
      await new Promise((resolve) => setTimeout(resolve, 20))
    assert.equal(got().size, 1_000)
    assert.deepEqual(client.waiting, [])
  })
})

describe('$disconnect', () => {
  for (const [code, reason] of [
    [1000, ''],
    [1001, ''],
    [4001, 'moved'],
  ] as const)
    test(`is told the client's ${code} ${reason}`, async () => {
      await using running = await runApp(APP)
      await using client = await connect(urlOf(running))
      client.socket.close(code, reason)
      const { requestContext: context, ...event } = await ended(running)
      assert.equal(context.eventType, 'DISCONNECT')
      assert.equal(context.routeKey, '$disconnect')
      assert.equal(context.disconnectStatusCode, code)
      assert.equal(context.disconnectReason, reason)
      assert.deepEqual(Object.keys(event.headers), ['Host', 'x-api-key', 'X-Forwarded-For', 'x-restapi'])
    })

  test('is told that there was no status, and that there was no end', async () => {
    await using running = await runApp(APP)
    await using client = await connect(urlOf(running))
    client.socket.close()
    const { requestContext: context } = await ended(running)
    assert.equal(context.disconnectStatusCode, 1005)
    assert.equal(context.disconnectReason, 'Client-side close frame status not set')
    await using another = await runApp(APP)
    await using cut = await connect(urlOf(another))
    cut.socket.terminate()
    assert.equal((await ended(another)).requestContext.disconnectStatusCode, 1006)
  })

  test('may fail or be missing', async () => {
    for (const routes of [{ $default: ECHO }, { $default: ECHO, $disconnect: "throw new Error('no')" }]) {
      await using running = await runApp(toApp(routes))
      const client = await connect(urlOf(running))
      client.socket.close(1000)
      assert.equal((await client.closed).code, 1000)
      await using next = await connect(urlOf(running))
      next.send('x')
      await next.next()
    }
  })
})

describe('time', () => {
  const MINUTE = 60_000

  test('ends a connection that is idle for 10 minutes', async () => {
    await using running = await runApp(APP, { clock: startClock('virtual') })
    const { clock } = running.cloud
    await using client = await connect(urlOf(running))
    await clock.advance(9 * MINUTE)
    client.send('x')
    await client.next()
    await clock.advance(10 * MINUTE - 1)
    assert.equal(client.socket.readyState, client.socket.OPEN)
    await clock.advance(1)
    assert.deepEqual(await client.closed, { code: 1001, reason: 'Going away' })
    const { requestContext: context } = await ended(running)
    assert.equal(context.disconnectStatusCode, 1001)
    assert.equal(context.disconnectReason, 'Going away')
    assert.equal(context.requestTimeEpoch, clock.now())
  })

  test('is told by pings, too', async () => {
    await using running = await runApp(APP, { clock: startClock('virtual') })
    const { clock } = running.cloud
    await using client = await connect(urlOf(running))
    for (let count = 0; count < 3; count++) {
      await clock.advance(9 * MINUTE)
      const answered = new Promise((resolve) => client.socket.once('pong', resolve))
      client.socket.ping()
      await answered
    }
    assert.equal(client.socket.readyState, client.socket.OPEN)
  })

  test('ends a busy connection after two hours', async () => {
    await using running = await runApp(APP, { clock: startClock('virtual') })
    const { clock } = running.cloud
    await using client = await connect(urlOf(running))
    for (let passed = 9; passed < 120; passed += 9) {
      await clock.advance(9 * MINUTE)
      client.send('x')
      await client.next()
    }
    await clock.advance(3 * MINUTE - 1)
    assert.equal(client.socket.readyState, client.socket.OPEN)
    await clock.advance(1)
    assert.equal((await client.closed).code, 1001)
  })
})

describe('the local cloud', () => {
  test('that stops says so to clients, and to $disconnect', async () => {
    await using running = await runApp(APP)
    await using client = await connect(urlOf(running))
    await running.restart()
    assert.deepEqual(await client.closed, { code: 1001, reason: 'Going away' })
    assert.equal((await ended(running)).requestContext.disconnectStatusCode, 1001)
  })

  test('that stops waits for no client that does not answer, and for no handshake', async () => {
    await using running = await runApp(
      toApp({ $connect: `if (event.queryStringParameters) await new Promise(() => {}); ${OK}` }),
    )
    await using client = await connect(urlOf(running))
    client.socket.pause()
    const pending = connect(`${urlOf(running)}?slow=1`)
    pending.catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 200))
    const began = performance.now()
    await running.restart()
    assert.ok(performance.now() - began < 5_000)
    await assert.rejects(pending)
    client.socket.resume()
  })

  test('that takes new code keeps connections, and ends those of an API that is gone', async () => {
    await using running = await runApp(APP)
    await using client = await connect(urlOf(running))
    await running.apply(toApp({ $default: "return { statusCode: 200, body: 'new' }" }))
    client.send('x')
    assert.equal(await client.next(), 'new')
    await running.apply({ functions: {} })
    assert.equal((await client.closed).code, 1001)
  })

  test('is idle while sockets are open, and busy while functions run', async () => {
    await using running = await runApp(
      toApp({ $default: `await new Promise((resolve) => setTimeout(resolve, 300)); ${ECHO}` }),
    )
    await using client = await connect(urlOf(running))
    assert.equal(running.cloud.idle(), true)
    client.send('x')
    while (running.cloud.idle()) await new Promise(setImmediate)
    await client.next()
    while (!running.cloud.idle()) await new Promise(setImmediate)
  })
})
