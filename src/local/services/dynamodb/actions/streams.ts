// The API of streams: ListStreams, DescribeStream, GetShardIterator, GetRecords.
import { isObject, type JsonObject } from '../../../../aws/protocol/json.ts'
import { ServiceError } from '../../../../aws/protocol/service-error.ts'
import type { Action, Call } from '../action.ts'
import { check, NAME, type Rules } from '../constraints.ts'
import { toKeySchema } from '../description.ts'
import { invalid } from '../problems.ts'
import { newestSequence, RETENTION, readRecords } from '../records.ts'
import type { Room } from '../room.ts'
import { textOf } from '../schema.ts'
import { allStreams, arnOfStream, findStream, type Stream, shardOf } from '../streams.ts'
import { nameOfTable } from '../table.ts'

const startArn: Rules[string] = { is: 'text', least: 37, most: 1024 }
const arn: Rules[string] = { ...startArn, required: true }
const shard: Rules[string] = { is: 'text', least: 28, most: 65 }
const limit: Rules[string] = { is: 'number', least: 1 }
const TYPES = ['TRIM_HORIZON', 'LATEST', 'AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'] as const

async function listStreams({ room, input }: Call): Promise<JsonObject> {
  check(input, {
    TableName: { is: 'text', pattern: NAME, least: 3, most: 1024 },
    Limit: { ...limit, most: 100 },
    ExclusiveStartStreamArn: startArn,
  })
  const after = textOf(input.ExclusiveStartStreamArn)
  const name = input.TableName === undefined ? undefined : nameOfTable(input.TableName)
  const all = [...allStreams(room.store, name)]
  const from = after === '' ? 0 : all.findIndex((stream) => arnOfStream(stream) === after) + 1
  const most = typeof input.Limit === 'number' ? input.Limit : 100
  const page = all.slice(from, from + most)
  const last = page.at(-1)
  return {
    Streams: page.map((stream) => ({
      StreamArn: arnOfStream(stream),
      TableName: stream.table,
      StreamLabel: stream.label,
    })),
    ...(last !== undefined && from + most < all.length ? { LastEvaluatedStreamArn: arnOfStream(last) } : {}),
  }
}

async function describeStream({ room, input }: Call): Promise<JsonObject> {
  check(input, { StreamArn: arn, Limit: { ...limit, most: 100 }, ExclusiveStartShardId: shard })
  const stream = streamOf(room, textOf(input.StreamArn))
  const id = shardOf(stream)
  const range = {
    StartingSequenceNumber: stream.origin,
    ...(stream.last === undefined ? {} : { EndingSequenceNumber: stream.last }),
  }
  return {
    StreamDescription: {
      StreamArn: arnOfStream(stream),
      StreamLabel: stream.label,
      StreamStatus: stream.closed === undefined ? 'ENABLED' : 'DISABLED',
      StreamViewType: stream.view,
      CreationRequestDateTime: stream.created / 1000,
      TableName: stream.table,
      KeySchema: toKeySchema(stream.key),
      Shards: input.ExclusiveStartShardId === id ? [] : [{ ShardId: id, SequenceNumberRange: range }],
    },
  }
}

function streamOf(room: Room, given: string): Stream {
  const stream = findStream(room.store, given)
  if (stream === undefined)
    throw new ServiceError('ResourceNotFoundException', `Requested resource not found: Stream: ${given} not found`)
  return stream
}

/** Where a reader stands: at this number, or behind it. */
interface Iterator {
  readonly stream: string
  /** Everything behind it is to come; empty: all that there is. */
  readonly after: string
  /** Milliseconds since 1970. */
  readonly made: number
}

async function getShardIterator({ room, input }: Call): Promise<JsonObject> {
  check(input, {
    StreamArn: arn,
    ShardId: { ...shard, required: true },
    ShardIteratorType: { is: 'text', required: true, choices: TYPES },
    SequenceNumber: { is: 'text', least: 21, most: 40 },
  })
  const stream = streamOf(room, textOf(input.StreamArn))
  if (input.ShardId !== shardOf(stream))
    throw new ServiceError(
      'ResourceNotFoundException',
      `Requested resource not found: Shard does not exist: ShardId: ${textOf(input.ShardId)}`,
    )
  const after = positionOf(room, stream, textOf(input.ShardIteratorType), textOf(input.SequenceNumber))
  return { ShardIterator: toToken({ stream: arnOfStream(stream), after, made: room.clock.now() }) }
}

function positionOf({ store, clock }: Room, stream: Stream, type: string, sequence: string): string {
  if (type === 'TRIM_HORIZON') return ''
  if (type === 'LATEST') return newestSequence(store, stream) ?? stream.origin
  if (sequence === '') throw invalid(`Missing required parameter for shard iterator type ${type}: SequenceNumber`)
  if (!/^\d+$/.test(sequence)) throw invalid('Invalid SequenceNumber')
  const before = (BigInt(sequence) - 1n).toString()
  const [oldest] = readRecords(store, stream, clock.now())
  // Numbers of one service grow over all streams: what lies between the origin and the first record was never there.
  const isTrimmed = oldest === undefined ? false : BigInt(sequence) < BigInt(oldest.sequence)
  if (BigInt(sequence) < BigInt(stream.origin) || (isTrimmed && clock.now() - stream.created > RETENTION))
    throw trimmed()
  return type === 'AFTER_SEQUENCE_NUMBER' ? sequence : before
}

const trimmed = (): ServiceError =>
  new ServiceError(
    'TrimmedDataAccessException',
    'The operation attempted to read past the oldest stream record in a shard. The stream record has been trimmed.',
  )

// Source: recorded form: the ARN, a number, and what only AWS reads.
const toToken = ({ stream, after, made }: Iterator): string =>
  `${stream}|1|${Buffer.from(JSON.stringify({ after, made })).toString('base64')}`

function fromToken(token: string): Iterator {
  const [stream = '', , packed = ''] = token.split('|')
  try {
    const read: unknown = JSON.parse(Buffer.from(packed, 'base64').toString())
    if (isObject(read) && typeof read.after === 'string' && typeof read.made === 'number')
      return { stream, after: read.after, made: read.made }
  } catch {
    // Told below.
  }
  throw invalid('Invalid ShardIterator')
}

// Source: API reference of GetShardIterator and GetRecords.
const LIFETIME = 15 * 60_000
const MOST_RECORDS = 1000
const MOST_BYTES = 1024 * 1024

async function getRecords({ room, input }: Call): Promise<string> {
  check(input, {
    ShardIterator: { is: 'text', required: true, least: 1, most: 2048 },
    Limit: { ...limit, most: MOST_RECORDS },
  })
  const { stream: given, after, made } = fromToken(textOf(input.ShardIterator))
  const now = room.clock.now()
  if (now - made > LIFETIME)
    throw new ServiceError(
      'ExpiredIteratorException',
      `Iterator expired. The iterator was created at time ${new Date(made).toISOString()} which is older than 15 minutes.`,
    )
  const stream = streamOf(room, given)
  const most = typeof input.Limit === 'number' ? input.Limit : MOST_RECORDS
  const records: string[] = []
  let bytes = 0
  let last = after
  for (const { sequence, json } of readRecords(room.store, stream, now, after)) {
    if (records.length >= most || (records.length > 0 && bytes + json.length > MOST_BYTES)) break
    records.push(json)
    bytes += json.length
    last = sequence
  }
  const isOver = stream.last !== undefined && (last === stream.last || records.length === 0)
  const next = isOver
    ? ''
    : `,"NextShardIterator":${JSON.stringify(toToken({ stream: given, after: last, made: now }))}`
  return `{"Records":[${records.join(',')}]${next}}`
}

export const streamActions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['DescribeStream', describeStream],
  ['GetRecords', getRecords],
  ['GetShardIterator', getShardIterator],
  ['ListStreams', listStreams],
])
