// What authorizers answered, for as long as their TTL: in order of age, and never more than so many.

const MOST = 10_000

export class Remembered<Value> {
  readonly #kept = new Map<string, { readonly until: number; readonly value: Value }>()

  get(key: string, now: number): Value | undefined {
    const found = this.#kept.get(key)
    if (found === undefined) return undefined
    if (found.until > now) return found.value
    this.#kept.delete(key)
    return undefined
  }

  set(key: string, value: Value, until: number): void {
    this.#kept.delete(key)
    // Tokens are the client's to choose, so the oldest must go.
    if (this.#kept.size >= MOST)
      for (const oldest of this.#kept.keys()) {
        this.#kept.delete(oldest)
        break
      }
    this.#kept.set(key, { until, value })
  }
}
