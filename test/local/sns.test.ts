// Topics and subscriptions through the SDK: what they answer, and the words they refuse with.
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import {
  AddPermissionCommand,
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  type MessageAttributeValue,
  PublishBatchCommand,
  PublishCommand,
  RemovePermissionCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns'
import { serviceOf } from '../../src/local/addressee.ts'
import { seeded } from '../support/random.ts'
import { openSnsRig, type SnsRig } from '../support/sns.ts'

const ARN = 'arn:aws:sns:us-east-1:000000000000:'
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:jobs'

let rig: SnsRig
before(async () => {
  rig = await openSnsRig()
})
after(() => rig[Symbol.asyncDispose]())

let count = 0
const makeTopic = async (Attributes: Record<string, string> = {}): Promise<string> => {
  const Name = `topic-${++count}${Attributes.FifoTopic === 'true' ? '.fifo' : ''}`
  return String((await rig.client.send(new CreateTopicCommand({ Name, Attributes }))).TopicArn)
}
const subscribe = (TopicArn: string, Attributes: Record<string, string> = {}, Endpoint = QUEUE, Protocol = 'sqs') =>
  rig.client.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true }))

async function refused(work: Promise<unknown>, name: string, message: string): Promise<void> {
  await assert.rejects(work, (error: Error) => {
    assert.deepEqual([error.name, error.message], [name, message])
    return true
  })
}
const invalid = (work: Promise<unknown>, reason: string): Promise<void> =>
  refused(work, 'InvalidParameterException', `Invalid parameter: ${reason}`)

describe('topics', () => {
  it('are made once, and told with their defaults', async () => {
    const TopicArn = await makeTopic({ DisplayName: 'Test' })
    const again = await rig.client.send(new CreateTopicCommand({ Name: TopicArn.split(':')[5] }))
    assert.equal(again.TopicArn, TopicArn)
    const { Attributes } = await rig.client.send(new GetTopicAttributesCommand({ TopicArn }))
    assert.equal(Attributes?.DisplayName, 'Test')
    assert.equal(Attributes?.Owner, '000000000000')
    assert.equal(Attributes?.FifoTopic, undefined)
    assert.equal(JSON.parse(Attributes?.EffectiveDeliveryPolicy ?? '').http.defaultHealthyRetryPolicy.numRetries, 3)
    assert.equal(JSON.parse(Attributes?.Policy ?? '').Statement[0].Sid, '__default_statement_ID')
  })

  it('refuse names and attributes in recorded words', async () => {
    await invalid(rig.client.send(new CreateTopicCommand({ Name: 'a b' })), 'Topic Name')
    await invalid(rig.client.send(new CreateTopicCommand({ Name: 'a.fifo' })), 'Topic Name')
    await assert.rejects(
      rig.client.send(new CreateTopicCommand({ Name: 'a', Attributes: { FifoTopic: 'true' } })),
      /must end with \.fifo/,
    )
    const get = (TopicArn: string) => rig.client.send(new GetTopicAttributesCommand({ TopicArn }))
    await refused(get(`${ARN}none`), 'NotFoundException', 'Topic does not exist')
    await invalid(get('topic'), 'TopicArn Reason: An ARN must have at least 6 elements, not 1')
    const TopicArn = await makeTopic({ FifoTopic: 'true', ContentBasedDeduplication: 'true' })
    const set = (AttributeName: string, AttributeValue: string) =>
      rig.client.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }))
    await invalid(set('FifoTopic', 'false'), 'AttributeName')
    await set('FifoThroughputScope', 'MessageGroup')
    const { Attributes } = await get(TopicArn)
    assert.deepEqual(
      [Attributes?.FifoTopic, Attributes?.ContentBasedDeduplication, Attributes?.FifoThroughputScope],
      ['true', 'true', 'MessageGroup'],
    )
  })

  it('are listed in pages, and gone with their subscriptions', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `page-${String(index).padStart(3, '0')}`)
    for (const Name of names) await rig.client.send(new CreateTopicCommand({ Name }))
    const first = await rig.client.send(new ListTopicsCommand({}))
    const second = await rig.client.send(new ListTopicsCommand({ NextToken: first.NextToken }))
    const listed = [...(first.Topics ?? []), ...(second.Topics ?? [])].map(({ TopicArn }) => TopicArn)
    assert.equal(first.Topics?.length, 100)
    assert.equal(new Set(listed).size, listed.length)
    for (const name of names) assert.ok(listed.includes(`${ARN}${name}`), name)
    await invalid(rig.client.send(new ListTopicsCommand({ NextToken: 'x' })), 'NextToken')
    const TopicArn = `${ARN}page-000`
    const { SubscriptionArn } = await subscribe(TopicArn)
    await rig.client.send(new DeleteTopicCommand({ TopicArn }))
    await rig.client.send(new DeleteTopicCommand({ TopicArn }))
    await refused(
      rig.client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn })),
      'NotFoundException',
      'Subscription does not exist',
    )
  })

  it('have tags and permissions', async () => {
    const ResourceArn = await makeTopic()
    const tag = (...pairs: [string, string][]) =>
      rig.client.send(new TagResourceCommand({ ResourceArn, Tags: pairs.map(([Key, Value]) => ({ Key, Value })) }))
    await tag(['k1', 'v1'], ['k2', 'v2'])
    await tag(['k2', 'v2b'])
    await rig.client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['k1'] }))
    const { Tags } = await rig.client.send(new ListTagsForResourceCommand({ ResourceArn }))
    assert.deepEqual(Tags, [{ Key: 'k2', Value: 'v2b' }])
    await invalid(tag(['k', '1'], ['k', '2']), 'Duplicated keys are not allowed.')
    const Name = ResourceArn.split(':')[5]
    const other = new CreateTopicCommand({ Name, Tags: [{ Key: 'k2', Value: 'other' }] })
    await invalid(rig.client.send(other), 'Tags Reason: Topic already exists with different tags')
    const add = (ActionName: string[]) =>
      rig.client.send(
        new AddPermissionCommand({ TopicArn: ResourceArn, Label: 'l', AWSAccountId: ['000000000001'], ActionName }),
      )
    await add(['Publish'])
    await invalid(add(['Publish']), 'Statement already exists')
    await invalid(add(['Fly']), 'Policy statement action out of service scope!')
    const policy = async () => {
      const { Attributes } = await rig.client.send(new GetTopicAttributesCommand({ TopicArn: ResourceArn }))
      return JSON.parse(Attributes?.Policy ?? '').Statement
    }
    assert.deepEqual((await policy())[1], {
      Sid: 'l',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::000000000001:root' },
      Action: 'SNS:Publish',
      Resource: ResourceArn,
    })
    await rig.client.send(new RemovePermissionCommand({ TopicArn: ResourceArn, Label: 'l' }))
    assert.equal((await policy()).length, 1)
  })
})

describe('subscriptions', () => {
  it('are one for each endpoint', async () => {
    const TopicArn = await makeTopic()
    const { SubscriptionArn } = await subscribe(TopicArn, { RawMessageDelivery: 'True' })
    assert.equal((await subscribe(TopicArn)).SubscriptionArn, SubscriptionArn)
    await invalid(
      subscribe(TopicArn, { RawMessageDelivery: 'false' }),
      'Attributes Reason: Subscription already exists with different attributes',
    )
    const { Subscriptions } = await rig.client.send(new ListSubscriptionsByTopicCommand({ TopicArn }))
    assert.deepEqual(Subscriptions, [
      { SubscriptionArn, Owner: '000000000000', Protocol: 'sqs', Endpoint: QUEUE, TopicArn },
    ])
    const all = await rig.client.send(new ListSubscriptionsCommand({}))
    assert.ok(all.Subscriptions?.some((one) => one.SubscriptionArn === SubscriptionArn))
    const { Attributes } = await rig.client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))
    assert.deepEqual(Attributes, {
      ConfirmationWasAuthenticated: 'true',
      Endpoint: QUEUE,
      Owner: '000000000000',
      PendingConfirmation: 'false',
      Protocol: 'sqs',
      RawMessageDelivery: 'true',
      SubscriptionArn,
      SubscriptionPrincipal: 'arn:aws:iam::000000000000:user/goblet',
      TopicArn,
    })
    await rig.client.send(new UnsubscribeCommand({ SubscriptionArn }))
    await rig.client.send(new UnsubscribeCommand({ SubscriptionArn }))
    await invalid(rig.client.send(new UnsubscribeCommand({ SubscriptionArn: TopicArn })), 'SubscriptionId')
    const told = await rig.client.send(new GetTopicAttributesCommand({ TopicArn }))
    assert.equal(told.Attributes?.SubscriptionsDeleted, '1')
  })

  it('tell the scope of a filter only beside the filter', async () => {
    const TopicArn = await makeTopic()
    const { SubscriptionArn } = await subscribe(TopicArn, { FilterPolicyScope: 'MessageBody' })
    const get = async () =>
      (await rig.client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes ?? {}
    const set = (AttributeName: string, AttributeValue?: string) =>
      rig.client.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }))
    assert.equal((await get()).FilterPolicyScope, undefined)
    await set('FilterPolicy', '{"object":{"key":[{"prefix":"auto-"}]}}')
    assert.equal((await get()).FilterPolicyScope, 'MessageBody')
    await invalid(
      set('FilterPolicyScope', 'Random'),
      'FilterPolicyScope: Invalid value [Random]. Please use either MessageBody or MessageAttributes',
    )
    await set('FilterPolicy')
    assert.equal((await get()).FilterPolicy, undefined)
  })

  it('refuse what cannot be told, in recorded words', async () => {
    const TopicArn = await makeTopic()
    const attributes: [Record<string, string>, string][] = [
      [{ FilterPolicy: '{"a"' }, 'FilterPolicy: failed to parse JSON.'],
      [
        { FilterPolicy: '{"a":{"b":["c"]}}' },
        'Filter policy scope MessageAttributes does not support nested filter policy',
      ],
      [{ RawMessageDelivery: 'maybe' }, 'RawMessageDelivery: Invalid value [maybe]. Must be true or false.'],
      [{ RedrivePolicy: 'x' }, 'RedrivePolicy: failed to parse JSON.'],
      [{ RedrivePolicy: '{"deadLetterTargetArn":"x"}' }, 'RedrivePolicy: deadLetterTargetArn is an invalid arn'],
      [{ Fake: 'x' }, 'AttributeName'],
    ]
    for (const [given, words] of attributes) await invalid(subscribe(TopicArn, given), `Attributes Reason: ${words}`)
    const endpoints: [string, string, string][] = [
      ['pigeon', QUEUE, 'Amazon SNS does not support this protocol string: pigeon'],
      ['sqs', 'jobs', 'SQS endpoint ARN'],
      ['http', 'https://127.0.0.1/', 'Endpoint must match the specified protocol'],
      [
        'sqs',
        `${QUEUE}.fifo`,
        'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
      ],
      [
        'https',
        'https://example.com/',
        "Endpoint Reason: the local cloud calls no address but this machine's own: https://example.com/",
      ],
      [
        'http',
        'http://127.0.0.1.example.com/',
        "Endpoint Reason: the local cloud calls no address but this machine's own: http://127.0.0.1.example.com/",
      ],
      [
        'http',
        'http://127.0.0.1@example.com/',
        "Endpoint Reason: the local cloud calls no address but this machine's own: http://127.0.0.1@example.com/",
      ],
    ]
    for (const [protocol, endpoint, words] of endpoints)
      await invalid(subscribe(TopicArn, {}, endpoint, protocol), words)
    const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:f'
    await invalid(
      subscribe(TopicArn, { RawMessageDelivery: 'false' }, FUNCTION, 'lambda'),
      'Delivery protocol [lambda] does not support raw message delivery.',
    )
    await refused(subscribe(`${ARN}none`), 'NotFoundException', 'Topic does not exist')
    await invalid(rig.client.send(new ConfirmSubscriptionCommand({ TopicArn, Token: 'a1'.repeat(144) })), 'Token')
    await assert.rejects(
      rig.client.send(new ConfirmSubscriptionCommand({ TopicArn, Token: 'x' })),
      /^[^:]*: Invalid token$/,
    )
    const TargetArn = 'arn:aws:sns:us-east-1:000000000000:endpoint/APNS/app/0f7d5971-aa8b-4bd5-b585-0826e9f93a66'
    await invalid(
      rig.client.send(new PublishCommand({ TargetArn, Message: 'x' })),
      'TargetArn Reason: No endpoint found for the target arn specified',
    )
  })
})

describe('publishing', () => {
  const publish = (TopicArn: string, more: object = {}) =>
    rig.client.send(new PublishCommand({ TopicArn, Message: 'text', ...more }))

  it('refuses messages in recorded words', async () => {
    const TopicArn = await makeTopic()
    const rows: [object, string][] = [
      [{ Message: '' }, 'Empty message'],
      [{ Subject: '' }, 'Subject'],
      [{ Subject: 'two\nlines' }, 'Subject'],
      [{ Subject: 'x'.repeat(101) }, 'Subject'],
      [{ Message: 'x'.repeat(262_145) }, 'Message too long'],
      [{ Message: '{', MessageStructure: 'json' }, 'Message Structure - JSON message body failed to parse'],
      [
        { Message: '{"sqs":"x"}', MessageStructure: 'json' },
        'Message Structure - No default entry in JSON message body',
      ],
      [
        { Message: '{"default":1}', MessageStructure: 'json' },
        'Message Structure - No default entry in JSON message body',
      ],
      [
        { MessageDeduplicationId: 'd' },
        'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
      ],
    ]
    for (const [given, words] of rows) await invalid(publish(TopicArn, given), words)
    await refused(publish(`${ARN}none`), 'NotFoundException', 'Topic does not exist')
    await invalid(publish('x'), 'TopicArn Reason: An ARN must have at least 6 elements, not 1')
    await assert.rejects(
      rig.client.send(new PublishCommand({ PhoneNumber: '+411234567', Message: 'x' })),
      /does not send SMS/,
    )
    const fit = await publish(TopicArn, { Message: 'x'.repeat(262_144) })
    assert.match(String(fit.MessageId), /^[0-9a-f-]{36}$/)
  })

  it('refuses attributes in recorded words', async () => {
    const TopicArn = await makeTopic()
    const text: MessageAttributeValue = { DataType: 'String', StringValue: 'x' }
    const rows: [string, MessageAttributeValue, string][] = [
      ['.a', text, "Invalid message attribute name starting with character '.' was found."],
      ['a.', text, "Invalid message attribute name ending with character '.' was found."],
      ['a..b', text, "Message attribute name can not have successive '.' character."],
      [
        'a,b',
        text,
        "Invalid non-alphanumeric character '#x2C' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.",
      ],
      ['a'.repeat(257), text, 'Length of message attribute name must be less than 256 bytes.'],
      [
        'a',
        { DataType: 'Stringy', StringValue: 'x' },
        "The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
      ],
      [
        'a',
        { DataType: 'String' },
        "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'.",
      ],
      [
        'a',
        { DataType: 'Binary', StringValue: 'x' },
        "The message attribute 'a' with type 'Binary' must use field 'Binary'.",
      ],
    ]
    for (const [name, value, words] of rows)
      await refused(
        publish(TopicArn, { MessageAttributes: { [name]: value } }),
        'InvalidParameterValueException',
        words,
      )
  })

  it('refuses batches as a whole', async () => {
    const TopicArn = await makeTopic()
    const send = (...PublishBatchRequestEntries: { Id: string; Message: string }[]) =>
      rig.client.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }))
    const { Successful, Failed } = await send({ Id: '1', Message: 'a' }, { Id: '2', Message: 'b' })
    assert.deepEqual([Successful?.map(({ Id }) => Id), Failed], [['1', '2'], []])
    const many = Array.from({ length: 11 }, (_, index) => ({ Id: String(index), Message: 'x' }))
    await refused(
      send(...many),
      'TooManyEntriesInBatchRequestException',
      'The batch request contains more entries than permissible.',
    )
    await refused(send(), 'EmptyBatchRequestException', "The batch request doesn't contain any entries.")
    await refused(
      send({ Id: 'a', Message: 'x' }, { Id: 'a', Message: 'x' }),
      'BatchEntryIdsNotDistinctException',
      'Two or more batch entries in the request have the same Id.',
    )
    await refused(
      send({ Id: 'a b', Message: 'x' }),
      'InvalidBatchEntryIdException',
      'The Id of a batch entry in the batch request contains an impermissible character: a b',
    )
    const large = 'x'.repeat(140_000)
    await refused(
      send({ Id: 'a', Message: large }, { Id: 'b', Message: large }),
      'BatchRequestTooLongException',
      'The length of all the messages put together is more than the limit.',
    )
  })

  it('answers a call it does not know', async () => {
    const body = new URLSearchParams({ Action: 'Fly', Version: '2010-03-31' })
    const answer = await fetch(rig.endpoint, { method: 'POST', body })
    assert.equal(answer.status, 400)
    assert.match(await answer.text(), /<Code>InvalidAction<\/Code>/)
  })
})

describe('hostile forms', () => {
  it('never fail the service', async () => {
    const { whole, pick } = seeded(3)
    const actions: [string, ...string[]] = [
      'CreateTopic',
      'Subscribe',
      'Publish',
      'PublishBatch',
      'ConfirmSubscription',
      'Unsubscribe',
      'ListTopics',
      'ListSubscriptions',
      'ListSubscriptionsByTopic',
      'SetTopicAttributes',
      'SetSubscriptionAttributes',
      'GetSubscriptionAttributes',
      'DeleteTopic',
      'TagResource',
      'ListTagsForResource',
      'AddPermission',
      '__proto__',
      'toString',
    ]
    const topic = await makeTopic({ FifoTopic: 'true' })
    const { SubscriptionArn = '' } = await subscribe(topic, {}, `${QUEUE}.fifo`)
    const long = 'x'.repeat(5000)
    const token = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64')
    const values: [string, ...string[]] = [
      '',
      'x',
      topic,
      SubscriptionArn,
      `${ARN}${long}`,
      `${topic}:${long}`,
      long,
      '\0',
      '{}',
      '[]',
      'null',
      '{"default":"x"}',
      '{"a":[{"wildcard":"**"}]}',
      '{"__proto__":["x"]}',
      'sqs',
      QUEUE,
      'http',
      'http://127.0.0.1:1/',
      'json',
      'FilterPolicy',
      'true',
      '__proto__',
      token(['s3']),
      token(['sns', 'topic', 1]),
      token(['sns', 'topic', '\ud800']),
      'String',
      '1e999',
    ]
    const names: [string, ...string[]] = [
      'TopicArn',
      'Name',
      'Token',
      'NextToken',
      'SubscriptionArn',
      'Protocol',
      'Endpoint',
      'Message',
      'Subject',
      'Label',
      'MessageStructure',
      'MessageGroupId',
      'MessageDeduplicationId',
      'AttributeName',
      'AttributeValue',
      'ResourceArn',
      'Attributes.entry.1.key',
      'Attributes.entry.1.value',
      'Tags.member.1.Key',
      'Tags.member.1',
      '__proto__.a',
      'a.b',
      'MessageAttributes.entry.1.Name',
      'MessageAttributes.entry.1.Value',
      'MessageAttributes.entry.1.Value.DataType',
      'MessageAttributes.entry.1.Value.StringValue',
      'PublishBatchRequestEntries.member.1.Id',
      'PublishBatchRequestEntries.member.1.Message',
      'ActionName.member.1',
      'AWSAccountId.member.1',
    ]
    for (let round = 0; round < 3000; round++) {
      const form = new URLSearchParams({ Action: pick(actions) })
      for (let left = whole(7); left > 0; left--) form.append(pick(names), pick(values))
      const body = Readable.from([Buffer.from(form.toString())])
      const headers = Object.create(null)
      const request = { id: 'x', method: 'POST', path: '/', query: '', headers, body, endpoint: rig.endpoint }
      const { status } = await rig.service.handle(request)
      assert.ok(status < 500, form.toString())
    }
    assert.equal(Object.hasOwn(Object.prototype, 'a'), false)
  })
})

describe('the AWS port', () => {
  it('sends what is for SNS to SNS', () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const rows: [query: string, headers: Record<string, string>, service: string | undefined][] = [
      ['Action=ConfirmSubscription&TopicArn=arn&Token=x', {}, 'sns'],
      ['Action=Unsubscribe&SubscriptionArn=arn', {}, 'sns'],
      ['Action=Publish&Version=2010-03-31', form, 'sns'],
      ['', { authorization: 'AWS4-HMAC-SHA256 Credential=goblet/20260101/us-east-1/sns/aws4_request, x' }, 'sns'],
      ['Action=GetCallerIdentity&Version=2011-06-15', form, 'sts'],
      // Its body tells.
      ['', form, undefined],
      ['list-type=2', {}, 's3'],
    ]
    for (const [query, headers, service] of rows) assert.equal(serviceOf({ path: '/', query, headers }), service, query)
  })
})
