// One application of every kind of trigger: an order goes through all of them, on the virtual clock.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { start, type TestCloud } from '../../src/testing/index.ts'

const entry = new URL('../../examples/everything/app.ts', import.meta.url)

describe('examples/everything', { timeout: 120_000 }, () => {
  let cloud: TestCloud
  before(async () => {
    cloud = await start(entry, { clock: 'virtual' })
  })
  after(async () => {
    await cloud.close()
  })

  const place = (id: string, items: readonly string[]) =>
    cloud.http.post(`/orders/${id}`, { json: { customer: 'ada', items } })

  it('takes an order through table, bus, queue, bucket, topic and stream to whoever watches', async () => {
    const watcher = await cloud.websocket('/')
    watcher.send({ action: 'watch' })
    assert.deepEqual((await watcher.next()).json, { watching: true })
    const answer = await place('o-1', ['a book', 'a lamp'])
    assert.deepEqual([answer.status, answer.json], [201, { total: 500, currency: 'EUR' }])
    await cloud.settle()
    const { placed, ...order } = (await cloud.http.get('/orders/o-1')).json
    assert.deepEqual(order, { id: 'o-1', customer: 'ada', items: ['a book', 'a lamp'], total: 500, status: 'packed' })
    assert.equal(typeof placed, 'number')
    assert.match(cloud.logs('mail').join(), /To the customer of o-1: it is on its way\.$/)
    const seen = [await watcher.next(), await watcher.next(), await watcher.next()].map(({ json }) => json)
    assert.deepEqual(
      seen.map(({ order, what }) => `${order} ${what}`),
      ['o-1 placed', 'o-1 packed', 'o-1 shipped'],
    )
    await watcher.close()
    for (const name of ['price', 'notice', 'pack', 'work', 'ship', 'mail'])
      assert.deepEqual([name, cloud.invocations(name).length], [name, 1])
  })

  it('counts what happened', async () => {
    const figures: { what: string; count: number }[] = (await cloud.http.get('/figures')).json
    figures.sort((left, right) => left.what.localeCompare(right.what))
    assert.deepEqual(figures, [
      { what: 'packed', count: 1 },
      { what: 'placed', count: 1 },
      { what: 'shipped', count: 1 },
    ])
  })

  it('refuses an order that is there, by the condition of the write', async () => {
    const answer = await place('o-1', [])
    assert.equal(answer.status, 409)
  })

  it('puts aside what cannot be worked off', async () => {
    await place('o-2', [])
    await cloud.clock.advance('1h')
    await cloud.settle()
    assert.deepEqual(
      cloud.invocations('work').map(({ logs }) => logs.some((line) => line.includes('The order o-2 is empty'))),
      [false, true, true, true],
    )
  })

  it('finds orders by their customer, the newest first', async () => {
    const found: { id: string }[] = (await cloud.http.get('/customers/ada/orders')).json
    assert.deepEqual(
      found.map(({ id }) => id),
      ['o-2', 'o-1'],
    )
  })

  it('writes a report at three in Berlin', async () => {
    await cloud.clock.advance('24h')
    await cloud.settle()
    assert.equal(cloud.invocations('nightly').length, 1)
    assert.equal(cloud.invocations('report').length, 1)
    const [name, ...others] = (await cloud.http.get('/reports')).json
    assert.match(name, /^reports\/\d{4}-\d\d-\d\d\.json$/)
    assert.deepEqual(others, [])
  })

  it('has a secret that nobody wrote', async () => {
    assert.equal((await cloud.http.get('/pepper')).json, 40)
  })
})
