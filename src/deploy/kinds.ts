// What every kind of resource and of trigger makes in a template, closed over all kinds there are.
import type { ResourceKind, ResourceModel, TriggerKind, TriggerModel } from '../model/index.ts'
import { authorizer } from './kinds/authorizer.ts'
import { bucket, bucketResource } from './kinds/bucket.ts'
import { bus, busResource } from './kinds/bus.ts'
import { http } from './kinds/http.ts'
import { lambda } from './kinds/lambda.ts'
import { paramResource } from './kinds/param.ts'
import { queue, queueResource } from './kinds/queue.ts'
import { rawResource } from './kinds/resource.ts'
import { schedule } from './kinds/schedule.ts'
import { secretResource } from './kinds/secret.ts'
import { stream, streamResource } from './kinds/stream.ts'
import { table, tableResource } from './kinds/table.ts'
import { topic, topicResource } from './kinds/topic.ts'
import { websocket, websocketResource } from './kinds/websocket.ts'
import type { MakeResource, MakeTrigger, Making } from './template/making.ts'
import type { Part } from './template.ts'

type Resources = { [Resource in ResourceModel as Resource['kind']]: Resource }
type Triggers = { [Trigger in TriggerModel as Trigger['kind']]: Trigger }
type ResourceMakers = { readonly [Kind in ResourceKind]: MakeResource<Resources[Kind]> }
type TriggerMakers = { readonly [Kind in TriggerKind]: MakeTrigger<Triggers[Kind]> }

const RESOURCES: ResourceMakers = {
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
}

const TRIGGERS: TriggerMakers = {
  http,
  queue,
  topic,
  bucket,
  table,
  stream,
  bus,
  schedule,
  websocket,
  lambda,
  authorizer,
}

const ofResource = <Kind extends ResourceKind>(kind: Kind, resource: Resources[Kind], making: Making): Part =>
  RESOURCES[kind](resource, making)

const ofTrigger = <Kind extends TriggerKind>(kind: Kind, trigger: Triggers[Kind], making: Making): Part =>
  TRIGGERS[kind](trigger, making)

/** What a resource makes; nothing where it is there already. */
export const toResourcePart = (resource: ResourceModel, making: Making): Part =>
  ofResource(resource.kind, resource, making)

/** What joins a function to what wakes it. */
export const toTriggerPart = (trigger: TriggerModel, making: Making): Part => ofTrigger(trigger.kind, trigger, making)
