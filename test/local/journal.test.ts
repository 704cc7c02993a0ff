// The journal: what is shown, in CloudWatch's words, what is kept over a restart, and how much of it.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startClock } from '../../src/local/clock.ts'
import { type JournalEntry, type LogEntry, toLines } from '../../src/local/entries.ts'
import { openJournal } from '../../src/local/journal.ts'
import { openStore, type Store } from '../../src/local/store.ts'

const log = (text: string, more: Partial<LogEntry> = {}): LogEntry => ({
  kind: 'log',
  time: 1,
  function: 'f',
  requestId: 'r',
  text,
  ...more,
})
const texts = (entries: readonly JournalEntry[]) => entries.map((entry) => (entry.kind === 'log' ? entry.text : ''))

async function withStore(work: (store: () => Store, reopen: () => Promise<void>) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'goblet-journal-'))
  let store = openStore(directory)
  try {
    await work(
      () => store,
      async () => {
        await store.close()
        store = openStore(directory)
      },
    )
  } finally {
    await store.close()
    rmSync(directory, { recursive: true })
  }
}

test('entries are read by function, by time and by number, and followed', () =>
  withStore(async (store) => {
    const journal = openJournal(store(), startClock('virtual'))
    const heard: string[] = []
    journal.record(log('a'))
    const leave = journal.follow((entry) => heard.push(...texts([entry])))
    journal.record(log('b', { function: 'g', time: 2 }))
    leave()
    journal.record(log('c', { time: 3 }))
    assert.deepEqual(texts(journal.read()), ['a', 'b', 'c'])
    assert.deepEqual(texts(journal.read({ function: 'f' })), ['a', 'c'])
    assert.deepEqual(texts(journal.read({ since: 2 })), ['b', 'c'])
    assert.deepEqual(texts(journal.read({ limit: 1 })), ['c'])
    assert.deepEqual(heard, ['b'])
  }))

test('what was flushed is there after a restart, in order, and new entries come after it', () =>
  withStore(async (store, reopen) => {
    const clock = startClock('virtual')
    const first = openJournal(store(), clock)
    first.record(log('1'))
    // Written by itself a moment later.
    await clock.advance(1000)
    first.record(log('2'))
    await first.flush()
    await reopen()
    const second = openJournal(store(), clock)
    second.record(log('3'))
    await second.flush()
    await reopen()
    assert.deepEqual(texts(openJournal(store(), clock).read()), ['1', '2', '3'])
  }))

test('it keeps the newest ten thousand, on disk too, however many come', () =>
  withStore(async (store, reopen) => {
    const clock = startClock('virtual')
    const journal = openJournal(store(), clock)
    for (let batch = 0; batch < 60; batch++) {
      for (let count = 0; count < 500; count++) journal.record(log(`${batch}.${count}`))
      await journal.flush()
    }
    assert.equal(journal.read().length, 10_000)
    assert.equal(texts(journal.read()).at(-1), '59.499')
    await reopen()
    let onDisk = 0
    for (const { value } of store().range<JournalEntry[]>({ start: ['journal'], end: ['journal', '~'] }))
      onDisk += value.length
    assert.ok(onDisk >= 10_000 && onDisk <= 11_000, `${onDisk} on disk`)
    const again = openJournal(store(), clock).read()
    assert.equal(again.length, 10_000)
    assert.equal(texts(again).at(-1), '59.499')
  }))

test('entries read as CloudWatch shows them', () => {
  const stamp = { time: 1, function: 'f', requestId: 'r-1' }
  assert.deepEqual(toLines({ kind: 'start', ...stamp, parent: '' }), ['START RequestId: r-1 Version: $LATEST'])
  assert.deepEqual(toLines({ kind: 'log', ...stamp, text: 'a\nb' }), ['a', 'b'])
  assert.deepEqual(toLines({ kind: 'hop', ...stamp, text: 'sqs' }), [])
  const report = { kind: 'report', ...stamp, duration: 1.234, memorySize: 128, memoryUsed: 42 } as const
  assert.deepEqual(toLines({ ...report, init: 100.5, status: undefined }), [
    'END RequestId: r-1',
    'REPORT RequestId: r-1\tDuration: 1.23 ms\tBilled Duration: 102 ms\tMemory Size: 128 MB\tMax Memory Used: 42 MB\tInit Duration: 100.50 ms',
  ])
  assert.deepEqual(
    toLines({ ...report, init: undefined, status: 'timeout' })[1]
      ?.split('\t')
      .at(-1),
    'Status: timeout',
  )
})
