// `goblet openapi`: a valid OpenAPI 3.1 document, by a public validator; schemas, auth and errors are in it.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { validate } from '@readme/openapi-parser'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const entry = fileURLToPath(new URL('../fixtures/openapi/app.ts', import.meta.url))

const run = (...more: readonly string[]) =>
  spawnSync(process.execPath, [program, 'openapi', '--entry', entry, ...more], { encoding: 'utf8' })

// biome-ignore lint/suspicious/noExplicitAny: a document is looked at from many sides here.
let document: any
before(() => {
  const { stdout, stderr, status } = run('--json', '--api-version', '2.0.0')
  assert.equal(status, 0, stderr)
  document = JSON.parse(stdout)
})

test('a public validator takes it', async () => {
  const result = await validate(structuredClone(document))
  assert.ok(result.valid, JSON.stringify(result))
})

test('it names the app, every route and every method', () => {
  assert.equal(document.openapi, '3.1.0')
  assert.deepEqual(document.info, { title: 'described', version: '2.0.0' })
  const found = Object.entries(document.paths).map(([path, item]) => `${Object.keys(item as object).join()} ${path}`)
  assert.deepEqual(
    found.sort(),
    [
      'get / ',
      'get /admin',
      'get /cities/{city}',
      'get,delete /secret',
      'get,put,post,delete,options,head,patch /files/{path}',
      'post /cities',
      'post /shops',
      'put /trees',
    ]
      .map((line) => line.trim())
      .sort(),
  )
  assert.deepEqual(document.paths['/'].get.summary, 'Says hello')
  assert.deepEqual(document.paths['/'].get.tags, ['hello'])
})

test('parameters come from the pattern and from the schemas', () => {
  const found = document.paths['/cities/{city}'].get.parameters
  assert.deepEqual(found, [
    { name: 'city', in: 'path', required: true, schema: { type: 'string', minLength: 2 } },
    { name: 'tag', in: 'query', required: true, schema: { type: 'array', items: { type: 'string' } } },
    { name: 'limit', in: 'query', required: false, schema: { type: 'string' } },
  ])
})

test('bodies of zod and valibot are written; one that holds itself becomes a component', () => {
  const body = (path: string, method: string) =>
    document.paths[path][method].requestBody.content['application/json'].schema
  assert.deepEqual(body('/cities', 'post').required, ['name'])
  assert.deepEqual(body('/shops', 'post').properties, { name: { type: 'string', minLength: 1 } })
  assert.deepEqual(body('/trees', 'put'), { $ref: '#/components/schemas/tree_body' })
  assert.ok(document.components.schemas.tree_body)
})

test('answers: what is declared, and the errors that the route can have', () => {
  const { responses } = document.paths['/cities/{city}'].get
  assert.deepEqual(Object.keys(responses), ['200', '404', '422', '500'])
  assert.deepEqual(responses['422'].content['application/json'].schema, { $ref: '#/components/schemas/Error' })
  assert.deepEqual(Object.keys(document.paths['/cities'].post.responses), ['200', '401', '403', '422', '500'])
})

test('who may call is a security scheme', () => {
  assert.deepEqual(document.paths['/cities'].post.security, [{ token: [] }])
  assert.deepEqual(document.paths['/admin'].get.security, [{ token: [] }])
  assert.deepEqual(document.paths['/secret'].get.security, [{ jwt: ['read'] }])
  assert.equal(document.paths['/'].get.security, undefined)
  assert.deepEqual(document.components.securitySchemes.token, { type: 'apiKey', in: 'header', name: 'x-token' })
  assert.equal(document.components.securitySchemes.jwt.bearerFormat, 'JWT')
})

test('a file that cannot be written is said so', () => {
  const { status, stderr } = run('--out', '/nowhere/at/all.json')
  assert.equal(status, 2)
  assert.match(stderr, /cannot be written/)
})
