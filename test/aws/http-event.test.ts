// The HTTP API event against a recorded one and documented rows, and what the gateway makes of a function's answer.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { type HttpEvent, type HttpRequestFacts, readHttpResult, toHttpEvent } from '../../src/aws/events/http.ts'

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(`../cases/${path}`, import.meta.url), 'utf8'))

const FACTS: HttpRequestFacts = {
  routeKey: 'GET /x',
  method: 'GET',
  path: '/x',
  query: '',
  rawHeaders: [],
  pathParameters: undefined,
  sourceIp: '1.2.3.4',
  protocol: 'HTTP/1.1',
  requestId: 'LV7fzho-PHcEJPw=',
  accountId: '123456789012',
  apiId: 'aaaaaaaaaa',
  domainName: 'aaaaaaaaaa.execute-api.us-west-2.amazonaws.com',
  port: '443',
  time: 1_587_481_701_067,
  body: undefined,
}

/** The event as the function gets it. */
const eventOf = (given: Partial<HttpRequestFacts>): HttpEvent =>
  JSON.parse(JSON.stringify(toHttpEvent({ ...FACTS, ...given })))

interface Case {
  readonly id: string
  readonly given: { readonly payload: string }
  readonly when: { readonly request: string }
  readonly expect: Readonly<Record<string, unknown>>
}

// Left out: http-v1-version-key, which is about payload format 1.0.
const rows = (read('http.json') as (Case & { readonly service: string })[]).filter(
  ({ service, given }) => service === 'httpapi.event' && given.payload === '2.0',
)

/** Reads `GET /x?query with header Name: value and Name: value`. */
function toFacts(request: string): Partial<HttpRequestFacts> {
  const [line = '', ...rest] = request.split(' with header ')
  const query = line.split('?')[1] ?? ''
  const rawHeaders = rest.flatMap((headers) => headers.split(' and ').flatMap((header) => header.split(': ')))
  return { query, rawHeaders }
}

describe('documented rows', () => {
  for (const { id, when, expect } of rows) {
    it(`${id}: ${when.request}`, () => {
      const event: Readonly<Record<string, unknown>> = { ...eventOf(toFacts(when.request)) }
      const { note: _, absent = [], ...wanted } = expect
      for (const key of absent as string[]) assert.equal(Object.hasOwn(event, key), false, `has ${key}`)
      for (const [path, value] of Object.entries(wanted)) {
        const [, outer = path, inner] = /^(\w+)\["(.+)"\]$/.exec(path) ?? []
        const found = inner === undefined ? event[outer] : (event[outer] as Record<string, unknown>)[inner]
        assert.deepEqual(found, value, path)
      }
    })
  }
  it('has rows', () => assert.equal(rows.length, 3))
})

it('is the recorded event, key for key', () => {
  const recorded = read('events/apigw-http-v2-noauth.json') as HttpEvent & {
    requestContext: { authentication?: unknown }
  }
  // Only an API with mutual TLS has it.
  delete recorded.requestContext.authentication
  const headers = Object.entries(recorded.headers).filter(
    ([name]) => name !== 'x-forwarded-for' && name !== 'x-forwarded-port',
  )
  const rawHeaders = headers.flatMap(([name, value]) => [name.replace(/^./, (letter) => letter.toUpperCase()), value])
  assert.deepEqual(eventOf({ routeKey: '$default', path: '/', rawHeaders }), recorded)
})

describe('headers', () => {
  it('are lower-case, duplicates joined in their order, cookies apart', () => {
    const event = eventOf({
      rawHeaders: ['X-B', '1', 'x-a', '2', 'X-b', '3', 'Cookie', 'a=1; b=2;', 'cookie', ' c=3', 'X-Empty', ''],
    })
    assert.equal(event.headers['x-b'], '1,3')
    assert.equal(event.headers['x-a'], '2')
    assert.equal(event.headers['x-empty'], '')
    assert.equal(event.headers.cookie, undefined)
    assert.deepEqual(event.cookies, ['a=1', 'b=2', 'c=3'])
  })

  it('of the connection end at the gateway, and the gateway adds its own', () => {
    const event = eventOf({
      rawHeaders: ['Connection', 'keep-alive', 'Upgrade', 'h2c', 'Transfer-Encoding', 'chunked'],
    })
    assert.deepEqual(Object.keys(event.headers).sort(), [
      'x-amzn-trace-id',
      'x-forwarded-for',
      'x-forwarded-port',
      'x-forwarded-proto',
    ])
    assert.match(event.headers['x-amzn-trace-id'] ?? '', /^Root=1-5e9f0c65-/)
  })

  it('named like things of Object.prototype are only headers', () => {
    const { headers, queryStringParameters } = eventOf({
      rawHeaders: ['__proto__', 'a', 'Constructor', 'b'],
      query: '__proto__=c&constructor=d&__proto__=e',
    })
    assert.deepEqual(Object.entries(headers).slice(0, 2), [
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ])
    assert.deepEqual(Object.entries(queryStringParameters ?? {}), [
      ['__proto__', 'c,e'],
      ['constructor', 'd'],
    ])
  })
})

describe('the query', () => {
  const parameters = (query: string): unknown => eventOf({ query }).queryStringParameters
  it('is form-decoded, and verbatim beside that', () => {
    assert.deepEqual(parameters('a=1+2&b=%2B&c=%C3%A9&d&e=&=f&&g==h'), {
      a: '1 2',
      b: '+',
      c: 'é',
      d: '',
      e: '',
      '': 'f',
      g: '=h',
    })
    assert.deepEqual(parameters('%61=%zz&b=%'), { a: '%zz', b: '%' })
    assert.equal(eventOf({ query: 'a=1+2&&b=%2B' }).rawQueryString, 'a=1+2&&b=%2B')
  })
})

// Source: a client's capture of an HTTP API (honojs/hono, issue 2156).
it('the path is decoded, and a malformed one is as it was sent', () => {
  const sent = '/RSC/%40id%2Fassets%2Frsf0.js%23save.txt'
  const event = eventOf({ path: sent, pathParameters: { proxy: '@id/assets/rsf0.js#save.txt' } })
  assert.equal(event.rawPath, '/RSC/@id/assets/rsf0.js#save.txt')
  assert.equal(event.requestContext.http.path, event.rawPath)
  assert.deepEqual(event.pathParameters, { proxy: '@id/assets/rsf0.js#save.txt' })
  assert.equal(eventOf({ path: '/a%Fth' }).rawPath, '/a%Fth')
})

describe('the body', () => {
  const bytes = new TextEncoder().encode('a=é')
  const sent = (type?: string): [string | undefined, boolean] => {
    const { body, isBase64Encoded } = eventOf({
      body: bytes,
      rawHeaders: type === undefined ? [] : ['Content-Type', type],
    })
    return [body, isBase64Encoded]
  }
  // Source: measured on AWS with an HTTP API (ministackorg/ministack, pull request 766).
  const text = ['text/plain', 'text/csv; charset=utf-8', 'application/json', 'Application/JSON;charset=utf-8']
  for (const type of [...text, 'application/xml', 'application/javascript'])
    it(`is text when it is ${type}`, () => assert.deepEqual(sent(type), ['a=é', false]))
  const binary = ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/octet-stream']
  for (const type of [...binary, 'image/png', 'application/jsonx', 'x/text/plain', undefined])
    it(`is base64 when it is ${type}`, () => assert.deepEqual(sent(type), ['YT3DqQ==', true]))

  it('is a part of its buffer only', () => {
    const part = new Uint8Array(bytes.buffer, 1, 1)
    assert.equal(eventOf({ body: part, rawHeaders: ['content-type', 'text/plain'] }).body, '=')
  })

  it('may be empty', () => {
    const event = eventOf({ body: new Uint8Array(), rawHeaders: ['content-type', 'text/plain'] })
    assert.deepEqual([event.body, event.isBase64Encoded], ['', false])
  })
})

describe('what the gateway makes of an answer', () => {
  const JSON_TYPE = { 'content-type': 'application/json' }
  const answers: readonly [name: string, returned: unknown, sent: ReturnType<typeof readHttpResult>][] = [
    ['a status alone', { statusCode: 200 }, { status: 200, headers: JSON_TYPE, body: '' }],
    ['an object', { hello: 'world' }, { status: 200, headers: JSON_TYPE, body: '{"hello":"world"}' }],
    ['an array', [1, 2], { status: 200, headers: JSON_TYPE, body: '[1,2]' }],
    ['a number', 7, { status: 200, headers: JSON_TYPE, body: '7' }],
    ['true', true, { status: 200, headers: JSON_TYPE, body: 'true' }],
    ['null', null, { status: 200, headers: JSON_TYPE, body: 'null' }],
    ['a string, raw', 'hello', { status: 200, headers: JSON_TYPE, body: 'hello' }],
    ['a status as text', { statusCode: '201' }, { status: 201, headers: JSON_TYPE, body: '' }],
    ['a status that is none', { statusCode: 'test' }, undefined],
    ['a status out of range', { statusCode: 99 }, undefined],
    ['no status', { statusCode: null }, undefined],
    ['a body that is no text', { statusCode: 200, body: { a: 1 } }, undefined],
    ['unknown keys', { statusCode: 200, foo: 1, body: 'x' }, { status: 200, headers: JSON_TYPE, body: 'x' }],
    [
      'header values of other types',
      { statusCode: 200, headers: { 'X-On': true, 'X-Count': 3, 'Content-Type': 'text/html' } },
      { status: 200, headers: { 'content-type': 'text/html', 'x-on': 'true', 'x-count': '3' }, body: '' },
    ],
    [
      'base64',
      { statusCode: 200, body: 'aGk=', isBase64Encoded: true },
      { status: 200, headers: JSON_TYPE, body: Buffer.from('hi') },
    ],
    [
      'cookies',
      { statusCode: 204, cookies: ['a=1', 'b=2; Secure'] },
      { status: 204, headers: { ...JSON_TYPE, 'set-cookie': ['a=1', 'b=2; Secure'] }, body: '' },
    ],
  ]
  for (const [name, returned, sent] of answers)
    it(name, () => assert.deepEqual(readHttpResult(JSON.stringify(returned)), sent))
})
