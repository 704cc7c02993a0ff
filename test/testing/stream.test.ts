// Streaming from the user's code to the socket: what a route yields arrives as it is made, and routes beside it keep their status.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { start } from '../../src/testing/index.ts'

const toApp = (door: string): string => `import { app, reply, route } from 'goblet'
export default app('feed', { api: '${door}', cors: { origins: /example/ } })
export const gone = route('DELETE /x', () => reply(undefined, { status: 204 }))
export const moved = route('GET /moved', () => reply('', { status: 302, headers: { location: '/' } }))
export const fails = route('GET /fails', () => { throw new Error('no') })
export const feed = route('GET /feed', { stream: true }, async function* () {
  yield 'one,'
  await new Promise((resolve) => setTimeout(resolve, 300))
  yield 'two'
})
`

for (const door of ['url', 'rest']) {
  it(`streams behind the ${door} door`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'goblet-stream-'))
    await writeFile(join(folder, 'app.ts'), toApp(door))
    try {
      await using cloud = await start(join(folder, 'app.ts'))
      const base = `${cloud.http.url}${door === 'rest' ? '/api' : ''}`
      const feed = await fetch(`${base}/feed`)
      const times: number[] = []
      let text = ''
      for await (const chunk of feed.body ?? []) {
        times.push(performance.now())
        text += Buffer.from(chunk).toString()
      }
      assert.equal(text, 'one,two')
      assert.ok((times.at(-1) ?? 0) - (times[0] ?? 0) > 150, 'it came at once')
      assert.equal((await fetch(`${base}/x`, { method: 'DELETE' })).status, 204)
      const moved = await fetch(`${base}/moved`, { redirect: 'manual' })
      assert.deepEqual([moved.status, moved.headers.get('location')], [302, '/'])
      const fails = await fetch(`${base}/fails`, { headers: { origin: 'https://shop.example' } })
      assert.equal(fails.status, 500)
      assert.equal(fails.headers.get('access-control-allow-origin'), 'https://shop.example')
      const headers = { origin: 'https://shop.example', 'access-control-request-method': 'DELETE' }
      const preflight = await fetch(`${base}/x`, { method: 'OPTIONS', headers })
      assert.ok(preflight.ok)
      assert.equal(preflight.headers.get('access-control-allow-origin'), 'https://shop.example')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
}
