// The cases recorded of Chalice's WebSocket handlers: asked of woken functions, and where a connection is needed of the local cloud.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toDisconnectEvent, toMessageEvent, type WebsocketEvent } from '../../src/aws/events/websocket.ts'
import { GoneError, reply, websocket } from '../../src/index.ts'
import { AwsError } from '../../src/runtime/call.ts'
import { wakeWebsocket } from '../../src/runtime/triggers/websocket.ts'
import { start } from '../../src/testing/index.ts'
import { complaintsOf, declared } from '../support/declared.ts'
import { CONTEXT } from '../support/event.ts'
import { serveOnce } from '../support/once.ts'
import { SHOP } from '../support/woken.ts'
import { readCases } from './cases.ts'
import { excused } from './parity.ts'

// biome-ignore lint/suspicious/noExplicitAny: the cases are data of many forms, each read where its form is known
type Data = any

const cases: readonly { readonly id: string; readonly request: Data; readonly expect: Data }[] = JSON.parse(
  JSON.stringify(readCases('chalice-websocket')),
)

const FACTS = {
  connectedAt: 0,
  sourceIp: '1.2.3.4',
  userAgent: undefined,
  requestId: 'r',
  time: 0,
}

/** An event of a case, which has of one only what its framework reads. */
function eventOf(request: Data): WebsocketEvent {
  const { connectionId, apiId, stage, domainName } = request.event.requestContext
  const facts = { ...FACTS, connectionId, apiId, stage, domainName }
  if (request.handler === '$disconnect')
    return toDisconnectEvent({ ...facts, code: 1000, reason: '', host: domainName })
  return { ...toMessageEvent({ ...facts, routeKey: request.handler, messageId: 'm', body: '' }) }
}

const message = (body: string): WebsocketEvent =>
  toMessageEvent({
    ...FACTS,
    connectionId: 'ABCD1234=',
    apiId: 'abcd1234',
    stage: 'api',
    domainName: 'api.custom-domain-name.com',
    routeKey: '$default',
    messageId: 'm',
    body,
  })

const chat = websocket('chat')
const seenBy = (seen: Data) => (c: { connectionId: string; stage: string; domainName: string }) => {
  Object.assign(seen, { connection_id: c.connectionId, stage: c.stage, domain_name: c.domainName })
}

const ASK: Readonly<Record<string, (expect: Data, request: Data) => Promise<void>>> = {
  'ws-001': async ({ result, handlerSees }, request) => {
    const seen = {}
    const answer = await wakeWebsocket(SHOP, chat.onConnect(seenBy(seen)))(eventOf(request), CONTEXT)
    assert.deepEqual([answer, seen], [result, handlerSees])
  },
  'ws-003': async ({ result, handlerSees }, request) => {
    const seen = {}
    const answer = await wakeWebsocket(SHOP, chat.onDisconnect(seenBy(seen)))(eventOf(request), CONTEXT)
    assert.deepEqual([answer, seen], [result, handlerSees])
  },
  'ws-006': async ({ result: { headers, statusCode, body } }, request) => {
    const join = chat.onConnect(() => reply(body, { headers }))
    const answer = await wakeWebsocket(SHOP, join)(eventOf(request), CONTEXT)
    // Goblet says the body's type, too, which no client of a handshake sees.
    const { 'content-type': _, ...others } = answer.headers ?? {}
    assert.deepEqual([answer.statusCode, others, answer.body], [statusCode, headers, body])
  },
  'ws-008': async ({ endpoint }) => {
    // The endpoint comes from where the app was deployed, so the event's domain decides nothing.
    process.env.GOBLET_WEBSOCKET_CHAT = endpoint
    let seen = ''
    await wakeWebsocket(
      SHOP,
      chat.onDefault(() => {
        seen = chat.endpoint
      }),
    )(message('x'), CONTEXT)
    assert.equal(seen, endpoint)
  },
  'ws-010': async () => {
    const asks = [() => chat.send('gone', 'x'), () => chat.close('gone'), () => chat.info('gone')]
    {
      await using _gone = await serveOnce('CHAT', 410, 'GoneException')
      for (const ask of asks)
        await assert.rejects(ask, (error: object) => error instanceof GoneError && 'connectionId' in error)
    }
    await using _other = await serveOnce('CHAT', 403, 'ForbiddenException')
    for (const ask of asks)
      await assert.rejects(ask, (error: object) => error instanceof AwsError && error.code === 'ForbiddenException')
  },
  'ws-011': async ({ value }) => {
    const read: unknown[] = []
    const say = chat.onDefault((c) => void read.push(c.body, c.body))
    await wakeWebsocket(SHOP, say)(message('{"foo":"bar"}'), CONTEXT)
    assert.deepEqual(read, [value, value])
    assert.equal(read[0], read[1])
  },
  'ws-012': async () => {
    let thrown: unknown
    const say = chat.onDefault((c) => {
      try {
        return c.body
      } catch (error) {
        thrown = error
        throw error
      }
    })
    await using _client = await serveOnce('CHAT', 200, '')
    await wakeWebsocket(SHOP, say)(message('{"foo": "bar"'), CONTEXT)
    assert.ok(thrown instanceof Error)
    assert.deepEqual([thrown.name, thrown.message], ['BadRequestError', 'Error Parsing JSON'])
  },
  'ws-013': async () => {
    const { owns, socket } = declared
    const twice = [owns('websocket', 'chat', {}), socket('a', 'chat', 'onDefault'), socket('b', 'chat', 'onDefault')]
    assert.deepEqual(
      complaintsOf(twice).map(({ code }) => code),
      ['GOBLET_DUPLICATE_ROUTE'],
    )
  },
  'ws-014': async () => {
    await using cloud = await start('test/fixtures/testing/chat.ts')
    const all: [string, string][] = []
    for (const text of ['Hello, World 1', 'Hello, World 2']) {
      await using socket = await cloud.websocket('diary', '/')
      await socket.send(text)
      const { json } = await socket.next()
      all.push([json.at(-1)[0], text])
      assert.deepEqual(json, all)
    }
    assert.notEqual(all[0]?.[0], all[1]?.[0])
  },
}

describe("Chalice's WebSocket handlers", () => {
  for (const { id, request, expect } of cases)
    if (!excused.has(id)) test(id, async () => (ASK[id] ?? assert.fail(`nobody asks ${id}`))(expect, request))
})
