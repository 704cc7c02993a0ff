// The client behind a table's batches and transactions.

import type { TableItem } from '../aws/events/table.ts'
import { AwsError, pause } from './call.ts'
import { Expression } from './condition.ts'
import { type CancellationReason, TransactionError } from './condition-error.ts'
import {
  ask,
  conditioned,
  itemIn,
  itemOf,
  keyOf,
  type Output,
  type TablePlace,
  toUpdate,
  type Updating,
} from './table-client.ts'

// What DynamoDB takes in one call. Sources: BatchGetItem, BatchWriteItem, TransactWriteItems.
const MOST_READ = 100
const MOST_WRITTEN = 25
const MOST_ATTEMPTS = 10

type Asked = readonly TableItem[]

/** Hands lists over in pieces; what DynamoDB had no room for is asked again, with longer and longer waits. */
async function inBatches<One>(
  all: readonly One[],
  most: number,
  once: (batch: readonly One[]) => Promise<readonly One[]>,
): Promise<void> {
  let left = [...all]
  let waits = 0
  while (left.length > 0) {
    const batch = left.slice(0, most)
    const refused = await once(batch)
    left = [...refused, ...left.slice(most)]
    if (refused.length < batch.length) waits = 0
    if (refused.length === 0) continue
    if (++waits === MOST_ATTEMPTS) throw new Error(`DynamoDB had no room for ${left.length} of ${all.length} items.`)
    await pause(waits)
  }
}

const listIn = (value: unknown, name: string): unknown[] => {
  const list = typeof value === 'object' && value !== null ? (value as Output)[name] : undefined
  return Array.isArray(list) ? list : []
}

/** The items of these keys, in their order; undefined for those that are not there. */
export async function batchGet(place: TablePlace, keys: readonly unknown[], consistent: boolean): Promise<unknown[]> {
  const { name } = place
  const wanted = keys.map((key) => keyOf(key, place))
  const texts = wanted.map(toText)
  const found = new Map<string, unknown>()
  // DynamoDB refuses a key that is asked for twice.
  const different = wanted.filter((_, index) => texts.indexOf(texts[index] ?? '') === index)
  await inBatches(different, MOST_READ, async (batch) => {
    const asked = { [name]: { Keys: batch, ConsistentRead: consistent } }
    const { Responses, UnprocessedKeys } = await ask('BatchGetItem', { RequestItems: asked })
    for (const one of listIn(Responses, name)) {
      const item = itemIn(one)
      if (item !== undefined) found.set(toText(keyOf(item, place)), item)
    }
    const left =
      typeof UnprocessedKeys === 'object' && UnprocessedKeys !== null ? (UnprocessedKeys as Output)[name] : {}
    return listIn(left, 'Keys') as Asked
  })
  return texts.map((text) => found.get(text))
}

// Numbers that are equal are written alike in what DynamoDB answers and in what was asked, once both went through JavaScript.
const toText = (key: TableItem): string => JSON.stringify(Object.entries(key))

/** Puts and deletes, in no order and under no condition. */
export async function batchWrite(
  place: TablePlace,
  puts: readonly unknown[],
  deletes: readonly unknown[],
): Promise<void> {
  const { name } = place
  const items = await Promise.all(puts.map((one) => itemOf(one, place)))
  const requests: object[] = [
    ...items.map((Item) => ({ PutRequest: { Item } })),
    ...deletes.map((key) => ({ DeleteRequest: { Key: keyOf(key, place) } })),
  ]
  await inBatches(requests, MOST_WRITTEN, async (batch) => {
    const { UnprocessedItems } = await ask('BatchWriteItem', { RequestItems: { [name]: batch } })
    return listIn(UnprocessedItems, name) as object[]
  })
}

export interface TransactWrite extends Updating {
  readonly put?: unknown
  readonly update?: unknown
  readonly set?: Readonly<Record<string, unknown>>
  readonly delete?: unknown
  readonly check?: unknown
}

/** Does all writes or none. */
export async function transact(
  writes: readonly (readonly [TablePlace, TransactWrite])[],
  token: string | undefined,
): Promise<void> {
  const TransactItems = await Promise.all(writes.map(([place, write]) => toWrite(place, write)))
  try {
    await ask('TransactWriteItems', {
      TransactItems,
      ...(token === undefined ? {} : { ClientRequestToken: token }),
    })
  } catch (error) {
    throw error instanceof AwsError && error.code === 'TransactionCanceledException' ? toReasons(error) : error
  }
}

async function toWrite(place: TablePlace, write: TransactWrite): Promise<object> {
  const bag = new Expression()
  const own = async (): Promise<[string, object]> => {
    if (write.put !== undefined) return ['Put', { Item: await itemOf(write.put, place) }]
    if (write.delete !== undefined) return ['Delete', { Key: keyOf(write.delete, place) }]
    if (write.check !== undefined) return ['ConditionCheck', { Key: keyOf(write.check, place) }]
    if (write.update === undefined)
      throw new TypeError('A write of a transaction has one of `put`, `update`, `delete` and `check`.')
    return ['Update', { Key: keyOf(write.update, place), UpdateExpression: toUpdate(write.set ?? {}, write, bag) }]
  }
  const [kind, fields] = await own()
  const condition = conditioned(write.if, bag)
  const told = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }
  return { [kind]: { TableName: place.name, ...fields, ...condition, ...bag.fields(), ...told } }
}

function toReasons(error: AwsError): TransactionError {
  const reasons = listIn(error.details, 'CancellationReasons').map((one): CancellationReason => {
    const { Code, Message, Item } = (one ?? {}) as Output
    return { code: String(Code ?? 'None'), message: String(Message ?? ''), item: itemIn(Item) }
  })
  return new TransactionError(reasons)
}

/** Items as they were at one moment; undefined for those that are not there. */
export async function transactGet(place: TablePlace, keys: readonly unknown[]): Promise<unknown[]> {
  const TransactItems = keys.map((key) => ({ Get: { TableName: place.name, Key: keyOf(key, place) } }))
  const { Responses } = await ask('TransactGetItems', { TransactItems })
  return (Array.isArray(Responses) ? Responses : []).map((one) => itemIn((one as Output).Item))
}
