// What Kinesis keeps: streams with their shards, records, consumers, and the keys they are under.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import type { Alarm, Clock } from '../../clock.ts'
import { ACCOUNT, REGION } from '../../service.ts'
import { type Key, type Range, type Reader, type Store, under, type Writer } from '../../store.ts'
import { textOf } from './constraints.ts'
import { invalidArgument, noStream } from './problems.ts'
import { LAST, toSequence } from './sequence.ts'

export interface Shard {
  readonly index: number
  /** Both ends belong to it. Decimal: the numbers have 128 bits. */
  readonly from: string
  readonly to: string
  /** Seconds since 1970. */
  readonly created: number
  /** Milliseconds since 1970, when it was split or merged. */
  readonly closed?: number
  /** The shards whose hash keys it took over. */
  readonly parents: readonly number[]
}

export interface Stream {
  readonly name: string
  /** Another for each stream that is made: one that is made anew begins empty. */
  readonly number: number
  /** Milliseconds since 1970. */
  readonly created: number
  readonly mode: 'PROVISIONED' | 'ON_DEMAND'
  /** Hours. */
  readonly retention: number
  readonly shards: readonly Shard[]
  /** The index of the next shard. */
  readonly next: number
  /** KMS key. */
  readonly key?: string
  readonly tags: Readonly<Record<string, string>>
  readonly metrics: readonly string[]
  /** KiB. */
  readonly largest: number
  /** MiB a second. */
  readonly warm?: number
  readonly policy?: string
}

export interface StoredRecord {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly key: string
  /** Base64. */
  readonly data: string
}

/** What the operations of Kinesis stand on. */
export interface Room {
  readonly store: Store
  readonly clock: Clock
  /** By name, as last written. */
  readonly streams: Map<string, Stream>
  /** By the stream's number: the last count that was given out. */
  readonly counts: Map<number, number>
  /** By the stream's number: when the next of its records expires. */
  readonly sweeps: Map<number, Alarm>
  readonly listeners: Set<(stream: string) => void>
}

export interface Call {
  readonly room: Room
  readonly input: JsonObject
}

/** Answers undefined where the action has no output. */
export type Action = (call: Call) => JsonObject | undefined | Promise<JsonObject | undefined>

const PREFIX = `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/`
export const arnOf = (name: string): string => `${PREFIX}${name}`

export const streamKey = (name: string): Key => ['kinesis', 'stream', name]
export const allStreams = under('kinesis', 'stream')
export const numberKey: Key = ['kinesis', 'number']
export const countKey = (stream: number): Key => ['kinesis', 'count', stream]
export const recordKey = (stream: number, shard: number, count: number): Key => [
  'kinesis',
  'record',
  stream,
  shard,
  count,
]
export const recordsOf = (stream: number, shard: number): Pick<Range, 'start' | 'end'> =>
  under('kinesis', 'record', stream, shard)
export const allRecords = (stream: number): Pick<Range, 'start' | 'end'> => under('kinesis', 'record', stream)
export const consumerKey = (stream: number, name: string): Key => ['kinesis', 'consumer', stream, name]
export const consumersOf = (stream: number): Pick<Range, 'start' | 'end'> => under('kinesis', 'consumer', stream)
/** Streams that were deleted, whose records are still to be removed. */
export const garbageKey = (stream: number): Key => ['kinesis', 'garbage', stream]
export const allGarbage = under('kinesis', 'garbage')

export const shardId = (index: number): string => `shardId-${String(index).padStart(12, '0')}`
export const firstOf = ({ created, index }: Shard): string =>
  toSequence({ created, count: 0n, time: created, shard: index })
export const lastOf = ({ created, index, closed = 0 }: Shard): string =>
  toSequence({ created, count: LAST, time: Math.floor(closed / 1000), shard: index })
export const sequenceOf = ({ created, index }: Shard, count: number, time: number): string =>
  toSequence({ created, count: BigInt(count), time: Math.floor(time / 1000), shard: index })

/** Milliseconds. */
export const retentionOf = ({ retention }: Stream): number => retention * 3_600_000
export const openShards = ({ shards }: Stream): readonly Shard[] => shards.filter(({ closed }) => closed === undefined)

export function findStream(room: Room, name: string): Stream | undefined {
  const known = room.streams.get(name)
  if (known !== undefined) return known
  // A longer key than any name would be refused by the store.
  const stream = name.length > 128 ? undefined : room.store.get<Stream>(streamKey(name))
  if (stream !== undefined) room.streams.set(name, stream)
  return stream
}

export function namedStream(room: Room, name: string): Stream {
  const stream = findStream(room, name)
  if (stream === undefined) throw noStream(name)
  return stream
}

export const streamOf = ({ room, input }: Call): Stream => namedStream(room, nameOf(input))

/** The stream that a request is for, by name or ARN. */
export function nameOf(input: JsonObject): string {
  const arn = textOf(input, 'StreamARN')
  const name = textOf(input, 'StreamName') ?? (arn === undefined ? undefined : nameInArn(arn))
  if (name === undefined) throw invalidArgument('Must specify either StreamName or StreamARN.')
  return name
}

/** The stream in its own ARN, or in that of one of its consumers. */
export const nameInArn = (arn: string): string => arn.split(':')[5]?.split('/')[1] ?? ''

/** Keeps a stream, as the last thing that a commit does. */
export function keep(room: Room, writer: Writer, stream: Stream): void {
  writer.put(streamKey(stream.name), stream)
  room.streams.set(stream.name, stream)
}

/** One commit. What memory holds is forgotten when the disk did not take it; a refusal comes before anything is written. */
export async function change<T>(room: Room, work: (writer: Writer) => T): Promise<T> {
  try {
    return await room.store.commit(work)
  } catch (error) {
    if (!(error instanceof ServiceError)) {
      room.streams.clear()
      room.counts.clear()
    }
    throw error
  }
}

/** Changes a stream and tells who listens. */
export const changeStream = (call: Call, make: (stream: Stream) => Stream): Promise<void> =>
  change(call.room, (writer) => {
    const stream = make(streamOf(call))
    keep(call.room, writer, stream)
    writer.after(() => tell(call.room, stream.name))
  })

export function tell({ listeners }: Room, stream: string): void {
  for (const listener of listeners) listener(stream)
}

/** The last count given out; a commit that has one more writes it. */
export function countOf({ counts }: Room, reader: Reader, stream: number): number {
  return counts.get(stream) ?? reader.get<number>(countKey(stream)) ?? 0
}

/** The open shards of all streams. */
export function countShards({ store }: Room): number {
  let count = 0
  for (const { value } of store.range<Stream>(allStreams)) count += openShards(value).length
  return count
}
