// Reading: GetShardIterator names a place in a shard, GetRecords reads on from there.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import { ACCOUNT } from '../../service.ts'
import type { Entry } from '../../store.ts'
import {
  check,
  named,
  numberOf,
  type Rules,
  required,
  STREAM,
  sequence,
  streamArn,
  textOf,
  timeOf,
} from './constraints.ts'
import { readToken, toToken } from './pages.ts'
import { invalidArgument, noShard, noShardToRead } from './problems.ts'
import { readSequence } from './sequence.ts'
import { indexOf } from './shards.ts'
import {
  type Call,
  countOf,
  findStream,
  nameOf,
  type Room,
  recordKey,
  recordsOf,
  retentionOf,
  type Shard,
  type StoredRecord,
  type Stream,
  sequenceOf,
  shardId,
} from './state.ts'

const TYPES = ['AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_TIMESTAMP', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON']
const ITERATOR = {
  ShardId: required(named),
  ShardIteratorType: required({ is: 'text', choices: TYPES }),
  StartingSequenceNumber: sequence,
  Timestamp: { is: 'time' },
  ...STREAM,
} satisfies Rules
const RECORDS = {
  Limit: { is: 'number', least: 1, most: 10_000 },
  ShardIterator: required({ is: 'text', least: 1, most: 512 }),
  StreamARN: streamArn,
} satisfies Rules
// Source: GetRecords.
const LONGEST_LIFE = 300_000
const MOST = 10_000
const MOST_BYTES = 10 * 1024 * 1024

export function getShardIterator({ room, input }: Call): JsonObject {
  check(input, ITERATOR)
  const id = textOf(input, 'ShardId') ?? ''
  const name = nameOf(input)
  const index = indexOf(id)
  if (index === undefined) throw noShard(id, name)
  const { stream, shard } = shardOf(room, name, index)
  const count = startOf(room, input, stream, shard)
  return { ShardIterator: toIterator(room, stream, shard, count) }
}

/** The count of the first record that is read. */
function startOf(room: Room, input: JsonObject, stream: Stream, shard: Shard): number {
  const type = textOf(input, 'ShardIteratorType') ?? ''
  const text = textOf(input, 'StartingSequenceNumber')
  const bySequence = type.endsWith('_SEQUENCE_NUMBER')
  if (bySequence !== (text !== undefined))
    throw invalidArgument(
      `Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${type} and ${text === undefined ? 'no' : 'also a'} StartingSequenceNumber.`,
    )
  if (text !== undefined) return countIn(text, stream, shard) + (type === 'AT_SEQUENCE_NUMBER' ? 0 : 1)
  if (type === 'LATEST') return countOf(room, room.store, stream.number) + 1
  return type === 'AT_TIMESTAMP' ? countAt(room, stream, shard, timeOf(input, 'Timestamp')) : 0
}

function countIn(text: string, stream: Stream, shard: Shard): number {
  const read = readSequence(text)
  const used = `StartingSequenceNumber ${text} used in GetShardIterator on shard ${shardId(shard.index)} in stream ${stream.name} under account ${ACCOUNT} is invalid`
  if (read === undefined) throw invalidArgument(`${used}.`)
  if (read.shard !== shard.index)
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${shardId(read.shard)}, while it was used in a call to a shard with ${shardId(shard.index)}`,
    )
  if (read.created !== shard.created) throw invalidArgument(`${used} because it did not come from this stream.`)
  return Number(read.count)
}

// Times grow with the counts: by halves, as a shard may hold a million.
function countAt(room: Room, { number }: Stream, { index }: Shard, time: number | undefined): number {
  if (time === undefined)
    throw invalidArgument(
      'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
    )
  if (time > room.clock.now())
    throw invalidArgument(
      `The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${time}, currentTimestampInMillis: ${room.clock.now()}`,
    )
  let low = 0
  let high = countOf(room, room.store, number) + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [entry] = room.store.range<StoredRecord>({
      ...recordsOf(number, index),
      start: recordKey(number, index, middle),
      limit: 1,
    })
    if (entry === undefined || entry.value.time >= time) high = middle
    else low = countOfEntry(entry) + 1
  }
  return low
}

const countOfEntry = ({ key }: Entry<unknown>): number => Number(key[4])

function toIterator({ clock }: Room, { name }: Stream, { index }: Shard, count: number): string {
  return toToken([String(clock.now()), name, String(index), String(count), '0'.repeat(36)])
}

export function getRecords({ room, input }: Call): JsonObject {
  check(input, RECORDS)
  const { made, name, index, count } = readIterator(textOf(input, 'ShardIterator') ?? '')
  const now = room.clock.now()
  if (now - made > LONGEST_LIFE)
    throw new ServiceError(
      'ExpiredIteratorException',
      `Iterator expired. The iterator was created at time ${toUtc(made)} while right now it is ${toUtc(now)} which is further in the future than the tolerated delay of ${LONGEST_LIFE} milliseconds.`,
    )
  const { stream, shard } = shardOf(room, name, index)
  const { read, next, waiting } = readFrom(room, stream, shard, count, numberOf(input, 'Limit') ?? MOST)
  const isOver = shard.closed !== undefined && waiting === undefined
  return {
    Records: read.map(({ value: { time, key, data }, count: number }) => ({
      SequenceNumber: sequenceOf(shard, number, time),
      ApproximateArrivalTimestamp: time / 1000,
      Data: data,
      PartitionKey: key,
      ...(stream.key === undefined ? {} : { EncryptionType: 'KMS' }),
    })),
    ...(isOver
      ? { ChildShards: childrenOf(stream, shard) }
      : { NextShardIterator: toIterator(room, stream, shard, next) }),
    MillisBehindLatest: waiting === undefined ? 0 : Math.max(0, now - waiting),
  }
}

export interface Read {
  readonly read: readonly { readonly count: number; readonly value: StoredRecord }[]
  /** Where to read on. */
  readonly next: number
  /** When the first record came that was not read. */
  readonly waiting?: number
}

/** Reads up to `most` records, in the order they came; expired ones are not there any more. */
export function readFrom(room: Room, stream: Stream, { index }: Shard, from: number, most: number): Read {
  const oldest = room.clock.now() - retentionOf(stream)
  const read: { count: number; value: StoredRecord }[] = []
  let next = from
  let bytes = 0
  const start = recordKey(stream.number, index, from)
  for (const entry of room.store.range<StoredRecord>({ ...recordsOf(stream.number, index), start })) {
    const { value } = entry
    if (value.time <= oldest) continue
    bytes += value.data.length * 0.75 + value.key.length
    if (read.length >= most || (bytes > MOST_BYTES && read.length > 0)) return { read, next, waiting: value.time }
    const count = countOfEntry(entry)
    read.push({ count, value })
    next = count + 1
  }
  return { read, next }
}

const childrenOf = ({ shards }: Stream, { index }: Shard): JsonObject[] =>
  shards
    .filter(({ parents }) => parents.includes(index))
    .map((child) => ({
      ShardId: shardId(child.index),
      ParentShards: child.parents.map(shardId),
      HashKeyRange: { StartingHashKey: child.from, EndingHashKey: child.to },
    }))

function shardOf(room: Room, name: string, index: number): { stream: Stream; shard: Shard } {
  const stream = findStream(room, name)
  const shard = stream?.shards.find((one) => one.index === index)
  if (stream === undefined || shard === undefined) throw noShardToRead(shardId(index), name)
  return { stream, shard }
}

function readIterator(text: string): { made: number; name: string; index: number; count: number } {
  const [made, name = '', index, count] = readParts(text)
  const numbers = [made, index, count].map(Number)
  if (name.length > 128 || name === '' || !numbers.every((one) => Number.isSafeInteger(one) && one >= 0))
    throw invalidArgument('Invalid ShardIterator.')
  return { made: Number(made), name, index: Number(index), count: Number(count) }
}

function readParts(text: string): string[] {
  try {
    return readToken(text)
  } catch {
    throw invalidArgument('Invalid ShardIterator.')
  }
}

// As Java writes it: `Thu Jan 22 01:22:02 UTC 2015`.
function toUtc(time: number): string {
  const [day = '', date, month, year, clock] = new Date(time).toUTCString().split(' ')
  return `${day.slice(0, 3)} ${month} ${date} ${clock} UTC ${year}`
}
