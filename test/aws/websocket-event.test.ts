// The events of a WebSocket API against recorded ones, and what the gateway makes of a function's answer.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { APIGatewayProxyWebsocketEventSchema } from '@aws-lambda-powertools/parser/schemas/api-gateway-websocket'
import { readAuthorizerEvent } from '../../src/aws/events/authorizer.ts'
import {
  type HandshakeFacts,
  readWebsocketResult,
  toConnectEvent,
  toDisconnectEvent,
  toMessageEvent,
  toWebsocketAuthorizerEvent,
  type WebsocketFacts,
} from '../../src/aws/events/websocket.ts'
import { seeded } from '../support/random.ts'

const recorded = (name: string) =>
  JSON.parse(readFileSync(new URL(`../cases/events/apigw-websocket-${name}.json`, import.meta.url), 'utf8'))

/** What the gateway must have known to build a recorded event. */
function factsOf({ requestContext: at }: ReturnType<typeof recorded>): WebsocketFacts {
  const { connectionId, connectedAt, apiId, stage, domainName, identity, requestId, requestTimeEpoch: time } = at
  const { sourceIp, userAgent } = identity
  return { connectionId, connectedAt, apiId, stage, domainName, sourceIp, userAgent, requestId, time }
}

const plain = (event: object) => JSON.parse(JSON.stringify(event))

describe('the events', () => {
  it('of messages are as recorded', () => {
    const event = recorded('message')
    const { routeKey, messageId, extendedRequestId } = event.requestContext
    assert.deepEqual(plain(toMessageEvent({ ...factsOf(event), routeKey, messageId, body: event.body })), {
      ...event,
      requestContext: { ...event.requestContext, extendedRequestId: event.requestContext.requestId },
    })
    // The recorded ids differ in their last letters; nobody knows how.
    assert.equal(extendedRequestId.slice(0, 4), event.requestContext.requestId.slice(0, 4))
  })

  it('of the end of a connection are as recorded', () => {
    const event = recorded('disconnect')
    const { disconnectStatusCode: code, disconnectReason: reason } = event.requestContext
    const host = event.headers.Host
    assert.deepEqual(plain(toDisconnectEvent({ ...factsOf(event), code, reason, host })), event)
  })

  it('of handshakes, and what authorizers are asked, have the recorded keys', () => {
    const sample = recorded('connect')
    const facts = { ...factsOf(sample), query: 'QueryString1=queryValue1', port: '443' }
    const event = toConnectEvent({
      ...facts,
      rawHeaders: ['Host', 'x', 'Upgrade', 'websocket', 'X-A', '1', 'x-a', '2'],
    })
    const asked = plain(toWebsocketAuthorizerEvent(event, sample.methodArn))
    // The sample was made with null for a body, which no authorizer gets.
    const { body, isBase64Encoded, ...others } = sample
    assert.deepEqual(Object.keys(asked).sort(), Object.keys(others).sort())
    assert.deepEqual(asked.requestContext, {
      ...sample.requestContext,
      extendedRequestId: 'abc123',
      requestTime: '19/Jan/2023:21:13:26 +0000',
    })
    assert.deepEqual(asked.queryStringParameters, sample.queryStringParameters)
    assert.deepEqual(asked.multiValueQueryStringParameters, sample.multiValueQueryStringParameters)
    assert.deepEqual([event.headers['X-A'], event.multiValueHeaders['X-A']], ['2', ['1', '2']])
    assert.equal(event.headers.Upgrade, undefined)
    APIGatewayProxyWebsocketEventSchema.parse({ ...asked, isBase64Encoded: false })
  })

  it('carry what the authorizer said', () => {
    const facts = { ...factsOf(recorded('message')), authorizer: { principalId: 'u' } }
    assert.deepEqual(toMessageEvent({ ...facts, routeKey: 'a', messageId: 'm', body: '' }).requestContext.authorizer, {
      principalId: 'u',
    })
  })
})

describe("a function's answer", () => {
  const table: readonly (readonly [payload: string, answer: object | undefined])[] = [
    ['{"statusCode":200}', { status: 200, headers: {}, body: undefined }],
    ['{"statusCode":"403","headers":{"X-A":1},"body":"no"}', { status: 403, headers: { 'x-a': '1' }, body: 'no' }],
    ['{"statusCode":200,"body":null}', { status: 200, headers: {}, body: undefined }],
    ['{"statusCode":200,"body":""}', { status: 200, headers: {}, body: '' }],
    [
      '{"statusCode":200,"headers":{"Sec-WebSocket-Protocol":"v2"}}',
      { status: 200, headers: { 'sec-websocket-protocol': 'v2' }, body: undefined },
    ],
    ['{"statusCode":200,"body":"w6Q=","isBase64Encoded":true}', { status: 200, headers: {}, body: Buffer.from('ä') }],
    ...[
      'null',
      '{}',
      '[]',
      '"x"',
      '7',
      '{"statusCode":"x"}',
      '{"statusCode":99}',
      '{"statusCode":200,"Data":"x"}',
      '{"statusCode":200,"body":{}}',
    ].map((payload) => [payload, undefined] as const),
  ]
  for (const [payload, answer] of table)
    it(payload, () => {
      const read = readWebsocketResult(payload)
      assert.deepEqual(read && { ...read, headers: { ...read.headers } }, answer)
    })
})

describe('whatever a client sends', () => {
  const random = seeded(6)
  const names = ['a', '__proto__', 'constructor', 'toString', 'Host', 'X-A', 'x-a', ''] as const
  const texts = ['', '1', '%', '%ZZ', '%00', '%E4', 'a%20b', '+', '=', '&', '😀'.repeat(3), '__proto__'] as const
  const pick = (): string => random.pick(texts)
  const name = (): string => random.pick(names)

  it('becomes an event that keeps it, and touches no prototype', () => {
    for (let round = 0; round < 2000; round++) {
      const sent = Array.from({ length: random.whole(5) }, () => [name(), pick()] as const)
      const query = sent.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&')
      const rawHeaders = Array.from({ length: random.whole(5) }, () => [name(), pick()]).flat()
      const facts: HandshakeFacts = { ...factsOf(recorded('connect')), query, rawHeaders, port: '443' }
      const event = plain(toConnectEvent(facts))
      const several = event.multiValueQueryStringParameters ?? {}
      const wanted = new Set(sent.map(([key]) => key))
      assert.deepEqual(new Set(Object.keys(several)), wanted)
      for (const key of wanted) {
        const values = sent.filter(([other]) => other === key).map(([, value]) => value)
        assert.deepEqual(several[key], values)
        assert.equal(event.queryStringParameters[key], values.at(-1))
      }
      for (const [key, values] of Object.entries<string[]>(event.multiValueHeaders)) {
        assert.ok(Array.isArray(values))
        assert.equal(event.headers[key], values.at(-1))
      }
      const { query: read } = readAuthorizerEvent(
        toWebsocketAuthorizerEvent(toConnectEvent(facts), 'arn/x/$connect'),
        'a',
      )
      assert.deepEqual(Object.keys(read).sort(), [...wanted].sort())
    }
    assert.equal(Reflect.get({}, '1'), undefined)
  })

  it('any answer is read or is none, and never throws', () => {
    const parts: readonly [unknown, ...unknown[]] = [
      null,
      0,
      200,
      '200',
      'x',
      [],
      {},
      true,
      { a: 1 },
      ['a'],
      1e9,
      -1,
      299.5,
    ]
    for (let round = 0; round < 2000; round++) {
      const value: Record<string, unknown> = {}
      for (const key of ['statusCode', 'headers', 'body', 'isBase64Encoded', '__proto__'])
        if (random.whole(2) === 0) Object.defineProperty(value, key, { value: random.pick(parts), enumerable: true })
      const read = readWebsocketResult(JSON.stringify(value))
      if (read === undefined) continue
      assert.ok(Number.isInteger(read.status) && read.status >= 200 && read.status <= 599)
      for (const text of Object.values(read.headers)) assert.equal(typeof text, 'string')
    }
  })
})
