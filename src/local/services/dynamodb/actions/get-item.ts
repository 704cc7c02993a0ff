// GetItem.
import type { JsonObject } from '../../../../aws/protocol/json.ts'
import type { Action } from '../action.ts'
import { readUnits, toConsumed } from '../capacity.ts'
import { project } from '../expressions/project.ts'
import { type ReadProjection, readPlaceholders, readProjection } from '../expressions/read.ts'
import { checkExpressionMembers, checkInput, nameOfTable, textOf } from '../item-input.ts'
import { checkKey, checkPlaces } from '../item-keys.ts'
import { itemKey } from '../keys.ts'
import { invalidParameter } from '../problems.ts'
import { tableOf } from '../room.ts'
import { fromRow, readRow } from '../rows.ts'
import { toBoolean } from '../shapes.ts'
import { readItem } from '../value-check.ts'

export const getItem: Action = async ({ room, input }) => {
  checkInput('GetItem', input)
  checkExpressionMembers(input, ['ProjectionExpression'], ['AttributesToGet'], 'current')
  const key = readItem(input.Key, 'current')
  const projection = readWanted(input)
  const table = tableOf(room, nameOfTable(input))
  checkKey(table.key, key)
  if (projection !== undefined) checkPlaces(table, projection.places)
  const row = readRow(room.store, itemKey(table, key))
  const units = { table: readUnits(row?.[0] ?? 0, toBoolean(input.ConsistentRead) === true) }
  const consumed = toConsumed(input.ReturnConsumedCapacity, table, units)
  const parts: string[] = []
  // What is kept is what is answered: it need not be parsed.
  if (row !== undefined)
    parts.push(`"Item":${projection === undefined ? row[1] : JSON.stringify(projection.of(fromRow(row).item))}`)
  if (consumed !== undefined) parts.push(`"ConsumedCapacity":${JSON.stringify(consumed)}`)
  return `{${parts.join(',')}}`
}

/** What is wanted of an item, in the old words or the new; undefined: all of it. */
export function readWanted(input: JsonObject): ReadProjection | undefined {
  const names = attributesToGet(input)
  const text = textOf(input, 'ProjectionExpression')
  const given = readPlaceholders({ ExpressionAttributeNames: input.ExpressionAttributeNames }, 'current')
  const projection = text === undefined ? undefined : readProjection(text, given)
  given.checkAllUsed()
  if (names === undefined) return projection
  const places = names.map((name) => [name])
  return { places, of: (item) => project(item, places) }
}

/** The attributes that are asked for in the old words. */
export function attributesToGet(input: JsonObject): string[] | undefined {
  if (!Array.isArray(input.AttributesToGet)) return undefined
  const names = input.AttributesToGet.map(String)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw invalidParameter(`Duplicate value in attribute name: ${twice}`)
  return names
}
