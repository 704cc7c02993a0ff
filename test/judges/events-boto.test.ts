// The local EventBridge and Scheduler as boto3 and the aws CLI see them.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { openEventsRig, openSchedulerRig } from '../support/events.ts'
import { missing } from '../support/judge.ts'

async function run(endpoint: string, program: string, args: readonly string[]) {
  const env = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'goblet',
    AWS_SECRET_ACCESS_KEY: 'goblet',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_MAX_ATTEMPTS: '1',
  }
  const { stdout } = await promisify(execFile)(program, args, { env, timeout: 60_000 })
  return stdout === '' ? {} : JSON.parse(stdout)
}

const HEAD = `
import boto3, json, datetime
said = {}
def refusal(client, work):
    try:
        work()
    except client.exceptions.ClientError as error:
        return [type(error).__name__, error.response['Error']['Code'], error.response['Error']['Message'], error.response['ResponseMetadata']['HTTPStatusCode']]
queue = 'arn:aws:sqs:us-east-1:000000000000:q'
`

const EVENTS = `${HEAD}
events = boto3.client('events')
events.create_event_bus(Name='shop')
for n in range(5):
    events.put_rule(Name=f'r{n}', EventBusName='shop', EventPattern=json.dumps({'source': ['a']}))
said['rules'] = [rule['Name'] for page in events.get_paginator('list_rules').paginate(EventBusName='shop', PaginationConfig={'PageSize': 2}) for rule in page['Rules']]
said['targets'] = events.put_targets(Rule='r0', EventBusName='shop', Targets=[{'Id': '1', 'Arn': queue, 'InputTransformer': {'InputPathsMap': {'n': '$.detail.n'}, 'InputTemplate': '{"n": <n>}'}}])['FailedEntryCount']
put = events.put_events(Entries=[{'EventBusName': 'shop', 'Source': 'a', 'DetailType': 't', 'Detail': '{"n":1}', 'Time': datetime.datetime(2026, 1, 2)}, {'Source': 'a', 'DetailType': 't'}])
said['put'] = [put['FailedEntryCount'], put['Entries'][1]['ErrorCode']]
said['none'] = refusal(events, lambda: events.describe_rule(Name='none'))
said['pattern'] = refusal(events, lambda: events.put_rule(Name='x', EventPattern='{"a":1}'))
said['archive'] = events.create_archive(ArchiveName='a', EventSourceArn='arn:aws:events:us-east-1:000000000000:event-bus/shop')['State']
said['made'] = events.describe_event_bus(Name='shop')['CreationTime'].isoformat()[:4]
print(json.dumps(said))
`

test('boto3 puts rules, targets and events, and reads what is refused', { skip: missing('boto3') }, async () => {
  await using rig = await openEventsRig()
  assert.deepEqual(await run(rig.endpoint, 'python3', ['-c', EVENTS]), {
    rules: ['r0', 'r1', 'r2', 'r3', 'r4'],
    targets: 0,
    put: [1, 'InvalidArgument'],
    none: [
      'ResourceNotFoundException',
      'ResourceNotFoundException',
      'Rule none does not exist on EventBus default.',
      400,
    ],
    pattern: [
      'InvalidEventPatternException',
      'InvalidEventPatternException',
      'Event pattern is not valid. Reason: "a" must be an object or an array',
      400,
    ],
    archive: 'ENABLED',
    made: '2026',
  })
  await rig.settle()
  assert.deepEqual(
    rig.mail.taken.map(({ body }) => body),
    ['{"n": 1}'],
  )
})

const SCHEDULES = `${HEAD}
scheduler = boto3.client('scheduler')
target = {'Arn': queue, 'RoleArn': 'arn:aws:iam::000000000000:role/r'}
scheduler.create_schedule_group(Name='g', Tags=[{'Key': 'k', 'Value': 'v'}])
for n in range(3):
    scheduler.create_schedule(Name=f's{n}', GroupName='g', ScheduleExpression='rate(1 hour)', StartDate=datetime.datetime(2026, 1, 2), FlexibleTimeWindow={'Mode': 'OFF'}, Target=target)
said['schedules'] = [one['Name'] for page in scheduler.get_paginator('list_schedules').paginate(GroupName='g', PaginationConfig={'PageSize': 2}) for one in page['Schedules']]
shown = scheduler.get_schedule(Name='s0', GroupName='g')
said['shown'] = [shown['StartDate'].astimezone(datetime.timezone.utc).isoformat(), shown['ScheduleExpressionTimezone'], shown['Target']['RetryPolicy']]
said['tags'] = scheduler.list_tags_for_resource(ResourceArn='arn:aws:scheduler:us-east-1:000000000000:schedule-group/g')['Tags']
said['none'] = refusal(scheduler, lambda: scheduler.get_schedule(Name='none'))
said['bad'] = refusal(scheduler, lambda: scheduler.create_schedule(Name='x', ScheduleExpression='rate(10 seconds)', FlexibleTimeWindow={'Mode': 'OFF'}, Target=target))
scheduler.delete_schedule_group(Name='g')
print(json.dumps(said))
`

test('boto3 makes schedules and groups, and reads what is refused', { skip: missing('boto3') }, async () => {
  await using rig = await openSchedulerRig()
  assert.deepEqual(await run(rig.endpoint, 'python3', ['-c', SCHEDULES]), {
    schedules: ['s0', 's1', 's2'],
    shown: ['2026-01-02T00:00:00+00:00', 'UTC', { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 }],
    tags: [{ Key: 'k', Value: 'v' }],
    none: ['ResourceNotFoundException', 'ResourceNotFoundException', 'Schedule none does not exist.', 404],
    bad: ['ValidationException', 'ValidationException', 'Invalid Schedule Expression rate(10 seconds).', 400],
  })
})

test('the aws CLI puts events and schedules', { skip: missing('aws') }, async () => {
  await using events = await openEventsRig()
  const entries = JSON.stringify([{ Source: 'a', DetailType: 't', Detail: '{}' }])
  const put = await run(events.endpoint, 'aws', ['events', 'put-events', '--entries', entries, '--output', 'json'])
  assert.equal(put.FailedEntryCount, 0)
  await using scheduler = await openSchedulerRig()
  const made = await run(scheduler.endpoint, 'aws', [
    ...['scheduler', 'create-schedule', '--name', 's', '--schedule-expression', 'at(2030-01-01T00:00:00)'],
    ...['--flexible-time-window', 'Mode=OFF', '--output', 'json'],
    ...['--target', 'Arn=arn:aws:sqs:us-east-1:000000000000:q,RoleArn=arn:aws:iam::000000000000:role/r'],
  ])
  assert.equal(made.ScheduleArn, 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/s')
})
