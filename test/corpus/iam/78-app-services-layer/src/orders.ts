interface Row { id: string; total: number }

interface Rows {
  get(id: string): Promise<Row | undefined>
  put(row: Row): Promise<void>
  delete(id: string): Promise<unknown>
}

export interface Orders {
  place(order: Row & { to: string }): Promise<void>
  cancel(id: string): Promise<void>
  find(id: string): Promise<Row | undefined>
}

export function createOrders({ table, notify }: { table: Rows; notify: (to: string) => Promise<unknown> }): Orders {
  return {
    async place({ to, ...row }) {
      await table.put(row)
      await notify(to)
    },
    async cancel(id) {
      await table.delete(id)
    },
    find: (id) => table.get(id),
  }
}
