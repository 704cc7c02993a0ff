// The checks of SNS, by the SDK: what arrives, in which form, and what a filter lets through.
import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import * as sdk from '@aws-sdk/client-sns'
import { DeleteMessageCommand, DeleteQueueCommand } from '@aws-sdk/client-sqs'
import { type It, type Queue, type Run, type Runs, refused } from './check.ts'

const publish = (it: It, TopicArn: string, Message: string, more: Partial<sdk.PublishCommandInput> = {}) =>
  it.sns.send(new sdk.PublishCommand({ TopicArn, Message, ...more }))

async function wired(it: It, attributes: Record<string, string> = {}): Promise<{ topic: string; queue: Queue }> {
  const [topic, queue] = [await it.topic(), await it.queue()]
  await it.subscribe(topic, queue, attributes)
  return { topic, queue }
}

const RAW = { RawMessageDelivery: 'true' } as const
const string = (StringValue: string) => ({ DataType: 'String', StringValue })

/** Publishes all, the last of which has to arrive, and expects these in the queue. */
async function arrive(it: It, queue: Queue, expected: readonly string[]): Promise<void> {
  const got = (await it.receive(queue, expected.length)).map(({ Body }) => Body)
  got.push(...(await it.receive(queue, 1, 0.3)).map(({ Body }) => Body))
  assert.deepEqual(got.sort(), [...expected].sort())
}

const raw: Run = async (it) => {
  const { topic, queue } = await wired(it, RAW)
  const MessageAttributes = {
    number: { DataType: 'Number', StringValue: '111' },
    bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255) },
  }
  await publish(it, topic, 'bare', { MessageAttributes })
  const [got] = await it.receive(queue)
  assert.equal(got?.Body, 'bare')
  const { number, bytes } = got?.MessageAttributes ?? {}
  assert.deepEqual([number?.DataType, number?.StringValue], ['Number', '111'])
  assert.deepEqual([bytes?.DataType, [...(bytes?.BinaryValue ?? [])]], ['Binary', [0, 255]])
}

const envelope: Run = async (it) => {
  const { topic, queue } = await wired(it)
  const { MessageId } = await publish(it, topic, 'inside', { Subject: 'about', MessageAttributes: { a: string('b') } })
  const [got] = await it.receive(queue)
  const body = JSON.parse(got?.Body ?? '{}')
  assert.deepEqual(Object.keys(body).sort(), [
    'Message',
    'MessageAttributes',
    'MessageId',
    'Signature',
    'SignatureVersion',
    'SigningCertURL',
    'Subject',
    'Timestamp',
    'TopicArn',
    'Type',
    'UnsubscribeURL',
  ])
  assert.deepEqual(
    [body.Type, body.MessageId, body.TopicArn, body.Subject, body.Message, body.MessageAttributes],
    ['Notification', MessageId, topic, 'about', 'inside', { a: { Type: 'String', Value: 'b' } }],
  )
}

const filtered = async (it: It, policy: object, scope = 'MessageAttributes') =>
  wired(it, { ...RAW, FilterPolicy: JSON.stringify(policy), FilterPolicyScope: scope })

const exists: Run = async (it) => {
  const { topic, queue } = await filtered(it, { a: [{ exists: false }] })
  await publish(it, topic, 'has', { MessageAttributes: { a: string('x') } })
  await publish(it, topic, 'has other', { MessageAttributes: { b: string('x') } })
  await arrive(it, queue, ['has other'])
}

const suffix: Run = async (it) => {
  const { topic, queue } = await filtered(it, { file: [{ suffix: '.png' }] })
  for (const name of ['a.jpg', 'a.png', 'png'])
    await publish(it, topic, name, { MessageAttributes: { file: string(name) } })
  await arrive(it, queue, ['a.png'])
}

const bodyOr: Run = async (it) => {
  const policy = { store: ['s'], $or: [{ price: [{ numeric: ['>', 100] }] }, { tag: { name: ['vip'] } }] }
  const { topic, queue } = await filtered(it, policy, 'MessageBody')
  const dear = '{"store":"s","price":101}'
  const known = '{"store":"s","tag":{"name":"vip"}}'
  for (const message of ['{"store":"s","price":99}', '{"store":"t","price":101}', 'no json', dear, known])
    await publish(it, topic, message)
  await arrive(it, queue, [dear, known])
}

const array: Run = async (it) => {
  const { topic, queue } = await filtered(it, { sports: ['rugby'] })
  const sports = (list: readonly string[]) => ({
    sports: { DataType: 'String.Array', StringValue: JSON.stringify(list) },
  })
  await publish(it, topic, 'no', { MessageAttributes: sports(['soccer']) })
  await publish(it, topic, 'yes', { MessageAttributes: sports(['soccer', 'rugby']) })
  await arrive(it, queue, ['yes'])
}

const structure: Run = async (it) => {
  const { topic, queue } = await wired(it, RAW)
  const MessageStructure = 'json'
  await publish(it, topic, JSON.stringify({ default: 'any', sqs: 'of queues' }), { MessageStructure })
  await publish(it, topic, JSON.stringify({ default: 'any', email: 'of mail' }), { MessageStructure })
  await arrive(it, queue, ['of queues', 'any'])
  await refused(publish(it, topic, '{"sqs":"no default"}', { MessageStructure }), 'InvalidParameter', 400)
}

interface Heard {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const http: Run = async (it) => {
  const heard: Heard[] = []
  const server = createServer(async (request, response) => {
    heard.push({ headers: request.headers, body: await text(request) })
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const next = async (count: number): Promise<Heard> => {
      for (let tries = 0; heard.length < count && tries < 100; tries++) await sleep(50)
      return heard[count - 1] ?? assert.fail(`only ${heard.length} requests came`)
    }
    const TopicArn = await it.topic()
    const Endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
    await it.sns.send(new sdk.SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint }))
    const asked = await next(1)
    assert.equal(asked.headers['x-amz-sns-message-type'], 'SubscriptionConfirmation')
    const { Type, Token, SubscribeURL } = JSON.parse(asked.body)
    assert.equal(Type, 'SubscriptionConfirmation')
    assert.ok(SubscribeURL.includes('Action=ConfirmSubscription'))
    const confirmed = await it.sns.send(new sdk.ConfirmSubscriptionCommand({ TopicArn, Token }))
    const { MessageId } = await publish(it, TopicArn, 'knock')
    const told = await next(2)
    const { headers } = told
    assert.deepEqual(
      [headers['x-amz-sns-message-type'], headers['x-amz-sns-message-id'], headers['x-amz-sns-subscription-arn']],
      ['Notification', MessageId, confirmed.SubscriptionArn],
    )
    assert.equal(JSON.parse(told.body).Message, 'knock')
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const fifoBatch: Run = async (it) => {
  const queue = await it.fifo()
  const Attributes = { FifoTopic: 'true', ContentBasedDeduplication: 'true' }
  const TopicArn = await it.topic({ Name: `${it.name()}.fifo`, Attributes })
  await it.subscribe(TopicArn, queue, RAW)
  const entries = ['1', '2', '3'].map((Id) => ({ Id, Message: `m${Id}`, MessageGroupId: 'g' }))
  const sent = await it.sns.send(new sdk.PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries }))
  assert.deepEqual([sent.Successful?.length, sent.Failed ?? []], [3, []])
  for (const { SequenceNumber } of sent.Successful ?? []) assert.match(SequenceNumber ?? '', /^\d{20}$/)
  // Each is deleted as it comes: one in flight holds back what its group has sent since.
  const got: (string | undefined)[] = []
  for (let tries = 0; got.length < 3 && tries < 5; tries++) {
    for (const { Body, ReceiptHandle } of await it.receive(queue, 1, 1)) {
      got.push(Body)
      await it.sqs.send(new DeleteMessageCommand({ ...queue, ReceiptHandle }))
    }
  }
  assert.deepEqual(got, ['m1', 'm2', 'm3'])
}

const tags: Run = async (it) => {
  const Tags = [{ Key: 'team', Value: 'blue' }]
  const ResourceArn = await it.topic({ Tags })
  assert.deepEqual((await it.sns.send(new sdk.ListTagsForResourceCommand({ ResourceArn }))).Tags, Tags)
}

const redrive: Run = async (it) => {
  const [topic, queue, dead] = [await it.topic(), await it.queue(), await it.queue()]
  await it.subscribe(topic, queue, { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }) })
  await it.sqs.send(new DeleteQueueCommand(queue))
  await publish(it, topic, 'lost')
  const [letter] = await it.receive(dead)
  assert.equal(JSON.parse(letter?.Body ?? '{}').Message, 'lost')
}

const policyWrong: Run = async (it) => {
  await refused(filtered(it, { a: [{ 'wrong-operator': true }] }), 'InvalidParameter', 400)
}

export const sns: Runs = {
  'sns-raw': raw,
  'sns-envelope': envelope,
  'sns-exists': exists,
  'sns-suffix': suffix,
  'sns-body-or': bodyOr,
  'sns-array': array,
  'sns-structure': structure,
  'sns-http': http,
  'sns-fifo-batch': fifoBatch,
  'sns-tags': tags,
  'sns-redrive': redrive,
  'sns-policy-wrong': policyWrong,
}
