// Queues and their consumers.
import { type Complaint, complaint } from '../../errors.ts'
import type { DescribedFunction, DescribedResource, Options } from '../describe.ts'
import { FUNCTION_RULES, ownFunction } from '../functions.ts'
import type { FunctionModel, QueueModel, QueueTriggerModel } from '../model.ts'
import { checkName, type Target } from '../names.ts'
import { flag, flagOf, isObject, numberOf, objectOf, type Rules, whole } from '../options.ts'
import { PLACEMENT_RULES, placed } from '../placement.ts'

// Limits: CreateQueue and CreateEventSourceMapping.
const QUEUE_RULES = {
  ...PLACEMENT_RULES,
  fifo: flag,
  contentBasedDeduplication: flag,
  visibility: whole(0, 43_200, 'seconds'),
  retention: whole(60, 1_209_600, 'seconds'),
  delay: whole(0, 900, 'seconds'),
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
} satisfies Rules

export const queue = {
  rules: () => TRIGGER_RULES,
  owner: ownFunction,
  read: (described: DescribedFunction, name: string): { triggers: QueueTriggerModel[]; complaints: Complaint[] } => {
    const { options, where, source } = described
    const batchSize = numberOf(options, 'batchSize', 10)
    const window = numberOf(options, 'window', 0)
    const complaints: Complaint[] = []
    if (batchSize > 10 && window === 0) {
      const details = {
        option: 'batchSize',
        what: described.export,
        problem: `is ${batchSize} without a window`,
        mend: 'Lambda gathers more than 10 messages only with `window: 1` or more.',
      }
      complaints.push(complaint('GOBLET_BAD_OPTION', details, where))
    }
    return {
      triggers: [{ kind: 'queue', function: name, queue: source?.name ?? '', batchSize, window, where }],
      complaints,
    }
  },
}

export const queueResource = {
  rules: (): Rules => QUEUE_RULES,
  read: (described: DescribedResource, target: Target): { made: QueueModel; complaints: Complaint[] } => {
    const { name, options, where } = described
    const fifo = flagOf(options, 'fifo')
    const place = placed(fifo ? 'fifo' : 'queue', described, target)
    const deadLetter = objectOf(options, 'deadLetter')
    const other = objectOf(deadLetter, 'queue').name
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
    const named = place.given ? [] : checkName(fifo ? 'fifo' : 'queue', `the queue ${name}`, name, target, where)
    return { made, complaints: named }
  },
}

const UNSET = -1

/** Sets the visibility of queues that name none to six times their slowest consumer's timeout, as AWS advises; complains of one that is shorter than the timeout, which AWS refuses. */
export function settleQueues(
  queues: readonly QueueModel[],
  triggers: readonly QueueTriggerModel[],
  functions: readonly FunctionModel[],
): { queues: QueueModel[]; complaints: Complaint[] } {
  const complaints: Complaint[] = []
  const settled = queues.map((one): QueueModel => {
    const consumers = triggers.filter((trigger) => trigger.queue === one.name)
    const timeouts = consumers.map(
      (trigger) => functions.find((found) => found.name === trigger.function)?.timeout ?? 0,
    )
    const slowest = Math.max(0, ...timeouts)
    if (one.visibility === UNSET) return { ...one, visibility: Math.min(43_200, Math.max(30, 6 * slowest)) }
    if (one.visibility < slowest) complaints.push(tooShort(one, slowest))
    return one
  })
  for (const trigger of triggers) {
    const fifo = queues.find(({ name }) => name === trigger.queue)?.fifo === true
    if (!fifo || trigger.batchSize <= 10) continue
    const details = {
      option: 'batchSize',
      what: trigger.function,
      problem: `is ${trigger.batchSize} on a FIFO queue`,
      mend: 'A FIFO queue gives at most 10 messages a batch.',
    }
    complaints.push(complaint('GOBLET_BAD_OPTION', details, trigger.where))
  }
  return { queues: settled, complaints }
}

function tooShort({ name, visibility, where }: QueueModel, timeout: number): Complaint {
  const details = {
    option: 'visibility',
    what: `the queue ${name}`,
    problem: `is ${visibility} s, shorter than its consumer's timeout of ${timeout} s, so a message would be delivered again while it is still being worked on`,
    mend: `Make it at least ${timeout}, better ${6 * timeout}, or shorten the consumer's \`timeout\`.`,
  }
  return complaint('GOBLET_BAD_OPTION', details, where)
}
