// From what the entry exports to the model: every kind reads its own, complaints are collected, and thrown once.
import { type Complaint, complaint, GobletError, toPlace, type Where } from '../errors.ts'
import { settleAlarms } from './alarms.ts'
import { checkDoor, doorOf, toApi } from './api.ts'
import { checkApp, stageOptions } from './app.ts'
import { settleBuckets } from './bucket-events.ts'
import { settleCors } from './cors.ts'
import type { DescribedResource, Description, Options } from './describe.ts'
import { settleDestinations } from './destinations.ts'
import { settleDomains } from './domain.ts'
import { checkSockets } from './environment.ts'
import { checkGroup } from './groups.ts'
import { bucketResource } from './kinds/bucket.ts'
import { busResource } from './kinds/bus.ts'
import { paramResource } from './kinds/param.ts'
import { queueResource, settleQueues } from './kinds/queue.ts'
import { rawResource } from './kinds/resource.ts'
import { secretResource } from './kinds/secret.ts'
import { streamResource } from './kinds/stream.ts'
import { settleSources, tableResource } from './kinds/table.ts'
import { readSubscription, settleTopics, topicResource } from './kinds/topic.ts'
import { settleWebsockets, websocketResource } from './kinds/websocket.ts'
import type { ResourceKind } from './kinds.ts'
import type { ApiModel, HttpTriggerModel, Model, TriggerModel } from './model.ts'
import { checkPrefix, type Target } from './names.ts'
import { checkOptions, type Rules } from './options.ts'
import { checkRestRoutes, checkRoutes } from './pattern.ts'
import { settlePermissions } from './permission-options.ts'
import type { Grammar, Reading } from './reading.ts'
import { settleReferences } from './references.ts'
import type { QueueModel, ResourceModel } from './resources.ts'
import { tagsIn } from './tags.ts'
import { readFunctions } from './triggers.ts'

interface ResourceReader {
  rules(): Rules
  read(described: DescribedResource, target: Target): { made: ResourceModel; complaints: Complaint[] }
}

const RESOURCES = {
  queue: queueResource,
  topic: topicResource,
  bucket: bucketResource,
  table: tableResource,
  stream: streamResource,
  bus: busResource,
  websocket: websocketResource,
  secret: secretResource,
  param: paramResource,
  resource: rawResource,
} satisfies Record<ResourceKind, ResourceReader>

/** Reads a description into the model of one stage. Throws a GobletError with everything that is wrong. */
export function defineModel(description: Description, place: Omit<Target, 'app'>, grammar: Grammar): Model {
  const { app, entry } = description
  const target: Target = { app: app.name, ...place }
  const options = stageOptions(app.options, place.stage)
  const complaints = [...checkPrefix(target, app.where), ...checkApp(app.options, target, app.where)]
  complaints.push(...description.groups.flatMap(checkGroup))
  const reading = toReading(description, options, grammar)
  const { triggers, asked, ...read } = readFunctions(description.functions, reading, target, complaints)
  const { api, preflights } = readApi(description, reading, triggers, complaints)
  const resources = readResources(description.resources, target, complaints)
  const { functions, complaints: refused } = settlePermissions(read.functions, asked, resources, target)
  complaints.push(...refused)
  const settled = settleQueues(
    resources.filter((one): one is QueueModel => one.kind === 'queue'),
    triggers.filter((one) => one.kind === 'queue'),
    functions,
  )
  const subscriptions = description.subscriptions.map((one) => {
    const { made, complaints: wrong } = readSubscription(one, grammar)
    complaints.push(...wrong)
    return made
  })
  const subscribers = triggers.filter((one) => one.kind === 'topic')
  complaints.push(...settled.complaints, ...settleTopics(subscribers, subscriptions, resources))
  complaints.push(
    ...settleBuckets(
      triggers.filter((one) => one.kind === 'bucket'),
      resources,
    ),
  )
  const sources = settleSources(
    resources.filter((one) => one.kind !== 'queue'),
    triggers,
  )
  const sockets = settleWebsockets({ described: description.resources, resources, triggers, reading })
  complaints.push(...sources.complaints, ...sockets.complaints)
  const apis = resources.filter((one) => one.kind === 'websocket')
  complaints.push(...checkSockets(functions, apis, target))
  complaints.push(...settleDomains({ api, where: app.where, triggers, sockets: apis }))
  complaints.push(...settleReferences(functions, resources))
  complaints.push(...settleDestinations({ functions, triggers, resources }), ...settleAlarms(functions, resources))
  if (complaints.length > 0) throw new GobletError(complaints)
  return {
    ...target,
    entry,
    tags: tagsIn(options),
    api,
    functions,
    triggers: streamed([...sockets.triggers, ...preflights]),
    resources: [...settled.queues, ...sources.resources],
    subscriptions,
  }
}

function toReading({ app: { where }, groups, functions }: Description, app: Options, grammar: Grammar): Reading {
  const authorizers = functions.filter(({ trigger }) => trigger === 'authorizer')
  return {
    app,
    where,
    door: doorOf(app),
    groups: new Map(groups.map((one) => [one.export, one])),
    authorizers: new Map(authorizers.map((one) => [one.export, one])),
    grammar,
  }
}

function readApi(
  { app, functions }: Description,
  reading: Reading,
  triggers: readonly TriggerModel[],
  complaints: Complaint[],
): { api: ApiModel; preflights: readonly HttpTriggerModel[] } {
  const routes = triggers.filter((one) => one.kind === 'http')
  // A plain Lambda handler answers preflights itself, unless its own route says `cors`.
  const described = functions.filter(
    ({ trigger, raw, options }) => trigger === 'http' && (raw !== true || options.cors !== undefined),
  )
  const cors = settleCors(described, routes, reading)
  const api: ApiModel = { ...toApi(reading.app), ...cors.api }
  complaints.push(...checkRoutes(routes), ...(api.door === 'rest' ? checkRestRoutes(routes) : []))
  complaints.push(...cors.complaints, ...checkDoor(api, reading.app, [...routes, ...cors.triggers], app.where))
  return { api, preflights: cors.triggers }
}

// A function that streams writes every answer as a stream, whichever of its routes is asked.
function streamed(triggers: readonly TriggerModel[]): TriggerModel[] {
  const streams = new Set(triggers.flatMap((one) => (one.kind === 'http' && one.stream ? [one.function] : [])))
  return triggers.map((one) => (one.kind === 'http' && streams.has(one.function) ? { ...one, stream: true } : one))
}

function readResources(
  described: readonly DescribedResource[],
  target: Target,
  complaints: Complaint[],
): ResourceModel[] {
  const seen = new Map<string, Where>()
  const twice = (key: string, what: string, where: Where): boolean => {
    const first = seen.get(key)
    if (first === undefined) seen.set(key, where)
    else complaints.push(complaint('GOBLET_DUPLICATE_NAME', { what, first: toPlace(first) }, where))
    return first !== undefined
  }
  return described.map((one) => {
    const { kind, name, where } = one
    const reader: ResourceReader = RESOURCES[kind]
    complaints.push(...checkOptions(`the ${kind} ${name}`, one.options, reader.rules(), where))
    const { made, complaints: wrong } = reader.read(one, target)
    complaints.push(...wrong)
    // Two handles under different names may still be one resource.
    const { physicalName } = made
    if (!twice(`declared ${kind} ${made.name}`, `The ${kind} ${name}`, where))
      twice(`on AWS ${kind} ${physicalName}`, `The ${kind} ${physicalName} (declared as ${name})`, where)
    return made
  })
}
