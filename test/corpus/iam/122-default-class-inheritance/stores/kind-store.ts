import Store from './store';

export class KindStore extends Store {
  readonly #kind: string;
  constructor(kind: string) {
    super({ table: 'animals' });
    this.#kind = kind;
  }
  async all() {
    return this.byIndex('kind', this.#kind);
  }
  protected override put(item: Record<string, unknown>) {
    return super.put({ ...item, kind: this.#kind });
  }
}
