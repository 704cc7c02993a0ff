// Schedules over saves and restarts: what fell due while nothing ran is not made up for, and the next one is right.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startClock } from '../../src/local/index.ts'
import { type AppText, type Running, runApp } from '../support/cloud.ts'
import { toScheduleTrigger } from '../support/sources.ts'

const CODE = 'export const handler = async ({ time }) => { console.log(time) }'
const START = Date.parse('2026-03-01T12:00:00Z')
const MINUTE = 60_000

const scheduled = (expression: string, more = ''): AppText => ({
  functions: { tick: CODE + more },
  triggers: [toScheduleTrigger('tick', expression)],
})

const times = (app: Running): string[] =>
  app.lines('tick').flatMap((line) => line.split('\tINFO\t2026-03-01T')[1] ?? [])

test('case fault-restart-schedules: nothing is made up for, and the next firing is that of the rule', async () => {
  await using app = await runApp(scheduled('cron(0/15 * * * ? *)'), { clock: startClock('virtual', START + MINUTE) })
  await app.cloud.clock.advance(15 * MINUTE)
  assert.deepEqual(times(app), ['12:15:00Z'])
  // 12:30 and 12:45 pass while it is down.
  await app.restart({ clock: startClock('virtual', START + 50 * MINUTE) })
  assert.deepEqual(times(app), ['12:15:00Z'])
  await app.cloud.clock.advance(11 * MINUTE)
  assert.deepEqual(times(app), ['12:15:00Z', '13:00:00Z'])
})

test('a rate counts from when its rule was made: neither a restart nor a save begins it anew, another expression does', async () => {
  await using app = await runApp(scheduled('rate(10 minutes)'), { clock: startClock('virtual', START) })
  await app.cloud.clock.advance(12 * MINUTE)
  assert.deepEqual(times(app), ['12:10:00Z'])
  await app.restart({ clock: startClock('virtual', START + 35 * MINUTE) })
  await app.cloud.clock.advance(6 * MINUTE)
  assert.deepEqual(times(app), ['12:10:00Z', '12:40:00Z'])
  await app.apply(scheduled('rate(10 minutes)', '\n// changed'))
  await app.cloud.clock.advance(9 * MINUTE)
  assert.deepEqual(times(app).slice(2), ['12:50:00Z'])
  await app.apply(scheduled('rate(5 minutes)'))
  await app.cloud.clock.advance(6 * MINUTE)
  assert.deepEqual(times(app).slice(3), ['12:55:00Z'])
})
