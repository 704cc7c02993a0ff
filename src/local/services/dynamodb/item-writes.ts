// Writes of one item, alone or in a transaction: made ready outside of any change, then run within one.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import type { Layer } from './decimal.ts'
import type { Place } from './expressions/placeholders.ts'
import { readCondition, readPlaceholders, readUpdate } from './expressions/read.ts'
import { checkExpressionMembers, nameOfTable, textOf } from './item-input.ts'
import { checkItem, checkKey, checkPlaces, checkUpdated, checkUpdatedIndexes, keyOf } from './item-keys.ts'
import { itemKey } from './keys.ts'
import { checkOperator, meets, readExpected } from './legacy-conditions.ts'
import { applyLegacyUpdates, readUpdates } from './legacy-updates.ts'
import { conditionFailed, invalid } from './problems.ts'
import type { Change } from './room.ts'
import { fromRow, readRow, type Stored, toStored } from './rows.ts'
import { LARGEST_ITEM } from './size.ts'
import { isFollowed, type Table } from './table.ts'
import { checkDepthOf, readItem } from './value-check.ts'
import { type AttributeType, attributeOf, emptyItem, type Item, typeOf } from './values.ts'
import { writeItem } from './write-item.ts'

/** A write whose request is well formed. */
export interface ItemWrite {
  readonly table: string
  /** The item's key, once it fits the table's schema. */
  keyIn(table: Table): Item
  /** Throws when the condition's paths do not fit the table; answers whether the item may be written. */
  admits(table: Table, before: Stored | undefined): boolean
  /** What is to be there afterwards; undefined: nothing. */
  next(table: Table, before: Stored | undefined): Stored | undefined
  /** What an update writes to. */
  readonly places: readonly Place[]
  /** A failed condition shows the item as it is. */
  readonly showsItem: boolean
}

/** What became of a write. */
export interface ItemChange {
  readonly before: Stored | undefined
  readonly after: Stored | undefined
}

/** Whether neither the condition of a PutItem nor its answer asks for what is there. */
export const isBlind = (input: JsonObject): boolean =>
  input.ConditionExpression === undefined &&
  input.Expected === undefined &&
  (input.ReturnValues === undefined || input.ReturnValues === 'NONE') &&
  (input.ReturnConsumedCapacity === undefined || input.ReturnConsumedCapacity === 'NONE')

/** Runs a write in a change. Throws a ConditionalCheckFailedException or what does not fit the table or the item. */
export function runWrite(change: Change, table: Table, write: ItemWrite, blind = false): ItemChange {
  const key = write.keyIn(table)
  const at = itemKey(table, key)
  const row = blind && !isFollowed(table) ? undefined : readRow(change.writer, at)
  const before = row === undefined ? undefined : fromRow(row)
  if (!write.admits(table, before)) throw conditionFailed(write.showsItem ? before?.item : undefined)
  const after = write.next(table, before)
  // A condition of a transaction leaves the very item that is there.
  if (after !== before) writeItem(change, { table, before, after, cause: 'client' }, at)
  return { before, after }
}

const NOTHING = emptyItem()

type Conditioned = Pick<ItemWrite, 'admits' | 'showsItem'>

const showsItem = (input: JsonObject): boolean => input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD'

function readAdmission(input: JsonObject, layer: Layer, given = readPlaceholders(input, layer)): Conditioned {
  const text = textOf(input, 'ConditionExpression')
  if (text !== undefined) {
    const condition = readCondition('ConditionExpression', text, given)
    const admits = (table: Table, before: Stored | undefined): boolean => {
      checkPlaces(table, condition.places)
      return condition.holds(before?.item ?? NOTHING)
    }
    return { admits, showsItem: showsItem(input) }
  }
  const expected = readExpected(input.Expected, layer)
  const isAny = input.ConditionalOperator === 'OR'
  checkOperator(input, expected)
  const admits = (_: Table, before: Stored | undefined): boolean =>
    expected.length === 0 || meets(before?.item ?? NOTHING, expected, isAny)
  return { admits, showsItem: showsItem(input) }
}

/** PutItem, or Put of a transaction. */
export function preparePut(input: JsonObject, layer: Layer): ItemWrite {
  checkExpressionMembers(input, ['ConditionExpression'], ['Expected'], layer)
  const item = readItem(input.Item, layer)
  checkReturnValues(input)
  const stored = toStored(item)
  if (stored.size > LARGEST_ITEM) throw invalid('Item size has exceeded the maximum allowed size')
  const given = readPlaceholders(input, layer)
  const admission = readAdmission(input, layer, given)
  given.checkAllUsed()
  const keyIn = (table: Table): Item => {
    checkItem(table, item)
    return keyOf(table, item)
  }
  return { ...admission, table: nameOfTable(input), keyIn, next: () => stored, places: [] }
}

/** DeleteItem, or Delete of a transaction. */
export function prepareDelete(input: JsonObject, layer: Layer): ItemWrite {
  const checked = prepareCheck(input, layer)
  checkReturnValues(input)
  return { ...checked, next: () => undefined }
}

/** ConditionCheck of a transaction: writes what is there. */
export function prepareCheck(input: JsonObject, layer: Layer): ItemWrite {
  checkExpressionMembers(input, ['ConditionExpression'], ['Expected'], layer)
  const key = readItem(input.Key, layer)
  const given = readPlaceholders(input, layer)
  const admission = readAdmission(input, layer, given)
  given.checkAllUsed()
  return { ...admission, table: nameOfTable(input), keyIn: keyReader(key), next: (_, before) => before, places: [] }
}

function checkReturnValues(input: JsonObject): void {
  const wanted = textOf(input, 'ReturnValues') ?? 'NONE'
  if (wanted !== 'NONE' && wanted !== 'ALL_OLD') throw invalid('ReturnValues can only be ALL_OLD or NONE')
}

const keyReader =
  (key: Item) =>
  (table: Table): Item => {
    checkKey(table.key, key)
    return key
  }

/** UpdateItem, or Update of a transaction. */
export function prepareUpdate(input: JsonObject, layer: Layer): ItemWrite {
  checkExpressionMembers(input, ['UpdateExpression', 'ConditionExpression'], ['AttributeUpdates', 'Expected'], layer)
  const key = readItem(input.Key, layer)
  const legacy = readLegacyUpdate(input, layer)
  const given = readPlaceholders(input, layer)
  const text = textOf(input, 'UpdateExpression')
  const { writes, mentioned, apply } = text === undefined ? legacy : readUpdate(text, given)
  const admission = readAdmission(input, layer, given)
  given.checkAllUsed()
  const next = (table: Table, before: Stored | undefined): Stored => {
    checkUpdated(table, writes)
    checkPlaces(table, mentioned)
    const item = apply(before?.item ?? key)
    checkUpdatedIndexes(table, item)
    checkDepth(item, writes)
    const after = toStored(item)
    if (after.size > LARGEST_ITEM) throw invalid('Item size to update has exceeded the maximum allowed size')
    return after
  }
  const places = writes.map(({ place }) => place)
  return { ...admission, table: nameOfTable(input), keyIn: keyReader(key), next, places }
}

// Values that are in range alone may be too deep where they are put.
function checkDepth(item: Item, writes: PreparedUpdate['writes']): void {
  for (const { place } of writes) {
    const value = attributeOf(item, String(place[0]))
    if (value !== undefined) checkDepthOf(value)
  }
}

interface PreparedUpdate {
  readonly writes: readonly { readonly place: Place; readonly type: AttributeType | undefined }[]
  readonly mentioned: readonly Place[]
  apply(item: Item): Item
}

function readLegacyUpdate(input: JsonObject, layer: Layer): PreparedUpdate {
  const updates = readUpdates(input.AttributeUpdates, layer)
  const writes = updates.map(({ name, value, action }) => ({
    place: [name],
    type: value === undefined || action === 'DELETE' ? undefined : typeOf(value),
  }))
  return { writes, mentioned: [], apply: (item) => applyLegacyUpdates(updates, item) }
}
