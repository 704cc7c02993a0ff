// WebSocket APIs: how they are read, where their mistakes are told, and what their bundles hold.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { toConnectEvent, toMessageEvent } from '../../src/aws/events/websocket.ts'
import { CONTEXT } from '../support/event.ts'
import { serveOnce } from '../support/once.ts'
import { complaintsOf, openProject } from '../support/project.ts'

const HEAD = `import { app, authorizer, lambda, route, websocket } from 'goblet'
export default app('shop')
`

const APP = `${HEAD}
const check = { '~standard': { version: 1, vendor: 'here', validate: (value) => ({ value }) } }
export const token = authorizer(async () => ({ allow: true }))
export const chat = websocket('chat', { auth: token })
export const join = chat.onConnect({ timeout: 5 }, ({ query }) => 'JOIN ' + query.room)
export const leave = chat.onDisconnect(() => 'LEAVE')
export const say = chat.on('say', { body: check }, ({ body }) => ({ said: body.text }))
export const rest = chat.onDefault(({ text }) => 'REST ' + text)
export const push = route('POST /push', async () => ({ PUSH: await chat.sendAll(['a'], 'x') }))
export const task = lambda(() => 'TASK')
`

const FACTS = {
  connectionId: 'A=',
  connectedAt: 0,
  apiId: 'a',
  stage: 'dev',
  domainName: 'a',
  sourceIp: '1.2.3.4',
  userAgent: undefined,
  requestId: 'r',
  time: 0,
}

test('reads an API and its routes, the authorizer by its name', async () => {
  await using project = await openProject({ 'app.ts': APP })
  const { functions, resources } = await project.build.discover()
  const auth = { $: 'reference', kind: 'function', name: 'token' }
  assert.deepEqual(
    resources.map(({ kind, name, options }) => [kind, name, options]),
    [['websocket', 'chat', { auth }]],
  )
  assert.deepEqual(
    functions
      .filter(({ trigger }) => trigger === 'websocket')
      .map(({ export: name, subject, source, options }) => [name, subject, source, options]),
    [
      ['join', 'onConnect', { kind: 'websocket', name: 'chat' }, { timeout: 5 }],
      ['leave', 'onDisconnect', { kind: 'websocket', name: 'chat' }, {}],
      ['say', 'on', { kind: 'websocket', name: 'chat' }, { body: { $: 'schema' }, route: 'say' }],
      ['rest', 'onDefault', { kind: 'websocket', name: 'chat' }, {}],
    ],
  )
})

test('tells of what is declared and not exported, at its place', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}const chat = websocket('chat')
export const join = chat.onConnect(() => {})
chat.on('say', () => {})
`,
  })
  const found = await complaintsOf(() => project.build.discover())
  assert.deepEqual(found.map(({ code, where, message }) => `${code} ${where?.line} ${message.slice(0, 40)}`).sort(), [
    'GOBLET_NOT_EXPORTED 3 The websocket `chat` is declared but not',
    'GOBLET_NOT_EXPORTED 5 A function (on of the websocket `chat`) ',
  ])
})

test('tells of what has no handler', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}export const chat = websocket('chat')
export const say = chat.on('say')
export const join = chat.onConnect({ timeout: 5 })
export const index = route('GET /', undefined)
export const task = lambda({ timeout: 5 })
export const rest = chat.onDefault(() => {})
authorizer(async () => ({ allow: true }))
`,
  })
  const found = await complaintsOf(() => project.build.discover())
  assert.deepEqual(found.map(({ code, where, message }) => `${code} ${where?.line} ${message}`).sort(), [
    'GOBLET_NOT_EXPORTED 9 An authorizer is declared but not exported, so it would never be deployed.',
    'GOBLET_NO_HANDLER 4 `say` (on of the websocket `chat`) has no handler.',
    'GOBLET_NO_HANDLER 5 `join` (onConnect of the websocket `chat`) has no handler.',
    'GOBLET_NO_HANDLER 6 The route `GET /` has no handler.',
    'GOBLET_NO_HANDLER 7 The lambda `task` has no handler.',
  ])
})

test('wakes each of them out of its bundle, which holds nothing of the others', async () => {
  await using project = await openProject({ 'app.ts': APP })
  const { functions } = await project.bundleAll()
  const wake = async (name: string, event: object): Promise<unknown> => {
    const bundle = functions.get(name)
    assert.ok(bundle !== undefined)
    const { handler }: { handler: (event: object, context: object) => unknown } = await import(
      pathToFileURL(bundle.entry).href
    )
    return handler(event, CONTEXT)
  }
  const connect = toConnectEvent({ ...FACTS, query: 'room=a', rawHeaders: [], port: '443' })
  assert.equal(Reflect.get(Object(await wake('join', connect)), 'body'), 'JOIN a')
  await using _client = await serveOnce('CHAT', 200, '')
  const message = (body: string) => toMessageEvent({ ...FACTS, routeKey: 'say', messageId: 'm', body })
  assert.deepEqual(await wake('say', message('{"text":"hi"}')), { statusCode: 200, body: '{"said":"hi"}' })
  assert.deepEqual(await wake('rest', message('hi')), { statusCode: 200, body: 'REST hi' })

  const texts: Record<string, string> = {}
  for (const [name, { files }] of functions)
    texts[name] = (await Promise.all(files.map(({ file }) => readFile(file, 'utf8')))).join('\n')
  const words = { join: 'JOIN', leave: 'LEAVE', rest: 'REST', push: 'PUSH', task: 'TASK' }
  for (const [name, text] of Object.entries(texts))
    for (const [other, word] of Object.entries(words))
      assert.equal(text.includes(word), name === other, `${word} in ${name}`)
  const bytes = Object.fromEntries([...functions].map(([name, bundle]) => [name, bundle.bytes]))
  assert.ok(!texts.task?.includes('@connections'), 'the client, where nobody asks for it')
  assert.ok((bytes.join ?? 0) < 20_000, JSON.stringify(bytes))
})
