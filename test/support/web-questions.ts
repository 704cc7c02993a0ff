// What every web app of the fixtures is asked. An app that does not know a path answers in its own way, which is compared, too.
import { randomBytes } from 'node:crypto'
import type { Asked } from './web.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const JSON_TYPE = { 'content-type': 'application/json' }
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' }
const BINARY_TYPE = { 'content-type': 'application/octet-stream' }

const upload = Buffer.concat([
  Buffer.from('--line\r\nContent-Disposition: form-data; name="note"\r\n\r\nsmall\r\n'),
  Buffer.from(
    '--line\r\nContent-Disposition: form-data; name="file"; filename="dot.png"\r\nContent-Type: image/png\r\n\r\n',
  ),
  PNG,
  Buffer.from('\r\n--line--\r\n'),
])

const get = (path: string, headers: Readonly<Record<string, string>> = {}): Asked => ({ method: 'GET', path, headers })

export const QUESTIONS: readonly Asked[] = [
  get('/'),
  { method: 'HEAD', path: '/' },
  get('/params/x%20y/%C3%A4%3F?n=1&n=2&s=a%2Bb%26c'),
  { method: 'POST', path: '/json', headers: JSON_TYPE, body: '{"a":[1,"ä"]}' },
  { method: 'POST', path: '/json', headers: JSON_TYPE, body: '{"broken' },
  { method: 'POST', path: '/form', headers: FORM_TYPE, body: 'a=1&b=x+y&c=%C3%A4' },
  { method: 'POST', path: '/upload', headers: { 'content-type': 'multipart/form-data; boundary=line' }, body: upload },
  get('/png'),
  { method: 'HEAD', path: '/png' },
  { method: 'POST', path: '/bytes', headers: BINARY_TYPE, body: randomBytes(200_000) },
  { method: 'POST', path: '/bytes', headers: BINARY_TYPE, body: Buffer.from('only text') },
  get('/gzip', { 'accept-encoding': 'gzip' }),
  get('/latin'),
  get('/cookies', { cookie: 'a=9; c=%20z' }),
  get('/session'),
  get('/redirect'),
  get('/empty'),
  get('/stream'),
  get('/headers', { 'x-custom': 'yes' }),
  get('/client'),
  get('/fail'),
  get('/late'),
  get('/checked?n=7'),
  get('/checked?n=x'),
  { method: 'PUT', path: '/method', headers: JSON_TYPE, body: '{}' },
  { method: 'DELETE', path: '/method' },
  { method: 'PATCH', path: '/method', headers: JSON_TYPE, body: '{}' },
  { method: 'OPTIONS', path: '/method' },
  get('/static/file.txt'),
  get('/static/dot.png'),
  get('/static/file.txt', { range: 'bytes=2-6' }),
  get('/static/nothing.txt'),
  get('/nested/7?x=1'),
  get('/nowhere'),
  { method: 'POST', path: '/nowhere', headers: JSON_TYPE, body: '{}' },
]
