// Recorded cases of S3 and SNS against `goblet dev` as it runs; the others stand in docs/parity.md with the test that has them.
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { PublishCommand } from '@aws-sdk/client-sns'
import { PurgeQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { type It, open } from '../checks/check.ts'
import { sns as snsChecks } from '../checks/sns.ts'
import { type Running, startTarget } from '../support/peers.ts'
import { readCases } from './cases.ts'
import { askFilter, askS3, type CloudCase } from './cloud-cases.ts'
import { isAsked } from './parity.ts'

const cases: readonly CloudCase[] = JSON.parse(JSON.stringify(readCases('contract-cloud')))
const of = (service: string) => cases.filter((one) => one.service === service)

let goblet: Running
let it: It & Disposable
before(async () => {
  goblet = await startTarget('goblet')
  it = open(goblet.endpoint)
})
after(async () => {
  it[Symbol.dispose]()
  await goblet.stop()
})

describe('S3', () => {
  for (const one of of('s3').filter(isAsked)) test(one.id, () => askS3(it, one))
})

describe('filters of SNS, by Publish', { concurrency: 4 }, () => {
  for (const one of of('sns.filter')) test(one.id, () => askFilter(it, one))
})

const check = (id: string) => () => snsChecks[id]?.(it) ?? assert.fail(`there is no check ${id}`)

test('sns-sqs-raw', check('sns-raw'))
test('sns-body-scope-nonjson', check('sns-body-or'))
test('sns-redrive', check('sns-redrive'))

/** What the recorded case says of the queue's refusal: the code of the old protocol stands in a header. */
async function refusedAs(id: string, operation: string, input: object): Promise<void> {
  const answer = await fetch(goblet.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
    body: JSON.stringify(input),
  })
  const { code, message = '', messageContains = '' } = cases.find((one) => one.id === id)?.expect ?? {}
  assert.equal(answer.status, code.endsWith('PurgeQueueInProgress') ? 403 : 400)
  assert.equal(answer.headers.get('x-amzn-query-error'), `${code};Sender`)
  const { message: told }: { message?: string } = JSON.parse(await answer.text())
  const said = String(told)
  if (message !== '') assert.equal(said, message)
  assert.ok(said.includes(messageContains), said)
}

test('sqs-size-1mib', async () => {
  const { QueueUrl } = await it.queue()
  await refusedAs('sqs-size-1mib', 'SendMessage', { QueueUrl, MessageBody: 'x'.repeat(1_048_577) })
})

test('sqs-batch-20', async () => {
  const { QueueUrl } = await it.queue()
  const Entries = Array.from({ length: 20 }, (_, at) => ({ Id: `${at}`, MessageBody: 'x' }))
  await refusedAs('sqs-batch-20', 'SendMessageBatch', { QueueUrl, Entries })
})

test('sqs-fifo-no-group', async () => {
  const { QueueUrl } = await it.fifo()
  await refusedAs('sqs-fifo-no-group', 'SendMessage', { QueueUrl, MessageBody: 'x' })
})

test('sqs-purge-twice', async () => {
  const { QueueUrl } = await it.queue()
  await it.sqs.send(new PurgeQueueCommand({ QueueUrl }))
  await refusedAs('sqs-purge-twice', 'PurgeQueue', { QueueUrl })
})

test('sqs-long-poll', async () => {
  const { QueueUrl } = await it.queue()
  const poll = it.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }))
  await sleep(1000)
  const sent = performance.now()
  await it.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))
  assert.equal((await poll).Messages?.[0]?.Body, 'x')
  assert.ok(performance.now() - sent < 1000)
})

test('sns-fifo-topic-to-std-sqs', async () => {
  const Attributes = { FifoTopic: 'true', ContentBasedDeduplication: 'true' }
  const TopicArn = await it.topic({ Name: `${it.name()}.fifo`, Attributes })
  const queue = await it.queue()
  await it.subscribe(TopicArn, queue, { RawMessageDelivery: 'true' })
  await it.sns.send(new PublishCommand({ TopicArn, Message: 'x', MessageGroupId: 'g' }))
  assert.equal((await it.receive(queue))[0]?.Body, 'x')
})

test('sec-json-deep: 100,000 nested arrays are refused, and the process lives', async () => {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ListQueues' }
  const body = '['.repeat(100_000) + ']'.repeat(100_000)
  const { status } = await fetch(goblet.endpoint, { method: 'POST', headers, body })
  assert.ok([200, 400, 413].includes(status), String(status))
  await it.bucket()
})

test('sec-smuggling-te-cl: two lengths are refused', async () => {
  const { port, host } = new URL(goblet.endpoint)
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.write(
        `POST / HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n`,
      ),
    )
    socket.once('data', (chunk) => {
      resolve(String(chunk))
      socket.destroy()
    })
    socket.once('error', reject)
  })
  assert.match(answer, /^HTTP\/1.1 400 /)
})

test('sec-remote-invoke-arn: a function of another account is not there', async () => {
  const arn = encodeURIComponent('arn:aws:lambda:us-east-1:999999999999:function:other')
  const { status } = await fetch(`${goblet.endpoint}/2015-03-31/functions/${arn}/invocations`, { method: 'POST' })
  assert.equal(status, 404)
})
