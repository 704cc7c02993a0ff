// Sending from a test to streams and buses, typed by their handles.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { bus, stream, table } from '../../src/index.ts'
import { start, type TestCloud } from '../../src/testing/index.ts'

const APP = `import { app, bus, stream } from 'goblet'
export default app('shop')
export const clicks = stream<{ page: string }>('their-clicks', { shards: 4 })
export const shop = bus<{ OrderPlaced: { id: number } }>('shop-events')
export const home = bus()
export const count = clicks.onRecord({ from: 'horizon' }, ({ page }, { kinesis }) => console.log('count', page, kinesis.partitionKey))
export const mail = shop.on('OrderPlaced', ({ detail, source, resources }) => console.log('mail', detail.id, source, ...resources))
export const all = home.on({ source: ['test'] }, (event) => console.log('all', event['detail-type'], event.time))
`
const clicks = stream<{ page: string }>('their-clicks')
const shop = bus<{ OrderPlaced: { id: number }; OrderLost: { why: string } }>('shop-events')

it('reaches who reads the stream, and whom a rule wakes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'goblet-send-'))
  await writeFile(join(folder, 'app.ts'), APP)
  const cloud = await start(join(folder, 'app.ts'))
  try {
    const said = (name: string): string[] => cloud.logs(name).map((line) => line.split('\t').at(-1) ?? '')
    const put = await cloud.send(clicks, { page: '/' }, { key: 'u1' })
    assert.match(put.messageId, /^\d{50,}$/)
    await cloud.send('clicks', { page: '/two' }, { key: 'u1' })
    await cloud.send('their-clicks', { page: '/any' })
    const emitted = await cloud.send(shop, { type: 'OrderPlaced', detail: { id: 1 } })
    assert.match(emitted.messageId, /^[0-9a-f-]{36}$/)
    await cloud.send('shop', { type: 'OrderPlaced', detail: { id: 2 }, source: 'web', resources: ['arn:x'] })
    await cloud.send(shop, { type: 'OrderLost', detail: { why: 'nobody listens' } })
    await cloud.send(bus(), { type: 'Tick', detail: {}, source: 'test', time: new Date('2026-01-02T03:04:05Z') })
    await cloud.settle()
    assert.deepEqual(
      said('count').filter((line) => line.endsWith('u1')),
      ['count / u1', 'count /two u1'],
    )
    assert.equal(said('count').length, 3)
    assert.deepEqual(said('mail').sort(), ['mail 1 shop-events', 'mail 2 web arn:x'])
    assert.deepEqual(said('all'), ['all Tick 2026-01-02T03:04:05Z'])
    await assert.rejects(
      cloud.send(stream('clicsk'), {}),
      /no queue, topic, stream or bus `clicsk`\. Did you mean `clicks`/,
    )
    await assert.rejects(cloud.send('shop', { id: 1 }), /PutEvents.*An event is/s)
    await assert.rejects(cloud.send(bus('shop-events'), { type: '', detail: {} }), /PutEvents/)
  } finally {
    await cloud.close()
    await rm(folder, { recursive: true })
  }
})

/** What the compiler refuses; it need not run. */
export function refused(cloud: TestCloud): void {
  // @ts-expect-error a number is no page
  void cloud.send(clicks, { page: 1 })
  // @ts-expect-error the bus has no such type
  void cloud.send(shop, { type: 'OrderGone', detail: { id: 1 } })
  // @ts-expect-error this type has another detail
  void cloud.send(shop, { type: 'OrderLost', detail: { id: 1 } })
  // @ts-expect-error nothing is sent to a table
  void cloud.send(table<{ id: string }>('notes', { key: 'id' }), { id: 'a' })
}
