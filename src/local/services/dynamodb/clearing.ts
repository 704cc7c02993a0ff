// What deleted tables and indexes leave behind: removed bit by bit, after a restart, too.
import { type Key, type Range, under, type Writer } from '../../store.ts'
import { everyRow } from './keys.ts'
import { type Change, change, type Room } from './room.ts'
import type { Table } from './table.ts'

type Rows = Pick<Range, 'start' | 'end'>

const AT_ONCE = 2000
const ALL = under('dynamodb', 'garbage')

/** Rows that nobody can reach any more. */
export function discard({ room, writer, now }: Change, table: Table): void {
  writer.put(['dynamodb', 'garbage', table.serial], everyRow(table))
  writer.after(() => room.clearing.by(now))
}

/** Removes the rows of an index at once: one of that name may come again. */
export function removeAll(writer: Writer, rows: Rows): void {
  const keys: Key[] = []
  for (const { key } of writer.range(rows)) keys.push(key)
  for (const key of keys) writer.remove(key)
}

/** Removes what was discarded, a part in each commit. */
export async function clear(room: Room): Promise<undefined> {
  for (;;) {
    const [first] = room.store.range<Rows[]>({ ...ALL, limit: 1 })
    if (first === undefined) return undefined
    await change(room, ({ writer }) => {
      for (const rows of first.value) {
        const keys: Key[] = []
        for (const { key } of writer.range({ ...rows, limit: AT_ONCE })) keys.push(key)
        for (const key of keys) writer.remove(key)
        if (keys.length > 0) return
      }
      writer.remove(first.key)
    })
  }
}

export const hasGarbage = ({ store }: Room): boolean => [...store.range({ ...ALL, limit: 1 })].length > 0
