// WebSocket APIs: what their functions are handed, what becomes of what they return and throw, and what their client sends.
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, afterEach, before, describe, it } from 'node:test'
import {
  toConnectEvent,
  toDisconnectEvent,
  toMessageEvent,
  type WebsocketConnectEvent,
  type WebsocketFacts,
  type WebsocketMessageEvent,
} from '../../src/aws/events/websocket.ts'
import {
  app,
  authorizer,
  ForbiddenError,
  GoneError,
  iam,
  reply,
  type Websocket,
  type WebsocketTrigger,
  websocket,
} from '../../src/index.ts'
import { wakeWebsocket } from '../../src/runtime/triggers/websocket.ts'
import { CONTEXT } from '../support/event.ts'
import { toSchema } from '../support/schema.ts'
import { SHOP } from '../support/woken.ts'

const FACTS: WebsocketFacts = {
  connectionId: 'R1kmxc2VNjMCFIA=',
  connectedAt: 1_705_751_697_419,
  apiId: 'dl7ptocha9',
  stage: 'prod',
  domainName: 'dl7ptocha9.execute-api.ap-northeast-1.amazonaws.com',
  sourceIp: '49.105.91.154',
  userAgent: 'ws',
  requestId: 'R1knPH17NjMFftw=',
  time: 1_705_751_700_453,
}

const asked = (given: Partial<Parameters<typeof toConnectEvent>[0]> = {}): WebsocketConnectEvent =>
  toConnectEvent({ ...FACTS, query: '', rawHeaders: ['Host', 'x', 'X-Two', 'a', 'x-two', 'b'], port: '443', ...given })

const message = (body: string, routeKey = '$default', facts: Partial<WebsocketFacts> = {}): WebsocketMessageEvent =>
  toMessageEvent({ ...FACTS, ...facts, routeKey, messageId: 'R1knPc2ntjMCFIA=', body })

const ended = toDisconnectEvent({ ...FACTS, code: 1001, reason: 'away', host: 'x' })

const run = (trigger: WebsocketTrigger, event: Parameters<ReturnType<typeof wakeWebsocket>>[0], shop = SHOP) =>
  wakeWebsocket(shop, trigger)(event, CONTEXT)

const chat = websocket('chat')

const heard: { method: string | undefined; url: string | undefined; body: string; type: string | undefined }[] = []
const answers = new Map<string, { status: number; body?: object; type?: string }>()
const saved = { ...process.env }
let together = 0
let most = 0
const server = createServer(async (request: IncomingMessage, response) => {
  most = Math.max(most, ++together)
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  assert.match(request.headers.authorization ?? '', /\/us-east-1\/execute-api\/aws4_request/)
  heard.push({ method: request.method, url: request.url, body, type: request.headers['content-type'] })
  const id = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '')
  const { status, body: said = {}, type = '' } = answers.get(id) ?? { status: 200 }
  setTimeout(() => {
    together--
    response.writeHead(status, type === '' ? {} : { 'x-amzn-errortype': type }).end(JSON.stringify(said))
  }, 2)
})
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    GOBLET_PREFIX: 'shop-dev-',
    GOBLET_WEBSOCKET_CHAT: `http://127.0.0.1:${(server.address() as AddressInfo).port}/dev`,
    GOBLET_WEBSOCKET_MY_CHAT: 'https://abcd1234.execute-api.us-west-2.amazonaws.com/api',
  })
})
after(() => {
  process.env = saved
  server.closeAllConnections()
  server.close()
})
afterEach(() => {
  heard.length = 0
  answers.clear()
  most = 0
})

describe('who connects', () => {
  it('is known by its id, its query and its headers', async () => {
    const seen: unknown[] = []
    const join = chat.onConnect((c) => {
      seen.push(c.kind, c.route, c.connectionId, c.query.room, c.queryAll.room, c.headers['x-two'], c.text, c.body)
      seen.push(c.stage, c.domainName, c.requestId, c.sourceIp, c.connectedAt.getTime(), c.context === CONTEXT)
    })
    assert.deepEqual(await run(join, asked({ query: 'room=a&room=b%20c&__proto__=1' })), { statusCode: 200 })
    assert.deepEqual(seen, [
      ...['websocket', '$connect', FACTS.connectionId, 'b c', ['a', 'b c'], 'a,b', '', undefined],
      ...['prod', FACTS.domainName, FACTS.requestId, FACTS.sourceIp, FACTS.connectedAt, true],
    ])
  })

  it('has no query when it sent none', async () => {
    const event = asked()
    assert.deepEqual(
      Object.keys(event).filter((name) => /query/i.test(name)),
      [],
    )
    const seen: unknown[] = []
    await run(
      chat.onConnect(({ query, queryAll }) => seen.push({ ...query }, { ...queryAll }, query.room)),
      event,
    )
    assert.deepEqual(seen, [{}, {}, undefined])
  })

  it('is told a subprotocol, in the one way AWS documents', async () => {
    const join = chat.onConnect(() => reply('Connected.', { headers: { 'sec-websocket-protocol': 'v2' } }))
    assert.deepEqual(await run(join, asked()), {
      statusCode: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'Sec-WebSocket-Protocol': 'v2' },
      body: 'Connected.',
    })
  })

  it('is refused by a status, or by an HttpError', async () => {
    assert.equal(
      (
        await run(
          chat.onConnect(() => reply(undefined, { status: 403 })),
          asked(),
        )
      ).statusCode,
      403,
    )
    const thrown = chat.onConnect(() => {
      throw new ForbiddenError('members only')
    })
    assert.deepEqual(await run(thrown, asked()), {
      statusCode: 403,
      headers: { 'content-type': 'application/json' },
      body: '{"Code":"ForbiddenError","Message":"members only"}',
    })
  })

  it('is refused by AWS when the handler breaks', async () => {
    const broken = chat.onConnect(() => Promise.reject(new RangeError('no')))
    await assert.rejects(run(broken, asked()), RangeError)
  })

  it('is who the authorizer says, in every event', async () => {
    const authorized = { principalId: 'u1', plan: 'pro' }
    const seen: unknown[] = []
    await run(
      chat.onConnect(({ auth }) => seen.push(auth)),
      asked({ authorizer: authorized }),
    )
    await run(
      chat.onDefault(({ auth }) => void seen.push(auth)),
      message('x', '$default', { authorizer: authorized }),
    )
    const caller = { kind: 'authorizer', principal: 'u1', context: { plan: 'pro' } }
    assert.deepEqual(seen, [caller, caller])
  })
})

describe('a message', () => {
  it('is text, and JSON that is read once', async () => {
    const seen: unknown[] = []
    const say = chat.on('say', { timeout: 5 }, (c) => {
      seen.push(c.route, c.text, c.body, [c.body].includes(c.body), { ...c.headers }, { ...c.query })
    })
    assert.deepEqual(await run(say, message('{"foo":"bar"}', 'say')), { statusCode: 200 })
    assert.deepEqual(seen, ['say', '{"foo":"bar"}', { foo: 'bar' }, true, {}, {}])
  })

  it('that is no JSON is refused where it is read as JSON', async () => {
    const say = chat.onDefault(({ body }) => body)
    assert.deepEqual(await run(say, message('{"foo": "bar"')), {
      statusCode: 400,
      body: '{"Code":"BadRequestError","Message":"Error Parsing JSON"}',
    })
    assert.deepEqual(
      await run(
        chat.onDefault(({ text }) => text),
        message('not json'),
      ),
      {
        statusCode: 200,
        body: 'not json',
      },
    )
  })

  it('is answered with what the handler returns', async () => {
    const returned = (value: unknown) =>
      run(
        chat.onDefault(() => value),
        message('x'),
      )
    assert.deepEqual(await returned(undefined), { statusCode: 200 })
    assert.deepEqual(await returned({ a: 1 }), { statusCode: 200, body: '{"a":1}' })
    assert.deepEqual(await returned(null), { statusCode: 200, body: 'null' })
    assert.deepEqual(await returned(reply([1], { status: 201 })), { statusCode: 201, body: '[1]' })
    assert.deepEqual(await returned(Buffer.from('ä')), { statusCode: 200, body: 'w6Q=', isBase64Encoded: true })
    await returned('')
    const path = `/dev/@connections/${encodeURIComponent(FACTS.connectionId)}`
    assert.deepEqual(
      heard.map(({ method, url, body }) => [method, url, body]),
      ['{"a":1}', 'null', '[1]', 'ä'].map((body) => ['POST', path, body]),
    )
    await assert.rejects(
      returned(
        (async function* () {
          yield 'a'
        })(),
      ),
      /sends whole messages/,
    )
  })

  it('is what the schema makes of it, or is answered with all that is wrong', async () => {
    const schema = toSchema((value) => (Number(value) > 0 ? Number(value) : 'must be positive')).within('n')
    const say = chat.on('say', { body: schema }, ({ body }) => body)
    assert.deepEqual(await run(say, message('{"n":"3"}', 'say')), { statusCode: 200, body: '{"n":3}' })
    const { statusCode, body } = await run(say, message('{"n":-1}', 'say'))
    assert.equal(statusCode, 422)
    assert.deepEqual(JSON.parse(body ?? ''), {
      Code: 'UnprocessableEntityError',
      Message: 'body.n: must be positive',
      Problems: [{ in: 'body', path: 'n', message: 'must be positive' }],
    })
  })

  it('has middleware around it, and onError', async () => {
    const kinds: string[] = []
    const shop = app('shop', {
      use: [
        (input, next) => {
          kinds.push(input.kind === 'websocket' ? `${input.kind} ${input.route}` : input.kind)
          return next()
        },
      ],
      onError: (error) => (error instanceof RangeError ? 'mended' : undefined),
    })
    const failing = (error: Error) => chat.onDefault(() => Promise.reject(error))
    assert.deepEqual(await run(failing(new RangeError()), message('x'), shop), { statusCode: 200, body: 'mended' })
    await assert.rejects(run(failing(new TypeError('no')), message('x'), shop), /no/)
    assert.deepEqual(kinds, ['websocket $default', 'websocket $default'])
  })

  it('is not answered when nobody is left, and fails when the answer cannot be sent', async () => {
    const say = (value: unknown) =>
      run(
        chat.onDefault(() => value),
        message('x'),
      )
    answers.set(FACTS.connectionId, { status: 410, type: 'GoneException' })
    assert.deepEqual(await say('x'), { statusCode: 200, body: 'x' })
    const byHand: WebsocketMessageEvent = JSON.parse('{"body":"x"}')
    assert.deepEqual(
      await run(
        chat.onDefault(({ text }) => text),
        byHand,
      ),
      { statusCode: 200, body: 'x' },
    )
    assert.equal(heard.length, 1)
    answers.set(FACTS.connectionId, { status: 403, type: 'ForbiddenException' })
    await assert.rejects(say('x'), { code: 'ForbiddenException' })
    await assert.rejects(say('x'.repeat(131_073)), { status: 413 })
  })

  it('of bytes is read as text', async () => {
    const event = { ...message(Buffer.from('{"a":"ä"}').toString('base64')), isBase64Encoded: true }
    assert.deepEqual(
      await run(
        chat.onDefault(({ body }) => body.a),
        event,
      ),
      { statusCode: 200, body: 'ä' },
    )
  })
})

describe('the end of a connection', () => {
  it('tells code and reason, and answers nobody', async () => {
    const seen: unknown[] = []
    const leave = chat.onDisconnect(({ event: { requestContext: at } }) => {
      seen.push(at.disconnectStatusCode, at.disconnectReason)
    })
    assert.deepEqual(await run(leave, ended), { statusCode: 200 })
    assert.deepEqual(seen, [1001, 'away'])
    const failing = chat.onDisconnect(() => {
      throw new GoneError('x')
    })
    await assert.rejects(run(failing, ended), GoneError)
  })
})

describe('the client', () => {
  it('knows where it is by its variable, whatever the domain that clients use', () => {
    const other = websocket('my-chat')
    assert.equal(other.endpoint, 'https://abcd1234.execute-api.us-west-2.amazonaws.com/api')
    assert.equal(other.url, 'wss://abcd1234.execute-api.us-west-2.amazonaws.com/api')
    assert.equal(other.name, 'shop-dev-my-chat')
    // As CloudFormation tells it.
    process.env.GOBLET_WEBSOCKET_SECURE = 'wss://abcd1234.execute-api.us-west-2.amazonaws.com/api'
    assert.equal(websocket('secure').endpoint, 'https://abcd1234.execute-api.us-west-2.amazonaws.com/api')
    assert.throws(() => websocket('elsewhere').endpoint, /GOBLET_WEBSOCKET_ELSEWHERE is not set/)
  })

  it('sends text and bytes as they are, and anything else as JSON', async () => {
    for (const data of ['hä', Buffer.from('bytes'), { a: 1 }, [1], 0, null]) await chat.send('A+b/c=', data)
    assert.deepEqual(
      heard.map(({ body }) => body),
      ['hä', 'bytes', '{"a":1}', '[1]', '0', 'null'],
    )
    assert.deepEqual(
      [...new Set(heard.map(({ method, url }) => `${method} ${url}`))],
      ['POST /dev/@connections/A%2Bb%2Fc%3D'],
    )
  })

  it('tells of a connection that is gone, with its id', async () => {
    answers.set('lost', { status: 410, type: 'GoneException', body: { message: 'Gone' } })
    for (const ask of [() => chat.send('lost', 'x'), () => chat.close('lost'), () => chat.info('lost')])
      await assert.rejects(ask, (error: unknown) => {
        assert.ok(error instanceof GoneError)
        assert.deepEqual([error.status, Reflect.get(error, 'connectionId')], [410, 'lost'])
        return true
      })
  })

  it('passes on what else AWS refuses', async () => {
    answers.set('x', { status: 403, type: 'ForbiddenException:http://x', body: { message: 'no' } })
    await assert.rejects(chat.send('x', 'x'), { name: 'AwsError', code: 'ForbiddenException', status: 403 })
  })

  it('sends nothing that is too large', async () => {
    await chat.send('A=', 'x'.repeat(131_072))
    await assert.rejects(chat.send('A=', `${'x'.repeat(131_071)}ä`), { status: 413 })
    await assert.rejects(chat.sendAll(['A='], { text: 'x'.repeat(131_072) }), { status: 413 })
    assert.equal(heard.length, 1)
  })

  it('sends to many at once, but not to all', async () => {
    for (const id of ['c7', 'c9']) answers.set(id, { status: 410 })
    const ids = Array.from({ length: 200 }, (_, n) => `c${n}`)
    const { sent, gone } = await chat.sendAll(new Set(ids), { hello: 1 })
    assert.deepEqual([sent, gone.sort()], [198, ['c7', 'c9']])
    assert.deepEqual(heard.map(({ url }) => url?.split('/').at(-1)).sort(), [...ids].sort())
    assert.ok(most > 10 && most <= 50, String(most))
    assert.deepEqual(await chat.sendAll([], 'x'), { sent: 0, gone: [] })
  })

  it('tries all before it tells of those that could not be sent to', async () => {
    for (const id of ['c1', 'c2', 'c3', 'c4']) answers.set(id, { status: 403, type: 'ForbiddenException' })
    const ids = Array.from({ length: 9 }, (_, n) => `c${n}`)
    await assert.rejects(chat.sendAll(ids, 'x'), (error: unknown) => {
      assert.ok(error instanceof AggregateError)
      assert.match(
        error.message,
        /^4 of 9 connections could not be sent to: AwsError: ForbiddenException.*; and 1 more$/,
      )
      return true
    })
    assert.equal(heard.length, 9)
  })

  it('ends a connection, and looks at one', async () => {
    const identity = { sourceIp: '1.2.3.4', userAgent: 'ws' }
    answers.set('A=', {
      status: 200,
      body: { connectedAt: '2026-11-21T12:00:00Z', lastActiveAt: '2026-11-21T12:00:01Z', identity },
    })
    assert.deepEqual(await chat.info('A='), {
      connectedAt: new Date('2026-11-21T12:00:00Z'),
      lastActiveAt: new Date('2026-11-21T12:00:01Z'),
      identity,
    })
    answers.set('A=', { status: 204 })
    await chat.close('A=')
    assert.deepEqual(
      heard.map(({ method }) => method),
      ['GET', 'DELETE'],
    )
  })

  it('is what a handler answers by while it runs', async () => {
    const say = chat.onDefault(async (c) => {
      await c.reply({ half: 1 })
      await c.close()
      return 'late'
    })
    assert.deepEqual(await run(say, message('x')), { statusCode: 200, body: 'late' })
    const path = '/dev/@connections/R1kmxc2VNjMCFIA%3D'
    assert.deepEqual(
      heard.map(({ method, url, body }) => [method, url, body]),
      [
        ['POST', path, '{"half":1}'],
        ['DELETE', path, ''],
        ['POST', path, 'late'],
      ],
    )
  })
})

type Same<Left, Right> = (<T>() => T extends Left ? 1 : 2) extends <T>() => T extends Right ? 1 : 2 ? true : false
const same = <Left, Right>(is: Same<Left, Right>): void => assert.equal(is, true)

it('types follow from the schema and the authorizer', () => {
  const token = authorizer(async () => ({ allow: true, principal: 'u', context: { plan: 'pro' } }))
  const text = toSchema((value): { city: string } | string => (value === 1 ? { city: '' } : 'no')).schema
  const guarded = websocket('guarded', { auth: token })
  guarded.onConnect(({ auth }) => same<typeof auth.context.plan, string>(true))
  guarded.on('a', { body: text, memory: 128 }, ({ body, auth }) => {
    same<typeof body.city, string>(true)
    same<typeof auth.principal, string>(true)
  })
  websocket('signed', { auth: iam() }).onConnect(({ auth }) => same<typeof auth.accessKey, string>(true))
  websocket().onDefault(({ auth }) => same<typeof auth, undefined>(true))
  websocket().onDisconnect(({ event }) => same<typeof event.requestContext.disconnectStatusCode, number>(true))
  // @ts-expect-error there is no such option
  websocket('x', { selct: '' })
  // @ts-expect-error there is no such option of a route
  chat.on('a', { memry: 1 }, () => 1)
  const any: Websocket = guarded
  assert.ok(any)
})
