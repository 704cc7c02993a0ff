// The app as pure data, every default spelled out: what build reads, and what the local cloud and deploy both make real.
import type { Where } from '../errors.ts'
import type { AlarmsModel } from './alarms.ts'
import type { Plain } from './describe.ts'
import type { DomainModel } from './domain.ts'
import type { TriggerKind } from './kinds.ts'
import type { LogsModel } from './logs.ts'
import type { DestinationModel, ResourceModel } from './resources.ts'
import type { Shipping } from './shipping.ts'

/** An object as JSON has them: a filter's pattern. */
export interface JsonObject {
  readonly [key: string]: Plain
}

/** One Lambda function. */
export interface FunctionModel extends Shipping {
  /** The export's name, or `api` for the one that all routes share. */
  readonly name: string
  readonly physicalName: string
  readonly trigger: TriggerKind
  /** The exports its bundle wakes. */
  readonly exports: readonly string[]
  /** MB. */
  readonly memory: number
  /** Seconds. */
  readonly timeout: number
  readonly runtime: string
  readonly architecture: string
  readonly env: Readonly<Record<string, string>>
  /** Variables whose values are kept elsewhere, by their names. */
  readonly references: Readonly<Record<string, EnvironmentReference>>
  /** Reserved concurrency; undefined: none of its own. A queue's consumer has none: what it says is its trigger's. */
  readonly concurrency: number | undefined
  readonly description: string
  /** MB of /tmp. */
  readonly ephemeralStorage: number
  /** How often an event that nobody waits for is tried again, 0 to 2. */
  readonly retries: number
  /** How old such an event may become before it is given up: seconds, 60 to 21,600. */
  readonly maximumAge: number
  /** The queue or topic that gets such events when they are given up. */
  readonly deadLetter: DestinationModel | undefined
  /** Who is told how such events ended. */
  readonly destinations: {
    readonly success: DestinationModel | undefined
    readonly failure: DestinationModel | undefined
  }
  /** The ARN of a role that is already there; undefined: one is made, with what the function needs and no more. */
  readonly role: string | undefined
  /** Minutes between two events that keep it warm on AWS; undefined: nothing does. */
  readonly warm: number | undefined
  /** What it may do besides what its code says: the app's, then its own. */
  readonly permissions: readonly PermissionModel[]
  /** It tells X-Ray of every invocation. */
  readonly tracing: boolean
  /** The network it is in; undefined: Lambda's own. */
  readonly vpc: { readonly subnets: readonly string[]; readonly securityGroups: readonly string[] } | undefined
  readonly logs: LogsModel
  /** The app's and its own, which win. */
  readonly tags: Readonly<Record<string, string>>
  /** Undefined: none. */
  readonly alarms: AlarmsModel | undefined
  readonly where: Where
}

/** A parameter or a secret that the app exports, by its declared name. */
export interface EnvironmentReference {
  readonly kind: 'param' | 'secret'
  readonly name: string
}

/** What the app itself says that a function may do, and why. */
export interface PermissionModel {
  /** `ses:SendEmail`. */
  readonly actions: readonly string[]
  /** ARN patterns, or `*`. */
  readonly resources: readonly string[]
  readonly why: string
  readonly where: Where
}

/** Which other origins may call, spelled out. */
export interface CorsModel {
  /** Exact origins, or `*` alone. */
  readonly origins: readonly string[]
  /** Some origins are patterns, which only the runtime knows. */
  readonly patterns: boolean
  /** What a preflight allows: the methods of the routes it holds for, `*` where one takes any. */
  readonly methods: readonly string[]
  readonly headers: readonly string[]
  readonly expose: readonly string[]
  readonly credentials: boolean
  /** Seconds; undefined: the browser's own default. */
  readonly maxAge: number | undefined
}

/** Who may call a route. */
export type AuthModel =
  | { readonly kind: 'none' }
  | { readonly kind: 'iam' }
  | {
      readonly kind: 'jwt'
      readonly issuer: string
      readonly audience: readonly string[]
      readonly scopes: readonly string[]
    }
  | {
      readonly kind: 'cognito'
      /** ARNs. */
      readonly userPools: readonly string[]
      readonly scopes: readonly string[]
    }
  | {
      readonly kind: 'authorizer'
      /** The name of its FunctionModel. */
      readonly function: string
      readonly style: AuthorizerStyle
      /** Lower case; where the token is, in token style. */
      readonly header: string
      /** What the answer depends on, in request style: `$request.header.authorization`. */
      readonly identity: readonly string[]
      /** Seconds that an answer is remembered; 0: never. */
      readonly ttl: number
    }

export type AuthorizerStyle = 'token' | 'request'

/** What callers with an API key may use, all of them alike. */
export interface UsagePlanModel {
  /** Requests a second; undefined: no limit. */
  readonly rate: number | undefined
  readonly burst: number | undefined
  readonly quota: { readonly limit: number; readonly period: 'day' | 'week' | 'month' } | undefined
}

/** The front door that all routes share. */
export interface ApiModel {
  readonly door: 'http' | 'rest' | 'url'
  /** `api` unless named otherwise on the rest door, `$default` on the others. */
  readonly stage: string
  /** What the gateway itself applies; undefined: nothing, the runtime does so where a route asks for it. */
  readonly cors: CorsModel | undefined
  /** On the rest door: the origin that the gateway's own error answers carry. */
  readonly errorOrigin: string | undefined
  readonly usagePlan: UsagePlanModel | undefined
  /** The names of the API keys that the app owns. */
  readonly apiKeys: readonly string[]
  /** Undefined: it is called by the name that AWS gives it. Never on the url door. */
  readonly domain: DomainModel | undefined
}

export interface HttpTriggerModel {
  readonly kind: 'http'
  readonly function: string
  readonly export: string
  /** One method, or `ANY`. */
  readonly method: string
  readonly path: string
  readonly auth: AuthModel
  /** A caller must show an API key. */
  readonly apiKey: boolean
  /** The answer is sent while it is made. */
  readonly stream: boolean
  /** Nobody declared it: an OPTIONS route made for CORS, answered by the runtime. */
  readonly synthetic: boolean
  readonly where: Where
}

export interface QueueTriggerModel {
  readonly kind: 'queue'
  readonly function: string
  /** The queue's declared name. */
  readonly queue: string
  readonly batchSize: number
  /** Seconds. */
  readonly window: number
  /** Patterns, of which a message must match one, or it is deleted unread; empty: every message is delivered. */
  readonly filter: readonly JsonObject[]
  /** How many invocations the event source makes at once at most, 2 to 1000; undefined: as many as Lambda gives. */
  readonly concurrency: number | undefined
  readonly where: Where
}

/** Which part of a message a subscription's filter reads. */
export type FilterScope = 'MessageAttributes' | 'MessageBody'

/** A function that is subscribed to a topic. */
export interface TopicTriggerModel {
  readonly kind: 'topic'
  readonly function: string
  /** The topic's declared name. */
  readonly topic: string
  /** A filter policy; undefined: every message is delivered. */
  readonly filter: JsonObject | undefined
  readonly filterScope: FilterScope
  /** The declared name of the queue for what could not be delivered. */
  readonly deadLetter: string | undefined
  readonly where: Where
}

/** A function that a bucket tells of changes. */
export interface BucketTriggerModel {
  readonly kind: 'bucket'
  readonly function: string
  /** The bucket's declared name. */
  readonly bucket: string
  /** In S3's form: `s3:ObjectCreated:*`. */
  readonly events: readonly string[]
  /** Keys begin so; empty: any. */
  readonly prefix: string
  /** Keys end so; empty: any. */
  readonly suffix: string
  readonly where: Where
}

/** How Lambda reads a stream, of a table or of Kinesis. Failures that the function names itself are always understood. */
interface ShardTrigger {
  readonly function: string
  /** Records an invocation takes at most, 1 to 10,000. */
  readonly batchSize: number
  /** Seconds to wait for a batch to fill, 0 to 300. */
  readonly window: number
  /** Patterns, of which a record must match one, or it is skipped; empty: every record is delivered. */
  readonly filter: readonly JsonObject[]
  /** How often a failed batch is tried again; undefined: for as long as its records live. */
  readonly retries: number | undefined
  /** Seconds, 60 to 604,800: records that are older are given up; undefined: never. */
  readonly maximumAge: number | undefined
  /** A failed batch is halved before it is tried again. */
  readonly bisect: boolean
  /** Batches of one shard at once, 1 to 10; those of one key one after the other. */
  readonly parallel: number
  /** Seconds of a tumbling window, 1 to 900; 0: none. */
  readonly tumblingWindow: number
  /** Who gets what is given up. */
  readonly onFailure: DestinationModel | undefined
  readonly where: Where
}

/** A function that gets a table's changes. */
export interface TableTriggerModel extends ShardTrigger {
  readonly kind: 'table'
  /** The table's declared name. */
  readonly table: string
  readonly from: 'latest' | 'horizon'
}

/** A function that reads a stream. */
export interface StreamTriggerModel extends ShardTrigger {
  readonly kind: 'stream'
  /** The stream's declared name. */
  readonly stream: string
  /** A number: the time of the first record, in milliseconds since 1970. */
  readonly from: 'latest' | 'horizon' | number
}

/** A function that gets a bus's events: a rule and its target. */
export interface BusTriggerModel {
  readonly kind: 'bus'
  readonly function: string
  /** The bus's declared name. */
  readonly bus: string
  readonly pattern: JsonObject
  readonly where: Where
}

export interface ScheduleTriggerModel {
  readonly kind: 'schedule'
  readonly function: string
  /** `rate(5 minutes)`, `cron(0 3 * * ? *)`, `at(2026-11-21T09:00:00)`. */
  readonly expression: string
  /**
   * Who wakes the function: a rule of EventBridge, which gives it a Scheduled Event, or EventBridge Scheduler, which alone
   * knows `at`, time zones, beginning and end, windows and an input.
   */
  readonly service: 'rule' | 'scheduler'
  /** An IANA name; what `cron` and `at` are told in. */
  readonly timezone: string
  /** Milliseconds since 1970; undefined: at once. */
  readonly start: number | undefined
  /** Milliseconds since 1970; undefined: never. */
  readonly end: number | undefined
  /** Minutes within which it may fire, 1 to 1,440; 0: at the minute. */
  readonly window: number
  /** What the function gets, as JSON has it; undefined: what its service sends by itself. */
  readonly input: Plain | undefined
  readonly where: Where
}

/** A function of a WebSocket API: one of its routes. */
export interface WebsocketTriggerModel {
  readonly kind: 'websocket'
  readonly function: string
  readonly export: string
  /** The API's declared name. */
  readonly websocket: string
  /** `$connect`, `$disconnect`, `$default`, or what the selection expression gives for the messages it gets. */
  readonly route: string
  /** `none` but on `$connect`, which alone can have another: `iam`, or an authorizer in request style. */
  readonly auth: AuthModel
  readonly where: Where
}

export interface LambdaTriggerModel {
  readonly kind: 'lambda'
  readonly function: string
  readonly where: Where
}

/** The gateway asks this function who may pass. */
export interface AuthorizerTriggerModel {
  readonly kind: 'authorizer'
  readonly function: string
  readonly style: AuthorizerStyle
  /** Lower case; token style. */
  readonly header: string
  /** Request style. */
  readonly identity: readonly string[]
  /** Seconds. */
  readonly ttl: number
  readonly where: Where
}

export type TriggerModel =
  | HttpTriggerModel
  | QueueTriggerModel
  | TopicTriggerModel
  | BucketTriggerModel
  | TableTriggerModel
  | StreamTriggerModel
  | BusTriggerModel
  | ScheduleTriggerModel
  | WebsocketTriggerModel
  | LambdaTriggerModel
  | AuthorizerTriggerModel

/** A queue that is subscribed to a topic. Nothing of the app wakes by it. */
export interface SubscriptionModel {
  /** The export's name. */
  readonly export: string
  /** The topic's declared name. */
  readonly topic: string
  /** The queue's declared name. */
  readonly queue: string
  /** A filter policy; undefined: every message is delivered. */
  readonly filter: JsonObject | undefined
  readonly filterScope: FilterScope
  /** The queue gets the message itself, without SNS's envelope. */
  readonly raw: boolean
  readonly where: Where
}

export interface Model {
  readonly app: string
  readonly stage: string
  readonly account: string
  readonly region: string
  /** The entry file, relative to the project. */
  readonly entry: string
  /** The app's: they hold for everything that it owns. */
  readonly tags: Readonly<Record<string, string>>
  readonly api: ApiModel
  readonly functions: readonly FunctionModel[]
  readonly triggers: readonly TriggerModel[]
  readonly resources: readonly ResourceModel[]
  readonly subscriptions: readonly SubscriptionModel[]
}
