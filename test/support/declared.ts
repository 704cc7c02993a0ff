// Descriptions of apps as discovery makes them, and what the model says of them.
import { GRAMMAR } from '../../src/aws/grammar.ts'
import { type Complaint, GobletError } from '../../src/errors.ts'
import {
  type DescribedFunction,
  type DescribedResource,
  type DescribedSubscription,
  defineModel,
  type Model,
  type Options,
  RESOURCE_KINDS,
  type ResourceKind,
  type TriggerKind,
} from '../../src/model/index.ts'

export const PLACE = { stage: 'dev', account: '123456789012', region: 'us-east-1' }

export type Described = DescribedFunction | DescribedResource | DescribedSubscription

const where = { file: 'app.ts', line: 1 }

function wakes(trigger: TriggerKind, name: string, subject: string, options: Options, owner?: string): Described {
  const kind = RESOURCE_KINDS.find((one) => one === trigger)
  const source = owner === undefined || kind === undefined ? {} : { source: { kind, name: owner } }
  return { role: 'function', export: name, where, trigger, subject, options, ...source }
}

function owns(kind: ResourceKind, name: string, options: Options): Described {
  return { role: 'resource', export: name.replace(/\W/g, '_'), where, kind, name, options }
}

/** Declarations by their factories' names; each stands on a line of its own, counted from 2. */
export const declared = {
  route: (name: string, pattern: string, options: Options = {}) => wakes('http', name, pattern, options),
  consumer: (name: string, queue: string, options: Options = {}) => wakes('queue', name, 'onMessage', options, queue),
  subscriber: (name: string, topic: string, options: Options = {}) => wakes('topic', name, 'onMessage', options, topic),
  subscription: (name: string, topic: string, queue: string, options: Options = {}): Described => ({
    role: 'subscription',
    export: name,
    where,
    source: { kind: 'topic', name: topic },
    options: { ...options, queue: reference(queue) },
  }),
  changes: (name: string, bucket: string, events: readonly string[], options: Options = {}) =>
    wakes('bucket', name, 'on', { ...options, events }, bucket),
  schedule: (name: string, expression: string, options: Options = {}) => wakes('schedule', name, expression, options),
  change: (name: string, table: string, options: Options = {}, subject = 'onChange') =>
    wakes('table', name, subject, options, table),
  reader: (name: string, stream: string, options: Options = {}, subject = 'onRecord') =>
    wakes('stream', name, subject, options, stream),
  rule: (name: string, bus: string, pattern: Options, options: Options = {}) =>
    wakes('bus', name, 'on', { ...options, pattern }, bus),
  /** Of a WebSocket API: `method` is `onConnect` or its like, or a route's key. */
  socket: (name: string, api: string, method: string, options: Options = {}) =>
    /^on[A-Z]/.test(method)
      ? wakes('websocket', name, method, options, api)
      : wakes('websocket', name, 'on', { ...options, route: method }, api),
  authorizer: (name: string, options: Options = {}) => wakes('authorizer', name, '', options),
  lambda: (name: string, options: Options = {}) => wakes('lambda', name, '', options),
  queue: (name: string, options: Options = {}) => owns('queue', name, options),
  topic: (name: string, options: Options = {}) => owns('topic', name, options),
  bucket: (name: string, options: Options = {}) => owns('bucket', name, options),
  owns,
}

/** How a handle stands in options; a queue's, unless another kind is named. */
export const reference = (name: string, kind = 'queue'): Options => ({ $: 'reference', kind, name })

export interface Given {
  readonly app?: string
  readonly options?: Options
  readonly stage?: string
}

/** The model of an app of these declarations. */
export function modelOf(declarations: readonly Described[], given: Given = {}): Model {
  const { app: name = 'shop', options = {}, stage = PLACE.stage } = given
  const placed = declarations.map((one, index) => ({ ...one, where: { file: 'app.ts', line: index + 2 } }))
  const functions = placed.filter((one): one is DescribedFunction => one.role === 'function')
  const resources = placed.filter((one): one is DescribedResource => one.role === 'resource')
  const subscriptions = placed.filter((one): one is DescribedSubscription => one.role === 'subscription')
  const app = { role: 'app' as const, name, where, options }
  return defineModel(
    { entry: 'app.ts', app, functions, groups: [], resources, subscriptions },
    { ...PLACE, stage },
    GRAMMAR,
  )
}

/** What is wrong with an app of these declarations; empty when nothing is. */
export function complaintsOf(declarations: readonly Described[], given: Given = {}): readonly Complaint[] {
  try {
    modelOf(declarations, given)
    return []
  } catch (error) {
    if (error instanceof GobletError) return error.complaints
    throw error
  }
}
