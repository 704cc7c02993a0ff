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

export interface HttpTriggerModel {
  readonly kind: 'http'
  readonly function: string
  readonly export: string
  /** One method, or `ANY`. */
  readonly method: string
  readonly path: string
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

export type TriggerModel = HttpTriggerModel | QueueTriggerModel | ScheduleTriggerModel | LambdaTriggerModel

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
  readonly functions: readonly FunctionModel[]
  readonly triggers: readonly TriggerModel[]
  readonly resources: readonly ResourceModel[]
}
