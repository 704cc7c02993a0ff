// How events find their handler, and that one request knows nothing of another.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Request, reply, route } from '../../src/index.ts'
import { CONTEXT, toEvent } from '../support/event.ts'
import { woken } from '../support/woken.ts'

const echo = ({ route, params, method }: Request) => ({ route, params, method })

describe('finding the handler', () => {
  const handler = woken([
    route('GET|PUT /objects/{key}', echo),
    route('ANY /objects/{key}', () => 'any'),
    route('GET /', () => 'root'),
    route('GET /files/{path+}', echo),
    route('ANY /{rest+}', () => 'rest'),
  ])
  const ask = async (...given: Parameters<typeof toEvent>) => (await handler(toEvent(...given), CONTEXT)).body

  it('takes the route that API Gateway chose', async () => {
    assert.equal(
      await ask('GET /objects/{key}', { rawPath: '/objects/a', pathParameters: { key: 'a' } }),
      '{"route":"GET /objects/{key}","params":{"key":"a"},"method":"GET"}',
    )
    assert.equal(
      await ask('PUT /objects/{key}', { rawPath: '/objects/b', pathParameters: { key: 'b' } }),
      '{"route":"PUT /objects/{key}","params":{"key":"b"},"method":"PUT"}',
    )
    assert.equal(await ask('ANY /objects/{key}', { method: 'DELETE' }), 'any')
    assert.equal(await ask('GET /'), 'root')
  })

  it('chooses itself where a catch-all route let everything in', async () => {
    const chosen = (method: string, rawPath: string) => ask('$default', { method, rawPath })
    assert.equal(
      await chosen('PUT', '/objects/a%2Fb'),
      '{"route":"PUT /objects/{key}","params":{"key":"a/b"},"method":"PUT"}',
    )
    assert.equal(
      await chosen('GET', '/files/a/b%20c'),
      '{"route":"GET /files/{path+}","params":{"path":"a/b c"},"method":"GET"}',
    )
    assert.equal(await chosen('DELETE', '/objects/a'), 'any')
    assert.equal(await chosen('GET', '/'), 'root')
    assert.equal(await chosen('POST', '/a/b/c'), 'rest')
    assert.equal(await chosen('POST', '/'), '{"message":"Not Found"}')
  })

  it('answers 404 as API Gateway does, each time anew', async () => {
    const only = woken([route('GET /a', () => 'a')])
    for (const path of ['/b', '/a/', '/__proto__', '/constructor'])
      assert.deepEqual(await only(toEvent('$default', { rawPath: path }), CONTEXT), {
        statusCode: 404,
        headers: { 'content-type': 'application/json' },
        body: '{"message":"Not Found"}',
        isBase64Encoded: false,
      })
    const odd = await only(toEvent('__proto__ /a', { rawPath: '/' }), CONTEXT)
    assert.equal(odd.statusCode, 404)
  })

  it('gives a route without parameters an object without any', async () => {
    let params: object = { a: 1 }
    const seen = woken([
      route('GET /', (request) => {
        params = request.params
        return reply()
      }),
    ])
    await seen(toEvent('GET /'), CONTEXT)
    assert.deepEqual(Object.keys(params), [])
  })
})

describe('time', () => {
  it('a handler that returns at once has answered when the call returns', async () => {
    const handler = woken([
      route('GET /', () => ({ a: 1 })),
      route('GET /bad', () => {
        throw new Error('bad')
      }),
    ])
    let done = false
    const answer = handler(toEvent('GET /'), CONTEXT)
    assert.ok(answer instanceof Promise)
    void answer.then(() => {
      done = true
    })
    // One turn of the queue of microtasks, no more.
    await null
    assert.equal(done, true)
  })

  it('requests that overlap do not see each other', async () => {
    const handler = woken([
      route('POST /{id}', async (request) => {
        const { id } = request.params
        const before = [id, request.query.q, request.json.id, request.cookies.c]
        await new Promise((resolve) => setTimeout(resolve, 5 - (Number(id) % 5)))
        return [...before, request.params.id, request.query.q, request.json.id, request.cookies.c]
      }),
    ])
    const ids = Array.from({ length: 50 }, (_, index) => String(index))
    const answers = await Promise.all(
      ids.map((id) => {
        const given = {
          pathParameters: { id },
          rawQueryString: `q=${id}`,
          body: `{"id":"${id}"}`,
          cookies: [`c=${id}`],
        }
        return handler(toEvent('POST /{id}', given), CONTEXT)
      }),
    )
    for (const [index, { body }] of answers.entries())
      assert.deepEqual(new Set(JSON.parse(body ?? '')), new Set([String(index)]))
  })
})
