// MiniStack makes stacks of apps with each front door by its CloudFormation, and calls them through their aliases. What it does
// not do as AWS does is not asked of it here: docs/decisions.md, "APIs on AWS", has the list.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { WebSocket } from 'ws'
import { missing } from '../support/judge.ts'
import { startTarget } from '../support/peers.ts'
import { openStack, type Stack } from '../support/stack.ts'

type Get = (path: string, init?: RequestInit) => Promise<readonly [number, string]>

async function on(files: string, work: (get: Get, stack: Stack) => Promise<void>): Promise<void> {
  const cloud = await startTarget('ministack')
  try {
    await using stack = await openStack(cloud.endpoint, { 'app.ts': files })
    const get: Get = async (path, init = {}) => {
      const answer = await fetch(`${stack.urls.api}${path}`, init)
      return [answer.status, await answer.text()]
    }
    await work(get, stack)
  } finally {
    await cloud.stop()
  }
}

const HTTP = `
import { app, authorizer, route } from 'goblet'
export default app('front')
export const guard = authorizer(({ token }) => ({ allow: token === 'let me in', principal: 'ann', context: { role: 'admin' } }))
export const hello = route('GET /', () => ({ hello: 'world' }))
export const city = route('GET /cities/{city}', ({ params }) => ({ city: params.city }))
export const files = route('GET /files/{path+}', { cors: { origins: 'https://a.example' } }, ({ params }) => ({ path: params.path }))
export const secret = route('GET /secret', { auth: guard }, ({ auth }) => ({ auth }))
export const alone = route('POST /alone', { isolate: true }, ({ body }) => ({ body }))
`

const REST = `
import { app, authorizer, route } from 'goblet'
export default app('rest', { api: 'rest', cors: true, apiKeys: ['partner'], usagePlan: { rate: 100, quota: { limit: 1000, period: 'day' } } })
export const token = authorizer({ style: 'token', header: 'x-token' }, ({ token }) => ({ allow: token === 'let me in', principal: 'ann' }))
export const asked = authorizer({ identity: ['$request.header.who', '$request.querystring.why'] }, ({ headers }) => ({ allow: headers.who === 'ann' }))
export const hello = route('GET /', () => ({ hello: 'world' }))
export const city = route('GET|POST /cities/{city}', ({ params, method }) => ({ city: params.city, method }))
export const files = route('ANY /files/{path+}', ({ params, method }) => ({ path: params.path, method }))
export const secret = route('GET /secret', { auth: token }, ({ auth }) => ({ auth }))
export const deep = route('GET /deep/er/secret', { auth: asked }, () => ({ secret: true }))
`

const DIRECT = `
import { app, route } from 'goblet'
export default app('direct', { api: 'url' })
export const hello = route('GET /', () => ({ hello: 'world' }))
export const city = route('GET /cities/{city}', ({ params }) => ({ city: params.city }))
export const alone = route('GET /alone', { isolate: true }, () => 'alone')
`

// MiniStack tells functions where they are by names below localhost, which not every system finds.
const FINDS = `import dns from 'node:dns'
const own = dns.lookup
dns.lookup = (name, ...more) => own(name.endsWith('.localhost') ? '127.0.0.1' : name, ...more)`

const CHAT = `
import { app, websocket } from 'goblet'
export default app('chat', { env: { NODE_OPTIONS: '--import data:text/javascript;base64,${btoa(FINDS)}' } })
export const chat = websocket('chat')
export const enter = chat.onConnect(() => {})
export const say = chat.on('say', async ({ body, connectionId, reply }) => {
  await chat.send(connectionId, { sent: body })
})
export const other = chat.onDefault(async ({ connectionId }) => {
  await chat.send(connectionId, { error: 'unknown' })
})
`

describe('on MiniStack', { skip: missing('ministack'), timeout: 100_000 }, () => {
  test('an HTTP API answers through its alias', () =>
    on(HTTP, async (get) => {
      assert.deepEqual(await get('/'), [200, '{"hello":"world"}'])
      assert.deepEqual(await get('/cities/s%C3%A3o%20paulo'), [200, '{"city":"são paulo"}'])
      assert.deepEqual(await get('/files/a/b'), [200, '{"path":"a/b"}'])
      const headers = { 'content-type': 'application/json' }
      assert.deepEqual(await get('/alone', { method: 'POST', body: '{"a":1}', headers }), [200, '{"body":{"a":1}}'])
      assert.equal((await get('/nothing'))[0], 404)
      assert.equal((await get('/secret'))[0], 401)
      assert.equal((await get('/secret', { headers: { authorization: 'no' } }))[0], 403)
      const [status, body] = await get('/secret', { headers: { authorization: 'let me in' } })
      assert.equal(status, 200)
      assert.deepEqual(JSON.parse(body).auth, { kind: 'authorizer', principal: 'ann', context: { role: 'admin' } })
    }))

  test('a REST API answers through its alias', () =>
    on(REST, async (get) => {
      assert.deepEqual(await get('/'), [200, '{"hello":"world"}'])
      assert.deepEqual(await get('/cities/paris', { method: 'POST' }), [200, '{"city":"paris","method":"POST"}'])
      assert.deepEqual(await get('/files/a/b', { method: 'PATCH' }), [200, '{"path":"a/b","method":"PATCH"}'])
      assert.equal((await get('/nothing'))[0], 403)
      assert.equal((await get('/secret'))[0], 401)
      assert.equal((await get('/secret', { headers: { 'x-token': 'no' } }))[0], 403)
      assert.equal((await get('/secret', { headers: { 'x-token': 'let me in' } }))[0], 200)
      assert.equal((await get('/deep/er/secret', { headers: { who: 'ann' } }))[0], 401)
      assert.equal((await get('/deep/er/secret?why=1', { headers: { who: 'bob' } }))[0], 403)
      assert.deepEqual(await get('/deep/er/secret?why=1', { headers: { who: 'ann' } }), [200, '{"secret":true}'])
      const [status] = await get('/cities/x', { method: 'OPTIONS', headers: { origin: 'https://a.example' } })
      assert.equal(status, 204)
    }))

  test('function URLs answer, each by its own', () =>
    on(DIRECT, async (get, { urls }) => {
      assert.deepEqual(await get('/'), [200, '{"hello":"world"}'])
      assert.deepEqual(await get('/cities/x'), [200, '{"city":"x"}'])
      assert.equal((await get('/nothing'))[0], 404)
      assert.equal(await (await fetch(`${urls.functions.get('alone')}/alone`)).text(), 'alone')
    }))

  test('a WebSocket API takes connections and messages, and functions post to them', () =>
    on(CHAT, async (_get, { urls }) => {
      const socket = new WebSocket(urls.websockets.get('chat') ?? '')
      const next = (): Promise<string> =>
        new Promise((resolve) => socket.once('message', (data) => resolve(String(data))))
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
      socket.send(JSON.stringify({ action: 'say', text: 'hi' }))
      assert.deepEqual(JSON.parse(await next()), { sent: { action: 'say', text: 'hi' } })
      socket.send('what')
      assert.deepEqual(JSON.parse(await next()), { error: 'unknown' })
      socket.close()
    }))
})
