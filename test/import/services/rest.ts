// Services with routes, written as people write them: the short form, callbacks, CORS, tables, authorizers, API keys.
import type { Service } from './service.ts'

const todos = `service: todo-api

frameworkVersion: ">=1.1.0 <=2.1.1"

provider:
  name: aws
  runtime: nodejs12.x
  environment:
    DYNAMODB_TABLE: \${self:service}-\${opt:stage, self:provider.stage}
  iamRoleStatements:
    - Effect: Allow
      Action:
        - dynamodb:Scan
        - dynamodb:GetItem
        - dynamodb:PutItem
      Resource: "arn:aws:dynamodb:\${opt:region, self:provider.region}:*:table/\${self:provider.environment.DYNAMODB_TABLE}"

functions:
  create:
    handler: todos/create.create
    events:
      - http:
          path: todos
          method: post
          cors: true
  list:
    handler: todos/list.list
    events:
      - http:
          path: todos
          method: get
          cors: true
  get:
    handler: todos/list.get
    events:
      - http:
          path: todos/{id}
          method: get
          cors: true

resources:
  Resources:
    TodosDynamoDbTable:
      Type: 'AWS::DynamoDB::Table'
      DeletionPolicy: Retain
      Properties:
        AttributeDefinitions:
          -
            AttributeName: id
            AttributeType: S
        KeySchema:
          -
            AttributeName: id
            KeyType: HASH
        ProvisionedThroughput:
          ReadCapacityUnits: 1
          WriteCapacityUnits: 1
        TableName: \${self:provider.environment.DYNAMODB_TABLE}
`

const CREATE = `'use strict'
const { DynamoDBClient } = require('@aws-sdk/client-dynamodb')
const { DynamoDBDocumentClient, PutCommand } = require('@aws-sdk/lib-dynamodb')
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))

module.exports.create = (event, context, callback) => {
  const data = JSON.parse(event.body)
  const Item = { id: data.id, text: data.text }
  client.send(new PutCommand({ TableName: process.env.DYNAMODB_TABLE, Item })).then(
    () => callback(null, { statusCode: 200, body: JSON.stringify(Item) }),
    (error) => callback(error),
  )
}
`

const LIST = `'use strict'
const { DynamoDBClient, ScanCommand, GetItemCommand } = require('@aws-sdk/client-dynamodb')
const client = new DynamoDBClient({})
const TableName = process.env.DYNAMODB_TABLE

module.exports = {
  list: async () => ({ statusCode: 200, body: JSON.stringify((await client.send(new ScanCommand({ TableName }))).Count) }),
  get: async (event) => {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: { id: { S: event.pathParameters.id } } }))
    return Item ? { statusCode: 200, body: Item.text.S } : { statusCode: 404, body: event.requestContext.resourcePath }
  },
}
`

export const rest: readonly Service[] = [
  {
    name: 'todos in a table',
    files: { 'serverless.yml': todos, 'todos/create.js': CREATE, 'todos/list.js': LIST },
    app: [
      "import { create as createHandler } from './todos/create.js'",
      "export const todos = table('todo-api-dev', {\n  physicalName: 'todo-api-dev',\n  key: 'id',\n  provisioned: { read: 1, write: 1 },\n})",
      'resources: [todos]',
      "export const create = route('POST /todos', { cors: true }, asText(createHandler))",
      "api: 'rest'",
    ],
    report: [
      'noted serverless.yml:7 provider.runtime',
      'hand serverless.yml:58 resources.TodosDynamoDbTable: has a name that depends on the stage',
      'noted serverless.yml:3 frameworkVersion',
    ],
    use: async ({ cloud, equal }) => {
      const made = await cloud.http.post('/dev/todos', { body: '{"id":"1","text":"milk"}' })
      equal([made.status, made.text], [200, '{"id":"1","text":"milk"}'])
      equal((await cloud.http.get('/dev/todos')).text, '1')
      equal((await cloud.http.get('/dev/todos/1')).text, 'milk')
      const missing = await cloud.http.get('/dev/todos/2')
      equal([missing.status, missing.text], [404, '/todos/{id}'])
      const asking = { origin: 'https://example.com', 'access-control-request-method': 'POST' }
      const preflight = await cloud.http.options('/dev/todos', { headers: asking })
      equal([preflight.status, preflight.headers['access-control-allow-origin']], [204, '*'])
    },
  },
  {
    name: 'the short form, and a handler that is exported anew',
    files: {
      'serverless.yml': `service: hello
provider: {name: aws, runtime: nodejs22.x, memorySize: 256, timeout: 10, stage: test}
functions:
  hello: {handler: handler.hello, events: [http: GET hello/world/]}
  any-thing:
    handler: handler.any
    name: \${sls:stage}-custom
    events:
      - http: ANY /
      - http: 'any {proxy+}'
`,
      'handler.js': `exports.hello = async () => ({ statusCode: 200, body: 'hi' })
exports.any = async (event) => ({ statusCode: 200, body: event.httpMethod + ' ' + event.path })
`,
    },
    app: [
      'memory: 256',
      "runtime: 'nodejs22.x'",
      "apiStage: 'test'",
      "export const hello = route('GET /hello/world', raw(helloHandler))",
      "export const anyThing = route('ANY /', asText(anyThingHandler))",
      "export const anyThingAny = route('ANY /{proxy+}', asText(anyThingHandler))",
    ],
    report: [
      'noted serverless.yml:6 functions.any-thing: is `anyThing` in code',
      'hand serverless.yml:7 functions.any-thing.name: `test-custom` becomes `hello-test-anyThing`',
    ],
    use: async ({ cloud, equal }) => {
      equal((await cloud.http.get('/test/hello/world')).text, 'hi')
      equal((await cloud.http.put('/test/other/place')).text, 'PUT /other/place')
    },
  },
  {
    name: 'an authorizer that is asked for a token, API keys and a usage plan',
    files: {
      'serverless.yml': `service: guarded
provider:
  name: aws
  runtime: nodejs20.x
  apiGateway:
    apiKeys:
      - main
    usagePlan:
      quota: {limit: 5000, offset: 2, period: MONTH}
      throttle: {burstLimit: 200, rateLimit: 100}
    minimumCompressionSize: 1024
    binaryMediaTypes: ['*/*']
  tracing:
    lambda: true
functions:
  auth:
    handler: auth.handler
  me:
    handler: api.me
    events:
      - http:
          path: me
          method: get
          authorizer: auth
      - http:
          path: you
          method: get
          authorizer:
            name: auth
            resultTtlInSeconds: 0
            identitySource: method.request.header.X-Token
            type: token
  closed:
    handler: api.closed
    events:
      - http: {path: closed, method: get, private: true}
      - http:
          path: iam
          method: get
          authorizer: aws_iam
      - http:
          path: pool
          method: get
          authorizer: {arn: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc', scopes: [read]}
      - http:
          path: elsewhere
          method: get
          authorizer: {arn: !ImportValue Guard}
`,
      'auth.js': `module.exports.handler = async (event) => {
  if (event.type !== 'TOKEN' || event.authorizationToken !== 'sesame') throw new Error('Unauthorized')
  return {
    principalId: 'ali',
    policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.methodArn }] },
    context: { plan: 'pro' },
  }
}
`,
      'api.js': `exports.me = async (event) => ({ statusCode: 200, body: event.requestContext.authorizer.principalId + event.requestContext.authorizer.plan })
exports.closed = async () => ({ statusCode: 200, body: 'closed' })
`,
    },
    app: [
      "apiKeys: ['main']",
      "usagePlan: { rate: 100, burst: 200, quota: { limit: 5000, period: 'month' } }",
      'compress: 1024',
      'tracing: true',
      'export const auth = authorizer(raw(authHandler))',
      "export const me = route('GET /me', { auth }, raw(meHandler))",
      "export const closed = route('GET /closed', { apiKey: true }, raw(closedHandler))",
      '{ auth: iam() }',
      "cognito({ userPools: ['arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc'] })",
    ],
    report: [
      'hand serverless.yml:9 provider.apiGateway.usagePlan.quota.offset',
      'hand serverless.yml:28 functions.me.events[1].http.authorizer: asks auth in another way',
      'hand serverless.yml:48 functions.closed.events[3].http.authorizer: names an authorizer that is not in this file',
      'noted serverless.yml:12 provider.apiGateway.binaryMediaTypes',
    ],
    use: async ({ cloud, equal }) => {
      equal((await cloud.http.get('/dev/me')).status, 401)
      equal((await cloud.http.get('/dev/me', { headers: { authorization: 'no' } })).status, 401)
      equal((await cloud.http.get('/dev/me', { headers: { authorization: 'sesame' } })).text, 'alipro')
      equal((await cloud.http.get('/dev/closed')).status, 403)
      equal((await cloud.http.get('/dev/iam')).status, 403)
      equal((await cloud.http.get('/dev/elsewhere')).status, 403)
    },
  },
  {
    name: 'an HTTP API with CORS, authorizers and a catch-all',
    files: {
      'serverless.yml': `service:
  name: shop_front
provider:
  name: aws
  runtime: nodejs22.x
  region: eu-west-1
  httpApi:
    cors:
      allowedOrigins: [https://shop.example.com]
      allowedHeaders: [Authorization, X-Thing]
      allowCredentials: true
      maxAge: 600
    authorizers:
      simple:
        type: request
        functionName: simple
        enableSimpleResponses: true
        identitySource: $request.header.X-Key
      login:
        type: jwt
        identitySource: $request.header.Authorization
        issuerUrl: https://login.example.com/
        audience: [web, app]
functions:
  simple: {handler: src/auth.simple}
  hello:
    handler: src/api.hello
    events:
      - httpApi: 'GET /hello'
      - httpApi: {method: GET, path: '/mine', authorizer: {name: simple}}
      - httpApi: {method: GET, path: '/token', authorizer: {name: login, scopes: [read]}}
  rest: {handler: src/api.rest, events: [httpApi: '*']}
`,
      'src/auth.mjs': `export const simple = async (event) => ({ isAuthorized: event.headers['x-key'] === 'good', context: { who: 'me' } })\n`,
      'src/api.ts': `interface Event { version: string; rawPath: string; requestContext: { authorizer?: unknown } }
const answer = (body: unknown) => ({ statusCode: 200, body: JSON.stringify(body) })
export const hello = async (event: Event) => answer([event.version, event.rawPath, event.requestContext.authorizer !== undefined])
export const rest = async (event: Event) => answer(['rest', event.rawPath])
`,
    },
    app: [
      "app('shop-front'",
      "origins: 'https://shop.example.com'",
      "import { hello as helloHandler, rest as restHandler } from './src/api.ts'",
      'simple(simpleHandler)',
      "auth: jwt({ issuer: 'https://login.example.com/', audience: ['web', 'app'] }), scopes: ['read']",
      "export const rest = route('ANY /{proxy+}', raw(restHandler))",
      "export const restRoot = route('ANY /', raw(restHandler))",
    ],
    report: ['hand serverless.yml:1 service: `shop_front` cannot begin names on AWS'],
    use: async ({ cloud, equal }) => {
      equal((await cloud.http.get('/hello')).json, ['2.0', '/hello', false])
      equal((await cloud.http.get('/mine', { headers: { 'x-key': 'good' } })).json, ['2.0', '/mine', true])
      equal((await cloud.http.get('/mine', { headers: { 'x-key': 'bad' } })).status, 403)
      equal((await cloud.http.get('/token')).status, 401)
      equal((await cloud.http.get('/what/ever')).json, ['rest', '/what/ever'])
      equal((await cloud.http.get('/')).json, ['rest', '/'])
    },
  },
  {
    name: 'a function URL, and TypeScript that is built elsewhere',
    files: {
      'serverless.yml': `service: one
provider: {name: aws, runtime: nodejs22.x}
functions:
  web:
    handler: dist/web.handler
    url: {cors: true}
`,
      'src/web.ts': `export const handler = async (event: { rawPath: string }) => ({ statusCode: 200, body: event.rawPath })\n`,
      'tsconfig.json': '{ // with a comment\n "compilerOptions": { "module": "commonjs", "strict": true } }',
    },
    app: [
      "api: 'url'",
      "import { handler as webHandler } from './src/web.js'",
      "export const web = route('ANY /{proxy+}', { cors: true }, raw(webHandler))",
    ],
    report: ['noted tsconfig.json:1 compilerOptions: `allowJs: true`'],
    use: async ({ cloud, equal }) => {
      equal((await cloud.http.get('/a/b')).text, '/a/b')
    },
  },
]
