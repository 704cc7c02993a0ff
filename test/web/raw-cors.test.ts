// Preflights of plain Lambda handlers: answered for a route that says `cors`, behind every front door; the handler sees none of them.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { start } from '../../src/testing/index.ts'
import { openFolder } from '../support/web-project.ts'

const ORIGIN = 'https://shop.example.com'

for (const api of ['http', 'rest', 'url']) {
  test(`on the door ${api}`, async () => {
    const stage = api === 'rest' ? '/api' : ''
    const { path, remove } = await openFolder({
      'app.ts': `
import { app, raw, route } from 'goblet'
export default app('raws', { api: '${api}' })
const handler = raw(async (event) => {
  console.log('called')
  return { statusCode: 200, headers: { 'access-control-allow-origin': '*' }, body: 'mine' }
})
export const all = route('ANY /all/{id}', { cors: { origins: '${ORIGIN}', maxAge: 60 } }, handler)
`,
    })
    try {
      await using cloud = await start(pathToFileURL(join(path, 'app.ts')))
      const headers = {
        origin: ORIGIN,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'content-type',
      }
      const preflight = await cloud.http.options(`${stage}/all/1`, { headers })
      assert.equal(preflight.status, 204)
      assert.equal(preflight.headers['access-control-allow-origin'], ORIGIN)
      assert.match(preflight.headers['access-control-allow-methods'] ?? '', /PUT/)
      assert.equal(preflight.headers['access-control-max-age'], '60')
      const answer = await cloud.http.put(`${stage}/all/1`, { headers: { origin: ORIGIN }, body: 'x' })
      assert.deepEqual([answer.status, answer.text, answer.headers['access-control-allow-origin']], [200, 'mine', '*'])
      assert.equal(cloud.logs('all').length, 1)
    } finally {
      await remove()
    }
  })
}
