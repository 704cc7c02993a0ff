// The store: order, ranges, transactions, and what survives.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openStore, under, type Writer } from '../../src/local/store.ts'

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

test('works of one turn share a commit: one that throws leaves nothing and disturbs none of the others', async () => {
  const told: number[] = []
  const works = Array.from({ length: 100 }, (_, index) =>
    store.commit((writer) => {
      writer.put(['shared', index], index)
      writer.put(['last'], index)
      writer.after(() => told.push(index))
      if (index % 3 === 1) throw new Error(`no ${index}`)
      return index
    }),
  )
  const ended = await Promise.allSettled(works)
  const good = Array.from({ length: 100 }, (_, index) => index).filter((index) => index % 3 !== 1)
  assert.deepEqual(
    ended.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason))),
    works.map((_, index) => (index % 3 === 1 ? `Error: no ${index}` : index)),
  )
  assert.deepEqual(
    keys(under('shared')).map(([, index]) => index),
    good,
  )
  assert.equal(store.get(['last']), 99)
  assert.deepEqual(told, good)
})

test('a work may read and write what an earlier one of its turn wrote, and none sees one that failed', async () => {
  const seen: unknown[] = []
  const look = (writer: Writer) => seen.push(writer.get(['turn']))
  const first = store.commit((writer) => writer.put(['turn'], 1))
  const failed = store.commit((writer) => {
    look(writer)
    writer.put(['turn'], 2)
    throw new Error('no')
  })
  await Promise.allSettled([first, failed, store.commit((writer) => look(writer))])
  assert.deepEqual(seen, [1, 1])
})

test('what is told after a commit is in the store, and may commit again', async () => {
  let inner: Promise<unknown> | undefined
  await store.commit((writer) => {
    writer.put(['outer'], 1)
    writer.after(() => {
      assert.equal(store.get(['outer']), 1)
      inner = store.commit((next) => next.put(['inner'], 2))
    })
  })
  await inner
  assert.equal(store.get(['inner']), 2)
})

test('closing finishes what was begun and refuses the rest', async () => {
  const other = mkdtempSync(join(tmpdir(), 'goblet-store-'))
  const closing = openStore(other)
  const begun = closing.commit((writer) => writer.put(['begun'], 1))
  await closing.close()
  await begun
  await assert.rejects(
    closing.commit((writer) => writer.put(['late'], 1)),
    /closed/,
  )
  const again = openStore(other)
  assert.equal(again.get(['begun']), 1)
  assert.equal(again.get(['late']), undefined)
  await again.close()
  rmSync(other, { recursive: true })
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
