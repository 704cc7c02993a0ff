// Removes the items whose time has come.
import type { Range } from '../../store.ts'
import { allExpiries, type Due, expiryOf } from './expiry.ts'
import { type Change, change, type Room } from './room.ts'
import { fromRow, readRow } from './rows.ts'
import { findTable } from './table.ts'
import { writeItem } from './write-item.ts'

const AT_ONCE = 500

/** Removes what has expired. Answers when the next item does. */
export async function sweepExpired(room: Room): Promise<number | undefined> {
  const next = firstDue(room)
  if (next === undefined || next > room.clock.now()) return next
  await change(room, (done) => {
    const range: Range = { ...allExpiries, end: ['dynamodb', 'expiry', done.now + 1], limit: AT_ONCE }
    for (const { key, value } of [...done.writer.range<Due>(range)]) {
      done.writer.remove(key)
      expire(done, value)
    }
  })
  return firstDue(room)
}

export function firstDue({ store }: Room): number | undefined {
  for (const { key } of store.range<Due>({ ...allExpiries, limit: 1 })) return Number(key[2])
  return undefined
}

// The table may be another one by now, time to live switched off, the item written anew.
function expire(change: Change, { table: name, item }: Due): void {
  const table = findTable(change.writer, name)
  if (table === undefined || table.serial !== item[2] || table.ttl?.enabled !== true) return
  const row = readRow(change.writer, item)
  if (row === undefined) return
  const before = fromRow(row)
  const time = expiryOf(table, before.item)
  if (time !== undefined && time <= change.now) writeItem(change, { table, before, after: undefined, cause: 'expiry' })
}
