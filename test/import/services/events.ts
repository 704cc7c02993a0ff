// Services whose functions are woken by sockets, buckets, queues, topics, streams, tables, clocks and buses.
import type { Service } from './service.ts'

const chat = `service: chat
provider:
  name: aws
  runtime: nodejs22.x
  websocketsApiName: \${self:service}-\${sls:stage}-room
  websocketsApiRouteSelectionExpression: $request.body.action
  environment:
    CONNECTIONS: \${self:service}-\${sls:stage}-connections
functions:
  connectionManager:
    handler: handler.connectionManager
    events:
      - websocket:
          route: $connect
      - websocket:
          route: $disconnect
  defaultMessage: {handler: handler.defaultMessage, events: [websocket: $default]}
  sendMessage: {handler: handler.sendMessage, events: [websocket: {route: sendMessage}]}
resources:
  Resources:
    ConnectionsTable:
      Type: AWS::DynamoDB::Table
      Properties:
        TableName: \${self:provider.environment.CONNECTIONS}
        BillingMode: PAY_PER_REQUEST
        AttributeDefinitions: [{AttributeName: connection_id, AttributeType: S}]
        KeySchema: [{AttributeName: connection_id, KeyType: HASH}]
`

const CHAT = `import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import { DeleteItemCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'

const db = new DynamoDBClient({})
const TableName = process.env.CONNECTIONS

interface Event {
  body?: string
  queryStringParameters?: { room_name?: string }
  requestContext: { connectionId: string; eventType: string; domainName: string; stage: string }
}

export const connectionManager = async ({ requestContext, queryStringParameters }: Event) => {
  const connection_id = { S: requestContext.connectionId }
  if (requestContext.eventType === 'CONNECT')
    await db.send(new PutItemCommand({ TableName, Item: { connection_id, room: { S: queryStringParameters?.room_name ?? '' } } }))
  else await db.send(new DeleteItemCommand({ TableName, Key: { connection_id } }))
  return { statusCode: 200, body: 'ok' }
}

export const sendMessage = async ({ body, requestContext: { domainName, stage } }: Event) => {
  const endpoint = 'https://' + domainName + '/' + stage
  const gateway = new ApiGatewayManagementApiClient({ endpoint })
  const { content } = JSON.parse(body ?? '{}')
  const { Items = [] } = await db.send(new ScanCommand({ TableName }))
  for (const { connection_id } of Items)
    await gateway.send(new PostToConnectionCommand({ ConnectionId: connection_id?.S, Data: JSON.stringify({ messages: [content] }) }))
  return { statusCode: 200, body: 'sent' }
}
`

export const events: readonly Service[] = [
  {
    name: 'a chat over WebSockets',
    files: { 'serverless.yml': chat, 'handler.ts': CHAT },
    app: [
      "export const connections = table('connections', { key: 'connection_id' })",
      "export const room = websocket('room')",
      'export const connectionManager = room.onConnect(raw(connectionManagerHandler))',
      'export const connectionManagerDisconnect = room.onDisconnect(raw(connectionManagerHandler))',
      "export const sendMessage = room.on('sendMessage', raw(sendMessageHandler))",
      "export const defaultMessage = room.onDefault(missing('handler.defaultMessage'))",
    ],
    report: [
      'hand serverless.yml:17 functions.defaultMessage.handler: cannot be imported: handler.ts does not export `defaultMessage`',
    ],
    use: async ({ cloud, equal }) => {
      const [ali, bo] = [await cloud.websocket('/?room_name=python'), await cloud.websocket('/?room_name=python')]
      await ali.send({ action: 'sendMessage', content: 'hello' })
      equal((await bo.next()).json, { messages: ['hello'] })
      equal((await ali.next()).json, { messages: ['hello'] })
      await ali.close()
      await cloud.settle()
      equal(cloud.invocations('connectionManagerDisconnect').length, 1)
      await bo.close()
    },
  },
  {
    name: 'a bucket that is there, and one that a service makes',
    files: {
      'serverless.yml': `service: pictures
provider: {name: aws, runtime: nodejs22.x, s3: {made: {name: made-by-us}}}
functions:
  resize:
    handler: handler.resize
    events:
      - s3:
          bucket: \${self:custom.bucket}
          event: s3:ObjectCreated:*
          existing: true
          rules:
            - prefix: uploads/
            - suffix: .jpg
      - s3: {bucket: '\${self:custom.bucket}', event: 's3:ObjectRemoved:*', existing: true}
      - s3: made
custom: {bucket: photos-of-all, unused: true}
`,
      'handler.js': `module.exports.resize = async ({ Records: [{ eventName, s3 }] }) => { console.log(eventName, s3.bucket.name, s3.object.key) }\n`,
    },
    app: [
      "export const photosOfAll = bucket('photos-of-all', { existing: true })",
      "export const resize = photosOfAll.onCreated({ prefix: 'uploads/', suffix: '.jpg' }, raw(resizeHandler))",
      'export const resizeOnRemoved = photosOfAll.onRemoved(raw(resizeHandler))',
      "export const madeByUs = bucket('made-by-us', { physicalName: 'made-by-us' })",
    ],
    report: ['noted serverless.yml:16 custom.unused: is asked for by no variable'],
    use: async ({ cloud, equal }) => {
      for (const [bucket, key] of [
        ['photos-of-all', 'uploads/a.jpg'],
        ['photos-of-all', 'other/a.jpg'],
        ['made-by-us', 'b'],
      ]) {
        const answer = await fetch(`${cloud.endpoint}/${bucket}/${key}`, { method: 'PUT', body: 'x' })
        equal(answer.status, 200)
      }
      await cloud.settle()
      equal(
        cloud.logs('resize').map((line) => line.split('\t').at(-1)),
        ['ObjectCreated:Put photos-of-all uploads/a.jpg'],
      )
      equal(
        cloud.logs('resizeOnCreated').map((line) => line.split('\t').at(-1)),
        ['ObjectCreated:Put made-by-us b'],
      )
    },
  },
  {
    name: 'a topic whose functions have somewhere to give up to',
    files: {
      'serverless.yml': `service: given-up
provider: {name: aws, runtime: nodejs22.x}
functions:
  one: {handler: handler.one, onError: 'arn:aws:sns:us-east-1:123456789012:errs', events: [sns: news]}
  two:
    handler: handler.one
    onError: arn:aws:sns:us-east-1:123456789012:errs
    destinations: {onFailure: one}
    events: [sns: {topicName: news, redrivePolicy: {deadLetterTargetRef: Dead}}]
resources: {Resources: {Dead: {Type: 'AWS::SQS::Queue', Properties: {QueueName: dead}}}}
`,
      'handler.js': "exports.one = async () => 'done'\n",
    },
    app: [
      'export const one = news.onMessage({ destinations: { failure: errs } }, raw(oneHandler))',
      'export const two = news.onMessage({ destinations: { failure: one }, deadLetter: dead }, raw(oneHandler))',
    ],
    report: ['hand serverless.yml:9 functions.two.events[0].sns: has `destinations` besides `onError`'],
    use: async ({ cloud, equal }) => equal(cloud.invocations('one').length, 0),
  },
  {
    name: 'queues with a dead-letter queue, and what handlers read of them in their environment',
    files: {
      'serverless.yml': `service: work
provider:
  name: aws
  runtime: nodejs22.x
  stage: \${opt:stage, 'dev'}
  environment:
    QUEUE_URL: !Ref WorkQueue
    QUEUE_ARN:
      Fn::GetAtt: [WorkQueue, Arn]
    QUEUE_NAME: !GetAtt WorkQueue.QueueName
    TOPIC: {Ref: NewsTopic}
    WHERE: !Sub 'queue \${WorkQueue.Arn} of \${AWS::Region}'
  iam:
    role:
      statements:
        - Effect: Allow
          Action: sqs:SendMessage
          Resource: !GetAtt WorkQueue.Arn
        - Effect: Allow
          Action: ['sns:Publish', 'SES:SendEmail']
          Resource: [!Ref NewsTopic, '*', !Sub 'arn:aws:s3:::\${AWS::AccountId}-files/*']
        - Effect: Deny
          Action: 's3:*'
          Resource: '*'
        - Effect: Allow
          Action: 's3:GetObject'
          Resource: '*'
          Condition: {Bool: {'aws:SecureTransport': true}}
functions:
  send:
    handler: send.handler
    events:
      - httpApi: 'POST /send'
  work:
    handler: work.handler
    reservedConcurrency: 5
    timeout: 20
    events:
      - sqs:
          arn: !GetAtt WorkQueue.Arn
          batchSize: 1
          functionResponseType: ReportBatchItemFailures
          filterPatterns:
            - body: {kind: [a]}
      - sqs: arn:aws:sqs:us-east-1:123456789012:elsewhere
      - sqs: {arn: !GetAtt DeadQueue.Arn, enabled: false}
      - sns: {arn: !Ref NewsTopic, filterPolicy: {kind: [x]}}
resources:
  Resources:
    WorkQueue:
      Type: AWS::SQS::Queue
      Properties:
        QueueName: \${self:service}-\${sls:stage}-jobs
        VisibilityTimeout: 120
        MessageRetentionPeriod: 86400
        RedrivePolicy:
          maxReceiveCount: 3
          deadLetterTargetArn: !GetAtt DeadQueue.Arn
    DeadQueue: {Type: AWS::SQS::Queue}
    NewsTopic:
      Type: AWS::SNS::Topic
      Properties:
        TopicName: news
        Subscription:
          - {Endpoint: !GetAtt DeadQueue.Arn, Protocol: sqs}
          - {Endpoint: me@example.com, Protocol: email}
    DeadPolicy: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref DeadQueue], PolicyDocument: {}}}
  Outputs:
    Url: {Value: !Ref WorkQueue}
`,
      'send.js': `const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs')
const QueueUrl = process.env.QUEUE_URL
const client = new SQSClient({})
exports.handler = async ({ body }) => {
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: body }))
  const { QUEUE_NAME, QUEUE_ARN, TOPIC, WHERE } = process.env
  return { QUEUE_NAME, QUEUE_ARN, TOPIC, WHERE }
}
`,
      'work.js': `exports.handler = async ({ Records }) => { for (const one of Records) console.log(one.body ?? one.Sns.Message) }\n`,
    },
    app: [
      "export const workQueue = queue('jobs', { visibility: 120, retention: 86400, deadLetter: { after: 3, queue: dead } })",
      "export const dead = queue('dead-queue')",
      "import { elsewhere, news, workQueue } from './resources.ts'",
      '  process.env.QUEUE_URL ??= workQueue.url\n  process.env.QUEUE_ARN ??= workQueue.arn',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: that is the code which is written.
      'process.env.WHERE ??= `queue ${workQueue.arn} of us-east-1`',
      'export const newsToDead = news.to(dead, { raw: false })',
      "actions: ['sns:Publish', 'ses:SendEmail'],\n      resources: [news, '*', 'arn:aws:s3:::*-files/*']",
      "filter: { body: { kind: ['a'] } }",
      'export const workOnMessage = news.onMessage(',
    ],
    report: [
      'lost serverless.yml:22 provider.iam.role.statements[2].Effect: denies',
      'lost serverless.yml:28 provider.iam.role.statements[3].Condition',
      'hand serverless.yml:46 functions.work.events[2].sqs.enabled',
      'hand serverless.yml:66 resources.NewsTopic.Subscription[1]',
      'noted serverless.yml:67 resources.DeadPolicy',
      'hand serverless.yml:69 resources.Outputs.Url',
      'noted serverless.yml:45 functions.work.events[1].sqs: `elsewhere` is made elsewhere',
      'hand serverless.yml:40 functions.work.events[0].sqs: `reservedConcurrency`',
    ],
    use: async ({ cloud, equal }) => {
      const { json } = await cloud.http.post('/send', { json: { kind: 'a' } })
      const arn = 'arn:aws:sqs:us-east-1:000000000000:work-dev-jobs'
      equal(json, {
        QUEUE_NAME: 'work-dev-jobs',
        QUEUE_ARN: arn,
        TOPIC: 'arn:aws:sns:us-east-1:000000000000:news',
        WHERE: `queue ${arn} of us-east-1`,
      })
      await cloud.settle()
      equal(
        cloud.logs('work').map((line) => line.split('\t').at(-1)),
        ['{"kind":"a"}'],
      )
    },
  },
  {
    name: 'streams of tables and of Kinesis',
    files: {
      'serverless.yml': `service: flow
provider: {name: aws, runtime: nodejs22.x}
functions:
  changed:
    handler: handler.changed
    onError: !GetAtt Failed.Arn
    destinations: {onSuccess: clicked, onFailure: !GetAtt Failed.Arn}
    maximumRetryAttempts: 1
    events:
      - stream:
          type: dynamodb
          arn: !GetAtt Orders.StreamArn
          batchSize: 5
          startingPosition: LATEST
          maximumRetryAttempts: -1
          bisectBatchOnFunctionError: true
          filterPatterns: [{eventName: [INSERT]}]
          destinations: {onFailure: !GetAtt Failed.Arn}
  clicked:
    handler: handler.clicked
    events:
      - stream: {type: kinesis, arn: !GetAtt Clicks.Arn, tumblingWindowInSeconds: 30}
      - stream: arn:aws:dynamodb:us-east-1:123456789012:table/theirs/stream/2020-01-01T00:00:00.000
resources:
  - Resources:
      Orders:
        Type: AWS::DynamoDB::Table
        Properties:
          AttributeDefinitions:
            - {AttributeName: shop, AttributeType: S}
            - {AttributeName: at, AttributeType: N}
            - {AttributeName: user, AttributeType: S}
          KeySchema: [{AttributeName: shop, KeyType: HASH}, {AttributeName: at, KeyType: RANGE}]
          GlobalSecondaryIndexes:
            - IndexName: byUser
              KeySchema: [{AttributeName: user, KeyType: HASH}, {AttributeName: at, KeyType: RANGE}]
              Projection: {ProjectionType: KEYS_ONLY}
          BillingMode: PAY_PER_REQUEST
          StreamSpecification: {StreamViewType: NEW_IMAGE}
          TimeToLiveSpecification: {AttributeName: expires, Enabled: true}
          SSESpecification: {SSEEnabled: true}
  - Resources:
      Clicks: {Type: AWS::Kinesis::Stream, Properties: {Name: clicks, ShardCount: 2, RetentionPeriodHours: 48}}
      Failed: {Type: AWS::SQS::Queue, Properties: {QueueName: failed.fifo, FifoQueue: true}}
`,
      'handler.mjs': `export const changed = async ({ Records }) => { console.log(Records.map(({ dynamodb }) => JSON.stringify(dynamodb.NewImage)).join()) }
export const clicked = async ({ Records }) => { console.log(Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString()).join()) }
`,
    },
    app: [
      "key: ['shop', 'at'],\n  types: { at: 'N' },\n  indexes: { byUser: { key: ['user', 'at'], projection: 'keys' } },\n  ttl: 'expires',\n  stream: 'new',",
      "stream('clicks', { physicalName: 'clicks', shards: 2, retention: 172800 })",
      "queue('failed', { physicalName: 'failed.fifo', fifo: true, contentBasedDeduplication: false })",
      'bisect: true',
      "filter: { eventName: ['INSERT'] }",
      'tumblingWindow: 30',
      "from: 'horizon'",
      "table('theirs', { existing: true, key: 'id' })",
    ],
    report: [
      'hand serverless.yml:41 resources.Orders.Properties.SSESpecification',
      'hand serverless.yml:23 functions.clicked.events[1].stream: the key of the table theirs',
    ],
  },
  {
    name: 'schedules and buses',
    files: {
      'serverless.yml': `service: times
provider: {name: aws, runtime: nodejs22.x}
functions:
  cleanup:
    handler: handler.tick
    events:
      - schedule: rate(10 minutes)
      - schedule:
          rate: [cron(0 12 * * ? *), 'cron(0 13 * * ? *)']
          enabled: true
          input: {kind: daily}
          description: at noon
      - schedule: {method: scheduler, rate: cron(0 8 * * ? *), timezone: Europe/Berlin}
      - schedule: {rate: rate(1 hour), enabled: false}
      - schedule: {rate: often}
  listen:
    handler: handler.tick
    events:
      - eventBridge: {pattern: {source: [shop], detail-type: [Order]}}
      - eventBridge: {eventBus: own-bus, pattern: {source: [x]}, retryPolicy: {maximumRetryAttempts: 1}}
      - eventBridge: {schedule: rate(1 day), input: {a: 1}}
      - cloudwatchEvent: {event: {source: [aws.ec2]}, inputPath: $.detail}
`,
      'handler.js': `exports.tick = async (event) => { console.log(event.kind ?? event['detail-type']) }\n`,
    },
    app: [
      "export const cleanup = schedule('rate(10 minutes)', raw(cleanupHandler))",
      "schedule('rate(1 day)', { input: { a: 1 } }, raw(cleanupHandler))",
      "{ timezone: 'Europe/Berlin' }",
      "{ description: 'at noon', input: { kind: 'daily' } }",
      'export const events = bus()',
      "bus('own-bus', { physicalName: 'own-bus' })",
      "events.on({ source: ['shop'], 'detail-type': ['Order'] }, raw(cleanupHandler))",
    ],
    report: [
      'hand serverless.yml:14 functions.cleanup.events[3].schedule.enabled',
      'hand serverless.yml:15 functions.cleanup.events[4].schedule: `often` is neither',
      'hand serverless.yml:22 functions.listen.events[3].cloudwatchEvent.inputPath',
      'hand serverless.yml:20 functions.listen.events[1].eventBridge: says how EventBridge',
    ],
    use: async ({ cloud, equal }) => {
      await cloud.send('default', { type: 'Order', detail: {}, source: 'shop' })
      await cloud.settle()
      equal(
        cloud.logs('listen').map((line) => line.split('\t').at(-1)),
        ['Order'],
      )
    },
  },
]
