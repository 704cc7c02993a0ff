// The door: what users import from 'goblet'.

export type { BusEvent } from './aws/events/bus.ts'
export { type App, app } from './runtime/app.ts'
export {
  type Authorizer,
  type AuthorizerAnswer,
  type AuthorizerOptions,
  type AuthorizerRequest,
  authorizer,
  type Caller,
  cognito,
  iam,
  jwt,
} from './runtime/auth.ts'
export {
  type Bucket,
  type BucketCors,
  type BucketLifecycle,
  type BucketOptions,
  type BucketTrigger,
  type BucketTriggerOptions,
  bucket,
  type ChangedObject,
  type ListedObject,
  type ObjectHead,
  type PutOptions,
  type StoredObject,
  type UrlOptions,
} from './runtime/bucket.ts'
export { type Bus, type BusOptions, type BusTrigger, bus, type EmitOptions, type Emitted } from './runtime/bus.ts'
export { type CancellationReason, ConditionError, TransactionError } from './runtime/condition-error.ts'
export type { ConnectionInfo } from './runtime/connections.ts'
export type { CorsOptions } from './runtime/cors.ts'
export type { Pattern } from './runtime/filter.ts'
export type { FormFile } from './runtime/form.ts'
export { type Group, type GroupOptions, group } from './runtime/group.ts'
export {
  BadRequestError,
  ConflictError,
  ForbiddenError,
  GoneError,
  HttpError,
  MethodNotAllowedError,
  NotFoundError,
  PayloadTooLargeError,
  RequestTimeoutError,
  TooManyRequestsError,
  UnauthorizedError,
  UnprocessableEntityError,
  UnsupportedMediaTypeError,
} from './runtime/http-error.ts'
export { InvocationError } from './runtime/invocation-error.ts'
export type { SchemaIssue } from './runtime/issue.ts'
export { type LambdaFunction, lambda } from './runtime/lambda.ts'
export type { Log, LogFields } from './runtime/log.ts'
export type { Input, Middleware, Next, OnError, TriggerInput } from './runtime/middleware.ts'
export { type Mount, type MountOptions, mount } from './runtime/mount.ts'
export type {
  AlarmsOptions,
  AppOptions,
  Context,
  DomainOption,
  FunctionOptions,
  LogsOptions,
  Permission,
  StageOptions,
  UsagePlan,
} from './runtime/options.ts'
export {
  type Queue,
  type QueueBatchItem,
  type QueueOptions,
  type QueueTrigger,
  type QueueTriggerOptions,
  queue,
  type SendOptions,
} from './runtime/queue.ts'
export { type Raw, type RawHandler, raw } from './runtime/raw.ts'
export type { Params, PlainShape, Request, RequestShape } from './runtime/request.ts'
export { type RawResource, resource } from './runtime/resource.ts'
export { type Reply, type ReplyOptions, reply } from './runtime/response.ts'
export { type Route, type RouteInput, type RouteOptions, type RouteShape, route } from './runtime/route.ts'
export { cron, rate, type Schedule, type ScheduleOptions, schedule } from './runtime/schedule.ts'
export type { Schema } from './runtime/schema.ts'
export {
  type Param,
  type ParamOptions,
  param,
  type Secret,
  type SecretOptions,
  secret,
  type ValueOptions,
} from './runtime/secret.ts'
export type { ShardBatchOptions, ShardOptions, TumblingWindow } from './runtime/shards.ts'
export {
  type RecordOptions,
  type RecordsOptions,
  type Stream,
  type StreamBatchItem,
  type StreamBatchOptions,
  type StreamOptions,
  type StreamTrigger,
  type StreamTriggerOptions,
  stream,
} from './runtime/stream.ts'
export {
  type IndexOption,
  type Table,
  type TableOptions,
  type TableTrigger,
  type TableTriggerOptions,
  table,
} from './runtime/table.ts'
export type {
  Changes,
  Condition,
  Found,
  Page,
  QueryOptions,
  ReadOptions,
  ScanOptions,
  TableChange,
  Test,
  TransactOptions,
  UpdateOptions,
  Write,
} from './runtime/table-words.ts'
export {
  type PublishOptions,
  type Subscription,
  type SubscriptionOptions,
  type Topic,
  type TopicOptions,
  type TopicTrigger,
  type TopicTriggerOptions,
  topic,
} from './runtime/topic.ts'
export {
  type Websocket,
  type WebsocketOptions,
  type WebsocketRouteOptions,
  type WebsocketTrigger,
  websocket,
} from './runtime/websocket.ts'
export type {
  WebsocketConnectInput,
  WebsocketData,
  WebsocketDisconnectInput,
  WebsocketMessageInput,
} from './runtime/websocket-input.ts'
