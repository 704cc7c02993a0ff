// What a request offers besides its parts: a log, a web Request, the caller.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Request, route } from '../../src/index.ts'
import { CONTEXT, type Given, toEvent, toRest } from '../support/event.ts'
import { woken } from '../support/woken.ts'

async function within<T>(event: ReturnType<typeof toEvent | typeof toRest>, read: (request: Request) => T): Promise<T> {
  let value: { readonly is: T } | undefined
  const keep = async (request: Request) => {
    value = { is: await read(request) }
  }
  const result = await woken([route('ANY /a/{x}', keep)])(event, CONTEXT)
  assert.equal(result.statusCode, 204, result.body)
  assert.ok(value !== undefined)
  return value.is
}

const given: Given = { method: 'POST', rawPath: '/a/b c', rawQueryString: 'q=1&q=%20' }

describe('log', () => {
  const written = async (write: (request: Request) => void): Promise<unknown[]> => {
    const lines: unknown[] = []
    const before = { ...console }
    for (const level of ['debug', 'info', 'warn', 'error'] as const)
      console[level] = (line: unknown) => lines.push(typeof line === 'string' ? JSON.parse(line) : line)
    try {
      await within(toEvent('ANY /a/{x}', given), write)
    } finally {
      Object.assign(console, before)
    }
    return lines
  }
  const always = { requestId: 'LV7fzho-PHcEJPw=', route: 'ANY /a/{x}' }

  it('writes JSON with the request’s id, which fields cannot change', async () => {
    const lines = await written(({ log }) => {
      log.info('hello', { a: 1, requestId: 'other' })
      log.with({ b: 2 }).error('bad')
      log.debug('silent')
    })
    assert.deepEqual(lines, [
      { level: 'INFO', message: 'hello', a: 1, ...always },
      { level: 'ERROR', message: 'bad', b: 2, ...always },
    ])
  })
  it('writes whatever it is given', async () => {
    const circle: Record<string, unknown> = { n: 1n }
    circle.self = circle
    const error = new TypeError('no')
    error.cause = error
    const [line] = await written(({ log }) => log.warn('odd', { circle, error }))
    const text = JSON.stringify(line)
    assert.match(text, /"n":"1","self":"\[circular\]"/)
    assert.match(text, /"errorType":"TypeError","errorMessage":"no"/)
    const getter = Object.defineProperty({}, 'bad', {
      enumerable: true,
      get: () => {
        throw new Error('x')
      },
    })
    assert.deepEqual(await written(({ log }) => log.warn('odd', getter)), [
      { level: 'WARN', message: 'odd', ...always, unwritable: 'Error: x' },
    ])
  })
  it('follows Lambda’s level and form', async () => {
    Object.assign(process.env, { AWS_LAMBDA_LOG_LEVEL: 'DEBUG', AWS_LAMBDA_LOG_FORMAT: 'JSON' })
    try {
      const [line] = await written(({ log }) => log.debug('x'))
      assert.deepEqual(line, { level: 'DEBUG', message: 'x', ...always })
    } finally {
      delete process.env.AWS_LAMBDA_LOG_LEVEL
      delete process.env.AWS_LAMBDA_LOG_FORMAT
    }
  })
})

describe('request', () => {
  it('is a web Request of an HTTP API’s event', async () => {
    const headers = { host: 'api.example', 'content-type': 'text/plain' }
    const event = toEvent('ANY /a/{x}', { ...given, headers, cookies: ['a=1', 'b=2'], body: 'hi' })
    const { url, method, text, cookie } = await within(event, async ({ request }) => ({
      url: request.url,
      method: request.method,
      text: await request.text(),
      cookie: request.headers.get('cookie'),
    }))
    assert.deepEqual([url, method, text], ['https://api.example/a/b%20c?q=1&q=%20', 'POST', 'hi'])
    assert.equal(cookie, 'a=1; b=2')
  })
  it('is one of a REST API’s event', async () => {
    const rest = toRest('ANY /a/{x}', {
      httpMethod: 'PUT',
      multiValueQueryStringParameters: { q: ['1', ' '] },
      body: Buffer.from([1, 255]).toString('base64'),
      isBase64Encoded: true,
    })
    const event = { ...rest, requestContext: { ...rest.requestContext, path: '/api/a/b%20c' } }
    const read = await within(event, async ({ request }) => [
      request.url,
      [...new Uint8Array(await request.arrayBuffer())],
    ])
    assert.deepEqual(read, ['http://abc.execute-api.us-east-1.amazonaws.com/api/a/b%20c?q=1&q=%20', [1, 255]])
  })
  it('is the same each time', async () =>
    assert.equal(await within(toEvent('ANY /a/{x}', given), (req) => new Set([req.request, req.request]).size), 1))
})

it('path leaves out a stage that is named', async () => {
  const event = toEvent('ANY /a/{x}', { ...given, rawPath: '/prod/a/b' })
  const staged = { ...event, requestContext: { ...event.requestContext, stage: 'prod' } }
  assert.equal(await within(staged, ({ path }) => path), '/a/b')
  assert.equal(await within({ ...staged, rawPath: '/product/a' }, ({ path }) => path), '/product/a')
})
