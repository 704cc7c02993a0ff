interface Rows<Row> {
  get(id: string): Promise<Row | undefined>
  put(row: Row): Promise<void>
  update(id: string, changes: Partial<Row>): Promise<Row>
  delete(id: string): Promise<unknown>
}

export class Repository<Row extends { id: string }> {
  readonly #rows: Rows<Row>
  constructor(rows: Rows<Row>) {
    this.#rows = rows
  }
  find = (id: string) => this.#rows.get(id)
  add(row: Row) {
    return this.#rows.put(row)
  }
  change(id: string, changes: Partial<Row>) {
    return this.#rows.update(id, changes)
  }
  remove(id: string) {
    return this.#rows.delete(id)
  }
}
