// What follows from the change of an item, in the same commit: rows of indexes, expiry, stream record.
import { areItemsEqual } from './compare.ts'
import { writeExpiry } from './expiry.ts'
import { writeIndexRows } from './index-rows.ts'
import { writeRecord } from './records.ts'
import type { Change } from './room.ts'
import type { Written } from './rows.ts'

export function follow(change: Change, written: Written): void {
  const { table, before, after } = written
  if (table.indexes.length > 0) writeIndexRows(change.writer, table, before, after)
  if (table.ttl?.enabled === true) writeExpiry(change, written)
  if (table.stream?.enabled !== true) return
  // Source: recorded: overwriting an item with the same leaves no record.
  if (before !== undefined && after !== undefined && areItemsEqual(before.item, after.item)) return
  writeRecord(change, written, table.stream)
}
