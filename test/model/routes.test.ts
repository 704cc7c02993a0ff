// Routes in the model: who may call them, what their front door can do, groups, and the functions that wake.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Complaint } from '../../src/errors.ts'
import {
  aGroup,
  anAuthorizer,
  aRoute,
  modelOf,
  type Parts,
  refer,
  routesOf,
  wrongWith,
} from '../support/description.ts'

const messages = (parts: Parts): string[] => wrongWith(parts).map(({ message }) => message)
const JWT = { auth: 'jwt', issuer: 'https://issuer.example/', audience: 'shop', scopes: ['read'] }
const POOL = 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Abc'

test('the front door, its stage and its plan have defaults', () => {
  assert.deepEqual(modelOf({}).api, {
    door: 'http',
    stage: '$default',
    cors: undefined,
    errorOrigin: undefined,
    usagePlan: undefined,
    apiKeys: [],
    domain: undefined,
  })
  const rest = { api: 'rest', usagePlan: { rate: 1.5, quota: { limit: 9, period: 'day' } }, apiKeys: ['mobile'] }
  const { api, functions } = modelOf({ app: rest, functions: [aRoute('a', 'GET /a', { apiKey: true })] })
  assert.equal(api.stage, 'api')
  assert.deepEqual(api.usagePlan, { rate: 1.5, burst: 2, quota: { limit: 9, period: 'day' } })
  assert.deepEqual(api.apiKeys, ['mobile'])
  assert.deepEqual(functions[0]?.env, { GOBLET_DOOR: 'rest' })
  const stages = { prod: { api: 'rest', apiStage: 'v1' } }
  assert.equal(modelOf({ app: { stages } }).api.door, 'http')
  assert.deepEqual(modelOf({ app: { stages }, stage: 'prod' }).api.stage, 'v1')
})

test('who may call: the route says so, or its innermost group, or the app', () => {
  const model = modelOf({
    app: { auth: { auth: 'iam' } },
    groups: [aGroup('v1', '/v1', { auth: refer('token') }), aGroup('v1.open', '/open', { auth: 'none' })],
    functions: [
      anAuthorizer('token', { header: 'X-Token', ttl: 0 }),
      aRoute('signed', 'GET /signed'),
      aRoute('own', 'GET /own', { auth: JWT }),
      aRoute('scoped', 'GET /scoped', { auth: JWT, scopes: ['write'] }),
      aRoute('v1.list', 'GET /'),
      aRoute('v1.open.list', 'GET /list'),
    ],
  })
  assert.deepEqual(
    routesOf(model).map(({ path, auth }) => [path, auth]),
    [
      ['/signed', { kind: 'iam' }],
      ['/own', { kind: 'jwt', issuer: 'https://issuer.example/', audience: ['shop'], scopes: ['read'] }],
      ['/scoped', { kind: 'jwt', issuer: 'https://issuer.example/', audience: ['shop'], scopes: ['write'] }],
      ['/v1', { kind: 'authorizer', function: 'token', style: 'token', header: 'x-token', identity: [], ttl: 0 }],
      ['/v1/open/list', { kind: 'none' }],
    ],
  )
  assert.deepEqual(
    model.triggers.find(({ kind }) => kind === 'authorizer'),
    {
      kind: 'authorizer',
      function: 'token',
      style: 'token',
      header: 'x-token',
      identity: [],
      ttl: 0,
      where: model.functions[0]?.where,
    },
  )
})

test('an authorizer in request style depends on what it names', () => {
  const identity = ['$request.header.authorization', '$context.httpMethod']
  const styles = [{ identity }, { style: 'request' }, { style: 'request', header: 'X-Key', ttl: 5 }]
  const asked = modelOf({ functions: styles.map((options, index) => anAuthorizer(`a${index}`, options)) })
  assert.deepEqual(
    asked.triggers.map((one) => one.kind === 'authorizer' && [one.style, one.identity, one.ttl]),
    [
      ['request', identity, 300],
      ['request', ['$request.header.authorization'], 300],
      ['request', ['$request.header.x-key'], 5],
    ],
  )
  const bad = [
    [{ identity: ['header.x'] }, /has the source "header\.x"/],
    [{ identity: [] }, /has the source null/],
    [{ style: 'token', identity }, /goes with request style/],
    [{ ttl: 3601 }, /is 3601/],
    [{ header: 'a b' }, /is "a b"/],
  ] as const
  for (const [options, expected] of bad)
    assert.match(messages({ functions: [anAuthorizer('token', options)] })[0] ?? '', expected)
})

test('no bad auth is taken for none', () => {
  const bad = [
    [true, /`auth` of the route a is true/],
    [{ $: 'function' }, /is a function/],
    [{ auth: 'basic' }, /is \{"auth":"basic"\}/],
    [{ ...JWT, issuer: 'example' }, /has the issuer "example"/],
    [{ ...JWT, audience: [] }, /has no audience/],
    [{ auth: 'cognito', userPools: [] }, /has no user pools/],
    [{ auth: 'cognito', userPools: ['us-east-1_Abc'] }, /has the user pool "us-east-1_Abc"/],
    [refer('nobody'), /`auth` of the route a is `nobody`, which is no authorizer/],
    [refer(''), /`auth` of the route a is a function that the app does not export/],
    [refer('b'), /`auth` of the route a is `b`, which is no authorizer/],
  ] as const
  for (const [auth, expected] of bad)
    assert.match(messages({ functions: [aRoute('a', 'GET /a', { auth }), aRoute('b', 'GET /b')] })[0] ?? '', expected)
})

test('a front door that cannot do something says so', () => {
  const cognito = { auth: 'cognito', userPools: [POOL] }
  const bad: readonly (readonly [Parts['app'] & object, Parts['app'] & object, RegExp])[] = [
    [{}, { auth: cognito }, /`auth` of the route a is one that an HTTP API does not have/],
    [{ api: 'rest' }, { auth: JWT }, /is one that a REST API does not have/],
    [{ api: 'url' }, { auth: refer('token') }, /is one that a function URL does not have/],
    [{}, { apiKey: true }, /`apiKey` of the route a needs a REST API, and `api` is 'http'/],
    [{ usagePlan: { rate: 1 } }, {}, /`usagePlan` of the app needs a REST API/],
    [{ api: 'url', apiKeys: ['x'] }, {}, /`apiKeys` of the app needs a REST API/],
    [{ api: 'url', apiStage: 'v1' }, {}, /`apiStage` of the app names a stage/],
    [{}, { stream: true }, /`stream` of the route a needs a front door that streams/],
    [{ api: 'url' }, { auth: { auth: 'iam' } }, /`auth` of GET \/b differs from that of another route/],
    [
      { api: 'url', auth: { auth: 'iam' } },
      { cors: true, auth: { auth: 'iam' } },
      /`cors` of \/a needs preflights that nobody signs/,
    ],
    [{}, { auth: { auth: 'iam' }, scopes: ['x'] }, /`scopes` of the route a needs tokens/],
    [{ api: 'lambda' }, {}, /`api` of the app is "lambda"/],
    [{ api: 'rest', usagePlan: { rate: 0 } }, {}, /`usagePlan` of the app has `rate`, which is 0/],
    [{ api: 'rest', usagePlan: { quota: { limit: 1, period: 'year' } } }, {}, /has `quota`, which is "year"/],
  ]
  for (const [app, options, expected] of bad) {
    const functions = [aRoute('a', 'GET /a', options), aRoute('b', 'GET /b'), anAuthorizer('token')]
    const said = messages({ app, functions })
    assert.equal(said.length, 1, said.join('\n'))
    assert.match(said[0] ?? '', expected)
  }
  modelOf({ app: { api: 'rest' }, functions: [aRoute('a', 'GET /a', { auth: cognito, stream: true, apiKey: true })] })
})

test('REST APIs refuse what HTTP APIs take', () => {
  const functions = [aRoute('a', 'GET /a/{id}'), aRoute('b', 'GET /a/{name}/b'), aRoute('c', 'GET /c/')]
  modelOf({ functions })
  assert.deepEqual(
    messages({ app: { api: 'rest' }, functions }).map((one) => one.slice(0, 54)),
    [
      'The route `GET /a/{name}/b` has {name} where another ro',
      'The route `GET /c/` ends with /, which a REST API cann',
    ].map((one) => one.slice(0, 54)),
  )
})

test('a stream makes every answer of its function one', () => {
  const model = modelOf({
    app: { api: 'url' },
    functions: [
      aRoute('events', 'GET /events', { stream: true, cors: true }),
      aRoute('plain', 'GET /plain'),
      aRoute('alone', 'GET /alone', { isolate: true }),
    ],
  })
  assert.deepEqual(
    routesOf(model).map(({ method, path, stream }) => [method, path, stream]),
    [
      ['GET', '/events', true],
      ['GET', '/plain', true],
      ['GET', '/alone', false],
      ['OPTIONS', '/events', true],
    ],
  )
})

test('groups nest, their prefixes add up, and each may have a function of its own', () => {
  const model = modelOf({
    app: { memory: 256 },
    groups: [
      aGroup('v1', '/v1/'),
      aGroup('v1.admin', '/{tenant}', { isolate: true, memory: 1024 }),
      aGroup('v2', '/v2'),
      aGroup('v2.admin', '/{tenant}'),
    ],
    functions: [
      aRoute('v1.index', 'GET /'),
      aRoute('v1.admin.list', 'GET|PUT /users/{id}'),
      aRoute('v1.admin.big', 'GET /big', { isolate: true, memory: 2048 }),
      aRoute('v1.admin.small', 'GET /small', { isolate: false }),
      aRoute('v2.admin.list', 'GET|PUT /users/{id}'),
    ],
  })
  assert.deepEqual(
    routesOf(model).map(({ method, path, function: name, export: identity }) => [`${method} ${path}`, name, identity]),
    [
      ['GET /v1', 'api', 'v1.index'],
      ['GET /v1/{tenant}/small', 'api', 'v1.admin.small'],
      ['GET /v2/{tenant}/users/{id}', 'api', 'v2.admin.list'],
      ['PUT /v2/{tenant}/users/{id}', 'api', 'v2.admin.list'],
      ['GET /v1/{tenant}/users/{id}', 'v1-admin', 'v1.admin.list'],
      ['PUT /v1/{tenant}/users/{id}', 'v1-admin', 'v1.admin.list'],
      ['GET /v1/{tenant}/big', 'v1-admin-big', 'v1.admin.big'],
    ],
  )
  assert.deepEqual(
    model.functions.map(({ name, physicalName, memory }) => [name, physicalName, memory]),
    [
      ['api', 'shop-dev-api', 256],
      ['v1-admin', 'shop-dev-v1-admin', 1024],
      ['v1-admin-big', 'shop-dev-v1-admin-big', 2048],
    ],
  )
})

test('groups are checked as routes are', () => {
  const groups = [
    aGroup('a', 'admin'),
    aGroup('b', '/b/{path+}'),
    aGroup('c', '/c', { memory: 512 }),
    aGroup('d', '/d', { authorize: true }),
    aGroup('e', '/e/{id}'),
  ]
  const bad = aRoute('e.one', 'GET /{id}')
  const same = aRoute('x', 'GET /same')
  const repeated = aRoute('m', 'GET|GET /m')
  const wrong = wrongWith({ groups, functions: [bad, same, repeated, aRoute('y', 'GET /same')] })
  assert.deepEqual(
    wrong.map(({ code, message }) => `${code} ${message}`),
    [
      'GOBLET_BAD_PREFIX The prefix `admin` of a group does not begin with /.',
      'GOBLET_BAD_PREFIX The prefix `/b/{path+}` of a group has a greedy parameter, behind which no path can follow.',
      'GOBLET_BAD_OPTION `memory` of the group c is an option of a function, and this group shares its function.',
      'GOBLET_UNKNOWN_OPTION The group d has no option `authorize`.',
      'GOBLET_BAD_PATTERN The route `GET /e/{id}/{id}` has two parameters called id.',
      `GOBLET_DUPLICATE_ROUTE GET /m is declared twice; the first one is at app.ts:${repeated.where.line}.`,
      `GOBLET_DUPLICATE_ROUTE GET /same is declared twice; the first one is at app.ts:${same.where.line}.`,
    ],
  )
})

test('two owners of one function name are an error, told once at what may give way', () => {
  const own = aRoute('api', 'GET /api', { isolate: true })
  const group = aGroup('api', '/api', { isolate: true })
  const members = [aRoute('api.one', 'GET /one'), aRoute('api.two', 'GET /two')]
  const index = aRoute('index', 'GET /')
  const taken = (what: string, where: Complaint['where']) => [
    ['GOBLET_BAD_NAME', `The name of ${what}, \`api\`, is taken by the function that routes share.`, where],
  ]
  const said = (parts: Parts) => wrongWith(parts).map(({ code, message, where }) => [code, message, where])
  assert.deepEqual(said({ functions: [index, own] }), taken('the route api', own.where))
  assert.deepEqual(said({ groups: [group], functions: [...members, index] }), taken('the group api', group.where))
  assert.deepEqual(
    modelOf({ groups: [group], functions: members }).functions.map(({ name }) => name),
    ['api'],
  )
  const admin = aGroup('admin-list', '/lists', { isolate: true })
  const list = aRoute('admin.list', 'GET /list', { isolate: true })
  assert.deepEqual(said({ groups: [admin], functions: [list, aRoute('admin-list.all', 'GET /')] }), [
    [
      'GOBLET_DUPLICATE_NAME',
      `The function admin-list is declared twice; the first one is at app.ts:${list.where.line}.`,
      admin.where,
    ],
  ])
})

test('options of a route that build reads as code are told from data', () => {
  const schema = { $: 'schema' }
  modelOf({
    app: { use: [{ $: 'function' }], onError: { $: 'function' }, compress: true },
    functions: [
      aRoute('a', 'POST /a', {
        body: schema,
        query: schema,
        response: { 200: schema, 404: schema },
        use: [{ $: 'function' }],
        contentTypes: ['application/json', 'image/*', 'application/*+json'],
        summary: 'A',
        tags: ['x'],
      }),
    ],
  })
  assert.deepEqual(
    messages({
      app: { use: { $: 'function' }, compress: -1 },
      functions: [aRoute('a', 'POST /a', { body: { type: 'object' }, use: ['log'], contentTypes: ['json'] })],
    }),
    [
      '`body` of the route a is {"type":"object"}.',
      '`use` of the route a holds something that is "log".',
      '`contentTypes` of the route a holds something that is "json".',
      '`use` of the app is a function.',
      '`compress` of the app is -1.',
    ],
  )
})

test('answers are compressed from 0 to 10,485,760 bytes, or not at all', () => {
  for (const compress of [0, 10_485_760, true, false]) modelOf({ app: { compress } })
  for (const compress of [10_485_761, -1, '1', 1.5])
    assert.deepEqual(messages({ app: { compress } }), [`\`compress\` of the app is ${JSON.stringify(compress)}.`])
})
