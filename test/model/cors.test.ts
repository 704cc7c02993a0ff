// CORS in the model: who applies it, which preflights are made, and which settings contradict each other.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aGroup, aRoute, modelOf, type Parts, routesOf, wrongWith } from '../support/description.ts'

const endpoints = (parts: Parts): string[] =>
  routesOf(modelOf(parts)).map(({ method, path, synthetic }) => `${synthetic ? '+' : ''}${method} ${path}`)
const PATTERN = { $: 'pattern' }

test('the gateway applies what holds for the whole app', () => {
  for (const api of ['http', 'url']) {
    const model = modelOf({
      app: { api, cors: { origins: ['https://a.example', 'https://b.example'], credentials: true, maxAge: 60 } },
      functions: [aRoute('list', 'GET|POST /items'), aRoute('one', 'GET /items/{id}')],
    })
    assert.deepEqual(model.api.cors, {
      origins: ['https://a.example', 'https://b.example'],
      patterns: false,
      methods: ['GET', 'POST'],
      headers: ['Authorization', 'Content-Type', 'X-Amz-Date', 'X-Amz-Security-Token', 'X-Api-Key'],
      expose: [],
      credentials: true,
      maxAge: 60,
    })
    assert.equal(routesOf(model).length, 3)
    assert.equal(model.api.errorOrigin, undefined)
  }
  const any = modelOf({ app: { cors: true }, functions: [aRoute('all', 'ANY /{path+}')] })
  assert.deepEqual(any.api.cors?.origins, ['*'])
  assert.deepEqual(any.api.cors?.methods, ['*'])
  assert.equal(modelOf({ app: { cors: false }, functions: [aRoute('all', 'ANY /')] }).api.cors, undefined)
})

test('the runtime applies everything else, behind preflight routes that anybody may call', () => {
  const functions = [
    aRoute('open', 'GET|PUT /open', { cors: true, auth: { auth: 'iam' } }),
    aRoute('closed', 'GET /closed'),
    aRoute('more', 'DELETE /open'),
  ]
  const model = modelOf({ functions })
  assert.equal(model.api.cors, undefined)
  const made = routesOf(model).filter(({ synthetic }) => synthetic)
  assert.deepEqual(
    made.map(({ method, path, auth, function: name, export: identity }) => [method, path, auth.kind, name, identity]),
    [['OPTIONS', '/open', 'none', 'api', 'open']],
  )
  assert.deepEqual(endpoints({ app: { cors: { origins: [PATTERN] } }, functions: [aRoute('a', 'GET /a')] }), [
    'GET /a',
    '+OPTIONS /a',
  ])
  assert.deepEqual(
    endpoints({
      app: { api: 'rest', cors: true },
      functions: [aRoute('a', 'GET /a'), aRoute('b', 'GET /b', { cors: false })],
    }),
    ['GET /a', 'GET /b', '+OPTIONS /a'],
  )
  assert.deepEqual(
    endpoints({
      groups: [aGroup('admin', '/admin', { cors: true })],
      functions: [aRoute('admin.list', 'GET /'), aRoute('admin.off', 'GET /off', { cors: false })],
    }),
    ['GET /admin', 'GET /admin/off', '+OPTIONS /admin'],
  )
})

test("a REST API's own errors carry one origin", () => {
  const origin = (...cors: (Parts['app'] | boolean)[]): string | undefined =>
    modelOf({
      app: { api: 'rest' },
      functions: cors.map((one, index) => aRoute(`r${index}`, `GET /${index}`, { cors: one ?? true })),
    }).api.errorOrigin
  assert.equal(origin(false), undefined)
  assert.equal(origin(true, false), '*')
  assert.equal(origin({ origins: 'https://a.example' }, { origins: ['https://a.example'] }), 'https://a.example')
  assert.equal(origin({ origins: 'https://a.example' }, { origins: 'https://b.example' }), '*')
  assert.equal(origin({ origins: PATTERN }), '*')
})

test('settings that contradict each other are errors', () => {
  const route = aRoute('a', 'GET /a')
  const said = (parts: Parts): string[] => wrongWith(parts).map(({ code, message }) => `${code} ${message}`)
  assert.match(
    said({ app: { cors: true }, functions: [aRoute('a', 'GET /a', { cors: false })] })[0] ?? '',
    /^GOBLET_BAD_OPTION `cors` of the route a differs from the app's/,
  )
  assert.match(
    said({ app: { cors: true }, functions: [route, aRoute('o', 'OPTIONS /b')] })[0] ?? '',
    /^GOBLET_BAD_OPTION `cors` of OPTIONS \/b holds for this path/,
  )
  assert.match(
    said({ functions: [aRoute('a', 'GET /a/{x}', { cors: true }), aRoute('o', 'OPTIONS /a/{y}')] })[0] ?? '',
    /`cors` of OPTIONS \/a\/\{y\} holds for this path/,
  )
  assert.match(
    said({
      functions: [
        aRoute('a', 'GET /a', { cors: true }),
        aRoute('b', 'POST /a', { cors: { origins: 'https://b.example' } }),
      ],
    })[0] ?? '',
    /`cors` of the route b differs from that of another route of \/a, at app\.ts:\d+/,
  )
  // The same said twice is no contradiction, nor is a route of the path that has none.
  modelOf({ app: { cors: true }, functions: [aRoute('a', 'GET /a', { cors: { origins: '*' } })] })
  modelOf({
    functions: [aRoute('a', 'GET /a', { cors: true }), aRoute('b', 'PUT /a', { cors: {} }), aRoute('c', 'POST /a')],
  })
})

test('bad values are refused one by one', () => {
  const problems = [
    [{ origins: '*', credentials: true }, /allows credentials to every origin/],
    [{ credentials: true }, /allows credentials to every origin/],
    [{ origins: ['*', 'https://a.example'] }, /allows '\*' beside other origins/],
    [{ origins: 'https://a.example/' }, /has `origins`, which holds "https:\/\/a\.example\/"/],
    [{ origins: [] }, /has `origins`, which holds \[\]/],
    [{ origin: 'https://a.example' }, /has no part `origin`/],
    [{ maxAge: 86_401 }, /has `maxAge`, which is 86401/],
    [{ headers: 'x' }, /has `headers`, which is "x"/],
    ['https://a.example', /is "https:\/\/a\.example"/],
    [{ $: 'function' }, /is a function/],
  ] as const
  for (const [cors, expected] of problems) {
    const [first, ...others] = wrongWith({ functions: [aRoute('a', 'GET /a', { cors })] })
    assert.match(first?.message ?? '', expected)
    assert.equal(others.length, 0)
  }
})

test('a plain Lambda handler answers preflights itself, unless its own route says cors', () => {
  const raw = { ...aRoute('plain', 'GET /plain'), raw: true as const }
  const asked = { ...aRoute('asked', 'ANY /asked', { cors: true }), raw: true as const }
  assert.deepEqual(endpoints({ app: { api: 'rest', cors: true }, functions: [raw, asked] }), [
    'GET /plain',
    'ANY /asked',
    '+OPTIONS /asked',
  ])
})
