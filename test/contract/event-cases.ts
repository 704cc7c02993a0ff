// The recorded cases of patterns, schedules and buses: how each is asked of a running cloud.
import assert from 'node:assert/strict'
import * as events from '@aws-sdk/client-eventbridge'
import * as scheduler from '@aws-sdk/client-scheduler'
import { type It, refused } from '../checks/check.ts'
import type { CloudCase } from './cloud-cases.ts'

// What every event has; the cases of the engine leave it out where it decides nothing.
const ENVELOPE = { id: '1', source: 's', 'detail-type': 't', account: '123456789012', region: 'us-east-2' }
const TIME = { time: '2022-07-13T13:48:01Z' }

export async function askPattern(it: It, { given, when, expect }: CloudCase): Promise<void> {
  const EventPattern = JSON.stringify(given.pattern)
  const Event = JSON.stringify({ ...ENVELOPE, ...TIME, ...when.event })
  const asked = it.events.send(new events.TestEventPatternCommand({ EventPattern, Event }))
  if (expect.result !== 'invalid') return assert.equal((await asked).Result, expect.result === 'match')
  await refused(asked, 'InvalidEventPatternException', 400)
  await assert.rejects(asked, ({ message }: Error) => message.includes(expect.reason ?? ''))
}

const isRefused = (name: string, message: unknown) => (error: Error & { $metadata?: { httpStatusCode?: number } }) => {
  assert.deepEqual([error.name, error.message, error.$metadata?.httpStatusCode], [name, message, 400])
  return true
}

async function askRule(it: It, ScheduleExpression: string, expect: CloudCase['expect']): Promise<void> {
  const Name = it.name()
  const put = it.events.send(new events.PutRuleCommand({ Name, ScheduleExpression }))
  if (expect.code !== undefined)
    return assert.rejects(put, isRefused(expect.code, expect.message.events ?? expect.message))
  assert.equal((await put).$metadata.httpStatusCode, expect.status)
  await it.events.send(new events.DeleteRuleCommand({ Name }))
}

async function askSchedule(it: It, ScheduleExpression: string, expect: CloudCase['expect']): Promise<void> {
  const Name = it.name()
  const Target = {
    Arn: 'arn:aws:sqs:us-east-1:000000000000:nobody',
    RoleArn: 'arn:aws:iam::000000000000:role/scheduler',
  }
  const input = { Name, ScheduleExpression, FlexibleTimeWindow: { Mode: 'OFF' as const }, Target }
  const made = it.scheduler.send(new scheduler.CreateScheduleCommand(input))
  if (expect.code !== undefined) return assert.rejects(made, isRefused(expect.code, expect.message.scheduler))
  assert.equal((await made).$metadata.httpStatusCode, expect.status)
  await it.scheduler.send(new scheduler.DeleteScheduleCommand({ Name }))
}

/** A row of what is valid: the rules of buses and Scheduler each say it in their own words. */
export async function askExpression(it: It, { given, when, expect }: CloudCase): Promise<void> {
  const expression = given.ScheduleExpression ?? when.ScheduleExpression
  const apis = String(given.api ?? when.action)
  const asked = [...(/\bevents\b/.test(apis) ? [askRule] : []), ...(/\bscheduler\b/.test(apis) ? [askSchedule] : [])]
  assert.ok(asked.length > 0, apis)
  for (const ask of asked) await ask(it, expression, expect)
}
