// BatchWriteItem: up to 25 puts and deletes. Each stands for itself on AWS; here they come to be in one commit.
import { isObject, type JsonObject } from '../../../../aws/protocol/json.ts'
import type { Action } from '../action.ts'
import { writeSpent } from '../capacity.ts'
import { check, returnCapacity } from '../constraints.ts'
import { metricsOf } from '../item-answer.ts'
import { checkItem, checkKey, keyOf } from '../item-keys.ts'
import { type ItemChange, type ItemWrite, runWrite } from '../item-writes.ts'
import { itemKey } from '../keys.ts'
import { invalid } from '../problems.ts'
import { type Change, change, type Room, tableOf } from '../room.ts'
import { toStored } from '../rows.ts'
import { checkShapes, item, listOf, mapOf, structureOf, text } from '../shapes.ts'
import { LARGEST_ITEM } from '../size.ts'
import { nameOfTable, type Table } from '../table.ts'
import { Tally } from '../tally.ts'
import { readItem } from '../value-check.ts'
import type { Item } from '../values.ts'

const REQUESTS = listOf(
  structureOf('WriteRequest', {
    PutRequest: structureOf('PutRequest', { Item: item }, true),
    DeleteRequest: structureOf('DeleteRequest', { Key: item }, true),
  }),
)
const SHAPES = {
  RequestItems: mapOf('java.util.List<com.amazonaws.dynamodb.v20120810.WriteRequest>', REQUESTS),
  ReturnConsumedCapacity: text,
  ReturnItemCollectionMetrics: text,
}
const MOST = 25

export const batchWriteItem: Action = async ({ room, input }) => {
  checkShapes(input, SHAPES)
  check(input, {
    ReturnConsumedCapacity: returnCapacity,
    ReturnItemCollectionMetrics: { is: 'text', choices: ['SIZE', 'NONE'] },
  })
  const writes = readWrites(input.RequestItems)
  checkKeys(room, writes)
  const done = await change(room, (one) => writes.map((write) => run(one, write)))
  const tally = new Tally()
  const metrics: Record<string, unknown[]> = {}
  for (const { table, changed } of done) {
    tally.add(table, writeSpent(table, changed.before, changed.after))
    const { ItemCollectionMetrics: told } = metricsOf(input.ReturnItemCollectionMetrics, table, changed)
    if (told !== undefined) metrics[table.name] = [...(metrics[table.name] ?? []), told]
  }
  return {
    UnprocessedItems: {},
    ...(Object.keys(metrics).length === 0 ? {} : { ItemCollectionMetrics: metrics }),
    ...tally.toAnswer(input.ReturnConsumedCapacity),
  }
}

function run(one: Change, write: ItemWrite): { table: Table; changed: ItemChange } {
  const table = tableOf(one.room, write.table)
  return { table, changed: runWrite(one, table, write) }
}

function readWrites(raw: unknown): ItemWrite[] {
  if (!isObject(raw) || Object.keys(raw).length === 0)
    throw invalid('The requestItems parameter is required for BatchWriteItem')
  const entries = Object.entries(raw).map(([name, list]): [string, readonly unknown[]] => [
    name,
    Array.isArray(list) ? list : [],
  ])
  if (entries.some(([, list]) => list.length === 0 || list.length > MOST))
    throw invalid(
      `1 validation error detected: Value '{${entries.map(([name, list]) => `${name}=${JSON.stringify(list)}`).join(', ')}}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to ${MOST}, Member must have length greater than or equal to 1]`,
    )
  const writes = entries.flatMap(([name, list]) =>
    list.map((request) => readWrite(nameOfTable(name), isObject(request) ? request : {})),
  )
  if (writes.length > MOST) throw invalid('Too many items requested for the BatchWriteItem call')
  return writes
}

function readWrite(table: string, { PutRequest, DeleteRequest }: JsonObject): ItemWrite {
  if (isObject(PutRequest) === isObject(DeleteRequest))
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    )
  const plain = { table, admits: () => true, places: [], showsItem: false }
  if (isObject(PutRequest)) {
    const item = readItem(PutRequest.Item, 'older')
    const stored = toStored(item)
    if (stored.size > LARGEST_ITEM) throw invalid('Item size has exceeded the maximum allowed size')
    return { ...plain, keyIn: (of) => putKey(of, item), next: () => stored }
  }
  const key = readItem(isObject(DeleteRequest) ? DeleteRequest.Key : {}, 'older')
  const keyIn = (of: Table): Item => {
    checkKey(of.key, key)
    return key
  }
  return { ...plain, keyIn, next: () => undefined }
}

// Source: recorded: here a put's key is told like a key, not like a put's.
function putKey(table: Table, item: Item): Item {
  const key = keyOf(table, item)
  checkKey(table.key, key)
  checkItem(table, item)
  return key
}

function checkKeys(room: Room, writes: readonly ItemWrite[]): void {
  const seen = new Set<string>()
  for (const write of writes) {
    const table = tableOf(room, write.table)
    const key = itemKey(table, write.keyIn(table)).join('\n')
    if (seen.has(key)) throw invalid('Provided list of item keys contains duplicates')
    seen.add(key)
  }
}
