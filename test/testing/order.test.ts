// The order in which an app and what it has are declared: it makes no difference.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { start } from '../../src/testing/index.ts'

test("what is declared before its app has the app's CORS and middleware", async () => {
  const cloud = await start(new URL('../fixtures/late/app.ts', import.meta.url))
  try {
    const found = await cloud.http.get('/early', { headers: { origin: 'https://a.example' } })
    assert.deepEqual([found.status, found.json, found.headers['access-control-allow-origin']], [200, {}, '*'])
    await cloud.send('jobs', 1)
    await cloud.send('news', 1)
    assert.equal((await cloud.http.put('/files', { body: 'x' })).status, 204)
    await cloud.settle()
    assert.ok(cloud.logs('early').some((line) => line.includes('around http')))
    for (const [name, kind] of [
      ['work', 'queue'],
      ['hear', 'topic'],
      ['look', 'bucket'],
    ] as const)
      assert.ok(
        cloud.logs(name).some((line) => line.includes(`around ${kind}`)),
        name,
      )
  } finally {
    await cloud.close()
  }
})
