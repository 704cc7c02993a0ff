// What a function may say of how it reads a stream, a table's or one of Kinesis.
import { type Complaint, complaint } from '../errors.ts'
import type { DescribedFunction } from './describe.ts'
import { destinationOf, handleOf } from './destinations.ts'
import { checkPatterns, patterns, patternsOf } from './filters.ts'
import { FUNCTION_RULES, ownFunction } from './functions.ts'
import type { StreamTriggerModel } from './model.ts'
import { flag, flagOf, numberOf, type Rules, whole } from './options.ts'
import { called, type Owner, type Reading } from './reading.ts'

// Limits: CreateEventSourceMapping.
export const SHARD_RULES = {
  ...FUNCTION_RULES,
  batchSize: whole(1, 10_000, 'records'),
  window: whole(0, 300, 'seconds'),
  filter: patterns,
  retries: whole(0, 10_000, 'times'),
  maximumAge: whole(60, 604_800, 'seconds'),
  bisect: flag,
  parallel: whole(1, 10, 'batches'),
  tumblingWindow: whole(0, 900, 'seconds'),
  onFailure: handleOf('queue', 'topic', 'bucket'),
} satisfies Rules

// `retries` and `maximumAge` here are the event source's, which waits for the function: Lambda's own are for events that nobody waits for.
export function shardOwner(described: DescribedFunction): Owner {
  const own = ownFunction(described)
  const { retries: _, maximumAge: __, ...options } = own.options
  return { ...own, options }
}

/** Everything but whose stream it is. */
export function readShards(
  described: DescribedFunction,
  name: string,
  { grammar }: Reading,
): { trigger: Omit<StreamTriggerModel, 'kind' | 'stream' | 'from'>; complaints: Complaint[] } {
  const { options, where } = described
  const what = called(described)
  const trigger = {
    function: name,
    batchSize: numberOf(options, 'batchSize', 100),
    window: numberOf(options, 'window', 0),
    filter: patternsOf(options),
    retries: numberOf(options, 'retries', undefined),
    maximumAge: numberOf(options, 'maximumAge', undefined),
    bisect: flagOf(options, 'bisect'),
    parallel: numberOf(options, 'parallel', 1),
    tumblingWindow: numberOf(options, 'tumblingWindow', 0),
    onFailure: destinationOf(options, 'onFailure'),
    where,
  }
  const complaints = checkPatterns(trigger.filter, 'source', grammar, { what, where })
  // Source: CreateEventSourceMapping refuses the two together.
  if (trigger.tumblingWindow > 0 && trigger.parallel > 1) {
    const details = { option: 'parallel', what, problem: `is ${trigger.parallel} beside a tumbling window` }
    const mend = 'A window is counted over one batch after the other: leave `parallel` out.'
    complaints.push(complaint('GOBLET_BAD_OPTION', { ...details, mend }, where))
  }
  if (trigger.tumblingWindow > 0 && described.subject !== 'onBatch') {
    const details = { option: 'tumblingWindow', what, problem: 'stands on a function that gets one record at a time' }
    const mend = 'What a window has counted is handed on by `onBatch`, which may return `{ state }`.'
    complaints.push(complaint('GOBLET_BAD_OPTION', { ...details, mend }, where))
  }
  return { trigger, complaints }
}
