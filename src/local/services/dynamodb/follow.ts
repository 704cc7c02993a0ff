// What follows from the change of an item, in the same commit: rows of indexes, expiry, stream record.
import type { Change } from './room.ts'
import type { Written } from './rows.ts'

export function follow(_change: Change, _written: Written): void {}
