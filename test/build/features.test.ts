// What of the runtime is left out of a bundle, and that nothing is left out which the app uses.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { HttpEvent, HttpResult } from '../../src/aws/events/http.ts'
import { CONTEXT, type Given, toEvent } from '../support/event.ts'
import { openProject } from '../support/project.ts'

type Handler = (event: HttpEvent, context: object) => Promise<HttpResult>

/** Builds an app of one route, `index`, and calls it. */
async function ask(source: string, given: Given = {}, more: Record<string, string> = {}) {
  await using project = await openProject({ 'app.ts': source, ...more })
  const bundle = (await project.bundleAll()).functions.get('index')
  assert.ok(bundle !== undefined)
  const { handler } = (await import(pathToFileURL(bundle.entry).href)) as { handler: Handler }
  return {
    answer: await handler(toEvent(given.routeKey ?? `${given.method ?? 'GET'} /`, given), CONTEXT),
    bytes: bundle.bytes,
  }
}

const app = (options = '') => `import { app, reply, route } from 'goblet'\nexport default app('x'${options})\n`
// The word must not stand in the source of an app that does without.
const lean = "import { app, route } from 'goblet'\nexport default app('x')\n"

const form = {
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: Buffer.from('a=1').toString('base64'),
  isBase64Encoded: true,
}
const latin = {
  method: 'POST',
  headers: { 'content-type': 'text/plain; charset=latin1' },
  body: Buffer.from('é', 'latin1').toString('base64'),
  isBase64Encoded: true,
}
const SCHEMA = `const number = { '~standard': { version: 1, vendor: 'here', validate: (value) =>
  Number(value.n) > 0 ? { value } : { issues: [{ message: 'no', path: ['n'] }] } } }\n`

const cases: readonly [what: string, source: string, given: Given, expected: Partial<HttpResult>][] = [
  ['a value', `${lean}export const index = route('GET /', () => ({ a: 1 }))`, {}, { body: '{"a":1}' }],
  ['a form', `${lean}export const index = route('POST /', ({ form }) => form.a)`, form, { body: '1' }],
  ['a form as body', `${lean}export const index = route('POST /', (r) => r.body)`, form, { body: '{"a":"1"}' }],
  ['a charset', `${lean}export const index = route('POST /', (r) => r.text)`, latin, { body: 'é' }],
  [
    'a reply',
    `${app()}export const index = route('GET /', () => reply('a', { status: 201 }))`,
    {},
    { statusCode: 201 },
  ],
  [
    'a generator',
    `${lean}export const index = route('GET /', async function* () { yield 'a'; yield 'b' })`,
    {},
    { body: 'ab' },
  ],
  ['a web Response', `${lean}export const index = route('GET /', () => new Response('web'))`, {}, { body: 'web' }],
  [
    'a web Request',
    `${lean}export const index = route('GET /', ({ request }) => request.url.length > 0)`,
    {},
    { body: 'true' },
  ],
  ['a log', `${lean}export const index = route('GET /', ({ log }) => typeof log.info)`, {}, { body: 'function' }],
  [
    'a schema under a name of its own',
    `${lean}${SCHEMA}const query = number\nexport const index = route('GET /', { query }, () => 'checked')`,
    {},
    { statusCode: 422 },
  ],
  [
    'content types',
    `${lean}export const index = route('POST /', { contentTypes: ['application/xml'] }, () => 'x')`,
    form,
    { statusCode: 415 },
  ],
]

for (const [what, source, given, expected] of cases) {
  test(`the bundle of an app that uses it holds ${what}`, async () => {
    const { answer } = await ask(source, given)
    assert.deepEqual({ ...answer, ...expected }, answer)
  })
}

test('what no app names is left out', async () => {
  const { bytes } = await ask(`${lean}export const index = route('GET /', () => ({ hello: 'world' }))`)
  assert.ok(bytes <= 10_000, `${bytes} bytes`)
  const full = await ask(
    `${lean}import { x } from 'some-package'\nexport const index = route('GET /', () => x)`,
    {},
    {
      'node_modules/some-package/package.json': '{"name":"some-package","type":"module","main":"index.js"}',
      'node_modules/some-package/index.js': "export const x = { async *[Symbol.asyncIterator]() { yield 'streamed' } }",
    },
  )
  assert.equal(full.answer.body, 'streamed', 'a package may return what its importer never names')
})

test('a stage may have another door than the app', async () => {
  const options = ", { stages: { prod: { api: 'url' } } }"
  const { answer } = await ask(`${app(options)}export const index = route('GET /a/{b}', ({ params }) => params.b)`, {
    routeKey: '$default',
    rawPath: '/a/found',
  })
  assert.equal(answer.body, 'found')
})

test('what was left out and is asked for by a computed name says so', async () => {
  const { answer } = await ask(`${lean}export const index = route('GET /', (r) => r['fo' + 'rm'])`)
  assert.equal(answer.statusCode, 500)
})
