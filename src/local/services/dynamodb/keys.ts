// Where each thing of DynamoDB lies in the store. Items of one hash key lie together, ordered by their sort key.
import { hash } from 'node:crypto'
import { type Key, type Range, under } from '../../store.ts'
import { toNumberBytes } from './number-bytes.ts'
import { encodeSort } from './sort-order.ts'
import type { Index, KeyAttribute, Table } from './table.ts'
import { type AttributeValue, attributeOf, type Item, keyText } from './values.ts'

export const tableKey = (name: string): Key => ['dynamodb', 'table', name]
export const allTables = under('dynamodb', 'table')
/** The highest serial given to a table. */
export const serialKey: Key = ['dynamodb', 'serial']

export const itemKey = (table: Table, item: Item): Key => [
  'dynamodb',
  'item',
  table.serial,
  hashPart(item, table.key.hash),
  sortPart(item, table.key.sort),
]
export const allItems = ({ serial }: Table): Pick<Range, 'start' | 'end'> => under('dynamodb', 'item', serial)
/** The items of one hash key, in the order of their sort keys. */
export const partitionOf = (table: Table, value: AttributeValue): Pick<Range, 'start' | 'end'> =>
  under('dynamodb', 'item', table.serial, toHashPart(value))

/** A row of an index; undefined when the item has not all of the index's key attributes (then it has no row). */
export function indexKey(table: Table, index: Index, item: Item): Key | undefined {
  const { hash, sort } = index.key
  if (attributeOf(item, hash.name) === undefined) return undefined
  if (sort !== undefined && attributeOf(item, sort.name) === undefined) return undefined
  const primary = identity(table, item)
  return ['dynamodb', 'index', table.serial, index.name, hashPart(item, hash), sortPart(item, sort), primary]
}
export const allIndexRows = ({ serial }: Table, index: string): Pick<Range, 'start' | 'end'> =>
  under('dynamodb', 'index', serial, index)
export const indexPartitionOf = (
  { serial }: Table,
  index: string,
  value: AttributeValue,
): Pick<Range, 'start' | 'end'> => under('dynamodb', 'index', serial, index, toHashPart(value))
/** Everything that lies under a table: to be removed with it. */
export const everyRow = ({ serial }: Table): Pick<Range, 'start' | 'end'>[] => [
  under('dynamodb', 'item', serial),
  under('dynamodb', 'index', serial),
]

// Tells the rows of one index key apart, whatever the length of the table's keys.
function identity({ key }: Table, item: Item): string {
  return digest(`${hashPart(item, key.hash)}\n${sortPart(item, key.sort)}`)
}

/** Six hexadecimal digits that order and segment a scan: where an item of this hash key lies on the ring. */
export const RING = 0x1000000

function hashPart(item: Item, { name }: KeyAttribute): string {
  const value = attributeOf(item, name)
  if (value === undefined) throw new Error(`The item lacks its key ${name}.`)
  return toHashPart(value)
}

/** Starts with the place on the ring; a long key follows as its digest. */
export function toHashPart(value: AttributeValue): string {
  const text = keyText(value)
  return placeOf(value) + (text.length > SHORT ? `#${digest(text)}` : `=${text}`)
}

const SHORT = 60

// Source: observed order of scans (dynalite, `hashPrefix`): MD5 of a salt and the bytes of the key.
function placeOf(value: AttributeValue): string {
  if ('S' in value) return hash('md5', `${SALT}${value.S}`, 'hex').slice(0, 6)
  const bytes = 'N' in value ? toNumberBytes(value.N) : Buffer.from(keyText(value), 'base64')
  return hash('md5', Buffer.concat([Buffer.from(SALT), bytes]), 'hex').slice(0, 6)
}
const SALT = 'Outliers'

/** The first store key part at or after this place of the ring (0 to RING): segments of a scan are ranges of the ring. */
export const ringPart = (place: number): string => place.toString(16).padStart(6, '0')

function sortPart(item: Item, sort: KeyAttribute | undefined): string {
  if (sort === undefined) return ''
  const value = attributeOf(item, sort.name)
  if (value === undefined) throw new Error(`The item lacks its key ${sort.name}.`)
  return encodeSort(value)
}

const digest = (text: string): string => hash('sha256', text, 'base64url')
