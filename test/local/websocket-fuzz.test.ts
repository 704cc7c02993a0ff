// What no well-behaved client would send to a WebSocket API: the local cloud outlives it, and others do not notice.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect as dial } from 'node:net'
import { after, before, test } from 'node:test'
import { FrameWatch } from '../../src/local/gateway/websocket/frames.ts'
import { type Running, runApp, toRoute } from '../support/cloud.ts'
import { seeded } from '../support/random.ts'
import { rounds } from '../support/rounds.ts'
import { connect, ECHO, toApp, toModule } from '../support/websocket.ts'

let running: Running
before(async () => {
  const app = toApp({ $default: ECHO })
  const functions = { ...app.functions, api: toModule("return { statusCode: 200, body: 'ok' }") }
  running = await runApp({ ...app, functions, triggers: [...app.triggers, toRoute('api', 'GET', '/')] })
})
after(() => running[Symbol.asyncDispose]())

const port = (): number => Number(new URL(running.cloud.http).port)

/** Sends bytes and hangs up when all is said, or nothing more comes. */
async function say(...parts: readonly (string | Uint8Array)[]): Promise<void> {
  const socket = dial(port(), '127.0.0.1')
  socket.on('error', () => {})
  socket.resume()
  await once(socket, 'connect')
  for (const part of parts) {
    socket.write(part)
    await new Promise(setImmediate)
  }
  const closed = once(socket, 'close')
  socket.setTimeout(20, () => socket.destroy())
  await closed
}

const OPENING = (path = '/dev', key = 'dGhlIHNhbXBsZSBub25jZQ=='): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${key}`,
  ].join('\r\n')

async function isWell(): Promise<void> {
  await using client = await connect(running.cloud.websockets.get('chat') ?? assert.fail())
  client.send('well')
  assert.equal((await client.json()).body, 'well')
  assert.equal((await fetch(running.cloud.http)).status, 200)
}

test('random bytes after the handshake', { timeout: 60_000 }, async () => {
  const random = seeded(11)
  for (let run = 0; run < 60; run++) {
    const bytes = Buffer.from(Array.from({ length: 1 + random.whole(200) }, () => random.whole(256)))
    await say(`${OPENING()}\r\n\r\n`, bytes)
  }
  await isWell()
})

test('handshakes that are bent', { timeout: 60_000 }, async () => {
  const random = seeded(12)
  const bent = [
    '\r\nSec-WebSocket-Protocol: ,,',
    '\r\nSec-WebSocket-Extensions: permessage-deflate;;=',
    '\r\nContent-Length: 5',
    '\r\nTransfer-Encoding: chunked',
    '\r\nConnection: keep-alive, Upgrade',
    '\r\nOrigin: null',
  ] as const
  const paths = [
    '/dev',
    '//dev',
    '/dev?%',
    '/%E0%A4%A',
    '/dev/@connections/x',
    '/@connections/%',
    '/../dev',
    'http://localhost/dev',
    '*',
  ] as const
  for (let run = 0; run < 80; run++)
    await say(
      `${OPENING(random.pick(paths), random.pick(['dGhlIHNhbXBsZSBub25jZQ==', '', '=', randomBytes(16).toString('base64')]))}${random.pick(bent)}\r\n\r\n`,
      'body',
    )
  await isWell()
})

test('one connection that asks for other protocols over and over', { timeout: 60_000 }, async () => {
  const warnings: string[] = []
  const hear = (warning: Error): void => void warnings.push(warning.name)
  process.on('warning', hear)
  const socket = dial(port(), '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  const asks = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'
  for (let count = 1; count <= 100; count++) {
    socket.write(asks)
    while ((text.match(/HTTP\/1\.1 200/g)?.length ?? 0) < count) await new Promise(setImmediate)
  }
  socket.destroy()
  process.off('warning', hear)
  assert.deepEqual(
    warnings.filter((name) => name === 'MaxListenersExceededWarning'),
    [],
  )
  await isWell()
})

test('frames are told by their headers, however the bytes are cut', () => {
  const random = seeded(13)
  const frame = (length: number, masked: boolean): Buffer => {
    const head =
      length < 126
        ? [length]
        : length < 65_536
          ? [126, length >> 8, length & 255]
          : [127, 0, 0, 0, 0, ...Buffer.from(Uint32Array.of(length).buffer).reverse()]
    const [first = 0, ...rest] = head
    return Buffer.concat([
      Buffer.from([0x81, first | (masked ? 128 : 0), ...rest, ...(masked ? [1, 2, 3, 4] : [])]),
      Buffer.alloc(length, 0x7f),
    ])
  }
  for (let run = 0; run < rounds(500); run++) {
    const lengths = Array.from({ length: 1 + random.whole(5) }, () =>
      random.pick([0, 1, 125, 126, 127, 999, 1_000, 1_001, 65_535, 65_536, 70_000]),
    )
    const bytes = Buffer.concat(lengths.map((length) => frame(length, random.whole(2) === 0)))
    const limit = random.pick([1_000, 65_535, 100_000])
    const watch = new FrameWatch(limit)
    let found = false
    for (let at = 0; at < bytes.length && !found; ) {
      const size = 1 + random.whole(random.pick([3, 100, 100_000]))
      found = watch.take(bytes.subarray(at, at + size))
      at += size
    }
    assert.equal(
      found,
      lengths.some((length) => length > limit),
      `${lengths} ${limit}`,
    )
  }
})
