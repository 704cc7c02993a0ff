// What streams and tables say alike of how a function reads them, and how records are worked off in their order.
import type { WindowFields } from '../aws/events/kinesis.ts'
import type { Declaration } from './declare.ts'
import type { Pattern } from './filter.ts'
import type { FunctionOptions } from './options.ts'

/** Options of a function that reads a stream, a table's or one of Kinesis. */
export interface ShardOptions extends Omit<FunctionOptions, 'retries' | 'maximumAge'> {
  /** Records an invocation takes at most, 1 to 10,000. Default 100. */
  batchSize?: number
  /** Seconds to wait for a batch to fill, 0 to 300. Default 0. */
  window?: number
  /** Only records that match are delivered. Of a list, one must match. Patterns look at the record. Default: all. */
  filter?: Pattern | readonly Pattern[]
  /** How often a batch that failed is tried again, before it is given up. Default: for as long as its records live. */
  retries?: number
  /** Seconds, 60 to 604,800: records that are older are given up. Default: never. */
  maximumAge?: number
  /** A batch that failed is halved before it is tried again. Default: false. */
  bisect?: boolean
  /** Batches of one shard at once, 1 to 10. What belongs to one key stays in order. Default 1. */
  parallel?: number
  /** A queue, a topic or a bucket that is told what was given up. */
  onFailure?: Declaration
}

/** Options of a function that gets whole batches. */
export interface ShardBatchOptions extends ShardOptions {
  /** Seconds of a tumbling window, 1 to 900: what the handler returns as `state` comes back with the window's next batch. */
  tumblingWindow?: number
}

/** A tumbling window, as a handler of batches gets it. */
export interface TumblingWindow {
  readonly start: Date
  readonly end: Date
  readonly shard: string
  /** What the batch before returned; an empty object at first. */
  readonly state: unknown
  /** There will be no further batch in this window. */
  readonly isFinal: boolean
}

/** The answer that says from where a batch is to be tried again. Source: `ReportBatchItemFailures`. */
export interface ShardResult {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[]
  readonly state?: unknown
}

/** Hands over one record after the other, until one fails: those behind it must wait for it, or they would overtake it. */
export async function inOrder<Record>(
  records: readonly Record[],
  sequenceOf: (record: Record) => string,
  handle: (record: Record) => unknown,
  tell: (error: unknown) => Promise<void>,
): Promise<ShardResult> {
  for (const record of records) {
    try {
      await handle(record)
    } catch (error) {
      const sequence = sequenceOf(record)
      console.error(`Record ${sequence} failed:`, error)
      await tell(error)
      return { batchItemFailures: [{ itemIdentifier: sequence }] }
    }
  }
  return { batchItemFailures: [] }
}

/** The tumbling window of an event that has one. */
export function toWindow({
  window,
  state,
  shardId,
  isFinalInvokeForWindow,
}: Partial<WindowFields>): TumblingWindow | undefined {
  if (window === undefined) return undefined
  return {
    start: new Date(window.start),
    end: new Date(window.end),
    shard: shardId ?? '',
    state: state ?? {},
    isFinal: isFinalInvokeForWindow === true,
  }
}
