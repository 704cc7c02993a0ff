// Schedule expressions against recorded answers of AWS, what the Quartz engine says, and hostile input.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { nextFire, scheduleProblem } from '../../src/aws/schedule.ts'

interface Case {
  readonly id: string
  readonly expression: string
  readonly valid?: boolean
  readonly after?: string
  readonly next?: readonly string[]
  readonly thenNever?: boolean
}

// Left out: the cases of EventBridge Scheduler that need a time zone or at(…): cron-48, cron-50, cron-51, scheduler-valid-6.
const cases: readonly Case[] = JSON.parse(readFileSync(new URL('../cases/schedules.json', import.meta.url), 'utf8'))

/** The next firings, as ISO times without milliseconds. */
function firings(expression: string, after: string, count: number): string[] {
  const found: string[] = []
  for (let time = Date.parse(after); found.length < count; ) {
    const next = nextFire(expression, time)
    if (next === undefined) break
    found.push(new Date(next).toISOString().replace('.000Z', 'Z'))
    time = next
  }
  return found
}

describe('schedule expressions', () => {
  for (const { id, expression, valid = true, after, next, thenNever } of cases) {
    it(`${id}: ${expression}`, () => {
      assert.equal(scheduleProblem(expression) === undefined, valid)
      if (after === undefined || next === undefined) return
      assert.deepEqual(firings(expression, after, next.length + (thenNever === true ? 1 : 0)), next)
    })
  }
})

describe('what a wrong schedule is told', () => {
  const problems: Readonly<Record<string, RegExp>> = {
    'cron(0 3 * * ?)': /^has 5 fields where cron\(…\) takes 6: minute hour day-of-month month day-of-week year$/,
    'cron(0 3 * * * *)': /^has `\?` in neither of day-of-month and day-of-week/,
    'cron(0 24 * * ? *)': /^has the hour `24`, where cron takes 0-23/,
    'cron(0 0 1 JANUARY ? *)': /^has the month `JANUARY`, where cron takes 1-12 or JAN-DEC/,
    'cron(0 0 ? * 2#1,6#3 *)': /^has the day-of-week `2#1,6#3`/,
    'cron(0 0 1,L * ? *)': /^has the day-of-month `1,L`/,
    'cron(0 0 32W * ? *)': /^has the day-of-month `32W`, which no month has/,
    'cron(0 0 ? * XYZ#1 *)': /^has the day-of-week `XYZ#1`/,
    'cron(*/0 0 * * ? *)': /^has the minute `\*\/0`/,
    'cron(0 0 * * ? 2030-2020)': /^has the years `2030-2020`, which end before they begin$/,
    'cron(0 0 * * ? 2200)': /^has the year `2200`, where cron takes 1970-2199/,
    'cron()': /^has 0 fields/,
    'rate(1 minutes)': /^says `1 minutes`, where AWS takes `1 minute`$/,
    'rate(5 minute)': /^says `5 minute`, where AWS takes `5 minutes`$/,
    'rate(5 seconds)': /^has the unit `seconds`/,
    'rate(0 minutes)': /^has the value 0/,
    'rate(5 constructors)': /^has the unit `constructors`/,
    'rate( 5 minutes )': /^is not a number, a space and a unit/,
    'every 5 minutes': /^is neither rate/,
    'cron(0 3 * * ? *': /^is neither rate/,
  }
  for (const [expression, problem] of Object.entries(problems)) {
    it(expression, () => assert.match(scheduleProblem(expression) ?? '', problem))
  }
})

describe('cron', () => {
  const table: readonly (readonly [string, string, readonly string[]])[] = [
    ['cron(0 0 L * ? *)', '2028-02-01T00:00:00Z', ['2028-02-29T00:00:00Z']],
    ['cron(0 0 29 2 ? *)', '2096-03-01T00:00:00Z', ['2104-02-29T00:00:00Z']],
    ['cron(0 0 LW * ? *)', '2026-05-01T00:00:00Z', ['2026-05-29T00:00:00Z', '2026-06-30T00:00:00Z']],
    ['cron(0 0 1W * ? *)', '2026-07-31T00:00:00Z', ['2026-08-03T00:00:00Z']],
    ['cron(0 0 ? * FRIL *)', '2026-01-01T00:00:00Z', ['2026-01-30T00:00:00Z', '2026-02-27T00:00:00Z']],
    ['cron(0 0 ? * L *)', '2026-01-01T00:00:00Z', ['2026-01-03T00:00:00Z', '2026-01-10T00:00:00Z']],
    [
      'cron(0 0 ? * sat-mon *)',
      '2026-01-02T00:00:00Z',
      ['2026-01-03T00:00:00Z', '2026-01-04T00:00:00Z', '2026-01-05T00:00:00Z', '2026-01-10T00:00:00Z'],
    ],
    [
      'cron(0 0 1 NOV-FEB ? *)',
      '2026-01-15T00:00:00Z',
      ['2026-02-01T00:00:00Z', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'],
    ],
    ['cron(59 23 31 12 ? *)', '2199-12-31T23:58:59Z', ['2199-12-31T23:59:00Z']],
  ]
  for (const [expression, after, next] of table) {
    it(`${expression} after ${after}`, () => assert.deepEqual(firings(expression, after, next.length), next))
  }

  it('never fires again after its last year, nor on a day that no month has', () => {
    assert.equal(nextFire('cron(59 23 31 12 ? *)', Date.UTC(2199, 11, 31, 23, 59)), undefined)
    assert.equal(nextFire('cron(0 0 31 2 ? *)', 0), undefined)
    assert.equal(nextFire('cron(0 0 * * ? *)', Number.POSITIVE_INFINITY), undefined)
  })

  it('agrees with a walk minute by minute', () => {
    const start = Date.UTC(2026, 1, 26, 22, 50)
    const days = new Set([1, 28])
    let time = start
    for (let now = start + 60_000; now < start + 4 * 86_400_000; now += 60_000) {
      const date = new Date(now)
      const due = date.getUTCMinutes() % 20 === 10 && date.getUTCHours() >= 22 && days.has(date.getUTCDate())
      if (!due) continue
      time = nextFire('cron(10/20 22-23 1,28 * ? *)', time) ?? Number.NaN
      assert.equal(time, now)
    }
    assert.notEqual(time, start)
  })
})

describe('rate', () => {
  it('counts from the moment the rule was made', () => {
    assert.equal(nextFire('rate(5 minutes)', 1_000_000, 1_000_000), 1_300_000)
    assert.equal(nextFire('rate(5 minutes)', 1_299_999, 1_000_000), 1_300_000)
    assert.equal(nextFire('rate(5 minutes)', 1_300_000, 1_000_000), 1_600_000)
    assert.equal(nextFire('rate(1 day)', 5), 86_400_005)
    assert.equal(nextFire('rate(1 hour)', 0, 1_000), 3_601_000)
  })
})

describe('hostile expressions', () => {
  const hostile = [
    `cron(${'0,'.repeat(25_000)}0 0 * * ? *)`,
    `rate(${'1'.repeat(50_000)} minutes)`,
    `rate(${'9'.repeat(200)} minutes)`,
    `cron(${' '.repeat(50_000)})`,
    '('.repeat(50_000),
  ]
  for (const expression of hostile) {
    it(`refuses ${expression.slice(0, 12)}… (${expression.length} characters) at once`, () => {
      const started = performance.now()
      assert.notEqual(scheduleProblem(expression), undefined)
      assert.ok(performance.now() - started < 50)
    })
  }

  it('looks 230 years ahead at once', () => {
    const started = performance.now()
    assert.equal(nextFire('cron(0 0 30 2 ? 1970-2199)', 0), undefined)
    assert.equal(nextFire('cron(* * 31 2,4,6,9,11 ? *)', 0), undefined)
    assert.ok(performance.now() - started < 100)
  })
})
