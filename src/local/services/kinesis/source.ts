// The shards of a stream as the event-source poller reads them.
import { readFrom } from './read.ts'
import { readSequence } from './sequence.ts'
import { indexOf } from './shards.ts'
import {
  arnOf,
  countOf,
  findStream,
  type Room,
  retentionOf,
  type Shard,
  type Stream,
  sequenceOf,
  shardId,
} from './state.ts'

export interface ShardRecord {
  readonly sequence: string
  /** Milliseconds since 1970. */
  readonly time: number
  /** Records of one key stay in order. */
  readonly key: string
  /** What the event's record has under `kinesis`. */
  readonly record: {
    readonly kinesisSchemaVersion: '1.0'
    readonly partitionKey: string
    readonly sequenceNumber: string
    /** Base64. */
    readonly data: string
    /** Seconds since 1970. */
    readonly approximateArrivalTimestamp: number
  }
  /** About how many bytes it takes in an event. */
  readonly bytes: number
}

export interface Source {
  readonly arn: string
  /** Another for each stream, be it of the same name. Undefined while there is none. */
  identity(): string | undefined
  shards(): readonly string[]
  /** Shards that must be read to their end first. */
  parents(shard: string): readonly string[]
  /** Whether nothing will come to it any more. */
  closed(shard: string): boolean
  /** Up to `limit` records after this one, or from the oldest. */
  read(shard: string, after: string | undefined, limit: number): readonly ShardRecord[]
  /** What is read after this is new. */
  latest(shard: string): string | undefined
  /** Milliseconds for which records are kept. */
  retention(): number
  /** Calls the listener when there are records or shards that were not there. Answers how to stop that. */
  onArrival(listener: () => void): () => void
}

// What an event's record holds besides data and key.
const RECORD_BYTES = 600

export function openSource(room: Room, name: string): Source {
  const stream = (): Stream | undefined => findStream(room, name)
  const shard = (id: string): Shard | undefined => stream()?.shards.find(({ index }) => index === indexOf(id))
  return {
    arn: arnOf(name),
    identity: () => stream()?.number.toString(),
    shards: () => stream()?.shards.map(({ index }) => shardId(index)) ?? [],
    parents: (id) => shard(id)?.parents.map(shardId) ?? [],
    closed: (id) => shard(id)?.closed !== undefined,
    read: (id, after, limit) => {
      const from = after === undefined ? 0 : Number(readSequence(after)?.count ?? -1n) + 1
      const [of, one] = [stream(), shard(id)]
      return of === undefined || one === undefined
        ? []
        : readFrom(room, of, one, from, limit).read.map(({ count, value }) => {
            const sequence = sequenceOf(one, count, value.time)
            const { time, key, data } = value
            return {
              sequence,
              time,
              key,
              bytes: data.length + key.length + RECORD_BYTES,
              record: {
                kinesisSchemaVersion: '1.0',
                partitionKey: key,
                sequenceNumber: sequence,
                data,
                approximateArrivalTimestamp: time / 1000,
              },
            }
          })
    },
    latest: (id) => {
      const [of, one] = [stream(), shard(id)]
      if (of === undefined || one === undefined) return undefined
      return sequenceOf(one, countOf(room, room.store, of.number), room.clock.now())
    },
    retention: () => {
      const of = stream()
      return of === undefined ? 0 : retentionOf(of)
    },
    onArrival: (listener) => {
      const heard = (changed: string): void => {
        if (changed === name) listener()
      }
      room.listeners.add(heard)
      return () => room.listeners.delete(heard)
    },
  }
}
