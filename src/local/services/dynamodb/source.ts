// A stream as the poller of event-source mappings reads it: one shard, records in the shape functions get.
import { type StreamRecord, type TableRecord, toTableRecord } from '../../../aws/events/table.ts'
import { newestSequence, RETENTION, readRecords } from './records.ts'
import type { Room } from './room.ts'
import { arnOfStream, findStream, type Stream, shardOf } from './streams.ts'
import { findTable, streamArn } from './table.ts'

export interface SourceRecord {
  readonly sequence: string
  /** Milliseconds since 1970. */
  readonly time: number
  /** Records of one item stay in order. */
  readonly key: string
  readonly record: TableRecord
  readonly bytes: number
}

/** Stands for the stream that the table has at the moment. */
export interface RecordSource {
  readonly arn: string
  /** Another for each stream. Undefined while the table has none. */
  identity(): string | undefined
  shards(): readonly string[]
  parents(shard: string): readonly string[]
  closed(shard: string): boolean
  /** At most `limit` records after a sequence number; from the oldest kept, without one. */
  read(shard: string, after: string | undefined, limit: number): readonly SourceRecord[]
  /** The newest record: what comes after it is new. */
  latest(shard: string): string | undefined
  /** Milliseconds for which records are kept. */
  retention(): number
  onArrival(listener: () => void): () => void
}

export function openSource(
  room: Room,
  table: string,
  onRecords: (listener: (streamArn: string) => void) => () => void,
): RecordSource {
  const { store, clock } = room
  const arn = (): string => {
    const stream = findTable(store, table)?.stream
    return stream?.enabled === true ? streamArn(table, stream.label) : ''
  }
  const find = (shard?: string): Stream | undefined => {
    const stream = findStream(store, arn())
    return stream === undefined || (shard !== undefined && shardOf(stream) !== shard) ? undefined : stream
  }
  return {
    get arn() {
      return arn()
    },
    identity: () => find()?.label,
    shards: () => [find()].flatMap((stream) => (stream === undefined ? [] : [shardOf(stream)])),
    parents: () => [],
    closed: () => false,
    read: (shard, after, limit) => {
      const stream = find(shard)
      const records: SourceRecord[] = []
      if (stream === undefined || limit < 1) return records
      for (const { sequence, time, json } of readRecords(store, stream, clock.now(), after)) {
        const kept: StreamRecord = JSON.parse(json)
        const key = JSON.stringify(kept.dynamodb.Keys)
        const record = toTableRecord(kept, arnOfStream(stream))
        records.push({ sequence, time, key, record, bytes: Buffer.byteLength(json) })
        if (records.length >= limit) break
      }
      return records
    },
    latest: (shard) => {
      const stream = find(shard)
      return stream === undefined ? undefined : (newestSequence(store, stream) ?? stream.origin)
    },
    retention: () => RETENTION,
    onArrival: (listener) =>
      onRecords((changed) => {
        if (changed === arn()) listener()
      }),
  }
}
