// EventBridge through the SDK: buses, rules and targets, and what is refused in AWS's words.
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
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemovePermissionCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-eventbridge'
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
