// `stream(name, options)`: a Kinesis stream, the functions that read it, and its client.
import type { Context } from '../aws/context.ts'
import type { KinesisRecord } from '../aws/events/kinesis.ts'
import { type Declaration, declare } from './declare.ts'
import { arnOf, type Placement, placed } from './place.ts'
import type { Schema, SchemaInput, SchemaOutput } from './schema.ts'
import type { ShardBatchOptions, ShardOptions, TumblingWindow } from './shards.ts'

export interface StreamOptions extends Placement {
  /** How many shards there are, each with its own order. Default: on demand, as many as it takes. */
  shards?: number
  /** Seconds that records are kept, in whole hours: 86,400 to 31,536,000. Default 86,400 (a day). */
  retention?: number
  /** Any Standard Schema: data is checked when it is put, and again when it arrives. */
  schema?: Schema
}

export interface RecordOptions {
  /** What has the same key stays in order. Default: any, so that records spread over the shards. */
  key?: string
}

export interface RecordsOptions<Data> {
  /** The key of all, or of each. Default: any. */
  key?: string | ((data: Data) => string)
}

/** A function that reads a stream. */
export interface StreamTrigger extends Declaration {
  readonly stream: string
}

interface From {
  /** Which records a new function gets first: those from now on, all that are still there, or those from a time on. Default `'latest'`. */
  from?: 'latest' | 'horizon' | Date | string
}
export interface StreamTriggerOptions extends ShardOptions, From {}
export interface StreamBatchOptions extends ShardBatchOptions, From {}

/** A record of a batch: its data, parsed, and the record it came in. */
export interface StreamBatchItem<Data> {
  readonly data: Data
  readonly record: KinesisRecord
}

type OnRecord<Data> = (data: Data, record: KinesisRecord) => unknown
type OnBatch<Data> = (
  records: readonly StreamBatchItem<Data>[],
  context: Context,
  window: TumblingWindow | undefined,
) => unknown

export interface Stream<Sent, Received = Sent> extends Declaration {
  /** The name on AWS. */
  readonly name: string
  readonly arn: string
  /** Puts one record, as JSON; resolves once the stream holds it. */
  put(data: Sent, options?: RecordOptions): Promise<{ shard: string; sequence: string }>
  /** Puts any number of records, 500 a call; what the stream has no room for is tried again, then rejected, named one by one. */
  putBatch(data: readonly Sent[], options?: RecordsOptions<Sent>): Promise<{ shard: string; sequence: string }[]>
  /** A function called for each record, in order. What throws is tried again, and what comes after it waits. */
  onRecord(handler: OnRecord<Received>): StreamTrigger
  onRecord(options: StreamTriggerOptions, handler: OnRecord<Received>): StreamTrigger
  /** A function called for each batch. It may return `{ batchItemFailures }`, and `{ state }` of its tumbling window. */
  onBatch(handler: OnBatch<Received>): StreamTrigger
  onBatch(options: StreamBatchOptions, handler: OnBatch<Received>): StreamTrigger
}

/**
 * Declares a stream. `name` is its identity; an ARN, or `existing: true`, refers to one that is already there.
 *
 * @example
 * export const clicks = stream<{ page: string; user: string }>('clicks', { shards: 2 })
 * export const count = clicks.onRecord({ from: 'horizon' }, async ({ page }) => { … })
 * // elsewhere: await clicks.put({ page: '/', user: 'u1' }, { key: 'u1' })
 */
export function stream<Given extends Schema>(
  name: string,
  options: StreamOptions & { schema: Given },
): Stream<SchemaInput<Given>, SchemaOutput<Given>>
export function stream<Data = unknown>(name: string, options?: StreamOptions): Stream<Data>
export function stream(name: string, options: StreamOptions = {}): Stream<unknown> {
  const handle: Stream<unknown> = declare(
    {
      get name() {
        return placed(name, options)
      },
      get arn() {
        return arnOf(name, 'kinesis', `stream/${handle.name}`)
      },
      async put(data: unknown, { key }: RecordOptions = {}) {
        return (await import('./put-records.ts')).put(handle.arn, data, key, options.schema)
      },
      async putBatch(data: readonly unknown[], { key }: RecordsOptions<unknown> = {}) {
        return (await import('./put-records.ts')).putBatch(handle.arn, data, key, options.schema)
      },
      onRecord: (first: object, second?: unknown) => trigger('onRecord', first, second),
      onBatch: (first: object, second?: unknown) => trigger('onBatch', first, second),
    },
    { role: 'resource', kind: 'stream', name, options },
  )
  const trigger = (subject: string, first: StreamTriggerOptions, second: unknown): StreamTrigger => {
    const [given, handler] = typeof first === 'function' ? [{}, first] : [first, second]
    // A moment goes to AWS as text.
    const asked = given.from instanceof Date ? { ...given, from: given.from.toISOString() } : given
    return declare(
      { stream: name },
      { role: 'function', trigger: 'stream', subject, source: handle, options: asked, handler },
    )
  }
  return handle
}
