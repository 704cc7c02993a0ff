// The store: order, ranges, transactions, and what survives.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openStore, under } from '../../src/local/store.ts'

const directory = mkdtempSync(join(tmpdir(), 'goblet-store-'))
let store = openStore(directory)
after(async () => {
  await store.close()
  rmSync(directory, { recursive: true })
})

const keys = (range: Parameters<typeof store.range>[0]) => [...store.range(range)].map(({ key }) => key)

test('a range is in key order, numbers before strings, with its limit, and backwards', async () => {
  await store.commit((writer) => {
    for (const part of [10, 9, 2, 'b', 'a', 'a\u0000', 'é', '\u{1f600}']) writer.put(['order', part], part)
    writer.put(['ordes'], 'another prefix')
  })
  const all = [2, 9, 10, 'a', 'a\u0000', 'b', 'é', '\u{1f600}'].map((part) => ['order', part])
  assert.deepEqual(keys(under('order')), all)
  assert.deepEqual(keys({ ...under('order'), limit: 3 }), all.slice(0, 3))
  assert.deepEqual(keys({ ...under('order'), reverse: true }), all.toReversed())
  assert.deepEqual(keys({ start: ['order', 9], end: ['order', 'b'] }), all.slice(1, 5))
  assert.deepEqual(
    keys({ start: ['order', 9], end: ['order', 'b'], reverse: true, limit: 2 }),
    all.slice(3, 5).toReversed(),
  )
  assert.equal(store.count(under('order')), all.length)
})

test('a commit is all or nothing, reads its own writes, and returns what the work returns', async () => {
  const seen = await store.commit((writer) => {
    writer.put(['one'], { n: 1 })
    return writer.get<{ n: number }>(['one'])
  })
  assert.deepEqual(seen, { n: 1 })
  const failing = store.commit((writer) => {
    writer.put(['one'], { n: 2 })
    writer.put(['two'], { n: 2 })
    throw new Error('no')
  })
  await assert.rejects(failing, /^Error: no$/)
  assert.deepEqual(store.get(['one']), { n: 1 })
  assert.equal(store.get(['two']), undefined)
})

test('writers wait for one another: a thousand increments add up', async () => {
  const increment = () => store.commit((writer) => writer.put(['counter'], (writer.get<number>(['counter']) ?? 0) + 1))
  await Promise.all(Array.from({ length: 1000 }, increment))
  assert.equal(store.get(['counter']), 1000)
})

test('keys are only keys: prototype names, separators and paths mean nothing', async () => {
  const names = ['__proto__', 'constructor', 'toString', '../../etc', 'a/b', '', ' ']
  await store.commit((writer) => {
    for (const name of names) writer.put(['names', name, name], name)
  })
  for (const name of names) assert.equal(store.get(['names', name, name]), name)
  assert.equal(store.count(under('names')), names.length)
})

test('what was committed is there after it is opened again', async () => {
  await store.commit((writer) => writer.put(['kept'], { bytes: Buffer.from([0, 255]), list: [1, null, 'x'] }))
  await store.close()
  store = openStore(directory)
  assert.deepEqual(store.get(['kept']), { bytes: Buffer.from([0, 255]), list: [1, null, 'x'] })
})
