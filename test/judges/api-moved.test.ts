// An app whose API changes under it: another front door, then another name for a path parameter.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPlace } from '../support/deployed.ts'
import { missing } from '../support/judge.ts'

test('an app moves to a REST API, and its path parameters to other names', {
  skip: missing('ministack'),
  timeout: 120_000,
}, async () => {
  await using place = await openPlace()
  const project = await place.project('examples/hello')
  const ask = async (base: string, path: string): Promise<string> => (await fetch(base + path)).text()

  const http = await project.deploy()
  assert.equal(await ask(http.urls.api, '/cities/paris'), '{"city":"paris"}')

  await project.edit('app.ts', "app('hello')", "app('hello', { api: 'rest' })")
  const rest = await project.deploy()
  assert.notEqual(rest.urls.api, http.urls.api)
  assert.equal(await ask(rest.urls.api, '/cities/paris'), '{"city":"paris"}')

  await project.edit('app.ts', '/cities/{city}', '/cities/{name}')
  await project.edit('app.ts', 'params.city', 'params.name')
  const { status, out, error } = await project.goblet('deploy')
  assert.equal(status, 0, error)
  assert.match(out + error, /Path parameters of the REST API have other names/)
  assert.equal(await ask(rest.urls.api, '/cities/rome'), '{"city":"rome"}')

  const again = await project.deploy()
  assert.equal(again.did, 'nothing')
})
