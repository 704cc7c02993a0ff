// Time to live: items leave when the time in their attribute has come, by an alarm at the earliest of them.
// AWS takes up to some days for it; here it is the moment itself.
import { type Key, under, type Writer } from '../../store.ts'
import { allItems, itemKey } from './keys.ts'
import type { Change } from './room.ts'
import { fromRow, type Row, type Stored, type Written } from './rows.ts'
import type { Table } from './table.ts'
import { attributeOf, type Item } from './values.ts'

/** Everything that expires, the earliest first. */
export const allExpiries = under('dynamodb', 'expiry')
// Source: Developer Guide, "Time to Live (TTL)": what lies more than five years back is left alone.
const TOO_OLD = 5 * 365 * 24 * 3600_000

/** What lies under an expiry: whose item it is. */
export interface Due {
  readonly table: string
  readonly item: Key
}

/** When an item expires, in milliseconds since 1970. Anything but a number of seconds means never. */
export function expiryOf({ ttl }: Table, item: Item): number | undefined {
  const value = ttl === undefined ? undefined : attributeOf(item, ttl.attribute)
  if (value === undefined || !('N' in value)) return undefined
  const time = Math.floor(Number(value.N)) * 1000
  return time > 0 && Number.isSafeInteger(time) ? time : undefined
}

export function writeExpiry({ room, writer, now }: Change, { table, before, after }: Written): void {
  const old = before === undefined ? undefined : expiryOf(table, before.item)
  const time = after === undefined ? undefined : expiryOf(table, after.item)
  if (before !== undefined && old !== undefined && old !== time) writer.remove(dueKey(old, itemKey(table, before.item)))
  if (after === undefined || time === undefined || time === old || time < now - TOO_OLD) return
  put(writer, table, time, after)
  writer.after(() => room.expiry.by(time))
}

/** Files the items that a table has when its time to live is switched on. */
export function fillExpiry({ room, writer, now }: Change, table: Table): void {
  let first: number | undefined
  for (const { value } of writer.range<Row>(allItems(table))) {
    const stored = fromRow(value)
    const time = expiryOf(table, stored.item)
    if (time === undefined || time < now - TOO_OLD) continue
    put(writer, table, time, stored)
    first = Math.min(first ?? time, time)
  }
  const earliest = first
  if (earliest !== undefined) writer.after(() => room.expiry.by(earliest))
}

function put(writer: Writer, table: Table, time: number, { item }: Stored): void {
  const key = itemKey(table, item)
  writer.put(dueKey(time, key), { table: table.name, item: key } satisfies Due)
}

const dueKey = (time: number, item: Key): Key => ['dynamodb', 'expiry', time, ...item.slice(2)]
