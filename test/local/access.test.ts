// What functions may do is asked in front of every service: by real clients, in every protocol, in AWS's own words.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import type { Grant } from '../../src/model/index.ts'
import { type AppText, grant, type Running, runApp } from '../support/cloud.ts'
import { toWebsocket } from '../support/websocket.ts'

// A function that makes any call of the SDK, and tells how it ended.
const CALLER = `
import { createRequire } from 'node:module'
const require = createRequire(${JSON.stringify(import.meta.url)})
export const handler = async ({ client: name, command, input, endpoint }) => {
  if (input.Data) input.Data = Uint8Array.from(input.Data)
  const sdk = require('@aws-sdk/client-' + name)
  const Client = Object.entries(sdk).find(([key, value]) => /^[A-Z]\\w*Client$/.test(key) && value.prototype?.send)[1]
  const client = new Client({ maxAttempts: 1, forcePathStyle: true, useQueueUrlAsEndpoint: false, ...(endpoint ? { endpoint } : {}) })
  try {
    const { $metadata: _, ...output } = await client.send(new sdk[command + 'Command'](input))
    if (output.Body) output.Body = await output.Body.transformToString()
    if (output.Payload) output.Payload = new TextDecoder().decode(output.Payload)
    return { output }
  } catch (error) {
    const { name, Code, message, $metadata } = error
    return { error: Code ?? name, message, status: $metadata?.httpStatusCode }
  }
}`

interface Answer {
  readonly output?: Record<string, unknown>
  readonly error?: string
  readonly message?: string
  readonly status?: number
}

const own = (service: string, rest: string): string => `arn:aws:${service}:us-east-1:000000000000:${rest}`
const USER = 'User: arn:aws:sts::000000000000:assumed-role/test-dev-guest-role/test-dev-guest'
const denied = (action: string, resource: string): string =>
  `${USER} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`

interface Row {
  readonly client: string
  readonly command: string
  readonly input: object
  readonly needs: readonly (readonly [action: string, resource: string])[]
  readonly error: string
  readonly status: number
  readonly message: string
}

const QUEUE = own('sqs', 'q')
const TABLE = own('dynamodb', 'table/things')
const TOPIC = own('sns', 'n')

// Sources of codes, statuses and words: src/local/iam/words.ts; of codes besides, each API's "Common errors".
const ROWS: readonly Row[] = [
  {
    client: 'sqs',
    command: 'SendMessage',
    input: { QueueUrl: 'http://localhost/000000000000/q', MessageBody: 'x' },
    needs: [['sqs:SendMessage', QUEUE]],
    error: 'AccessDenied',
    status: 403,
    message: denied('sqs:sendmessage', QUEUE),
  },
  {
    client: 'sqs',
    command: 'SendMessageBatch',
    input: { QueueUrl: 'http://localhost/000000000000/q', Entries: [{ Id: 'a', MessageBody: 'x' }] },
    needs: [['sqs:SendMessage', QUEUE]],
    error: 'AccessDenied',
    status: 403,
    message: denied('sqs:sendmessage', QUEUE),
  },
  {
    client: 'sns',
    command: 'Publish',
    input: { TopicArn: TOPIC, Message: 'x' },
    needs: [['sns:Publish', TOPIC]],
    error: 'AuthorizationError',
    status: 403,
    message: denied('SNS:Publish', TOPIC),
  },
  {
    client: 'dynamodb',
    command: 'PutItem',
    input: { TableName: 'things', Item: { id: { S: '1' } } },
    needs: [['dynamodb:PutItem', TABLE]],
    error: 'AccessDeniedException',
    status: 400,
    message: denied('dynamodb:PutItem', TABLE),
  },
  {
    client: 'dynamodb',
    command: 'TransactWriteItems',
    input: { TransactItems: [{ Put: { TableName: 'things', Item: { id: { S: '2' } } } }] },
    needs: [['dynamodb:PutItem', TABLE]],
    error: 'AccessDeniedException',
    status: 400,
    message: denied('dynamodb:PutItem', TABLE),
  },
  {
    client: 'dynamodb',
    command: 'ExecuteStatement',
    input: { Statement: `SELECT * FROM "things"` },
    needs: [['dynamodb:PartiQLSelect', TABLE]],
    error: 'AccessDeniedException',
    status: 400,
    message: denied('dynamodb:PartiQLSelect', TABLE),
  },
  {
    client: 's3',
    command: 'PutObject',
    input: { Bucket: 'bucket', Key: 'a/b c.txt', Body: 'x' },
    needs: [['s3:PutObject', 'arn:aws:s3:::bucket/a/*']],
    error: 'AccessDenied',
    status: 403,
    message: denied('s3:PutObject', '"arn:aws:s3:::bucket/a/b c.txt"'),
  },
  {
    client: 's3',
    command: 'GetObject',
    input: { Bucket: 'bucket', Key: 'a/b c.txt' },
    needs: [['s3:GetObject', 'arn:aws:s3:::bucket/*']],
    error: 'AccessDenied',
    status: 403,
    message: denied('s3:GetObject', '"arn:aws:s3:::bucket/a/b c.txt"'),
  },
  {
    client: 's3',
    command: 'ListObjectsV2',
    input: { Bucket: 'bucket', Prefix: 'a/' },
    needs: [['s3:ListBucket', 'arn:aws:s3:::bucket']],
    error: 'AccessDenied',
    status: 403,
    message: denied('s3:ListBucket', '"arn:aws:s3:::bucket"'),
  },
  {
    client: 's3',
    command: 'CopyObject',
    input: { Bucket: 'bucket', Key: 'copy', CopySource: 'bucket/a/b%20c.txt' },
    needs: [
      ['s3:GetObject', 'arn:aws:s3:::bucket/a/b c.txt'],
      ['s3:PutObject', 'arn:aws:s3:::bucket/copy'],
    ],
    error: 'AccessDenied',
    status: 403,
    message: denied('s3:GetObject', '"arn:aws:s3:::bucket/a/b c.txt"'),
  },
  {
    client: 'kinesis',
    command: 'PutRecord',
    input: { StreamName: 'k', PartitionKey: 'p', Data: [1] },
    needs: [['kinesis:PutRecord', own('kinesis', 'stream/k')]],
    error: 'AccessDeniedException',
    status: 400,
    message: denied('kinesis:PutRecord', own('kinesis', 'stream/k')),
  },
  {
    client: 'eventbridge',
    command: 'PutEvents',
    input: { Entries: [{ Source: 's', DetailType: 'd', Detail: '{}' }] },
    needs: [['events:PutEvents', own('events', 'event-bus/default')]],
    error: 'AccessDeniedException',
    status: 400,
    message: denied('events:PutEvents', own('events', 'event-bus/default')),
  },
  {
    client: 'ssm',
    command: 'PutParameter',
    input: { Name: '/a/b', Value: 'x', Type: 'String', Overwrite: true },
    needs: [['ssm:PutParameter', own('ssm', 'parameter/a/b')]],
    error: 'AccessDeniedException',
    status: 400,
    message: denied('ssm:PutParameter', own('ssm', 'parameter/a/b')),
  },
  {
    client: 'secrets-manager',
    command: 'CreateSecret',
    input: { Name: 'pepper', SecretString: 'x' },
    needs: [['secretsmanager:CreateSecret', own('secretsmanager', 'secret:pepper-*')]],
    error: 'AccessDeniedException',
    status: 400,
    message: denied('secretsmanager:CreateSecret', own('secretsmanager', 'secret:pepper-??????')),
  },
  {
    client: 'secrets-manager',
    command: 'GetSecretValue',
    input: { SecretId: 'pepper' },
    needs: [['secretsmanager:GetSecretValue', own('secretsmanager', 'secret:pepper-??????')]],
    error: 'AccessDeniedException',
    status: 400,
    message: denied('secretsmanager:GetSecretValue', 'pepper'),
  },
  {
    client: 'secrets-manager',
    command: 'ListSecrets',
    input: {},
    needs: [['secretsmanager:ListSecrets', '*']],
    error: 'AccessDeniedException',
    status: 400,
    message: `${USER} is not authorized to perform: secretsmanager:ListSecrets because no identity-based policy allows the secretsmanager:ListSecrets action`,
  },
  {
    client: 'lambda',
    command: 'Invoke',
    input: { FunctionName: 'test-dev-other' },
    needs: [['lambda:InvokeFunction', own('lambda', 'function:test-dev-other')]],
    error: 'AccessDeniedException',
    status: 403,
    message: denied('lambda:InvokeFunction', own('lambda', 'function:test-dev-other')),
  },
  {
    client: 'scheduler',
    command: 'DeleteScheduleGroup',
    input: { Name: 'g' },
    needs: [['scheduler:DeleteScheduleGroup', own('scheduler', 'schedule-group/g')]],
    error: 'AccessDeniedException',
    status: 403,
    message: denied('scheduler:DeleteScheduleGroup', own('scheduler', 'schedule-group/g')),
  },
  {
    client: 'cloudwatch-logs',
    command: 'CreateLogGroup',
    input: { logGroupName: '/x' },
    needs: [['logs:CreateLogGroup', own('logs', 'log-group:/x*')]],
    error: 'AccessDeniedException',
    status: 400,
    message: '',
  },
  {
    client: 'iam',
    command: 'GetRole',
    input: { RoleName: 'test-dev-guest-role' },
    needs: [['iam:GetRole', 'arn:aws:iam::000000000000:role/test-dev-guest-role']],
    error: 'AccessDenied',
    status: 403,
    message: denied('iam:GetRole', 'arn:aws:iam::000000000000:role/test-dev-guest-role'),
  },
  {
    client: 'sts',
    command: 'AssumeRole',
    input: { RoleArn: 'arn:aws:iam::000000000000:role/other', RoleSessionName: 'me' },
    needs: [['sts:AssumeRole', 'arn:aws:iam::000000000000:role/other']],
    error: 'AccessDenied',
    status: 403,
    message: `${USER} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::000000000000:role/other`,
  },
]

const appOf = (guest: readonly Grant[], more: Partial<AppText> = {}): AppText => ({
  functions: {
    guest: { code: CALLER, memory: 256, timeout: 20 },
    other: 'export const handler = async () => 7',
    // It has no entry among the grants: nobody knows what it may do, and it may do everything.
    maker: { code: CALLER, memory: 256, timeout: 20 },
  },
  grants: { guest, other: [] },
  ...more,
})

describe('a function', () => {
  let app: Running

  const call = async (
    name: string,
    client: string,
    command: string,
    input: object,
    endpoint?: string,
  ): Promise<Answer> => {
    const { value } = await app.call(name, { client, command, input, endpoint })
    return value as Answer
  }
  const make = async (client: string, command: string, input: object): Promise<void> => {
    const { error, message } = await call('maker', client, command, input)
    assert.equal(error, undefined, message)
  }

  before(async () => {
    app = await runApp(appOf([]))
    await make('sqs', 'CreateQueue', { QueueName: 'q' })
    await make('sns', 'CreateTopic', { Name: 'n' })
    const key = { AttributeName: 'id' }
    await make('dynamodb', 'CreateTable', {
      TableName: 'things',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ ...key, KeyType: 'HASH' }],
      AttributeDefinitions: [{ ...key, AttributeType: 'S' }],
    })
    await make('s3', 'CreateBucket', { Bucket: 'bucket' })
    await make('kinesis', 'CreateStream', { StreamName: 'k', ShardCount: 1 })
    await make('scheduler', 'CreateScheduleGroup', { Name: 'g' })
  })
  after(() => app[Symbol.asyncDispose]())

  for (const { client, command, input, needs, error, status, message } of ROWS) {
    it(`is denied ${client} ${command} in AWS's words, and may with what it needs`, async () => {
      await app.apply(appOf([]))
      const refused = await call('guest', client, command, input)
      assert.equal(refused.error, error, JSON.stringify(refused))
      assert.equal(refused.status, status)
      if (message !== '') assert.equal(refused.message, message)
      // Each of them is needed.
      for (const [index] of needs.entries()) {
        const rest = needs.filter((_, other) => other !== index)
        await app.apply(appOf(rest.map(([action, resource]) => grant(action, resource))))
        assert.equal((await call('guest', client, command, input)).error, error)
      }
      await app.apply(appOf(needs.map(([action, resource]) => grant(action, resource))))
      const answered = await call('guest', client, command, input)
      assert.equal(answered.error, undefined, answered.message)
    })
  }

  it('may ask who it is, without anything', async () => {
    await app.apply(appOf([]))
    const { output } = await call('guest', 'sts', 'GetCallerIdentity', {})
    assert.equal(output?.Arn, 'arn:aws:sts::000000000000:assumed-role/test-dev-guest-role/test-dev-guest')
  })

  it('is told what is not there only if it may list', async () => {
    const get = grant('s3:GetObject', 'arn:aws:s3:::bucket/*')
    const missing = { Bucket: 'bucket', Key: 'missing' }
    await app.apply(appOf([get]))
    const hidden = await call('guest', 's3', 'GetObject', missing)
    assert.deepEqual([hidden.error, hidden.status], ['AccessDenied', 403])
    assert.equal(hidden.message, denied('s3:ListBucket', '"arn:aws:s3:::bucket"'))
    assert.equal((await call('guest', 's3', 'HeadObject', missing)).status, 403)
    await app.apply(appOf([get, grant('s3:ListBucket', 'arn:aws:s3:::bucket')]))
    assert.equal((await call('guest', 's3', 'GetObject', missing)).error, 'NoSuchKey')
    assert.equal((await call('guest', 's3', 'HeadObject', missing)).status, 404)
  })

  it('deletes of many objects those that it may', async () => {
    await app.apply(appOf([grant('s3:DeleteObject', 'arn:aws:s3:::bucket/mine/*')]))
    const Objects = [{ Key: 'mine/1' }, { Key: 'yours/1' }]
    const { output } = await call('guest', 's3', 'DeleteObjects', { Bucket: 'bucket', Delete: { Objects } })
    assert.deepEqual(output?.Deleted, [{ Key: 'mine/1' }])
    const Message = denied('s3:DeleteObject', '"arn:aws:s3:::bucket/yours/1"')
    assert.deepEqual(output?.Errors, [{ Key: 'yours/1', Code: 'AccessDenied', Message }])
  })

  it('uses the conditions of what it has', async () => {
    const conditions = { StringLike: { 's3:prefix': ['mine/*'] } }
    await app.apply(appOf([grant('s3:ListBucket', 'arn:aws:s3:::bucket', { conditions })]))
    const list = (Prefix: string) => call('guest', 's3', 'ListObjectsV2', { Bucket: 'bucket', Prefix })
    assert.equal((await list('mine/x')).error, undefined)
    assert.equal((await list('yours/x')).error, 'AccessDenied')
  })

  it('is denied before it hears whether there is such a thing', async () => {
    await app.apply(appOf([]))
    const { error } = await call('guest', 'dynamodb', 'GetItem', { TableName: 'none', Key: { id: { S: '1' } } })
    assert.equal(error, 'AccessDeniedException')
  })

  it('may reach the connections of a WebSocket API by what it does with them', async () => {
    const input = { ConnectionId: 'AAAAAAAAAAAAAAA=' }
    const post = grant('execute-api:ManageConnections', own('execute-api', 'chat000000/dev/POST/@connections/*'))
    const chat = { resources: [toWebsocket('chat')] }
    await app.apply(appOf([post], chat))
    const ask = (command: string) =>
      call('guest', 'apigatewaymanagementapi', command, input, `${app.cloud.aws}/_aws/execute-api/chat000000/dev`)
    assert.equal((await ask('PostToConnection')).error, 'GoneException')
    const { error, status, message } = await ask('DeleteConnection')
    assert.deepEqual([error, status], ['AccessDeniedException', 403])
    const masked = 'arn:aws:execute-api:us-east-1:********0000:chat000000/dev/DELETE/@connections/{connectionId}'
    assert.equal(message, denied('execute-api:ManageConnections', masked))
  })

  it('is not asked when nothing is known of it, nor are the tools of people', async () => {
    await app.apply(appOf([]))
    assert.equal((await call('maker', 'sqs', 'SendMessage', ROWS[0]?.input ?? {})).error, undefined)
    const credentials = { accessKeyId: 'goblet', secretAccessKey: 'goblet' }
    const person = new S3Client({ endpoint: app.cloud.aws, region: 'us-east-1', forcePathStyle: true, credentials })
    assert.deepEqual(
      (await person.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name),
      ['bucket'],
    )
    person.destroy()
  })
})
