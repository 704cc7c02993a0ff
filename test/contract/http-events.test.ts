// What AWS and other frameworks were seen to do with single requests, on both front doors: events, cookies, bytes, HEAD, errors.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { start, type TestCloud } from '../../src/testing/index.ts'

let http: TestCloud
let rest: TestCloud
before(async () => {
  http = await start('test/fixtures/cases/http/app.ts')
  rest = await start('test/fixtures/cases/rest/app.ts')
})
after(async () => {
  await http.close()
  await rest.close()
})

test('H-02, http-header-case, http-query-dup, http-stage-2: the event of an HTTP API', async () => {
  const headers = { cookie: 'k=v; m=n', 'X-Thing': ['A', 'B'] }
  const { json } = await http.http.post('/event/7?x=1&x=2&y=%20z', { headers, json: { a: 1 } })
  assert.equal(json.version, '2.0')
  assert.equal(json.routeKey, 'ANY /event/{id}')
  assert.deepEqual([json.rawPath, json.rawQueryString], ['/event/7', 'x=1&x=2&y=%20z'])
  assert.deepEqual(json.cookies, ['k=v', 'm=n'])
  assert.equal(json.headers.cookie, undefined)
  assert.equal(json.headers['x-thing'], 'A,B')
  assert.deepEqual(json.queryStringParameters, { x: '1,2', y: ' z' })
  assert.deepEqual(json.pathParameters, { id: '7' })
  assert.equal(json.requestContext.stage, '$default')
  assert.equal(json.requestContext.http.method, 'POST')
  const second = await http.http.get('/event/7')
  assert.notEqual(second.json.requestContext.requestId, json.requestContext.requestId)
})

test('http-query-none: what an HTTP API leaves out', async () => {
  const { json } = await http.http.get('/event/7')
  assert.equal(json.rawQueryString, '')
  assert.equal(json.isBase64Encoded, false)
  for (const name of ['queryStringParameters', 'cookies', 'body', 'stageVariables']) assert.ok(!(name in json), name)
})

test('H-01, rest-event-keys, rest-header-case: the event of a REST API', async () => {
  const headers = { 'tEsT-HEADeR': 'aValUE', 'x-multi': ['1', '2'] }
  const { json } = await rest.http.post('/api/e/a%20b/c%2Fd?x=1&x=2&y=%20z', { headers, json: { a: 1 } })
  assert.deepEqual(Object.keys(json).sort(), [
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
  assert.deepEqual([json.resource, json.httpMethod], ['/e/{proxy+}', 'POST'])
  // Every type is binary, so that bytes need no list of types: then AWS encodes text, too.
  assert.deepEqual([json.body, json.isBase64Encoded], [Buffer.from('{"a":1}').toString('base64'), true])
  assert.equal(json.requestContext.stage, 'api')
  assert.match(json.requestContext.path, /^\/api\/e\//)
  assert.doesNotMatch(json.path, /^\/api/)
  assert.deepEqual(json.queryStringParameters, { x: '2', y: ' z' })
  assert.deepEqual(json.multiValueQueryStringParameters, { x: ['1', '2'], y: [' z'] })
  assert.deepEqual(json.multiValueHeaders['x-multi'], ['1', '2'])
  assert.equal(json.headers['tEsT-HEADeR'], 'aValUE')
})

test('rest-path-1, -2 and -6, rest-query-3: paths of a REST API, and what is null', async () => {
  const path = async (sent: string) => {
    const { json } = await rest.http.get(`/api/e/${sent}`)
    assert.equal(json.requestContext.path, `/api/e/${sent}`)
    return [json.path, json.pathParameters.proxy]
  }
  assert.deepEqual(await path('proxy-value'), ['/e/proxy-value', 'proxy-value'])
  assert.deepEqual(await path('proxy-value/'), ['/e/proxy-value/', 'proxy-value'])
  const mail = 'user/test%2Balias@gmail.com/plus/test+alias@gmail.com'
  assert.deepEqual(await path(mail), [`/e/${mail}`, mail])
  const { json } = await rest.http.get('/api/e/x')
  for (const name of ['queryStringParameters', 'multiValueQueryStringParameters', 'stageVariables', 'body'])
    assert.equal(json[name], null, name)
  assert.equal(json.isBase64Encoded, false)
})

test('H-10, H-11, H-16, H-22, H-30: cookies, bytes, greedy paths, broken CORS routes and HEAD on both front doors', async () => {
  for (const [cloud, stage] of [
    [http, ''],
    [rest, '/api'],
  ] as const) {
    assert.deepEqual((await cloud.http.get(`${stage}/cookies`)).cookies, ['a=1; Path=/', 'b=2'])
    const bytes = await cloud.http.get(`${stage}/gif`, { headers: { accept: 'image/gif' } })
    assert.deepEqual([...bytes.bytes], [0xe2, 0x9c, 0x93])
    assert.equal(bytes.headers['content-length'], '3')
    assert.deepEqual((await cloud.http.get(`${stage}/files/a/b%20c`)).json, { key: 'a/b c' })
    assert.ok((await cloud.http.get(`${stage}/files`)).status >= 400)
    const broken = await cloud.http.get(`${stage}/cors-500`, { headers: { origin: 'https://a.example' } })
    assert.deepEqual([broken.status, broken.headers['access-control-allow-origin']], [500, '*'])
    const head = await cloud.http.head(`${stage}/head`)
    assert.deepEqual([head.status, head.headers['x-ran'], head.text], [200, 'yes', ''])
  }
})

test('http-route-9, cors-rest-1, rest-default-headers: what each gateway says itself', async () => {
  const wrong = await http.http.delete('/foo')
  assert.deepEqual([wrong.status, wrong.json], [404, { message: 'Not Found' }])
  const preflight = await rest.http.options('/api/foo')
  assert.deepEqual([preflight.status, preflight.json], [403, { message: 'Missing Authentication Token' }])
  const { headers } = await rest.http.get('/api/')
  for (const name of ['x-amzn-requestid', 'x-amz-apigw-id', 'x-amzn-trace-id']) assert.ok(headers[name], name)
})

test('auth-026: an authorizer is asked once for the same token', async () => {
  const ask = () => rest.http.get('/api/guarded', { headers: { authorization: 'allow' } })
  assert.equal((await ask()).status, 200)
  const asked = rest.invocations('token').length
  assert.equal((await ask()).status, 200)
  assert.equal(rest.invocations('token').length, asked)
})

test('err-024: what a handler throws is in its log', async () => {
  await http.http.get('/error')
  await http.settle()
  assert.ok(http.logs('broken').some((line) => line.includes('Something bad happened')))
})
