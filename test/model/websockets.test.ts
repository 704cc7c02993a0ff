// WebSocket APIs: every default spelled out, and what is complained of.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Options, websocketVariable } from '../../src/model/index.ts'
import { websocketEndpoint } from '../../src/runtime/place.ts'
import { complaintsOf, type Described, declared, type Given, modelOf } from '../support/declared.ts'

const { owns, socket, authorizer } = declared
// biome-ignore lint/suspicious/noTemplateCurlyInString: AWS's own grammar looks like that.
const SEVERAL = '${request.body.a}/${request.body.b.c}'
const at = (line: number) => ({ file: 'app.ts', line })
const chat = (options: Options = {}) => owns('websocket', 'chat', options)
const refer = (name: string): Options => ({ $: 'reference', kind: 'function', name })
const apiOf = (declarations: readonly Described[], given: Given = {}) =>
  modelOf(declarations, given).resources.find((one) => one.kind === 'websocket')

describe('the model', () => {
  it('spells out an API and its routes, each a function of its own', () => {
    const { resources, triggers, functions } = modelOf([
      chat(),
      socket('join', 'chat', 'onConnect'),
      socket('leave', 'chat', 'onDisconnect'),
      socket('say', 'chat', 'sendMessage', { timeout: 5 }),
      socket('rest', 'chat', 'onDefault'),
    ])
    const [made] = resources
    assert.ok(made?.kind === 'websocket')
    const { apiId, ...others } = made
    assert.match(apiId, /^[a-z0-9]{10}$/)
    assert.deepEqual(others, {
      kind: 'websocket',
      export: 'chat',
      name: 'chat',
      physicalName: 'shop-dev-chat',
      existing: false,
      stage: 'dev',
      select: '$request.body.action',
      domain: undefined,
      where: at(2),
    })
    const none = { kind: 'none' }
    const base = { kind: 'websocket', websocket: 'chat', auth: none }
    assert.deepEqual(triggers, [
      { ...base, function: 'join', export: 'join', route: '$connect', where: at(3) },
      { ...base, function: 'leave', export: 'leave', route: '$disconnect', where: at(4) },
      { ...base, function: 'say', export: 'say', route: 'sendMessage', where: at(5) },
      { ...base, function: 'rest', export: 'rest', route: '$default', where: at(6) },
    ])
    assert.deepEqual(
      functions.map(({ name, trigger, timeout }) => [name, trigger, timeout]),
      [
        ['join', 'websocket', 30],
        ['leave', 'websocket', 30],
        ['say', 'websocket', 5],
        ['rest', 'websocket', 30],
      ],
    )
  })

  it('has an id for every app, stage and name, always the same', () => {
    const of = (app: string, stage: string, name: string) =>
      apiOf([owns('websocket', name, {}), socket('any', name, 'onDefault')], { app, stage })?.apiId
    const ids = ['shop', 'shop2', 'a'].flatMap((app) =>
      ['dev', 'prod'].flatMap((stage) => ['chat', 'chat-2', 'a'].map((name) => of(app, stage, name))),
    )
    assert.equal(new Set(ids).size, ids.length)
    assert.equal(of('shop', 'dev', 'chat'), of('shop', 'dev', 'chat'))
  })

  it('takes the stage, the expression and the names that are given', () => {
    const any = socket('any', 'chat', 'onDefault')
    const made = apiOf([chat({ apiStage: 'v1', select: SEVERAL, physicalName: 'talk' }), any])
    assert.deepEqual([made?.stage, made?.select, made?.physicalName], ['v1', SEVERAL, 'talk'])
    assert.equal(apiOf([chat(), any], { stage: 'prod' })?.stage, 'prod')
    const there = apiOf([owns('websocket', 'abcdef1234', { existing: true })])
    assert.deepEqual([there?.existing, there?.apiId], [true, 'abcdef1234'])
  })

  it('guards the connecting alone', () => {
    const authOf = (auth: Options | string, options: Options = {}) =>
      modelOf([
        chat({ auth }),
        socket('join', 'chat', 'onConnect'),
        socket('say', 'chat', 'say'),
        authorizer('token', options),
      ]).triggers.flatMap((one) => (one.kind === 'websocket' ? [one.auth] : []))
    const none = { kind: 'none' }
    const asked = { kind: 'authorizer', function: 'token', style: 'request', header: 'authorization', ttl: 0 }
    assert.deepEqual(authOf('none'), [none, none])
    assert.deepEqual(authOf({ auth: 'iam' }), [{ kind: 'iam' }, none])
    assert.deepEqual(authOf(refer('token')), [{ ...asked, identity: ['$request.header.authorization'] }, none])
    const identity = '$request.querystring.token'
    assert.deepEqual(authOf(refer('token'), { identity, ttl: 60 }), [{ ...asked, identity: [identity] }, none])
  })

  it('calls the variable of an API as the runtime does', () => {
    for (const name of ['chat', 'my-chat.2', 'ÄB', 'a_b'])
      assert.throws(() => websocketEndpoint(name), new RegExp(`^Error: ${websocketVariable(name)} is not set`))
    assert.equal(websocketVariable('my-chat.2'), 'GOBLET_WEBSOCKET_MY_CHAT_2')
  })
})

describe('complains of', () => {
  it('variables that leave no room for where an API is', () => {
    const env = (size: number) => ({ env: { LARGE: 'x'.repeat(size) } })
    const app = (size: number) => [chat(), socket('any', 'chat', 'onDefault'), declared.lambda('task', env(size))]
    assert.deepEqual(complaintsOf(app(3_900)), [])
    assert.match(complaintsOf(app(4_020))[0]?.message ?? '', /^`env` of the function task takes 4\d\d\d bytes/)
    assert.equal(complaintsOf(app(4_096)).length, 1)
  })

  const said = (declarations: readonly Described[], given?: Given) =>
    complaintsOf(declarations, given).map(({ message, mend, where }) => `${where?.line}: ${message} ${mend}`)
  const any = socket('any', 'chat', 'onDefault')
  const table: readonly (readonly [what: string, declarations: readonly Described[], expected: RegExp])[] = [
    [
      'the same route twice',
      [chat(), socket('a', 'chat', 'say'), socket('b', 'chat', 'say')],
      /^4: say of the websocket chat is declared twice; the first one is at app\.ts:3\./,
    ],
    [
      'a second onConnect',
      [chat(), socket('a', 'chat', 'onConnect'), socket('b', 'chat', 'onConnect')],
      /^4: \$connect of the websocket chat is declared twice/,
    ],
    [
      '$connect as a route',
      [chat(), socket('a', 'chat', '$connect')],
      /^3: .*AWS's own\. Write \.onConnect\(…\) for it\./,
    ],
    ['$default as a route', [chat(), socket('a', 'chat', '$default')], /\.onDefault\(…\)/],
    ['$disconnect as a route', [chat(), socket('a', 'chat', '$disconnect')], /\.onDisconnect\(…\)/],
    ['an empty route', [chat(), socket('a', 'chat', '')], /^3: The name of the websocket route a, ``, is empty\./],
    ['a long route', [chat(), socket('a', 'chat', 'x'.repeat(129))], /has 129 characters/],
    [
      'more routes than AWS has',
      [chat(), ...Array.from({ length: 301 }, (_, n) => socket(`f${n}`, 'chat', `r${n}`))],
      /^2: `on` of the websocket chat gives it 301 routes, where AWS allows 300\./,
    ],
    ['no routes', [chat()], /^2: `on` of the websocket chat is never called/],
    [
      'routes of another',
      [owns('websocket', 'abc', { existing: true }), socket('a', 'abc', 'x')],
      /^2: `existing` .* a is one of them/,
    ],
    ['an id that is none', [owns('websocket', 'My Chat', { existing: true })], /^2: .*is no id of an API/],
    [
      'an API that is not exported',
      [any],
      /^2: The websocket route any refers to `chat`, which the app does not export\./,
    ],
    [
      'an expression that is none',
      [chat({ select: 'action' }), any],
      /^2: `select` of the websocket chat is "action"\./,
    ],
    ['an expression of headers', [chat({ select: '$request.header.x' }), any], /^2: `select`/],
    ['an unclosed expression', [chat({ select: SEVERAL.slice(0, 8) }), any], /^2: `select`/],
    ['a stage with a slash', [chat({ apiStage: 'a/b' }), any], /^2: `apiStage` of the websocket chat is "a\/b"/],
    [
      'a name with a space',
      [owns('websocket', 'my chat', {}), socket('a', 'my chat', 'x')],
      /^2: The name of the websocket my chat/,
    ],
    [
      'names of one variable',
      [owns('websocket', 'a-b', {}), owns('websocket', 'a_b', {}), socket('x', 'a-b', 'x'), socket('y', 'a_b', 'x')],
      /^3: The websocket a_b \(a-b is the same in GOBLET_WEBSOCKET_A_B\) is declared twice; the first one is at app\.ts:2\./,
    ],
    [
      'jwt(…)',
      [chat({ auth: { auth: 'jwt', issuer: 'https://a', audience: 'b' } }), socket('a', 'chat', 'onConnect')],
      /^2: `auth` of the websocket chat is one that a WebSocket API does not have\. Check the token in an authorizer/,
    ],
    [
      'an authorizer in token style',
      [chat({ auth: refer('t') }), socket('a', 'chat', 'onConnect'), authorizer('t', { style: 'token' })],
      /^2: .*in token style\. .*remove `style`/,
    ],
    [
      'no authorizer',
      [chat({ auth: refer('any') }), any, socket('a', 'chat', 'onConnect')],
      /^2: .*`any`, which is no authorizer/,
    ],
    [
      'auth that nobody is asked by',
      [chat({ auth: { auth: 'iam' } }), any],
      /^2: .*Declare one: `\.onConnect\(\(\) => \{\}\)`/,
    ],
    [
      'an unknown option',
      [chat({ selct: 'x' }), any],
      /^2: The websocket chat has no option `selct`\. Did you mean `select`\?/,
    ],
    [
      'a body of a connection',
      [chat(), socket('a', 'chat', 'onConnect', { body: { $: 'schema' } })],
      /^3: The websocket route a has no option `body`/,
    ],
  ]
  for (const [what, declarations, expected] of table)
    it(what, () => {
      const complaints = said(declarations)
      assert.equal(complaints.length, 1, complaints.join('\n'))
      assert.match(complaints[0] ?? '', expected)
    })
})
