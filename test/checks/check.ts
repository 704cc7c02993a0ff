// What a check of the list is given: clients of one endpoint, and resources of its own.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import * as logs from '@aws-sdk/client-cloudwatch-logs'
import * as dynamodb from '@aws-sdk/client-dynamodb'
import * as streams from '@aws-sdk/client-dynamodb-streams'
import * as events from '@aws-sdk/client-eventbridge'
import * as kinesis from '@aws-sdk/client-kinesis'
import * as lambda from '@aws-sdk/client-lambda'
import * as s3 from '@aws-sdk/client-s3'
import * as scheduler from '@aws-sdk/client-scheduler'
import * as secrets from '@aws-sdk/client-secrets-manager'
import * as sns from '@aws-sdk/client-sns'
import * as sqs from '@aws-sdk/client-sqs'
import * as ssm from '@aws-sdk/client-ssm'
import * as sts from '@aws-sdk/client-sts'

export interface It {
  readonly endpoint: string
  readonly s3: s3.S3Client
  readonly sqs: sqs.SQSClient
  readonly sns: sns.SNSClient
  readonly dynamodb: dynamodb.DynamoDBClient
  readonly streams: streams.DynamoDBStreamsClient
  readonly events: events.EventBridgeClient
  readonly scheduler: scheduler.SchedulerClient
  readonly kinesis: kinesis.KinesisClient
  readonly lambda: lambda.LambdaClient
  readonly logs: logs.CloudWatchLogsClient
  readonly sts: sts.STSClient
  readonly ssm: ssm.SSMClient
  readonly secrets: secrets.SecretsManagerClient
  name(): string
  bucket(): Promise<string>
  put(Bucket: string, Key: string, Body?: string, more?: Partial<s3.PutObjectCommandInput>): Promise<string>
  text(Bucket: string, Key: string, more?: Partial<s3.GetObjectCommandInput>): Promise<string>
  queue(attributes?: Record<string, string>): Promise<Queue>
  fifo(attributes?: Record<string, string>): Promise<Queue>
  /** Receives until `count` messages are there or `seconds` are over. */
  receive(queue: Queue, count?: number, seconds?: number): Promise<readonly sqs.Message[]>
  topic(input?: Partial<sns.CreateTopicCommandInput>): Promise<string>
  subscribe(TopicArn: string, queue: Queue, attributes?: Record<string, string>): Promise<string>
  /** A table on demand with the text key `pk`, and the sort key `sk` if it is given a type. */
  table(sk?: 'S' | 'N', more?: Partial<dynamodb.CreateTableCommandInput>): Promise<string>
}

export interface Queue {
  readonly QueueUrl: string
  readonly arn: string
}

export type Run = (it: It) => Promise<void>
export type Runs = Readonly<Record<string, Run>>

// The dummy key that `goblet dev` verifies presigned URLs by; the peers take any.
export const CREDENTIALS = { accessKeyId: 'goblet', secretAccessKey: 'goblet' } as const
export const REGION = 'us-east-1'

let count = 0

/** The clients of an endpoint. */
export function open(endpoint: string): It & Disposable {
  const settings = { endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 }
  const clients = {
    s3: new s3.S3Client({ ...settings, forcePathStyle: true }),
    sqs: new sqs.SQSClient({ ...settings, useQueueUrlAsEndpoint: false }),
    sns: new sns.SNSClient(settings),
    dynamodb: new dynamodb.DynamoDBClient(settings),
    streams: new streams.DynamoDBStreamsClient(settings),
    events: new events.EventBridgeClient(settings),
    scheduler: new scheduler.SchedulerClient(settings),
    kinesis: new kinesis.KinesisClient(settings),
    lambda: new lambda.LambdaClient(settings),
    logs: new logs.CloudWatchLogsClient(settings),
    sts: new sts.STSClient(settings),
    ssm: new ssm.SSMClient(settings),
    secrets: new secrets.SecretsManagerClient(settings),
  }
  const name = (): string => `check-${Date.now().toString(36)}-${process.pid}-${++count}`
  const queue = async (QueueName: string, Attributes: Record<string, string>): Promise<Queue> => {
    const { QueueUrl = '' } = await clients.sqs.send(new sqs.CreateQueueCommand({ QueueName, Attributes }))
    const asked = new sqs.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] })
    return { QueueUrl, arn: (await clients.sqs.send(asked)).Attributes?.QueueArn ?? '' }
  }
  return {
    ...clients,
    endpoint,
    name,
    bucket: async () => {
      const Bucket = name()
      await clients.s3.send(new s3.CreateBucketCommand({ Bucket }))
      return Bucket
    },
    put: async (Bucket, Key, Body = Key, more = {}) =>
      (await clients.s3.send(new s3.PutObjectCommand({ Bucket, Key, Body, ...more }))).ETag ?? '',
    text: async (Bucket, Key, more = {}) => {
      const { Body } = await clients.s3.send(new s3.GetObjectCommand({ Bucket, Key, ...more }))
      return (await Body?.transformToString()) ?? ''
    },
    queue: (attributes = {}) => queue(name(), attributes),
    fifo: (attributes = {}) =>
      queue(`${name()}.fifo`, { FifoQueue: 'true', ContentBasedDeduplication: 'true', ...attributes }),
    receive: (from, wanted = 1, seconds = 4) => receive(clients.sqs, from, wanted, seconds),
    topic: async (input = {}) =>
      (await clients.sns.send(new sns.CreateTopicCommand({ Name: name(), ...input }))).TopicArn ?? '',
    subscribe: async (TopicArn, { arn }, Attributes = {}) => {
      const input = { TopicArn, Protocol: 'sqs', Endpoint: arn, Attributes, ReturnSubscriptionArn: true }
      return (await clients.sns.send(new sns.SubscribeCommand(input))).SubscriptionArn ?? ''
    },
    table: (sk, more) => table(clients.dynamodb, name(), sk, more),
    [Symbol.dispose]: () => {
      for (const client of Object.values(clients)) client.destroy()
    },
  }
}

async function table(
  client: dynamodb.DynamoDBClient,
  TableName: string,
  sk?: 'S' | 'N',
  { AttributeDefinitions = [], ...more }: Partial<dynamodb.CreateTableCommandInput> = {},
): Promise<string> {
  const KeySchema: dynamodb.KeySchemaElement[] = [{ AttributeName: 'pk', KeyType: 'HASH' }]
  const definitions: dynamodb.AttributeDefinition[] = [{ AttributeName: 'pk', AttributeType: 'S' }]
  if (sk !== undefined) {
    KeySchema.push({ AttributeName: 'sk', KeyType: 'RANGE' })
    definitions.push({ AttributeName: 'sk', AttributeType: sk })
  }
  const input = { TableName, KeySchema, BillingMode: 'PAY_PER_REQUEST' as const, ...more }
  const made = { ...input, AttributeDefinitions: [...definitions, ...AttributeDefinitions] }
  await client.send(new dynamodb.CreateTableCommand(made))
  await dynamodb.waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.1, maxDelay: 0.2 }, { TableName })
  return TableName
}

async function receive(client: sqs.SQSClient, { QueueUrl }: Queue, wanted: number, seconds: number) {
  const got: sqs.Message[] = []
  const end = Date.now() + seconds * 1000
  while (got.length < wanted && Date.now() < end) {
    const input = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }
    const asked = new sqs.ReceiveMessageCommand({
      ...input,
      MessageSystemAttributeNames: ['All'],
      WaitTimeSeconds: seconds < 1 ? 0 : 1,
    })
    const { Messages = [] } = await client.send(asked)
    got.push(...Messages)
    if (Messages.length === 0 && seconds < 1) await sleep(100)
  }
  return got
}

/** Expects a refusal by its code; SQS's are compared without the prefix that only the query protocol has. */
export async function refused(promise: Promise<unknown>, code: string | RegExp, status?: number): Promise<void> {
  const error = await promise.then(
    () => assert.fail(`${code} was expected`),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof Error, String(error))
  const found = `${error.name} ${'Code' in error ? error.Code : ''}`.replaceAll('AWS.SimpleQueueService.', '')
  assert.match(found, typeof code === 'string' ? new RegExp(`\\b${code}(Exception)?\\b`) : code, error.message)
  if (status === undefined) return
  assert.equal((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode, status)
}
