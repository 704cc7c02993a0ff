// Random raw HTTP requests: good ones with strange parts, broken ones, and those that try to smuggle another one in.
import type { Random } from './random.ts'

export interface Shot {
  readonly kind: 'good' | 'broken' | 'smuggling'
  readonly bytes: Buffer
  /** The client says that nothing more comes. */
  readonly end: boolean
}

type Part = readonly [string, ...string[]]

const METHODS: Part = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND', 'QUERY', 'TRACE']
const SEGMENTS: Part = [
  'a',
  'b',
  '',
  '.',
  '..',
  '%2e%2e',
  '%2F',
  '%00',
  '%',
  '%ZZ',
  '%C3%A3',
  '%FF',
  '__proto__',
  'constructor',
  '~',
  '*',
  '@',
  'a;b=c',
  ';',
  '{x}',
  '|',
  '"',
  '%25',
  '\\',
  '::1',
  'api',
]
const QUERIES: Part = [
  '',
  'a=1',
  'a=1&a=2',
  '__proto__=1',
  '__proto__[polluted]=1',
  'constructor.prototype.polluted=1',
  '=',
  '&&&',
  '%',
  'a=%ZZ',
  'a+b=%2B',
  '?',
  'toString=1&hasOwnProperty=2',
  'a=%00',
]
const HEADERS: Part = [
  'x-a: 1',
  'X-A: 2',
  '__proto__: x',
  'constructor: y',
  'cookie: a=1; __proto__=2;;=;',
  'cookie: %',
  'content-type: application/json',
  'content-type: multipart/form-data',
  'content-type: ',
  'accept-encoding: gzip, br',
  'x-forwarded-for: 1.1.1.1',
  'x-empty:',
  'origin: null',
  'origin: https://a.example',
  'access-control-request-method: GET',
  'expect: 100-continue',
  'upgrade: websocket',
  'authorization: Bearer x',
  'authorization: AWS4-HMAC-SHA256 Credential=',
  'x-high: \xe9\xff',
  'range: bytes=0-',
  'if-none-match: *',
  'te: trailers',
  'host: other.example',
]
const BODIES: Part = [
  '',
  '{}',
  '{"__proto__":{"polluted":1}}',
  '{"a":',
  'a=1&__proto__=2',
  '\0\x01\xff',
  '[[[[[[',
  'x'.repeat(3000),
]
const BROKEN: Part = [
  'GET\r\n\r\n',
  'GET /\r\n\r\n',
  'GET / HTTP/1.1\r\n\r\n',
  'GET  / HTTP/1.1\r\nHost: a\r\n\r\n',
  'G\0T / HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET / HTTP/9.9\r\nHost: a\r\n\r\n',
  'GET / HTTP/1.1\nHost a\n\n',
  'GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n',
  'GET / HTTP/1.1\r\nHo st: a\r\n\r\n',
  'GET / HTTP/1.1\r\n: a\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\nx: \0\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a',
  'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1e3\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc',
  'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n',
  'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab',
  'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  '\r\n\r\n\r\n',
  '',
]
// Each hides a request for /smuggled in what one reader takes for a body and another does not.
const HIDDEN = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
const SMUGGLING: Part = [
  `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 0\r\n\r\n${HIDDEN}`,
  `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0, ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n${HIDDEN}`,
  `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${HIDDEN}`,
  `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  `POST / HTTP/1.1\r\nHost: a\r\nX: a\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${HIDDEN}`,
  `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=\n${HIDDEN}\r\nabc\r\n0\r\n\r\n`,
  `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\nContent-Length: 9\r\n\r\n`,
]

/** The next request. */
export function shoot(random: Random): Shot {
  const choice = random.whole(10)
  if (choice < 6) return { kind: 'good', bytes: toBytes(pipeline(random)), end: false }
  if (choice < 7) return { kind: 'smuggling', bytes: toBytes(random.pick(SMUGGLING)), end: true }
  if (choice < 8) return { kind: 'broken', bytes: toBytes(random.pick(BROKEN)), end: true }
  if (choice < 9) return { kind: 'broken', bytes: mutated(random, toBytes(good(random, true))), end: true }
  return { kind: 'broken', bytes: toBytes(huge(random)), end: true }
}

const toBytes = (text: string): Buffer => Buffer.from(text, 'latin1')

const pipeline = (random: Random): string =>
  [...Array(random.whole(4))].map(() => good(random, false)).join('') + good(random, true)

function good(random: Random, last: boolean): string {
  const path = `/${[...Array(random.whole(4))].map(() => random.pick(SEGMENTS)).join('/')}`.replace(/["\\|{}]/g, '%22')
  const query = random.pick(QUERIES)
  const host = random.whole(9) === 0 ? 'http://other.example' : ''
  const target = `${host}${path}${query === '' ? '' : `?${query}`}`
  const headers = ['Host: localhost', ...[...Array(random.whole(5))].map(() => random.pick(HEADERS))]
  if (last) headers.push('Connection: close')
  const body = random.pick(BODIES)
  const head = `${random.pick(METHODS)} ${target} HTTP/1.1\r\n${[...new Set(headers)].join('\r\n')}`
  if (body === '') return `${head}\r\n\r\n`
  if (random.whole(2) === 0) return `${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  return `${head}\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
}

function mutated(random: Random, bytes: Buffer): Buffer {
  for (let count = 1 + random.whole(8); count > 0; count--) bytes[random.whole(bytes.length)] = random.whole(256)
  return random.whole(3) === 0 ? bytes.subarray(0, random.whole(bytes.length)) : bytes
}

function huge(random: Random): string {
  const size = 9_000 + random.whole(80_000)
  const head = random.whole(2) === 0 ? `GET /${'a'.repeat(size)} HTTP/1.1\r\nHost: a` : `GET / HTTP/1.1\r\nHost: a`
  const many = random.whole(2) === 0 ? 'x: y\r\n'.repeat(size / 6) : `x: ${'y'.repeat(size)}\r\n`
  return `${head}\r\n${many}${random.whole(3) === 0 ? '' : '\r\n'}`
}
