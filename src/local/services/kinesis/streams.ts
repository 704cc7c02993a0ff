// Streams: made, described, listed, deleted; on demand or provisioned.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { ACCOUNT } from '../../service.ts'
import type { Writer } from '../../store.ts'
import {
  check,
  named,
  numberOf,
  objectOf,
  pairsOf,
  type Rules,
  required,
  STREAM,
  streamArn,
  textOf,
} from './constraints.ts'
import { pageOf, readToken, toToken } from './pages.ts'
import { inUse, invalidArgument, tooManyShards } from './problems.ts'
import { sweepGarbage } from './retention.ts'
import { alreadyThere, evenly, SHARD_LIMIT, scaled, toShard } from './shards.ts'
import {
  allStreams,
  arnOf,
  type Call,
  change,
  changeStream,
  consumersOf,
  countShards,
  findStream,
  garbageKey,
  keep,
  numberKey,
  openShards,
  type Room,
  type Stream,
  streamKey,
  streamOf,
  tell,
} from './state.ts'
import { checkTags } from './tags.ts'

const MODE = required({
  is: 'structure',
  members: { StreamMode: required({ is: 'text', choices: ['PROVISIONED', 'ON_DEMAND'] }) },
})
const CREATE = {
  ShardCount: { is: 'number', least: 1 },
  StreamName: required(named),
  StreamModeDetails: { is: 'structure', members: MODE.members ?? {} },
  Tags: { is: 'map' },
  WarmThroughputMiBps: { is: 'number', least: 0 },
  MaxRecordSizeInKiB: { is: 'number', least: 1024, most: 10_240 },
} satisfies Rules
const DELETE = { ...STREAM, EnforceConsumerDeletion: { is: 'flag' } } satisfies Rules
const DESCRIBE = {
  ...STREAM,
  Limit: { is: 'number', least: 1, most: 10_000 },
  ExclusiveStartShardId: named,
} satisfies Rules
const LIST = {
  Limit: { is: 'number', least: 1, most: 10_000 },
  ExclusiveStartStreamName: named,
  NextToken: { is: 'text', least: 1, most: 1_048_576 },
} satisfies Rules
const CHANGE_MODE = { StreamARN: required(streamArn), StreamModeDetails: MODE } satisfies Rules

// Source: CreateStream, "on-demand mode" (recorded: without a count of shards there are four).
const ON_DEMAND_SHARDS = 4
const LARGEST = 1024

export interface Settings {
  readonly name: string
  /** Undefined: on demand. */
  readonly shards: number | undefined
  readonly retention?: number
  readonly tags?: Readonly<Record<string, string>>
  readonly largest?: number | undefined
  readonly warm?: number | undefined
}

export async function createStream({ room, input }: Call): Promise<undefined> {
  check(input, CREATE)
  const tags = pairsOf(input, 'Tags')
  checkTags(tags)
  const count = numberOf(input, 'ShardCount')
  const mode =
    textOf(objectOf(input, 'StreamModeDetails'), 'StreamMode') ?? (count === undefined ? 'ON_DEMAND' : 'PROVISIONED')
  if (mode === 'ON_DEMAND' && count !== undefined)
    throw invalidArgument('ShardCount cannot be specified for a stream in On-Demand mode.')
  if (mode === 'PROVISIONED' && count === undefined)
    throw invalidArgument('ShardCount must be specified for a stream in Provisioned mode.')
  await create(room, {
    name: textOf(input, 'StreamName') ?? '',
    shards: count,
    tags,
    largest: numberOf(input, 'MaxRecordSizeInKiB'),
    warm: numberOf(input, 'WarmThroughputMiBps'),
  })
  return undefined
}

export function create(room: Room, settings: Settings): Promise<void> {
  const { name, shards = ON_DEMAND_SHARDS, retention = 24, tags = {}, largest = LARGEST, warm } = settings
  return change(room, (writer) => {
    if (findStream(room, name) !== undefined) throw alreadyThere(name)
    const count = countShards(room)
    if (count + shards > SHARD_LIMIT) throw tooManyShards(count, SHARD_LIMIT, shards)
    const number = (writer.get<number>(numberKey) ?? 0) + 1
    writer.put(numberKey, number)
    const now = room.clock.now()
    keep(room, writer, {
      name,
      number,
      created: now,
      mode: settings.shards === undefined ? 'ON_DEMAND' : 'PROVISIONED',
      retention,
      // Recorded: some seconds before the stream is there.
      shards: evenly(shards, 0, Math.floor(now / 1000) - 3),
      next: shards,
      tags,
      metrics: [],
      largest,
      ...(warm === undefined ? {} : { warm }),
    })
    writer.after(() => tell(room, name))
  })
}

export async function deleteStream(call: Call): Promise<undefined> {
  check(call.input, DELETE)
  const { room, input } = call
  await change(room, (writer) => {
    const stream = streamOf(call)
    const hasConsumers = writer.count(consumersOf(stream.number)) > 0
    if (hasConsumers && input.EnforceConsumerDeletion !== true)
      throw inUse(
        `Stream ${stream.name} under account ${ACCOUNT} has consumers registered. Please deregister them or set EnforceConsumerDeletion to true.`,
      )
    drop(room, writer, stream)
  })
  // Stopped halfway by a close, it goes on at the next start.
  room.clock.hold(sweepGarbage(room).catch(() => undefined))
  return undefined
}

function drop(room: Room, writer: Writer, { name, number }: Stream): void {
  for (const { key } of [...writer.range(consumersOf(number))]) writer.remove(key)
  writer.remove(streamKey(name))
  writer.put(garbageKey(number), true)
  room.streams.delete(name)
  writer.after(() => {
    room.sweeps.get(number)?.cancel()
    room.sweeps.delete(number)
    tell(room, name)
  })
}

export function describeStream(call: Call): JsonObject {
  const { input } = call
  check(input, DESCRIBE)
  const stream = streamOf(call)
  const after = textOf(input, 'ExclusiveStartShardId')
  const { page, next } = pageOf(
    stream.shards.map(toShard),
    ({ ShardId }) => String(ShardId),
    after,
    numberOf(input, 'Limit') ?? 100,
  )
  return { StreamDescription: { ...described(stream), Shards: page, HasMoreShards: next !== undefined } }
}

export function describeStreamSummary(call: Call): JsonObject {
  check(call.input, STREAM)
  const stream = streamOf(call)
  const { largest, warm, number } = stream
  return {
    StreamDescriptionSummary: {
      ...described(stream),
      OpenShardCount: openShards(stream).length,
      ConsumerCount: call.room.store.count(consumersOf(number)),
      MaxRecordSizeInKiB: largest,
      ...(warm === undefined ? {} : { WarmThroughput: { TargetMiBps: warm, CurrentMiBps: warm } }),
    },
  }
}

const described = ({ name, mode, retention, created, key, metrics }: Stream): JsonObject => ({
  StreamName: name,
  StreamARN: arnOf(name),
  StreamStatus: 'ACTIVE',
  StreamModeDetails: { StreamMode: mode },
  RetentionPeriodHours: retention,
  StreamCreationTimestamp: Math.floor(created / 1000),
  EnhancedMonitoring: [{ ShardLevelMetrics: metrics }],
  EncryptionType: key === undefined ? 'NONE' : 'KMS',
  ...(key === undefined ? {} : { KeyId: key }),
})

export function listStreams({ room, input }: Call): JsonObject {
  check(input, LIST)
  const token = textOf(input, 'NextToken')
  const after = token === undefined ? textOf(input, 'ExclusiveStartStreamName') : readToken(token)[0]
  const all = [...room.store.range<Stream>(allStreams)].map(({ value }) => value)
  const { page, next } = pageOf(all, ({ name }) => name, after, numberOf(input, 'Limit') ?? 100)
  return {
    StreamNames: page.map(({ name }) => name),
    HasMoreStreams: next !== undefined,
    ...(next === undefined ? {} : { NextToken: toToken([next]) }),
    StreamSummaries: page.map(({ name, mode, created }) => ({
      StreamName: name,
      StreamARN: arnOf(name),
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: mode },
      StreamCreationTimestamp: Math.floor(created / 1000),
    })),
  }
}

export async function updateStreamMode(call: Call): Promise<undefined> {
  check(call.input, CHANGE_MODE)
  const mode =
    textOf(objectOf(call.input, 'StreamModeDetails'), 'StreamMode') === 'ON_DEMAND' ? 'ON_DEMAND' : 'PROVISIONED'
  await changeStream(call, (stream) => ({ ...stream, mode }))
  return undefined
}

/** Makes the stream, or gives one that is there what the app says of it. */
export async function ensure(room: Room, settings: Settings): Promise<void> {
  const { name, shards, retention = 24 } = settings
  const there = findStream(room, name)
  if (there === undefined) return create(room, settings)
  const mode = shards === undefined ? 'ON_DEMAND' : 'PROVISIONED'
  if (
    there.mode === mode &&
    there.retention === retention &&
    (shards ?? 0) === (shards === undefined ? 0 : openShards(there).length)
  )
    return
  await changeStream({ room, input: { StreamName: name } }, (stream) =>
    scaled({ ...stream, mode, retention }, shards ?? openShards(stream).length, room.clock.now()),
  )
}
