// What subscribers get: queues, functions and HTTP endpoints, in which words, when, how often, and after a restart.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, it } from 'node:test'
import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  PublishBatchCommand,
  PublishCommand,
  type PublishCommandInput,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import { readTopicEvent } from '../../src/aws/events/topic.ts'
import { openSnsRig, openSubscriber, type SnsRig, type Subscriber } from '../support/sns.ts'

const ARN = 'arn:aws:sns:us-east-1:000000000000:'
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:jobs'
const FIFO_QUEUE = `${QUEUE}.fifo`
const DEAD = 'arn:aws:sqs:us-east-1:000000000000:dead'
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:work'
const FIFO = { FifoTopic: 'true' }
const TO_DEAD = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: DEAD }) }

let rig: SnsRig
beforeEach(async () => {
  rig = await openSnsRig()
})
afterEach(() => rig[Symbol.asyncDispose]())

const makeTopic = async (Attributes: Record<string, string> = {}): Promise<string> => {
  const Name = Attributes.FifoTopic === 'true' ? 'news.fifo' : 'news'
  return String((await rig.client.send(new CreateTopicCommand({ Name, Attributes }))).TopicArn)
}
const subscribe = async (TopicArn: string, Endpoint: string, Attributes: Record<string, string> = {}) => {
  const Protocol = Endpoint.split(':')[2] ?? ''
  const command = new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true })
  return String((await rig.client.send(command)).SubscriptionArn)
}
const publish = async (TopicArn: string, more: Partial<PublishCommandInput> = {}) => {
  const answer = await rig.client.send(new PublishCommand({ TopicArn, Message: 'text', ...more }))
  await rig.settle()
  return answer
}
const ATTRIBUTES = {
  attr1: { DataType: 'Number', StringValue: '111' },
  attr2: { DataType: 'Binary', BinaryValue: Buffer.from([2, 3]) },
}

describe('to a queue', () => {
  it('goes the notification, in the order and spelling that is recorded', async () => {
    const TopicArn = await makeTopic()
    const arn = await subscribe(TopicArn, QUEUE)
    const { MessageId } = await publish(TopicArn, { Subject: 'Hi', MessageAttributes: ATTRIBUTES })
    const [{ to, from, body, attributes } = { to: '', from: '', body: '{}' }] = rig.mail.taken
    assert.deepEqual([to, from, attributes], [QUEUE, TopicArn, undefined])
    const notification = JSON.parse(body)
    assert.deepEqual(Object.keys(notification), [
      'Type',
      'MessageId',
      'TopicArn',
      'Subject',
      'Message',
      'Timestamp',
      'SignatureVersion',
      'Signature',
      'SigningCertURL',
      'UnsubscribeURL',
      'MessageAttributes',
    ])
    assert.equal(notification.MessageId, MessageId)
    assert.equal(notification.Timestamp, '2026-01-01T00:00:00.000Z')
    assert.deepEqual(notification.MessageAttributes, {
      attr1: { Type: 'Number', Value: '111' },
      attr2: { Type: 'Binary', Value: 'AgM=' },
    })
    assert.equal(notification.UnsubscribeURL, `${rig.endpoint}/?Action=Unsubscribe&SubscriptionArn=${arn}`)
    // AWS prints it in lines.
    assert.ok(body.startsWith('{\n  "Type" : "Notification",\n'))
    await fetch(notification.UnsubscribeURL)
    await publish(TopicArn)
    assert.equal(rig.mail.taken.length, 1)
  })

  it('leaves out a subject and attributes that are not there', async () => {
    const TopicArn = await makeTopic()
    await subscribe(TopicArn, QUEUE)
    await publish(TopicArn)
    const notification = JSON.parse(rig.mail.taken[0]?.body ?? '')
    assert.deepEqual([notification.Subject, notification.MessageAttributes], [undefined, undefined])
  })

  it('goes the bare message with its attributes, when it is raw (sns-sqs-raw)', async () => {
    const TopicArn = await makeTopic()
    await subscribe(TopicArn, QUEUE, { RawMessageDelivery: 'true' })
    await publish(TopicArn, { Message: 'x', MessageAttributes: ATTRIBUTES })
    const [{ body, attributes } = { body: '' }] = rig.mail.taken
    assert.equal(body, 'x')
    assert.deepEqual(attributes, {
      attr1: { DataType: 'Number', StringValue: '111' },
      attr2: { DataType: 'Binary', BinaryValue: 'AgM=' },
    })
  })

  it('goes no bare message with more attributes than a queue takes: it goes to the dead letters', async () => {
    const TopicArn = await makeTopic()
    await subscribe(TopicArn, QUEUE, { RawMessageDelivery: 'true', ...TO_DEAD })
    const names = Array.from({ length: 11 }, (_, index) => [`a${index}`, { DataType: 'String', StringValue: 'x' }])
    await publish(TopicArn, { MessageAttributes: Object.fromEntries(names) })
    assert.deepEqual(
      rig.mail.taken.map(({ to }) => to),
      [DEAD],
    )
  })

  it('goes the text of its protocol', async () => {
    const TopicArn = await makeTopic()
    await subscribe(TopicArn, QUEUE, { RawMessageDelivery: 'true' })
    await subscribe(TopicArn, FUNCTION)
    const Message = JSON.stringify({ default: 'd', sqs: 'q', http: 1 })
    await publish(TopicArn, { Message, MessageStructure: 'json' })
    const bodies = rig.mail.taken.map(({ to, body }) => (to === QUEUE ? body : JSON.parse(body).Records[0].Sns.Message))
    assert.deepEqual(bodies.sort(), ['d', 'q'])
  })

  it('goes what its filter lets through, of body and attributes', async () => {
    const TopicArn = await makeTopic()
    await subscribe(TopicArn, QUEUE, { FilterPolicy: '{"attr1":[{"numeric":[">",100]}]}' })
    await publish(TopicArn)
    await publish(TopicArn, { MessageAttributes: ATTRIBUTES })
    assert.equal(rig.mail.taken.length, 1)
    await subscribe(TopicArn, DEAD, { FilterPolicy: '{"a":["b"]}', FilterPolicyScope: 'MessageBody' })
    for (const Message of ['Regular string message', '"json string"', '{"a":"c"}', '{"a":["b"]}'])
      await publish(TopicArn, { Message })
    assert.deepEqual(
      rig.mail.taken.slice(1).map(({ to }) => to),
      [DEAD],
    )
  })
})

describe('to a function', () => {
  it('goes the recorded event', async () => {
    const TopicArn = await makeTopic()
    const arn = await subscribe(TopicArn, FUNCTION)
    await publish(TopicArn, { MessageAttributes: ATTRIBUTES })
    const event = JSON.parse(rig.mail.taken[0]?.body ?? '')
    const sample = JSON.parse(readFileSync(new URL('../cases/events/sns.json', import.meta.url), 'utf8'))
    const keys = (value: object): string[] => Object.keys(value).sort()
    assert.deepEqual(keys(event.Records[0]), keys(sample.Records[0]))
    assert.deepEqual(keys(event.Records[0].Sns), keys(sample.Records[0].Sns))
    assert.equal(event.Records[0].EventSubscriptionArn, arn)
    assert.equal(event.Records[0].Sns.Subject, null)
    const [message] = readTopicEvent(event)
    assert.deepEqual(
      [message?.message, message?.subject, message?.time, message?.attributes.attr2],
      ['text', undefined, Date.UTC(2026, 0, 1), { Type: 'Binary', Value: 'AgM=' }],
    )
    assert.equal(readTopicEvent(sample)[0]?.subject, 'TestInvoke')
  })

  it('that is gone, it goes to the dead-letter queue instead (sns-redrive)', async () => {
    rig.mail.answer(({ to }) => (to === FUNCTION ? { gone: 'It is deleted.' } : 'taken'))
    const TopicArn = await makeTopic()
    await subscribe(TopicArn, FUNCTION, TO_DEAD)
    await publish(TopicArn)
    assert.deepEqual(
      rig.mail.taken.map(({ to }) => to),
      [FUNCTION, DEAD],
    )
    assert.equal(JSON.parse(rig.mail.taken[1]?.body ?? '').Type, 'Notification')
  })
})

describe('what is refused', () => {
  it('is tried again as AWS does: thrice at once, twice after a second, then ever later', async () => {
    const times: number[] = []
    const start = rig.clock.now()
    rig.mail.answer(() => {
      times.push(Math.round((rig.clock.now() - start) / 1000))
      return { refused: 'Not now.' }
    })
    const TopicArn = await makeTopic()
    await subscribe(TopicArn, QUEUE, TO_DEAD)
    await publish(TopicArn)
    await rig.clock.advance(10_000)
    assert.deepEqual(times.slice(0, 7), [0, 0, 0, 0, 1, 2, 3])
    await rig.clock.advance(300_000)
    const last = times.slice(-2)
    assert.equal((last[1] ?? 0) - (last[0] ?? 0), 20)
  })

  it('is given up in the order of the group, and those behind it wait', async () => {
    const heard: string[] = []
    let isClosed = true
    rig.mail.answer(({ body }) => {
      if (isClosed) return { refused: 'Not now.' }
      heard.push(body)
      return 'taken'
    })
    const TopicArn = await makeTopic({ ...FIFO, ContentBasedDeduplication: 'true' })
    await subscribe(TopicArn, FIFO_QUEUE, { RawMessageDelivery: 'true' })
    for (const Message of ['1', '2', '3']) await publish(TopicArn, { Message, MessageGroupId: 'g' })
    isClosed = false
    await rig.clock.advance(60_000)
    assert.deepEqual(heard, ['1', '2', '3'])
  })
})

describe('a FIFO topic', () => {
  it('numbers its messages, and takes one twice within five minutes but delivers it once', async () => {
    const TopicArn = await makeTopic(FIFO)
    await subscribe(TopicArn, FIFO_QUEUE)
    const send = () => publish(TopicArn, { MessageGroupId: 'g', MessageDeduplicationId: 'd' })
    const first = await send()
    assert.match(String(first.SequenceNumber), /^\d{20}$/)
    const second = await send()
    assert.deepEqual([second.MessageId, second.SequenceNumber], [first.MessageId, first.SequenceNumber])
    assert.equal(rig.mail.taken.length, 1)
    const [{ group, deduplication, body } = { body: '{}' }] = rig.mail.taken
    assert.deepEqual([group, deduplication], ['g', 'd'])
    assert.deepEqual(Object.keys(JSON.parse(body)), [
      'Type',
      'MessageId',
      'SequenceNumber',
      'TopicArn',
      'Message',
      'Timestamp',
      'UnsubscribeURL',
    ])
    await rig.clock.advance(5 * 60_000)
    const third = await send()
    assert.ok(String(third.SequenceNumber) > String(first.SequenceNumber))
    assert.equal(rig.mail.taken.length, 2)
  })

  it('asks for a group, and for something to tell messages apart by', async () => {
    const TopicArn = await makeTopic(FIFO)
    await assert.rejects(publish(TopicArn), /The MessageGroupId parameter is required for FIFO topics/)
    await assert.rejects(
      publish(TopicArn, { MessageGroupId: 'g' }),
      /should either have ContentBasedDeduplication enabled/,
    )
  })

  it('delivers to a standard queue too, without group (sns-fifo-topic-to-std-sqs)', async () => {
    const TopicArn = await makeTopic({ ...FIFO, ContentBasedDeduplication: 'true' })
    await subscribe(TopicArn, QUEUE)
    const PublishBatchRequestEntries = ['a', 'b'].map((Id) => ({ Id, Message: Id, MessageGroupId: 'g' }))
    const { Successful } = await rig.client.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }))
    await rig.settle()
    assert.equal(Successful?.length, 2)
    assert.deepEqual(
      rig.mail.taken.map(({ body, group }) => [JSON.parse(body).Message, group]),
      [
        ['a', undefined],
        ['b', undefined],
      ],
    )
  })
})

describe('to an HTTP endpoint', () => {
  let subscriber: Subscriber
  beforeEach(async () => {
    subscriber = await openSubscriber()
  })
  afterEach(() => subscriber.close())

  const subscribeHttp = async (TopicArn: string, Attributes: Record<string, string> = {}): Promise<string> => {
    const command = new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: subscriber.url, Attributes })
    assert.equal((await rig.client.send(command)).SubscriptionArn, 'pending confirmation')
    await rig.settle()
    const asked = JSON.parse(subscriber.heard.shift()?.body ?? '')
    const confirmed = await (await fetch(asked.SubscribeURL)).text()
    return /<SubscriptionArn>(.*)<\/SubscriptionArn>/.exec(confirmed)?.[1] ?? ''
  }

  it('goes a request to confirm, and nothing else before that', async () => {
    const TopicArn = await makeTopic()
    const command = new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: subscriber.url })
    await rig.client.send(command)
    await publish(TopicArn)
    const [asked, ...rest] = subscriber.heard
    assert.equal(rest.length, 0)
    assert.equal(asked?.headers['x-amz-sns-message-type'], 'SubscriptionConfirmation')
    assert.equal(asked?.headers['x-amz-sns-topic-arn'], TopicArn)
    assert.equal(asked?.headers['content-type'], 'text/plain; charset=UTF-8')
    const body = JSON.parse(asked?.body ?? '')
    assert.deepEqual(Object.keys(body), [
      'Type',
      'MessageId',
      'Token',
      'TopicArn',
      'Message',
      'SubscribeURL',
      'Timestamp',
      'SignatureVersion',
      'Signature',
      'SigningCertURL',
    ])
    assert.match(body.Message, /^You have chosen to subscribe to the topic /)
    await fetch(body.SubscribeURL)
    await publish(TopicArn, { Message: 'now' })
    const { headers, body: text } = subscriber.heard[1] ?? { headers: {}, body: '{}' }
    assert.equal(headers['x-amz-sns-message-type'], 'Notification')
    assert.equal(headers['user-agent'], 'Amazon Simple Notification Service Agent')
    assert.equal(JSON.parse(text).Message, 'now')
    assert.equal(JSON.parse(text).MessageId, headers['x-amz-sns-message-id'])
  })

  it('goes the bare message when it is raw, with a content type of its own', async () => {
    const TopicArn = await makeTopic()
    const arn = await subscribeHttp(TopicArn, {
      RawMessageDelivery: 'true',
      DeliveryPolicy: '{"requestPolicy":{"headerContentType":"application/json"}}',
    })
    await publish(TopicArn, { Message: '{"a":1}' })
    const [{ headers, body } = { headers: {}, body: '' }] = subscriber.heard
    assert.deepEqual(
      [body, headers['x-amz-sns-rawdelivery'], headers['content-type'], headers['x-amz-sns-subscription-arn']],
      ['{"a":1}', 'true', 'application/json', arn],
    )
  })

  it('it is tried again by the delivery policy, then goes to the dead-letter queue', async () => {
    const TopicArn = await makeTopic()
    await subscribeHttp(TopicArn, TO_DEAD)
    subscriber.status = 500
    await publish(TopicArn)
    assert.equal(subscriber.heard.length, 1)
    await rig.clock.advance(59_000)
    assert.equal(subscriber.heard.length, 3)
    await rig.clock.advance(1_000)
    assert.equal(subscriber.heard.length, 4)
    assert.deepEqual(
      rig.mail.taken.map(({ to }) => to),
      [DEAD],
    )
    assert.equal(rig.mail.taken[0]?.body, subscriber.heard[3]?.body)
  })

  it('it is not tried again when the endpoint calls it wrong', async () => {
    const TopicArn = await makeTopic()
    await subscribeHttp(TopicArn, TO_DEAD)
    subscriber.status = 403
    await publish(TopicArn)
    await rig.clock.advance(60_000)
    assert.deepEqual([subscriber.heard.length, rig.mail.taken.length], [1, 1])
  })
})

describe('a restart', () => {
  it('loses nothing that was published, and delivers it then', async () => {
    rig.mail.answer(() => ({ refused: 'Not now.' }))
    const TopicArn = await makeTopic()
    await subscribe(TopicArn, QUEUE, { RawMessageDelivery: 'true' })
    for (let number = 0; number < 5; number++)
      await rig.client.send(new PublishCommand({ TopicArn, Message: String(number) }))
    await rig.reopen()
    await rig.clock.advance(600_000)
    assert.deepEqual(rig.mail.taken.map(({ body }) => body).sort(), ['0', '1', '2', '3', '4'])
  })
})

describe('the door inside', () => {
  it('makes what the app has, changes it, and removes what it has no more', async () => {
    const topicArn = await rig.service.ensureTopic('own', {})
    assert.equal(topicArn, `${ARN}own`)
    assert.equal(await rig.service.ensureTopic('own', { DisplayName: 'x' }), topicArn)
    const wanted = { topicArn, protocol: 'lambda', endpoint: FUNCTION }
    const arn = await rig.service.ensureSubscription({ ...wanted, attributes: { FilterPolicy: '{"a":["b"]}' } })
    assert.equal(await rig.service.ensureSubscription({ ...wanted, attributes: {} }), arn)
    const users = await subscribe(topicArn, QUEUE)
    await rig.service.keepSubscriptions(new Set([arn]))
    await rig.service.publish({
      to: topicArn,
      from: 'arn:aws:s3:::bucket',
      body: 'x',
      subject: 'Amazon S3 Notification',
    })
    await rig.settle()
    assert.deepEqual(rig.mail.taken.map(({ to }) => to).sort(), [FUNCTION, QUEUE])
    await rig.service.keepSubscriptions(new Set())
    const get = (SubscriptionArn: string) => rig.client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))
    await assert.rejects(get(arn), /Subscription does not exist/)
    assert.equal((await get(users)).Attributes?.Endpoint, QUEUE)
    assert.deepEqual(
      [rig.service.find(topicArn), rig.service.find(`${ARN}none`), rig.service.find('x')],
      [true, false, false],
    )
  })
})
