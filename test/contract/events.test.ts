// The events that come out of the local cloud: key for key as recorded samples, and as the schemas of Powertools' parser have them.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { APIGatewayProxyEventSchema } from '@aws-lambda-powertools/parser/schemas/api-gateway'
import { APIGatewayProxyEventV2Schema } from '@aws-lambda-powertools/parser/schemas/api-gatewayv2'
import { EventBridgeSchema } from '@aws-lambda-powertools/parser/schemas/eventbridge'
import { S3Schema, S3SqsEventNotificationSchema } from '@aws-lambda-powertools/parser/schemas/s3'
import { SnsSchema, SnsSqsNotificationSchema } from '@aws-lambda-powertools/parser/schemas/sns'
import { SqsSchema } from '@aws-lambda-powertools/parser/schemas/sqs'
import * as s3 from '@aws-sdk/client-s3'
import { PublishCommand } from '@aws-sdk/client-sns'
import { toQueueEvent } from '../../src/aws/events/queue.ts'
import { toScheduleEvent } from '../../src/aws/events/schedule.ts'
import { toTopicEvent } from '../../src/aws/events/topic.ts'
import { start, type TestCloud } from '../../src/testing/index.ts'
import { type It, open, type Queue } from '../checks/check.ts'

let http: TestCloud
let rest: TestCloud
let it: It & Disposable
before(async () => {
  http = await start('test/fixtures/cases/http/app.ts')
  rest = await start('test/fixtures/cases/rest/app.ts')
  it = open(http.endpoint)
})
after(async () => {
  it[Symbol.dispose]()
  await http.close()
  await rest.close()
})

const sample = (name: string) =>
  JSON.parse(readFileSync(new URL(`../cases/events/${name}.json`, import.meta.url), 'utf8'))
const keys = (object: object): string[] => Object.keys(object).sort()

/** What a function would be woken with for the next message of this queue. */
async function nextEvent(queue: Queue) {
  const [got] = await it.receive(queue)
  const { MessageId = '', ReceiptHandle = '', Body = '', Attributes = {}, MD5OfBody = '' } = got ?? {}
  const attributes = {
    ApproximateReceiveCount: Attributes.ApproximateReceiveCount ?? '',
    SentTimestamp: Attributes.SentTimestamp ?? '',
    SenderId: Attributes.SenderId ?? '',
    ApproximateFirstReceiveTimestamp: Attributes.ApproximateFirstReceiveTimestamp ?? '',
  }
  const message = { messageId: MessageId, receiptHandle: ReceiptHandle, body: Body, md5OfBody: MD5OfBody }
  return toQueueEvent([{ ...message, attributes, messageAttributes: {} }], queue.arn, 'us-east-1')
}

test('S3 in SQS: as recorded, and accepted', async () => {
  const [Bucket, queue] = [await it.bucket(), await it.queue()]
  const QueueConfigurations = [{ QueueArn: queue.arn, Events: ['s3:ObjectCreated:*' as const] }]
  const NotificationConfiguration = { QueueConfigurations }
  const more = { SkipDestinationValidation: true }
  await it.s3.send(new s3.PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration, ...more }))
  const VersioningConfiguration = { Status: 'Enabled' as const }
  await it.s3.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
  await it.put(Bucket, 'a b')
  let event = await nextEvent(queue)
  if (event.Records[0]?.body.includes('s3:TestEvent')) event = await nextEvent(queue)
  const body = JSON.parse(event.Records[0]?.body ?? '{}')
  const recorded = JSON.parse(sample('s3-inside-sqs').Records[0].body)
  const [ours, theirs] = [body.Records[0], recorded.Records[0]]
  assert.deepEqual(keys(ours), keys(theirs))
  for (const part of ['bucket', 'object']) assert.deepEqual(keys(ours.s3[part]), keys(theirs.s3[part]))
  S3Schema.parse(body)
  SqsSchema.parse(event)
  S3SqsEventNotificationSchema.parse(event)
})

test('SNS in SQS: as recorded, and accepted', async () => {
  const [topic, queue] = [await it.topic(), await it.queue()]
  await it.subscribe(topic, queue)
  await it.sns.send(new PublishCommand({ TopicArn: topic, Message: 'x', Subject: 's' }))
  const event = await nextEvent(queue)
  const body = JSON.parse(event.Records[0]?.body ?? '{}')
  assert.deepEqual(keys(body), keys(JSON.parse(sample('sqs-with-sns-body').Records[0].body)))
  SnsSqsNotificationSchema.parse(body)
  assert.deepEqual(keys(event.Records[0] ?? {}), keys(sample('sqs').Records[0]))
})

test('SNS and a schedule: as recorded, and accepted', () => {
  const told = { id: 'i', topicArn: 'arn:aws:sns:us-east-1:000000000000:t', message: 'x', time: 0, subject: 's' }
  const url = 'https://sns.us-east-1.amazonaws.com/x'
  const seal = { signature: 'x', certificateUrl: url, unsubscribeUrl: url }
  const event = toTopicEvent({ ...told, attributes: {} }, `${told.topicArn}:s`, seal)
  assert.deepEqual(keys(event.Records[0]?.Sns ?? {}), keys(sample('sns').Records[0].Sns))
  SnsSchema.parse(event)
  const fired = toScheduleEvent({ id: 'i', account: '000000000000', region: 'us-east-1', time: 0, rule: 'r' })
  // The sample is older than `version`, which every recorded event of EventBridge has.
  assert.deepEqual(keys(fired), keys({ version: '0', ...sample('eventbridge-scheduled') }))
  EventBridgeSchema.parse(fired)
})

test('the events of an HTTP API and of a REST API are accepted', async () => {
  APIGatewayProxyEventV2Schema.parse((await http.http.post('/event/7?x=1', { json: { a: 1 } })).json)
  APIGatewayProxyEventSchema.parse((await rest.http.post('/api/e/a?x=1', { json: { a: 1 } })).json)
})
