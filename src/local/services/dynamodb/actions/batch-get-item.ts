// BatchGetItem: up to a hundred items of several tables, up to 16 MB of them.
import { isObject, type JsonObject } from '../../../../aws/protocol/json.ts'
import type { Action } from '../action.ts'
import { readUnits } from '../capacity.ts'
import { check, returnCapacity } from '../constraints.ts'
import { checkExpressionMembers } from '../item-input.ts'
import { checkKey, checkPlaces } from '../item-keys.ts'
import { itemKey } from '../keys.ts'
import { invalid } from '../problems.ts'
import { type Room, tableOf } from '../room.ts'
import { fromRow, readRow } from '../rows.ts'
import { boolean, checkShapes, item, listOf, mapOf, names, structureOf, text, toBoolean } from '../shapes.ts'
import { nameOfTable, type Table } from '../table.ts'
import { Tally } from '../tally.ts'
import { readItem } from '../value-check.ts'
import type { Item } from '../values.ts'
import { readWanted } from './get-item.ts'

const SHAPES = {
  RequestItems: mapOf(
    'KeysAndAttributes',
    structureOf('KeysAndAttributes', {
      Keys: listOf(item),
      AttributesToGet: listOf(text),
      ConsistentRead: boolean,
      ProjectionExpression: text,
      ExpressionAttributeNames: names,
    }),
  ),
  ReturnConsumedCapacity: text,
}
const MOST_KEYS = 100
const MOST_BYTES = 16 * 1024 * 1024

interface Wish {
  readonly name: string
  readonly given: JsonObject
  readonly keys: readonly Item[]
  readonly wanted: ReturnType<typeof readWanted>
}

export const batchGetItem: Action = async ({ room, input }) => {
  checkShapes(input, SHAPES)
  check(input, { ReturnConsumedCapacity: returnCapacity })
  const wishes = readWishes(input.RequestItems)
  const ready = wishes.map((wish) => ({ ...wish, table: readyTable(room, wish) }))
  const tally = new Tally()
  const [responses, left]: [string[], Record<string, unknown>] = [[], {}]
  let bytes = 0
  for (const { name, given, keys, wanted, table } of ready) {
    const isConsistent = toBoolean(given.ConsistentRead) === true
    const found: string[] = []
    for (const [at, key] of keys.entries()) {
      const row = readRow(room.store, itemKey(table, key))
      bytes += row?.[0] ?? 0
      if (bytes > MOST_BYTES) {
        left[name] = { ...given, Keys: keys.slice(at) }
        break
      }
      tally.add(table, { table: readUnits(row?.[0] ?? 0, isConsistent) })
      if (row !== undefined) found.push(wanted === undefined ? row[1] : JSON.stringify(wanted.of(fromRow(row).item)))
    }
    responses.push(`${JSON.stringify(name)}:[${found.join(',')}]`)
  }
  const more = JSON.stringify({ UnprocessedKeys: left, ...tally.toAnswer(input.ReturnConsumedCapacity) })
  return `{"Responses":{${responses.join(',')}},${more.slice(1)}`
}

function readWishes(raw: unknown): Wish[] {
  if (!isObject(raw) || Object.keys(raw).length === 0)
    throw invalid('The requestItems parameter is required for BatchGetItem')
  const wishes = Object.entries(raw).map(([name, one]) => readWish(name, isObject(one) ? one : {}))
  if (wishes.reduce((sum, { keys }) => sum + keys.length, 0) > MOST_KEYS)
    throw invalid('Too many items requested for the BatchGetItem call')
  return wishes
}

function readWish(name: string, given: JsonObject): Wish {
  const raw: readonly unknown[] = Array.isArray(given.Keys) ? given.Keys : []
  const refuse = (words: string) =>
    invalid(
      `1 validation error detected: Value at 'RequestItems.${name}.member.Keys' failed to satisfy constraint: ${words}`,
    )
  if (given.Keys === undefined || given.Keys === null) throw refuse('Member must not be null')
  if (raw.length === 0) throw refuse('Member must have length greater than or equal to 1')
  if (Array.isArray(given.AttributesToGet) && given.AttributesToGet.length === 0)
    throw invalid(
      `1 validation error detected: Value '[]' at 'RequestItems.${name}.member.AttributesToGet' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    )
  if (raw.length > MOST_KEYS) throw refuse(`Member must have length less than or equal to ${MOST_KEYS}`)
  checkExpressionMembers(given, ['ProjectionExpression'], ['AttributesToGet'], 'current')
  const wanted = readWanted(given)
  const keys = raw.map((key) => readItem(key, 'current'))
  const texts = keys.map((key) =>
    JSON.stringify(Object.entries(key).sort(([left], [right]) => (left < right ? -1 : 1))),
  )
  if (new Set(texts).size < texts.length) throw invalid('Provided list of item keys contains duplicates')
  return { name, given, keys, wanted }
}

function readyTable(room: Room, { name, keys, wanted }: Wish): Table {
  const table = tableOf(room, nameOfTable(name))
  for (const key of keys) checkKey(table.key, key)
  if (wanted !== undefined) checkPlaces(table, wanted.places)
  return table
}
