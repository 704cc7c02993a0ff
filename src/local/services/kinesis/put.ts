// PutRecord and PutRecords: the partition key's MD5 chooses the shard, the order of commits the sequence numbers.
import { createHash } from 'node:crypto'
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import { ACCOUNT } from '../../service.ts'
import type { Writer } from '../../store.ts'
import { check, hashKey, listOf, type Rule, required, STREAM, sequence, textOf } from './constraints.ts'
import { invalid, invalidArgument } from './problems.ts'
import { armSweep } from './retention.ts'
import { readSequence } from './sequence.ts'
import {
  type Call,
  change,
  countKey,
  countOf,
  namedStream,
  nameOf,
  openShards,
  type Room,
  recordKey,
  type Shard,
  type Stream,
  sequenceOf,
  shardId,
  tell,
} from './state.ts'

export interface Draft {
  readonly key: string
  /** Base64. */
  readonly data: string
  readonly hash?: string | undefined
}

export interface Placed {
  readonly SequenceNumber: string
  readonly ShardId: string
}

const partitionKey: Rule = { is: 'text', required: true, least: 1, most: 256 }
const data: Rule = { is: 'bytes', required: true }
const ONE = {
  SequenceNumberForOrdering: sequence,
  PartitionKey: partitionKey,
  ExplicitHashKey: hashKey,
  Data: data,
  ...STREAM,
}
const MANY = {
  Records: required({
    is: 'list',
    least: 1,
    most: 500,
    each: {
      is: 'structure',
      required: true,
      members: { PartitionKey: partitionKey, ExplicitHashKey: hashKey, Data: data },
    },
  }),
  ...STREAM,
}
const LARGEST_REQUEST = 10 * 1024 * 1024

export async function putRecord({ room, input }: Call): Promise<JsonObject> {
  check(input, ONE)
  const name = nameOf(input)
  const draft = toDraft(input)
  const [placed] = await putAll(room, name, [draft], (stream) => {
    checkOrdering(textOf(input, 'SequenceNumberForOrdering'), stream, room)
    checkSize(draft, stream, 'data')
  })
  return { ...placed, ...encryptionOf(namedStream(room, name)) }
}

export async function putRecords({ room, input }: Call): Promise<JsonObject> {
  check(input, MANY)
  const name = nameOf(input)
  const drafts = listOf(input, 'Records').map((one) => toDraft(isObject(one) ? one : {}))
  const total = drafts.reduce((sum, draft) => sum + sizeOf(draft), 0)
  if (total > LARGEST_REQUEST) throw invalidArgument('Records size exceeds 10 MB limit')
  const placed = await putAll(room, name, drafts, (stream) => {
    for (const [index, draft] of drafts.entries()) checkSize(draft, stream, `records.${index + 1}.member.data`)
  })
  return { FailedRecordCount: 0, Records: placed, ...encryptionOf(namedStream(room, name)) }
}

/** Adds records in this order, in one commit. */
export const putAll = (
  room: Room,
  name: string,
  drafts: readonly Draft[],
  admit?: (stream: Stream) => void,
): Promise<Placed[]> =>
  change(room, (writer) => {
    const stream = namedStream(room, name)
    admit?.(stream)
    const hashes = drafts.map(hashOf)
    const placed = write(room, writer, stream, drafts, hashes)
    writer.after(() => {
      armSweep(room, stream.name)
      tell(room, name)
    })
    return placed
  })

function write(
  room: Room,
  writer: Writer,
  stream: Stream,
  drafts: readonly Draft[],
  hashes: readonly bigint[],
): Placed[] {
  const time = room.clock.now()
  let count = countOf(room, writer, stream.number)
  const placed = drafts.map(({ key, data }, index) => {
    const shard = shardFor(stream, hashes[index] ?? 0n)
    count++
    writer.put(recordKey(stream.number, shard.index, count), { time, key, data })
    return { SequenceNumber: sequenceOf(shard, count, time), ShardId: shardId(shard.index) }
  })
  writer.put(countKey(stream.number), count)
  room.counts.set(stream.number, count)
  return placed
}

const HASHES = 1n << 128n

function hashOf({ key, hash }: Draft): bigint {
  if (hash === undefined) return BigInt(`0x${createHash('md5').update(key, 'utf8').digest('hex')}`)
  const given = BigInt(hash)
  if (given < HASHES) return given
  throw invalidArgument(
    `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${hash}`,
  )
}

function shardFor(stream: Stream, hash: bigint): Shard {
  const found = endsOf(stream).find(({ to }) => hash <= to)
  if (found === undefined) throw new Error(`No shard of ${stream.name} is open for the hash ${hash}.`)
  return found.shard
}

interface End {
  readonly shard: Shard
  readonly to: bigint
}

// A stream that changes is another object.
const ends = new WeakMap<Stream, readonly End[]>()

/** The open shards, in the order of the hash keys that they end at. */
function endsOf(stream: Stream): readonly End[] {
  const known = ends.get(stream)
  if (known !== undefined) return known
  const made = openShards(stream).map((shard) => ({ shard, to: BigInt(shard.to) }))
  made.sort((one, other) => (one.to < other.to ? -1 : 1))
  ends.set(stream, made)
  return made
}

const toDraft = (input: JsonObject): Draft => ({
  key: textOf(input, 'PartitionKey') ?? '',
  data: textOf(input, 'Data') ?? '',
  hash: textOf(input, 'ExplicitHashKey'),
})

const bytesOf = (base64: string): number =>
  (base64.length / 4) * 3 - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0)

const sizeOf = ({ key, data: given }: Draft): number => bytesOf(given) + Buffer.byteLength(key)

// Recorded in the days of 50 KB; the limit is now the stream's own.
function checkSize(draft: Draft, { largest }: Stream, path: string): void {
  const most = largest * 1024
  const size = bytesOf(draft.data)
  if (size <= most) return
  const value = `java.nio.HeapByteBuffer[pos=0 lim=${size} cap=${size}]`
  throw invalid(
    `1 validation error detected: Value '${value}' at '${path}' failed to satisfy constraint: Member must have length less than or equal to ${most}`,
  )
}

function checkOrdering(text: string | undefined, { name }: Stream, { clock }: Room): void {
  if (text === undefined) return
  const given = readSequence(text)
  if (given !== undefined && given.time * 1000 <= clock.now() + 1000) return
  throw invalidArgument(
    `ExclusiveMinimumSequenceNumber ${text} used in PutRecord on stream ${name} under account ${ACCOUNT} is invalid.`,
  )
}

// Recorded: nothing where the stream is not encrypted.
const encryptionOf = ({ key }: Stream): JsonObject => (key === undefined ? {} : { EncryptionType: 'KMS' })
