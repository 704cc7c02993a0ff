// What route handlers return and throw, and the answer that the gateway gets.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as goblet from '../../src/index.ts'
import { HttpError, type Reply, reply, route } from '../../src/index.ts'
import { hearErrors } from '../support/console.ts'
import { CONTEXT, toEvent } from '../support/event.ts'
import { woken } from '../support/woken.ts'

const call = (handler: () => unknown) => woken([route('GET /', handler)])(toEvent('GET /'), CONTEXT)

const JSON_TYPE = { 'content-type': 'application/json' }
const TEXT_TYPE = { 'content-type': 'text/plain; charset=utf-8' }
const json = (body: string) => ({ statusCode: 200, headers: JSON_TYPE, body, isBase64Encoded: false })
const bytes = (body: string) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/octet-stream' },
  body,
  isBase64Encoded: true,
})

const VALUES: readonly [name: string, value: unknown, result: object][] = [
  ['an object', { a: 1 }, json('{"a":1}')],
  ['an object with statusCode', { statusCode: 404 }, json('{"statusCode":404}')],
  ['an array', [1, 'b'], json('[1,"b"]')],
  ['null', null, json('null')],
  ['a number', 0, json('0')],
  ['false', false, json('false')],
  ['a value with toJSON', new Date(0), json('"1970-01-01T00:00:00.000Z"')],
  ['a string', 'héllo', { statusCode: 200, headers: TEXT_TYPE, body: 'héllo', isBase64Encoded: false }],
  ['an empty string', '', { statusCode: 200, headers: TEXT_TYPE, body: '', isBase64Encoded: false }],
  ['bytes', new Uint8Array([104, 105]), bytes('aGk=')],
  ['a part of bytes', new Uint8Array([1, 104, 105, 1]).subarray(1, 3), bytes('aGk=')],
  ['a Buffer', Buffer.from('hi'), bytes('aGk=')],
  ['an ArrayBuffer', new Uint8Array([104, 105]).buffer, bytes('aGk=')],
  ['nothing', undefined, { statusCode: 204 }],
  ['a reply', reply({ a: 1 }, { status: 201 }), { ...json('{"a":1}'), statusCode: 201 }],
  ['a reply of nothing', reply(), { statusCode: 204 }],
  ['a reply of nothing with a status', reply(undefined, { status: 302 }), { statusCode: 302 }],
  ['a reply of null', reply(null), json('null')],
  [
    'a reply with headers',
    reply('<p>', { headers: { 'Content-Type': 'text/html', 'X-Count': 3 } }),
    { statusCode: 200, headers: { 'content-type': 'text/html', 'x-count': '3' }, body: '<p>', isBase64Encoded: false },
  ],
  [
    'a reply of bytes with a type',
    reply(Buffer.from('hi'), { headers: { 'content-type': 'image/webp' } }),
    { ...bytes('aGk='), headers: { 'content-type': 'image/webp' } },
  ],
  [
    'an object that is said to be an image',
    reply({ a: 1 }, { headers: { 'content-type': 'image/webp' } }),
    { ...json('{"a":1}'), headers: { 'content-type': 'image/webp' } },
  ],
  [
    'a reply with cookies',
    reply(undefined, { cookies: ['a=1; HttpOnly', 'b=2'] }),
    { statusCode: 204, cookies: ['a=1; HttpOnly', 'b=2'] },
  ],
]

describe('a handler that returns', () => {
  for (const [name, value, result] of VALUES) {
    it(name, async () => assert.deepEqual(await call(() => value), result))
    it(`a promise of ${name}`, async () => assert.deepEqual(await call(async () => value), result))
  }

  it('a thenable that is no promise', async () => {
    // biome-ignore lint/suspicious/noThenProperty: query builders are such objects.
    const thenable = { then: (resolve: (value: string) => void) => resolve('late') }
    assert.equal((await call(() => thenable)).body, 'late')
  })

  it('a reply twice, each time the same', async () => {
    const shared = reply('x', { headers: { a: 'b' } })
    const first = await call(() => shared)
    assert.deepEqual(await call(() => shared), first)
    assert.deepEqual((await call(() => 'x')).headers, TEXT_TYPE)
  })
})

const INTERNAL = {
  statusCode: 500,
  headers: JSON_TYPE,
  body: '{"Code":"InternalServerError","Message":"An internal server error occurred."}',
  isBase64Encoded: false,
}

const circular: Record<string, unknown> = {}
circular.self = circular

const REFUSED: readonly [name: string, value: () => unknown, said: RegExp][] = [
  ['a line break in a header', () => reply('', { headers: { location: '/a\r\nset-cookie: b=1' } }), /header location/],
  ['a NUL in a header', () => reply('', { headers: { a: 'b\u0000' } }), /header a/],
  ['a character that HTTP cannot carry', () => reply('', { headers: { a: '✓' } }), /header a/],
  ['a line break in a cookie', () => reply('', { cookies: ['a=1\nb'] }), /header set-cookie/],
  ['a space in a header name', () => reply('', { headers: { 'a b': '1' } }), /"a b" is no header name/],
  ['a line break in a header name', () => reply('', { headers: { 'a\r\nb': '1' } }), /no header name/],
  ['an empty header name', () => reply('', { headers: { '': '1' } }), /"" is no header name/],
  ['a status that is none', () => reply('', { status: 1000 }), /status 1000/],
  ['a status that is no number', () => reply('', { status: Number.NaN }), /status NaN/],
  ['a function', () => () => 1, /returned a function/],
  ['a symbol', () => Symbol('a'), /returned a symbol/],
  ['a bigint', () => 1n, /BigInt/],
  ['an object that holds itself', () => circular, /circular/],
]

describe('what cannot be sent is logged, and answered 500', () => {
  for (const [name, value, said] of REFUSED) {
    it(name, async () => {
      using heard = hearErrors()
      assert.deepEqual(await call(value), INTERNAL)
      assert.match(heard.text, said)
      assert.deepEqual(await call(async () => value()), INTERNAL)
    })
  }

  it('but tabs and Latin-1 are fine', async () => {
    const { headers } = await call(() => reply('', { headers: { a: 'x\ty', b: 'é' } }))
    assert.deepEqual(headers, { ...TEXT_TYPE, a: 'x\ty', b: 'é' })
  })
})

const CLASSES = {
  BadRequestError: [400, goblet.BadRequestError],
  UnauthorizedError: [401, goblet.UnauthorizedError],
  ForbiddenError: [403, goblet.ForbiddenError],
  NotFoundError: [404, goblet.NotFoundError],
  MethodNotAllowedError: [405, goblet.MethodNotAllowedError],
  RequestTimeoutError: [408, goblet.RequestTimeoutError],
  ConflictError: [409, goblet.ConflictError],
  GoneError: [410, goblet.GoneError],
  PayloadTooLargeError: [413, goblet.PayloadTooLargeError],
  UnsupportedMediaTypeError: [415, goblet.UnsupportedMediaTypeError],
  UnprocessableEntityError: [422, goblet.UnprocessableEntityError],
  TooManyRequestsError: [429, goblet.TooManyRequestsError],
} as const

const thrown = (error: unknown) =>
  call(() => {
    throw error
  })

describe('a handler that throws', () => {
  for (const [name, [status, Class]] of Object.entries(CLASSES)) {
    it(`${name} answers ${status}`, async () => {
      using heard = hearErrors()
      const made = new Class('no "such" thing')
      assert.ok(made instanceof HttpError && made instanceof Error)
      assert.deepEqual([made.name, made.code, made.status, made.message], [name, name, status, 'no "such" thing'])
      const body = JSON.stringify({ Code: name, Message: 'no "such" thing' })
      const result = { statusCode: status, headers: JSON_TYPE, body, isBase64Encoded: false }
      assert.deepEqual(await thrown(made), result)
      assert.deepEqual(await call(() => Promise.reject(made)), result)
      assert.equal(heard.text, '')
    })
  }

  it('every error class of the door is in this table', () => {
    const exported = Object.entries(goblet).flatMap(([name, one]) =>
      'prototype' in one && one.prototype instanceof goblet.HttpError ? [name] : [],
    )
    assert.deepEqual(exported.sort(), Object.keys(CLASSES).sort())
  })

  it('an error of its own', async () => {
    class TeapotError extends HttpError {
      constructor() {
        super(418, 'TeapotError', 'short and stout')
      }
    }
    const { statusCode, body } = await thrown(new TeapotError())
    assert.deepEqual([statusCode, body], [418, '{"Code":"TeapotError","Message":"short and stout"}'])
    assert.equal((await thrown(new HttpError(503, 'BusyError'))).body, '{"Code":"BusyError","Message":""}')
  })

  it('an error whose status is none', async () => {
    using heard = hearErrors()
    assert.deepEqual(await thrown(new HttpError(0, 'ZeroError')), INTERNAL)
    assert.match(heard.text, /ZeroError/)
  })

  for (const error of [
    new Error('the password is 1234'),
    'a text',
    null,
    undefined,
    { secret: 1 },
    Object.create(null),
  ])
    it(`anything else tells the client nothing: ${typeof error}`, async () => {
      using heard = hearErrors()
      assert.deepEqual(await thrown(error), INTERNAL)
      assert.deepEqual(await call(() => Promise.reject(error)), INTERNAL)
      assert.notEqual(heard.text, '')
    })

  it('answers with the stack under debug, logging it too', async () => {
    using heard = hearErrors()
    process.env.GOBLET_DEBUG = 'true'
    try {
      const { statusCode, headers, body } = await thrown(new RangeError('too far'))
      assert.deepEqual([statusCode, headers], [500, TEXT_TYPE])
      assert.match(body ?? '', /^RangeError: too far\n\s+at .*answers\.test/)
      assert.equal((await thrown('a text')).body, 'a text')
      assert.equal((await thrown(Object.create(null))).statusCode, 500)
      assert.equal((await thrown(new goblet.GoneError())).statusCode, 410)
    } finally {
      delete process.env.GOBLET_DEBUG
    }
    assert.match(heard.text, /too far/)
  })
})

it('a reply carries its body in its type', () => {
  const made: Reply<{ a: number } | undefined> = reply({ a: 1 })
  assert.deepEqual(made.body, { a: 1 })
})
