// The REST API's front door over a real socket: the stage, paths as they are, answers and errors in its own words. Rows: recorded on AWS.
import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import { openFront, SLOW, shareFront, tickWhenRunning } from '../support/front.ts'

const MIRROR = `export const handler = async (event) => {
  const asked = event.body === null ? '' : Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8').toString()
  if (asked === 'throw') throw new Error('no')
  if (asked === 'sleep') await new Promise((resolve) => setTimeout(resolve, 5000))
  if (asked === 'large') return { statusCode: 200, body: 'x'.repeat(7 * 1024 * 1024) }
  return asked === '' ? { body: JSON.stringify(event) } : JSON.parse(asked)
}`

const FAILED = '{"message":"Internal server error"}'

describe('paths of a REST API', () => {
  const held = shareFront({
    door: 'rest',
    routes: { 'ANY /{proxy+}': {}, 'GET /': {}, 'GET /cities/{city}': {} },
    functions: { api: MIRROR },
  })
  const rows: readonly [target: string, expected: Record<string, unknown>][] = [
    ['/api/proxy-value', { path: '/proxy-value', full: '/api/proxy-value', params: { proxy: 'proxy-value' } }],
    ['/api/proxy-value/', { path: '/proxy-value/', full: '/api/proxy-value/', params: { proxy: 'proxy-value' } }],
    ['//api/x', { path: '/x', full: '/api/x', params: { proxy: 'x' } }],
    ['/api//x', { path: '/x', full: '/api//x', params: { proxy: 'x' } }],
    ['/api/a//b', { path: '/a//b', full: '/api/a//b', params: { proxy: 'a//b' } }],
    [
      '/api/user/test%2Balias@gmail.com/plus/test+alias@gmail.com',
      { params: { proxy: 'user/test%2Balias@gmail.com/plus/test+alias@gmail.com' }, resource: '/{proxy+}' },
    ],
    ['/api/cities/s%C3%A3o', { params: { city: 's%C3%A3o' }, resource: '/cities/{city}' }],
    ['/api', { path: '/', params: null, resource: '/' }],
    ['/api/', { path: '/', params: null, resource: '/' }],
  ]
  for (const [target, expected] of rows) {
    it(target, async () => {
      const answer = await held.front.raw(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
      const event = JSON.parse(answer.split('\r\n\r\n')[1] ?? '')
      const { path, pathParameters: params, resource, requestContext } = event
      const found: Record<string, unknown> = { path, params, resource, full: requestContext.path }
      for (const [key, value] of Object.entries(expected)) assert.deepEqual(found[key], value, key)
      assert.equal(requestContext.stage, 'api')
    })
  }

  it('sends exactly the recorded keys, and nulls for what is absent', async () => {
    const event = JSON.parse(await (await fetch(`${held.front.url}/x`)).text())
    assert.deepEqual(Object.keys(event).sort(), [
      'body',
      'headers',
      'httpMethod',
      'isBase64Encoded',
      'multiValueHeaders',
      'multiValueQueryStringParameters',
      'path',
      'pathParameters',
      'queryStringParameters',
      'requestContext',
      'resource',
      'stageVariables',
    ])
    const { queryStringParameters, multiValueQueryStringParameters, stageVariables, body, isBase64Encoded } = event
    assert.deepEqual(
      { queryStringParameters, multiValueQueryStringParameters, stageVariables, body, isBase64Encoded },
      {
        queryStringParameters: null,
        multiValueQueryStringParameters: null,
        stageVariables: null,
        body: null,
        isBase64Encoded: false,
      },
    )
    assert.equal(Object.keys(event.requestContext.identity).length, 12)
  })

  it('keeps the case of headers and every value', async () => {
    const answer = await held.front.raw(
      'GET /api/x?a=1&a=2+3&b=%2B HTTP/1.1\r\nHost: h\r\ntEsT-HEADeR: aValUE\r\nX-Two: 1\r\nx-two: 2\r\nConnection: close\r\n\r\n',
    )
    const event = JSON.parse(answer.split('\r\n\r\n')[1] ?? '')
    assert.equal(event.headers['tEsT-HEADeR'], 'aValUE')
    assert.deepEqual(event.multiValueHeaders['tEsT-HEADeR'], ['aValUE'])
    assert.equal(event.headers['X-Two'], '2')
    assert.deepEqual(event.multiValueHeaders['X-Two'], ['1', '2'])
    assert.deepEqual(event.queryStringParameters, { a: '2 3', b: '+' })
    assert.deepEqual(event.multiValueQueryStringParameters, { a: ['1', '2 3'], b: ['+'] })
  })
})

describe('answers of a REST API', () => {
  const held = shareFront({
    door: 'rest',
    routes: { 'POST /': {}, 'GET /x': {} },
    functions: { api: MIRROR },
    settings: { timeout: 1 },
    api: { errorOrigin: 'https://a.example' },
  })
  const rows: readonly [result: unknown, status: number, body: string, headers?: Record<string, string | null>][] = [
    [{ statusCode: 200, headers: null }, 200, ''],
    [null, 502, FAILED, { 'x-amzn-errortype': 'InternalServerErrorException' }],
    ['"justAString"', 502, FAILED],
    [[1], 502, FAILED],
    [3, 502, FAILED],
    [{ statusCode: '201' }, 201, ''],
    [{ statusCode: 'test' }, 502, FAILED],
    [{ statusCode: 200, wrong: 1 }, 502, FAILED],
    [{ statusCode: 200, body: { a: 1 } }, 502, FAILED],
    [{ headers: { 'test-header': 'value' } }, 200, '', { 'test-header': 'value', 'content-type': 'application/json' }],
    [{ statusCode: 200, headers: { a: true } }, 200, '', { a: 'true' }],
    [{ statusCode: 200, multiValueHeaders: { 'test-multi': ['v1', 'v2'] } }, 200, '', { 'test-multi': 'v1, v2' }],
    [{ statusCode: 200, multiValueHeaders: { a: 'b' } }, 502, FAILED],
    [{ statusCode: 200, headers: { 'A-B': '2' }, multiValueHeaders: { 'a-b': ['1'] } }, 200, '', { 'a-b': '1, 2' }],
    [{ statusCode: 200, body: 'aGk=', isBase64Encoded: true }, 200, 'hi'],
    [
      { statusCode: 200, headers: { 'WWW-Authenticate': 'Basic' } },
      200,
      '',
      { 'x-amzn-remapped-www-authenticate': 'Basic' },
    ],
    ['throw', 502, FAILED],
    ['large', 502, FAILED],
    ['sleep', 504, '{"message":"Endpoint request timed out"}'],
  ]
  for (const [result, status, body, headers = {}] of rows) {
    it(`${JSON.stringify(result)} → ${status}`, async () => {
      const sent = typeof result === 'string' ? result : JSON.stringify(result)
      const answer = await fetch(held.front.url, { method: 'POST', body: sent })
      assert.equal(answer.status, status)
      assert.equal(await answer.text(), body)
      for (const name of ['x-amzn-requestid', 'x-amz-apigw-id', 'x-amzn-trace-id']) assert.ok(answer.headers.get(name))
      for (const [name, value] of Object.entries(headers)) assert.equal(answer.headers.get(name), value)
      const origin = status < 500 ? null : 'https://a.example'
      assert.equal(answer.headers.get('access-control-allow-origin'), origin)
    })
  }

  const refused: readonly [method: string, path: string, message: string, type: string][] = [
    ['GET', '/api/nope', 'Missing Authentication Token', 'MissingAuthenticationTokenException'],
    ['PUT', '/api/x', 'Missing Authentication Token', 'MissingAuthenticationTokenException'],
    ['OPTIONS', '/api/x', 'Missing Authentication Token', 'MissingAuthenticationTokenException'],
    ['GET', '/x', 'Forbidden', 'ForbiddenException'],
    ['GET', '/apix/x', 'Forbidden', 'ForbiddenException'],
    ['GET', '/', 'Forbidden', 'ForbiddenException'],
  ]
  for (const [method, path, message, type] of refused) {
    it(`${method} ${path} → 403 ${message}`, async () => {
      const answer = await fetch(`http://127.0.0.1:${held.front.port}${path}`, { method })
      assert.equal(answer.status, 403)
      assert.deepEqual(await answer.json(), { message })
      assert.equal(answer.headers.get('x-amzn-errortype'), type)
      assert.equal(answer.headers.get('access-control-allow-origin'), 'https://a.example')
    })
  }

  it('takes no more than 10 MB, and than Lambda takes', async () => {
    const body = Buffer.alloc(10 * 1024 * 1024 + 1)
    const answer = await fetch(held.front.url, { method: 'POST', body })
    assert.equal(answer.status, 413)
    assert.deepEqual(await answer.json(), { message: 'HTTP content length exceeded 10485760 bytes.' })
    const smaller = await fetch(held.front.url, { method: 'POST', body: body.subarray(0, 5_000_000) })
    assert.equal(smaller.status, 413)
    assert.deepEqual(await smaller.json(), { message: 'Request Too Long' })
  })
})

it('gives a function 29 s, however long it may take', async () => {
  await using front = await openFront({
    door: 'rest',
    routes: { 'GET /x': {} },
    functions: { api: SLOW },
    settings: { timeout: 60 },
  })
  const answer = await tickWhenRunning(front, mock.timers, 29_000, '/x')
  assert.deepEqual(answer, { status: 504, body: '{"message":"Endpoint request timed out"}' })
})

it('answers 500 where the function has no capacity left', async () => {
  await using front = await openFront({ door: 'rest', routes: { 'GET /x': {} }, settings: { concurrency: 0 } })
  const answer = await fetch(`${front.url}/x`)
  assert.equal(answer.status, 500)
  assert.equal(await answer.text(), FAILED)
})
