// Queues and their consumers.
import { type Complaint, complaint } from '../../errors.ts'
import type { DescribedFunction, DescribedResource, Options } from '../describe.ts'
import { checkPatterns, patterns, patternsOf } from '../filters.ts'
import { FUNCTION_RULES, ownFunction } from '../functions.ts'
import type { FunctionModel, QueueTriggerModel } from '../model.ts'
import type { Target } from '../names.ts'
import { capitalized, flag, flagOf, isObject, numberOf, objectOf, type Rules, validator, whole } from '../options.ts'
import { checkPlaced, PLACEMENT_RULES, placed } from '../placement.ts'
import { called, type Owner, type Reading } from '../reading.ts'
import type { QueueModel } from '../resources.ts'

// Limits: CreateQueue and CreateEventSourceMapping.
const QUEUE_RULES = {
  ...PLACEMENT_RULES,
  fifo: flag,
  contentBasedDeduplication: flag,
  visibility: whole(0, 43_200, 'seconds'),
  retention: whole(60, 1_209_600, 'seconds'),
  delay: whole(0, 900, 'seconds'),
  schema: validator,
  deadLetter: (value) => {
    const mend = 'Write { after: 3, queue: failed } with the handle of another queue.'
    if (!isObject(value) || !isQueue(objectOf(value, 'queue'))) return { problem: 'has no queue', mend }
    const after = whole(1, 1000, 'receives')(value.after ?? null)
    return after === undefined ? undefined : { problem: `has an \`after\` that ${after.problem}`, mend: after.mend }
  },
} satisfies Rules

const isQueue = (value: Options): boolean => value.$ === 'reference' && value.kind === 'queue'

const TRIGGER_RULES = {
  ...FUNCTION_RULES,
  batchSize: whole(1, 10_000, 'messages'),
  window: whole(0, 300, 'seconds'),
  filter: patterns,
  // Source: ScalingConfig of CreateEventSourceMapping.
  concurrency: whole(2, 1000, 'invocations'),
} satisfies Rules

// `concurrency` of a consumer is the event source's: a reserved one would make Lambda refuse batches, and what is refused
// counts as received.
function owner(described: DescribedFunction): Owner {
  const own = ownFunction(described)
  const { concurrency: _, ...options } = own.options
  return { ...own, options }
}

export const queue = {
  rules: () => TRIGGER_RULES,
  owner,
  read: (
    described: DescribedFunction,
    name: string,
    { grammar }: Reading,
  ): { triggers: QueueTriggerModel[]; complaints: Complaint[] } => {
    const { options, where, source } = described
    const filter = patternsOf(options)
    const trigger: QueueTriggerModel = {
      kind: 'queue',
      function: name,
      queue: source?.name ?? '',
      batchSize: numberOf(options, 'batchSize', 10),
      window: numberOf(options, 'window', 0),
      filter,
      concurrency: numberOf(options, 'concurrency', undefined),
      where,
    }
    return {
      triggers: [trigger],
      complaints: checkPatterns(filter, 'source', grammar, { what: called(described), where }),
    }
  },
}

const UNSET = -1

export const queueResource = {
  rules: (): Rules => QUEUE_RULES,
  read: (described: DescribedResource, target: Target): { made: QueueModel; complaints: Complaint[] } => {
    const { name, options, where } = described
    const asked = flagOf(options, 'fifo')
    const named = asked ? 'fifo' : 'queue'
    const place = placed(named, described, target)
    // One whose name the user gave tells by the name, as it does everywhere on AWS.
    const fifo = asked || place.physicalName.endsWith('.fifo')
    const deadLetter = objectOf(options, 'deadLetter')
    const other = isQueue(objectOf(deadLetter, 'queue')) ? objectOf(deadLetter, 'queue').name : undefined
    const made: QueueModel = {
      kind: 'queue',
      export: described.export,
      name,
      ...place,
      fifo,
      contentBasedDeduplication: flagOf(options, 'contentBasedDeduplication', fifo),
      visibility: numberOf(options, 'visibility', UNSET),
      retention: numberOf(options, 'retention', 345_600),
      delay: numberOf(options, 'delay', 0),
      deadLetter: typeof other === 'string' ? { after: numberOf(deadLetter, 'after', 3), queue: other } : undefined,
      where,
    }
    return { made, complaints: checkPlaced(named, described, target) }
  },
}

/** Sets the visibility of queues that name none to six times their slowest consumer's timeout, as AWS advises; complains of what does not fit together. */
export function settleQueues(
  queues: readonly QueueModel[],
  triggers: readonly QueueTriggerModel[],
  functions: readonly FunctionModel[],
): { queues: QueueModel[]; complaints: Complaint[] } {
  const complaints: Complaint[] = []
  const byName = new Map(queues.map((one) => [one.name, one]))
  const settled = queues.map((one): QueueModel => {
    const consumers = triggers.filter((trigger) => trigger.queue === one.name)
    const timeouts = consumers.map(
      (trigger) => functions.find((found) => found.name === trigger.function)?.timeout ?? 0,
    )
    const slowest = Math.max(0, ...timeouts)
    complaints.push(...checkDeadLetter(one, byName))
    if (one.contentBasedDeduplication && !one.fifo)
      complaints.push(bad(one, 'contentBasedDeduplication', 'is true', 'Only a FIFO queue has it: add `fifo: true`.'))
    if (one.visibility === UNSET) return { ...one, visibility: Math.min(43_200, Math.max(30, 6 * slowest)) }
    if (one.visibility < slowest) complaints.push(tooShort(one, slowest))
    return one
  })
  return { queues: settled, complaints: [...complaints, ...triggers.flatMap((one) => checkTrigger(one, byName))] }
}

// Sources: CreateEventSourceMapping, and "Lambda with Amazon SQS" for FIFO queues.
function checkTrigger(trigger: QueueTriggerModel, queues: ReadonlyMap<string, QueueModel>): Complaint[] {
  const { batchSize, window, where } = trigger
  const what = `the consumer ${trigger.function}`
  const said = (option: string, problem: string, mend: string): Complaint =>
    complaint('GOBLET_BAD_OPTION', { option, what, problem, mend }, where)
  const from = queues.get(trigger.queue)
  if (from === undefined)
    return [complaint('GOBLET_NO_RESOURCE', { what: capitalized(what), name: trigger.queue }, where)]
  if (!from.fifo) {
    const mend = 'Lambda gathers more than 10 messages only with `window: 1` or more.'
    return batchSize > 10 && window === 0 ? [said('batchSize', `is ${batchSize} without a window`, mend)] : []
  }
  const complaints: Complaint[] = []
  const most = 'A FIFO queue gives at most 10 messages a batch.'
  if (batchSize > 10) complaints.push(said('batchSize', `is ${batchSize} on a FIFO queue`, most))
  const never = 'Lambda does not wait for a FIFO queue: leave it out.'
  if (window > 0) complaints.push(said('window', `is ${window} on a FIFO queue`, never))
  return complaints
}

// Source: SQS's rules for dead-letter queues.
function checkDeadLetter(one: QueueModel, queues: ReadonlyMap<string, QueueModel>): Complaint[] {
  const { name, fifo, deadLetter, where } = one
  if (deadLetter === undefined) return []
  const other = queues.get(deadLetter.queue)
  if (other === undefined)
    return [complaint('GOBLET_NO_RESOURCE', { what: `The queue ${name}`, name: deadLetter.queue }, where)]
  if (other.fifo === fifo) return []
  const problem = `names ${other.name}, which is ${other.fifo ? 'a' : 'no'} FIFO queue`
  return [bad(one, 'deadLetter', problem, `Give both queues ${fifo ? '`fifo: true`' : 'the same `fifo`'}.`)]
}

const bad = ({ name, where }: QueueModel, option: string, problem: string, mend: string): Complaint =>
  complaint('GOBLET_BAD_OPTION', { option, what: `the queue ${name}`, problem, mend }, where)

function tooShort(one: QueueModel, timeout: number): Complaint {
  const problem = `is ${one.visibility} s, shorter than its consumer's timeout of ${timeout} s, so a message would be delivered again while it is still being worked on`
  const mend = `Make it at least ${timeout}, better ${6 * timeout}, or shorten the consumer's \`timeout\`.`
  return bad(one, 'visibility', problem, mend)
}
