// The local SQS as its clients see it: SDK v3, and raw requests in both protocols.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs'
import { startClock } from '../../src/local/clock.ts'
import { openSqs } from '../../src/local/services/sqs/index.ts'
import { openStore, type Store } from '../../src/local/store.ts'
import { type Served, serve } from '../support/serve.ts'

let directory: string
let store: Store
let served: Served
let client: SQSClient
const clock = startClock()

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sqs-'))
  store = openStore(directory)
  served = await serve(openSqs({ store, clock, directory }))
  client = new SQSClient({
    endpoint: served.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'goblet', secretAccessKey: 'goblet' },
    maxAttempts: 1,
  })
})

after(async () => {
  client.destroy()
  await served.close()
  clock.stop()
  await store.close()
  await rm(directory, { recursive: true })
})

let made = 0
async function queue(attributes: Partial<Record<QueueAttributeName, string>> = {}): Promise<string> {
  const name = `queue-${++made}${attributes.FifoQueue === 'true' ? '.fifo' : ''}`
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }))
  assert.equal(QueueUrl, `${served.endpoint}/000000000000/${name}`)
  return QueueUrl
}
const send = (QueueUrl: string, MessageBody: string, more: object = {}) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }))
const receive = async (QueueUrl: string, more: object = {}) =>
  (await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }))).Messages ?? []
const attributesOf = async (QueueUrl: string, ...names: QueueAttributeName[]) =>
  (await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: names }))).Attributes ?? {}
const refusal = (name: string, message: string | RegExp) => (error: Error) => {
  assert.equal(error.name, name)
  if (typeof message === 'string') assert.equal(error.message, message)
  else assert.match(error.message, message)
  return true
}

interface Case {
  readonly id: string
  readonly expect: { readonly code?: string; readonly message?: string; readonly messageContains?: string }
}
const cases: Case[] = JSON.parse(await readFile(new URL('../cases/sqs.json', import.meta.url), 'utf8')).cases
function expected(id: string): Case['expect'] {
  const found = cases.find((one) => one.id === id)
  assert.ok(found)
  return found.expect
}

test('a message goes through: sent, received with its attributes, deleted', async () => {
  const url = await queue()
  const MessageAttributes = {
    General: { DataType: 'String', StringValue: 'Kenobi' },
    Hello: { DataType: 'String', StringValue: 'There' },
    'Help.Me': { DataType: 'String', StringValue: 'Me' },
  }
  const sent = await send(url, 'msg', { MessageAttributes })
  // Digests as AWS gave them for this message (recorded).
  assert.equal(sent.MD5OfMessageBody, '6e2baaf3b97dbeef01c0043275f9a0e7')
  assert.equal(sent.MD5OfMessageAttributes, '4c360f3fdafd970e05fae2f149d997f5')
  const take = async (names?: string[]) =>
    (await receive(url, { MessageAttributeNames: names, VisibilityTimeout: 0 }))[0]
  assert.equal((await take())?.MessageAttributes, undefined)
  assert.deepEqual((await take(['All']))?.MessageAttributes, MessageAttributes)
  assert.equal((await take(['.*']))?.MD5OfMessageAttributes, '4c360f3fdafd970e05fae2f149d997f5')
  assert.equal((await take(['Hello', 'General']))?.MD5OfMessageAttributes, 'fca026605781cb4126a1e9044df24232')
  assert.equal((await take(['Hello', 'nothing']))?.MD5OfMessageAttributes, 'a311262e065454b75da111d535b8dacd')
  assert.equal((await take(['Hel.*']))?.MD5OfMessageAttributes, '83fee93c1bcd8b9a5a923ffacdc636c7')
  const [last] = await receive(url, { MessageSystemAttributeNames: ['All'] })
  assert.equal(last?.MessageId, sent.MessageId)
  assert.equal(last?.Attributes?.ApproximateReceiveCount, '7')
  assert.deepEqual(Object.keys(last?.Attributes ?? {}).sort(), [
    'ApproximateFirstReceiveTimestamp',
    'ApproximateReceiveCount',
    'SenderId',
    'SentTimestamp',
  ])
  await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: last?.ReceiptHandle }))
  const counts = await attributesOf(url, 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible')
  assert.deepEqual(counts, { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' })
})

test('binary attributes and trace headers keep their bytes', async () => {
  const url = await queue()
  const BinaryValue = Buffer.from('traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01')
  const sent = await send(url, 'test', {
    MessageAttributes: { attr1: { DataType: 'Binary', BinaryValue } },
    MessageSystemAttributes: {
      AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-5759e988-bd862e3fe1be46a994272793' },
    },
  })
  assert.equal(sent.MD5OfMessageAttributes, '8cbe4db156db8a94db8b801b7addb984')
  assert.ok(sent.MD5OfMessageSystemAttributes)
  const [message] = await receive(url, { MessageAttributeNames: ['All'], AttributeNames: ['AWSTraceHeader'] })
  assert.deepEqual(Buffer.from(message?.MessageAttributes?.attr1?.BinaryValue ?? []), BinaryValue)
  assert.deepEqual(message?.Attributes, { AWSTraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793' })
})

test('queues are created, listed in pages, tagged, changed and deleted', async () => {
  const url = await queue({ VisibilityTimeout: '20', DelaySeconds: '1' })
  const QueueName = url.split('/').at(-1)
  const again = (Attributes: object) => client.send(new CreateQueueCommand({ QueueName, Attributes }))
  assert.equal((await again({})).QueueUrl, url)
  assert.equal((await again({ DelaySeconds: '1' })).QueueUrl, url)
  await assert.rejects(
    again({ DelaySeconds: '2' }),
    refusal(
      'QueueNameExists',
      'A queue already exists with the same name and a different value for attribute DelaySeconds',
    ),
  )
  assert.equal((await client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl, url)
  const all = await attributesOf(url, 'All')
  assert.equal(all.VisibilityTimeout, '20')
  assert.equal(all.MaximumMessageSize, '1048576')
  assert.equal(all.SqsManagedSseEnabled, 'true')
  assert.equal(all.QueueArn, `arn:aws:sqs:us-east-1:000000000000:${QueueName}`)
  await client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { VisibilityTimeout: '69' } }))
  assert.deepEqual(await attributesOf(url, 'VisibilityTimeout'), { VisibilityTimeout: '69' })
  await client.send(new TagQueueCommand({ QueueUrl: url, Tags: { tag1: 'value1', tag2: 'value2', tag3: '' } }))
  await client.send(new UntagQueueCommand({ QueueUrl: url, TagKeys: ['tag1', 'tag3'] }))
  assert.deepEqual((await client.send(new ListQueueTagsCommand({ QueueUrl: url }))).Tags, { tag2: 'value2' })
  for (const name of ['page-a', 'page-b', 'page-c']) await client.send(new CreateQueueCommand({ QueueName: name }))
  const first = await client.send(new ListQueuesCommand({ QueueNamePrefix: 'page-', MaxResults: 2 }))
  assert.equal(first.QueueUrls?.length, 2)
  const rest = await client.send(
    new ListQueuesCommand({ QueueNamePrefix: 'page-', MaxResults: 2, NextToken: first.NextToken }),
  )
  assert.deepEqual(rest.QueueUrls, [`${served.endpoint}/000000000000/page-c`])
  assert.equal(rest.NextToken, undefined)
  await send(url, 'lost')
  await client.send(new DeleteQueueCommand({ QueueUrl: url }))
  await assert.rejects(send(url, 'x'), refusal('QueueDoesNotExist', 'The specified queue does not exist.'))
  await assert.rejects(
    client.send(new CreateQueueCommand({ QueueName })),
    refusal('QueueDeletedRecently', /You must wait 60 seconds after deleting a queue/),
  )
  await clock.advance(60_000)
  assert.deepEqual(
    await receive(await client.send(new CreateQueueCommand({ QueueName })).then((a) => String(a.QueueUrl))),
    [],
  )
})

test('queue attributes are checked in the words of AWS', async () => {
  const create = (QueueName: string, Attributes: object) =>
    client.send(new CreateQueueCommand({ QueueName, Attributes }))
  const fifo = await queue({ FifoQueue: 'true' })
  const standard = await queue()
  const set = (QueueUrl: string, Attributes: object) =>
    client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }))
  await assert.rejects(create('a b', {}), refusal('InvalidParameterValue', /Can only include alphanumeric/))
  await assert.rejects(create('x.fifo', {}), refusal('InvalidParameterValue', /Can only include alphanumeric/))
  await assert.rejects(
    create('x', { FifoQueue: 'true' }),
    refusal('InvalidParameterValue', /must end with .fifo suffix/),
  )
  await assert.rejects(
    set(standard, { FifoQueue: 'true' }),
    refusal('InvalidAttributeName', 'Unknown Attribute FifoQueue.'),
  )
  await assert.rejects(
    set(fifo, { FifoQueue: 'false' }),
    refusal(
      'InvalidAttributeValue',
      'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
    ),
  )
  await assert.rejects(
    set(standard, { VisibilityTimeout: '43201' }),
    refusal('InvalidAttributeValue', /VisibilityTimeout/),
  )
  await assert.rejects(set(standard, { Nonsense: '1' }), refusal('InvalidAttributeName', 'Unknown Attribute Nonsense.'))
  const RedrivePolicy = '{"deadLetterTargetArn": "dummy", "maxReceiveCount": 42}'
  await assert.rejects(
    set(standard, { RedrivePolicy }),
    refusal(
      'InvalidParameterValue',
      `Value ${RedrivePolicy} for parameter RedrivePolicy is invalid. Reason: Invalid value for deadLetterTargetArn.`,
    ),
  )
  const wrongKind = JSON.stringify({
    deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${fifo.split('/').at(-1)}`,
    maxReceiveCount: 1,
  })
  await assert.rejects(
    set(standard, { RedrivePolicy: wrongKind }),
    refusal('InvalidParameterValue', /must be same type/),
  )
})

test('messages are checked: size, characters, attributes, ranges', async () => {
  const url = await queue()
  const tooBig = expected('sqs-size-1mib')
  await assert.rejects(send(url, 'a'.repeat(1_048_577)), refusal(String(tooBig.code), String(tooBig.message)))
  await send(url, 'a'.repeat(1_048_576))
  assert.equal((await receive(url))[0]?.Body?.length, 1_048_576)
  await assert.rejects(send(url, 'a\u0007'), refusal('InvalidMessageContents', /Invalid characters found/))
  await assert.rejects(
    send(url, ''),
    refusal('MissingParameter', 'The request must contain the parameter MessageBody.'),
  )
  await assert.rejects(
    send(url, 'x', { MessageAttributes: { ErrorDetails: { DataType: 'String', StringValue: '' } } }),
    refusal(
      'InvalidParameterValue',
      "Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.",
    ),
  )
  await assert.rejects(
    send(url, 'x', { DelaySeconds: 901 }),
    refusal('InvalidParameterValue', /DelaySeconds is invalid/),
  )
  await assert.rejects(send(url, 'x', { MessageDeduplicationId: 'a' }), refusal('InvalidParameterValue', /queue type/))
  await assert.rejects(
    receive(url, { MaxNumberOfMessages: 11 }),
    refusal(
      'InvalidParameterValue',
      'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ),
  )
  await assert.rejects(receive(url, { WaitTimeSeconds: 21 }), refusal('InvalidParameterValue', /WaitTimeSeconds/))
  await send(url, 'ünïcödé 🎉 \t\r\n <&> ')
  assert.equal((await receive(url))[0]?.Body, 'ünïcödé 🎉 \t\r\n <&> ')
  const small = await queue({ MaximumMessageSize: '1024' })
  await assert.rejects(send(small, 'a'.repeat(1025)), refusal('InvalidParameterValue', /shorter than 1024 bytes/))
})

test('batches: limits for all, errors for each', async () => {
  const url = await queue()
  const entries = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ Id: `id-${at}`, MessageBody: `m${at}` }))
  const sendBatch = (Entries: { Id: string; MessageBody: string; DelaySeconds?: number }[]) =>
    client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))
  const many = expected('sqs-batch-20')
  await assert.rejects(sendBatch(entries(20)), refusal('TooManyEntriesInBatchRequest', String(many.message)))
  await assert.rejects(sendBatch([]), refusal('EmptyBatchRequest', /at least one SendMessageBatchRequestEntry/))
  await assert.rejects(
    sendBatch([...entries(1), ...entries(1)]),
    refusal('BatchEntryIdsNotDistinct', 'Id id-0 repeated.'),
  )
  await assert.rejects(
    sendBatch([{ Id: 'invalid:id', MessageBody: 'x' }]),
    refusal('InvalidBatchEntryId', /at most 80 letters/),
  )
  const half = 'a'.repeat(524_289)
  await assert.rejects(
    sendBatch([
      { Id: '1', MessageBody: half },
      { Id: '2', MessageBody: half.slice(1) },
    ]),
    refusal('BatchRequestTooLong', 'Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.'),
  )
  const mixed = await sendBatch([...entries(3), { Id: 'bad', MessageBody: 'x\u0001' }])
  assert.deepEqual(
    mixed.Successful?.map(({ Id }) => Id),
    ['id-0', 'id-1', 'id-2'],
  )
  assert.deepEqual(
    mixed.Failed?.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault]),
    [['bad', 'InvalidMessageContents', true]],
  )
  const messages = await receive(url)
  assert.deepEqual(
    messages.map(({ Body }) => Body),
    ['m0', 'm1', 'm2'],
  )
  const handles = messages.map(({ ReceiptHandle }, at) => ({ Id: `${at}`, ReceiptHandle }))
  const shown = await client.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl: url,
      Entries: handles.map((one) => ({ ...one, VisibilityTimeout: 0 })),
    }),
  )
  assert.equal(shown.Successful?.length, 3)
  const deleted = await client.send(
    new DeleteMessageBatchCommand({ QueueUrl: url, Entries: [...handles, { Id: 'x', ReceiptHandle: 'garbage' }] }),
  )
  assert.deepEqual(
    deleted.Successful?.map(({ Id }) => Id),
    ['0', '1', '2'],
  )
  assert.deepEqual(
    deleted.Failed?.map(({ Id, Code }) => [Id, Code]),
    [['x', 'ReceiptHandleIsInvalid']],
  )
  assert.deepEqual(await receive(url), [])
})

test('receipt handles: garbage and those of another queue are refused, deleted ones are not', async () => {
  const [url, other] = [await queue(), await queue()]
  await send(url, 'one')
  const [message] = await receive(url)
  const remove = (QueueUrl: string, ReceiptHandle: string | undefined) =>
    client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
  const handle = message?.ReceiptHandle
  await assert.rejects(
    remove(url, 'garbage'),
    refusal('ReceiptHandleIsInvalid', 'The input receipt handle "garbage" is not a valid receipt handle.'),
  )
  await assert.rejects(remove(other, handle), refusal('ReceiptHandleIsInvalid', /not a valid/))
  await remove(url, handle)
  await remove(url, handle)
  await assert.rejects(
    client.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: handle, VisibilityTimeout: 1 })),
    refusal('InvalidParameterValue', /Message does not exist or is not available for visibility timeout change/),
  )
})

test('a purge empties the queue, once a minute', async () => {
  const url = await queue()
  await send(url, 'one')
  await client.send(new PurgeQueueCommand({ QueueUrl: url }))
  assert.deepEqual(await receive(url), [])
  assert.equal((await attributesOf(url, 'ApproximateNumberOfMessages')).ApproximateNumberOfMessages, '0')
  await assert.rejects(client.send(new PurgeQueueCommand({ QueueUrl: url })), (error: Error) => {
    assert.ok(error.message.includes(String(expected('sqs-purge-twice').messageContains)))
    return refusal('PurgeQueueInProgress', /Only one PurgeQueue operation on queue-\d+ is/)(error)
  })
  await send(url, 'two')
  assert.equal((await receive(url))[0]?.Body, 'two')
})

test('a long poll answers at the arrival, one poller for each message', async () => {
  const url = await queue()
  const started = Date.now()
  const polls = [receive(url, { WaitTimeSeconds: 20 }), receive(url, { WaitTimeSeconds: 20 })]
  setTimeout(() => void send(url, 'first'), 300)
  setTimeout(() => void send(url, 'second'), 600)
  const bodies = (await Promise.all(polls)).map(([message]) => message?.Body)
  assert.deepEqual(bodies.sort(), ['first', 'second'])
  assert.ok(Date.now() - started < 2000)
  assert.deepEqual(await receive(url, { WaitTimeSeconds: 1 }), [])
})

test('FIFO queues ask for group and deduplication', async () => {
  const url = await queue({ FifoQueue: 'true' })
  const group = expected('sqs-fifo-no-group')
  await assert.rejects(
    send(url, 'x', { MessageDeduplicationId: 'd' }),
    refusal(String(group.code), String(group.message)),
  )
  const words =
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly'
  await assert.rejects(send(url, 'x', { MessageGroupId: 'g' }), refusal('InvalidParameterValue', words))
  await assert.rejects(
    client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: [{ Id: '1', MessageBody: 'x', MessageDeduplicationId: 'd' }],
      }),
    ),
    refusal('InvalidParameterValue', 'The request must contain the parameter MessageGroupId.'),
  )
  await assert.rejects(
    send(url, 'x', { MessageGroupId: 'g', MessageDeduplicationId: 'd', DelaySeconds: 2 }),
    refusal(
      'InvalidParameterValue',
      'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
    ),
  )
  const sent = await send(url, 'message-body-1', { MessageGroupId: 'group-1', MessageDeduplicationId: 'dedup-1' })
  assert.match(String(sent.SequenceNumber), /^\d{20}$/)
  const [message] = await receive(url, { AttributeNames: ['All'] })
  assert.equal(message?.MD5OfBody, '19c9e282d65f9733bc6b35d50062c7ee')
  assert.equal(message?.Attributes?.SequenceNumber, sent.SequenceNumber)
  assert.equal(message?.Attributes?.MessageGroupId, 'group-1')
  assert.equal(message?.Attributes?.MessageDeduplicationId, 'dedup-1')
})

test('dead-letter queues know their sources', async () => {
  const dead = await queue()
  const deadLetterTargetArn = (await attributesOf(dead, 'QueueArn')).QueueArn
  const source = await queue({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: '1' }) })
  const { queueUrls } = await client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }))
  assert.deepEqual(queueUrls, [source])
  await send(source, 'poison')
  const [first] = await receive(source, { VisibilityTimeout: 0 })
  assert.deepEqual(await receive(source), [])
  const [moved] = await receive(dead, { AttributeNames: ['All'] })
  assert.equal(moved?.MessageId, first?.MessageId)
  assert.equal(
    moved?.Attributes?.DeadLetterQueueSourceArn,
    `arn:aws:sqs:us-east-1:000000000000:${source.split('/').at(-1)}`,
  )
})

const form = async (path: string, fields: Record<string, string>) => {
  const answer = await fetch(`${served.endpoint}${path}`, { method: 'POST', body: new URLSearchParams(fields) })
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
}

test('the query protocol: form in, XML out', async () => {
  const created = await form('/', {
    Action: 'CreateQueue',
    QueueName: 'old',
    'Attribute.1.Name': 'DelaySeconds',
    'Attribute.1.Value': '0',
    'Tag.1.Key': 'a',
    'Tag.1.Value': 'b',
  })
  assert.equal(created.type, 'text/xml')
  assert.match(
    created.text,
    /<CreateQueueResponse xmlns="http:\/\/queue.amazonaws.com\/doc\/2012-11-05\/"><CreateQueueResult><QueueUrl>.*\/000000000000\/old<\/QueueUrl><\/CreateQueueResult><ResponseMetadata><RequestId>.+<\/RequestId>/,
  )
  const sent = await form('/000000000000/old', {
    Action: 'SendMessageBatch',
    'SendMessageBatchRequestEntry.1.Id': 'one',
    'SendMessageBatchRequestEntry.1.MessageBody': 'a <b> & c',
    'SendMessageBatchRequestEntry.1.MessageAttribute.1.Name': 'Foo',
    'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType': 'String',
    'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.StringValue': 'Bar',
  })
  assert.match(
    sent.text,
    /<SendMessageBatchResultEntry><Id>one<\/Id><MessageId>[\da-f-]{36}<\/MessageId>.*<MD5OfMessageAttributes>ae7155c6026991b6d54b11589678bf9c</,
  )
  const got = await form('/000000000000/old/', {
    Action: 'ReceiveMessage',
    MaxNumberOfMessages: '10',
    'AttributeName.1': 'All',
    'MessageAttributeName.1': 'All',
  })
  assert.match(
    got.text,
    /<Message><MessageId>.*<Body>a &lt;b&gt; &amp; c<\/Body><Attribute><Name>SenderId<\/Name><Value>000000000000<\/Value><\/Attribute>/,
  )
  assert.match(
    got.text,
    /<MessageAttribute><Name>Foo<\/Name><Value><StringValue>Bar<\/StringValue><DataType>String<\/DataType><\/Value><\/MessageAttribute><\/Message>/,
  )
  const tags = await fetch(`${served.endpoint}/000000000000/old?Action=ListQueueTags`)
  assert.match(await tags.text(), /<Tag><Key>a<\/Key><Value>b<\/Value><\/Tag>/)
  const purged = await form('/000000000000/old', { Action: 'PurgeQueue' })
  assert.match(purged.text, /<PurgeQueueResponse xmlns="[^"]+"><ResponseMetadata>/)
  const missing = await form('/', { Action: 'SendMessage', QueueUrl: 'http://elsewhere/1/none', MessageBody: 'x' })
  assert.equal(missing.status, 400)
  assert.match(
    missing.text,
    /<ErrorResponse .*<Error><Type>Sender<\/Type><Code>AWS.SimpleQueueService.NonExistentQueue<\/Code><Message>The specified queue does not exist for this wsdl version.<\/Message>/,
  )
  assert.match((await form('/', { Action: 'Nonsense' })).text, /<Code>InvalidAction<\/Code>/)
})

test('the JSON protocol on the wire: error names, headers, broken bodies', async () => {
  const post = async (operation: string, body: string) => {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` }
    const answer = await fetch(served.endpoint, { method: 'POST', headers, body })
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
  const gone = await post('GetQueueUrl', '{"QueueName":"none"}')
  assert.equal(gone.status, 400)
  assert.equal(gone.headers.get('x-amzn-query-error'), 'AWS.SimpleQueueService.NonExistentQueue;Sender')
  assert.deepEqual(JSON.parse(gone.text), {
    __type: 'com.amazonaws.sqs#QueueDoesNotExist',
    message: 'The specified queue does not exist.',
  })
  assert.match((await post('GetQueueUrl', '{')).text, /SerializationException/)
  assert.match((await post('GetQueueUrl', '{"QueueName":1}')).text, /SerializationException/)
  assert.match((await post('Nonsense', '{}')).text, /UnknownOperationException/)
  assert.match(
    (await post('SendMessage', `{"QueueUrl":"/000000000000/${'q'.repeat(3000)}","MessageBody":"x"}`)).text,
    /QueueDoesNotExist/,
  )
  assert.match(
    (await post('SendMessage', '{"QueueUrl":"/0/old","MessageBody":"\\ud800"}')).text,
    /InvalidMessageContents/,
  )
})
