// The app's own rules and schedules, as tools that look around find them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  DescribeRuleCommand,
  DisableRuleCommand,
  EventBridgeClient,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge'
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { startClock } from '../../src/local/clock.ts'
import { type AppText, type Running, runApp } from '../support/cloud.ts'
import { DEFAULT_BUS, toBusTrigger, toScheduleTrigger } from '../support/sources.ts'

const START = Date.UTC(2026, 0, 1)
const MINUTE = 60_000
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:test-dev-'
const ROLE = 'arn:aws:iam::000000000000:role/test-dev-scheduler-role'

const CODE = `export const handler = async (event) => { console.log('woke ' + JSON.stringify(event)) }`
const functions = { tick: CODE, zoned: CODE, changes: CODE }
const app: AppText = {
  functions,
  triggers: [
    toScheduleTrigger('tick', 'rate(10 minutes)'),
    toScheduleTrigger('zoned', 'cron(0 9 * * ? *)', {
      service: 'scheduler',
      timezone: 'Europe/Madrid',
      start: START,
      end: START + 72 * 60 * MINUTE,
      window: 15,
      input: { at: '<aws.scheduler.scheduled-time>' },
    }),
    toBusTrigger('changes', { source: ['shop'] }),
  ],
  resources: [DEFAULT_BUS],
}

let running: Running
let events: EventBridgeClient
let scheduler: SchedulerClient
const optionsOf = ({ cloud }: Running) => {
  const credentials = { accessKeyId: 'goblet', secretAccessKey: 'goblet' }
  return { endpoint: cloud.aws, region: 'us-east-1', maxAttempts: 1, credentials }
}
const clientsOf = (of: Running): void => {
  events = new EventBridgeClient(optionsOf(of))
  scheduler = new SchedulerClient(optionsOf(of))
}
before(async () => {
  running = await runApp(app, { clock: startClock('virtual', START) })
  clientsOf(running)
})
after(async () => {
  events.destroy()
  scheduler.destroy()
  await running[Symbol.asyncDispose]()
})

const woken = (name: string): Record<string, unknown>[] =>
  running.lines(name).flatMap((line) => {
    const at = line.indexOf('woke {')
    return at < 0 ? [] : [JSON.parse(line.slice(at + 5))]
  })

test('rules are listed with their expression, state and target', async () => {
  const { Rules = [] } = await events.send(new ListRulesCommand({}))
  const rule = (name: string) => `arn:aws:events:us-east-1:000000000000:rule/test-dev-${name}`
  assert.deepEqual(
    Rules.map(({ Name, Arn, ScheduleExpression, State, EventBusName }) => ({
      Name,
      Arn,
      ScheduleExpression,
      State,
      EventBusName,
    })),
    [
      {
        Name: 'test-dev-changes',
        Arn: rule('changes'),
        ScheduleExpression: undefined,
        State: 'ENABLED',
        EventBusName: 'default',
      },
      {
        Name: 'test-dev-tick',
        Arn: rule('tick'),
        ScheduleExpression: 'rate(10 minutes)',
        State: 'ENABLED',
        EventBusName: 'default',
      },
    ],
  )
  const described = await events.send(new DescribeRuleCommand({ Name: 'test-dev-tick' }))
  assert.deepEqual([described.ScheduleExpression, described.EventPattern], ['rate(10 minutes)', undefined])
  const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: 'test-dev-tick' }))
  assert.deepEqual(Targets, [{ Id: 'function', Arn: `${ARN}tick` }])
  const { RuleNames } = await events.send(new ListRuleNamesByTargetCommand({ TargetArn: `${ARN}tick` }))
  assert.deepEqual(RuleNames, ['test-dev-tick'])
})

test('schedules are listed with all that the app says of them, and their role is there', async () => {
  const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({}))
  assert.deepEqual(
    Schedules.map(({ Name, GroupName, State, Target }) => [Name, GroupName, State, Target?.Arn]),
    [['test-dev-zoned', 'default', 'ENABLED', `${ARN}zoned`]],
  )
  const found = await scheduler.send(new GetScheduleCommand({ Name: 'test-dev-zoned' }))
  assert.equal(found.Arn, 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/test-dev-zoned')
  assert.deepEqual(
    [found.ScheduleExpression, found.ScheduleExpressionTimezone, found.FlexibleTimeWindow],
    ['cron(0 9 * * ? *)', 'Europe/Madrid', { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 }],
  )
  assert.deepEqual(
    [found.StartDate?.getTime(), found.EndDate?.getTime(), found.ActionAfterCompletion],
    [START, START + 72 * 60 * MINUTE, 'NONE'],
  )
  assert.deepEqual([found.Target?.RoleArn, found.Target?.Input], [ROLE, '{"at":"<aws.scheduler.scheduled-time>"}'])
  const iam = new IAMClient(optionsOf(running))
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'test-dev-scheduler-role' }))
  assert.equal(Role?.Arn, ROLE)
  iam.destroy()
})

test('each moment wakes its function once, over a save and a restart, and never when disabled', async () => {
  await running.cloud.clock.advance(11 * MINUTE)
  await running.apply({ ...app, functions: { ...functions, tick: `${CODE}\n//` } })
  await running.cloud.clock.advance(10 * MINUTE)
  await running.restart({ clock: startClock('virtual', START + 22 * MINUTE) })
  clientsOf(running)
  await running.cloud.clock.advance(10 * MINUTE)
  assert.deepEqual(
    woken('tick').map(({ time }) => time),
    ['2026-01-01T00:10:00Z', '2026-01-01T00:20:00Z', '2026-01-01T00:30:00Z'],
  )
  await events.send(new DisableRuleCommand({ Name: 'test-dev-tick' }))
  await running.apply({ ...app, functions })
  await running.cloud.clock.advance(60 * MINUTE)
  assert.equal(woken('tick').length, 3)
  await running.cloud.clock.advance(8 * 60 * MINUTE)
  assert.deepEqual(woken('zoned'), [{ at: '2026-01-01T08:00:00Z' }])
})

test('what the app has no more is gone', async () => {
  await running.apply({ functions, triggers: [toScheduleTrigger('zoned', 'rate(1 day)', { service: 'rule' })] })
  const { Rules = [] } = await events.send(new ListRulesCommand({}))
  assert.deepEqual(
    Rules.map(({ Name }) => Name),
    ['test-dev-zoned'],
  )
  assert.deepEqual((await scheduler.send(new ListSchedulesCommand({}))).Schedules, [])
})

test('a moment that has passed while no trigger was made is not made up for', async () => {
  const moment = toScheduleTrigger('zoned', 'at(2026-01-02T00:00:00)', { service: 'scheduler' })
  await running.apply({ functions, triggers: [moment] })
  await running.apply({ functions })
  await running.cloud.clock.advance(48 * 60 * MINUTE)
  const before = woken('zoned').length
  await running.apply({ functions, triggers: [moment] })
  await running.cloud.clock.advance(MINUTE)
  assert.equal(woken('zoned').length, before)
})
