// The @connections API of the local cloud, by AWS's own client: from outside, and from functions as they are written for AWS.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { type Running, runApp } from '../support/cloud.ts'
import { bundled, connect, ECHO, toApp, toModule, toWebsocket, toWebsocketRoute } from '../support/websocket.ts'

const OK = 'return { statusCode: 200 }'
const credentials = { accessKeyId: 'goblet', secretAccessKey: 'goblet' }
const region = 'us-east-1'

const urlOf = ({ cloud }: Running): string => cloud.websockets.get('chat') ?? assert.fail()
const idOf = async (client: Awaited<ReturnType<typeof connect>>): Promise<string> => {
  client.send('who')
  return (await client.json()).requestContext.connectionId
}

function open(endpoint: string): ApiGatewayManagementApiClient & Disposable {
  const client = new ApiGatewayManagementApiClient({ endpoint, region, credentials, maxAttempts: 1 })
  return Object.assign(client, { [Symbol.dispose]: () => client.destroy() })
}

const post = (client: ApiGatewayManagementApiClient, ConnectionId: string, Data: string | Uint8Array) =>
  client.send(new PostToConnectionCommand({ ConnectionId, Data }))

const failing = async (work: Promise<unknown>): Promise<{ name: string; status: number; message: string }> => {
  const error = await work.then(
    () => assert.fail('It did not fail.'),
    (problem) => problem,
  )
  return { name: error.name, status: error.$metadata?.httpStatusCode, message: error.message }
}

describe('@connections, by the SDK', () => {
  test('sends, tells and ends, on the app’s port and on the AWS port', async () => {
    await using running = await runApp(toApp({ $default: ECHO }))
    const { http, aws } = running.cloud
    const paths = ['/dev', '/dev/', '/chat/dev', '/_aws/execute-api/chat000000/dev']
    for (const endpoint of [http, aws, ...paths.flatMap((path) => [http + path, aws + path])]) {
      using api = open(endpoint)
      await using client = await connect(urlOf(running), { headers: { 'user-agent': 'mine' } })
      const ConnectionId = await idOf(client)
      const { $metadata: sent } = await post(api, ConnectionId, '{"text":"hi"}')
      assert.equal(sent.httpStatusCode, 200, endpoint)
      assert.deepEqual(await client.json(), { text: 'hi' })
      const { Identity, ConnectedAt, LastActiveAt } = await api.send(new GetConnectionCommand({ ConnectionId }))
      const told = JSON.stringify(Identity)
      assert.ok(ConnectedAt instanceof Date && LastActiveAt instanceof Date && LastActiveAt >= ConnectedAt, told)
      const { $metadata: closed } = await api.send(new DeleteConnectionCommand({ ConnectionId }))
      assert.equal(closed.httpStatusCode, 204)
      await assert.rejects(post(api, ConnectionId, 'x'), GoneException)
      assert.deepEqual(await client.closed, { code: 1000, reason: 'Connection Closed Normally' })
    }
  })

  test('tells $disconnect of an end that the app made', async () => {
    const tells = `console.log(JSON.stringify(event.requestContext)); ${OK}`
    await using running = await runApp(toApp({ $default: ECHO, $disconnect: tells }))
    using api = open(`${running.cloud.http}/dev`)
    await using client = await connect(urlOf(running))
    await api.send(new DeleteConnectionCommand({ ConnectionId: await idOf(client) }))
    await client.closed
    while (!running.lines('on_disconnect').some((line) => line.includes('"disconnectStatusCode":1000')))
      await new Promise((resolve) => setTimeout(resolve, 10))
  })

  test('says that a connection is gone, or never was one', async () => {
    await using running = await runApp(toApp({ $default: ECHO }))
    using api = open(`${running.cloud.http}/dev`)
    const client = await connect(urlOf(running))
    const ConnectionId = await idOf(client)
    client.socket.close(1000)
    await client.closed
    await new Promise((resolve) => setTimeout(resolve, 50))
    const gone = [
      () => post(api, ConnectionId, 'x'),
      () => api.send(new GetConnectionCommand({ ConnectionId })),
      () => api.send(new DeleteConnectionCommand({ ConnectionId })),
      () => post(api, 'R1kmxc2VNjMCFIA=', 'x'),
    ]
    for (const one of gone) assert.deepEqual((await failing(one())).status, 410)
    const { name, status, message } = await failing(post(api, 'no-such-connection', 'x'))
    assert.deepEqual(
      { name, status, message },
      { name: 'BadRequestException', status: 400, message: 'Invalid connectionId: no-such-connection' },
    )
    await running.restart()
    using again = open(`${running.cloud.http}/dev`)
    assert.equal((await failing(post(again, ConnectionId, 'x'))).status, 410)
  })

  test('refuses more than 128 KB', async () => {
    await using running = await runApp(toApp({ $default: ECHO }))
    await using client = await connect(urlOf(running))
    const id = await idOf(client)
    for (const endpoint of [running.cloud.http, running.cloud.aws]) {
      using api = open(`${endpoint}/dev`)
      await post(api, id, 'x'.repeat(128 * 1024))
      assert.equal((await client.next()).length, 128 * 1024)
      const { name, status } = await failing(post(api, id, 'x'.repeat(128 * 1024 + 1)))
      assert.deepEqual({ name, status }, { name: 'PayloadTooLargeException', status: 413 })
      await post(api, id, 'still there')
      assert.equal(await client.next(), 'still there')
    }
  })

  test('sends text as text, and what is none as bytes', async () => {
    await using running = await runApp(toApp({ $default: ECHO }))
    await using client = await connect(urlOf(running))
    using api = open(`${running.cloud.http}/dev`)
    const id = await idOf(client)
    const kinds: boolean[] = []
    client.socket.on('message', (_data, isBinary) => kinds.push(isBinary))
    for (const data of ['grüße 🎉', '', Buffer.from('text'), Buffer.from([0xff, 0x00])]) {
      await post(api, id, data)
      await client.next()
    }
    assert.deepEqual(kinds, [false, false, false, true])
  })

  test('of one API does not reach connections of another', async () => {
    const functions = { one: toModule(ECHO), other: toModule(ECHO) }
    const resources = [toWebsocket('chat'), toWebsocket('feed', { stage: 'live' })]
    const triggers = [toWebsocketRoute('one', 'chat', '$default'), toWebsocketRoute('other', 'feed', '$default')]
    await using running = await runApp({ functions, resources, triggers })
    await using client = await connect(urlOf(running))
    const id = await idOf(client)
    using own = open(`${running.cloud.http}/chat/dev`)
    await post(own, id, 'x')
    await client.next()
    for (const path of ['/feed/live', '/live']) {
      using other = open(running.cloud.http + path)
      assert.equal((await failing(post(other, id, 'x'))).status, 410, path)
    }
    using nowhere = open(`${running.cloud.aws}/prod`)
    assert.equal((await failing(post(nowhere, id, 'x'))).status, 403)
  })

  test('says that the client reads nothing, before memory is full of it', async () => {
    await using running = await runApp(toApp({ $default: ECHO }))
    await using client = await connect(urlOf(running))
    using api = open(`${running.cloud.http}/dev`)
    const id = await idOf(client)
    client.socket.pause()
    let refused = ''
    for (let count = 0; count < 400 && refused === ''; count++)
      refused = await post(api, id, 'x'.repeat(100_000)).then(
        () => '',
        (error) => error.name,
      )
    assert.equal(refused, 'LimitExceededException')
    client.socket.resume()
  })
})

describe('@connections needs a signature', () => {
  const headersOf = (service: string) => ({
    authorization: `AWS4-HMAC-SHA256 Credential=goblet/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`,
    'x-amz-date': '20260101T000000Z',
  })

  test('and is not for pages', async () => {
    await using running = await runApp(toApp({ $default: ECHO }))
    await using client = await connect(urlOf(running))
    const id = encodeURIComponent(await idOf(client))
    const { http, aws } = running.cloud
    const ask = async (url: string, headers: Record<string, string> = {}) => {
      const answer = await fetch(url, { method: 'POST', body: 'x', headers })
      return [answer.status, answer.headers.get('x-amzn-errortype'), await answer.text()]
    }
    const path = `/dev/@connections/${id}`
    const missing = [403, 'MissingAuthenticationTokenException', '{"message":"Missing Authentication Token"}']
    assert.deepEqual(await ask(http + path), missing)
    assert.deepEqual(await ask(`${aws}/_aws/execute-api/chat000000${path}`), missing)
    assert.deepEqual(await ask(aws + path), missing)
    const [status, type] = await ask(http + path, headersOf('s3'))
    assert.deepEqual([status, type], [403, 'InvalidSignatureException'])
    const own = headersOf('execute-api')
    for (const page of [{ origin: 'https://evil.example' }, { referer: http }, { 'sec-fetch-site': 'same-origin' }])
      assert.equal((await ask(http + path, { ...own, ...page }))[0], 403)
    assert.equal((await ask(http + path, own))[0], 200)
    assert.equal(await client.next(), 'x')
    // `@` and the id may be written in any way.
    for (const one of [
      `/dev/%40connections/${id}`,
      `/dev/@connections/${decodeURIComponent(id)}`,
      `/%40connections/${id}`,
    ]) {
      assert.equal((await ask(http + one, own))[0], 200, one)
      await client.next()
    }
    assert.equal((await fetch(http + path, { method: 'PUT', headers: own })).status, 403)
    assert.equal((await ask(`${http}/dev/@connections/%E0%A4%A`, own))[0], 404)
  })
})

describe('a function that is written for AWS', () => {
  test('posts to its own connection by the domain name of the event', async () => {
    const code = `
      const api = clientOf(event.requestContext)
      for (let count = 0; count < 3; count++) await post(api, event.requestContext.connectionId, 'n' + count)
      return { statusCode: 200 }`
    const app = toApp({ $default: await bundled(code) })
    await using running = await runApp(app)
    await using client = await connect(urlOf(running))
    client.send('go')
    for (const text of ['n0', 'n1', 'n2']) assert.equal(await client.next(), text)
    const hops = running.cloud.journal.read().flatMap((entry) => (entry.kind === 'hop' ? [entry.text] : []))
    assert.ok(
      hops.some((text) => text.startsWith('execute-api POST /dev/@connections/')),
      hops.join('\n'),
    )
  })

  test('hears 410 inside $connect: the connection is not there yet', async () => {
    const code = `
      const failed = await post(clientOf(event.requestContext), event.requestContext.connectionId, 'x').catch((error) => error)
      console.log('POST ' + failed.name + ' ' + failed.$metadata.httpStatusCode)
      return { statusCode: 200 }`
    const app = toApp({ $connect: await bundled(code) })
    await using running = await runApp(app)
    await using _client = await connect(urlOf(running))
    assert.ok(running.lines('on_connect').some((line) => line.includes('POST GoneException 410')))
  })

  test('opens a WebSocket to its own API by the name that it has on AWS', async () => {
    const code = `
      if (event.body === 'inner') return { statusCode: 200, body: 'from inside' }
      const { domainName, stage } = event.requestContext
      const socket = new WebSocket('wss://' + domainName + '/' + stage)
      const got = await new Promise((resolve, reject) => {
        socket.on('open', () => socket.send('inner'))
        socket.on('message', (data) => resolve(String(data)))
        socket.on('error', reject)
      })
      socket.close()
      return { statusCode: 200, body: got }`
    await using running = await runApp(toApp({ $default: await bundled(code) }))
    await using client = await connect(urlOf(running))
    client.send('go')
    assert.equal(await client.next(), 'from inside')
  })

  test('knows where connections are managed by its environment', async () => {
    await using running = await runApp(
      toApp({ $default: 'return { statusCode: 200, body: process.env.GOBLET_WEBSOCKET_CHAT }' }),
    )
    await using client = await connect(urlOf(running))
    client.send('x')
    assert.equal(await client.next(), `${running.cloud.http}/dev`)
  })
})
