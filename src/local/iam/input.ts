// A request's input as a value that is known whole. Members become values when they are looked at: few ever are.
import { UNKNOWN, type Value } from '../../aws/access.ts'

/** What JSON holds, or a form. */
export function toKnown(given: unknown): Value {
  if (Array.isArray(given)) return { kind: 'list', items: given.map(toKnown), open: false }
  if (typeof given === 'object' && given !== null) return { kind: 'object', members: new Members(given), open: false }
  if (given === undefined || given === null) return { kind: 'known', value: given }
  if (typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean')
    return { kind: 'known', value: given }
  return UNKNOWN
}

/** Told when the number of members is asked for, and when all of them are. No member is called so. */
export const [COUNT, ALL] = ['#', '*']

/** A whole input, which tells which of its members are looked at. */
export const toTold = (given: object, tell: (name: string) => void): Value => ({
  kind: 'object',
  members: new Members(given, tell),
  open: false,
})

class Members implements ReadonlyMap<string, Value> {
  readonly #given: object
  readonly #tell: ((name: string) => void) | undefined

  constructor(given: object, tell?: (name: string) => void) {
    this.#given = given
    this.#tell = tell
  }

  get size(): number {
    this.#tell?.(COUNT)
    return Object.keys(this.#given).length
  }

  get(name: string): Value | undefined {
    return this.has(name) ? toKnown(Reflect.get(this.#given, name)) : undefined
  }

  has(name: string): boolean {
    this.#tell?.(name)
    return Object.hasOwn(this.#given, name)
  }

  keys(): MapIterator<string> {
    return this.#whole().keys()
  }

  entries(): MapIterator<[string, Value]> {
    return this.#whole().entries()
  }

  values(): MapIterator<Value> {
    return this.#whole().values()
  }

  forEach(visit: (value: Value, name: string, all: ReadonlyMap<string, Value>) => void): void {
    this.#whole().forEach(visit)
  }

  [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries()
  }

  #whole(): ReadonlyMap<string, Value> {
    this.#tell?.(ALL)
    return new Map(Object.entries(this.#given).map(([name, member]) => [name, toKnown(member)]))
  }
}
