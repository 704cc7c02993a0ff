// EventBridge Scheduler through the SDK: schedules and groups, when they fire, what targets are sent, and what outlives a restart.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  type SchedulerClient,
  TagResourceCommand,
  type Target,
  UntagResourceCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler'
import type { Service } from '../../src/local/service.ts'
import { openSchedulerRig, type Rig, START } from '../support/events.ts'

const ARN = 'arn:aws:scheduler:us-east-1:000000000000:'
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:q'
const DEAD = 'arn:aws:sqs:us-east-1:000000000000:dead'
const RoleArn = 'arn:aws:iam::000000000000:role/r'
const MINUTE = 60_000
const HOUR = 60 * MINUTE

let rig: Rig<Service, SchedulerClient>
before(async () => {
  rig = await openSchedulerRig()
})
after(() => rig[Symbol.asyncDispose]())
beforeEach(() => {
  rig.mail.taken.length = 0
  rig.mail.answer(() => 'taken')
})

const refused = (name: string, message: string) => ({ name, message })
const target = (more: Partial<Target> = {}): Target => ({ Arn: QUEUE, RoleArn, ...more })
const given = (Name: string, more: object = {}) => ({
  Name,
  ScheduleExpression: 'rate(1 hour)',
  FlexibleTimeWindow: { Mode: 'OFF' as const },
  Target: target(),
  ...more,
})

async function create(Name: string, more: object = {}): Promise<void> {
  await rig.client.send(new CreateScheduleCommand(given(Name, more)))
}

async function drop(Name: string): Promise<void> {
  await rig.client.send(new DeleteScheduleCommand({ Name }))
}

describe('schedules', () => {
  it('are made, shown, changed, listed and removed', async () => {
    const made = await rig.client.send(
      new CreateScheduleCommand(given('s1', { State: 'DISABLED', Description: 'd', EndDate: new Date(START + HOUR) })),
    )
    assert.equal(made.ScheduleArn, `${ARN}schedule/default/s1`)
    const { $metadata: _, ...shown } = await rig.client.send(new GetScheduleCommand({ Name: 's1' }))
    assert.deepEqual(shown, {
      ActionAfterCompletion: 'NONE',
      Arn: made.ScheduleArn,
      CreationDate: new Date(START),
      LastModificationDate: new Date(START),
      Description: 'd',
      EndDate: new Date(START + HOUR),
      FlexibleTimeWindow: { Mode: 'OFF' },
      GroupName: 'default',
      Name: 's1',
      ScheduleExpression: 'rate(1 hour)',
      ScheduleExpressionTimezone: 'UTC',
      State: 'DISABLED',
      Target: target({ RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } }),
    })
    const FlexibleTimeWindow = { Mode: 'FLEXIBLE' as const, MaximumWindowInMinutes: 60 }
    // Recorded: taken as it is.
    await rig.client.send(
      new UpdateScheduleCommand(
        given('s1', { ScheduleExpression: 'rate(2 minute)', State: 'DISABLED', FlexibleTimeWindow }),
      ),
    )
    const changed = await rig.client.send(new GetScheduleCommand({ Name: 's1' }))
    assert.deepEqual(
      [changed.ScheduleExpression, changed.Description, changed.FlexibleTimeWindow],
      ['rate(2 minute)', undefined, FlexibleTimeWindow],
    )
    const { Schedules = [] } = await rig.client.send(new ListSchedulesCommand({ NamePrefix: 's', State: 'DISABLED' }))
    assert.deepEqual(
      Schedules.map(({ Name, GroupName, Target }) => [Name, GroupName, Target]),
      [['s1', 'default', { Arn: QUEUE }]],
    )
    await drop('s1')
    await assert.rejects(drop('s1'), refused('ResourceNotFoundException', 'Schedule s1 does not exist.'))
  })

  it('are made once by a request that is repeated', async () => {
    const again = given('token', { State: 'DISABLED', ClientToken: 'the-same' })
    await rig.client.send(new CreateScheduleCommand(again))
    await rig.client.send(new CreateScheduleCommand(again))
    await assert.rejects(
      rig.client.send(new CreateScheduleCommand({ ...again, ClientToken: 'another' })),
      refused('ConflictException', 'Schedule token already exists.'),
    )
    await drop('token')
  })

  it('lists in pages', async () => {
    for (const name of ['p1', 'p2', 'p3', 'p4', 'p5']) await create(name, { State: 'DISABLED' })
    const names: (string | undefined)[] = []
    let NextToken: string | undefined
    do {
      const page = await rig.client.send(new ListSchedulesCommand({ MaxResults: 2, NextToken }))
      names.push(...(page.Schedules ?? []).map(({ Name }) => Name))
      NextToken = page.NextToken
    } while (NextToken !== undefined)
    assert.deepEqual(names, ['p1', 'p2', 'p3', 'p4', 'p5'])
    for (const name of names) await drop(name ?? '')
  })

  const bad: readonly (readonly [string, object, RegExp])[] = [
    [
      'an expression',
      { ScheduleExpression: 'at(2021-12-31T23:59:59Z)' },
      /^Invalid Schedule Expression at\(2021-12-31T23:59:59Z\)\.$/,
    ],
    ['a time zone', { ScheduleExpressionTimezone: 'Europe/Atlantis' }, /Europe\/Atlantis/],
    ['an offset', { ScheduleExpressionTimezone: '+01:00' }, /\+01:00/],
    ['a window without minutes', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }, /MaximumWindowInMinutes/],
    [
      'a universal target',
      { Target: target({ Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage' }) },
      /universal targets/,
    ],
    [
      'a bus without a source',
      { Target: target({ Arn: 'arn:aws:events:us-east-1:000000000000:event-bus/b' }) },
      /EventBridgeParameters/,
    ],
    ['an end before the start', { StartDate: new Date(START + 2), EndDate: new Date(START) }, /StartDate/],
  ]
  for (const [what, more, message] of bad) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(create('bad', more), { name: 'ValidationException', message })
    })
  }
})

describe('groups', () => {
  it('hold schedules, and take them along when they go', async () => {
    await rig.client.send(new CreateScheduleGroupCommand({ Name: 'g', Tags: [{ Key: 'a', Value: '1' }] }))
    await create('in', { GroupName: 'g', State: 'DISABLED' })
    const shown = await rig.client.send(new GetScheduleGroupCommand({ Name: 'g' }))
    assert.deepEqual([shown.Arn, shown.State], [`${ARN}schedule-group/g`, 'ACTIVE'])
    const { ScheduleGroups = [] } = await rig.client.send(new ListScheduleGroupsCommand({}))
    assert.deepEqual(
      ScheduleGroups.map(({ Name }) => Name),
      ['default', 'g'],
    )
    const ResourceArn = shown.Arn
    await rig.client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'b', Value: '2' }] }))
    await rig.client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['a'] }))
    const { Tags } = await rig.client.send(new ListTagsForResourceCommand({ ResourceArn }))
    assert.deepEqual(Tags, [{ Key: 'b', Value: '2' }])
    await rig.client.send(new DeleteScheduleGroupCommand({ Name: 'g' }))
    await assert.rejects(rig.client.send(new GetScheduleCommand({ Name: 'in', GroupName: 'g' })), {
      name: 'ResourceNotFoundException',
    })
    await assert.rejects(
      create('out', { GroupName: 'g' }),
      refused('ResourceNotFoundException', 'Schedule group g does not exist.'),
    )
  })
})

describe('firings', () => {
  const at = (time: number): string => `at(${new Date(time).toISOString().slice(0, 19)})`
  const times = (): number[] => rig.mail.taken.map(({ body }) => Date.parse(JSON.parse(body).time))

  it('of a rate begin at once, of a rate with a start then, and end with its end', async () => {
    const now = rig.clock.now()
    await create('r1', { EndDate: new Date(now + 2 * HOUR) })
    await rig.clock.advance(5 * HOUR)
    assert.deepEqual(times(), [now, now + HOUR, now + 2 * HOUR])
    await drop('r1')
    rig.mail.taken.length = 0
    const start = rig.clock.now() + 90 * MINUTE
    await create('r2', { StartDate: new Date(start) })
    await rig.clock.advance(3 * HOUR)
    assert.deepEqual(times(), [start, start + HOUR])
    await drop('r2')
  })

  it('of one moment happen once, in the time zone, and take the schedule along when told', async () => {
    const moment = rig.clock.now() + HOUR
    const options = { ScheduleExpressionTimezone: 'Asia/Tokyo', ActionAfterCompletion: 'DELETE' }
    await create('once', { ScheduleExpression: at(moment + 9 * HOUR), ...options })
    await create('stays', { ScheduleExpression: at(moment) })
    await rig.clock.advance(24 * HOUR)
    assert.deepEqual(times(), [moment, moment])
    await assert.rejects(drop('once'), { name: 'ResourceNotFoundException' })
    await drop('stays')
  })

  it('stay within their flexible window, at the same moment after a restart', async () => {
    const moment = rig.clock.now() + HOUR
    const FlexibleTimeWindow = { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 }
    for (let n = 0; n < 20; n++) await create(`f${n}`, { ScheduleExpression: at(moment), FlexibleTimeWindow })
    await rig.clock.advance(HOUR - 1000)
    assert.equal(rig.mail.taken.length, 0)
    await rig.clock.advance(7 * MINUTE)
    const before = rig.mail.taken.length
    assert.ok(before > 0 && before < 20, `${before} of 20 in the first half`)
    await rig.reopen()
    await rig.clock.advance(8 * MINUTE)
    assert.equal(before + rig.mail.taken.length, 20)
    for (let n = 0; n < 20; n++) await drop(`f${n}`)
  })

  it('that were missed are not made up for; the next is right', async () => {
    await create('cron', { ScheduleExpression: 'cron(0/10 * * * ? *)' })
    await rig.clock.advance(10 * MINUTE)
    assert.equal(rig.mail.taken.length, 1)
    await rig.reopen(35 * MINUTE)
    await rig.settle()
    assert.equal(rig.mail.taken.length, 0)
    const now = rig.clock.now()
    await rig.clock.advance(10 * MINUTE)
    assert.deepEqual(times(), [Math.ceil((now + 1) / (10 * MINUTE)) * 10 * MINUTE])
    await drop('cron')
  })

  it('send the input with its context, or an event of their own', async () => {
    const Input =
      '{"arn":"<aws.scheduler.schedule-arn>","time":"<aws.scheduler.scheduled-time>","id":"<aws.scheduler.execution-id>","n":<aws.scheduler.attempt-number>}'
    let tries = 0
    rig.mail.answer(() => (++tries === 1 ? { refused: 'busy' } : 'taken'))
    const moment = rig.clock.now() + MINUTE
    await create('input', { ScheduleExpression: at(moment), Target: target({ Input }) })
    await rig.clock.advance(5 * MINUTE)
    const [first, second] = rig.mail.taken.map(({ body }) => JSON.parse(body))
    assert.match(first.id, /^[0-9a-f]{16}$/)
    const expected = {
      arn: `${ARN}schedule/default/input`,
      time: new Date(moment).toISOString().replace('.000', ''),
      id: first.id,
    }
    assert.deepEqual(
      [first, second],
      [
        { ...expected, n: 1 },
        { ...expected, n: 2 },
      ],
    )
    await drop('input')
    rig.mail.taken.length = 0
    const next = rig.clock.now() + MINUTE
    await create('plain', { ScheduleExpression: at(next) })
    await rig.clock.advance(MINUTE)
    const { id: _, ...event } = JSON.parse(rig.mail.taken[0]?.body ?? '{}')
    assert.deepEqual(event, {
      version: '0',
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      account: '000000000000',
      time: new Date(next).toISOString().replace('.000', ''),
      region: 'us-east-1',
      resources: [`${ARN}schedule/default/plain`],
      detail: '{}',
    })
    await drop('plain')
  })

  it('reach buses as events, FIFO queues by group, streams by key', async () => {
    const moment = { ScheduleExpression: at(rig.clock.now() + MINUTE), ActionAfterCompletion: 'DELETE' }
    const EventBridgeParameters = { Source: 'me', DetailType: 'tick' }
    const bus = 'arn:aws:events:us-east-1:000000000000:event-bus/b'
    await create('b', { ...moment, Target: target({ Arn: bus, EventBridgeParameters, Input: '{"a":1}' }) })
    await create('q', { ...moment, Target: target({ Arn: `${QUEUE}.fifo`, SqsParameters: { MessageGroupId: 'g' } }) })
    const stream = 'arn:aws:kinesis:us-east-1:000000000000:stream/s'
    await create('s', { ...moment, Target: target({ Arn: stream, KinesisParameters: { PartitionKey: 'k' } }) })
    await rig.clock.advance(MINUTE)
    const [event, fifo, record] = rig.mail.taken
    assert.deepEqual(JSON.parse(event?.body ?? '{}'), {
      source: 'me',
      'detail-type': 'tick',
      resources: [`${ARN}schedule/default/b`],
      detail: { a: 1 },
    })
    assert.deepEqual([fifo?.group, record?.group], ['g', 'k'])
  })

  it('that are never taken end in the dead-letter queue', async () => {
    rig.mail.answer(({ to }) => (to === DEAD ? 'taken' : { refused: 'busy' }))
    const moment = rig.clock.now() + MINUTE
    const RetryPolicy = { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 3600 }
    const Target = target({ Input: 'hello', RetryPolicy, DeadLetterConfig: { Arn: DEAD } })
    await create('dead', { ScheduleExpression: at(moment), Target })
    await rig.clock.advance(10 * MINUTE)
    const last = rig.mail.taken.at(-1)
    assert.deepEqual([last?.to, last?.body, rig.mail.taken.length], [DEAD, 'hello', 3])
    const { EXECUTION_ID, ...attributes } = last?.attributes ?? {}
    assert.match(EXECUTION_ID?.StringValue ?? '', /^[0-9a-f]{16}$/)
    assert.deepEqual(
      Object.fromEntries(Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue])),
      {
        ERROR_CODE: 'ERROR_FROM_TARGET',
        ERROR_MESSAGE: 'busy',
        EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
        IS_PAYLOAD_TRUNCATED: 'false',
        RETRY_ATTEMPTS: '1',
        SCHEDULED_TIME: new Date(moment).toISOString().replace('.000', ''),
        SCHEDULE_ARN: `${ARN}schedule/default/dead`,
        TARGET_ARN: QUEUE,
      },
    )
    await drop('dead')
  })
})
