// `cloud.websocket`: connecting to an app's WebSocket APIs from a test.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { RefusedError, start, type TestCloud } from '../../src/testing/index.ts'
import { chat } from '../fixtures/testing/chat.ts'

let cloud: TestCloud
before(async () => {
  cloud = await start('test/fixtures/testing/chat.ts')
})
after(() => cloud.close())

test('what is sent is answered, in messages that can be waited for or looked at', async () => {
  await using socket = await cloud.websocket(chat, '/?room=a')
  assert.match(socket.url, /^ws:\/\/127\.0\.0\.1:\d+\/chat\/dev\?room=a$/)
  assert.equal(socket.protocol, '')
  await socket.send({ action: 'say', text: 'hi' })
  assert.deepEqual([(await socket.next()).json, (await socket.next()).json], [{ half: 'hi' }, { said: 'hi' }])
  await socket.send('plain')
  const { text, bytes } = await socket.next()
  assert.equal(text, 'plain')
  assert.equal(Buffer.from(bytes).toString(), 'plain')
  assert.equal(socket.messages.length, 3)
})

test('an API is named by its handle, its export or its name; without a name there must be but one', async () => {
  for (const target of [chat, 'chat']) await (await cloud.websocket(target, '/')).close()
  await assert.rejects(cloud.websocket('/'), /several WebSocket APIs: chat, inner, diary/)
  await assert.rejects(cloud.websocket('chta', '/'), /no WebSocket API `chta`\. Did you mean `chat`\?/)
})

test('whoever is refused learns why', async () => {
  await assert.rejects(cloud.websocket(chat, '/?room=closed'), (error: unknown) => {
    assert.ok(error instanceof RefusedError)
    assert.equal(error.status, 403)
    return true
  })
  await assert.rejects(cloud.websocket('inner', '/'), { status: 401 })
  await assert.rejects(cloud.websocket('inner', '/?token=x'), { status: 403 })
  await using socket = await cloud.websocket('inner', '/?token=secret')
  await socket.send('who?')
  assert.equal((await socket.next()).text, 'u1')
})

test('headers and subprotocols go along', async () => {
  await using socket = await cloud.websocket(chat, '/', { protocols: ['v1', 'v2'], headers: { 'x-a': '1' } })
  assert.equal(socket.protocol, 'v2')
})

test('the end is told to both sides', async () => {
  const socket = await cloud.websocket(chat, '/')
  assert.deepEqual(await socket.close(4000, 'enough'), { code: 4000, reason: 'enough' })
  await cloud.settle()
  assert.equal(cloud.logs('leave').filter((line) => line.endsWith('left with 4000')).length, 1)

  const kicked = await cloud.websocket(chat, '/')
  await kicked.send({ action: 'kick' })
  assert.equal(typeof (await kicked.closed).code, 'number')
  await assert.rejects(kicked.next(), /the connection has ended with \d+/)
})

test('who waits in vain is told so, and takes nothing from who waits next', async () => {
  await using socket = await cloud.websocket(chat, '/')
  await assert.rejects(socket.next({ seconds: 0.05 }), /none came within 0\.05 s/)
  const [first, second] = [socket.next(), socket.next()]
  for (const text of ['a', 'b', 'c']) await socket.send(text)
  const texts = await Promise.all([first, second, socket.next()])
  assert.deepEqual(texts.map(({ text }) => text).sort(), ['a', 'b', 'c'])
})
