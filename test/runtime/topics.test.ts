// Topics: what their functions are handed, and what their client sends.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { type TopicEvent, toTopicEvent } from '../../src/aws/events/topic.ts'
import { app, topic } from '../../src/index.ts'
import { wakeTopic } from '../../src/runtime/triggers/topic.ts'
import { CONTEXT } from '../support/event.ts'
import { toSchema } from '../support/schema.ts'
import { SHOP } from '../support/woken.ts'

const ARN = 'arn:aws:sns:us-east-1:123456789012:shop-dev-orders'

const toEvent = (...messages: readonly string[]): TopicEvent => ({
  Records: messages.flatMap((message, index) => {
    const attributes = { kind: { Type: 'String', Value: 'order' } }
    const seal = { signature: '', certificateUrl: '', unsubscribeUrl: '' }
    return toTopicEvent({ id: `id-${index}`, topicArn: ARN, message, time: 0, attributes }, `${ARN}:a`, seal).Records
  }),
})

describe('onMessage', () => {
  it('gives the handler the message and its record', async () => {
    const seen: unknown[] = []
    const orders = topic<{ id: number }>('orders')
    const mail = orders.onMessage({ memory: 256 }, ({ id }, { Sns }) =>
      seen.push(id, Sns.MessageAttributes.kind?.Value),
    )
    await wakeTopic(SHOP, mail)(toEvent('{"id":7}'), CONTEXT)
    assert.deepEqual(seen, [7, 'order'])
  })

  it('that throws fails the invocation, so that Lambda tries again', async () => {
    const failing = topic('orders').onMessage(() => Promise.reject(new RangeError('no')))
    await assert.rejects(wakeTopic(SHOP, failing)(toEvent('1'), CONTEXT), RangeError)
  })

  it('tries every record before it tells what failed', async () => {
    const seen: unknown[] = []
    const failing = topic<number>('orders').onMessage((message) => {
      seen.push(message)
      if (message !== 2) throw new RangeError(`no ${message}`)
    })
    await assert.rejects(
      wakeTopic(SHOP, failing)(toEvent('1', '2', '3'), CONTEXT),
      /2 of 3 failed: RangeError: no 1; RangeError: no 3/,
    )
    assert.deepEqual(seen, [1, 2, 3])
  })

  it('fails a message that is not JSON, and one that the schema refuses, naming every problem', async () => {
    const positive = toSchema((value) => (Number(value) > 0 ? Number(value) : 'must be positive'))
    const seen: number[] = []
    const checked = topic('orders', { schema: positive.within('n') }).onMessage(({ n }) => seen.push(n))
    const run = wakeTopic(SHOP, checked)
    await run(toEvent('{"n":"3"}'), CONTEXT)
    assert.deepEqual(seen, [3])
    await assert.rejects(
      run(toEvent('{"n":-1}'), CONTEXT),
      /TypeError: It does not match its schema: message\.n: must be positive/,
    )
    await assert.rejects(run(toEvent('hello'), CONTEXT), /It is not JSON, as this topic's messages are: hello/)
  })

  it('has the middleware of the app around it, which knows its kind', async () => {
    const kinds: string[] = []
    const shop = app('shop', {
      use: [
        (input, next) => {
          kinds.push(input.kind)
          return next()
        },
      ],
    })
    await wakeTopic(
      shop,
      topic('orders').onMessage(() => undefined),
    )(toEvent('1'), CONTEXT)
    assert.deepEqual(kinds, ['topic'])
  })
})

describe('the client', () => {
  const asked: Record<string, string>[] = []
  let answer = { status: 200, body: '' }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    assert.match(request.headers.authorization ?? '', /^AWS4-HMAC-SHA256 .*\/sns\/aws4_request/)
    asked.push(Object.fromEntries(new URLSearchParams(body)))
    response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body)
  })
  const saved = { ...process.env }
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    Object.assign(process.env, {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      GOBLET_PREFIX: 'shop-dev-',
      GOBLET_ACCOUNT: '123456789012',
      AWS_ENDPOINT_URL_SNS: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    })
  })
  after(() => {
    process.env = saved
    server.closeAllConnections()
    server.close()
  })

  it('publishes a message as JSON, with its subject and attributes', async () => {
    answer = {
      status: 200,
      body: '<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>',
    }
    const orders = topic<{ id: string }>('orders')
    assert.equal(orders.arn, 'arn:aws:sns:us-east-1:123456789012:shop-dev-orders')
    const sent = await orders.publish(
      { id: 'ä &=+' },
      { subject: 'New', attributes: { kind: 'order', total: 3, tags: ['a', null], raw: new Uint8Array([1, 2]) } },
    )
    assert.deepEqual(sent, { messageId: 'm-1' })
    assert.deepEqual(asked.pop(), {
      Action: 'Publish',
      Version: '2010-03-31',
      TopicArn: orders.arn,
      Message: '{"id":"ä &=+"}',
      Subject: 'New',
      'MessageAttributes.entry.1.Name': 'kind',
      'MessageAttributes.entry.1.Value.DataType': 'String',
      'MessageAttributes.entry.1.Value.StringValue': 'order',
      'MessageAttributes.entry.2.Name': 'total',
      'MessageAttributes.entry.2.Value.DataType': 'Number',
      'MessageAttributes.entry.2.Value.StringValue': '3',
      'MessageAttributes.entry.3.Name': 'tags',
      'MessageAttributes.entry.3.Value.DataType': 'String.Array',
      'MessageAttributes.entry.3.Value.StringValue': '["a",null]',
      'MessageAttributes.entry.4.Name': 'raw',
      'MessageAttributes.entry.4.Value.DataType': 'Binary',
      'MessageAttributes.entry.4.Value.BinaryValue': 'AQI=',
    })
  })

  it('publishes batches of ten, and rejects with what was refused', async () => {
    const row = (id: number) => `<member><Id>${id}</Id><MessageId>m-${id}</MessageId></member>`
    answer = {
      status: 200,
      body: `<PublishBatchResponse><PublishBatchResult><Successful>${row(0)}</Successful><Failed><member><Id>1</Id><Code>Bad</Code><Message>no</Message></member></Failed></PublishBatchResult></PublishBatchResponse>`,
    }
    asked.length = 0
    const orders = topic<number>('orders', { fifo: true, contentBasedDeduplication: false })
    const numbers = Array.from({ length: 12 }, (_, index) => index)
    await assert.rejects(
      orders.publishBatch(numbers, { group: 'g', dedup: 'd' }),
      /2 of 12 messages were refused: message 1: Bad no/,
    )
    assert.equal(asked.length, 2)
    const [first, second] = asked
    assert.equal(first?.['PublishBatchRequestEntries.member.10.Message'], '9')
    assert.equal(first?.['PublishBatchRequestEntries.member.1.MessageGroupId'], 'g')
    assert.equal(first?.['PublishBatchRequestEntries.member.1.MessageDeduplicationId'], 'd')
    assert.equal(second?.['PublishBatchRequestEntries.member.2.Id'], '11')
    assert.equal(second?.TopicArn, 'arn:aws:sns:us-east-1:123456789012:shop-dev-orders.fifo')
  })

  it('throws what AWS refuses, and never sends what the schema refuses', async () => {
    answer = {
      status: 404,
      body: '<ErrorResponse><Error><Type>Sender</Type><Code>NotFound</Code><Message>Topic does not exist</Message></Error></ErrorResponse>',
    }
    await assert.rejects(topic('orders').publish(1), { name: 'AwsError', code: 'NotFound', status: 404 })
    asked.length = 0
    const checked = topic('orders', { schema: toSchema(() => 'never').later })
    await assert.rejects(checked.publish(1 as never), /TypeError: It does not match its schema: message: never/)
    await assert.rejects(checked.publishBatch([1 as never]), /does not match/)
    assert.deepEqual(asked, [])
    await assert.rejects(topic('orders').publish(undefined), /A undefined cannot be sent/)
  })
})
