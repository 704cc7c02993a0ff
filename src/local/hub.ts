// What the app's resources and triggers may use of the local cloud.
import type { KinesisData } from '../aws/events/kinesis.ts'
import type { ReceivedMessage } from '../aws/events/queue.ts'
import type { TableRecord } from '../aws/events/table.ts'
import type { JsonObject } from '../aws/protocol/json.ts'
import type { BucketCorsModel, BucketLifecycleModel, Model, ParamModel } from '../model/index.ts'
import type { Clock } from './clock.ts'
import type { HttpGateway } from './gateway/http.ts'
import type { Outcome } from './invocation.ts'
import type { InvokeOptions } from './invoker.ts'
import type { Checkpoints } from './shards/checkpoints.ts'
import type { ShardSource } from './shards/mapping.ts'

export interface Hub {
  readonly model: Model
  readonly clock: Clock
  readonly gateway: HttpGateway
  readonly queues: Queues
  readonly topics: Topics
  readonly buckets: Buckets
  readonly tables: Tables
  readonly streams: Streams
  readonly checkpoints: Checkpoints
  readonly buses: Buses
  readonly schedules: Schedules
  readonly secrets: Secrets
  readonly parameters: Parameters
  invoke(name: string, payload: string, options?: InvokeOptions): Promise<Outcome>
  /** Keeps an event for a function, which is invoked again when it fails; resolves once it cannot be lost. `text` says what it comes of. */
  start(name: string, payload: string, text: string): Promise<void>
  /** When the function's schedule was first seen with this expression, in milliseconds since 1970. */
  anchor(name: string, expression: string): number
  /** Notes a step that leads to an invocation; returns its id, the invocation's parent. */
  hop(name: string, text: string): string
  /** Adds a line to a function's log. */
  note(name: string, requestId: string, text: string): void
}

/** What is needed of SQS. */
export interface Queues {
  ensureQueue(name: string, attributes: Record<string, string>): Promise<unknown>
  receive(name: string, options: { max: number }): Promise<ReceivedMessage[]>
  delete(name: string, receiptHandles: readonly string[]): Promise<void>
  /** Takes the receiving back: the messages are visible at once. */
  release(name: string, receiptHandles: readonly string[]): Promise<void>
  onArrival(listener: (name: string) => void): () => void
}

/** What is needed of SNS. */
export interface Topics {
  ensureTopic(name: string, attributes: Record<string, string>): Promise<unknown>
  /** Makes the subscription, or gives the one that is there these attributes. Resolves with its ARN. */
  ensureSubscription(wanted: WantedSubscription): Promise<string>
  /** Removes what `ensureSubscription` ever made and is not among these ARNs. */
  keepSubscriptions(arns: ReadonlySet<string>): Promise<void>
}

export interface WantedSubscription {
  readonly topicArn: string
  readonly protocol: 'sqs' | 'lambda'
  readonly endpoint: string
  readonly attributes: Readonly<Record<string, string>>
}

/** What is needed of DynamoDB. */
export interface Tables {
  /** In the words of CreateTable, with `TimeToLiveSpecification` besides. */
  ensureTable(definition: JsonObject): Promise<unknown>
  find(name: string): boolean
  /** The stream that a table has at the moment. */
  source(name: string): ShardSource<TableRecord>
}

/** What is needed of Kinesis. */
export interface Streams {
  ensureStream(
    name: string,
    settings: { readonly shards: number | undefined; readonly retention: number },
  ): Promise<unknown>
  source(name: string): ShardSource<KinesisData>
}

/** What is needed of S3. */
export interface Buckets {
  ensureBucket(name: string, settings?: BucketSettings): Promise<unknown>
}

/** What the app says of a bucket. */
export interface BucketSettings {
  readonly versioned: boolean
  readonly cors: readonly BucketCorsModel[]
  readonly lifecycle: readonly BucketLifecycleModel[]
  readonly notifications: readonly BucketNotification[]
}

export interface BucketNotification {
  readonly id: string
  readonly to: string
  readonly events: readonly string[]
  readonly prefix: string
  readonly suffix: string
}

/** What is needed of Secrets Manager. */
export interface Secrets {
  find(name: string): boolean
  /** Makes the secret where there is none; what somebody has put stays. */
  ensureSecret(name: string, wanted: { readonly value?: string; readonly description?: string }): Promise<void>
  /** The text that is current; undefined: there is none. */
  value(name: string): string | undefined
  /** A random password. */
  password(wanted: { readonly length: number; readonly exclude: string }): string
}

/** What is needed of Parameter Store. */
export interface Parameters {
  /** The newest one; undefined: there is none. */
  value(name: string): string | undefined
  /** Makes the parameter where there is none; what somebody has put stays. */
  ensureParameter(
    name: string,
    wanted: { readonly type: ParamModel['type']; readonly value: string; readonly description?: string },
  ): Promise<void>
}

/** What is needed of EventBridge. */
export interface Buses {
  ensureBus(name: string): Promise<void>
  /** Makes the rule, or gives the one that is there these settings. Resolves with its ARN. */
  ensureRule(wanted: WantedRule): Promise<string>
  /** Removes what `ensureRule` ever made and is not among these ARNs. */
  keepRules(arns: ReadonlySet<string>): Promise<void>
}

export interface WantedRule {
  readonly bus: string
  readonly name: string
  /** A pattern, as JSON has it, or a schedule; `since` is where a rate counts from. */
  readonly when: { readonly pattern: object } | { readonly schedule: string; readonly since: number }
  readonly targets: readonly { readonly Id: string; readonly Arn: string }[]
}

/** What is needed of EventBridge Scheduler. */
export interface Schedules {
  /** Makes the schedule, or gives the one that is there these settings. */
  ensureSchedule(wanted: WantedSchedule): Promise<void>
  /** Removes what `ensureSchedule` ever made and has none of these names. */
  keepSchedules(names: ReadonlySet<string>): Promise<void>
}

/** A schedule of the default group. Times are milliseconds since 1970. */
export interface WantedSchedule {
  readonly name: string
  readonly expression: string
  readonly timezone: string
  readonly start: number | undefined
  readonly end: number | undefined
  /** Minutes. */
  readonly window: number
  readonly target: { readonly Arn: string; readonly RoleArn: string; readonly Input?: string }
  /** Where a rate counts from. */
  readonly since: number
  /** It is seen for the first time: it may fire at this very moment. */
  readonly isNew: boolean
}
