// What every action of DynamoDB works with: the store, the clock, the tables as remembered, and one way to change the store.
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import type { Clock } from '../../clock.ts'
import type { Store, Writer } from '../../store.ts'
import { tableKey } from './keys.ts'
import { noTable } from './problems.ts'
import type { Sweeper } from './sweeper.ts'
import { findTable, type Table } from './table.ts'

export interface Room {
  readonly store: Store
  readonly clock: Clock
  /** The tables as they are stored, for they are asked for at every call. */
  readonly tables: Map<string, Table>
  /** When items expire, when records are too old, when rows of deleted tables are left. */
  readonly expiry: Sweeper
  readonly trimming: Sweeper
  readonly clearing: Sweeper
  /** The next sequence number of a stream record. */
  sequence(): string
  /** Tells who listens that a stream has a record. */
  heard(arn: string): void
}

/** One change of the store. What is to happen once it is committed goes to `writer.after`. */
export interface Change {
  readonly room: Room
  readonly writer: Writer
  readonly now: number
  /** Stores a table. */
  keep(table: Table): void
  /** Removes a table's own row. */
  lose(table: Table): void
}

/** Runs one change in one commit. */
export async function change<T>(room: Room, work: (change: Change) => T): Promise<T> {
  let isOfTables = false
  try {
    return await room.store.commit((writer) =>
      work({
        room,
        writer,
        now: room.clock.now(),
        keep: (table) => {
          isOfTables = true
          room.tables.delete(table.name)
          writer.put(tableKey(table.name), table)
        },
        lose: ({ name }) => {
          isOfTables = true
          room.tables.delete(name)
          writer.remove(tableKey(name))
        },
      }),
    )
  } catch (problem) {
    // What was read in it may never have come to be. A refused write of an item has changed no table.
    if (isOfTables || !(problem instanceof ServiceError)) room.tables.clear()
    throw problem
  }
}

/** The table of that name, ready for items to be read and written. */
export function tableOf(room: Room, name: string): Table {
  const known = room.tables.get(name)
  if (known !== undefined) return known
  const table = findTable(room.store, name)
  if (table === undefined || table.status === 'CREATING' || table.status === 'DELETING') throw noTable()
  room.tables.set(name, table)
  return table
}
