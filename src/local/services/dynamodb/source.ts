// A stream as the poller of event-source mappings reads it: one shard, records in the shape functions get.
import { type StreamRecord, type TableRecord, toTableRecord } from '../../../aws/events/table.ts'
import { newestSequence, readRecords } from './records.ts'
import type { Room } from './room.ts'
import { findStream, shardOf } from './streams.ts'

export interface SourceRecord {
  readonly sequence: string
  /** Milliseconds since 1970. */
  readonly time: number
  readonly record: TableRecord
  readonly bytes: number
}

export interface RecordSource {
  shards(): readonly string[]
  /** At most `limit` records after a sequence number; from the oldest kept, without one. */
  read(shard: string, after: string | undefined, limit: number): readonly SourceRecord[]
  /** The newest record: what comes after it is new. */
  latest(shard: string): string | undefined
  onArrival(listener: () => void): () => void
}

export function openSource(
  room: Room,
  arn: string,
  onRecords: (listener: (streamArn: string) => void) => () => void,
): RecordSource {
  const { store, clock } = room
  const find = (shard: string) => {
    const stream = findStream(store, arn)
    return stream === undefined || shardOf(stream) !== shard ? undefined : stream
  }
  return {
    shards: () => {
      const stream = findStream(store, arn)
      return stream === undefined ? [] : [shardOf(stream)]
    },
    read: (shard, after, limit) => {
      const stream = find(shard)
      const records: SourceRecord[] = []
      if (stream === undefined || limit < 1) return records
      for (const { sequence, time, json } of readRecords(store, stream, clock.now(), after)) {
        const kept: StreamRecord = JSON.parse(json)
        records.push({ sequence, time, record: toTableRecord(kept, arn), bytes: Buffer.byteLength(json) })
        if (records.length >= limit) break
      }
      return records
    },
    latest: (shard) => {
      const stream = find(shard)
      return stream === undefined ? undefined : (newestSequence(store, stream) ?? stream.origin)
    },
    onArrival: (listener) =>
      onRecords((streamArn) => {
        if (streamArn === arn) listener()
      }),
  }
}
