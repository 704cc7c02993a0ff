// What failed for good goes to a bucket: the records of asynchronous invocations, and of batches of a stream and a table.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis'
import {
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda'
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { startClock } from '../../src/local/clock.ts'
import { type Running, runApp } from '../support/cloud.ts'
import { toBucket, toStream, toStreamTrigger, toTable, toTableTrigger } from '../support/sources.ts'

const START = Date.UTC(2026, 1, 3, 4, 5, 6)
const MINUTE = 60_000
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const bucket = { kind: 'bucket', name: 'lost' } as const

const settings = { retries: 0, onFailure: bucket }
const resources = [toBucket('lost'), toStream('clicks'), toTable('notes')]
const triggers = [toStreamTrigger('reads', 'clicks', settings), toTableTrigger('hears', 'notes', settings)]
const fails = `export const handler = async () => { throw new Error('cannot do it') }`

let app: Running
let lambda: LambdaClient
let s3: S3Client
const options = () => ({
  endpoint: app.cloud.aws,
  region: 'us-east-1',
  credentials: { accessKeyId: 'goblet', secretAccessKey: 'goblet' },
  maxAttempts: 1,
})
before(async () => {
  const functions = {
    work: { code: fails, destinations: { success: undefined, failure: bucket } },
    told: fails,
    reads: fails,
    hears: fails,
  }
  app = await runApp({ functions, resources, triggers }, { clock: startClock('virtual', START) })
  lambda = new LambdaClient(options())
  s3 = new S3Client({ ...options(), forcePathStyle: true })
})
after(async () => {
  lambda.destroy()
  s3.destroy()
  await app[Symbol.asyncDispose]()
})

async function only(prefix: string): Promise<{ key: string; record: Record<string, Record<string, unknown>> }> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'test-dev-lost', Prefix: prefix }))
  assert.equal(Contents.length, 1, JSON.stringify(Contents))
  const Key = Contents[0]?.Key ?? ''
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'test-dev-lost', Key }))
  return { key: Key, record: JSON.parse((await Body?.transformToString()) ?? '') }
}

async function mappingOf(name: string): Promise<string> {
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: `test-dev-${name}` }),
  )
  const [mapping] = EventSourceMappings
  assert.equal(mapping?.DestinationConfig?.OnFailure?.Destination, 'arn:aws:s3:::test-dev-lost')
  assert.match(mapping?.EventSourceArn ?? '', /:stream\/test-dev-clicks$|:table\/test-dev-notes\/stream\/2026-/)
  return mapping?.UUID ?? ''
}

test('the record of an asynchronous invocation, under the function and the day', async () => {
  const Payload = '{"a":1}'
  await lambda.send(new InvokeCommand({ FunctionName: 'test-dev-work', InvocationType: 'Event', Payload }))
  await app.cloud.clock.advance(10 * MINUTE)
  const { key, record } = await only('aws/lambda/async/')
  // After a minute and two more.
  assert.match(key, new RegExp(`^aws/lambda/async/test-dev-work/2026/02/03/2026-02-03T04\\.08\\.06-${UUID}$`))
  assert.equal(record.requestContext?.condition, 'RetriesExhausted')
  assert.equal(record.requestContext?.approximateInvokeCount, 3)
  assert.deepEqual(record.requestPayload, { a: 1 })
  assert.equal(record.responsePayload?.errorMessage, 'cannot do it')
})

test('a batch of a stream, under its mapping and shard, and whole', async () => {
  const kinesis = new KinesisClient(options())
  const Data = Buffer.from('click')
  await kinesis.send(new PutRecordCommand({ StreamName: 'test-dev-clicks', PartitionKey: 'k', Data }))
  kinesis.destroy()
  await app.cloud.clock.advance(MINUTE)
  const uuid = await mappingOf('reads')
  const { key, record } = await only(`aws/lambda/${uuid}/`)
  const day = '2026/02/03/2026-02-03T04\\.\\d\\d\\.\\d\\d'
  assert.match(key, new RegExp(`^aws/lambda/${uuid}/shardId-000000000000/${day}-${UUID}$`))
  assert.equal(record.KinesisBatchInfo?.batchSize, 1)
  const { Records } = JSON.parse(String(record.payload))
  assert.equal(Buffer.from(Records[0].kinesis.data, 'base64').toString(), 'click')
  assert.equal(Records[0].kinesis.sequenceNumber, record.KinesisBatchInfo?.startSequenceNumber)
})

test('a batch of a table', async () => {
  const dynamodb = new DynamoDBClient(options())
  await dynamodb.send(new PutItemCommand({ TableName: 'test-dev-notes', Item: { id: { S: 'one' } } }))
  dynamodb.destroy()
  await app.cloud.clock.advance(MINUTE)
  const { record } = await only(`aws/lambda/${await mappingOf('hears')}/`)
  assert.equal(record.DDBStreamBatchInfo?.batchSize, 1)
  assert.deepEqual(JSON.parse(String(record.payload)).Records[0].dynamodb.NewImage, { id: { S: 'one' } })
})

test('a bucket is told of failures only, and one that is not there is named in the log', async () => {
  const FunctionName = 'test-dev-told'
  const Destination = 'arn:aws:s3:::nowhere'
  await assert.rejects(
    lambda.send(
      new PutFunctionEventInvokeConfigCommand({ FunctionName, DestinationConfig: { OnSuccess: { Destination } } }),
    ),
    { name: 'InvalidParameterValueException' },
  )
  await lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName,
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination } },
    }),
  )
  await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event' }))
  await app.cloud.clock.advance(MINUTE)
  assert.ok(app.lines('told').some((line) => line.includes('did not reach arn:aws:s3:::nowhere: There is no bucket')))
})
