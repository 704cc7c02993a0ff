// Items in the store: a row holds the item as the JSON it is answered with, and its size, so that most answers parse nothing.
import type { Key, Reader } from '../../store.ts'
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

/** The item is parsed when it is first asked for: a write without a condition never asks. */
export function fromRow([size, json]: Row): Stored {
  let item: Item | undefined
  return {
    size,
    get item() {
      const read: Item = item ?? JSON.parse(json)
      item = read
      return read
    },
  }
}

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
