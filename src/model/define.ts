// From what the entry exports to the model: every kind reads its own, complaints are collected, and thrown once.
import { type Complaint, complaint, GobletError, toPlace, type Where } from '../errors.ts'
import type { DescribedFunction, DescribedResource, Description, Options } from './describe.ts'
import { checkApp, stageOptions, toFunction } from './functions.ts'
import { bucketResource } from './kinds/bucket.ts'
import { checkRoutes, http } from './kinds/http.ts'
import { lambda } from './kinds/lambda.ts'
import { queue, queueResource, settleQueues } from './kinds/queue.ts'
import { type Grammar, schedule } from './kinds/schedule.ts'
import type { ResourceKind, TriggerKind } from './kinds.ts'
import type { FunctionModel, Model, QueueModel, ResourceModel, TriggerModel } from './model.ts'
import { checkPrefix, type Target } from './names.ts'
import { checkOptions, type Rules } from './options.ts'

interface TriggerReader {
  /** What people call a function with this trigger. */
  readonly title: string
  rules(described: DescribedFunction): Rules
  /** Its own function, or undefined when it shares one. */
  functionName(described: DescribedFunction): string | undefined
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

const TRIGGERS = { http, queue, schedule, lambda } satisfies Record<TriggerKind, TriggerReader>
/** The function of all that have none of their own. */
const SHARED_FUNCTION = 'api'

const RESOURCES = { queue: queueResource, bucket: bucketResource } satisfies Record<ResourceKind, ResourceReader>

/** Reads a description into the model of one stage. Throws a GobletError with everything that is wrong. */
export function defineModel(description: Description, place: Omit<Target, 'app'>, grammar: Grammar): Model {
  const { app, entry } = description
  const target: Target = { app: app.name, ...place }
  const options = stageOptions(app.options, place.stage)
  const complaints = [...checkPrefix(target, app.where), ...checkApp(app.options, target, app.where)]
  const { functions, triggers } = readFunctions(description.functions, options, target, grammar, complaints)
  const resources = readResources(description.resources, target, complaints)
  const settled = settleQueues(
    resources.filter((one): one is QueueModel => one.kind === 'queue'),
    triggers.filter((one) => one.kind === 'queue'),
    functions,
  )
  complaints.push(...settled.complaints, ...checkRoutes(triggers.filter((one) => one.kind === 'http')))
  if (complaints.length > 0) throw new GobletError(complaints)
  const others = resources.filter((one) => one.kind !== 'queue')
  return { ...target, entry, functions, triggers, resources: [...settled.queues, ...others] }
}

function readFunctions(
  described: readonly DescribedFunction[],
  app: Options,
  target: Target,
  grammar: Grammar,
  complaints: Complaint[],
): { functions: FunctionModel[]; triggers: TriggerModel[] } {
  const functions: FunctionModel[] = []
  const triggers: TriggerModel[] = []
  for (const [name, { members, shared }] of toGroups(described, complaints)) {
    const [first] = members
    if (first === undefined) continue
    const { made, complaints: wrong } = toFunction({
      what: whatOf(first),
      name,
      exports: members.map((one) => one.export),
      described: first,
      options: shared ? {} : first.options,
      app,
      target,
    })
    functions.push(made)
    complaints.push(...wrong)
    for (const one of members) {
      const reader: TriggerReader = TRIGGERS[one.trigger]
      const read = reader.read(one, name, grammar)
      complaints.push(...checkOptions(whatOf(one), one.options, reader.rules(one), one.where), ...read.complaints)
      triggers.push(...read.triggers)
    }
  }
  return { functions, triggers }
}

const whatOf = (described: DescribedFunction): string => `the ${TRIGGERS[described.trigger].title} ${described.export}`

interface Group {
  readonly members: DescribedFunction[]
  readonly shared: boolean
}

// Which declarations wake in which function.
function toGroups(described: readonly DescribedFunction[], complaints: Complaint[]): Map<string, Group> {
  const own = (one: DescribedFunction): string | undefined => TRIGGERS[one.trigger].functionName(one)
  const shares = described.some((one) => own(one) === undefined)
  const groups = new Map<string, Group>()
  for (const one of described) {
    const name = own(one)
    if (name === SHARED_FUNCTION && shares) {
      const problem = 'is taken by the function that routes share'
      const details = { what: whatOf(one), name, problem, allowed: 'Export it under another name.' }
      complaints.push(complaint('GOBLET_BAD_NAME', details, one.where))
      continue
    }
    const group = groups.get(name ?? SHARED_FUNCTION)
    if (group === undefined) groups.set(name ?? SHARED_FUNCTION, { members: [one], shared: name === undefined })
    else group.members.push(one)
  }
  return groups
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
    if (!twice(`declared ${kind} ${name}`, `The ${kind} ${name}`, where))
      twice(`on AWS ${kind} ${physicalName}`, `The ${kind} ${physicalName} (declared as ${name})`, where)
    return made
  })
}
