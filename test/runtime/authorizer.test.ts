// Authorizers as Lambda calls them, and what routes then know of the caller.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import type {
  AuthorizerEvent,
  HttpAuthorizerEvent,
  RestAuthorizerEvent,
  TokenAuthorizerEvent,
} from '../../src/aws/events/authorizer.ts'
import type { WebsocketAuthorizerEvent } from '../../src/aws/events/websocket.ts'
import { app, authorizer, cognito, ForbiddenError, iam, jwt, route, UnauthorizedError } from '../../src/index.ts'
import type { AuthorizerRequest, CallerOf } from '../../src/runtime/auth.ts'
import { readCaller } from '../../src/runtime/caller.ts'
import type { Declaration } from '../../src/runtime/declare.ts'
import { wakeAuthorizer } from '../../src/runtime/triggers/authorizer.ts'
import { CONTEXT, toEvent } from '../support/event.ts'

const STAGE = 'arn:aws:execute-api:us-west-2:123:rest-api-id/dev'
const TOKEN: TokenAuthorizerEvent = {
  type: 'TOKEN',
  methodArn: `${STAGE}/GET/needs/auth`,
  authorizationToken: 'Bearer foo',
}
const { body, isBase64Encoded, ...rest } = toEvent('GET /needs/auth')
const HTTP: HttpAuthorizerEvent = {
  ...rest,
  type: 'REQUEST',
  routeArn: `${STAGE}/GET/needs/auth`,
  identitySource: ['s'],
}
const REST: RestAuthorizerEvent = {
  type: 'REQUEST',
  methodArn: `${STAGE}/GET/needs/auth`,
  resource: '/needs/{what}',
  path: '/needs/auth',
  httpMethod: 'GET',
  headers: { Authorization: 'r', 'X-Tenant': 't' },
  multiValueHeaders: {},
  queryStringParameters: { q: '1' },
  multiValueQueryStringParameters: {},
  pathParameters: { what: 'auth' },
  stageVariables: {},
  requestContext: { stage: 'dev' } as RestAuthorizerEvent['requestContext'],
}

// As recorded, but for the header that was not.
const SOCKET: WebsocketAuthorizerEvent = JSON.parse(
  readFileSync(new URL('../cases/events/apigw-websocket-connect.json', import.meta.url), 'utf8'),
)

const shop = app('shop')
const wake = (made: Declaration, event: AuthorizerEvent = TOKEN) => wakeAuthorizer(shop, made)(event, CONTEXT)
const policy = (Effect: string, ...Resource: string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }],
})

describe('an authorizer', () => {
  it('is asked the same, whichever event it gets', async () => {
    const seen: AuthorizerRequest[] = []
    const keep = authorizer((request) => {
      seen.push(request)
      return { allow: true }
    })
    for (const event of [TOKEN, REST, HTTP]) await wake(keep, event)
    const words = seen.map(({ kind, token, method, path, headers, query }) => [
      kind,
      token,
      method,
      path,
      headers['x-tenant'],
      query.q,
    ])
    assert.deepEqual(words, [
      ['authorizer', 'Bearer foo', 'GET', '/needs/auth', undefined, undefined],
      ['authorizer', 'r', 'GET', '/needs/auth', 't', '1'],
      ['authorizer', 's', 'GET', '/needs/auth', undefined, undefined],
    ])
    assert.deepEqual([seen[0]?.event, seen[0]?.context], [TOKEN, CONTEXT])
  })

  it('is asked of a handshake, and answers with routes of the WebSocket API', async () => {
    const stage = 'arn:aws:execute-api:us-east-1:123456789012:abcdef123/default'
    let seen: AuthorizerRequest | undefined
    const answering = (allow: boolean | readonly string[]) =>
      wake(
        authorizer((request) => {
          seen = request
          return { allow, principal: 'u1', context: { plan: 'pro', tags: ['a'] } }
        }),
        SOCKET,
      )
    assert.deepEqual(await answering(true), {
      principalId: 'u1',
      policyDocument: policy('Allow', `${stage}/*`),
      context: { plan: 'pro', goblet: '{"plan":"pro","tags":["a"]}' },
    })
    assert.deepEqual([seen?.method, seen?.path, seen?.token], ['GET', '/default', ''])
    assert.deepEqual([seen?.query.QueryString1, seen?.headers.host], ['queryValue1', SOCKET.headers.Host])
    const document = async (allow: boolean | readonly string[]) =>
      Reflect.get(Object(await answering(allow)), 'policyDocument')
    assert.deepEqual(await document(['$connect']), policy('Allow', `${stage}/$connect`))
    assert.deepEqual(await document(false), policy('Deny', `${stage}/*`))
    const nobody = authorizer(() => {
      throw new UnauthorizedError()
    })
    await assert.rejects(wake(nobody, SOCKET), { message: 'Unauthorized' })
  })

  it('reads the token from its header', async () => {
    let given = ''
    const own = authorizer({ header: 'X-Tenant' }, ({ token }) => {
      given = token
      return { allow: true }
    })
    await wake(own, REST)
    assert.equal(given, 't')
  })

  const grants: [allow: boolean | string[], effect: string, ...resources: string[]][] = [
    [true, 'Allow', '*/*'],
    [false, 'Deny', '*'],
    [[], 'Deny', '*'],
    [['/needs/auth'], 'Allow', '*/needs/auth'],
    [['GET /'], 'Allow', 'GET/'],
    [['ANY /a', 'GET /a/b'], 'Allow', '*/a', 'GET/a/b'],
    [['ANY /pets/*', 'PUT /cities/{city}/x/{rest+}'], 'Allow', '*/pets/*', 'PUT/cities/*/x/*'],
  ]
  for (const [allow, effect, ...resources] of grants)
    it(`that allows ${JSON.stringify(allow)} answers with a policy`, async () => {
      const made = authorizer(() => ({ allow, principal: 'u1' }))
      const expected = policy(effect, ...resources.map((one) => `${STAGE}/${one}`))
      assert.deepEqual(await wake(made), { principalId: 'u1', policyDocument: expected, context: {} })
      assert.deepEqual(await wake(made, HTTP), {
        principalId: 'u1',
        policyDocument: expected,
        context: { principalId: 'u1' },
      })
    })

  it('hands on a raw policy, and what is no answer, as it is', async () => {
    const raw = { principalId: 'u', policyDocument: policy('Allow', '*'), context: { a: '1' } }
    assert.equal(await wake(authorizer(() => raw)), raw)
    const none = authorizer((() => undefined) as never)
    assert.equal(await wake(none), undefined)
    const odd = authorizer((() => ({ allow: 'yes' })) as never)
    assert.deepEqual(await wake(odd), { allow: 'yes' })
  })

  it('understands the simple answer of HTTP APIs', async () => {
    const simple = authorizer((() => ({ isAuthorized: true, context: { n: 1, arr: ['a'] } })) as never)
    const answer = (await wake(simple, HTTP)) as { policyDocument: unknown; context: unknown }
    assert.deepEqual(answer.policyDocument, policy('Allow', `${STAGE}/*/*`))
    assert.deepEqual(answer.context, { n: 1, arr: ['a'], principalId: 'user' })
    const no = authorizer((() => ({ isAuthorized: false })) as never)
    assert.deepEqual(
      ((await wake(no, HTTP)) as { policyDocument: unknown }).policyDocument,
      policy('Deny', `${STAGE}/*`),
    )
  })

  it('says 401 by the one message that a REST API knows, and denies on an HTTP API', async () => {
    const who = authorizer(() => {
      throw new UnauthorizedError('Who are you?')
    })
    for (const event of [TOKEN, REST]) await assert.rejects(wake(who, event), { message: 'Unauthorized' })
    assert.deepEqual(
      ((await wake(who, HTTP)) as { policyDocument: unknown }).policyDocument,
      policy('Deny', `${STAGE}/*`),
    )
    const no = authorizer(async () => {
      throw new ForbiddenError()
    })
    for (const event of [TOKEN, HTTP])
      assert.deepEqual(
        ((await wake(no, event)) as { policyDocument: unknown }).policyDocument,
        policy('Deny', `${STAGE}/*`),
      )
    const bad = authorizer(() => {
      throw new RangeError('no')
    })
    for (const event of [TOKEN, HTTP]) await assert.rejects(wake(bad, event), RangeError)
  })

  it("runs within the app's middleware", async () => {
    const kinds: string[] = []
    const watched = app('shop', {
      use: [
        (input, next) => {
          kinds.push(input.kind)
          return next()
        },
      ],
    })
    const made = authorizer(() => ({ allow: false }))
    await wakeAuthorizer(watched, made)(TOKEN, CONTEXT)
    assert.deepEqual(kinds, ['authorizer'])
  })
})

describe('the caller', () => {
  const facts = { plan: 'pro', seats: 3, tags: ['a'] }
  const made = authorizer(() => ({ allow: true, principal: 'u1', context: facts }))

  it('is the same behind an HTTP API and a REST API, values of any type', async () => {
    const expected = { kind: 'authorizer', principal: 'u1', context: facts }
    const { context: lambda } = (await wake(made, HTTP)) as { context: object }
    assert.deepEqual(readCaller({ authorizer: { lambda } }), expected)
    const { context } = (await wake(made, TOKEN)) as { context: Record<string, unknown> }
    assert.deepEqual([context.plan, context.seats, context.tags], ['pro', 3, undefined])
    const texts = Object.fromEntries(Object.entries(context).map(([name, value]) => [name, String(value)]))
    const authorizer = { ...texts, principalId: 'u1', integrationLatency: 7 }
    assert.deepEqual(readCaller({ authorizer, identity: {} }), expected)
  })

  it('knows a raw policy that happens to use the same name', () => {
    for (const goblet of ['x', '7', 'null', ''])
      assert.deepEqual(readCaller({ authorizer: { principalId: 'u', goblet, a: '1' } }), {
        kind: 'authorizer',
        principal: 'u',
        context: { a: '1' },
      })
  })

  it('is the one who signed', () => {
    const userArn = 'arn:aws:iam::123456789012:user/Admin'
    const expected = { kind: 'iam', principal: userArn, account: '123456789012', accessKey: 'AKIA' }
    assert.deepEqual(
      readCaller({ authorizer: { iam: { userArn, accountId: '123456789012', accessKey: 'AKIA' } } }),
      expected,
    )
    assert.deepEqual(readCaller({ identity: { userArn, accountId: '123456789012', accessKey: 'AKIA' } }), expected)
  })

  it('is the one whom the token is about, with its scopes', () => {
    const claims = { sub: 'u1', iss: 'https://issuer.example', scope: 'read write' }
    const expected = { kind: 'jwt', principal: 'u1', claims, scopes: ['read', 'write'] }
    assert.deepEqual(readCaller({ authorizer: { jwt: { claims, scopes: null } } }), expected)
    const okta = { client_id: 'c1', scp: '[read write]' }
    const caller = readCaller({ authorizer: { jwt: { claims: okta, scopes: null } } })
    assert.deepEqual(caller, { kind: 'jwt', principal: 'c1', claims: okta, scopes: ['read', 'write'] })
    const own = { sub: 'u2', iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc' }
    assert.deepEqual(readCaller({ authorizer: { claims: own }, identity: {} }), {
      kind: 'cognito',
      principal: 'u2',
      claims: own,
      scopes: [],
    })
  })

  it('is nobody where nobody checked', () => {
    for (const context of [
      {},
      { authorizer: null },
      { authorizer: {} },
      { identity: { sourceIp: '1.2.3.4', userArn: null } },
    ])
      assert.equal(readCaller(context), undefined)
  })

  it('has a type', () => {
    const check = <T>(_value: T): void => {}
    check<CallerOf<typeof made>['context']['seats']>(1)
    check<CallerOf<typeof made>['context']['tags']>(['a'])
    // @ts-expect-error an authorizer that tells nothing of a `name`
    check<CallerOf<typeof made>['context']['name']>('x')
    const early = authorizer(async ({ token }) => {
      if (token !== 'x') return { allow: false }
      return { allow: ['GET /me'], principal: 'u', context: { plan: 'pro' } }
    })
    const me = route('GET /me', { auth: early }, ({ auth }) => ({ who: auth.principal, plan: auth.context.plan }))
    check<{ who: string; plan: string } | undefined>(me.result)
    // @ts-expect-error a plan is text
    check<{ plan: number } | undefined>(me.result)
    const bare = authorizer(() => ({ allow: true }))
    // @ts-expect-error an authorizer that tells nothing
    route('GET /', { auth: bare }, ({ auth }) => auth.context.plan.length)
    route('GET /', { auth: jwt({ issuer: 'i', audience: 'a' }) }, ({ auth }) => auth.claims.sub?.length)
    route('GET /', { auth: 'none' }, ({ auth }) => check<undefined>(auth))
    route('GET /', ({ auth }) => (auth?.kind === 'iam' ? auth.account : auth?.principal))
    check<CallerOf<ReturnType<typeof jwt>>['kind']>('jwt')
    check<CallerOf<ReturnType<typeof iam>>['account']>('1')
    check<CallerOf<'none'>>(undefined)
  })
})

it('iam, jwt and cognito are plain frozen data', () => {
  assert.deepEqual(iam(), { auth: 'iam' })
  assert.deepEqual(jwt({ issuer: 'i', audience: 'a' }), { auth: 'jwt', issuer: 'i', audience: 'a' })
  const made = cognito({ userPools: ['p'], scopes: ['s'] })
  assert.deepEqual(made, { auth: 'cognito', userPools: ['p'], scopes: ['s'] })
  assert.ok(Object.isFrozen(made))
})
