// What the targets of EventBridge's rules are sent, when it is tried again, where it ends, archives, and rules that wake by schedule.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import {
  CancelReplayCommand,
  CreateArchiveCommand,
  CreateEventBusCommand,
  DeleteArchiveCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  DisableRuleCommand,
  ListArchivesCommand,
  ListReplaysCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  StartReplayCommand,
  type Target,
  UpdateArchiveCommand,
} from '@aws-sdk/client-eventbridge'
import { type EventsRig, openEventsRig } from '../support/events.ts'

const ARN = 'arn:aws:events:us-east-1:000000000000:'
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:q'
const DEAD = 'arn:aws:sqs:us-east-1:000000000000:dead'
const MINUTE = 60_000

let rig: EventsRig
before(async () => {
  rig = await openEventsRig()
})
after(() => rig[Symbol.asyncDispose]())
beforeEach(() => {
  rig.mail.taken.length = 0
  rig.mail.answer(() => 'taken')
})

let count = 0

/** A rule of its own source with one target. */
async function aimed(target: Partial<Target>, bus = 'default'): Promise<{ name: string; source: string }> {
  const name = `rule-${++count}`
  const EventPattern = JSON.stringify({ source: [name] })
  await rig.client.send(new PutRuleCommand({ Name: name, EventPattern, EventBusName: bus }))
  const Targets = [{ Id: '1', Arn: QUEUE, ...target }]
  await rig.client.send(new PutTargetsCommand({ Rule: name, EventBusName: bus, Targets }))
  return { name, source: name }
}

async function emit(Source: string, detail: unknown = {}, more: object = {}): Promise<string> {
  const Entries = [{ Source, DetailType: 'sold', Detail: JSON.stringify(detail), ...more }]
  const { Entries: [made] = [] } = await rig.client.send(new PutEventsCommand({ Entries }))
  await rig.settle()
  return made?.EventId ?? ''
}

describe('what a target is sent', () => {
  const detail = { command: 'update', n: 1.5, yes: true, payload: { id: 'x', list: [1, 'two'] }, quote: 'a "b"' }
  const paths = {
    type: '$.detail-type',
    command: '$.detail.command',
    n: '$.detail.n',
    yes: "$.detail['yes']",
    payload: '$.detail.payload',
    list: '$.detail.payload.list',
    first: '$.detail.payload.list[0]',
    none: '$.detail.none',
    quote: '$.detail.quote',
  }
  const templated = (InputTemplate: string) => ({ InputTransformer: { InputPathsMap: paths, InputTemplate } })
  const table: readonly (readonly [string, Partial<Target>, string])[] = [
    ['a constant', { Input: '{"a": 1}' }, '{"a": 1}'],
    ['a part', { InputPath: '$.detail.payload' }, '{"id":"x","list":[1,"two"]}'],
    ['a text', { InputPath: '$.detail.command' }, '"update"'],
    ['a text template', templated('"Event of <type> type, detail <command>"'), '"Event of sold type, detail update"'],
    ['a text template with nothing', templated('"info <none>"'), '"info "'],
    ['special characters', templated('"{[/Check <type>"'), '"{[/Check sold"'],
    [
      'an object template',
      templated('{"type": <type>, "n": <n>, "yes": <yes>, "none": <none>, "all": <payload>, "first": <first>}'),
      '{"type": "sold", "n": 1.5, "yes": true, "none": "", "all": {"id":"x","list":[1,"two"]}, "first": 1}',
    ],
    ['names inside quotes', templated('{"path": "users/<command>/<n>"}'), '{"path": "users/update/1.5"}'],
    ['an object inside quotes', templated('"got <payload>"'), '"got {id:x,list:[1,two]}"'],
    ['quotes', templated('{"a": <quote>, "b": "<quote>"}'), '{"a": "a \\"b\\"", "b": "a \\"b\\""}'],
  ]
  for (const [what, target, expected] of table) {
    it(what, async () => {
      const { source } = await aimed(target)
      await emit(source, detail)
      assert.equal(rig.mail.taken[0]?.body, expected)
    })
  }

  it('the predefined variables', async () => {
    const InputTemplate =
      '{"arn": "<aws.events.rule-arn>", "name": "<aws.events.rule-name>", "at": "<aws.events.event.ingestion-time>", "event": <aws.events.event>, "json": <aws.events.event.json>}'
    const { source, name } = await aimed({ InputTransformer: { InputTemplate } })
    const id = await emit(source, { a: 1 }, { Time: new Date('2020-01-01T00:00:00Z') })
    const time = '2026-01-01T00:00:00Z'
    const common = { account: '000000000000', source, region: 'us-east-1', resources: [], version: '0' }
    assert.deepEqual(JSON.parse(rig.mail.taken[0]?.body ?? ''), {
      arn: `${ARN}rule/${name}`,
      name,
      at: time,
      event: { id, detailType: 'sold', time, ...common },
      json: { id, 'detail-type': 'sold', time: '2020-01-01T00:00:00Z', ...common, detail: { a: 1 } },
    })
  })

  it('the group of a FIFO queue, and the partition key of a stream', async () => {
    const fifo = await aimed({ Arn: `${QUEUE}.fifo`, SqsParameters: { MessageGroupId: 'g' } })
    await emit(fifo.source)
    const stream = 'arn:aws:kinesis:us-east-1:000000000000:stream/s'
    const byPath = await aimed({ Arn: stream, KinesisParameters: { PartitionKeyPath: '$.detail.key' } })
    await emit(byPath.source, { key: 'k' })
    const byId = await aimed({ Arn: stream })
    const id = await emit(byId.source)
    assert.deepEqual(
      rig.mail.taken.map(({ group }) => group),
      ['g', 'k', id],
    )
  })
})

describe('what is not taken', () => {
  const DeadLetterConfig = { Arn: DEAD }
  const dead = () => rig.mail.taken.filter(({ to }) => to === DEAD)
  const attributes = () =>
    Object.fromEntries(
      Object.entries(dead()[0]?.attributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]),
    )

  it('is tried as often as the policy says, then dead', async () => {
    rig.mail.answer(({ to }) => (to === DEAD ? 'taken' : { refused: 'busy' }))
    const { source, name } = await aimed({ DeadLetterConfig, RetryPolicy: { MaximumRetryAttempts: 2 }, Input: '1' })
    const id = await emit(source)
    await rig.clock.advance(10 * MINUTE)
    assert.equal(rig.mail.taken.filter(({ to }) => to === QUEUE).length, 3)
    assert.equal(JSON.parse(dead()[0]?.body ?? '{}').id, id)
    assert.deepEqual(attributes(), {
      RULE_ARN: `${ARN}rule/${name}`,
      TARGET_ARN: QUEUE,
      ERROR_CODE: 'ERROR_FROM_TARGET',
      ERROR_MESSAGE: 'busy',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      RETRY_ATTEMPTS: '2',
    })
  })

  it('is tried no longer than the policy says', async () => {
    rig.mail.answer(({ to }) => (to === DEAD ? 'taken' : { refused: 'busy' }))
    const { source } = await aimed({ DeadLetterConfig, RetryPolicy: { MaximumEventAgeInSeconds: 60 } })
    await emit(source)
    await rig.clock.advance(MINUTE)
    assert.equal(attributes().EXHAUSTED_RETRY_CONDITION, 'MaximumEventAgeInSeconds')
    assert.equal(rig.mail.taken.filter(({ to }) => to === QUEUE).length, 6)
  })

  it('is tried 185 times again within a day, when nothing else is said', async () => {
    rig.mail.answer(({ to }) => (to === DEAD ? 'taken' : { refused: 'busy' }))
    const { source } = await aimed({ DeadLetterConfig })
    await emit(source)
    await rig.clock.advance(24 * 60 * MINUTE)
    assert.equal(rig.mail.taken.filter(({ to }) => to === QUEUE).length, 186)
    assert.equal(attributes().RETRY_ATTEMPTS, '185')
  })

  it('is not tried again where there is no such target', async () => {
    rig.mail.answer(({ to }) => (to === DEAD ? 'taken' : { gone: 'There is no queue q.' }))
    const { source } = await aimed({ DeadLetterConfig })
    await emit(source)
    assert.equal(rig.mail.taken.length, 2)
    const { ERROR_CODE, RETRY_ATTEMPTS, EXHAUSTED_RETRY_CONDITION } = attributes()
    assert.deepEqual([ERROR_CODE, RETRY_ATTEMPTS, EXHAUSTED_RETRY_CONDITION], ['NO_RESOURCE', '0', undefined])
  })
})

describe('archives', () => {
  const refused = (name: string, message: string) => ({ name, message })
  const source = `${ARN}event-bus/default`

  it('keep what matches, and send it again to the rules named', async () => {
    const wanted = await aimed({})
    const other = await aimed({ Arn: `${QUEUE}2` })
    const made = await rig.client.send(
      new CreateArchiveCommand({
        ArchiveName: 'a1',
        EventSourceArn: source,
        EventPattern: JSON.stringify({ source: [wanted.source, other.source] }),
        RetentionDays: 1,
      }),
    )
    assert.deepEqual([made.ArchiveArn, made.State], [`${ARN}archive/a1`, 'ENABLED'])
    const ids: string[] = []
    for (let n = 0; n < 250; n++) ids.push(await emit(wanted.source, { n }))
    await emit(other.source)
    await emit('another')
    const shown = await rig.client.send(new DescribeArchiveCommand({ ArchiveName: 'a1' }))
    assert.equal(shown.EventCount, 251)
    rig.mail.taken.length = 0
    const now = rig.clock.now()
    const replay = {
      ReplayName: 'r1',
      EventSourceArn: made.ArchiveArn,
      EventStartTime: new Date(now - MINUTE),
      EventEndTime: new Date(now + MINUTE),
      Destination: { Arn: source, FilterArns: [`${ARN}rule/${wanted.name}`] },
    }
    const started = await rig.client.send(new StartReplayCommand(replay))
    assert.deepEqual([started.ReplayArn, started.State], [`${ARN}replay/r1`, 'STARTING'])
    await rig.settle()
    const events = rig.mail.taken.map(({ body }) => JSON.parse(body))
    assert.deepEqual(new Set(events.map(({ id }) => id)), new Set(ids))
    assert.equal(events.length, 250)
    assert.deepEqual(Object.keys(events[0]).slice(6, 9), ['region', 'replay-name', 'resources'])
    const ended = await rig.client.send(new DescribeReplayCommand({ ReplayName: 'r1' }))
    assert.deepEqual([ended.State, ended.ReplayEndTime?.getTime()], ['COMPLETED', now])
    assert.equal((await rig.client.send(new DescribeArchiveCommand({ ArchiveName: 'a1' }))).EventCount, 251)
    await assert.rejects(
      rig.client.send(new StartReplayCommand(replay)),
      refused('ResourceAlreadyExistsException', 'Replay r1 already exists.'),
    )
    await rig.clock.advance(25 * 60 * MINUTE)
    assert.equal((await rig.client.send(new DescribeArchiveCommand({ ArchiveName: 'a1' }))).EventCount, 0)
  })

  it('can be changed, listed and removed, and a replay cancelled', async () => {
    await rig.client.send(new CreateArchiveCommand({ ArchiveName: 'b1', EventSourceArn: source }))
    await rig.client.send(new UpdateArchiveCommand({ ArchiveName: 'b1', RetentionDays: 7 }))
    const { Archives = [] } = await rig.client.send(new ListArchivesCommand({ NamePrefix: 'b' }))
    assert.deepEqual(
      Archives.map(({ ArchiveName, RetentionDays, EventCount }) => [ArchiveName, RetentionDays, EventCount]),
      [['b1', 7, 0]],
    )
    await rig.client.send(
      new StartReplayCommand({
        ReplayName: 'r2',
        EventSourceArn: `${ARN}archive/b1`,
        EventStartTime: new Date(0),
        EventEndTime: new Date(1000),
        Destination: { Arn: source },
      }),
    )
    await rig.settle()
    await assert.rejects(rig.client.send(new CancelReplayCommand({ ReplayName: 'r2' })), {
      name: 'ValidationException',
    })
    const { Replays = [] } = await rig.client.send(new ListReplaysCommand({ NamePrefix: 'r2' }))
    assert.deepEqual(
      Replays.map(({ State }) => State),
      ['COMPLETED'],
    )
    await rig.client.send(new DeleteArchiveCommand({ ArchiveName: 'b1' }))
    await assert.rejects(
      rig.client.send(new DescribeArchiveCommand({ ArchiveName: 'b1' })),
      refused('ResourceNotFoundException', 'Archive b1 does not exist.'),
    )
  })

  it('are refused in the words of AWS', async () => {
    await rig.client.send(new CreateArchiveCommand({ ArchiveName: 'c1', EventSourceArn: source }))
    await assert.rejects(
      rig.client.send(new CreateArchiveCommand({ ArchiveName: 'c1', EventSourceArn: source })),
      refused('ResourceAlreadyExistsException', 'Archive c1 already exists.'),
    )
    await assert.rejects(
      rig.client.send(new CreateArchiveCommand({ ArchiveName: 'c2', EventSourceArn: `${ARN}event-bus/none` })),
      refused('ResourceNotFoundException', 'Event bus none does not exist.'),
    )
    await rig.client.send(new CreateEventBusCommand({ Name: 'elsewhere' }))
    const replay = {
      ReplayName: 'r3',
      EventSourceArn: `${ARN}archive/c1`,
      EventStartTime: new Date(0),
      EventEndTime: new Date(1000),
      Destination: { Arn: source },
    }
    const bad: readonly (readonly [object, string])[] = [
      [
        { EventSourceArn: `${ARN}archive/none` },
        'Parameter EventSourceArn is not valid. Reason: Archive none does not exist.',
      ],
      [
        { EventEndTime: new Date(0) },
        'Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.',
      ],
      [
        { Destination: { Arn: `${ARN}event-bus/elsewhere` } },
        'Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.',
      ],
    ]
    for (const [more, message] of bad)
      await assert.rejects(
        rig.client.send(new StartReplayCommand({ ...replay, ...more })),
        refused('ValidationException', message),
      )
  })
})

describe('rules that wake by schedule', () => {
  it('send their event, go on after a restart without making up for what they missed, and can sleep', async () => {
    await rig.client.send(new PutRuleCommand({ Name: 'beat', ScheduleExpression: 'rate(5 minutes)' }))
    await rig.client.send(new PutTargetsCommand({ Rule: 'beat', Targets: [{ Id: '1', Arn: QUEUE }] }))
    const made = rig.clock.now()
    await rig.clock.advance(11 * MINUTE)
    const times = () => rig.mail.taken.map(({ body }) => Date.parse(JSON.parse(body).time) - made)
    assert.deepEqual(times(), [5 * MINUTE, 10 * MINUTE])
    const { id: _, time: __, ...event } = JSON.parse(rig.mail.taken[0]?.body ?? '{}')
    assert.deepEqual(event, {
      version: '0',
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '000000000000',
      region: 'us-east-1',
      resources: [`${ARN}rule/beat`],
      detail: {},
    })
    await rig.reopen(10 * MINUTE)
    assert.deepEqual(times(), [])
    await rig.clock.advance(5 * MINUTE)
    assert.deepEqual(times(), [25 * MINUTE])
    await rig.client.send(new DisableRuleCommand({ Name: 'beat' }))
    await rig.clock.advance(60 * MINUTE)
    assert.equal(times().length, 1)
  })
})
