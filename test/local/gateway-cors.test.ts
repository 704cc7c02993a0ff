// CORS where the gateway applies it: preflights, allowed and foreign origins, and the gateway's own errors.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { CorsModel } from '../../src/model/index.ts'
import { shareFront } from '../support/front.ts'

const CORS: CorsModel = {
  origins: ['https://www.example.com', 'https://b.example'],
  patterns: false,
  methods: ['GET', 'POST'],
  headers: ['Authorization', 'Content-Type'],
  expose: ['x-total'],
  credentials: true,
  maxAge: 300,
}
const HANDLER = `export const handler = async (event) => {
  if (event.rawPath === '/throw') throw new Error('no')
  return { statusCode: 200, headers: { 'access-control-allow-origin': 'https://wrong', 'Access-Control-Max-Age': '1', vary: 'Accept' }, body: 'ok' }
}`

const GUARD = { auth: { kind: 'iam' } } as const
const ROUTES = { 'GET /x': {}, 'GET /throw': {}, 'GET /secret': GUARD, 'ANY /any': GUARD }

const headersOf = (answer: Response, names: readonly string[]): (string | null)[] =>
  names.map((name) => answer.headers.get(name))

for (const door of ['http', 'url'] as const) {
  describe(`CORS of the ${door} door`, () => {
    const held = shareFront({ door, routes: ROUTES, functions: { api: HANDLER }, api: { cors: CORS } })
    const ask = (path: string, origin: string, init: RequestInit = {}): Promise<Response> =>
      fetch(held.front.url + path, { ...init, headers: { origin, ...init.headers } })
    const preflight = (path: string, origin: string): Promise<Response> =>
      ask(path, origin, { method: 'OPTIONS', headers: { 'access-control-request-method': 'GET' } })

    it('answers a preflight itself', async () => {
      const before = held.front.runs()
      const answer = await preflight('/x', 'https://b.example')
      assert.equal(answer.status, door === 'http' ? 204 : 200)
      assert.equal(answer.headers.get('access-control-allow-origin'), 'https://b.example')
      assert.equal(answer.headers.get('access-control-allow-methods'), 'GET,POST')
      assert.equal(answer.headers.get('access-control-allow-headers'), 'authorization,content-type')
      assert.equal(answer.headers.get('access-control-max-age'), '300')
      assert.equal(answer.headers.get('access-control-allow-credentials'), 'true')
      assert.equal(answer.headers.get('vary'), 'Origin')
      assert.equal(held.front.runs(), before)
    })

    it('tells a foreign origin nothing, and calls the function all the same', async () => {
      const names = ['access-control-allow-origin', 'access-control-allow-credentials', 'access-control-max-age']
      assert.deepEqual(headersOf(await preflight('/x', 'https://evil.example'), names), [null, null, null])
      const answer = await ask('/x', 'https://evil.example')
      assert.equal(await answer.text(), 'ok')
      assert.deepEqual(headersOf(answer, names), [null, null, null])
      assert.equal(answer.headers.get('vary'), 'Accept, Origin')
    })

    it('drops what the function says of CORS', async () => {
      const answer = await ask('/x', 'https://www.example.com')
      assert.equal(answer.headers.get('access-control-allow-origin'), 'https://www.example.com')
      assert.equal(answer.headers.get('access-control-expose-headers'), 'x-total')
      assert.equal(answer.headers.get('access-control-max-age'), null)
    })

    it('sets its headers on its own errors too', async () => {
      const rows = [
        ['/throw', door === 'http' ? 500 : 502],
        ['/secret', 403],
      ] as const
      for (const [path, status] of rows) {
        const answer = await ask(path, 'https://b.example')
        assert.equal(answer.status, status, path)
        assert.equal(answer.headers.get('access-control-allow-origin'), 'https://b.example', path)
      }
      const large = await ask('/x', 'https://b.example', { headers: { a: 'x'.repeat(11_000) } })
      assert.equal(large.status, 431)
      assert.equal(large.headers.get('access-control-allow-origin'), 'https://b.example')
    })

    if (door === 'http')
      it('gives a preflight that an ANY route with a guard takes to the guard', async () => {
        assert.equal((await preflight('/any', 'https://b.example')).status, 403)
        assert.equal(
          (await ask('/nope', 'https://b.example')).headers.get('access-control-allow-origin'),
          'https://b.example',
        )
      })
  })
}

describe('CORS for every origin', () => {
  const cors: CorsModel = { ...CORS, origins: ['*'], credentials: false }
  const held = shareFront({ door: 'http', routes: ROUTES, functions: { api: HANDLER }, api: { cors } })

  it('answers with a star, and only to who names an origin', async () => {
    const answer = await fetch(`${held.front.url}/x`, { headers: { origin: 'https://any.example' } })
    assert.equal(answer.headers.get('access-control-allow-origin'), '*')
    assert.equal(answer.headers.get('vary'), 'Accept')
    const plain = await fetch(`${held.front.url}/x`)
    assert.equal(plain.headers.get('access-control-allow-origin'), null)
  })
})
