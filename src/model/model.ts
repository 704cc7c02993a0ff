// The app as pure data, every default spelled out: what build reads, and what the local cloud and deploy both make real.
import type { Where } from '../errors.ts'
import type { Plain } from './describe.ts'
import type { TriggerKind } from './kinds.ts'

/** An object as JSON has them: a filter's pattern. */
export interface JsonObject {
  readonly [key: string]: Plain
}

/** One Lambda function. */
export interface FunctionModel {
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
  /** Reserved concurrency; undefined: none of its own. A queue's consumer has none: what it says is its trigger's. */
  readonly concurrency: number | undefined
  readonly description: string
  /** MB of /tmp. */
  readonly ephemeralStorage: number
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

export interface ScheduleTriggerModel {
  readonly kind: 'schedule'
  readonly function: string
  readonly expression: string
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
  | ScheduleTriggerModel
  | LambdaTriggerModel
  | AuthorizerTriggerModel

interface Resource {
  /** The export's name. */
  readonly export: string
  /** The declared name, which is the identity. */
  readonly name: string
  readonly physicalName: string
  /** It is already there; Goblet neither makes nor removes it. */
  readonly existing: boolean
  readonly where: Where
}

export interface QueueModel extends Resource {
  readonly kind: 'queue'
  readonly fifo: boolean
  readonly contentBasedDeduplication: boolean
  /** Seconds. */
  readonly visibility: number
  /** Seconds. */
  readonly retention: number
  /** Seconds. */
  readonly delay: number
  /** `queue` is the declared name of the other queue. */
  readonly deadLetter: { readonly after: number; readonly queue: string } | undefined
}

export interface TopicModel extends Resource {
  readonly kind: 'topic'
  readonly fifo: boolean
  readonly contentBasedDeduplication: boolean
}

/** One rule of a bucket's CORS configuration, which S3 applies. */
export interface BucketCorsModel {
  readonly origins: readonly string[]
  readonly methods: readonly string[]
  readonly headers: readonly string[]
  readonly expose: readonly string[]
  /** Seconds; undefined: the browser's own default. */
  readonly maxAge: number | undefined
}

/** One rule of a bucket's lifecycle. Undefined: the rule does no such thing. */
export interface BucketLifecycleModel {
  /** Keys begin so; empty: any. */
  readonly prefix: string
  /** Days after which an object expires. */
  readonly expireDays: number | undefined
  /** Days after which a version that is no longer current is deleted. */
  readonly noncurrentDays: number | undefined
  /** Days after which an upload that was never completed is given up. */
  readonly abortUploadsDays: number | undefined
}

export interface BucketModel extends Resource {
  readonly kind: 'bucket'
  readonly versioned: boolean
  /** In their order: the first one that fits holds. */
  readonly cors: readonly BucketCorsModel[]
  readonly lifecycle: readonly BucketLifecycleModel[]
  /** Anybody may read its objects. */
  readonly public: boolean
}

export type ResourceModel = QueueModel | TopicModel | BucketModel

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
  readonly api: ApiModel
  readonly functions: readonly FunctionModel[]
  readonly triggers: readonly TriggerModel[]
  readonly resources: readonly ResourceModel[]
  readonly subscriptions: readonly SubscriptionModel[]
}
