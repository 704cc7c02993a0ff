// Destinations: queues, topics, buckets, buses and functions that are told how something ended, or get what was given up.
import { type Complaint, complaint } from '../errors.ts'
import type { Options, Plain } from './describe.ts'
import type { FunctionModel, TriggerModel } from './model.ts'
import { functionName } from './names.ts'
import { capitalized, isObject, objectOf, type Rule, show } from './options.ts'
import type { DestinationModel, ResourceModel } from './resources.ts'

type Kind = DestinationModel['kind']

const FACTORY: Readonly<Record<Kind, string>> = {
  queue: 'queue',
  topic: 'topic',
  bucket: 'bucket',
  bus: 'bus',
  function: 'lambda',
}
const KINDS: readonly Kind[] = ['queue', 'topic', 'bucket', 'bus', 'function']

const kindOf = (value: Plain | undefined): Kind | undefined =>
  isObject(value) && value.$ === 'reference' ? KINDS.find((one) => one === value.kind) : undefined

/** The handle of a resource of one of these kinds. */
export const handleOf =
  (...kinds: readonly Kind[]): Rule =>
  (value) => {
    const kind = kindOf(value)
    if (kind !== undefined && kinds.includes(kind)) return undefined
    const factories = kinds.map((one) => `${FACTORY[one]}(…)`).join(', ')
    return {
      problem: kind === undefined ? `is ${show(value)}` : `is a ${kind}`,
      mend: `It is a handle: one made by ${factories}.`,
    }
  }

const ENDS = ['success', 'failure']

/** Source: "Adding a destination" of Lambda's guide; a bucket is only told of failures. */
export const destinations: Rule = (value) => {
  const mend = 'Write { success: done, failure: failed } with the handles of queues, topics, buses or functions.'
  if (!isObject(value) || value.$ !== undefined) return { problem: `is ${show(value)}`, mend }
  const other = Object.keys(value).find((end) => !ENDS.includes(end))
  if (other !== undefined) return { problem: `has \`${other}\``, mend }
  for (const [end, one] of Object.entries(value)) {
    const kinds: Kind[] = ['queue', 'topic', 'bus', 'function']
    const wrong = handleOf(...kinds, ...(end === 'failure' ? (['bucket'] as const) : []))(one)
    if (wrong !== undefined) return { problem: `has \`${end}\`, which ${wrong.problem}`, mend: wrong.mend }
  }
  return undefined
}

/** The destination that an option names. What is none has been complained of already. */
export function destinationOf(options: Options, option: string): DestinationModel | undefined {
  const value = objectOf(options, option)
  const kind = kindOf(value)
  if (kind === undefined || typeof value.name !== 'string') return undefined
  return { kind, name: kind === 'function' ? functionName(value.name) : value.name }
}

interface Given {
  readonly functions: readonly FunctionModel[]
  readonly triggers: readonly TriggerModel[]
  readonly resources: readonly ResourceModel[]
}

/** Complains of destinations that the app does not export, and of queues and topics that take nothing from Lambda. */
export function settleDestinations({ functions, triggers, resources }: Given): Complaint[] {
  const check = (
    option: string,
    one: DestinationModel | undefined,
    owner: Pick<FunctionModel, 'name' | 'where'>,
  ): Complaint[] => {
    if (one === undefined) return []
    const what = `the function ${owner.name}`
    const found =
      one.kind === 'function'
        ? functions.find(({ name }) => name === one.name)
        : resources.find(({ kind, name }) => kind === one.kind && name === one.name)
    if (found === undefined)
      return [complaint('GOBLET_NO_RESOURCE', { what: capitalized(what), name: one.name }, owner.where)]
    // Source: "Retaining records of asynchronous invocations": FIFO queues and topics are not supported.
    if (!('fifo' in found) || !found.fifo) return []
    const problem = `names ${found.name}, which is a FIFO ${one.kind}`
    const mend = `Name a ${one.kind} without \`fifo: true\`: Lambda sends to no other.`
    return [complaint('GOBLET_BAD_OPTION', { option, what, problem, mend }, owner.where)]
  }
  return [
    ...functions.flatMap((one) => [
      ...check('deadLetter', one.deadLetter, one),
      ...check('destinations', one.destinations.success, one),
      ...check('destinations', one.destinations.failure, one),
    ]),
    ...triggers.flatMap((one) =>
      one.kind === 'table' || one.kind === 'stream'
        ? check('onFailure', one.onFailure, { name: one.function, where: one.where })
        : [],
    ),
  ]
}
