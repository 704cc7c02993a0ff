// The checks of SQS, by the SDK: order, dead letters, batches, time.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import * as sdk from '@aws-sdk/client-sqs'
import { type It, type Queue, type Run, type Runs, refused } from './check.ts'

const send = (it: It, { QueueUrl }: Queue, MessageBody: string, more: Partial<sdk.SendMessageCommandInput> = {}) =>
  it.sqs.send(new sdk.SendMessageCommand({ QueueUrl, MessageBody, ...more }))

const take = async (it: It, { QueueUrl }: Queue, more: Partial<sdk.ReceiveMessageCommandInput> = {}) =>
  (
    await it.sqs.send(
      new sdk.ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
        ...more,
      }),
    )
  ).Messages ?? []

async function sendAll(it: It, queue: Queue, bodies: readonly string[]): Promise<void> {
  for (const body of bodies) await send(it, queue, body, { MessageGroupId: body.slice(0, 1) })
}

const bodies = (messages: readonly sdk.Message[]) => messages.map(({ Body }) => Body)

const fifoOrder: Run = async (it) => {
  const queue = await it.fifo()
  await sendAll(it, queue, ['a1', 'b1', 'a2', 'b2'])
  const got = await it.receive(queue, 4)
  const ofGroup = (group: string) => bodies(got).filter((body) => body?.startsWith(group))
  assert.deepEqual(
    [ofGroup('a'), ofGroup('b')],
    [
      ['a1', 'a2'],
      ['b1', 'b2'],
    ],
  )
  const numbers = new Map(got.map(({ Body, Attributes }) => [Body, Attributes?.SequenceNumber ?? '']))
  const inOrder = ['a1', 'b1', 'a2', 'b2'].map((body) => numbers.get(body) ?? '')
  for (const number of inOrder) assert.match(number, /^\d{20}$/)
  assert.deepEqual(inOrder, [...inOrder].sort())
}

const fifoMany: Run = async (it) => {
  const queue = await it.fifo()
  await sendAll(it, queue, ['a1', 'a2', 'a3'])
  assert.deepEqual(bodies(await take(it, queue, { WaitTimeSeconds: 1 })), ['a1', 'a2', 'a3'])
}

const fifoLock: Run = async (it) => {
  const queue = await it.fifo()
  await sendAll(it, queue, ['a1', 'a2', 'b1'])
  const [first] = await take(it, queue, { MaxNumberOfMessages: 1 })
  assert.equal(first?.Body, 'a1')
  assert.deepEqual(bodies(await take(it, queue)), ['b1'])
  await it.sqs.send(new sdk.DeleteMessageCommand({ ...queue, ReceiptHandle: first?.ReceiptHandle }))
  assert.deepEqual(bodies(await it.receive(queue)), ['a2'])
}

const fifoDedup: Run = async (it) => {
  const queue = await it.fifo()
  const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' }
  const [first, second] = [await send(it, queue, 'one', ids), await send(it, queue, 'one', ids)]
  assert.equal(first.MessageId, second.MessageId)
  assert.deepEqual(bodies(await it.receive(queue, 2, 1)), ['one'])
}

const fifoNoGroup: Run = async (it) => {
  await refused(send(it, await it.fifo(), 'x'), /MissingParameter|MissingRequiredParameter/, 400)
}

interface Pair {
  readonly source: Queue
  readonly dead: Queue
}

async function pair(it: It): Promise<Pair> {
  const dead = await it.queue()
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 })
  return { dead, source: await it.queue({ RedrivePolicy, VisibilityTimeout: '0' }) }
}

async function bury(it: It): Promise<Pair> {
  const both = await pair(it)
  await send(it, both.source, 'dead')
  assert.deepEqual(bodies(await it.receive(both.source)), ['dead'])
  assert.deepEqual(await it.receive(both.source, 1, 0.5), [])
  return both
}

const dlq: Run = async (it) => {
  const { source, dead } = await bury(it)
  const [letter] = await it.receive(dead)
  assert.deepEqual([letter?.Body, letter?.Attributes?.DeadLetterQueueSourceArn], ['dead', source.arn])
}

const dlqSources: Run = async (it) => {
  const { source, dead } = await pair(it)
  const { queueUrls } = await it.sqs.send(new sdk.ListDeadLetterSourceQueuesCommand(dead))
  assert.deepEqual(queueUrls, [source.QueueUrl])
}

const move: Run = async (it) => {
  const { source, dead } = await bury(it)
  const { TaskHandle } = await it.sqs.send(new sdk.StartMessageMoveTaskCommand({ SourceArn: dead.arn }))
  assert.ok(TaskHandle)
  assert.deepEqual(bodies(await it.receive(source)), ['dead'])
  const { Results } = await it.sqs.send(new sdk.ListMessageMoveTasksCommand({ SourceArn: dead.arn }))
  assert.deepEqual([Results?.[0]?.Status, Results?.[0]?.ApproximateNumberOfMessagesMoved], ['COMPLETED', 1])
}

const receipt: Run = async (it) => {
  const queue = await it.queue()
  const garbage = new sdk.DeleteMessageCommand({ ...queue, ReceiptHandle: 'garbage' })
  await refused(it.sqs.send(garbage), 'ReceiptHandleIsInvalid')
}

const query: Run = async (it) => {
  const { QueueUrl } = await it.queue()
  const body = new URLSearchParams({ Action: 'SendMessage', Version: '2012-11-05', QueueUrl, MessageBody: 'x' })
  const scope = `goblet/${new Date().toISOString().slice(0, 10).replaceAll('-', '')}/us-east-1/sqs/aws4_request`
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`
  const answer = await fetch(it.endpoint, { method: 'POST', body, headers: { authorization } })
  assert.equal(answer.status, 200)
  const text = await answer.text()
  assert.match(text, /<SendMessageResponse/)
  assert.match(text, /<MD5OfMessageBody>9dd4e461268c8034f5c8564e155c67a6<\/MD5OfMessageBody>/)
}

const sendBatch = (it: It, { QueueUrl }: Queue, Entries: sdk.SendMessageBatchRequestEntry[]) =>
  it.sqs.send(new sdk.SendMessageBatchCommand({ QueueUrl, Entries }))

const batchIds: Run = async (it) => {
  const Id = 'same'
  const entries = ['a', 'b'].map((MessageBody) => ({ Id, MessageBody }))
  await refused(sendBatch(it, await it.queue(), entries), 'BatchEntryIdsNotDistinct', 400)
}

const batchEntry: Run = async (it) => {
  const queue = await it.queue()
  const good = { Id: 'good', MessageBody: 'a' }
  const got = await sendBatch(it, queue, [good, { Id: 'bad', MessageBody: 'b', DelaySeconds: 901 }])
  assert.deepEqual(
    [got.Successful?.map(({ Id }) => Id), got.Failed?.map(({ Id, SenderFault }) => [Id, SenderFault])],
    [['good'], [['bad', true]]],
  )
  assert.deepEqual(bodies(await it.receive(queue)), ['a'])
}

const purge: Run = async (it) => {
  const queue = await it.queue()
  await send(it, queue, 'x')
  await it.sqs.send(new sdk.PurgeQueueCommand(queue))
  assert.deepEqual(await it.receive(queue, 1, 0.5), [])
  await refused(it.sqs.send(new sdk.PurgeQueueCommand(queue)), 'PurgeQueueInProgress')
}

const longPoll: Run = async (it) => {
  const queue = await it.queue()
  const start = performance.now()
  const polled = take(it, queue, { WaitTimeSeconds: 10 })
  await sleep(300)
  await send(it, queue, 'x')
  assert.deepEqual(bodies(await polled), ['x'])
  const seconds = (performance.now() - start) / 1000
  assert.ok(seconds >= 0.3 && seconds < 3, `${seconds} s`)
}

/** As documented: SQS Developer Guide, "Calculating the MD5 message digest for message attributes". */
function digestOf(attributes: readonly (readonly [string, string, Uint8Array | string])[]): string {
  const hash = createHash('md5')
  const add = (bytes: Uint8Array): void => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hash.update(length).update(bytes)
  }
  for (const [name, type, value] of attributes) {
    add(Buffer.from(name))
    add(Buffer.from(type))
    hash.update(Uint8Array.of(typeof value === 'string' ? 1 : 2))
    add(Buffer.from(value))
  }
  return hash.digest('hex')
}

const md5: Run = async (it) => {
  const queue = await it.queue()
  const MessageAttributes = {
    text: { DataType: 'String', StringValue: 'ü' },
    bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255) },
    'B.2': { DataType: 'Number.int', StringValue: '7' },
  }
  const expected = digestOf([
    ['B.2', 'Number.int', '7'],
    ['bytes', 'Binary', Uint8Array.of(0, 255)],
    ['text', 'String', 'ü'],
  ])
  assert.equal((await send(it, queue, 'x', { MessageAttributes })).MD5OfMessageAttributes, expected)
  const [got] = await it.receive(queue)
  assert.equal(got?.MD5OfMessageAttributes, expected)
}

const visibility: Run = async (it) => {
  const queue = await it.queue()
  await send(it, queue, 'x')
  const [first] = await it.receive(queue)
  assert.deepEqual(await it.receive(queue, 1, 0.5), [])
  const shown = { ...queue, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 }
  await it.sqs.send(new sdk.ChangeMessageVisibilityCommand(shown))
  const [second] = await it.receive(queue)
  assert.equal(second?.Attributes?.ApproximateReceiveCount, '2')
}

const delay: Run = async (it) => {
  const queue = await it.queue()
  await send(it, queue, 'x', { DelaySeconds: 1 })
  assert.deepEqual(await take(it, queue, { WaitTimeSeconds: 0 }), [])
  assert.deepEqual(bodies(await it.receive(queue)), ['x'])
}

const tooLong: Run = async (it) => {
  const queue = await it.queue()
  await send(it, queue, 'x'.repeat(1_048_576))
  await refused(send(it, queue, 'x'.repeat(1_048_577)), /InvalidParameterValue|InvalidParameterValueException/, 400)
}

export const sqs: Runs = {
  'sqs-fifo-order': fifoOrder,
  'sqs-fifo-many': fifoMany,
  'sqs-fifo-lock': fifoLock,
  'sqs-fifo-dedup': fifoDedup,
  'sqs-fifo-no-group': fifoNoGroup,
  'sqs-dlq': dlq,
  'sqs-dlq-sources': dlqSources,
  'sqs-move': move,
  'sqs-receipt': receipt,
  'sqs-query': query,
  'sqs-batch-ids': batchIds,
  'sqs-batch-entry': batchEntry,
  'sqs-purge': purge,
  'sqs-long-poll': longPoll,
  'sqs-md5': md5,
  'sqs-visibility': visibility,
  'sqs-delay': delay,
  'sqs-too-long': tooLong,
}
