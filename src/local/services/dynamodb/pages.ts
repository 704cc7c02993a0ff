// Reading many rows for one answer: filtered, counted, cut at a limit or a megabyte.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { type Range, type Reader, under } from '../../store.ts'
import { readUnits, toConsumed } from './capacity.ts'
import { indexKey, itemKey } from './keys.ts'
import { fromRow, type Row, readRow } from './rows.ts'
import { type Index, keyNames, type Table } from './table.ts'
import { attributeOf, emptyItem, type Item } from './values.ts'

/** What a query or a scan reads. */
export interface Reading {
  readonly table: Table
  readonly index: Index | undefined
  readonly rows: Pick<Range, 'start' | 'end'>
  readonly isBackwards: boolean
  readonly after: Item | undefined
  readonly limit: number | undefined
  /** An index that does not have what is wanted: the items themselves are read. */
  readonly fetches: boolean
  readonly isConsistent: boolean
  /** Whether an item is shown. */
  readonly filter: ((item: Item) => boolean) | undefined
  readonly projection: ((item: Item) => Item) | undefined
  readonly isCount: boolean
}

export interface Page {
  /** JSON of the items; none when they are only counted. */
  readonly items: readonly string[]
  readonly count: number
  readonly scanned: number
  readonly last: Item | undefined
  readonly units: { readonly table: number; readonly indexes?: ReadonlyMap<string, number> }
}

/** Source: Developer Guide: a page ends where a megabyte has been read, before any filter. */
export const LARGEST_PAGE = 1024 * 1024

export function readPage(reader: Reader, reading: Reading): Page {
  const { table, index, limit, filter, projection, isCount } = reading
  const items: string[] = []
  let [count, scanned, bytes, fetched] = [0, 0, 0, 0]
  let lastRow: Row | undefined
  let isCut = false
  for (const { value } of reader.range<Row>({ ...toRange(reading), reverse: reading.isBackwards })) {
    if (scanned > 0 && bytes + value[0] > LARGEST_PAGE) {
      isCut = true
      break
    }
    const row = reading.fetches ? (readRow(reader, itemKey(table, fromRow(value).item)) ?? value) : value
    if (reading.fetches) fetched += readUnits(row[0], reading.isConsistent)
    scanned++
    bytes += value[0]
    lastRow = value
    const item = filter === undefined && projection === undefined ? undefined : fromRow(row).item
    if (filter === undefined || item === undefined || filter(item)) {
      count++
      if (!isCount)
        items.push(projection === undefined || item === undefined ? row[1] : JSON.stringify(projection(item)))
    }
    if (scanned === limit) {
      isCut = true
      break
    }
  }
  const last = isCut && lastRow !== undefined ? lastKey(table, index, fromRow(lastRow).item) : undefined
  const units = readUnits(bytes, reading.isConsistent)
  return {
    items,
    count,
    scanned,
    last,
    units: index === undefined ? { table: units } : { table: fetched, indexes: new Map([[index.name, units]]) },
  }
}

function toRange({ table, index, rows, after, isBackwards }: Reading): Pick<Range, 'start' | 'end'> {
  if (after === undefined) return rows
  const key = index === undefined ? itemKey(table, after) : indexKey(table, index, after)
  if (key === undefined) return rows
  return isBackwards ? { start: rows.start, end: key } : { start: under(...key).end, end: rows.end }
}

/** Names of all key attributes of a table and one of its indexes. */
export const startNames = (table: Table, index: Index | undefined): string[] => [
  ...new Set([...keyNames(table.key), ...(index === undefined ? [] : keyNames(index.key))]),
]

function lastKey(table: Table, index: Index | undefined, item: Item): Item {
  const key = emptyItem()
  for (const name of startNames(table, index)) {
    const value = attributeOf(item, name)
    if (value !== undefined) key[name] = value
  }
  return key
}

/** The answer of a query or a scan, as JSON. */
export function toPageAnswer(input: JsonObject, { table, isCount }: Reading, page: Page): string {
  const consumed = toConsumed(input.ReturnConsumedCapacity, table, page.units)
  const parts = [`"Count":${page.count}`, `"ScannedCount":${page.scanned}`]
  if (!isCount) parts.push(`"Items":[${page.items.join(',')}]`)
  if (page.last !== undefined) parts.push(`"LastEvaluatedKey":${JSON.stringify(page.last)}`)
  if (consumed !== undefined) parts.push(`"ConsumedCapacity":${JSON.stringify(consumed)}`)
  return `{${parts.join(',')}}`
}
