// Random input for every action of EventBridge and Scheduler: each is answered, none with a 5xx, and nothing is polluted.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openEventsRig, openSchedulerRig } from '../support/events.ts'
import { type Random, seeded } from '../support/random.ts'
import { rounds } from '../support/rounds.ts'

const COUNT = Number(process.env.GOBLET_FUZZ ?? rounds(1_500))
const SEED = Number(process.env.GOBLET_FUZZ_SEED ?? 1)

const ACTIONS = [
  ...['CancelReplay', 'CreateArchive', 'CreateEventBus', 'DeleteArchive', 'DeleteEventBus', 'DeleteRule'],
  ...['DescribeArchive', 'DescribeEventBus', 'DescribeReplay', 'DescribeRule', 'DisableRule', 'EnableRule'],
  ...['ListArchives', 'ListEventBuses', 'ListReplays', 'ListRuleNamesByTarget', 'ListRules', 'ListTagsForResource'],
  ...['ListTargetsByRule', 'PutEvents', 'PutPermission', 'PutRule', 'PutTargets', 'RemovePermission', 'RemoveTargets'],
  ...['StartReplay', 'TagResource', 'TestEventPattern', 'UntagResource', 'UpdateArchive', 'UpdateEventBus', 'Nothing'],
]
const EVENTS = 'arn:aws:events:us-east-1:000000000000:'
const NAMES = ['a', 'b', 'default', '__proto__', 'constructor', 'x'.repeat(2000), 'ü', '', ':', '/']
const TEXTS = [
  ...NAMES,
  ...['event-bus/a', 'event-bus/default', 'rule/a', 'archive/a', 'replay/a', ''].map((rest) => EVENTS + rest),
  ...['arn:aws:sqs:us-east-1:000000000000:q', 'arn:aws:sqs:us-east-1:000000000000:q.fifo', 'arn:aws:x:', 'arn'],
  ...[
    '{"source":["a"]}',
    '{"source":[]}',
    '{"a":1}',
    '{"__proto__":{"polluted":1}}',
    '{',
    '[]',
    'null',
    '"text"',
    '{}',
  ],
  ...['rate(1 minute)', 'cron(0 0 * * ? *)', 'at(2026-01-01T00:00:00)', 'rate(0 days)', 'ENABLED', 'DISABLED', 'OFF'],
  ...['$.a', '$', '$.__proto__', '$[0]', '"<a> <b>"', '{"a": <a>}', 'Europe/Madrid', 'OPEN', 'FLEXIBLE', '\u0000'],
]
const MEMBERS = [
  ...['Name', 'NamePrefix', 'EventBusName', 'EventPattern', 'Event', 'ScheduleExpression', 'State', 'Description'],
  ...[
    'Rule',
    'Targets',
    'Ids',
    'Id',
    'Arn',
    'Input',
    'InputPath',
    'InputTransformer',
    'InputPathsMap',
    'InputTemplate',
  ],
  ...[
    'Entries',
    'Source',
    'DetailType',
    'Detail',
    'Resources',
    'Time',
    'ArchiveName',
    'EventSourceArn',
    'RetentionDays',
  ],
  ...['ReplayName', 'Destination', 'FilterArns', 'EventStartTime', 'EventEndTime', 'Limit', 'NextToken', 'TargetArn'],
  ...['ResourceARN', 'Tags', 'TagKeys', 'Key', 'Value', 'StatementId', 'Principal', 'Action', 'Policy', 'Condition'],
  ...[
    'SqsParameters',
    'KinesisParameters',
    'PartitionKeyPath',
    'RetryPolicy',
    'DeadLetterConfig',
    'MaximumRetryAttempts',
  ],
  ...['Target', 'RoleArn', 'FlexibleTimeWindow', 'Mode', 'MaximumWindowInMinutes', 'ScheduleExpressionTimezone'],
  ...[
    'StartDate',
    'EndDate',
    'GroupName',
    'ClientToken',
    'ActionAfterCompletion',
    'EventBridgeParameters',
    '__proto__',
  ],
]

const pick = <T>(random: Random, all: readonly T[]): T | undefined => all[random.whole(all.length)]

function value(random: Random, depth: number): unknown {
  const kind = random.whole(100) / 100
  if (kind < 0.6) return pick(random, TEXTS)
  if (kind < 0.7) return pick(random, [0, 1, -1, 1.5, 1e9, 1e300, 100, 60])
  if (kind < 0.75) return pick(random, [null, true, false])
  if (depth > 3) return {}
  if (kind < 0.87) return Array.from({ length: random.whole(3) }, () => value(random, depth + 1))
  return fields(random, depth + 1, 4)
}

function fields(random: Random, depth: number, most: number): object {
  const names = Array.from({ length: 1 + random.whole(most) }, () => pick(random, MEMBERS) ?? '')
  // By text, so that a member called __proto__ is one.
  return JSON.parse(`{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(value(random, depth))}`)}}`)
}

describe(`under ${COUNT} random calls each`, () => {
  it('EventBridge keeps answering', async () => {
    await using rig = await openEventsRig()
    const random = seeded(SEED)
    for (let call = 0; call < COUNT; call++) {
      const action = pick(random, ACTIONS)
      const required = { Name: 'a', Rule: 'a', ArchiveName: 'a', ReplayName: 'a', EventPattern: '{"source":["a"]}' }
      const body = JSON.stringify({ ...(random.whole(10) < 5 ? required : {}), ...fields(random, 0, 8) })
      const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSEvents.${action}` }
      const answer = await fetch(rig.endpoint, { method: 'POST', headers, body })
      assert.ok(answer.status < 500, `${answer.status} ${await answer.text()} to ${action} ${body}`)
      await answer.arrayBuffer().catch(() => undefined)
    }
    await rig.clock.advance(3_600_000)
    assert.equal(Reflect.get({}, 'polluted'), undefined)
  })

  it('Scheduler keeps answering', async () => {
    await using rig = await openSchedulerRig()
    const random = seeded(SEED)
    const good = {
      ScheduleExpression: 'rate(10 minutes)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: 'arn:aws:sqs:us-east-1:000000000000:q', RoleArn: 'r' },
    }
    for (let call = 0; call < COUNT; call++) {
      const method = pick(random, ['GET', 'POST', 'PUT', 'DELETE']) ?? 'GET'
      const name = encodeURIComponent(pick(random, TEXTS) ?? '')
      const path = `/${pick(random, ['schedules', 'schedule-groups', 'tags', 'other'])}/${random.whole(10) < 1 ? '%ZZ' : name}`
      const query =
        random.whole(10) < 5
          ? ''
          : `?groupName=${encodeURIComponent(pick(random, NAMES) ?? '')}&MaxResults=${pick(random, ['1', '0', 'x', '-1'])}&NextToken=${name}`
      const body = JSON.stringify({ ...(random.whole(10) < 6 ? good : {}), ...fields(random, 0, 4) })
      const options = method === 'GET' || method === 'DELETE' ? { method } : { method, body }
      const answer = await fetch(`${rig.endpoint}${path}${query}`, options)
      assert.ok(answer.status < 500, `${answer.status} ${await answer.text()} to ${method} ${path}${query} ${body}`)
      await answer.arrayBuffer().catch(() => undefined)
    }
    await rig.clock.advance(3_600_000)
    assert.equal(Reflect.get({}, 'polluted'), undefined)
  })
})
