// What the app's resources and triggers may use of the local cloud.
import type { ReceivedMessage } from '../aws/events/queue.ts'
import type { BucketCorsModel, BucketLifecycleModel, Model } from '../model/index.ts'
import type { Clock } from './clock.ts'
import type { HttpGateway } from './gateway/http.ts'
import type { Outcome } from './invocation.ts'
import type { InvokeOptions } from './invoker.ts'
import type { Schedules } from './schedules.ts'

export interface Hub {
  readonly model: Model
  readonly clock: Clock
  readonly gateway: HttpGateway
  readonly queues: Queues
  readonly topics: Topics
  readonly buckets: Buckets
  readonly schedules: Schedules
  invoke(name: string, payload: string, options?: InvokeOptions): Promise<Outcome>
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
