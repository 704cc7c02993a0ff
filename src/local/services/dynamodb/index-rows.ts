// Rows of secondary indexes: kept with their items, in the same commit. A row holds what the index projects.
import type { Writer } from '../../store.ts'
import { allItems, indexKey } from './keys.ts'
import { fromRow, type Row, type Stored, toRow, toStored } from './rows.ts'
import { type Index, keyNames, type Table } from './table.ts'
import { attributeOf, emptyItem, type Item } from './values.ts'

/** Brings the rows of one item into line, in every index. */
export function writeIndexRows(
  writer: Writer,
  table: Table,
  before: Stored | undefined,
  after: Stored | undefined,
): void {
  for (const index of table.indexes) {
    const old = before === undefined ? undefined : indexKey(table, index, before.item)
    const now = after === undefined ? undefined : indexKey(table, index, after.item)
    if (old !== undefined && (now === undefined || old.join('\n') !== now.join('\n'))) writer.remove(old)
    if (now !== undefined && after !== undefined) writer.put(now, toIndexRow(table, index, after))
  }
}

/** Makes the rows of an index that comes to a table with items. */
export function fillIndex(writer: Writer, table: Table, index: Index): void {
  for (const { value } of writer.range<Row>(allItems(table))) {
    const stored = fromRow(value)
    if (!hasKeyTypes(index, stored.item)) continue
    const key = indexKey(table, index, stored.item)
    if (key !== undefined) writer.put(key, toIndexRow(table, index, stored))
  }
}

// Items from before the index may have anything under its key's names: those are left out, as AWS leaves them out.
function hasKeyTypes({ key }: Index, item: Item): boolean {
  for (const part of key.sort === undefined ? [key.hash] : [key.hash, key.sort]) {
    const value = attributeOf(item, part.name)
    if (value === undefined || !(part.type in value)) return false
    if (Object.values(value)[0] === '') return false
  }
  return true
}

function toIndexRow(table: Table, index: Index, stored: Stored): Row {
  if (index.projection.type === 'ALL') return toRow(stored)
  const item = emptyItem()
  for (const name of projectedNames(table, index)) {
    const value = attributeOf(stored.item, name)
    if (value !== undefined) item[name] = value
  }
  return toRow(toStored(item))
}

/** What an index projects; not for indexes that project everything. */
export function projectedNames(table: Table, { key, projection }: Index): Set<string> {
  return new Set([...keyNames(table.key), ...keyNames(key), ...(projection.attributes ?? [])])
}
