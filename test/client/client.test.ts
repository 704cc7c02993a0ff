// goblet/client: calls over a real socket, and what its types allow.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Client, ClientError, client } from '../../src/client.ts'
import { start, type TestCloud } from '../../src/testing/index.ts'
import type * as App from '../fixtures/client/app.ts'

let cloud: TestCloud
let api: Client<typeof App>
before(async () => {
  cloud = await start(new URL('../fixtures/client/app.ts', import.meta.url))
  api = client<typeof App>(cloud.http.url)
})
after(() => cloud.close())

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <A, B>(_: Same<A, B>): void => {}

test('params, query and result are typed by the route', async () => {
  const found = await api('GET /cities/{city}', { params: { city: 'são paulo/1' } })
  same<typeof found, { city: string; since: string }>(true)
  assert.deepEqual(found, { city: 'são paulo/1', since: '2020-01-01T00:00:00.000Z' })
  const files = await api('GET /files/{path+}', { params: { path: 'a b/c' }, query: { v: [1, 2] } })
  assert.deepEqual(files, { path: 'a b/c', v: ['1', '2'] })
  // @ts-expect-error: the parameter is called city
  await assert.rejects(api('GET /cities/{city}', { params: { town: 'x' } }), TypeError)
  // @ts-expect-error: parameters are needed
  await assert.rejects(api('GET /cities/{city}'), TypeError)
  // @ts-expect-error: there is no such route
  await assert.rejects(api('GET /nowhere'), ClientError)
})

test('a body is typed by its schema, and what is refused is a ClientError', async () => {
  const made = await api('POST /cities', { body: { name: 'Oslo', people: 700_000 } })
  same<typeof made, { made: string }>(true)
  assert.deepEqual(made, { made: 'Oslo' })
  // @ts-expect-error: people is a number
  const refused = api('POST /cities', { body: { name: 'Oslo', people: 'many' } })
  await assert.rejects(refused, (error) => {
    assert.ok(error instanceof ClientError)
    assert.deepEqual([error.status, error.code], [422, 'UnprocessableEntityError'])
    return true
  })
})

test('several methods are several routes; texts, bytes and nothing arrive as what they are', async () => {
  assert.equal(await api('PUT /things'), 'PUT')
  assert.equal(await api('GET /things'), 'GET')
  const nothing = await api('DELETE /things')
  same<typeof nothing, undefined>(true)
  assert.equal(nothing, undefined)
  const bytes = await api('GET /bytes')
  same<typeof bytes, ArrayBuffer>(true)
  assert.deepEqual(new Uint8Array(bytes), new Uint8Array([0, 255]))
})

test('groups are part of it, with their prefixes', async () => {
  const list = await api('GET /admin/users/{id}', { params: { id: 7 } })
  same<typeof list, { id: string }>(true)
  assert.deepEqual(list, { id: '7' })
  assert.deepEqual(await api('GET /admin'), ['root'])
})

test('headers are sent with every request', async () => {
  const other = client<typeof App>(`${cloud.http.url}/`, { headers: async () => ({ 'X-Who': 'me' }) })
  assert.deepEqual(await other('GET /who'), { who: 'me' })
  assert.deepEqual(await other('GET /who', { headers: { 'x-who': 'you' } }), { who: 'you' })
})
