// Bodies by content type: JSON, forms with files, charsets; what a route accepts, and what its schemas refuse.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Request, route } from '../../src/index.ts'
import { CONTEXT, toEvent } from '../support/event.ts'
import { toSchema } from '../support/schema.ts'
import { woken } from '../support/woken.ts'

const event = (type: string | undefined, body: Uint8Array | string, rawQueryString = '') =>
  toEvent('POST /{id}', {
    headers: type === undefined ? {} : { 'content-type': type },
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
    pathParameters: { id: '7' },
    rawQueryString,
  })

async function read<T>(type: string | undefined, body: Uint8Array | string, from: (request: Request) => T): Promise<T> {
  let value: { readonly is: T } | undefined
  const keep = (request: Request) => {
    value = { is: from(request) }
  }
  const result = await woken([route('POST /{id}', keep)])(event(type, body), CONTEXT)
  assert.equal(result.statusCode, 204, result.body)
  assert.ok(value !== undefined)
  return value.is
}

const statusOf = async (type: string | undefined, body: Uint8Array | string, from: (request: Request) => unknown) =>
  (await woken([route('POST /{id}', (request) => [from(request)])])(event(type, body), CONTEXT)).statusCode

const multipart = (...parts: string[]) => Buffer.from(`${parts.map((part) => `--x\r\n${part}\r\n`).join('')}--x--\r\n`)
const MULTIPART = 'multipart/form-data; boundary="x"'

describe('body', () => {
  for (const type of ['application/json', 'APPLICATION/JSON; charset=UTF-8', 'application/vnd.api+json', undefined])
    it(`is JSON as ${type}`, async () => assert.deepEqual(await read(type, '{"a":1}', ({ body }) => body), { a: 1 }))
  it('is text as text', async () => assert.equal(await read('text/csv', 'a,b', ({ body }) => body), 'a,b'))
  it('is bytes as anything else', async () =>
    assert.deepEqual(Buffer.from(await read('image/png', 'x', ({ body }) => body)), Buffer.from('x')))
  it('is undefined where there is none', async () =>
    assert.equal(await read('application/json', '', ({ body }) => body), undefined))
  it('is the client’s fault where it is not what it says', async () =>
    assert.equal(await statusOf('application/json', '{', ({ body }) => body), 400))
})

describe('text', () => {
  it('is read in the charset that the client names', async () => {
    assert.equal(await read('text/plain; charset=iso-8859-1', Buffer.from([0xe9]), ({ text }) => text), 'é')
    assert.equal(await read('text/plain; charset=utf-16le', Buffer.from('é', 'utf16le'), ({ text }) => text), 'é')
  })
  it('finds the charset among other parameters, and takes no time over hostile ones', async () => {
    const type = 'text/plain ; a="x;\\"y" ; CHARSET="ISO-8859-1"; b'
    assert.equal(await read(type, Buffer.from([0xe9]), ({ text }) => text), 'é')
    const start = performance.now()
    await read(`text/plain;${' '.repeat(200_000)}x`, 'x', ({ text }) => text)
    assert.ok(performance.now() - start < 1000)
  })
  it('is 415 in a charset that nobody knows', async () =>
    assert.equal(await statusOf('text/plain; charset=klingon', 'x', ({ text }) => text), 415))
})

describe('form', () => {
  it('reads urlencoded fields, the last and all', async () => {
    const type = 'application/x-www-form-urlencoded'
    const [form, all] = await read(type, 'a=1&b=x+y%21&a=2&__proto__=p', (req) => [{ ...req.form }, req.formAll.a])
    assert.deepEqual([form?.a, form?.b, Object.keys(form ?? {})], ['2', 'x y!', ['a', 'b', '__proto__']])
    assert.deepEqual(all, ['1', '2'])
  })

  it('reads multipart fields and files', async () => {
    const body = multipart(
      'Content-Disposition: form-data; name="title"\r\n\r\nBøk\r\nline 2',
      'content-disposition: form-data; name="pic"; filename="C:\\\\up\\\\a %22b%22.png"\r\nContent-Type: image/png\r\n\r\n\u0001\r\n--y',
      'Content-Disposition: form-data; name=empty\r\n\r\n',
    )
    const form = await read(MULTIPART, body, (request) => request.form)
    assert.equal(form.title, 'Bøk\r\nline 2')
    assert.equal(form.empty, '')
    const { pic } = form
    assert.ok(typeof pic === 'object')
    assert.deepEqual([pic.name, pic.type, pic.size, pic.text], ['a "b".png', 'image/png', 6, '\u0001\r\n--y'])
  })

  it('reads what a browser’s FormData sends', async () => {
    const data = new FormData()
    data.append('a', '1')
    data.append('f', new File([new Uint8Array([0, 255, 13, 10])], 'ü.bin', { type: 'application/x-y' }))
    const sent = new Response(data)
    const type = sent.headers.get('content-type') ?? ''
    const form = await read(type, new Uint8Array(await sent.arrayBuffer()), (request) => request.form)
    assert.equal(form.a, '1')
    assert.ok(typeof form.f === 'object')
    assert.deepEqual([form.f.name, form.f.type, [...form.f.bytes]], ['ü.bin', 'application/x-y', [0, 255, 13, 10]])
  })

  const BAD: readonly [name: string, type: string, body: string | Uint8Array, status: number][] = [
    ['no boundary', 'multipart/form-data', multipart('a'), 400],
    ['another boundary', 'multipart/form-data; boundary=z', multipart('a'), 400],
    ['no end', MULTIPART, '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1', 400],
    ['no name', MULTIPART, multipart('Content-Disposition: form-data\r\n\r\n1'), 400],
    ['no headers', MULTIPART, multipart('\r\n1'), 400],
    ['text after a boundary', MULTIPART, '--xyz\r\n', 400],
    [
      'too many parts',
      MULTIPART,
      multipart(...Array(1001).fill('Content-Disposition: form-data; name="a"\r\n\r\n')),
      413,
    ],
    ['a head without end', MULTIPART, multipart(`a: ${'b'.repeat(20_000)}\r\n\r\n`), 413],
    ['no form', 'application/json', '{}', 415],
  ]
  for (const [name, type, body, status] of BAD)
    it(`with ${name} is ${status}`, async () => assert.equal(await statusOf(type, body, ({ form }) => form), status))
})

describe('contentTypes', () => {
  const handler = woken([
    route('POST /{id}', { contentTypes: ['application/json', 'image/*', 'application/*+xml'] }, () => 'ok'),
  ])
  const status = async (type: string | undefined) => (await handler(event(type, 'x'), CONTEXT)).statusCode
  for (const type of [
    'application/json',
    'Application/JSON; charset=utf-8',
    'image/webp',
    'application/a+xml',
    undefined,
  ])
    it(`let ${type} in`, async () => assert.equal(await status(type), 200))
  for (const type of ['text/plain', 'application/a+json', 'application/jsonx', 'image/', 'x', 'application/.+xml/y'])
    it(`answer 415 to ${type}`, async () => assert.equal(await status(type), 415))
  it('say what is not supported', async () => {
    const { body } = await handler(event('application/bad-xml', 'x'), CONTEXT)
    assert.equal(body, '{"Code":"UnsupportedMediaTypeError","Message":"Unsupported media type: application/bad-xml"}')
  })
})

describe('schemas', () => {
  const number = toSchema((value): number | string =>
    typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : 'expected a number',
  )
  const city = toSchema((value): { city: string } | string =>
    typeof value === 'object' && value !== null && 'city' in value && typeof value.city === 'string'
      ? { city: value.city }
      : 'expected a city',
  )
  const options = {
    body: city.schema,
    query: number.within('limit'),
    params: number.within('id'),
  }
  const handler = woken([
    route('POST /{id}', options, ({ body, query, params }) => {
      // Typed: these would not compile as anything else.
      const sum: number = query.limit + params.id
      return [body.city.toUpperCase(), sum]
    }),
  ])
  const ask = (body: string, query: string) => handler(event('application/json', body, query), CONTEXT)

  it('hand on what they make of a request', async () =>
    assert.equal((await ask('{"city":"a","x":1}', 'limit=3')).body, '["A",10]'))
  it('take the last value of a name', async () =>
    assert.equal((await ask('{"city":"a"}', 'limit=x&limit=3')).body, '["A",10]'))

  it('answer 422 with every problem of every part', async () => {
    const { statusCode, body = '' } = await ask('{}', 'limit=x')
    assert.equal(statusCode, 422)
    assert.deepEqual(JSON.parse(body), {
      Code: 'UnprocessableEntityError',
      Message: 'query.limit: expected a number; body: expected a city',
      Problems: [
        { in: 'query', path: 'limit', message: 'expected a number' },
        { in: 'body', path: '', message: 'expected a city' },
      ],
    })
  })
  it('answer 400 to what is no JSON', async () => assert.equal((await ask('{', 'limit=1')).statusCode, 400))
  it('see undefined where there is no body', async () => assert.equal((await ask('', 'limit=1')).statusCode, 422))

  it('may take their time', async () => {
    const late = woken([route('POST /{id}', { body: city.later }, ({ body }) => body.city)])
    assert.equal((await late(event('application/json', '{"city":"b"}'), CONTEXT)).body, 'b')
    assert.equal((await late(event('application/json', '{}'), CONTEXT)).statusCode, 422)
  })

  it('get every value of a name where they want a list', async () => {
    const tags = toSchema((value): string[] | string => (Array.isArray(value) ? value.map(String) : 'expected a list'))
    const listed = woken([route('POST /{id}', { query: tags.within('limit') }, ({ query }) => query.limit)])
    for (const [query, body] of [
      ['limit=a', '["a"]'],
      ['limit=a&limit=b', '["a","b"]'],
    ])
      assert.equal((await listed(event('application/json', '{}', query), CONTEXT)).body, body)
  })
})
