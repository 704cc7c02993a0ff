// The tables of schedule expressions over the wire and in time zones, and the app's own schedules on the virtual clock.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { DeleteRuleCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge'
import { CreateScheduleCommand } from '@aws-sdk/client-scheduler'
import { flexibleDelay, nextPlanned, planProblem } from '../../src/aws/schedule-plan.ts'
import { startClock } from '../../src/local/clock.ts'
import type { ScheduleTriggerModel } from '../../src/model/index.ts'
import { until } from '../support/aws.ts'
import { runApp } from '../support/cloud.ts'
import { openEventsRig, openSchedulerRig } from '../support/events.ts'
import { toScheduleTrigger } from '../support/sources.ts'

interface Case {
  readonly id: string
  readonly expression: string
  readonly valid?: boolean
  readonly timezone?: string
  readonly after?: string
  readonly next?: readonly string[]
  readonly thenNever?: boolean
  readonly oneOf?: readonly string[]
  readonly then?: readonly string[]
}

const read = (name: string): readonly Case[] =>
  JSON.parse(readFileSync(new URL(`../cases/${name}.json`, import.meta.url), 'utf8'))
const cases = read('schedules')
const zones = read('schedules-zones')
const iso = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z')

function firings({ expression, timezone = 'UTC', after = '' }: Case, count: number): string[] {
  const found: string[] = []
  let time: number | undefined = Date.parse(after)
  while (time !== undefined && found.length < count) {
    time = nextPlanned({ expression, timezone, created: Date.parse(after) }, time)
    if (time !== undefined) found.push(iso(time))
  }
  return found
}

describe('the tables over the wire', () => {
  it('rules take and refuse what AWS does', async () => {
    await using rig = await openEventsRig()
    for (const { id, expression, valid = true } of cases.filter((one) => !one.id.startsWith('scheduler-'))) {
      const put = rig.client.send(new PutRuleCommand({ Name: id, ScheduleExpression: expression }))
      if (valid) await put
      else
        await assert.rejects(
          put,
          { name: 'ValidationException', message: 'Parameter ScheduleExpression is not valid.' },
          expression,
        )
      await rig.client.send(new DeleteRuleCommand({ Name: id }))
    }
  })

  it('Scheduler takes and refuses what AWS does', async () => {
    await using rig = await openSchedulerRig()
    const rows = [...cases, ...zones].filter(({ id }) => !id.startsWith('schedule-valid'))
    for (const { id, expression, timezone, valid = true } of rows) {
      const made = rig.client.send(
        new CreateScheduleCommand({
          Name: id,
          ScheduleExpression: expression,
          ScheduleExpressionTimezone: timezone,
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: { Arn: 'arn:aws:sqs:us-east-1:000000000000:q', RoleArn: 'arn:aws:iam::000000000000:role/r' },
        }),
      )
      if (valid) await made
      else
        await assert.rejects(
          made,
          { name: 'ValidationException', message: `Invalid Schedule Expression ${expression}.` },
          expression,
        )
    }
  })
})

describe('when Scheduler fires', () => {
  for (const one of [...cases, ...zones].filter(({ next }) => next !== undefined)) {
    const { id, expression, timezone = 'UTC', next = [], thenNever } = one
    it(`${id}: ${expression} ${timezone}`, () => {
      assert.deepEqual(firings(one, next.length + (thenNever === true ? 1 : 0)), next)
    })
  }
  for (const one of zones.filter(({ oneOf }) => oneOf !== undefined)) {
    it(`${one.id}: ${one.expression} ${one.timezone}`, () => {
      const [first = '', ...then] = firings(one, 3)
      assert.ok(one.oneOf?.includes(first), first)
      assert.deepEqual(then, one.then)
    })
  }

  it('agrees with a walk minute by minute through a year of New York', () => {
    const timezone = 'America/New_York'
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      hour: 'numeric',
      minute: 'numeric',
      day: 'numeric',
      month: 'numeric',
    })
    const end = Date.UTC(2027, 0, 1)
    const walked: number[] = []
    let last = ''
    for (let time = Date.UTC(2026, 0, 1, 5); time < end; time += 30 * 60_000) {
      const shown = format.format(time)
      if (/, 0?2:30$/.test(shown) && shown !== last) walked.push(time)
      if (/, 0?1:30$/.test(shown) && shown !== last) walked.push(time)
      if (/, 0?[12]:30$/.test(shown)) last = shown
    }
    // What the clocks show twice counts once.
    const once = walked.filter(
      (time, index) =>
        !walked.slice(Math.max(0, index - 3), index).some((other) => format.format(other) === format.format(time)),
    )
    const found: number[] = []
    const plan = { expression: 'cron(30 1,2 * * ? *)', timezone, created: 0 }
    for (
      let time = nextPlanned(plan, Date.UTC(2026, 0, 1, 5));
      time !== undefined && time < end;
      time = nextPlanned(plan, time)
    )
      found.push(time)
    assert.deepEqual(found.map(iso), once.map(iso))
  })

  it('keeps windows inside their minutes', () => {
    const delays = Array.from({ length: 1000 }, (_, n) => flexibleDelay(`s${n}`, n * 60_000, 10))
    assert.ok(Math.min(...delays) >= 0 && Math.max(...delays) < 600_000)
    assert.ok(new Set(delays.map((delay) => Math.floor(delay / 60_000))).size === 10)
  })

  it('refuses hostile expressions at once', () => {
    for (const expression of [
      `at(${'9'.repeat(50_000)})`,
      `rate(${'1'.repeat(50_000)} minutes)`,
      'at(2026-02-31T00:00:00)',
      'rate(0 minutes)',
    ])
      assert.notEqual(planProblem(expression), undefined)
  })
})

describe("the app's own schedules", () => {
  const MINUTE = 60_000
  const START = Date.UTC(2026, 0, 1)
  const trigger = (more: Partial<ScheduleTriggerModel>) => toScheduleTrigger('tick', 'rate(10 minutes)', more)
  const tick = (mark: string): string =>
    `export const handler = async (event) => { console.log('${mark}' + JSON.stringify(event)) }`
  const app = (mark: string, more: Partial<ScheduleTriggerModel> = {}) => ({
    functions: { tick: tick(mark) },
    triggers: [trigger(more)],
  })
  type Running = Awaited<ReturnType<typeof runApp>>
  const events = (running: Running, mark: string): { time: string; source: string; detail: unknown }[] =>
    running.lines('tick').flatMap((line) => {
      const at = line.indexOf(`${mark}{`)
      return at < 0 ? [] : [JSON.parse(line.slice(at + mark.length))]
    })
  const times = (running: Running, mark: string): number[] => events(running, mark).map(({ time }) => Date.parse(time))

  it('count a rate from its creation, not from the last save or start, and make up for nothing', async () => {
    await using running = await runApp(app('A'), { clock: startClock('virtual', START) })
    await running.cloud.clock.advance(14 * MINUTE)
    await running.apply(app('B'))
    await running.cloud.clock.advance(6 * MINUTE)
    assert.deepEqual(times(running, 'A'), [START + 10 * MINUTE])
    assert.deepEqual(times(running, 'B'), [START + 20 * MINUTE])
    await running.restart({ clock: startClock('virtual', START + 55 * MINUTE) })
    await running.cloud.clock.advance(10 * MINUTE)
    assert.deepEqual(times(running, 'B').slice(1), [START + 60 * MINUTE])
    await running.apply(app('C', { expression: 'rate(7 minutes)' }))
    await running.cloud.clock.advance(7 * MINUTE)
    assert.deepEqual(times(running, 'C'), [START + 72 * MINUTE])
  })

  it('fire in their zone, between start and end, with their input', async () => {
    const zone = { service: 'scheduler' as const, timezone: 'Europe/Madrid' }
    const bounds = { start: START + 24 * 60 * MINUTE, end: START + 72 * 60 * MINUTE }
    await using running = await runApp(app('A', { ...zone, ...bounds, expression: 'cron(0 9 * * ? *)' }), {
      clock: startClock('virtual', START),
    })
    await running.cloud.clock.advance(6 * 24 * 60 * MINUTE)
    const found = events(running, 'A')
    assert.deepEqual(
      found.map(({ time }) => time),
      ['2026-01-02T08:00:00Z', '2026-01-03T08:00:00Z'],
    )
    assert.deepEqual([found[0]?.source, found[0]?.detail], ['aws.scheduler', '{}'])
    const moment = { ...zone, expression: 'at(2026-01-08T01:00:00)', input: { hello: 'world' } }
    await running.apply(app('B', moment))
    await running.cloud.clock.advance(48 * 60 * MINUTE)
    assert.deepEqual(events(running, 'B'), [{ hello: 'world' }])
  })

  it('begin at once by the real clock, where Scheduler wakes them by a rate', async () => {
    await using running = await runApp(app('A', { service: 'scheduler', expression: 'rate(1 hour)' }))
    await until('the first firing', () => events(running, 'A').length === 1)
  })

  it('have a failing function invoked again, as AWS does', async () => {
    const failing = `export const handler = async () => { console.log('try'); throw new Error('no') }`
    await using running = await runApp(
      { functions: { tick: failing }, triggers: [trigger({ expression: 'rate(1 day)' })] },
      { clock: startClock('virtual', START) },
    )
    await running.cloud.clock.advance((24 * 60 + 10) * MINUTE)
    assert.equal(running.lines('tick').filter((line) => line.endsWith('try')).length, 3)
  })
})
