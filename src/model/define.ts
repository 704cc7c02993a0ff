// From what the entry exports to the model: every kind reads its own, complaints are collected, and thrown once.
import { type Complaint, complaint, GobletError, toPlace, type Where } from '../errors.ts'
import type { DescribedFunction, DescribedResource, Description, Options } from './describe.ts'
import { checkApp, stageOptions, toFunction } from './functions.ts'
import { authorizer } from './kinds/authorizer.ts'
import { bucketResource } from './kinds/bucket.ts'
import { checkRoutes, http } from './kinds/http.ts'
import { lambda } from './kinds/lambda.ts'
import { queue, queueResource, settleQueues } from './kinds/queue.ts'
import { type Grammar, schedule } from './kinds/schedule.ts'
import type { ResourceKind, TriggerKind } from './kinds.ts'
import type { ApiModel, FunctionModel, Model, QueueModel, ResourceModel, TriggerModel } from './model.ts'
import { checkPrefix, type Target } from './names.ts'
import { checkOptions, type Rules } from './options.ts'

interface TriggerReader {
  rules(described: DescribedFunction): Rules
  /** Which function wakes: its own, or one it shares. */
  functionName(described: DescribedFunction): string
  read(
    described: DescribedFunction,
    name: string,
    grammar: Grammar,
  ): { triggers: TriggerModel[]; complaints: Complaint[] }
}

interface ResourceReader {
  rules(): Rules
  read(described: DescribedResource, target: Target): { made: ResourceModel; complaints: Complaint[] }
}

const TRIGGERS = { http, queue, schedule, lambda, authorizer } satisfies Record<TriggerKind, TriggerReader>
const RESOURCES = { queue: queueResource, bucket: bucketResource } satisfies Record<ResourceKind, ResourceReader>

/** Reads a description into the model of one stage. Throws a GobletError with everything that is wrong. */
export function defineModel(description: Description, place: Omit<Target, 'app'>, grammar: Grammar): Model {
  const { app, entry } = description
  const target: Target = { app: app.name, ...place }
  const options = stageOptions(app.options, place.stage)
  const complaints = [...checkPrefix(target, app.where), ...checkApp(app.options, app.where)]
  const { functions, triggers } = readFunctions(description.functions, options, target, grammar, complaints)
  const resources = readResources(description.resources, target, complaints)
  const settled = settleQueues(
    resources.filter((one): one is QueueModel => one.kind === 'queue'),
    triggers.filter((one) => one.kind === 'queue'),
    functions,
  )
  complaints.push(...settled.complaints, ...checkRoutes(triggers.filter((one) => one.kind === 'http')))
  complaints.push(...checkReferences(settled.queues))
  if (complaints.length > 0) throw new GobletError(complaints)
  const others = resources.filter((one) => one.kind !== 'queue')
  const api: ApiModel = {
    door: 'http',
    stage: '$default',
    cors: undefined,
    errorOrigin: undefined,
    usagePlan: undefined,
    apiKeys: [],
  }
  return { ...target, entry, api, functions, triggers, resources: [...settled.queues, ...others] }
}

function readFunctions(
  described: readonly DescribedFunction[],
  app: Options,
  target: Target,
  grammar: Grammar,
  complaints: Complaint[],
): { functions: FunctionModel[]; triggers: TriggerModel[] } {
  const groups = new Map<string, DescribedFunction[]>()
  for (const one of described) {
    const reader: TriggerReader = TRIGGERS[one.trigger]
    complaints.push(
      ...checkOptions(
        `${one.trigger === 'http' ? 'route' : one.trigger} ${one.export}`,
        one.options,
        reader.rules(one),
        one.where,
      ),
    )
    const name = reader.functionName(one)
    const sharers = groups.get(name)
    const [first] = sharers ?? []
    if (first !== undefined && (first.trigger !== one.trigger || first.export === name)) {
      complaints.push(
        complaint('GOBLET_DUPLICATE_NAME', { what: `The function ${name}`, first: toPlace(first.where) }, one.where),
      )
    } else groups.set(name, [...(sharers ?? []), one])
  }
  const functions: FunctionModel[] = []
  const triggers: TriggerModel[] = []
  for (const [name, members] of groups) {
    const [first] = members
    if (first === undefined) continue
    const shared = members.length > 1 || first.export !== name
    const options = shared ? {} : first.options
    const { made, complaints: wrong } = toFunction({
      name,
      exports: members.map((one) => one.export),
      described: first,
      options,
      app,
      target,
    })
    functions.push(made)
    complaints.push(...wrong)
    for (const one of members) {
      const read = (TRIGGERS[one.trigger] as TriggerReader).read(one, name, grammar)
      triggers.push(...read.triggers)
      complaints.push(...read.complaints)
    }
  }
  return { functions, triggers }
}

function readResources(
  described: readonly DescribedResource[],
  target: Target,
  complaints: Complaint[],
): ResourceModel[] {
  const seen = new Map<string, Where>()
  return described.map((one) => {
    const reader: ResourceReader = RESOURCES[one.kind]
    complaints.push(...checkOptions(`the ${one.kind} ${one.name}`, one.options, reader.rules(), one.where))
    const key = `${one.kind} ${one.name}`
    const first = seen.get(key)
    if (first === undefined) seen.set(key, one.where)
    else complaints.push(complaint('GOBLET_DUPLICATE_NAME', { what: `The ${key}`, first: toPlace(first) }, one.where))
    const read = reader.read(one, target)
    complaints.push(...read.complaints)
    return read.made
  })
}

function checkReferences(queues: readonly QueueModel[]): Complaint[] {
  const names = new Set(queues.map(({ name }) => name))
  return queues.flatMap(({ name, deadLetter, where }) =>
    deadLetter === undefined || names.has(deadLetter.queue)
      ? []
      : [complaint('GOBLET_NO_RESOURCE', { what: `The queue ${name}`, name: deadLetter.queue }, where)],
  )
}
