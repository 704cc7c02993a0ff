// Routes with an authorizer(…), behind an HTTP API and a REST API: who is asked, what is remembered, what a refused caller reads.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { authorizer, UnauthorizedError } from '../../src/index.ts'
import { asking, type Opened, openGuards, type Sent, toAsked } from '../support/guards.ts'

type Door = 'http' | 'rest'

const ASKED = { authorization: 'allow' }

const token = authorizer(({ token: given }) => {
  if (given === 'who') throw new UnauthorizedError()
  if (given === 'broken') throw new Error('no')
  return {
    allow: given === 'allow' ? ['GET /index', 'ANY /pets/*'] : given === 'all',
    principal: 'user',
    context: { foo: 'bar', n: 1 },
  }
})

const open = (door: Door): Opened =>
  openGuards(door, {
    authorizers: {
      token,
      root: authorizer(() => ({ allow: ['/'], principal: 'user' })),
      none: () => undefined,
      text: () => 'yes',
      simple: () => ({ isAuthorized: true }),
      nested: () => ({ principalId: 'u', policyDocument: POLICY, context: { list: [1] } }),
      both: () => ({
        principalId: 'u',
        policyDocument: { Statement: [POLICY.Statement[0], { ...POLICY.Statement[0], Effect: 'Deny' }] },
      }),
    },
  })

const POLICY = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }] }

const WORDS = {
  http: {
    unauthorized: [401, '{"message":"Unauthorized"}'],
    implicit: [403, '{"message":"Forbidden"}'],
    explicit: [403, '{"message":"Forbidden"}'],
    broken: [500, '{"message":"Internal Server Error"}'],
  },
  rest: {
    unauthorized: [401, '{"message":"Unauthorized"}'],
    implicit: [403, '{"Message":"User is not authorized to access this resource"}'],
    explicit: [
      403,
      '{"Message":"User is not authorized to access this resource with an explicit deny in an identity-based policy"}',
    ],
    broken: [500, '{"message":null}'],
  },
} as const

for (const door of ['http', 'rest'] as const) {
  const words = WORDS[door]
  const ask = (guards: Opened, path: string, sent: Sent, name = 'token', given = {}) =>
    guards.authorize(toAsked(door, asking(name, given), path, sent))

  async function refused(
    guards: Opened,
    says: keyof typeof words,
    path: string,
    sent: Sent,
    name?: string,
  ): Promise<void> {
    const verdict = await ask(guards, path, sent, name)
    assert.ok(!verdict.passed, `${path} passed`)
    assert.deepEqual([verdict.status, verdict.body], words[says])
    assert.equal(verdict.headers['content-type'], 'application/json')
  }

  describe(`an authorizer behind ${door}`, () => {
    it('is not asked without a token', async () => {
      const guards = open(door)
      await refused(guards, 'unauthorized', '/index', {})
      await refused(guards, 'unauthorized', '/index', { headers: { Authorization: '' } })
      assert.equal(guards.events.length, 0)
    })

    it('lets pass what it names, and nothing else', async () => {
      const guards = open(door)
      for (const [path, method] of [
        ['/index', 'GET'],
        ['/pets/', 'GET'],
        ['/pets/1/x', 'DELETE'],
      ] as const)
        assert.ok((await ask(guards, path, { method, headers: ASKED })).passed, path)
      for (const [path, method] of [
        ['/index', 'POST'],
        ['/index/x', 'GET'],
        ['/pets', 'GET'],
        ['/', 'GET'],
        ['/INDEX', 'GET'],
      ] as const)
        await refused(guards, 'implicit', path, { method, headers: ASKED })
      await refused(guards, 'explicit', '/index', { headers: { Authorization: 'other' } })
    })

    it('lets the root path pass where that is what it names', async () => {
      const guards = open(door)
      for (const method of ['GET', 'POST'])
        assert.ok((await ask(guards, '/', { method, headers: ASKED }, 'root')).passed, method)
      await refused(guards, 'implicit', '/index', { headers: ASKED }, 'root')
    })

    it('tells the route of the caller', async () => {
      const verdict = await ask(open(door), '/index', { headers: ASKED })
      assert.ok(verdict.passed)
      const expected =
        door === 'http'
          ? { lambda: { foo: 'bar', n: 1, principalId: 'user' } }
          : { principalId: 'user', integrationLatency: 0, foo: 'bar', n: '1', goblet: '{"foo":"bar","n":1}' }
      assert.deepEqual(verdict.authorizer, expected)
    })

    it('is asked once for a token until its TTL is over, whatever the route', async () => {
      const guards = open(door)
      const headers = { Authorization: 'allow' }
      assert.ok((await ask(guards, '/index', { headers })).passed)
      assert.ok((await ask(guards, '/pets/1', { headers })).passed)
      await refused(guards, 'implicit', '/secret', { headers })
      assert.equal(guards.events.length, 1)
      await guards.clock.advance(299_000)
      assert.ok((await ask(guards, '/index', { headers })).passed)
      assert.equal(guards.events.length, 1)
      await guards.clock.advance(1000)
      assert.ok((await ask(guards, '/index', { headers })).passed)
      assert.equal(guards.events.length, 2)
      await ask(guards, '/index', { headers: { Authorization: 'all' } })
      assert.equal(guards.events.length, 3)
    })

    it('is asked every time with a TTL of 0, and after a failure', async () => {
      const guards = open(door)
      for (let count = 0; count < 2; count++) await ask(guards, '/index', { headers: ASKED }, 'token', { ttl: 0 })
      assert.equal(guards.events.length, 2)
      for (let count = 0; count < 2; count++)
        await refused(guards, 'broken', '/index', { headers: { Authorization: 'broken' } })
      assert.equal(guards.events.length, 4)
    })

    it('answers 500 when what it answers is no policy, or it fails', async () => {
      const guards = open(door)
      for (const name of ['none', 'text', 'simple', 'missing'])
        await refused(guards, 'broken', '/index', { headers: ASKED }, name)
      await refused(guards, 'broken', '/index', { headers: { Authorization: 'broken' } })
    })

    it('is bound by its explicit deny', async () => {
      await refused(open(door), 'explicit', '/index', { headers: ASKED }, 'both')
    })

    it('says who must sign in', async () => {
      await refused(open(door), door === 'rest' ? 'unauthorized' : 'explicit', '/index', {
        headers: { Authorization: 'who' },
      })
    })

    it('in request style, depends on all of its sources', async () => {
      const guards = open(door)
      const identity = ['$request.header.Authorization', '$request.querystring.tenant']
      const passes = async (sent: Sent) =>
        (await ask(guards, '/index', sent, 'token', { style: 'request', identity })).passed
      assert.equal(await passes({ headers: ASKED }), false)
      assert.equal(await passes({ query: 'tenant=a' }), false)
      assert.equal(guards.events.length, 0)
      assert.equal(await passes({ headers: ASKED, query: 'tenant=a' }), true)
      assert.equal(await passes({ headers: ASKED, query: 'tenant=a&x=1' }), true)
      assert.equal(guards.events.length, 1)
      assert.equal(await passes({ headers: ASKED, query: 'tenant=b' }), true)
      assert.equal(guards.events.length, 2)
      assert.equal(guards.events[0]?.type, 'REQUEST')
    })

    it('finds sources in the context, and none where there is none', async () => {
      const guards = open(door)
      const method = door === 'http' ? '$context.http.method' : '$context.httpMethod'
      const ask = async (identity: string[]) =>
        (
          await guards.authorize(
            toAsked(door, asking('token', { style: 'request', identity }), '/index', { headers: ASKED }),
          )
        ).passed
      assert.equal(await ask([method]), true)
      for (const source of [
        '$context.__proto__',
        '$context.constructor',
        '$context.identity.nobody',
        '$stageVariables.x',
      ])
        assert.equal(await ask([source]), false, source)
    })
  })
}

it('a REST API takes single values only in the context; an HTTP API any', async () => {
  const verdicts = await Promise.all(
    (['http', 'rest'] as const).map((door) =>
      open(door).authorize(toAsked(door, asking('nested'), '/', { headers: ASKED })),
    ),
  )
  assert.deepEqual(
    verdicts.map(({ passed }) => passed),
    [true, false],
  )
})

describe('the event', () => {
  it('of a REST API in token style holds the token and the ARN', async () => {
    const guards = open('rest')
    await guards.authorize(
      toAsked('rest', asking('token', { header: 'x-token' }), '/pets/a%20b', { headers: { 'X-Token': 'allow' } }),
    )
    const methodArn = 'arn:aws:execute-api:us-east-1:000000000000:local/api/GET/pets/a%20b'
    assert.deepEqual(guards.events, [{ type: 'TOKEN', methodArn, authorizationToken: 'allow' }])
  })

  it('of an HTTP API is payload format 2.0, without the body', async () => {
    const guards = open('http')
    await guards.authorize(
      toAsked('http', asking('token'), '/index', { method: 'POST', headers: ASKED, body: 'secret' }),
    )
    const [event] = guards.events
    assert.deepEqual(
      [event?.version, event?.type, event?.routeArn, event?.identitySource, event?.routeKey, event?.rawPath],
      [
        '2.0',
        'REQUEST',
        'arn:aws:execute-api:us-east-1:000000000000:local/$default/POST/index',
        ['allow'],
        'POST /index',
        '/index',
      ],
    )
    assert.ok(event !== undefined && !('body' in event) && !('isBase64Encoded' in event))
  })

  it('of a REST API in request style has empty maps, not nulls', async () => {
    const guards = open('rest')
    const auth = asking('token', { style: 'request', identity: ['$request.header.authorization'] })
    await guards.authorize(toAsked('rest', auth, '/index', { headers: { Authorization: 'allow' } }))
    const [event] = guards.events
    assert.deepEqual([event?.queryStringParameters, event?.pathParameters, event?.stageVariables], [{}, {}, {}])
    assert.ok(event !== undefined && !('body' in event))
    assert.equal((event.headers as Record<string, string>).Authorization, 'allow')
  })
})
