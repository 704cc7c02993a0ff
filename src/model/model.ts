// The app as pure data, every default spelled out: what build reads, and what the local cloud and deploy both make real.
import type { Where } from '../errors.ts'
import type { TriggerKind } from './kinds.ts'

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
  /** Reserved concurrency; undefined: none of its own. */
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

export interface BucketModel extends Resource {
  readonly kind: 'bucket'
}

export type ResourceModel = QueueModel | BucketModel

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
}
