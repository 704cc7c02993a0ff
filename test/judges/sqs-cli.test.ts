// The local SQS as the aws CLI and boto3 see it.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { startClock } from '../../src/local/clock.ts'
import { openSqs } from '../../src/local/services/sqs/index.ts'
import { openStore, type Store } from '../../src/local/store.ts'
import { missing } from '../support/judge.ts'
import { type Served, serve } from '../support/serve.ts'

let directory: string
let store: Store
let served: Served
const clock = startClock()

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sqs-'))
  store = openStore(directory)
  served = await serve(openSqs({ store, clock, directory }))
})

after(async () => {
  await served.close()
  clock.stop()
  await store.close()
  await rm(directory, { recursive: true })
})

const run = promisify(execFile)
const environment = () => ({
  PATH: process.env.PATH,
  HOME: directory,
  AWS_ENDPOINT_URL: served.endpoint,
  AWS_ACCESS_KEY_ID: 'goblet',
  AWS_SECRET_ACCESS_KEY: 'goblet',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_MAX_ATTEMPTS: '1',
})
async function aws(...args: string[]) {
  // The CLI's first line ignores AWS_ENDPOINT_URL for SQS alone (its overridesslcommonname customization).
  const { stdout } = await run('aws', ['--endpoint-url', served.endpoint, 'sqs', ...args, '--output', 'json'], {
    env: environment(),
    timeout: 60_000,
  })
  return stdout === '' ? {} : JSON.parse(stdout)
}

test('the aws CLI: a message from queue to hand and away', { skip: missing('aws') }, async () => {
  const { QueueUrl: url } = await aws(
    'create-queue',
    '--queue-name',
    'cli',
    '--attributes',
    'VisibilityTimeout=5',
    '--tags',
    'a=b',
  )
  const there = ['--queue-url', url]
  const attributes = JSON.stringify({ kind: { DataType: 'Number', StringValue: '42' } })
  const sent = await aws('send-message', ...there, '--message-body', 'hello', '--message-attributes', attributes)
  const { Messages } = await aws(
    'receive-message',
    ...there,
    '--message-attribute-names',
    'All',
    '--wait-time-seconds',
    '1',
  )
  assert.equal(Messages[0].MessageId, sent.MessageId)
  assert.deepEqual(Messages[0].MessageAttributes, { kind: { StringValue: '42', DataType: 'Number' } })
  await aws('delete-message', ...there, '--receipt-handle', Messages[0].ReceiptHandle)
  const { Attributes } = await aws('get-queue-attributes', ...there, '--attribute-names', 'All')
  assert.equal(Attributes.ApproximateNumberOfMessages, '0')
  assert.equal(Attributes.VisibilityTimeout, '5')
  assert.deepEqual((await aws('list-queue-tags', ...there)).Tags, { a: 'b' })
  await assert.rejects(aws('get-queue-url', '--queue-name', 'none'), (error: Error) => {
    assert.match(error.message, /\(AWS.SimpleQueueService.NonExistentQueue\).*The specified queue does not exist/)
    return true
  })
  await aws('delete-queue', ...there)
})

// boto3 checks the digest of every message and attribute it receives, and raises when one is wrong.
const PROGRAM = `
import boto3, json
from botocore.exceptions import ClientError
sqs = boto3.client('sqs')
url = sqs.create_queue(QueueName='boto.fifo', Attributes={'FifoQueue': 'true', 'ContentBasedDeduplication': 'true'})['QueueUrl']
values = {'text': {'DataType': 'String', 'StringValue': 'ünïcödé'}, 'bytes': {'DataType': 'Binary', 'BinaryValue': bytes(range(256))}, 'B.2': {'DataType': 'Number.int', 'StringValue': '7'}}
sent = sqs.send_message_batch(QueueUrl=url, Entries=[{'Id': str(i), 'MessageBody': 'body %d 🎉' % i, 'MessageGroupId': 'g', 'MessageAttributes': values} for i in range(5)])
assert len(sent['Successful']) == 5 and 'Failed' not in sent, sent
got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=['All'], AttributeNames=['All'])['Messages']
assert [m['Body'] for m in got] == ['body %d 🎉' % i for i in range(5)]
assert got[0]['MessageAttributes'] == values, got[0]
done = sqs.delete_message_batch(QueueUrl=url, Entries=[{'Id': str(i), 'ReceiptHandle': m['ReceiptHandle']} for i, m in enumerate(got)])
assert len(done['Successful']) == 5
assert 'Messages' not in sqs.receive_message(QueueUrl=url) or sqs.receive_message(QueueUrl=url)['Messages'] == []
def refused(code, query, call, **arguments):
    try:
        call(QueueUrl=url, **arguments)
    except ClientError as error:
        found = error.response['Error']
        assert (found['Code'], found.get('QueryErrorCode')) == (code, query), found
    else:
        raise AssertionError(code)
# Codes as recorded from AWS by this client.
refused('MissingParameter', 'MissingRequiredParameterException', sqs.send_message, MessageBody='x', MessageDeduplicationId='d')
refused('AWS.SimpleQueueService.TooManyEntriesInBatchRequest', 'TooManyEntriesInBatchRequest', sqs.delete_message_batch, Entries=[{'Id': str(i), 'ReceiptHandle': 'x'} for i in range(20)])
refused('ReceiptHandleIsInvalid', 'ReceiptHandleIsInvalid', sqs.delete_message, ReceiptHandle='garbage')
refused('InvalidParameterValue', 'InvalidParameterValueException', sqs.receive_message, MaxNumberOfMessages=11)
print(json.dumps({'pages': sum(len(page.get('QueueUrls', [])) for page in sqs.get_paginator('list_queues').paginate(PaginationConfig={'PageSize': 1}))}))
`

test('boto3: batches, every kind of attribute, digests, error codes, pages', { skip: missing('boto3') }, async () => {
  const { stdout } = await run('python3', ['-c', PROGRAM], { env: environment(), timeout: 60_000 })
  assert.deepEqual(JSON.parse(stdout), { pages: 1 })
})
