// Groups: how their members are found and called, and that each mount of a module is its own.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { GRAMMAR } from '../../src/aws/grammar.ts'
import type { FunctionBundle } from '../../src/build/index.ts'
import { defineModel, type Model } from '../../src/model/index.ts'
import { complaintsOf, openProject, type Project } from '../support/project.ts'

const HEAD = "import { app, group, lambda, queue, route, schedule } from 'goblet'\nexport default app('shop')\n"

interface Built {
  readonly model: Model
  readonly bundles: ReadonlyMap<string, FunctionBundle>
}

async function build(project: Project): Promise<Built> {
  const place = { stage: 'dev', account: '000000000000', region: 'us-east-1' }
  const model = defineModel(await project.build.discover(), place, GRAMMAR)
  const { functions } = await project.build.bundle(model.functions)
  return { model, bundles: functions }
}

async function textOf({ bundles }: Built, name: string): Promise<string> {
  const files = bundles.get(name)?.files ?? []
  const texts = await Promise.all(files.map(({ file }) => readFile(file, 'utf8')))
  return texts.join('\n')
}

/** Asks a function as the gateway would once it has chosen a route. */
async function ask({ bundles }: Built, name: string, routeKey: string): Promise<{ statusCode: number; body: string }> {
  const [method, path] = routeKey.split(' ')
  const text = await readFile(new URL('../cases/events/apigw-http-v2-noauth.json', import.meta.url), 'utf8')
  const event = JSON.parse(text)
  const http = { ...event.requestContext.http, method, path }
  const changed = { ...event, routeKey, rawPath: path, requestContext: { ...event.requestContext, routeKey, http } }
  const { handler } = await import(pathToFileURL(bundles.get(name)?.entry ?? '').href)
  return handler(changed, {})
}

const endpoints = ({ triggers }: Model): string[] =>
  triggers.flatMap((one) =>
    one.kind === 'http' ? [`${one.method} ${one.path} ${one.export} ${one.function} ${one.auth.kind}`] : [],
  )

const ADMIN = `import { iam, route } from 'goblet'
export const list = route('GET /', () => 'LIST-CODE')
export const drop = route('DELETE /{id}', ({ params }) => 'DROP-CODE ' + params.id)
export const heavy = route('GET /heavy', { isolate: true }, () => 'HEAVY-CODE')
export const notARoute = () => 1
`

test('a module is mounted twice, each time with its own paths, identities, auth and CORS', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}
import { iam } from 'goblet'
import * as routes from './admin.ts'
export const admin = group('/admin', { auth: iam() }, routes)
export const open = group('/open', { cors: true, use: [async (input, next) => 'used ' + (await next())] }, routes)
export const index = route('GET /', () => 'index')
`,
    'admin.ts': ADMIN,
  })
  const built = await build(project)
  assert.deepEqual(endpoints(built.model).sort(), [
    'DELETE /admin/{id} admin.drop api iam',
    'DELETE /open/{id} open.drop api none',
    'GET / index api none',
    'GET /admin admin.list api iam',
    'GET /admin/heavy admin.heavy admin-heavy iam',
    'GET /open open.list api none',
    'GET /open/heavy open.heavy open-heavy none',
    'OPTIONS /open open.list api none',
    'OPTIONS /open/heavy open.heavy open-heavy none',
    'OPTIONS /open/{id} open.drop api none',
  ])
  assert.equal((await ask(built, 'api', 'GET /admin')).body, 'LIST-CODE')
  assert.equal((await ask(built, 'api', 'GET /open')).body, 'used LIST-CODE')
  assert.equal((await ask(built, 'api', 'GET /')).body, 'index')
  assert.equal((await ask(built, 'admin-heavy', 'GET /admin/heavy')).body, 'HEAVY-CODE')
  assert.equal((await ask(built, 'open-heavy', 'GET /open/heavy')).body, 'used HEAVY-CODE')
  // What another function answers for is not answered here.
  assert.equal((await ask(built, 'admin-heavy', 'GET /admin')).statusCode, 404)
  assert.equal((await ask(built, 'api', 'GET /admin/heavy')).statusCode, 404)
})

test('groups nest, also as objects, and what is in them need not be exported by itself', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}
import * as admin from './admin.ts'
const list = route('GET /list', () => 'local')
const v1 = group('/v1', { list, inline: route('GET /inline', () => 'inline'), admin: group('/admin', admin) })
export const api1 = group('/api', { v1 })
export const own = group('/own', { isolate: true, memory: 1024 }, { list })
`,
    'admin.ts': ADMIN,
  })
  const built = await build(project)
  assert.deepEqual(endpoints(built.model).sort(), [
    'DELETE /api/v1/admin/{id} api1.v1.admin.drop api none',
    'GET /api/v1/admin api1.v1.admin.list api none',
    'GET /api/v1/admin/heavy api1.v1.admin.heavy api1-v1-admin-heavy none',
    'GET /api/v1/inline api1.v1.inline api none',
    'GET /api/v1/list api1.v1.list api none',
    'GET /own/list own.list own none',
  ])
  assert.equal((await ask(built, 'api', 'GET /api/v1/inline')).body, 'inline')
  assert.equal((await ask(built, 'api', 'GET /api/v1/admin')).body, 'LIST-CODE')
  assert.equal((await ask(built, 'own', 'GET /own/list')).body, 'local')
  assert.equal((await ask(built, 'api1-v1-admin-heavy', 'GET /api/v1/admin/heavy')).body, 'HEAVY-CODE')
})

test('what is no route is in a group once, however often it is mounted, and keeps its name', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}
import * as jobs from './jobs.ts'
export const one = group('/one', jobs)
export const two = group('/two', jobs)
`,
    'jobs.ts': `import { lambda, queue, route, schedule } from 'goblet'
export const tasks = queue('tasks')
export const work = tasks.onMessage(async () => {})
export const nightly = schedule('rate(1 day)', () => 'NIGHTLY-CODE')
export const resize = lambda(() => resize.name)
export const start = route('GET /start', () => 'START-CODE')
`,
  })
  const built = await build(project)
  assert.deepEqual(built.model.functions.map(({ name, physicalName }) => `${name} ${physicalName}`).sort(), [
    'api shop-dev-api',
    'one-nightly shop-dev-one-nightly',
    'one-resize shop-dev-one-resize',
    'one-work shop-dev-one-work',
  ])
  assert.deepEqual(
    built.model.resources.map((one) => `${one.export} ${one.name}`),
    ['one.tasks tasks'],
  )
  const { handler } = await import(pathToFileURL(built.bundles.get('one-nightly')?.entry ?? '').href)
  assert.equal(await handler({}, {}), 'NIGHTLY-CODE')
  assert.match(await textOf(built, 'one-resize'), /one-resize/)
  assert.doesNotMatch(await textOf(built, 'one-nightly'), /START-CODE/)
})

test('a function of a group holds nothing of the others', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}
import * as routes from './admin.ts'
import { big } from './big.ts'
export const admin = group('/admin', { auth: 'none' }, routes)
const inner = group('/inner', routes)
export const nested = group('/nested', { inner, big, small: route('GET /small', () => 'SMALL-CODE') })
export const inline = group('/inline', { own: route('GET /own', { isolate: true }, () => 'OWN-CODE'), other: route('GET /other', () => 1) })
`,
    'admin.ts': ADMIN,
    'big.ts':
      "import { route } from 'goblet'\nexport const big = route('GET /big', { isolate: true }, () => 'BIG-CODE')\n",
  })
  const built = await build(project)
  const marks = ['LIST-CODE', 'DROP-CODE', 'HEAVY-CODE', 'BIG-CODE', 'SMALL-CODE']
  const holds = async (name: string): Promise<string[]> => {
    const text = await textOf(built, name)
    return marks.filter((mark) => text.includes(mark))
  }
  assert.deepEqual(await holds('admin-heavy'), ['HEAVY-CODE'])
  assert.deepEqual(await holds('nested-big'), ['BIG-CODE'])
  assert.deepEqual(await holds('nested-inner-heavy'), ['HEAVY-CODE'])
  assert.equal((await ask(built, 'nested-inner-heavy', 'GET /nested/inner/heavy')).body, 'HEAVY-CODE')
  assert.equal((await ask(built, 'nested-big', 'GET /nested/big')).body, 'BIG-CODE')
  assert.equal((await ask(built, 'api', 'GET /nested/small')).body, 'SMALL-CODE')
  assert.equal((await ask(built, 'inline-own', 'GET /inline/own')).body, 'OWN-CODE')
  assert.equal((await ask(built, 'inline-own', 'GET /inline/other')).statusCode, 404)
})

test('a group that is not exported, and what it holds, is an error', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}
const admin = group('/admin', { list: route('GET /', () => 1) })
`,
  })
  assert.deepEqual(
    (await project.complaints()).map(({ code, message, mend }) => `${code} ${message.slice(0, 22)} ${mend}`),
    [
      'GOBLET_NOT_EXPORTED The group `/admin` is  Export it: `export const admin = …`.',
      'GOBLET_NOT_EXPORTED The route `GET /` is d Give it a name and export it: `export const myName = …`.',
    ],
  )
})

test('a route does not hold its authorizer, and an authorizer no route', async () => {
  await using project = await openProject({
    'app.ts': `import { app, authorizer, group, route } from 'goblet'
import { check } from './check.ts'
import * as routes from './routes.ts'
export const token = authorizer(async () => ({ allow: check('x') }))
export default app('shop', { auth: token })
const auth = token
export const me = route('GET /me', { auth, isolate: true }, () => 'ME-CODE')
export const you = route('GET /you', { 'auth': token, isolate: true }, () => 'YOU-CODE')
export const admin = group('/admin', { isolate: true, auth: token }, routes)
`,
    'check.ts': "export const check = (given: string) => given === 'CHECK-CODE'\n",
    'routes.ts':
      "import { route } from 'goblet'\nexport const list = route('GET /', () => 'LIST-CODE')\nexport const unused = () => 'UNUSED-CODE'\n",
  })
  const built = await build(project)
  assert.deepEqual(endpoints(built.model).sort(), [
    'GET /admin admin.list admin authorizer',
    'GET /me me me authorizer',
    'GET /you you you authorizer',
  ])
  for (const name of ['me', 'you', 'admin', 'token']) {
    const text = await textOf(built, name)
    const found = ['CHECK-CODE', 'ME-CODE', 'YOU-CODE', 'LIST-CODE', 'UNUSED-CODE'].filter((one) => text.includes(one))
    const own = { me: 'ME-CODE', you: 'YOU-CODE', admin: 'LIST-CODE', token: 'CHECK-CODE' }[name]
    assert.deepEqual(found, [own], name)
  }
  assert.equal((await ask(built, 'me', 'GET /me')).body, 'ME-CODE')
  assert.equal((await ask(built, 'admin', 'GET /admin')).body, 'LIST-CODE')
})

test('an authorizer or a schema that is named before it is there leaves nothing open', async () => {
  await using project = await openProject({
    'app.ts': `import { app, authorizer, group, route } from 'goblet'
export default app('shop', { auth: token })
export const open = route('GET /', { memory: undefined as never, body: schema }, () => 1)
const schema = { '~standard': {} } as never
export const admin = group('/admin', { auth: token }, { me: route('GET /me', { auth: token }, () => 1) })
export const token = authorizer(async () => ({ allow: true }))
`,
  })
  const said = await complaintsOf(() => build(project))
  assert.deepEqual(
    said.map(({ code, message }) => `${code} ${message.slice(0, 40)}`),
    [
      'GOBLET_BAD_OPTION `auth` of the app is undefined, so perha',
      'GOBLET_BAD_OPTION `body` of the route open is undefined, s',
      'GOBLET_BAD_OPTION `auth` of the group admin is undefined, ',
      'GOBLET_BAD_OPTION `auth` of the route admin.me is undefine',
    ],
  )
})

test('a dot in the name of a member is refused', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}export const admin = group('/admin', { 'a.b': route('GET /', () => 1) })\n`,
  })
  assert.deepEqual(
    (await project.complaints()).map(({ code }) => code),
    ['GOBLET_BAD_NAME'],
  )
})

test('options name an authorizer by its export, wherever that is', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}
import { authorizer } from 'goblet'
import * as auth from './auth.ts'
const hidden = authorizer(async () => ({ allow: true }))
export const keys = group('/keys', { auth: auth.token }, { list: route('GET /', () => 1) })
export const me = route('GET /me', { auth: auth.token }, () => 1)
export { token as renamed } from './auth.ts'
export const more = group('/more', { hidden, you: route('GET /you', { auth: hidden }, () => 1) })
`,
    'auth.ts': "import { authorizer } from 'goblet'\nexport const token = authorizer(async () => ({ allow: true }))\n",
  })
  const { functions, groups } = await project.build.discover()
  const options = new Map([...functions, ...groups].map((one) => [one.export, one.options.auth]))
  assert.deepEqual(options.get('me'), { $: 'reference', kind: 'function', name: 'renamed' })
  assert.deepEqual(options.get('keys'), { $: 'reference', kind: 'function', name: 'renamed' })
  assert.deepEqual(options.get('more.you'), { $: 'reference', kind: 'function', name: 'more.hidden' })
  const { model } = await build(project)
  const found = model.triggers.flatMap((one) =>
    one.kind === 'http' && one.auth.kind === 'authorizer' ? [one.auth.function] : [],
  )
  assert.deepEqual(found, ['renamed', 'renamed', 'more-hidden'])
})
