// The door of the package: exactly these names, and these ways in. A change here is a change for every user.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as door from '../../src/index.ts'
import { isNode, readSource, walk } from './imports.ts'

const VALUES = [
  'BadRequestError',
  'ConditionError',
  'ConflictError',
  'ForbiddenError',
  'GoneError',
  'HttpError',
  'InvocationError',
  'MethodNotAllowedError',
  'NotFoundError',
  'PayloadTooLargeError',
  'RequestTimeoutError',
  'TooManyRequestsError',
  'TransactionError',
  'UnauthorizedError',
  'UnprocessableEntityError',
  'UnsupportedMediaTypeError',
  'app',
  'authorizer',
  'bucket',
  'bus',
  'cognito',
  'cron',
  'group',
  'iam',
  'jwt',
  'lambda',
  'mount',
  'param',
  'queue',
  'rate',
  'raw',
  'reply',
  'resource',
  'route',
  'schedule',
  'secret',
  'stream',
  'table',
  'topic',
  'websocket',
]

const TYPES = [
  'AlarmsOptions',
  'App',
  'AppOptions',
  'Authorizer',
  'AuthorizerAnswer',
  'AuthorizerOptions',
  'AuthorizerRequest',
  'Bucket',
  'BucketCors',
  'BucketLifecycle',
  'BucketOptions',
  'BucketTrigger',
  'BucketTriggerOptions',
  'Bus',
  'BusEvent',
  'BusOptions',
  'BusTrigger',
  'Caller',
  'CancellationReason',
  'ChangedObject',
  'Changes',
  'Condition',
  'ConnectionInfo',
  'Context',
  'CorsOptions',
  'DomainOption',
  'EmitOptions',
  'Emitted',
  'FormFile',
  'Found',
  'FunctionOptions',
  'Group',
  'GroupOptions',
  'IndexOption',
  'Input',
  'LambdaFunction',
  'ListedObject',
  'Log',
  'LogFields',
  'LogsOptions',
  'Middleware',
  'Mount',
  'MountOptions',
  'Next',
  'ObjectHead',
  'OnError',
  'Page',
  'Param',
  'ParamOptions',
  'Params',
  'Pattern',
  'Permission',
  'PlainShape',
  'PublishOptions',
  'PutOptions',
  'QueryOptions',
  'Queue',
  'QueueBatchItem',
  'QueueOptions',
  'QueueTrigger',
  'QueueTriggerOptions',
  'Raw',
  'RawHandler',
  'RawResource',
  'ReadOptions',
  'RecordOptions',
  'RecordsOptions',
  'Reply',
  'ReplyOptions',
  'Request',
  'RequestShape',
  'Route',
  'RouteInput',
  'RouteOptions',
  'RouteShape',
  'ScanOptions',
  'Schedule',
  'ScheduleOptions',
  'Schema',
  'SchemaIssue',
  'Secret',
  'SecretOptions',
  'SendOptions',
  'ShardBatchOptions',
  'ShardOptions',
  'StageOptions',
  'StoredObject',
  'Stream',
  'StreamBatchItem',
  'StreamBatchOptions',
  'StreamOptions',
  'StreamTrigger',
  'StreamTriggerOptions',
  'Subscription',
  'SubscriptionOptions',
  'Table',
  'TableChange',
  'TableOptions',
  'TableTrigger',
  'TableTriggerOptions',
  'Test',
  'Topic',
  'TopicOptions',
  'TopicTrigger',
  'TopicTriggerOptions',
  'TransactOptions',
  'TriggerInput',
  'TumblingWindow',
  'UpdateOptions',
  'UrlOptions',
  'UsagePlan',
  'ValueOptions',
  'Websocket',
  'WebsocketConnectInput',
  'WebsocketData',
  'WebsocketDisconnectInput',
  'WebsocketMessageInput',
  'WebsocketOptions',
  'WebsocketRouteOptions',
  'WebsocketTrigger',
  'Write',
]

const WAYS_IN = ['.', './client', './testing', './package.json']

const text = readFileSync(new URL('../../src/index.ts', import.meta.url), 'utf8')

/** The names that `export { … }` lists, types and values alike. */
function exported(): string[] {
  const names: string[] = []
  walk(readSource('index.ts', text).program, ({ type, exported: as }) => {
    if (type === 'ExportSpecifier' && isNode(as) && typeof as.name === 'string') names.push(as.name)
  })
  return names
}

test("'goblet' exports these values", () => {
  assert.deepEqual(Object.keys(door).sort(), VALUES)
})

test("'goblet' exports these types besides", () => {
  assert.deepEqual(
    exported()
      .filter((name) => !VALUES.includes(name))
      .sort(),
    TYPES,
  )
})

test('the door only opens: no code of its own, nothing exported by star', () => {
  const { program } = readSource('index.ts', text)
  assert.ok(Array.isArray(program.body))
  assert.deepEqual([...new Set(program.body.map(({ type }) => type))], ['ExportNamedDeclaration'])
})

test('nothing else of the package can be imported', () => {
  const { exports } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  assert.deepEqual(Object.keys(exports), WAYS_IN)
})
