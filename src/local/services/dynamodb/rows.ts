// Items in the store: a row holds the item as the JSON it is answered with, and its size, so that most answers parse nothing.
import type { Key, Reader } from '../../store.ts'
import { follow } from './follow.ts'
import { itemKey } from './keys.ts'
import type { Change } from './room.ts'
import { sizeOfItem } from './size.ts'
import type { Table } from './table.ts'
import type { Item } from './values.ts'

/** What lies in the store under an item's key. */
export type Row = readonly [size: number, json: string]

/** An item with its size in bytes, as AWS counts them. */
export interface Stored {
  readonly size: number
  readonly item: Item
}

export const readRow = (reader: Reader, key: Key): Row | undefined => reader.get<Row>(key)

export const fromRow = ([size, json]: Row): Stored => ({ size, item: JSON.parse(json) as Item })

export const toStored = (item: Item): Stored => ({ size: sizeOfItem(item), item })

export const toRow = ({ size, item }: Stored): Row => [size, JSON.stringify(item)]

/** Why an item was changed: by a client, or by time. */
export type Cause = 'client' | 'expiry'

/** One change of one item. Both are there when it was overwritten; `after` alone: it is new; `before` alone: it was deleted. */
export interface Written {
  readonly table: Table
  readonly before: Stored | undefined
  readonly after: Stored | undefined
  readonly cause: Cause
}

/**
 * Writes an item in a change, with all that follows from it (index rows, stream record): the only way items are written.
 * `before` is what the store holds now.
 */
export function writeItem(change: Change, written: Written): void {
  const { table, before, after } = written
  const known = after ?? before
  if (known === undefined) return
  const key = itemKey(table, known.item)
  if (after === undefined) change.writer.remove(key)
  else change.writer.put(key, toRow(after))
  follow(change, written)
}
