// The one way by which items are written.
import type { Key } from '../../store.ts'
import { follow } from './follow.ts'
import { itemKey } from './keys.ts'
import type { Change } from './room.ts'
import { toRow, type Written } from './rows.ts'

/**
 * Writes an item in a change, with all that follows from it (index rows, expiry, stream record).
 * `before` is what the store holds now, under `at`.
 */
export function writeItem(change: Change, written: Written, at?: Key): void {
  const { table, before, after } = written
  const known = after ?? before
  if (known === undefined) return
  const key = at ?? itemKey(table, known.item)
  if (after === undefined) change.writer.remove(key)
  else change.writer.put(key, toRow(after))
  follow(change, written)
}
