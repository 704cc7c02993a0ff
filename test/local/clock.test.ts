// The clock: what falls due, in which order, and what is cancelled; running with the machine, and standing still.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startClock } from '../../src/local/clock.ts'

const START = Date.UTC(2026, 0, 1)

test('advancing runs what falls due by its time, then by when it was set, each at its own moment', async () => {
  const clock = startClock('virtual', START)
  const seen: string[] = []
  const note = (name: string) => () => {
    seen.push(`${name}@${clock.now() - START}`)
  }
  clock.after(30, note('c'))
  clock.after(10, note('a'))
  clock.after(20, note('b1'))
  clock.after(20, note('b2'))
  clock.after(101, note('late'))
  await clock.advance(100)
  assert.deepEqual(seen, ['a@10', 'b1@20', 'b2@20', 'c@30'])
  assert.equal(clock.now(), START + 100)
  await clock.advance(1)
  assert.equal(seen.at(-1), 'late@101')
})

test('each task is awaited before the next, and may set others that fall due on the way', async () => {
  const clock = startClock('virtual', START)
  const seen: string[] = []
  clock.after(10, async () => {
    await sleep(5)
    seen.push('slow')
    clock.after(5, () => {
      seen.push('child')
    })
  })
  clock.after(20, () => {
    seen.push('next')
  })
  await clock.advance(50)
  assert.deepEqual(seen, ['slow', 'child', 'next'])
})

test('a cancelled task does not run, also when another task of the same moment cancels it', async () => {
  const clock = startClock('virtual', START)
  let ran = 0
  const run = () => {
    ran++
  }
  clock.after(10, () => second.cancel())
  const second = clock.after(10, run)
  clock.after(5, run).cancel()
  await clock.advance(100)
  assert.equal(ran, 0)
  clock.after(10, run)
  clock.stop()
  await clock.advance(100)
  assert.equal(ran, 0)
})

test('a virtual clock stands still until it is told; a task of the past runs at the next step, and time never goes back', async () => {
  const clock = startClock('virtual', START)
  let at: number | undefined
  clock.at(START - 1000, () => {
    at = clock.now()
  })
  await sleep(20)
  assert.equal(at, undefined)
  await clock.advance(0)
  assert.equal(at, START)
  assert.equal(clock.now(), START)
})

test('ten thousand tasks in any order come in order', async () => {
  const clock = startClock('virtual', START)
  const seen: number[] = []
  let seed = 7
  for (let count = 0; count < 10_000; count++) {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    const time = seed % 5000
    clock.after(time, () => {
      seen.push(time)
    })
  }
  await clock.advance(5000)
  assert.equal(seen.length, 10_000)
  assert.deepEqual(
    seen,
    seen.toSorted((left, right) => left - right),
  )
})

test('the real clock runs with the machine, in order, and can be pushed forward', async () => {
  const clock = startClock('real')
  const seen: string[] = []
  const done = new Promise<void>((resolve) => {
    clock.after(30, () => {
      seen.push('second')
      resolve()
    })
  })
  clock.after(10, () => {
    seen.push('first')
  })
  clock
    .after(20, () => {
      seen.push('never')
    })
    .cancel()
  assert.ok(Math.abs(clock.now() - Date.now()) < 50)
  // An alarm does not keep the process alive; this one has to wait for it.
  const held = setTimeout(() => {}, 5000)
  await done
  clearTimeout(held)
  assert.deepEqual(seen, ['first', 'second'])
  clock.after(3_600_000, () => {
    seen.push('tomorrow')
  })
  await clock.advance(3_600_000)
  assert.deepEqual(seen, ['first', 'second', 'tomorrow'])
  assert.ok(clock.now() - Date.now() >= 3_599_000)
  clock.stop()
})

test('a date beyond what a timer can hold does not fire at once', async () => {
  const clock = startClock('real')
  let fired = false
  clock.after(2 ** 40, () => {
    fired = true
  })
  await sleep(20)
  assert.equal(fired, false)
  clock.stop()
})

test('what a moment set going ends before time moves on, unless it waits for the clock itself', async () => {
  const clock = startClock('virtual', 0)
  const seen: string[] = []
  const work = async (name: string, rounds: number): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    seen.push(`${name} at ${clock.now()}`)
    if (rounds > 1) clock.hold(work(name, rounds - 1))
  }
  clock.at(10, () => clock.hold(work('first', 3)))
  clock.at(20, () => void seen.push(`second at ${clock.now()}`))
  clock.hold(work('before', 1))
  await clock.advance(30)
  assert.deepEqual(seen, ['before at 0', 'first at 10', 'first at 10', 'first at 10', 'second at 20'])
  assert.equal(clock.now(), 30)
  clock.hold(new Promise<void>((resolve) => void clock.after(1000, resolve)))
  await clock.advance(2000)
  assert.equal(clock.now(), 2030)
})

test('a task that throws on the real clock is told, and ends nothing', async (context) => {
  const told = context.mock.method(console, 'error', () => {})
  const clock = startClock()
  clock.after(1, () => {
    throw new Error('at once')
  })
  clock.after(1, () => Promise.reject(new Error('later')))
  // The clock keeps no process alive: this does.
  const awake = setInterval(() => {}, 1000)
  await new Promise<void>((resolve) => clock.after(5, resolve))
  // A rejection is heard a turn later, however late the clock's own task came.
  await new Promise(setImmediate)
  clearInterval(awake)
  assert.deepEqual(
    told.mock.calls.map(({ arguments: [error] }) => String(error)),
    ['Error: at once', 'Error: later'],
  )
  clock.stop()
})
