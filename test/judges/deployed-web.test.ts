// Web apps of three frameworks on MiniStack, each from its one file: they answer, take new code, go back, and leave nothing.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Project } from '../support/deployed.ts'
import { changed, jsonAt, removed, skip, textAt, until, withPlace } from '../support/life.ts'

const BYTES = [0, 255, 128, 10, 13, 0, 254]

const SERVERS: Readonly<Record<string, { readonly word: string; readonly text: string }>> = {
  express: {
    word: 'an Express app',
    text: `import express from 'express'
export const server = express()
server.get('/', (_request, response) => { response.cookie('seen', 'yes').send('one') })
server.get('/cities/:city', ({ params, query, protocol }, response) => { response.json({ ...params, query, protocol }) })
server.post('/echo', express.json(), (request, response) => { response.status(201).json(request.body) })
server.get('/bytes', (_request, response) => { response.type('image/png').send(Buffer.from([${BYTES}])) })
`,
  },
  fastify: {
    word: 'a Fastify app',
    text: `import { fastify } from 'fastify'
export const server = fastify()
server.get('/', async (_request, reply) => reply.header('set-cookie', 'seen=yes; Path=/').send('one'))
server.get('/cities/:city', async ({ params, query, protocol }) => ({ ...params as object, query, protocol }))
server.post('/echo', async (request, reply) => reply.code(201).send(request.body))
server.get('/bytes', async (_request, reply) => reply.type('image/png').send(Buffer.from([${BYTES}])))
`,
  },
  hono: {
    word: 'a Hono app',
    text: `import { Hono } from 'hono'
export const server = new Hono()
server.get('/', (context) => context.text('one', 200, { 'set-cookie': 'seen=yes; Path=/' }))
server.get('/cities/:city', (context) => context.json({ ...context.req.param(), query: context.req.query(), protocol: new URL(context.req.url).protocol.slice(0, -1) }))
server.post('/echo', async (context) => context.json(await context.req.json(), 201))
server.get('/bytes', (context) => context.body(new Uint8Array([${BYTES}]), 200, { 'content-type': 'image/png' }))
`,
  },
}

const BESIDE = {
  'app.ts': `import { app, mount, param, schedule } from 'goblet'
export * from './tasks.ts'
export const limit = param('limit', { value: '100' })
export default app('beside', { env: { LIMIT: limit } })
export const web = mount('/{proxy+}', () => import('./server.ts'), { warm: true })
export const nightly = schedule('cron(0 3 * * ? *)', () => console.log('tidied'))
`,
  'tasks.ts': `import { lambda, table } from 'goblet'
export const done = table<{ id: string }, 'id'>('done', { key: 'id' })
export const task = lambda(async ({ id }: { id: string }) => { await done.put({ id }) })
`,
  'server.ts': `import express from 'express'
import { done, task } from './tasks.ts'
export const server = express()
server.get('/', async (_request, response) => {
  const all = await done.scan({ limit: 10 }).all()
  response.json({ limit: process.env.LIMIT, done: all.map(({ id }) => id) })
})
server.post('/tasks/:id', async (request, response) => {
  await task.start({ id: request.params.id })
  response.status(202).end()
})
`,
}

async function answers(api: string): Promise<void> {
  const index = await fetch(`${api}/`)
  assert.deepEqual([index.status, await index.text(), index.headers.getSetCookie()], [200, 'one', ['seen=yes; Path=/']])
  const city = await jsonAt(`${api}/cities/oslo?a=1`)
  assert.deepEqual({ ...(city as object), protocol: '' }, { city: 'oslo', query: { a: '1' }, protocol: '' })
  const headers = { 'content-type': 'application/json' }
  const echoed = await fetch(`${api}/echo`, { method: 'POST', headers, body: '{"deep":{"ä":[1]}}' })
  assert.deepEqual([echoed.status, await echoed.json()], [201, { deep: { ä: [1] } }])
  const bytes = await fetch(`${api}/bytes`)
  assert.deepEqual(
    [bytes.headers.get('content-type'), [...new Uint8Array(await bytes.arrayBuffer())]],
    ['image/png', BYTES],
  )
  assert.equal((await fetch(`${api}/nowhere`)).status, 404)
}

async function planned(project: Project, name: string, word: string): Promise<void> {
  const { status, error } = await project.goblet('plan', 'server.ts')
  assert.equal(status, 0, error)
  const said = `server.ts exports ${word} (server): all its requests go to one function, web, of the app my-${name}.`
  assert.ok(error.includes(said), error)
}

describe('one file on MiniStack', { skip, timeout: 170_000 }, () => {
  for (const [name, { word, text }] of Object.entries(SERVERS))
    it(`${name}: answers, takes new code by one upload, goes back, and leaves nothing`, () =>
      withPlace(async (place) => {
        const project = await place.project('test/fixtures/web/public')
        await project.write('package.json', JSON.stringify({ name: `my-${name}`, type: 'module' }))
        await project.write('server.ts', text)
        await planned(project, name, word)
        const first = await project.deploy('server.ts')
        assert.deepEqual([first.did, first.functions.map((one) => one.name)], ['stack', ['web']])
        const { api } = first.urls
        await answers(api)
        const again = await project.deploy('server.ts')
        assert.deepEqual([again.did, again.mutations], ['nothing', 0])
        const edit = ['server.ts', "'one'", "'two'"] as const
        await changed(project, edit, async () => (await textAt(`${api}/`)) === 'two', '--entry', 'server.ts')
        assert.deepEqual(await removed(place, project, 'server.ts'), [])
      }))

  it('what stands beside one: a task, a schedule, variables by handle, what keeps it warm', () =>
    withPlace(async (place) => {
      const project = await place.project('test/fixtures/web/public')
      for (const [file, text] of Object.entries(BESIDE)) await project.write(file, text)
      const { urls } = await project.deploy()
      const read = (): Promise<unknown> => jsonAt(`${urls.api}/`)
      assert.deepEqual(await read(), { limit: '100', done: [] })
      const started = await fetch(`${urls.api}/tasks/one`, { method: 'POST' })
      assert.equal(started.status, 202)
      const done = await until(read, (answer) => JSON.stringify(answer).includes('"one"'))
      assert.deepEqual(done, { limit: '100', done: ['one'] })
      const woken = await project.goblet('invoke', 'web', '--event', '{"goblet.warm":true}', '--remote')
      assert.deepEqual([woken.status, woken.out.includes('listening')], [0, false], woken.error)
      const again = await project.deploy()
      assert.deepEqual([again.did, again.mutations], ['nothing', 0])
      assert.deepEqual(await removed(place, project, '--data'), [])
    }))
})
