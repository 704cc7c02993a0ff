// Capacity units, as requests are charged for them.
// Source: Developer Guide, "DynamoDB read and write operations".
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { areItemsEqual } from './compare.ts'
import { projectedNames } from './index-rows.ts'
import { indexKey } from './keys.ts'
import type { Stored } from './rows.ts'
import { sizeOfItem } from './size.ts'
import type { Index, Table } from './table.ts'
import { attributeOf, emptyItem, type Item } from './values.ts'

/** For so many bytes read at once; `isConsistent` costs twice as much. */
export const readUnits = (bytes: number, isConsistent: boolean): number =>
  Math.max(1, Math.ceil(bytes / 4096)) * (isConsistent ? 1 : 0.5)

export const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / 1024))

/** Units by what they were spent on. */
export interface Spent {
  readonly table: number
  /** By index; only those that cost anything. */
  readonly indexes?: ReadonlyMap<string, number>
}

/** The `ConsumedCapacity` of a table in the detail that was asked for, or undefined when none was. */
export function toConsumed(asked: unknown, table: Table, spent: Spent): JsonObject | undefined {
  if (asked !== 'TOTAL' && asked !== 'INDEXES') return undefined
  const { indexes = new Map<string, number>() } = spent
  const total = [...indexes.values()].reduce((sum, units) => sum + units, spent.table)
  if (asked === 'TOTAL') return { TableName: table.name, CapacityUnits: total }
  return {
    TableName: table.name,
    CapacityUnits: total,
    Table: { CapacityUnits: spent.table },
    ...unitsOf('LocalSecondaryIndexes', 'local', table, indexes),
    ...unitsOf('GlobalSecondaryIndexes', 'global', table, indexes),
  }
}

function unitsOf(member: string, kind: Index['kind'], table: Table, units: ReadonlyMap<string, number>): JsonObject {
  const spent = table.indexes
    .filter((index) => index.kind === kind && units.has(index.name))
    .map(({ name }) => [name, { CapacityUnits: units.get(name) }])
  return spent.length === 0 ? {} : { [member]: Object.fromEntries(spent) }
}

/** What one change of an item costs. */
export function writeSpent(table: Table, before: Stored | undefined, after: Stored | undefined): Spent {
  const indexes = new Map<string, number>()
  for (const index of table.indexes) {
    const units = indexUnits(table, index, before?.item, after?.item)
    if (units > 0) indexes.set(index.name, units)
  }
  return { table: writeUnits(Math.max(before?.size ?? 0, after?.size ?? 0)), indexes }
}

function indexUnits(table: Table, index: Index, before: Item | undefined, after: Item | undefined): number {
  const old = rowOf(table, index, before)
  const now = rowOf(table, index, after)
  if (old === undefined || now === undefined) return writeUnitsOf(old) + writeUnitsOf(now)
  if (old.key !== now.key) return writeUnitsOf(old) + writeUnitsOf(now)
  return areItemsEqual(old.item, now.item) ? 0 : Math.max(writeUnitsOf(old), writeUnitsOf(now))
}

interface Projected {
  readonly key: string
  readonly item: Item
}

const writeUnitsOf = (row: Projected | undefined): number => (row === undefined ? 0 : writeUnits(sizeOfItem(row.item)))

function rowOf(table: Table, index: Index, item: Item | undefined): Projected | undefined {
  const key = item === undefined ? undefined : indexKey(table, index, item)
  if (key === undefined || item === undefined) return undefined
  if (index.projection.type === 'ALL') return { key: key.join('\n'), item }
  const projected = emptyItem()
  for (const name of projectedNames(table, index)) {
    const value = attributeOf(item, name)
    if (value !== undefined) projected[name] = value
  }
  return { key: key.join('\n'), item: projected }
}
