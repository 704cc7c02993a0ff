// EventBridge through the SDK: buses, rules, targets, events, what is refused in AWS's words, and what outlives a restart.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemovePermissionCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  TestEventPatternCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-eventbridge'
import type { Receipt } from '../../src/local/service.ts'
import { type EventsRig, openEventsRig, START } from '../support/events.ts'

const ARN = 'arn:aws:events:us-east-1:000000000000:'
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:q'
const PATTERN = JSON.stringify({ source: ['shop'] })

let rig: EventsRig
before(async () => {
  rig = await openEventsRig()
})
after(() => rig[Symbol.asyncDispose]())

const refused = (name: string, message: string) => ({ name, message })
const entry = (more: object = {}) => ({ Source: 'shop', DetailType: 'sold', Detail: '{"a":1}', ...more })

async function rule(name: string, more: object = {}): Promise<void> {
  await rig.client.send(new PutRuleCommand({ Name: name, EventPattern: PATTERN, ...more }))
}

describe('buses', () => {
  it('makes, shows, lists and removes them', async () => {
    const made = await rig.client.send(new CreateEventBusCommand({ Name: 'shop', Description: 'sales' }))
    assert.equal(made.EventBusArn, `${ARN}event-bus/shop`)
    const shown = await rig.client.send(new DescribeEventBusCommand({ Name: 'shop' }))
    assert.deepEqual([shown.Name, shown.Arn, shown.Description], ['shop', made.EventBusArn, 'sales'])
    assert.equal(shown.CreationTime?.getTime(), START)
    const { EventBuses = [] } = await rig.client.send(new ListEventBusesCommand({}))
    assert.deepEqual(
      EventBuses.map(({ Name }) => Name),
      ['default', 'shop'],
    )
    await rig.client.send(new DeleteEventBusCommand({ Name: 'shop' }))
    await rig.client.send(new DeleteEventBusCommand({ Name: 'shop' }))
  })

  it('refuses in the words of AWS', async () => {
    await rig.client.send(new CreateEventBusCommand({ Name: 'twice' }))
    await assert.rejects(
      rig.client.send(new CreateEventBusCommand({ Name: 'twice' })),
      refused('ResourceAlreadyExistsException', 'Event bus twice already exists.'),
    )
    await assert.rejects(
      rig.client.send(new DescribeEventBusCommand({ Name: 'none' })),
      refused('ResourceNotFoundException', 'Event bus none does not exist.'),
    )
    await assert.rejects(
      rig.client.send(new DeleteEventBusCommand({ Name: 'default' })),
      refused('ValidationException', 'Cannot delete event bus default.'),
    )
  })

  it('keeps who may put events on them', async () => {
    await rig.client.send(new CreateEventBusCommand({ Name: 'open' }))
    const permit = { EventBusName: 'open', Action: 'events:PutEvents', Principal: '111111111111', StatementId: 'one' }
    await rig.client.send(new PutPermissionCommand(permit))
    await rig.client.send(new PutPermissionCommand({ ...permit, Principal: '*', StatementId: 'all' }))
    const { Policy = '' } = await rig.client.send(new DescribeEventBusCommand({ Name: 'open' }))
    const Resource = `${ARN}event-bus/open`
    assert.deepEqual(JSON.parse(Policy), {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'one',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111111111111:root' },
          Action: 'events:PutEvents',
          Resource,
        },
        { Sid: 'all', Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource },
      ],
    })
    await rig.client.send(new RemovePermissionCommand({ EventBusName: 'open', StatementId: 'one' }))
    await assert.rejects(
      rig.client.send(new RemovePermissionCommand({ EventBusName: 'open', StatementId: 'one' })),
      refused('ResourceNotFoundException', 'Statement with the provided id does not exist.'),
    )
    await rig.client.send(new RemovePermissionCommand({ EventBusName: 'open', RemoveAllPermissions: true }))
    assert.equal((await rig.client.send(new DescribeEventBusCommand({ Name: 'open' }))).Policy, undefined)
  })
})

describe('rules', () => {
  it('makes, shows, lists, puts to sleep and removes them', async () => {
    const made = await rig.client.send(new PutRuleCommand({ Name: 'r1', EventPattern: PATTERN, Description: 'd' }))
    assert.equal(made.RuleArn, `${ARN}rule/r1`)
    const { $metadata: _, ...shown } = await rig.client.send(new DescribeRuleCommand({ Name: 'r1' }))
    const listed = {
      Name: 'r1',
      Arn: made.RuleArn,
      EventPattern: PATTERN,
      State: 'ENABLED',
      Description: 'd',
      EventBusName: 'default',
    }
    assert.deepEqual(shown, { ...listed, CreatedBy: '000000000000' })
    await rig.client.send(new DisableRuleCommand({ Name: 'r1' }))
    const { Rules } = await rig.client.send(new ListRulesCommand({ NamePrefix: 'r1' }))
    assert.deepEqual(Rules, [{ ...listed, State: 'DISABLED' }])
    await rig.client.send(new EnableRuleCommand({ Name: 'r1' }))
    await rig.client.send(new DeleteRuleCommand({ Name: 'r1' }))
    await rig.client.send(new DeleteRuleCommand({ Name: 'r1' }))
    await assert.rejects(
      rig.client.send(new DescribeRuleCommand({ Name: 'r1' })),
      refused('ResourceNotFoundException', 'Rule r1 does not exist on EventBus default.'),
    )
  })

  it('lists in pages', async () => {
    await rig.client.send(new CreateEventBusCommand({ Name: 'paged' }))
    for (const name of ['a', 'b', 'c', 'd', 'e']) await rule(name, { EventBusName: 'paged' })
    const names: string[] = []
    let token: string | undefined
    do {
      const page = await rig.client.send(new ListRulesCommand({ EventBusName: 'paged', Limit: 2, NextToken: token }))
      names.push(...(page.Rules ?? []).map(({ Name = '' }) => Name))
      token = page.NextToken
    } while (token !== undefined)
    assert.deepEqual(names, ['a', 'b', 'c', 'd', 'e'])
  })

  const bad: readonly (readonly [string, object, string, string])[] = [
    ['neither', {}, 'ValidationException', 'Parameter(s) EventPattern or ScheduleExpression must be specified.'],
    [
      'a schedule elsewhere',
      { ScheduleExpression: 'rate(1 minute)', EventBusName: 'paged' },
      'ValidationException',
      'ScheduleExpression is supported only on the default event bus.',
    ],
    [
      'no bus',
      { EventPattern: PATTERN, EventBusName: 'none' },
      'ResourceNotFoundException',
      'Event bus none does not exist.',
    ],
    [
      'no array',
      { EventPattern: '{"int":42}' },
      'InvalidEventPatternException',
      'Event pattern is not valid. Reason: "int" must be an object or an array',
    ],
    [
      'a state',
      { EventPattern: PATTERN, State: 'ASLEEP' },
      'ValidationException',
      "1 validation error detected: Value 'ASLEEP' at 'state' failed to satisfy constraint: Member must satisfy enum value set: [ENABLED, DISABLED, ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS]",
    ],
  ]
  for (const [what, input, name, message] of bad) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(rig.client.send(new PutRuleCommand({ Name: 'bad', ...input })), refused(name, message))
    })
  }

  it('tags rules and buses', async () => {
    await rule('tagged', { Tags: [{ Key: 'tag1', Value: 'value1' }] })
    const ResourceARN = `${ARN}rule/tagged`
    await rig.client.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'tag2', Value: 'value2' }] }))
    const both = await rig.client.send(new ListTagsForResourceCommand({ ResourceARN }))
    assert.deepEqual(both.Tags, [
      { Key: 'tag1', Value: 'value1' },
      { Key: 'tag2', Value: 'value2' },
    ])
    await rig.client.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['tag2'] }))
    const one = await rig.client.send(new ListTagsForResourceCommand({ ResourceARN }))
    assert.deepEqual(one.Tags, [{ Key: 'tag1', Value: 'value1' }])
    await rig.client.send(
      new TagResourceCommand({ ResourceARN: `${ARN}event-bus/default`, Tags: [{ Key: 'k', Value: 'v' }] }),
    )
    const { EventBuses = [] } = await rig.client.send(new ListEventBusesCommand({ NamePrefix: 'default' }))
    assert.equal(EventBuses.length, 1)
  })
})

describe('targets', () => {
  it('puts, lists and removes them, and keeps them when the rule changes', async () => {
    await rule('t1')
    const put = await rig.client.send(new PutTargetsCommand({ Rule: 't1', Targets: [{ Id: '1', Arn: QUEUE }] }))
    assert.deepEqual([put.FailedEntryCount, put.FailedEntries], [0, []])
    await rule('t1')
    const listed = await rig.client.send(new ListTargetsByRuleCommand({ Rule: 't1' }))
    assert.deepEqual(listed.Targets, [{ Id: '1', Arn: QUEUE }])
    const { RuleNames } = await rig.client.send(new ListRuleNamesByTargetCommand({ TargetArn: QUEUE }))
    assert.deepEqual(RuleNames, ['t1'])
    await assert.rejects(
      rig.client.send(new DeleteRuleCommand({ Name: 't1' })),
      refused('ValidationException', "Rule can't be deleted since it has targets."),
    )
    await rig.client.send(new RemoveTargetsCommand({ Rule: 't1', Ids: ['1'] }))
    await rig.client.send(new DeleteRuleCommand({ Name: 't1' }))
  })

  const bad: readonly (readonly [string, object, string, string])[] = [
    [
      'an id',
      { Id: '!@#$@!#$', Arn: QUEUE },
      'ValidationException',
      "1 validation error detected: Value '!@#$@!#$' at 'targets.1.member.id' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+",
    ],
    [
      'a long id',
      { Id: 'x'.repeat(65), Arn: QUEUE },
      'ValidationException',
      `1 validation error detected: Value '${'x'.repeat(65)}' at 'targets.1.member.id' failed to satisfy constraint: Member must have length less than or equal to 64`,
    ],
    [
      'two inputs',
      { Id: 'x', Arn: QUEUE, InputPath: '$.detail', InputTransformer: { InputTemplate: '"x"' } },
      'ValidationException',
      'Only one of Input, InputPath, or InputTransformer must be provided for target x.',
    ],
    [
      'an unknown placeholder',
      {
        Id: 'x',
        Arn: QUEUE,
        InputTransformer: { InputPathsMap: { a: '$.a' }, InputTemplate: '"<a> <notdefinedkey>"' },
      },
      'ValidationException',
      'InputTemplate for target x contains invalid placeholder notdefinedkey.',
    ],
    [
      'a FIFO queue without a group',
      { Id: 'x', Arn: `${QUEUE}.fifo` },
      'ValidationException',
      'Parameter(s) SqsParameters must be specified for target: x.',
    ],
  ]
  for (const [what, target, name, message] of bad) {
    it(`refuses ${what}`, async () => {
      await rule('t2')
      const put = new PutTargetsCommand({ Rule: 't2', Targets: [{ Id: '', Arn: '', ...target }] })
      await assert.rejects(rig.client.send(put), refused(name, message))
    })
  }

  it('refuses a sixth, and a rule that is not there', async () => {
    await rule('t3')
    const Targets = ['1', '2', '3', '4', '5', '6'].map((Id) => ({ Id, Arn: QUEUE }))
    await assert.rejects(
      rig.client.send(new PutTargetsCommand({ Rule: 't3', Targets })),
      refused('LimitExceededException', 'The requested resource exceeds the maximum number allowed.'),
    )
    await assert.rejects(
      rig.client.send(new PutTargetsCommand({ Rule: 'none', Targets: [{ Id: '1', Arn: QUEUE }] })),
      refused('ResourceNotFoundException', 'Rule none does not exist on EventBus default.'),
    )
  })
})

describe('events', () => {
  const told = (to: string): unknown[] =>
    rig.mail.taken.filter((one) => one.to === to).map(({ body }) => JSON.parse(body))

  it('reach the targets of the rules that match, as AWS writes them', async () => {
    await rule('e1')
    await rig.client.send(new PutTargetsCommand({ Rule: 'e1', Targets: [{ Id: '1', Arn: `${QUEUE}1` }] }))
    const { Entries, FailedEntryCount } = await rig.client.send(
      new PutEventsCommand({
        Entries: [
          entry({ Detail: '{ "a" : 1.0, "big": 12345678901234567890, "s": "a \\" b" }', Resources: ['arn:x'] }),
          entry({ Source: 'other' }),
          entry({ Time: new Date('2026-03-04T05:06:07.890Z') }),
        ],
      }),
    )
    assert.equal(FailedEntryCount, 0)
    await rig.settle()
    const [first, second] = rig.mail.taken.filter(({ to }) => to === `${QUEUE}1`)
    assert.equal(
      first?.body,
      `{"version":"0","id":"${Entries?.[0]?.EventId}","detail-type":"sold","source":"shop","account":"000000000000","time":"2026-01-01T00:00:00Z","region":"us-east-1","resources":["arn:x"],"detail":{"a":1.0,"big":12345678901234567890,"s":"a \\" b"}}`,
    )
    assert.equal(first?.from, `${ARN}rule/e1`)
    assert.equal(JSON.parse(second?.body ?? '{}').time, '2026-03-04T05:06:07Z')
  })

  it('are refused one by one', async () => {
    const required = (name: string) => ({
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
    })
    const malformed = { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }
    const { Source: _, ...noSource } = entry()
    const { DetailType: __, ...noType } = entry()
    const { Detail: ___, ...noDetail } = entry()
    const given = [
      noSource,
      noType,
      noDetail,
      ...['text', '["a"]', '{"a"', '"text"'].map((Detail) => entry({ Detail })),
      entry(),
    ]
    const answer = await rig.client.send(new PutEventsCommand({ Entries: given }))
    assert.equal(answer.FailedEntryCount, 7)
    assert.deepEqual(answer.Entries?.slice(0, 7), [
      required('Source'),
      required('DetailType'),
      required('Detail'),
      ...Array(4).fill(malformed),
    ])
    assert.match(answer.Entries?.[7]?.EventId ?? '', /^[0-9a-f-]{36}$/)
  })

  it('are refused together when they are too many or too large', async () => {
    const item =
      'PutEventsRequestEntry(time=null, source=shop, resources=null, detailType=sold, detail={"a":1}, eventBusName=b, traceHeader=null, kmsKeyIdentifier=null, internalMetadata=null)'
    await assert.rejects(
      rig.client.send(new PutEventsCommand({ Entries: Array(11).fill(entry({ EventBusName: 'b' })) })),
      refused(
        'ValidationException',
        `1 validation error detected: Value '[${Array(11).fill(item).join(', ')}]' at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10`,
      ),
    )
    await assert.rejects(
      rig.client.send(
        new PutEventsCommand({ Entries: [entry({ Detail: JSON.stringify({ a: 'x'.repeat(1_048_576) }) })] }),
      ),
      refused('ValidationException', 'Total size of the entries in the request is over the limit.'),
    )
  })

  it('are taken silently by a bus that is not there', async () => {
    const answer = await rig.client.send(new PutEventsCommand({ Entries: [entry({ EventBusName: 'nowhere' })] }))
    assert.equal(answer.FailedEntryCount, 0)
  })

  it('go from bus to bus, once', async () => {
    for (const name of ['first', 'second']) await rig.client.send(new CreateEventBusCommand({ Name: name }))
    await rule('on', { EventBusName: 'first' })
    await rig.client.send(
      new PutTargetsCommand({
        Rule: 'on',
        EventBusName: 'first',
        Targets: [{ Id: '1', Arn: `${ARN}event-bus/second` }],
      }),
    )
    await rule('back', { EventBusName: 'second' })
    await rig.client.send(
      new PutTargetsCommand({
        Rule: 'back',
        EventBusName: 'second',
        Targets: [
          { Id: '1', Arn: `${ARN}event-bus/first` },
          { Id: '2', Arn: `${QUEUE}bus` },
        ],
      }),
    )
    rig.mail.answer(async (delivery): Promise<Receipt> => {
      if (rig.service.find(delivery.to)) await rig.service.put(delivery)
      return 'taken'
    })
    const { Entries } = await rig.client.send(new PutEventsCommand({ Entries: [entry({ EventBusName: 'first' })] }))
    await rig.settle()
    rig.mail.answer(() => 'taken')
    const [event, ...more] = told(`${QUEUE}bus`)
    assert.deepEqual(more, [])
    assert.equal((event as { id: string }).id, Entries?.[0]?.EventId)
    assert.equal(told(`${ARN}event-bus/first`).length, 0)
  })

  it('match what clients ask to test', async () => {
    const Event = JSON.stringify({ id: '1', source: 'shop', detail: { a: 1 } })
    const yes = await rig.client.send(new TestEventPatternCommand({ EventPattern: PATTERN, Event }))
    const no = await rig.client.send(new TestEventPatternCommand({ EventPattern: '{"source":["x"]}', Event }))
    assert.deepEqual([yes.Result, no.Result], [true, false])
    await assert.rejects(
      rig.client.send(new TestEventPatternCommand({ EventPattern: PATTERN, Event: 'plain' })),
      refused('ValidationException', 'Parameter Event is not valid.'),
    )
    await assert.rejects(
      rig.client.send(new TestEventPatternCommand({ EventPattern: '{"a":[{"EXISTS":true}]}', Event })),
      refused('InvalidEventPatternException', 'Event pattern is not valid. Reason: Unrecognized match type EXISTS'),
    )
  })

  it('and rules outlive a restart, what was not delivered yet included', async () => {
    await rule('kept')
    await rig.client.send(new PutTargetsCommand({ Rule: 'kept', Targets: [{ Id: '1', Arn: `${QUEUE}kept` }] }))
    rig.mail.answer(() => ({ refused: 'not now' }))
    await rig.client.send(new PutEventsCommand({ Entries: [entry()] }))
    await rig.settle()
    await rig.reopen(60_000)
    await rig.settle()
    assert.equal(rig.mail.taken.filter(({ to }) => to === `${QUEUE}kept`).length, 1)
    await rig.client.send(new PutEventsCommand({ Entries: [entry()] }))
    await rig.settle()
    assert.equal(rig.mail.taken.filter(({ to }) => to === `${QUEUE}kept`).length, 2)
  })
})
