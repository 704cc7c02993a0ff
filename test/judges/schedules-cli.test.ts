// The app's own rules and schedules as the aws CLI lists them.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { runApp } from '../support/cloud.ts'
import { missing } from '../support/judge.ts'
import { DEFAULT_BUS, toBusTrigger, toScheduleTrigger } from '../support/sources.ts'

const run = promisify(execFile)
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:test-dev-'
const code = 'export const handler = () => {}'

test('the aws CLI finds what wakes the functions, and what their policy says of it', {
  skip: missing('aws'),
}, async () => {
  await using app = await runApp({
    functions: { tick: code, zoned: code, hears: code },
    resources: [DEFAULT_BUS],
    triggers: [
      toScheduleTrigger('tick', 'rate(1 day)'),
      toScheduleTrigger('zoned', 'cron(0 9 * * ? *)', { service: 'scheduler', timezone: 'Europe/Madrid' }),
      toBusTrigger('hears', { source: ['shop'] }),
    ],
  })
  const env = {
    PATH: process.env.PATH,
    HOME: app.root,
    AWS_ENDPOINT_URL: app.cloud.aws,
    AWS_ACCESS_KEY_ID: 'goblet',
    AWS_SECRET_ACCESS_KEY: 'goblet',
    AWS_DEFAULT_REGION: 'us-east-1',
  }
  const aws = async (...words: string[]) => {
    const { stdout } = await run('aws', [...words, '--output', 'json'], { env, timeout: 60_000 })
    return JSON.parse(stdout)
  }
  const [rules, targets, schedules, one, policy, stack] = await Promise.all([
    aws('events', 'list-rules'),
    aws('events', 'list-targets-by-rule', '--rule', 'test-dev-tick'),
    aws('scheduler', 'list-schedules'),
    aws('scheduler', 'get-schedule', '--name', 'test-dev-zoned'),
    aws('lambda', 'get-policy', '--function-name', 'test-dev-tick'),
    aws('cloudformation', 'list-stack-resources', '--stack-name', 'test-dev'),
  ])
  const shown = rules.Rules.map((rule: Record<string, string>) => [rule.Name, rule.State, rule.ScheduleExpression])
  assert.deepEqual(shown, [
    ['test-dev-hears', 'ENABLED', undefined],
    ['test-dev-tick', 'ENABLED', 'rate(1 day)'],
  ])
  assert.deepEqual(targets.Targets, [{ Id: 'function', Arn: `${FUNCTION}tick` }])
  assert.equal(schedules.Schedules[0].Target.Arn, `${FUNCTION}zoned`)
  assert.deepEqual(
    [one.ScheduleExpression, one.ScheduleExpressionTimezone, one.State, one.Target.RoleArn],
    ['cron(0 9 * * ? *)', 'Europe/Madrid', 'ENABLED', 'arn:aws:iam::000000000000:role/test-dev-scheduler-role'],
  )
  const [statement] = JSON.parse(policy.Policy).Statement
  const rule = 'arn:aws:events:us-east-1:000000000000:rule/test-dev-tick'
  assert.deepEqual(statement.Condition, { ArnLike: { 'AWS:SourceArn': rule } })
  const types = stack.StackResourceSummaries.map((made: Record<string, string>) => made.ResourceType)
  assert.equal(types.filter((type: string) => type === 'AWS::Events::Rule').length, 2)
  assert.equal(types.filter((type: string) => type === 'AWS::Scheduler::Schedule').length, 1)
})
