// The only place where services of the local cloud meet: what the app's resources and triggers become here, kind by kind.
import type {
  BucketModel,
  BusModel,
  Model,
  ParamModel,
  QueueModel,
  ResourceKind,
  SecretModel,
  StreamModel,
  SubscriptionModel,
  TableModel,
  TopicModel,
  TriggerKind,
  TriggerModel,
} from '../model/index.ts'
import type { HttpGateway } from './gateway/http.ts'
import type { Hub, WantedSubscription } from './hub.ts'
import { makeBucket } from './resources/bucket.ts'
import { makeBus, makeRules } from './resources/bus.ts'
import { makeParameter } from './resources/param.ts'
import { makeQueue, queueArn } from './resources/queue.ts'
import { makeSecret } from './resources/secret.ts'
import { makeStream } from './resources/stream.ts'
import { makeTable } from './resources/table.ts'
import { makeTopic, topicArn } from './resources/topic.ts'
import { toServedApis } from './resources/websocket.ts'
import { startQueueTrigger } from './triggers/queue.ts'
import { makeSchedules } from './triggers/schedule.ts'
import { startStreamTrigger } from './triggers/stream.ts'
import { startTableTrigger } from './triggers/table.ts'
import { toSubscription } from './triggers/topic.ts'

type Start<Trigger> = (trigger: Trigger, hub: Hub) => () => void
const nothing = (): void => {}

const TRIGGERS: { readonly [Kind in TriggerKind]: Start<Extract<TriggerModel, { kind: Kind }>> } = {
  // The gateway takes all routes at once, below.
  http: () => nothing,
  queue: startQueueTrigger,
  // SNS, S3, EventBridge and Scheduler wake these, by what they were told when subscriptions, buckets, rules and schedules were made.
  topic: () => nothing,
  bucket: () => nothing,
  bus: () => nothing,
  table: startTableTrigger,
  stream: startStreamTrigger,
  schedule: () => nothing,
  lambda: () => nothing,
  // The gateway takes all of an API's routes at once, too.
  websocket: () => nothing,
  // The gateway asks it; nothing else wakes it.
  authorizer: () => nothing,
}

const RESOURCES: { readonly [Kind in ResourceKind]: (made: never, hub: Hub) => Promise<unknown> } = {
  queue: (made: QueueModel, hub: Hub) => makeQueue(made, hub),
  topic: (made: TopicModel, hub: Hub) => makeTopic(made, hub),
  bucket: (made: BucketModel, hub: Hub) => makeBucket(made, hub),
  table: (made: TableModel, hub: Hub) => makeTable(made, hub),
  stream: (made: StreamModel, hub: Hub) => makeStream(made, hub),
  bus: (made: BusModel, hub: Hub) => makeBus(made, hub),
  // The gateway takes all of them at once, below.
  websocket: async () => {},
  secret: (made: SecretModel, hub: Hub) => makeSecret(made, hub),
  param: (made: ParamModel, hub: Hub) => makeParameter(made, hub),
  // CloudFormation makes it; there is none of it here.
  resource: async () => {},
}

/** Makes the app's resources and starts its triggers. Returns how to stop the triggers. */
export async function connect(hub: Hub): Promise<() => void> {
  for (const made of hub.model.resources.toSorted((left, right) => rank(left) - rank(right)))
    await RESOURCES[made.kind](made as never, hub)
  await subscribe(hub)
  await makeRules(hub)
  await makeSchedules(hub)
  openRoutes(hub.model, hub.gateway)
  const stops = hub.model.triggers.map((trigger) => start(trigger, hub))
  return () => {
    for (const stop of stops) stop()
  }
}

/** Gives the gateway all routes at once. */
export function openRoutes(model: Model, gateway: HttpGateway): void {
  const { api, triggers, functions } = model
  const routes = triggers.filter((trigger) => trigger.kind === 'http')
  gateway.route(api, routes, functions)
  gateway.websockets.serve(toServedApis(model))
}

const BY_REQUEST: ReadonlySet<TriggerKind> = new Set<TriggerKind>(['http', 'websocket', 'authorizer', 'lambda'])

/** Whether an app is more than functions that somebody calls. */
export const needsServices = ({ resources, triggers }: Model): boolean =>
  resources.some(({ kind }) => kind !== 'websocket') || triggers.some(({ kind }) => !BY_REQUEST.has(kind))

// What another one names must be there first: dead-letter queues, and whom a bucket tells.
function rank(made: Model['resources'][number]): number {
  if (made.kind === 'queue') return made.deadLetter === undefined ? 0 : 1
  return made.kind === 'topic' ? 2 : 3
}

async function subscribe(hub: Hub): Promise<void> {
  const { model, topics } = hub
  const wanted = [
    ...model.subscriptions.map((one) => ofQueue(one, model)),
    ...model.triggers.map((trigger) => (trigger.kind === 'topic' ? toSubscription(trigger, hub) : undefined)),
  ].filter((one) => one !== undefined)
  const kept = new Set<string>()
  for (const one of wanted) kept.add(await topics.ensureSubscription(one))
  await topics.keepSubscriptions(kept)
}

function ofQueue(
  { topic, queue, filter, filterScope, raw }: SubscriptionModel,
  model: Model,
): WantedSubscription | undefined {
  const endpoint = queueArn(queue, model)
  if (endpoint === undefined) return undefined
  return {
    topicArn: topicArn(topic, model),
    protocol: 'sqs',
    endpoint,
    attributes: {
      RawMessageDelivery: String(raw),
      ...(filter === undefined ? {} : { FilterPolicy: JSON.stringify(filter), FilterPolicyScope: filterScope }),
    },
  }
}

const start = (trigger: TriggerModel, hub: Hub): (() => void) =>
  (TRIGGERS[trigger.kind] as Start<TriggerModel>)(trigger, hub)
