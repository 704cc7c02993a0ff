// `sendAll` by one call, as the local cloud lets functions do it, and by a call for each connection, as on AWS: both ways come to the same.
import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { after, afterEach, before, describe, test } from 'node:test'
import { connectionsOf } from '../../src/runtime/connections.ts'
import { type Running, runApp } from '../support/cloud.ts'
import { type Connected, connect, ECHO, toApp, toModule, toWebsocket, toWebsocketRoute } from '../support/websocket.ts'

const BATCH = 'GOBLET_WEBSOCKETS_BATCH'
const saved = { ...process.env }
let running: Running
const clients: Connected[] = []

before(async () => {
  const functions = { one: toModule(ECHO), other: toModule(`return { statusCode: 200, body: process.env.${BATCH} }`) }
  const resources = [toWebsocket('chat'), toWebsocket('feed', { stage: 'live' })]
  const triggers = [toWebsocketRoute('one', 'chat', '$default'), toWebsocketRoute('other', 'feed', '$default')]
  running = await runApp({ functions, resources, triggers })
  const variables = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'goblet', AWS_SECRET_ACCESS_KEY: 'goblet' }
  Object.assign(process.env, variables)
  delete process.env.AWS_SESSION_TOKEN
})
after(async () => {
  process.env = saved
  await running[Symbol.asyncDispose]()
})
afterEach(async () => {
  delete process.env[BATCH]
  for (const client of clients.splice(0)) await client[Symbol.asyncDispose]()
})

const errors = { gone: (id: string) => new Error(`gone ${id}`), tooLarge: (message: string) => new Error(message) }
const open = (path = '/chat/dev', port = running.cloud.http) => connectionsOf(port + path, errors)

async function join(name = 'chat'): Promise<Connected & { readonly id: string }> {
  const client = await connect(running.cloud.websockets.get(name) ?? assert.fail())
  clients.push(client)
  client.send('who')
  const { requestContext } = name === 'chat' ? await client.json() : { requestContext: { connectionId: '' } }
  return Object.assign(client, { id: String(requestContext.connectionId) })
}

const refusal = (work: Promise<unknown>): Promise<{ message: string; errors: unknown[] }> =>
  work.then(
    () => assert.fail('It did not fail.'),
    (error) => error,
  )

for (const way of ['one call for all', 'a call for each'])
  describe(way, () => {
    const isBatch = way === 'one call for all'
    const choose = (): void => {
      if (isBatch) process.env[BATCH] = '1'
    }

    test('reaches whoever is there, once for each time it is named, and tells who is gone', async () => {
      choose()
      const [ada, bob, eve] = [await join(), await join(), await join()]
      eve.socket.close(1000)
      await eve.closed
      await new Promise((resolve) => setTimeout(resolve, 50))
      for (const port of [running.cloud.http, running.cloud.aws]) {
        const ids = new Set([ada.id, eve.id, bob.id, 'R1kmxc2VNjMCFIA='])
        const { sent, gone } = await open('/chat/dev', port).sendAll(ids, { n: 1 })
        assert.deepEqual({ sent, gone: gone.sort() }, { sent: 2, gone: [eve.id, 'R1kmxc2VNjMCFIA='].sort() })
        assert.deepEqual([await ada.json(), await bob.json()], [{ n: 1 }, { n: 1 }])
      }
      assert.deepEqual(await open().sendAll([ada.id, ada.id, bob.id], 'x'), { sent: 3, gone: [] })
      assert.deepEqual([await ada.next(), await ada.next(), await bob.next()], ['x', 'x', 'x'])
      assert.deepEqual(await open().sendAll([], 'x'), { sent: 0, gone: [] })
      assert.deepEqual(await open().sendAll([bob.id], 'x'), { sent: 1, gone: [] })
    })

    test('sends text, bytes and values, of every size, as they are', async () => {
      choose()
      const [ada, bob] = [await join(), await join()]
      const kinds: boolean[] = []
      ada.socket.on('message', (_data, binary) => kinds.push(binary))
      const sizes = [0, 1, 125, 126, 65_535, 65_536, 131_072].map((size) => 'x'.repeat(size))
      const texts = ['grüße 🎉', 'a\nb', '\n', '["x"]\n', ...sizes]
      for (const text of texts) {
        assert.deepEqual(await open().sendAll([ada.id, bob.id], text), { sent: 2, gone: [] })
        assert.ok((await ada.next()) === text && (await bob.next()) === text, text.slice(0, 20))
      }
      await open().sendAll([ada.id, bob.id], Buffer.from('text\n'))
      assert.equal(await bob.next(), 'text\n')
      assert.ok(!kinds.includes(true))
      const got = new Promise((resolve) => bob.socket.once('message', (data) => resolve(data)))
      const bytes = Buffer.from([0xff, 0x0a, 0x00, 0xfe])
      await open().sendAll([ada.id, bob.id], bytes)
      assert.deepEqual(await got, bytes)
      assert.equal(kinds.at(-1), true)
      const large = await refusal(open().sendAll([ada.id], 'x'.repeat(131_073)))
      assert.match(large.message, /131073 bytes/)
    })

    test('tries all, and fails with what refused', async () => {
      choose()
      const ada = await join()
      const ids = ['no-such-connection', ada.id, '', 'R1kmxc2VNjMCFIA=']
      const { message, errors } = await refusal(open().sendAll(ids, 'x'))
      assert.match(message, /^2 of 4 connections could not be sent to: AwsError: /)
      const told = errors.map((error) => `${Reflect.get(Object(error), 'status')} ${error}`).sort()
      assert.match(told[0] ?? '', /^400 AwsError: BadRequestException: Invalid connectionId: no-such-connection$/)
      assert.equal(await ada.next(), 'x')
      const nowhere = await refusal(open('/nowhere/dev', running.cloud.aws).sendAll([ada.id, ada.id], 'x'))
      assert.match(nowhere.message, /^2 of 2 connections could not be sent to: AwsError: ForbiddenException/)
    })

    test('keeps one API’s connections from another’s client', async () => {
      choose()
      const [ada, bob] = [await join(), await join()]
      const { sent, gone } = await open('/feed/live').sendAll([ada.id, bob.id], 'x')
      assert.deepEqual({ sent, gone: gone.sort() }, { sent: 0, gone: [ada.id, bob.id].sort() })
    })

    test('says of one who reads nothing that it does not, and reaches the others', async () => {
      choose()
      const [deaf, ada] = [await join(), await join()]
      deaf.socket.pause()
      const [many, large] = [Array.from({ length: 200 }, () => deaf.id), 'x'.repeat(131_072)]
      const { errors } = await refusal(open().sendAll(many, large))
      assert.ok(errors.length > 50 && errors.length < 200, String(errors.length))
      const { message } = await refusal(open().sendAll([deaf.id, ada.id], 'x'))
      assert.match(message, /^1 of 2 connections could not be sent to: AwsError: LimitExceededException/)
      assert.equal(await ada.next(), 'x')
    })

    test(isBatch ? 'asks once' : 'asks for each', async () => {
      choose()
      const [ada, bob] = [await join(), await join()]
      let asked = 0
      const count = (): void => void asked++
      subscribe('http.client.request.start', count)
      await open().sendAll([ada.id, bob.id, 'R1kmxc2VNjMCFIA='], 'x')
      unsubscribe('http.client.request.start', count)
      assert.equal(asked, isBatch ? 1 : 3)
    })
  })

test('functions of apps with WebSockets are told that they may', async () => {
  const client = await join('feed')
  assert.equal(await client.next(), '1')
})

test('functions of other apps are not', async () => {
  await using other = await runApp({ functions: { f: toModule(`return { is: '${BATCH}' in process.env }`) } })
  const { payload } = await other.cloud.invoke('f', '{}')
  assert.deepEqual(JSON.parse(payload), { is: false })
})

test('what a function sends to many is one step of the journal, which says to how many', async () => {
  const code = `
    const { request } = await import('node:http')
    const [url, id] = [new URL(process.env.GOBLET_WEBSOCKET_CHAT), event.requestContext.connectionId]
    const headers = {
      authorization: 'AWS4-HMAC-SHA256 Credential=goblet/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=00',
      'x-amz-date': '20260101T000000Z',
      'x-amz-security-token': process.env.AWS_SESSION_TOKEN,
      'x-amz-target': 'execute-api.SendAll to 2 connections',
    }
    await new Promise((resolve) => {
      const sent = request(url + '/@connections/*', { method: 'POST', headers }, (answer) => answer.resume().on('end', resolve))
      sent.end(JSON.stringify([id, id]) + '\\nhi')
    })
    return { statusCode: 200 }`
  await using one = await runApp(toApp({ $default: code }))
  await using client = await connect(one.cloud.websockets.get('chat') ?? assert.fail())
  client.send('go')
  assert.deepEqual([await client.next(), await client.next()], ['hi', 'hi'])
  const hops = one.cloud.journal.read().flatMap((entry) => (entry.kind === 'hop' ? [entry.text] : []))
  assert.deepEqual(
    hops.filter((text) => text.startsWith('execute-api')),
    ['execute-api SendAll to 2 connections'],
  )
})

test('a list that is none is refused, and without its own header the call is AWS’s', async () => {
  const ask = async (
    body: string | Buffer,
    headers: Record<string, string> = { 'x-amz-target': 'execute-api.SendAll' },
  ) => {
    const authorization =
      'AWS4-HMAC-SHA256 Credential=goblet/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=00'
    const url = `${running.cloud.http}/chat/dev/@connections/*`
    const answer = await fetch(url, { method: 'POST', headers: { ...headers, authorization }, body: Buffer.from(body) })
    return [answer.status, await answer.text()]
  }
  const none = [400, '{"message":"No ids"}']
  for (const body of ['', '\n', '["a"]', '{}\nx', '[1]\nx', '[\nx', Buffer.from([0xff, 0x0a])])
    assert.deepEqual(await ask(body), none)
  assert.deepEqual(await ask('[]\nx'), [200, '{"sent":0,"gone":[],"refused":[]}'])
  assert.equal((await ask(`[]\n${'x'.repeat(131_073)}`))[0], 413)
  assert.deepEqual(await ask('[]\nx', {}), [400, '{"message":"Invalid connectionId: *"}'])
})
