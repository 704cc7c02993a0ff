// The only place where two services of the local cloud meet: what the app's triggers and resources become here, kind by kind.
import type { ReceivedMessage } from '../aws/events/queue.ts'
import type { BucketModel, Model, QueueModel, ResourceKind, TriggerKind, TriggerModel } from '../model/index.ts'
import type { Clock } from './clock.ts'
import type { HttpGateway } from './gateway/http.ts'
import type { Outcome } from './invocation.ts'
import type { InvokeOptions } from './invoker.ts'
import { ACCOUNT, REGION } from './service.ts'
import { startQueueTrigger } from './triggers/queue.ts'
import { startScheduleTrigger } from './triggers/schedule.ts'

/** What triggers may use of the local cloud. */
export interface Hub {
  readonly model: Model
  readonly clock: Clock
  readonly gateway: HttpGateway
  readonly queues: Queues
  readonly buckets: Buckets
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
  onArrival(listener: (name: string) => void): () => void
}

/** What is needed of S3. */
export interface Buckets {
  ensureBucket(name: string): Promise<unknown>
}

type Start<Trigger> = (trigger: Trigger, hub: Hub) => () => void
const nothing = (): void => {}

const TRIGGERS: { readonly [Kind in TriggerKind]: Start<Extract<TriggerModel, { kind: Kind }>> } = {
  // The gateway takes all routes at once, below.
  http: () => nothing,
  queue: startQueueTrigger,
  topic: () => nothing,
  bucket: () => nothing,
  schedule: startScheduleTrigger,
  lambda: () => nothing,
  // The gateway asks it; nothing else wakes it.
  authorizer: () => nothing,
}

const RESOURCES: { readonly [Kind in ResourceKind]: (made: never, hub: Hub) => Promise<unknown> } = {
  queue: (made: QueueModel, { queues, model }: Hub) => queues.ensureQueue(made.physicalName, toAttributes(made, model)),
  topic: () => Promise.resolve(),
  bucket: (made: BucketModel, { buckets }: Hub) => buckets.ensureBucket(made.physicalName),
}

/** Makes the app's resources and starts its triggers. Returns how to stop the triggers. */
export async function connect(hub: Hub): Promise<() => void> {
  // A dead-letter queue must be there before the queue that names it.
  const rank = (one: Model['resources'][number]): number =>
    one.kind === 'queue' && one.deadLetter !== undefined ? 1 : 0
  for (const made of hub.model.resources.toSorted((left, right) => rank(left) - rank(right))) {
    await RESOURCES[made.kind](made as never, hub)
  }
  hub.gateway.route(
    hub.model.api,
    hub.model.triggers.filter((trigger) => trigger.kind === 'http'),
    hub.model.functions,
  )
  const stops = hub.model.triggers.map((trigger) => start(trigger, hub))
  return () => {
    for (const stop of stops) stop()
  }
}

const start = (trigger: TriggerModel, hub: Hub): (() => void) =>
  (TRIGGERS[trigger.kind] as Start<TriggerModel>)(trigger, hub)

function toAttributes(made: QueueModel, model: Model): Record<string, string> {
  const attributes: Record<string, string> = {
    VisibilityTimeout: String(made.visibility),
    MessageRetentionPeriod: String(made.retention),
    DelaySeconds: String(made.delay),
  }
  if (made.fifo) {
    attributes.FifoQueue = 'true'
    attributes.ContentBasedDeduplication = String(made.contentBasedDeduplication)
  }
  const { deadLetter } = made
  const other = model.resources.find((one) => one.kind === 'queue' && one.name === deadLetter?.queue)
  if (deadLetter !== undefined && other !== undefined) {
    const deadLetterTargetArn = `arn:aws:sqs:${REGION}:${ACCOUNT}:${other.physicalName}`
    attributes.RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: deadLetter.after })
  }
  return attributes
}
