// What a stream may be told and the local cloud only remembers: encryption, metrics, sizes, throughput, a policy; and the account's limits.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import { check, listOf, numberOf, type Rules, required, resourceArn, STREAM, streamArn, textOf } from './constraints.ts'
import { invalidArgument, notFound } from './problems.ts'
import { SHARD_LIMIT } from './shards.ts'
import {
  allStreams,
  arnOf,
  type Call,
  changeStream,
  countShards,
  namedStream,
  nameInArn,
  type Stream,
  streamOf,
} from './state.ts'

const ENCRYPTION = {
  EncryptionType: required({ is: 'text', choices: ['KMS', 'NONE'] }),
  KeyId: required({ is: 'text', least: 1, most: 2048 }),
  ...STREAM,
} satisfies Rules
const METRICS = [
  'IncomingBytes',
  'IncomingRecords',
  'IteratorAgeMilliseconds',
  'OutgoingBytes',
  'OutgoingRecords',
  'ReadProvisionedThroughputExceeded',
  'WriteProvisionedThroughputExceeded',
]
const MONITORING = {
  ShardLevelMetrics: required({ is: 'list', least: 1, most: 7, each: { is: 'text', choices: [...METRICS, 'ALL'] } }),
  ...STREAM,
} satisfies Rules
const SIZE = {
  StreamARN: required(streamArn),
  MaxRecordSizeInKiB: required({ is: 'number', least: 1024, most: 10_240 }),
} satisfies Rules
const WARM = { WarmThroughputMiBps: required({ is: 'number', least: 0 }), ...STREAM } satisfies Rules
const POLICY = { ResourceARN: required(resourceArn) } satisfies Rules
const PUT_POLICY = { ...POLICY, Policy: required({ is: 'text' }) } satisfies Rules

const changed = async (call: Call, make: (stream: Stream) => Stream): Promise<undefined> => {
  await changeStream(call, make)
  return undefined
}

export function startEncryption(call: Call): Promise<undefined> {
  check(call.input, ENCRYPTION)
  const key = textOf(call.input, 'KeyId') ?? ''
  return changed(call, (stream) => ({ ...stream, key }))
}

export function stopEncryption(call: Call): Promise<undefined> {
  check(call.input, ENCRYPTION)
  return changed(call, ({ key: _, ...stream }) => stream)
}

export const enableMonitoring = (call: Call): Promise<JsonObject> =>
  setMetrics(call, (now, asked) => METRICS.filter((one) => now.includes(one) || asked.includes(one)))

export const disableMonitoring = (call: Call): Promise<JsonObject> =>
  setMetrics(call, (now, asked) => now.filter((one) => !asked.includes(one)))

async function setMetrics(
  call: Call,
  make: (now: readonly string[], asked: readonly unknown[]) => readonly string[],
): Promise<JsonObject> {
  check(call.input, MONITORING)
  const given = listOf(call.input, 'ShardLevelMetrics')
  const { name, metrics } = streamOf(call)
  const desired = make(metrics, given.includes('ALL') ? METRICS : given)
  await changeStream(call, (stream) => ({ ...stream, metrics: desired }))
  return {
    StreamName: name,
    CurrentShardLevelMetrics: metrics,
    DesiredShardLevelMetrics: desired,
    StreamARN: arnOf(name),
  }
}

export function updateMaxRecordSize(call: Call): Promise<undefined> {
  check(call.input, SIZE)
  const largest = numberOf(call.input, 'MaxRecordSizeInKiB') ?? 1024
  return changed(call, (stream) => ({ ...stream, largest }))
}

export async function updateWarmThroughput(call: Call): Promise<JsonObject> {
  check(call.input, WARM)
  const warm = numberOf(call.input, 'WarmThroughputMiBps') ?? 0
  const { name } = streamOf(call)
  await changeStream(call, (stream) => ({ ...stream, warm }))
  return { StreamARN: arnOf(name), StreamName: name, WarmThroughput: { TargetMiBps: warm, CurrentMiBps: warm } }
}

export function putPolicy(call: Call): Promise<undefined> {
  check(call.input, PUT_POLICY)
  const policy = textOf(call.input, 'Policy') ?? ''
  if (!isDocument(policy)) throw invalidArgument('Policy is not valid JSON.')
  return changed(ofArn(call), (stream) => ({ ...stream, policy }))
}

export function getPolicy({ room, input }: Call): JsonObject {
  check(input, POLICY)
  const arn = textOf(input, 'ResourceARN') ?? ''
  const { policy } = namedStream(room, nameInArn(arn))
  if (policy === undefined) throw notFound(`No resource policy found for resource ARN ${arn}`)
  return { Policy: policy }
}

export function deletePolicy(call: Call): Promise<undefined> {
  check(call.input, POLICY)
  return changed(ofArn(call), ({ policy: _, ...stream }) => stream)
}

const ofArn = ({ room, input }: Call): Call => ({ room, input: { StreamARN: textOf(input, 'ResourceARN') } })

function isDocument(text: string): boolean {
  try {
    return isObject(JSON.parse(text))
  } catch {
    return false
  }
}

export function describeLimits({ room }: Call): JsonObject {
  const onDemand = [...room.store.range<Stream>(allStreams)].filter(({ value }) => value.mode === 'ON_DEMAND')
  return {
    ShardLimit: SHARD_LIMIT,
    OpenShardCount: countShards(room),
    OnDemandStreamCount: onDemand.length,
    OnDemandStreamCountLimit: 50,
  }
}
