// The client behind `stream.put`: Kinesis's JSON protocol.
import { toBatches } from './batches.ts'
import { callJson, pause } from './call.ts'
import { checked, written } from './message.ts'
import { endpoint } from './place.ts'
import type { Schema } from './schema.ts'

interface Place {
  readonly shard: string
  readonly sequence: string
}

const ask = (operation: string, input: object): Promise<Readonly<Record<string, unknown>>> =>
  callJson('kinesis', endpoint('kinesis'), `Kinesis_20131202.${operation}`, input, '1.1')

// Any key will do, so that they differ.
const anyKey = (): string => Math.random().toString(36).slice(2)

interface Entry {
  readonly Data: string
  readonly PartitionKey: string
}

const toEntry = (data: unknown, key = anyKey()): Entry => ({
  Data: Buffer.from(written(data)).toString('base64'),
  PartitionKey: key,
})

/** Puts one record. */
export async function put(arn: string, data: unknown, key?: string, schema?: Schema): Promise<Place> {
  await checked(schema, data)
  return toPlace(await ask('PutRecord', { StreamARN: arn, ...toEntry(data, key) }))
}

const toPlace = ({ ShardId, SequenceNumber }: Readonly<Record<string, unknown>>): Place => ({
  shard: String(ShardId),
  sequence: String(SequenceNumber),
})

// Kinesis takes 500 records and 5 MiB a call; the rest is room for the request itself.
const MOST = 500
const BATCH_BYTES = 5_000_000
const MOST_ATTEMPTS = 8

/** Puts many records. Throws after the last call when some were refused to the end, naming them. */
export async function putBatch(
  arn: string,
  all: readonly unknown[],
  key?: string | ((data: unknown) => string),
  schema?: Schema,
): Promise<Place[]> {
  for (const data of all) await checked(schema, data)
  const places: Place[] = []
  const refused = new Map<string, string>()
  const entries = all.map((data) => toEntry(data, typeof key === 'function' ? key(data) : key))
  const sizeOf = ({ Data, PartitionKey }: Entry): number => Data.length + Buffer.byteLength(PartitionKey)
  for (const whole of toBatches(entries, BATCH_BYTES, sizeOf, MOST)) {
    let batch = whole
    for (let attempt = 1; batch.length > 0 && attempt <= MOST_ATTEMPTS; attempt++) {
      if (attempt > 1) await pause(attempt)
      const { Records } = await ask('PutRecords', { StreamARN: arn, Records: batch.map(({ entry }) => entry) })
      const answers: Readonly<Record<string, unknown>>[] = Array.isArray(Records) ? Records : []
      batch = batch.filter(({ id }, index) => {
        const answer = answers[index] ?? {}
        if (answer.ErrorCode === undefined) {
          places[Number(id)] = toPlace(answer)
          refused.delete(id)
          return false
        }
        refused.set(id, `record ${id}: ${answer.ErrorCode} ${answer.ErrorMessage ?? ''}`.trim())
        return true
      })
    }
  }
  if (refused.size > 0)
    throw new Error(`${refused.size} of ${all.length} records were refused: ${[...refused.values()].join('; ')}`)
  return places
}
