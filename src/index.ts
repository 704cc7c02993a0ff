// The door: what users import from 'goblet'.
export { type App, app } from './runtime/app.ts'
export {
  type Bucket,
  type BucketOptions,
  bucket,
  type ListedObject,
  type ObjectHead,
  type PutOptions,
  type StoredObject,
  type UrlOptions,
} from './runtime/bucket.ts'
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
export { type LambdaFunction, lambda } from './runtime/lambda.ts'
export type { AppOptions, Context, FunctionOptions, StageOptions } from './runtime/options.ts'
export {
  type Queue,
  type QueueBatchItem,
  type QueueOptions,
  type QueueTrigger,
  type QueueTriggerOptions,
  queue,
  type SendOptions,
} from './runtime/queue.ts'
export type { Params, Request } from './runtime/request.ts'
export { type Reply, type ReplyOptions, reply } from './runtime/response.ts'
export { type Route, type RouteOptions, route } from './runtime/route.ts'
export { cron, rate, type Schedule, schedule } from './runtime/schedule.ts'
