// What SQS refuses and remembers at its edges: permissions, attributes that exclude each other, messages in flight, lost clients.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startClock } from '../../src/local/clock.ts'
import { openSqs } from '../../src/local/services/sqs/index.ts'
import { dueKey, queueKey } from '../../src/local/services/sqs/keys.ts'
import type { Queue } from '../../src/local/services/sqs/queue.ts'
import { openStore } from '../../src/local/store.ts'
import { openWire } from '../../src/local/wire.ts'
import { until } from '../support/aws.ts'
import { type Answer, type Opened, open, urlOf } from '../support/sqs.ts'

let cloud: Opened
beforeEach(async () => {
  cloud = await open()
})
afterEach(() => cloud.close())

const arnOf = (queue: string) => `arn:aws:sqs:us-east-1:000000000000:${queue}`
const ask = (operation: string, queue: string, input: object = {}) =>
  cloud.call(operation, { QueueUrl: urlOf(queue), ...input })
const typeOf = ({ __type }: Answer) => __type?.split('#')[1]
const refused = async (answer: Promise<Answer>, type: string, message: RegExp | string) => {
  const given = await answer
  assert.equal(typeOf(given), type, JSON.stringify(given))
  if (typeof message === 'string') assert.equal(given.message, message)
  else assert.match(String(given.message), message)
}

test('permissions are statements of the policy, under their labels', async () => {
  await cloud.sqs.ensureQueue('q', {})
  const policy = async () => (await ask('GetQueueAttributes', 'q', { AttributeNames: ['Policy'] })).Attributes?.Policy
  const add = (Label: string, AWSAccountIds = ['111111111111'], Actions = ['ReceiveMessage']) =>
    ask('AddPermission', 'q', { Label, AWSAccountIds, Actions })
  await add('one', ['668614515564', '111111111111'])
  const statement = {
    Sid: 'one',
    Effect: 'Allow',
    Principal: { AWS: ['arn:aws:iam::668614515564:root', 'arn:aws:iam::111111111111:root'] },
    Action: 'SQS:ReceiveMessage',
    Resource: arnOf('q'),
  }
  const document = { Version: '2008-10-17', Id: `${arnOf('q')}/SQSDefaultPolicy` }
  assert.deepEqual(JSON.parse(String(await policy())), { ...document, Statement: [statement] })
  const label = (name: string, reason: string) => `Value ${name} for parameter Label is invalid. Reason: ${reason}`
  await refused(add('one'), 'InvalidParameterValueException', label('one', 'Already exists.'))
  await add('two')
  await ask('RemovePermission', 'q', { Label: 'one' })
  const { Statement } = JSON.parse(String(await policy()))
  assert.deepEqual([Statement.length, Statement[0].Principal], [1, { AWS: 'arn:aws:iam::111111111111:root' }])
  await ask('RemovePermission', 'q', { Label: 'two' })
  assert.equal(await policy(), undefined)
  await refused(
    ask('RemovePermission', 'q', { Label: 'two' }),
    'InvalidParameterValueException',
    label('two', "can't find label."),
  )
  await refused(
    add('x', ['111111111111'], ['RemovePermission']),
    'InvalidParameterValueException',
    'Value SQS:RemovePermission for parameter ActionName is invalid. Reason: Only the queue owner is allowed to invoke this action.',
  )
  await refused(add('x', ['111111111111'], []), 'MissingRequiredParameterException', /the parameter Actions/)
  await refused(add('x', ['111111111111'], Array(8).fill('SendMessage')), 'OverLimit', /maximum allowed is 7/)
  await refused(add('x', []), 'InvalidParameterValueException', /PrincipalId is invalid. Reason: Unable to verify/)
})

test('permissions and move tasks in the query protocol', async () => {
  const redrive = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 1 }) }
  await cloud.sqs.ensureQueue('dead', {})
  await cloud.sqs.ensureQueue('q', redrive)
  const query = async (fields: Record<string, string>) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = Readable.from([new URLSearchParams(fields).toString()])
    const wire = { id: 'test', method: 'POST', path: '/', query: '', headers, body, endpoint: 'http://any.host' }
    const { status, body: text } = await cloud.sqs.handle(wire)
    assert.equal(status, 200, String(text))
    return String(text)
  }
  const granted = { 'AWSAccountId.1': '111111111111', 'ActionName.1': 'SendMessage', 'ActionName.2': 'ReceiveMessage' }
  await query({ Action: 'AddPermission', QueueUrl: urlOf('q'), Label: 'x', ...granted })
  const { Attributes } = await ask('GetQueueAttributes', 'q', { AttributeNames: ['Policy'] })
  const [statement] = JSON.parse(String(Attributes?.Policy)).Statement
  assert.deepEqual(statement.Action, ['SQS:SendMessage', 'SQS:ReceiveMessage'])
  const started = await query({ Action: 'StartMessageMoveTask', SourceArn: arnOf('dead') })
  assert.match(started, /<StartMessageMoveTaskResult><TaskHandle>[^<]+<\/TaskHandle>/)
  const listed = await query({ Action: 'ListMessageMoveTasks', SourceArn: arnOf('dead') })
  assert.match(listed, /<ListMessageMoveTasksResultEntry>.*<Status>(?:RUNNING|COMPLETED)<\/Status>/s)
})

test('attributes that contradict each other are refused', async () => {
  await cloud.sqs.ensureQueue('q', { KmsMasterKeyId: 'testKeyId' })
  const set = (queue: string, Attributes: object) => ask('SetQueueAttributes', queue, { Attributes })
  await refused(
    set('q', { SqsManagedSseEnabled: 'true' }),
    'InvalidAttributeName',
    /one type of server-side encryption/,
  )
  await cloud.sqs.ensureQueue('q.fifo', { FifoQueue: 'true' })
  await refused(
    set('q.fifo', { FifoThroughputLimit: 'perMessageGroupId' }),
    'InvalidAttributeValue',
    /FifoThroughputLimit/,
  )
  assert.deepEqual(
    await set('q.fifo', { FifoThroughputLimit: 'perMessageGroupId', DeduplicationScope: 'messageGroup' }),
    {},
  )
  await refused(set('q.fifo', { DeduplicationScope: 'queue' }), 'InvalidAttributeValue', /DeduplicationScope/)
  for (const Policy of ['nonsense', '{}', '{"Statement":[{"Effect":"Perhaps","Principal":"*","Action":"*"}]}'])
    await refused(set('q', { Policy }), 'InvalidAttributeValue', 'Invalid value for the parameter Policy.')
})

test('a dead-letter queue takes only from the sources it allows', async () => {
  await cloud.sqs.ensureQueue('dead', {})
  await cloud.sqs.ensureQueue('a', {})
  await cloud.sqs.ensureQueue('b', {})
  const allow = (document: object) =>
    ask('SetQueueAttributes', 'dead', { Attributes: { RedriveAllowPolicy: JSON.stringify(document) } })
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 1 })
  const use = (queue: string) => ask('SetQueueAttributes', queue, { Attributes: { RedrivePolicy } })
  await allow({ redrivePermission: 'denyAll' })
  await refused(use('a'), 'InvalidParameterValueException', /for parameter RedrivePolicy is invalid/)
  await allow({ redrivePermission: 'byQueue', sourceQueueArns: [arnOf('a')] })
  assert.deepEqual(await use('a'), {})
  await refused(use('b'), 'InvalidParameterValueException', /for parameter RedrivePolicy is invalid/)
  await allow({ redrivePermission: 'allowAll' })
  assert.deepEqual(await use('b'), {})
  await refused(
    allow({ redrivePermission: 'byQueue' }),
    'InvalidParameterValueException',
    /one or more sourceQueueArns/,
  )
  await refused(allow({ redrivePermission: 'perhaps' }), 'InvalidAttributeValue', /unsupported format/)
  const sourceQueueArns = Array.from({ length: 11 }, (_, at) => arnOf(`q${at}`))
  await refused(allow({ redrivePermission: 'byQueue', sourceQueueArns }), 'InvalidParameterValueException', /up to 10/)
  await refused(
    allow({ redrivePermission: 'denyAll', sourceQueueArns }),
    'InvalidParameterValueException',
    /to byQueue/,
  )
})

test('message attributes have no lists, and one system attribute is known', async () => {
  await cloud.sqs.ensureQueue('q', {})
  const send = (more: object) => ask('SendMessage', 'q', { MessageBody: 'x', ...more })
  const list = { DataType: 'String', StringListValues: ['a'] }
  await refused(send({ MessageAttributes: { list } }), 'UnsupportedOperation', /list of values/)
  const value = { DataType: 'String', StringValue: 'Root=1' }
  assert.ok((await send({ MessageSystemAttributes: { AWSTraceHeader: value } })).MessageId)
  await refused(send({ MessageSystemAttributes: { Other: value } }), 'InvalidParameterValueException', /Other/)
})

test('a receive of a FIFO queue is answered again under its attempt id, until something of it changed', async () => {
  await cloud.sqs.ensureQueue('q.fifo', {
    FifoQueue: 'true',
    ContentBasedDeduplication: 'true',
    VisibilityTimeout: '30',
  })
  for (const body of ['a1', 'a2', 'b1']) await cloud.sqs.send('q.fifo', body, { groupId: body.slice(0, 1) })
  const receive = (ReceiveRequestAttemptId: string) =>
    cloud.receive('q.fifo', { ReceiveRequestAttemptId, MaxNumberOfMessages: 2 })
  const first = await receive('one')
  assert.deepEqual(
    first.map(({ Body }) => Body),
    ['a1', 'a2'],
  )
  await cloud.clock.advance(20_000)
  assert.deepEqual(await receive('one'), first)
  // Hidden anew by that.
  await cloud.clock.advance(20_000)
  assert.deepEqual(await receive('one'), first)
  assert.deepEqual(
    (await receive('two')).map(({ Body }) => Body),
    ['b1'],
  )
  await ask('DeleteMessage', 'q.fifo', { ReceiptHandle: first[0]?.ReceiptHandle })
  assert.deepEqual(await receive('one'), [])
  await refused(
    ask('ReceiveMessage', 'q.fifo', { ReceiveRequestAttemptId: 'a b' }),
    'InvalidParameterValueException',
    /ReceiveRequestAttemptId/,
  )
})

test('no more than 120,000 messages are in flight: standard queues say so, long polls and FIFO queues find nothing', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sqs-'))
  const start = Date.UTC(2026, 0, 1)
  const store = openStore(directory)
  const clock = startClock('virtual', start)
  const filled = openSqs({ store, clock, directory })
  await filled.ensureQueue('q', {})
  await filled.ensureQueue('q.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' })
  // What 119,999 receives would leave behind, of which the limit counts only when it ends.
  const lanes = ['q', 'q.fifo'].map((name) => store.get<Queue>(queueKey(name))?.lane ?? 0)
  await store.commit((writer) => {
    for (const lane of lanes)
      for (let number = 0; number < 119_999; number++) writer.put(dueKey(lane, start + 60_000, number), 0)
  })
  clock.stop()
  await store.close()
  await cloud.close()
  cloud = await open(directory, start)
  for (const body of ['a', 'b', 'c']) {
    await cloud.sqs.send('q', body)
    await cloud.sqs.send('q.fifo', body, { groupId: body })
  }
  assert.equal((await cloud.receive('q')).length, 1)
  assert.equal((await cloud.receive('q.fifo')).length, 1)
  await refused(ask('ReceiveMessage', 'q'), 'OverLimit', /in flight/)
  assert.deepEqual(await ask('ReceiveMessage', 'q.fifo'), {})
  const poll = ask('ReceiveMessage', 'q', { WaitTimeSeconds: 1 })
  await sleep(20)
  await cloud.clock.advance(1000)
  assert.deepEqual(await poll, {})
})

test('a client that goes away during a long poll takes no message, and the next one has it as if it were the first', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sqs-'))
  const store = openStore(directory)
  const clock = startClock()
  const service = openSqs({ store, clock, directory })
  await service.ensureQueue('q', {})
  const wire = await openWire(0)
  wire.serve({ services: new Map([['sqs', service]]), heard: () => undefined, denied: () => undefined })
  const call = (input: object) => {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ReceiveMessage' }
    const client = request(wire.endpoint, { method: 'POST', headers, agent: false })
    client.on('error', () => undefined)
    client.end(JSON.stringify({ QueueUrl: `${wire.endpoint}/000000000000/q`, ...input }))
    return client
  }
  for (const wait of [0, 50]) {
    const gone = Array.from({ length: 3 }, () => call({ WaitTimeSeconds: 20 }))
    await sleep(100)
    for (const client of gone) client.destroy()
    await sleep(wait)
    await service.send('q', 'one')
    const message = await until('the message', async () => (await service.receive('q', { max: 1 }))[0])
    assert.equal(message?.attributes.ApproximateReceiveCount, '1')
    await service.delete('q', [message.receiptHandle])
  }
  await wire.close()
  clock.stop()
  await store.close()
  await rm(directory, { recursive: true })
})
