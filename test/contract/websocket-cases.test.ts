// The recorded cases of WebSocket APIs against the local cloud, by real clients; the others stand in docs/parity.md.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ApiGatewayManagementApiClient, GetConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import { CreateTableCommand, DynamoDBClient, PutItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { startClock } from '../../src/local/clock.ts'
import { type Running, runApp } from '../support/cloud.ts'
import { bundled, type Connected, connect, ECHO, refused, toApp, toModule } from '../support/websocket.ts'
import { readCases } from './cases.ts'
import { isAsked } from './parity.ts'

interface Recorded {
  readonly id: string
  // biome-ignore lint/suspicious/noExplicitAny: the cases are data of many forms, each read where its form is known
  readonly given: any
  // biome-ignore lint/suspicious/noExplicitAny: the cases are data of many forms, each read where its form is known
  readonly expect: any
}

const cases: readonly Recorded[] = JSON.parse(JSON.stringify(readCases('contract-websocket')))

const OK = 'return { statusCode: 200 }'
const MINUTE = 60_000
const sleep = (milliseconds: number): string => `await new Promise((resolve) => setTimeout(resolve, ${milliseconds}))`
const urlOf = ({ cloud }: Running): string => cloud.websockets.get('chat') ?? assert.fail()

/** What a function printed behind a word, once it has. */
async function printed(running: Running, name: string, word: string, patience = 5_000) {
  for (const end = Date.now() + patience; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 10))) {
    const line = running.lines(name).find((one) => one.includes(`${word} `))
    if (line !== undefined) return JSON.parse(line.slice(line.indexOf(`${word} `) + word.length))
  }
  return assert.fail(`${name} did not print ${word}`)
}

const TELLS = (word: string): string => `console.log('${word} ' + JSON.stringify(event)); ${OK}`

const guardedBy = (identity: readonly string[]) =>
  ({ kind: 'authorizer', function: 'guard', style: 'request', header: '', identity, ttl: 0 }) as const

function guarded(guard: string, identity: readonly string[] = []) {
  const app = toApp({ $connect: OK, $default: ECHO }, {}, { $connect: { auth: guardedBy(identity) } })
  return { ...app, functions: { ...app.functions, guard: toModule(guard) } }
}

const ASK: Readonly<Record<string, (expect: Recorded['expect'], given: Recorded['given']) => Promise<void>>> = {
  'ws-connect-throw': async ({ handshake }) => {
    await using running = await runApp(toApp({ $connect: "throw new Error('no')" }))
    assert.equal((await refused(urlOf(running))).status, handshake)
  },
  'ws-auth-throw': async ({ handshake }) => {
    await using running = await runApp(guarded("throw new Error('no')"))
    assert.equal((await refused(urlOf(running))).status, handshake)
  },
  'ws-pending-until-connect-done': async () => {
    await using running = await runApp(toApp({ $connect: `${sleep(2_000)}; ${OK}` }))
    const began = performance.now()
    await using _client = await connect(urlOf(running))
    assert.ok(performance.now() - began >= 1_990)
  },
  'ws-select-missing-path': async ({ routeKey }, { expr, routes }) => {
    const named = Object.fromEntries(routes.map((route: string) => [route, ECHO]))
    await using running = await runApp(toApp(named, { select: expr }))
    await using client = await connect(urlOf(running))
    client.send({ action: 'join' })
    assert.equal((await client.json()).requestContext.routeKey, routeKey)
  },
  'ws-handler-timeout': async ({ message }) => {
    const made = { timeout: 60 }
    const app = toApp({ join: sleep(60_000), $default: ECHO }, {}, { join: { made } })
    await using running = await runApp(app, { clock: startClock('virtual') })
    await using client = await connect(urlOf(running))
    client.send({ action: 'join' })
    while (running.lines('on_join').length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await running.cloud.clock.advance(29_000)
    const got = await client.json()
    assert.deepEqual(Object.keys(got), Object.keys(message))
    assert.equal(got.message, message.message)
    client.send('still open')
    assert.equal((await client.json()).body, 'still open')
  },
  'ws-disconnect-event-shape': async ({ event }) => {
    await using running = await runApp(toApp({ $disconnect: TELLS('GONE') }))
    await using client = await connect(urlOf(running))
    client.socket.close(1001)
    const { headers, requestContext: context } = await printed(running, 'on_disconnect', 'GONE')
    assert.equal(context.eventType, event['requestContext.eventType'])
    assert.equal(context.disconnectStatusCode, event['requestContext.disconnectStatusCode'])
    assert.equal(context.disconnectReason, event['requestContext.disconnectReason'])
    assert.deepEqual(Object.keys(headers), event.headers)
  },
  'ws-post-during-connect': async ({ postStatus }) => {
    const code = await bundled(`
      const failed = await post(clientOf(event.requestContext), event.requestContext.connectionId, 'x').catch((error) => error)
      console.log('POST ' + failed.$metadata.httpStatusCode)
      ${OK}`)
    await using running = await runApp(toApp({ $connect: code }))
    await using _client = await connect(urlOf(running))
    assert.equal(await printed(running, 'on_connect', 'POST'), postStatus)
  },
  'ws-message-too-big': async ({ close }) => {
    await using running = await runApp(toApp({ $default: ECHO }))
    await using client = await connect(urlOf(running))
    const text = 'x'.repeat(128 * 1024 + 1)
    for (let at = 0; at < text.length; at += 32 * 1024)
      client.socket.send(text.slice(at, at + 32 * 1024), { fin: at + 32 * 1024 >= text.length })
    assert.equal((await client.closed).code, close)
  },
  'ws-max-duration': async ({ closed }) => {
    await using running = await runApp(toApp({ $default: ECHO }), { clock: startClock('virtual') })
    await using client = await connect(urlOf(running))
    for (let passed = 0; passed < 120; passed += 5) {
      client.send('active')
      await client.next()
      await running.cloud.clock.advance(5 * MINUTE)
    }
    assert.equal((await client.closed).code === 1001, closed)
  },
  'ws-tiny-fragments-dos': async ({ close, memoryGrowthMBmax }) => {
    await using running = await runApp(toApp({ $default: ECHO }))
    await using client = await connect(urlOf(running))
    const before = process.memoryUsage().rss
    for (let count = 0; count < 100_000 && client.socket.readyState === client.socket.OPEN; count++) {
      client.socket.send('x', { fin: false })
      if (count % 1_000 === 0) await new Promise(setImmediate)
    }
    assert.ok(close.includes(String((await client.closed).code)))
    assert.ok((process.memoryUsage().rss - before) / 1024 / 1024 < memoryGrowthMBmax)
  },
  'WS-01': async () => {
    await using chat = await openChat()
    await using _client = await connect(`${urlOf(chat.running)}?room_name=python`)
    const { requestContext: context, ...event } = await printed(chat.running, 'life', 'CONNECT')
    assert.deepEqual(await chat.connections(), [{ connection_id: context.connectionId, room_name: 'python' }])
    const { eventType, routeKey, messageDirection, connectedAt } = context
    assert.deepEqual(
      { eventType, routeKey, messageDirection },
      { eventType: 'CONNECT', routeKey: '$connect', messageDirection: 'IN' },
    )
    assert.equal(typeof connectedAt, 'number')
    for (const name of ['stage', 'domainName', 'apiId', 'requestId', 'extendedRequestId', 'requestTimeEpoch'])
      assert.ok(context[name], name)
    assert.ok(context.identity.sourceIp)
    assert.ok(event.headers && event.multiValueHeaders)
    assert.equal(event.queryStringParameters.room_name, 'python')
  },
  'WS-03': async () => {
    await using chat = await openChat()
    await using inPython = await connect(`${urlOf(chat.running)}?room_name=python`)
    await using inGo = await connect(`${urlOf(chat.running)}?room_name=go`)
    inPython.send({ action: 'sendMessage', room_name: 'python', text: 'hi' })
    assert.deepEqual(await inPython.json(), { text: 'hi' })
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    assert.deepEqual(inGo.waiting, [])
  },
  'WS-06': async () => {
    await using chat = await openChat()
    const put = (room: string, index: number) => {
      const Item = { message_type: { S: 'm' }, index: { N: String(index) }, room_name: { S: room } }
      return chat.db.send(new PutItemCommand({ TableName: 'messages', Item }))
    }
    for (let index = 0; index < 12; index++) await put('a', index)
    for (let index = 12; index < 30; index++) await put('b', index)
    const { Count, ScannedCount } = await chat.db.send(
      new QueryCommand({
        TableName: 'messages',
        KeyConditionExpression: 'message_type = :m',
        FilterExpression: 'room_name = :r',
        ExpressionAttributeValues: { ':m': { S: 'm' }, ':r': { S: 'a' } },
        ScanIndexForward: false,
        Limit: 10,
      }),
    )
    assert.deepEqual({ Count, ScannedCount }, { Count: 0, ScannedCount: 10 })
  },
  'WS-07': async () => {
    await using running = await runApp(toApp({ $default: ECHO, sendMessage: OK }))
    await using client = await connect(urlOf(running))
    client.send('{"action":"nosuch"}')
    const { requestContext: context, body } = await client.json()
    assert.equal(context.routeKey, '$default')
    assert.equal(context.eventType, 'MESSAGE')
    assert.equal(body, '{"action":"nosuch"}')
  },
  'WS-08': async () => {
    await using running = await runApp(toApp({ $default: ECHO, sendMessage: OK }))
    await using client = await connect(urlOf(running))
    client.send('not json')
    assert.equal((await client.json()).body, 'not json')
  },
  'WS-09': async () => {
    await using running = await runApp(toApp({ sendMessage: ECHO }))
    await using client = await connect(urlOf(running))
    client.send({ action: 'nosuch' })
    const told = await client.json()
    assert.deepEqual(Object.keys(told), ['message', 'connectionId', 'requestId'])
    assert.equal(told.message, 'Forbidden')
    client.send({ action: 'sendMessage' })
    await client.next()
  },
  'WS-11': async () => {
    await using chat = await openChat()
    const client = await connect(`${urlOf(chat.running)}?room_name=python`)
    const { requestContext: opened } = await printed(chat.running, 'life', 'CONNECT')
    client.socket.close(1000)
    const { requestContext: context } = await printed(chat.running, 'life', 'DISCONNECT')
    assert.equal(context.connectionId, opened.connectionId)
    assert.equal(context.disconnectStatusCode, 1000)
    assert.equal(typeof context.disconnectReason, 'string')
    for (let tries = 0; tries < 100 && (await chat.connections()).length > 0; tries++)
      await new Promise((resolve) => setTimeout(resolve, 20))
    assert.deepEqual(await chat.connections(), [])
    assert.equal(chat.running.lines('life').filter((line) => line.includes('DISCONNECT {')).length, 1)
  },
  'WS-14': async () => {
    await using running = await runApp(toApp({ $default: ECHO }))
    await using client = await connect(urlOf(running))
    assert.equal(client.socket.readyState, client.socket.OPEN)
  },
  'WS-19': async () => {
    await using running = await runApp(toApp({ $default: ECHO }))
    await using client = await connect(urlOf(running), { headers: { 'user-agent': 'mine' } })
    const answer = await manage(running).send(new GetConnectionCommand({ ConnectionId: await idOf(client) }))
    assert.equal(answer.$metadata.httpStatusCode, 200)
    assert.ok(answer.ConnectedAt && answer.LastActiveAt)
    assert.deepEqual(Object.values(answer.Identity ?? {}).toSorted(), ['127.0.0.1', 'mine'])
  },
  'WS-21': async () => {
    const code = await bundled(`
      const failed = await post(clientOf(event.requestContext), event.requestContext.connectionId, 'x'.repeat(200 * 1024)).catch((error) => error)
      return { statusCode: 200, body: failed.name + ' ' + failed.$metadata.httpStatusCode }`)
    await using running = await runApp(toApp({ $default: code }))
    await using client = await connect(urlOf(running))
    client.send('go')
    assert.equal(await client.next(), 'PayloadTooLargeException 413')
    client.send('x'.repeat(200 * 1024))
    assert.equal((await client.closed).code, 1009)
  },
  'WS-26': async () => {
    await using running = await runApp(guarded(OK, ['$request.header.Auth']))
    assert.equal((await refused(urlOf(running))).status, 401)
    assert.deepEqual(running.lines('guard'), [])
  },
  'WS-28': async () => {
    await using running = await runApp(toApp({ $connect: TELLS('CONNECT') }))
    await using _client = await connect(`${urlOf(running)}?room_name=a&room_name=b`)
    const event = await printed(running, 'on_connect', 'CONNECT')
    assert.equal(event.queryStringParameters.room_name, 'b')
    assert.deepEqual(event.multiValueQueryStringParameters.room_name, ['a', 'b'])
    await using other = await runApp(toApp({ $connect: TELLS('CONNECT') }))
    await using _plain = await connect(urlOf(other))
    const bare = await printed(other, 'on_connect', 'CONNECT')
    assert.equal('queryStringParameters' in bare || 'multiValueQueryStringParameters' in bare, false)
  },
}

describe('WebSocket APIs', () => {
  for (const one of cases.filter(isAsked))
    test(one.id, () => (ASK[one.id] ?? (() => assert.fail('nothing asks it')))(one.expect, one.given))
})

const credentials = { accessKeyId: 'goblet', secretAccessKey: 'goblet' }

const manage = ({ cloud }: Running): ApiGatewayManagementApiClient =>
  new ApiGatewayManagementApiClient({ endpoint: `${cloud.http}/dev`, region: 'us-east-1', credentials })

async function idOf(client: Connected): Promise<string> {
  client.send('who')
  return (await client.json()).requestContext.connectionId
}

interface Chat extends AsyncDisposable {
  readonly running: Running
  readonly db: DynamoDBClient
  connections(): Promise<Record<string, string | undefined>[]>
}

const LIFE = `
  const { routeKey, connectionId } = event.requestContext
  const Key = { connection_id: { S: connectionId } }
  if (routeKey === '$connect') {
    console.log('CONNECT ' + JSON.stringify(event))
    const Item = { ...Key, room_name: { S: event.queryStringParameters.room_name } }
    await db.send(new dynamodb.PutItemCommand({ TableName: 'connections', Item }))
  } else {
    console.log('DISCONNECT ' + JSON.stringify(event))
    await db.send(new dynamodb.DeleteItemCommand({ TableName: 'connections', Key }))
  }
  ${OK}`

const SEND = `
  const { room_name: room, text } = JSON.parse(event.body)
  const { Items } = await db.send(new dynamodb.ScanCommand({ TableName: 'connections' }))
  const here = Items.filter((item) => item.room_name.S === room)
  const api = clientOf(event.requestContext)
  await Promise.all(here.map((item) => post(api, item.connection_id.S, JSON.stringify({ text }))))
  ${OK}`

/** The chat of the cases: one function for $connect and $disconnect, its tables, its messages. */
async function openChat(): Promise<Chat> {
  const app = toApp({ $connect: '', $disconnect: '', sendMessage: await bundled(SEND), $default: ECHO })
  const triggers = app.triggers.map((one) =>
    /^\$(?:dis)?connect$/.test(one.route) ? { ...one, function: 'life' } : one,
  )
  const { on_sendMessage = '', on_default = '' } = app.functions
  const functions = { life: { code: await bundled(LIFE) }, on_sendMessage, on_default }
  const running = await runApp({ ...app, functions, triggers })
  const db = new DynamoDBClient({ endpoint: running.cloud.aws, region: 'us-east-1', credentials })
  const create = (TableName: string, keys: readonly (readonly [string, 'S' | 'N'])[]) =>
    db.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: keys.map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
        KeySchema: keys.map(([AttributeName], at) => ({ AttributeName, KeyType: at === 0 ? 'HASH' : 'RANGE' })),
        BillingMode: 'PAY_PER_REQUEST',
      }),
    )
  await create('connections', [['connection_id', 'S']])
  await create('messages', [
    ['message_type', 'S'],
    ['index', 'N'],
  ])
  return {
    running,
    db,
    connections: async () => {
      const { Items = [] } = await db.send(new ScanCommand({ TableName: 'connections' }))
      return Items.map((item) => Object.fromEntries(Object.entries(item).map(([name, value]) => [name, value.S])))
    },
    [Symbol.asyncDispose]: async () => {
      db.destroy()
      await running[Symbol.asyncDispose]()
    },
  }
}
