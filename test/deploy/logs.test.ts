// Reading CloudWatch Logs: everything once, whatever comes late, is throttled or comes in pages.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type LogEvent,
  type LogsQuery,
  openLogReader,
  type Pace,
  type ReadPage,
  readLogs,
} from '../../src/deploy/logs.ts'

const START = 1_800_000_000_000

interface Written {
  readonly group: string
  readonly id: string
  readonly time: number
  /** When CloudWatch Logs shows it. */
  readonly shown: number
}

/** CloudWatch Logs with a clock of its own: events show themselves late, pages are small, some empty, some calls refused. */
function openWorld(written: readonly Written[], random: () => number, refuse = 0) {
  let now = START
  let calls = 0
  const read: ReadPage = async ({ group, start, end, token }) => {
    calls++
    if (random() < refuse) throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' })
    if (!group.startsWith('/aws/lambda/')) return undefined
    const all = written
      .filter((one) => one.group === group && one.shown <= now && one.time >= start && one.time <= end)
      .sort((left, right) => left.time - right.time)
    // Every other page is empty and says that there is more, as happens on AWS.
    const at = Number(token ?? 0)
    if (at % 2 === 0) return { events: [], next: String(at + 1) }
    const from = ((at - 1) / 2) * 7
    const events = all.slice(from, from + 7).map(({ id, time }) => ({ id, time, message: `message ${id}\n` }))
    return { events, next: from + 7 < all.length ? String(at + 1) : undefined }
  }
  const pace: Pace = {
    now: () => now,
    pause: async (milliseconds) => {
      now += milliseconds
    },
    overlap: 60_000,
  }
  return { read, pace, calls: () => calls, now: () => now }
}

// Park and Miller's: the same numbers in every run.
function openRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

const GROUPS = new Map(['api', 'work', 'idle'].map((name) => [name, `/aws/lambda/app-dev-${name}`]))

function write(count: number, random: () => number, { past, future }: { past: number; future: number }): Written[] {
  return Array.from({ length: count }, (_, index) => {
    const time = Math.floor(START - past + random() * (past + future))
    const group = random() < 0.7 ? '/aws/lambda/app-dev-api' : '/aws/lambda/app-dev-work'
    return { group, id: String(index), time, shown: time + Math.floor(random() * 50_000) }
  })
}

async function collect(query: Partial<LogsQuery>, read: ReadPage, pace: Pace): Promise<LogEvent[]> {
  const found: LogEvent[] = []
  const whole = { groups: GROUPS, since: 0, follow: false, signal: new AbortController().signal, ...query }
  for await (const event of readLogs(whole, read, pace)) found.push(event)
  return found
}

test('what was logged is told once, in order of time, over groups and pages', async () => {
  const random = openRandom(7)
  const written = write(400, random, { past: 3_600_000, future: -60_000 })
  const { read, pace } = openWorld(written, random, 0.2)
  const found = await collect({ since: START - 3_600_000 }, read, pace)
  assert.deepEqual(
    found.map(({ time }) => time),
    written.map(({ time }) => time).sort((left, right) => left - right),
  )
  assert.equal(new Set(found.map(({ id }) => id)).size, 400)
  assert.deepEqual(new Set(found.map((one) => one.function)), new Set(['api', 'work']))
})

for (const seed of [1, 2, 3, 4, 5])
  test(`followed with what comes up to 50 s late, and throttled: no gap, no double (seed ${seed})`, async () => {
    const random = openRandom(seed)
    const written = write(500, random, { past: 120_000, future: 600_000 })
    const { read, pace, now } = openWorld(written, random, 0.3)
    const end = new AbortController()
    const found: LogEvent[] = []
    const pausing: Pace = {
      ...pace,
      pause: async (milliseconds, signal) => {
        await pace.pause(milliseconds, signal)
        if (now() > START + 900_000) end.abort()
      },
    }
    const query = { groups: GROUPS, since: START - 120_000, follow: true, signal: end.signal }
    for await (const event of readLogs(query, read, pausing)) found.push(event)
    assert.deepEqual(
      found.map(({ id }) => Number(id)).sort((left, right) => left - right),
      written.map(({ id }) => Number(id)),
    )
  })

test('a function without a log group is told once, and the others go on', async () => {
  const random = openRandom(3)
  const written = write(20, random, { past: 60_000, future: 0 })
  const { read, pace, now } = openWorld(written, random)
  const end = new AbortController()
  const told: string[] = []
  const query: LogsQuery = {
    groups: new Map([...GROUPS, ['gone', 'nowhere']]),
    since: 0,
    follow: true,
    signal: end.signal,
    onMissing: (name) => told.push(name),
  }
  const found: LogEvent[] = []
  const pause: Pace['pause'] = async (milliseconds, signal) => {
    await pace.pause(milliseconds, signal)
    if (now() > START + 120_000) end.abort()
  }
  for await (const event of readLogs(query, read, { ...pace, pause })) found.push(event)
  assert.deepEqual([told, found.length], [['gone'], 20])
})

test('what nobody logs into is asked for more and more seldom', async () => {
  const { read, pace, calls, now } = openWorld([], openRandom(1))
  const end = new AbortController()
  const pause: Pace['pause'] = async (milliseconds, signal) => {
    await pace.pause(milliseconds, signal)
    if (now() > START + 600_000) end.abort()
  }
  await collect({ follow: true, signal: end.signal, groups: new Map([['api', '/aws/lambda/app-dev-api']]) }, read, {
    ...pace,
    pause,
  })
  // Two pages each time, every 5 s in the end.
  assert.ok(calls() < 2 * 130, `${calls()} calls in 10 minutes`)
})

test('refused for another reason than haste, it ends with that reason', async () => {
  const { pace } = openWorld([], openRandom(1))
  const refuse: ReadPage = async () => {
    throw Object.assign(new Error('not yours'), { name: 'AccessDeniedException' })
  }
  await assert.rejects(collect({ follow: true }, refuse, pace), /not yours/)
})

test('events of a cloud that gives them no ids are told apart by what they say', async () => {
  const events = ['START', 'END', 'REPORT'].map((message) => ({ timestamp: START, message, logStreamName: 'one' }))
  const { signal } = new AbortController()
  const read = openLogReader({ filterLogEvents: async () => ({ events, $metadata: {} }) }, signal)
  const found: string[] = []
  const groups = new Map([['api', '/aws/lambda/app-dev-api']])
  for await (const { message } of readLogs({ groups, since: START, follow: false, signal }, read)) found.push(message)
  assert.deepEqual(found, ['START', 'END', 'REPORT'])
})
