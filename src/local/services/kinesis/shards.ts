// The shards of a stream: listed, split, merged, scaled. Records stay in the shard they came to.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { ACCOUNT } from '../../service.ts'
import {
  check,
  hashKey,
  named,
  numberOf,
  objectOf,
  type Rules,
  required,
  STREAM,
  textOf,
  timeOf,
} from './constraints.ts'
import { pageOf, readToken, toToken } from './pages.ts'
import { inUse, invalid, invalidArgument, noShard, overLimit, tooManyShards } from './problems.ts'
import { rearmSweep } from './retention.ts'
import {
  arnOf,
  type Call,
  changeStream,
  countShards,
  firstOf,
  lastOf,
  namedStream,
  nameOf,
  openShards,
  type Shard,
  type Stream,
  shardId,
  streamOf,
} from './state.ts'

const SPLIT = {
  NewStartingHashKey: required(hashKey),
  StreamName: STREAM.StreamName,
  StreamARN: STREAM.StreamARN,
  ShardToSplit: required(named),
} satisfies Rules
const MERGE = { ShardToMerge: required(named), AdjacentShardToMerge: required(named), ...STREAM } satisfies Rules
const SCALE = {
  ScalingType: required({ is: 'text', choices: ['UNIFORM_SCALING'] }),
  ...STREAM,
  TargetShardCount: required({ is: 'number', least: 1, most: 100_000 }),
} satisfies Rules
const LIST = {
  ...STREAM,
  NextToken: { is: 'text', least: 1, most: 1_048_576 },
  ExclusiveStartShardId: named,
  MaxResults: { is: 'number', least: 1, most: 10_000 },
  StreamCreationTimestamp: { is: 'time' },
  ShardFilter: {
    is: 'structure',
    members: {
      Type: required({
        is: 'text',
        choices: [
          'AFTER_SHARD_ID',
          'AT_TRIM_HORIZON',
          'FROM_TRIM_HORIZON',
          'AT_LATEST',
          'AT_TIMESTAMP',
          'FROM_TIMESTAMP',
        ],
      }),
      ShardId: named,
      Timestamp: { is: 'time' },
    },
  },
} satisfies Rules

/** The account's. Source: "Quotas and limits", us-east-1. */
export const SHARD_LIMIT = 20_000
const HASHES = 1n << 128n

/** So many shards of the same size, the first with this index. */
export function evenly(count: number, first: number, created: number, old: readonly Shard[] = []): Shard[] {
  const size = HASHES / BigInt(count)
  return Array.from({ length: count }, (_, index) => {
    const from = size * BigInt(index)
    const to = index === count - 1 ? HASHES - 1n : from + size - 1n
    const parents = old.filter((one) => BigInt(one.to) >= from && BigInt(one.from) <= to).map((one) => one.index)
    return { index: first + index, from: String(from), to: String(to), created, parents }
  })
}

export const toShard = (shard: Shard): JsonObject => {
  const [parent, adjacent] = shard.parents
  return {
    ShardId: shardId(shard.index),
    ...(parent === undefined ? {} : { ParentShardId: shardId(parent) }),
    ...(adjacent === undefined ? {} : { AdjacentParentShardId: shardId(adjacent) }),
    HashKeyRange: { StartingHashKey: shard.from, EndingHashKey: shard.to },
    SequenceNumberRange: {
      StartingSequenceNumber: firstOf(shard),
      ...(shard.closed === undefined ? {} : { EndingSequenceNumber: lastOf(shard) }),
    },
  }
}

/** The index in a shard's id, of which any name before the dash is taken. */
export function indexOf(id: string): number | undefined {
  const digits = id.includes('-') ? id.slice(id.indexOf('-') + 1) : id
  const index = /^\d{1,20}$/.test(digits) ? Number(digits) : Number.NaN
  return index <= 2_147_483_647 ? index : undefined
}

export function listShards(call: Call): JsonObject {
  const { input } = call
  check(input, LIST)
  const token = textOf(input, 'NextToken')
  const named = textOf(input, 'StreamName') ?? textOf(input, 'StreamARN')
  if (token !== undefined && named !== undefined)
    throw invalidArgument('NextToken and StreamName cannot be provided together.')
  const [name = '', after = ''] =
    token === undefined ? [nameOf(input), textOf(input, 'ExclusiveStartShardId')] : readToken(token)
  const stream = namedStream(call.room, name)
  const wanted = stream.shards.filter(filterOf(objectOf(input, 'ShardFilter'), stream))
  const { page, next } = pageOf(wanted, ({ index }) => shardId(index), after, numberOf(input, 'MaxResults') ?? 1000)
  return { Shards: page.map(toShard), ...(next === undefined ? {} : { NextToken: toToken([name, next]) }) }
}

// Source: ShardFilter. Trimmed shards are not among the stream's any more.
function filterOf(filter: JsonObject, { shards }: Stream): (shard: Shard) => boolean {
  const type = textOf(filter, 'Type')
  const after = textOf(filter, 'ShardId')
  const time = timeOf(filter, 'Timestamp') ?? 0
  if (type === 'AFTER_SHARD_ID' && after === undefined)
    throw invalidArgument('ShardId must be specified when ShardFilterType is AFTER_SHARD_ID.')
  if (type?.endsWith('_TIMESTAMP') && filter.Timestamp === undefined)
    throw invalidArgument(`Timestamp must be specified when ShardFilterType is ${type}.`)
  const isOpenAt = ({ created, closed }: Shard): boolean =>
    created * 1000 <= time && (closed === undefined || closed >= time)
  const listed = new Set(shards.map(({ index }) => index))
  switch (type) {
    case 'AFTER_SHARD_ID':
      return ({ index }) => shardId(index) > String(after)
    case 'AT_TRIM_HORIZON':
      return ({ parents }) => !parents.some((parent) => listed.has(parent))
    case 'AT_LATEST':
      return ({ closed }) => closed === undefined
    case 'AT_TIMESTAMP':
      return isOpenAt
    case 'FROM_TIMESTAMP':
      return ({ closed }) => closed === undefined || closed >= time
    default:
      return () => true
  }
}

export async function splitShard(call: Call): Promise<undefined> {
  const { input, room } = call
  check(input, SPLIT)
  const name = nameOf(input)
  const index = indexIn(input, 'ShardToSplit', name)
  const at = textOf(input, 'NewStartingHashKey') ?? ''
  const count = countShards(room)
  await changeStream(call, (stream) => {
    const shard = shardAt(stream, index)
    checkProvisioned(stream, 'SplitShard')
    if (count + 1 > SHARD_LIMIT) throw tooManyShards(count, SHARD_LIMIT, 1)
    if (BigInt(at) <= BigInt(shard.from) + 1n || BigInt(at) >= BigInt(shard.to))
      throw invalidArgument(
        `NewStartingHashKey ${at} used in SplitShard() on shard ${shardId(index)} in stream ${name} under account ${ACCOUNT} is not both greater than one plus the shard's StartingHashKey ${shard.from} and less than the shard's EndingHashKey ${shard.to}.`,
      )
    checkOpen(stream, shard)
    const created = nextCreated(room.clock.now(), [shard])
    const low = { index: stream.next, from: shard.from, to: String(BigInt(at) - 1n), created, parents: [index] }
    const high = { index: stream.next + 1, from: at, to: shard.to, created, parents: [index] }
    return replaced(stream, [shard], [low, high], room.clock.now())
  })
  rearmSweep(room, name)
  return undefined
}

export async function mergeShards(call: Call): Promise<undefined> {
  const { input, room } = call
  check(input, MERGE)
  const name = nameOf(input)
  const low = indexIn(input, 'ShardToMerge', name)
  const high = indexIn(input, 'AdjacentShardToMerge', name)
  await changeStream(call, (stream) => {
    const one = shardAt(stream, low)
    const other = shardAt(stream, high)
    checkProvisioned(stream, 'MergeShards')
    if (BigInt(one.to) + 1n !== BigInt(other.from))
      throw invalidArgument(
        `Shards ${shardId(low)} and ${shardId(high)} in stream ${name} under account ${ACCOUNT} are not an adjacent pair of shards eligible for merging`,
      )
    checkOpen(stream, one)
    checkOpen(stream, other)
    const created = nextCreated(room.clock.now(), [one, other])
    const made = { index: stream.next, from: one.from, to: other.to, created, parents: [low, high] }
    return replaced(stream, [one, other], [made], room.clock.now())
  })
  rearmSweep(room, name)
  return undefined
}

export async function updateShardCount(call: Call): Promise<JsonObject> {
  const { input, room } = call
  check(input, SCALE)
  const target = numberOf(input, 'TargetShardCount') ?? 1
  const before = streamOf(call)
  const current = openShards(before).length
  const counts = `Current open shard count: ${current}, Target shard count: ${target}`
  checkProvisioned(before, 'UpdateShardCount')
  if (target > SHARD_LIMIT)
    throw overLimit(`Target shard count or number of open shards cannot be greater than ${SHARD_LIMIT}. ${counts}`)
  if (target > current * 2)
    throw overLimit(`UpdateShardCount cannot scale up over double your current open shard count. ${counts}`)
  if (target < current / 2)
    throw overLimit(`UpdateShardCount cannot scale down below half your current open shard count. ${counts}`)
  if (target !== current) await changeStream(call, (stream) => scaled(stream, target, room.clock.now()))
  rearmSweep(room, before.name)
  return {
    StreamName: before.name,
    CurrentShardCount: current,
    TargetShardCount: target,
    StreamARN: arnOf(before.name),
  }
}

/** The stream with so many open shards of the same size. */
export function scaled(stream: Stream, count: number, now: number): Stream {
  const old = openShards(stream)
  if (count === old.length) return stream
  return replaced(stream, old, evenly(count, stream.next, nextCreated(now, old), old), now)
}

// Sequence numbers begin with this: those of a child are greater than all of its parents' (recorded: a second later).
const nextCreated = (now: number, parents: readonly Shard[]): number =>
  Math.max(Math.floor(now / 1000), ...parents.map(({ created }) => created)) + 1

function replaced(stream: Stream, old: readonly Shard[], made: readonly Shard[], now: number): Stream {
  const shards = stream.shards.map((shard) => (old.includes(shard) ? { ...shard, closed: now } : shard))
  return { ...stream, shards: [...shards, ...made], next: stream.next + made.length }
}

function indexIn(input: JsonObject, parameter: string, stream: string): number {
  const id = textOf(input, parameter) ?? ''
  const index = indexOf(id)
  if (index === undefined) throw noShard(id, stream)
  return index
}

function shardAt({ shards, name }: Stream, index: number): Shard {
  const shard = shards.find((one) => one.index === index)
  if (shard === undefined) throw noShard(shardId(index), name)
  return shard
}

function checkOpen({ name }: Stream, { index, closed }: Shard): void {
  if (closed !== undefined)
    throw invalidArgument(
      `Shard ${shardId(index)} in stream ${name} under account ${ACCOUNT} has already been merged or split, and thus is not eligible for merging or splitting.`,
    )
}

function checkProvisioned({ mode, name }: Stream, action: string): void {
  if (mode === 'ON_DEMAND')
    throw invalid(
      `Request is invalid. Stream ${name} under account ${ACCOUNT} is in On-Demand mode, in which ${action} is not supported.`,
    )
}

/** Refuses a second one of the same name. */
export const alreadyThere = (name: string): Error => inUse(`Stream ${name} under account ${ACCOUNT} already exists.`)
