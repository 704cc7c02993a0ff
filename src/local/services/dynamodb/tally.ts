// Capacity of requests that touch several items and tables: added up table by table.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { type Spent, toConsumed } from './capacity.ts'
import type { Table } from './table.ts'

export class Tally {
  readonly #spent = new Map<string, { readonly table: Table; units: number; readonly indexes: Map<string, number> }>()

  /** `times`: what transactions cost. */
  add(table: Table, spent: Spent, times = 1): void {
    const known = this.#spent.get(table.name) ?? { table, units: 0, indexes: new Map<string, number>() }
    known.units += spent.table * times
    for (const [name, units] of spent.indexes ?? [])
      known.indexes.set(name, (known.indexes.get(name) ?? 0) + units * times)
    this.#spent.set(table.name, known)
  }

  /** The `ConsumedCapacity` of an answer, where it is asked for. Transactions tell `kind`, too. */
  toAnswer(asked: unknown, kind?: 'ReadCapacityUnits' | 'WriteCapacityUnits'): JsonObject {
    if (asked !== 'TOTAL' && asked !== 'INDEXES') return {}
    return {
      ConsumedCapacity: [...this.#spent.values()].map(({ table, units, indexes }) => {
        const consumed = toConsumed(asked, table, { table: units, indexes })
        return kind === undefined ? consumed : { ...consumed, [kind]: consumed?.CapacityUnits }
      }),
    }
  }
}
