// The outbox: what is owed is delivered at least once, in order within a lane, on the clock, across restarts.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { type Clock, startClock } from '../../src/local/clock.ts'
import { type Outbox, openOutbox } from '../../src/local/outbox.ts'
import { openStore, type Store } from '../../src/local/store.ts'

let directory: string
let store: Store
let clock: Clock
let outbox: Outbox

const open = (): void => {
  store = openStore(directory)
  clock = startClock('virtual', Date.UTC(2026, 0, 1))
  outbox = openOutbox({ store, clock })
}
const close = async (): Promise<void> => {
  outbox.close()
  clock.stop()
  await store.close()
}
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'goblet-outbox-'))
  open()
})
afterEach(async () => {
  await close()
  rmSync(directory, { recursive: true })
})

const post = (body: unknown, options?: Parameters<Outbox['post']>[3]): Promise<void> =>
  store.commit((writer) => outbox.post(writer, 'mail', body, options))

test('what is posted leaves after its commit, once, and what a failed commit posted never does', async () => {
  const seen: unknown[] = []
  outbox.serve('mail', async ({ body, attempt, posted }) => {
    seen.push([body, attempt, posted === clock.now()])
    return 'done'
  })
  await post({ n: 1 })
  await assert.rejects(
    store.commit((writer) => {
      outbox.post(writer, 'mail', { n: 2 })
      throw new Error('no')
    }),
  )
  await clock.advance(0)
  await clock.advance(60_000)
  assert.deepEqual(seen, [[{ n: 1 }, 1, true]])
  assert.equal(outbox.pending(), 0)
})

test('a try that fails is tried again when it said, a delivery that throws after a second', async (context) => {
  const told = context.mock.method(console, 'error', () => {})
  const start = clock.now()
  const seen: unknown[] = []
  outbox.serve('mail', async ({ attempt }) => {
    seen.push([attempt, clock.now() - start])
    if (attempt === 1) return { again: 30_000 }
    if (attempt === 2) throw new Error('defect')
    return 'done'
  })
  await post('x', { due: start + 5000 })
  await clock.advance(3_600_000)
  assert.deepEqual(seen, [
    [1, 5000],
    [2, 35_000],
    [3, 36_000],
  ])
  assert.equal(told.mock.callCount(), 1)
})

test('a lane keeps its order through retries and a restart; other lanes do not wait for it', async () => {
  const seen: unknown[] = []
  outbox.serve('mail', async ({ body, attempt }) => {
    seen.push(body)
    return body === 'a1' && attempt < 3 ? { again: 1000 } : 'done'
  })
  for (const body of ['a1', 'b1', 'a2', 'a3', 'b2']) await post(body, { lane: body.slice(0, 1) })
  await clock.advance(0)
  assert.deepEqual(seen, ['a1', 'b1', 'b2'])
  await close()
  open()
  seen.length = 0
  outbox.serve('mail', async ({ body, attempt }) => {
    seen.push(`${body} ${attempt}`)
    return 'done'
  })
  await post('a4', { lane: 'a' })
  await clock.advance(2000)
  assert.deepEqual(seen, ['a1 2', 'a2 1', 'a3 1', 'a4 1'])
})

test('a backlog of thousands, in lanes and out of them, is worked off, each once, a hundred at a time', async () => {
  await store.commit((writer) => {
    for (let index = 0; index < 4000; index++)
      outbox.post(writer, 'mail', index, index % 2 === 0 ? {} : { lane: `lane ${index % 7}` })
  })
  const seen: number[] = []
  let abreast = 0
  let most = 0
  outbox.serve<number>('mail', async ({ body }) => {
    most = Math.max(most, ++abreast)
    await new Promise(setImmediate)
    abreast--
    seen.push(body)
    return 'done'
  })
  while (outbox.pending() > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  assert.equal(new Set(seen).size, 4000)
  assert.equal(seen.length, 4000)
  assert.ok(most <= 100)
  for (let lane = 0; lane < 7; lane++) {
    const inLane = seen.filter((index) => index % 2 === 1 && index % 7 === lane)
    assert.deepEqual(
      inLane,
      inLane.toSorted((left, right) => left - right),
    )
  }
})

test('parcels wait for their sender to be served, and are counted only then', async () => {
  await post('early')
  assert.equal(outbox.pending(), 0)
  const seen: unknown[] = []
  outbox.serve('mail', async ({ body }) => {
    seen.push(body)
    return 'done'
  })
  await clock.advance(0)
  while (seen.length === 0) await new Promise(setImmediate)
  assert.deepEqual(seen, ['early'])
})

test('what was delivered on a full disk is not delivered again: only the note of it is tried again', async (context) => {
  const told = context.mock.method(console, 'error', () => {})
  let refusals = 0
  const failing: Store = {
    ...store,
    commit: (work) => {
      if (refusals === 0) return store.commit(work)
      refusals--
      return Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }))
    },
  }
  const other = openOutbox({ store: failing, clock })
  let delivered = 0
  other.serve('full', async () => {
    delivered++
    refusals = 1
    return 'done'
  })
  await store.commit((writer) => other.post(writer, 'full', {}))
  await clock.advance(0)
  assert.equal(delivered, 1)
  assert.equal(refusals, 0)
  assert.equal(other.pending(), 0)
  assert.match(String(told.mock.calls[0]?.arguments[0]), /no space left on device.*GOBLET_DISK/s)
  other.close()
})
