// Services in the shapes that people give their files: variables in variables, lists, parts in other files, plugins, mistakes.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the Serverless Framework look like that.
import type { Service } from './service.ts'

const variables = `service: pile
custom:
  stages: {dev: {memory: 256, name: small}, prod: {memory: 2048, name: large}, test: {memory: 256, name: small}}
  memory: \${self:custom.stages.\${self:custom.stage}.memory}
  stage: \${opt:stage, self:provider.stage}
  names: \${file(./config/names.yml)}
  again: \${self:custom.names.first}-\${self:custom.names.second}
  circle: \${self:custom.round}
  round: \${self:custom.circle}
  own: \${file(./config/\${sls:stage}.json):table, 'none'}
params:
  default: {domain: example.com}
  prod: {domain: shop.example.com}
provider:
  name: aws
  runtime: nodejs22.x
  stage: \${opt:stage, 'dev'}
  region: \${env:REGION_OF_NOBODY, 'eu-central-1'}
  memorySize: \${self:custom.memory}
  environment:
    NAME: \${self:custom.again}
    SIZE: \${self:custom.stages.\${sls:stage}.name}
    DOMAIN: \${param:domain}
    REGION: \${aws:region}
    TABLE: \${self:custom.own}
    KEY: \${file(./config/data.js):keys.1}
    CODE: \${file(./config/code.js):thing, 'instead'}
    NUMBER: \${self:custom.stages.dev.memory}
    QUOTED: "\${opt:nothing, 'a, b {c}'}"
    MISSING: \${self:custom.not.there}
    ROUND: \${self:custom.circle}
    STACK: \${cf:other-stack.Url}
    BUILD: build-\${git:sha1}-\${env:USER_NAME, 'nobody'}
    BOOL: \${strToBool(true)}
    TEXT: \${file(./config/text.txt)}
    PLAIN: "$\{not} \${Also.Not} \${AWS::Region}"
functions: \${file(./functions.yml)}
`

export const shapes: readonly Service[] = [
  {
    name: 'a pile of variables',
    files: {
      'serverless.yml': variables,
      'config/names.yml': 'first: ${self:custom.stages.dev.name}\nsecond: ${file(./config/more.json):second}\n',
      'config/more.json': '{"second": "two"}',
      'config/dev.json': '{"table": "dev-table"}',
      'config/prod.json': '{"table": "prod-table"}',
      'config/data.js': "// data\nmodule.exports = { keys: ['one', 'two'], deep: { a: 1 } }\n",
      'config/code.js': 'module.exports = async () => ({ thing: process.env.THING })\n',
      'config/text.txt': 'a text\n',
      'functions.yml': 'env: {handler: handler.env, events: [{httpApi: GET /env}]}\n',
      'handler.js': 'exports.env = async () => ({ ...process.env })\n',
    },
    app: [
      'memory: 256',
      "NAME: 'small-two'",
      "SIZE: 'small'",
      "DOMAIN: 'example.com'",
      "REGION: 'eu-central-1'",
      "TABLE: 'dev-table'",
      "KEY: 'two'",
      "CODE: process.env.THING ?? 'instead'",
      "NUMBER: '256'",
      "QUOTED: 'a, b {c}'",
      "STACK: process.env.OTHER_STACK_URL ?? ''",
      "BUILD: `build-${process.env.GIT_SHA1 ?? ''}-${process.env.USER_NAME ?? 'nobody'}`",
      "BOOL: 'true'",
      "TEXT: 'a text'",
      "PLAIN: '${not} ${Also.Not} ${AWS::Region}'",
      "stages: {\n    prod: { memory: 2048, env: { SIZE: 'large', DOMAIN: 'shop.example.com', TABLE: 'prod-table' } },\n    test: { env: { TABLE: 'none' } },\n  },",
    ],
    report: [
      'hand serverless.yml:30 ${self:custom.not.there}: leads to nothing',
      'hand serverless.yml:8 ${self:custom.round}: refers to itself',
      'hand serverless.yml:27 file(./config/code.js): is code, which an import does not run',
      'hand serverless.yml:32 provider.environment.STACK: `${cf:other-stack.Url}` cannot be read beforehand',
    ],
    use: async ({ cloud, equal }) => {
      const { json } = await cloud.http.get('/env')
      equal([json.NAME, json.BUILD, json.CODE], ['small-two', 'build--nobody', 'instead'])
    },
  },
  {
    name: 'functions in a list, from files, with roles of their own',
    files: {
      'serverless.yml': `service: parts
plugins: [serverless-iam-roles-per-function, serverless-webpack, serverless-domain-manager]
package:
  individually: true
  exclude: [node_modules/**]
provider:
  name: aws
  runtime: nodejs22.x
  role: !GetAtt MyRole.Arn
  logRetentionInDays: 14
  logs: {lambda: {logFormat: JSON, applicationLogLevel: WARN}, httpApi: true}
  tags: {team: shop, no: [1]}
functions:
  - \${file(functions/users.yml)}
  - other:
      handler: src/other.default_
      layers: ['arn:aws:lambda:us-east-1:123456789012:layer:x:1', !Ref DepsLambdaLayer]
      logRetentionInDays: 3
      tags: {team: a}
      provisionedConcurrency: 2
resources:
  - \${file(resources/all.yml)}
`,
      'functions/users.yml': `users:
  handler: src/users.list
  timeout: 3
  memorySize: 128
  description: lists users
  maximumRetryAttempts: 0
  maximumEventAge: 120
  environment: {TABLE: !Ref UsersTable, STAGE: '\${sls:stage}', EMPTY:}
  iamRoleStatements:
    - {Effect: Allow, Action: ['dynamodb:*'], Resource: !Join ['', [!GetAtt UsersTable.Arn, '/index/*']]}
  events:
    - httpApi: {path: /users, method: get}
`,
      'resources/all.yml': `Resources:
  UsersTable:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: users
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
      Tags: [{Key: a, Value: b}]
  MyRole: {Type: AWS::IAM::Role, Properties: {RoleName: !Sub '\${AWS::StackName}-role', AssumeRolePolicyDocument: {}}}
  Dist: {Type: 'AWS::CloudFront::Distribution', Properties: {DistributionConfig: {Comment: !Ref MyRole, Target: !GetAtt UsersTable.Arn}}}
`,
      'src/users.ts': `import middy from '@middy/core'
export const list = middy(async () => ({ statusCode: 200, body: process.env.TABLE + process.env.STAGE })).use({ after: ({ response }) => { if (response) response.statusCode = 203 } })
`,
      'src/other.cjs': 'exports.default_ = () => {}\n',
    },
    app: [
      'timeout: 3,',
      "description: 'lists users'",
      'retries: 0',
      'maximumAge: 120',
      "env: { TABLE: 'users', STAGE: 'dev' }",
      "permissions: [{ actions: ['dynamodb:*'], resources: [usersTable]",
      'DistributionConfig: { Comment: myRole, Target: usersTable }',
      "logs: { retention: 14, format: 'json', level: 'warn' }",
      "tags: { team: 'shop' }",
      "{ logs: { retention: 3 }, layers: ['arn:aws:lambda:us-east-1:123456789012:layer:x:1'] }",
    ],
    report: [
      'hand functions/users.yml:8 functions.users.environment.STAGE: depends on the stage',
      'noted functions/users.yml:8 functions.users.environment.EMPTY',
      'hand serverless.yml:9 provider.role',
      'noted serverless.yml:2 plugins serverless-webpack',
      'hand serverless.yml:2 plugins serverless-domain-manager',
      'hand serverless.yml:11 provider.logs.httpApi',
      'hand serverless.yml:12 provider.tags.no',
      'hand serverless.yml:17 functions.other.layers',
      'noted serverless.yml:17 functions.other.layers',
      'hand serverless.yml:19 functions.other.tags',
      'hand resources/all.yml:9 resources.UsersTable.Properties.Tags',
      'noted resources/all.yml:11 resources.Dist: `dist` is a resource',
      'noted serverless.yml:3 package',
    ],
    use: async ({ cloud, equal }) => {
      const answer = await cloud.http.get('/users')
      equal([answer.status, answer.text], [203, 'usersdev'])
    },
  },
  {
    name: 'routes of two kinds of APIs',
    files: {
      'serverless.yml': `service: both
provider:
  name: aws
  runtime: nodejs22.x
  httpApi: {cors: true}
  apiGateway: {apiKeys: [a]}
functions:
  fresh: {handler: handler.body, events: [{httpApi: POST /new}, {httpApi: GET /more}, {httpApi: PUT /a}, {httpApi: PUT /b}]}
  old:
    handler: handler.body
    events:
      - http: {path: old, method: post, cors: true}
      - http: {path: key, method: get, private: true}
      - http: {path: pool, method: get, authorizer: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc'}
`,
      'handler.js': 'exports.body = async (event) => ({ statusCode: 200, body: event.version + event.body })\n',
    },
    app: [
      "route('POST /old', raw(freshHandler))",
      "route('GET /key', { auth: iam() }, raw(freshHandler))",
      "route('GET /pool', { auth: iam() }, raw(freshHandler))",
    ],
    report: [
      'hand serverless.yml:6 provider.apiGateway: belongs to a kind of API',
      'hand serverless.yml:8 functions: has routes of a REST API (http: 3) and of an HTTP API (httpApi: 4). An app has one front door, here the HTTP API',
    ],
    use: async ({ cloud, equal }) => {
      equal((await cloud.http.post('/old', { json: 1 })).text, '2.01')
      equal((await cloud.http.get('/key')).status, 403)
      equal((await cloud.http.get('/pool')).status, 403)
    },
  },
  {
    name: 'mistakes, and what has no twin',
    files: {
      'serverless.yml': `service: wrong
provder: {}
provider:
  name: aws
  runtime: nodejs22.x
  enviroment: {A: b}
  memorySize: a lot
  timeout: \${env:SECONDS_OF_NOBODY, 9}
  logs: {restApi: true}
stepFunctions: {stateMachines: {}}
functions:
  vtl:
    handler: handler.vtl
    memorysize: 512
    events:
      - http: {path: a, method: get, integration: lambda, request: {template: {}}}
      - http: {path: b, method: get, request: {parameters: {querystrings: {q: true}}}, corss: true}
      - http: {path: b, method: get}
      - http: nothing
      - alexaSkill
      - iot: {sql: "SELECT * FROM 'a'"}
      - sqss: arn:aws:sqs:us-east-1:123456789012:x
      - httpApi: GET /v2
  nowhere: {handler: gone.handler, events: [http: GET /gone]}
  unnamed: {handler: handler}
  python: {handler: handler.vtl, runtime: python3.12}
  box: {image: 'x', events: [schedule: rate(1 hour)]}
`,
      'handler.js': 'exports.vtl = async () => ({ statusCode: 200, body: "b" })\n',
    },
    app: [
      'timeout: 9',
      'memory: 1024',
      "export const nowhere = route('GET /gone', { isolate: true }, missing('gone.handler'))",
      "lambda(missing('handler.vtl (python3.12)'))",
    ],
    report: [
      'hand serverless.yml:2 provder: is no key that is known here, so nothing was made of it. Did you mean `provider`?',
      'hand serverless.yml:6 provider.enviroment: is no key that is known here, so nothing was made of it. Did you mean `environment`?',
      'hand serverless.yml:7 provider.memorySize: is no number',
      'hand serverless.yml:8 provider.timeout: comes from outside; its fallback, 9, was taken',
      'lost serverless.yml:10 stepFunctions',
      'hand serverless.yml:14 functions.vtl.memorysize: is no key that is known here, so nothing was made of it. Did you mean `memorySize`?',
      'lost serverless.yml:16 functions.vtl.events[0].http.integration',
      'hand serverless.yml:17 functions.vtl.events[1].http.request',
      'hand serverless.yml:17 functions.vtl.events[1].http.corss: is no key that is known here, so nothing was made of it. Did you mean `cors`?',
      'hand serverless.yml:18 functions.vtl.events[2].http: GET /b is there already',
      'hand serverless.yml:19 functions.vtl.events[3].http: names no method',
      'lost serverless.yml:20 functions.vtl.events[4].alexaSkill',
      'lost serverless.yml:21 functions.vtl.events[5].iot',
      'lost serverless.yml:22 functions.vtl.events[6].sqss: `sqss` is no event that is known here. Did you mean `sqs`?',
      'hand serverless.yml:13 functions: has routes of a REST API',
      'hand serverless.yml:24 functions.nowhere.handler: cannot be imported: there is no gone',
      'hand serverless.yml:25 functions.unnamed.handler: cannot be imported',
      'hand serverless.yml:26 functions.python.handler: is written for python3.12',
      'hand serverless.yml:27 functions.box.handler: runs a container image',
    ],
    use: async ({ cloud, equal }) => {
      equal((await cloud.http.get('/dev/b')).text, 'b')
      const answer = await cloud.http.get('/dev/gone')
      equal([answer.status, answer.json.Message], [501, 'gone.handler is still to be written in TypeScript.'])
    },
  },
]
