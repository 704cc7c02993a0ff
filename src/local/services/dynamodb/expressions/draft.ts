// An item that is being changed: what lies on the way to a change is copied once, the rest is kept as it is.
import { type AttributeValue, attributeOf, copyOf, type Item } from '../values.ts'
import type { Place } from './placeholders.ts'

type Attributes = Record<string, AttributeValue>
type Container = Attributes | AttributeValue[]

interface ListChange {
  readonly removed: Set<number>
  readonly added: { readonly index: number; readonly value: AttributeValue }[]
}

export class Draft {
  readonly #item: Attributes
  readonly #owned = new Set<object>()
  readonly #lists = new Map<AttributeValue[], ListChange>()

  constructor(item: Item) {
    this.#item = copyOf(item)
    this.#owned.add(this.#item)
  }

  set(place: Place, value: AttributeValue): void {
    const last = place.at(-1)
    const container = this.#open(place.slice(0, -1))
    if (!Array.isArray(container)) container[String(last)] = value
    else if (typeof last === 'number' && last < container.length) container[last] = value
    else if (typeof last === 'number') this.#change(container).added.push({ index: last, value })
  }

  remove(place: Place): void {
    const last = place.at(-1)
    const container = this.#open(place.slice(0, -1))
    if (!Array.isArray(container)) delete container[String(last)]
    else if (typeof last === 'number' && last < container.length) this.#change(container).removed.add(last)
  }

  /** Indexes are those before the change: what is removed leaves at the end, what lies beyond is appended in order. */
  finish(): Item {
    for (const [list, { removed, added }] of this.#lists) {
      const kept = list.filter((_, index) => !removed.has(index))
      const appended = added.sort((left, right) => left.index - right.index).map(({ value }) => value)
      list.splice(0, list.length, ...kept, ...appended)
    }
    return this.#item
  }

  #change(list: AttributeValue[]): ListChange {
    const known = this.#lists.get(list) ?? { removed: new Set(), added: [] }
    this.#lists.set(list, known)
    return known
  }

  #open(place: Place): Container {
    let container: Container = this.#item
    for (const step of place) {
      const value: AttributeValue | undefined = memberOf(container, step)
      const inner = contentOf(value)
      if (inner === undefined) throw new Error('A change leads into what is neither a map nor a list.')
      if (this.#owns(inner)) {
        container = inner
        continue
      }
      const copy: Container = isList(inner) ? [...inner] : copyOf(inner)
      this.#owned.add(copy)
      const wrapped: AttributeValue = Array.isArray(copy) ? { L: copy } : { M: copy }
      if (Array.isArray(container)) container[Number(step)] = wrapped
      else container[String(step)] = wrapped
      container = copy
    }
    return container
  }

  /** Only what this draft owns is ever written to. */
  #owns(content: Content): content is Container {
    return this.#owned.has(content)
  }
}

type Content = Item | readonly AttributeValue[]

const isList = (content: Content): content is readonly AttributeValue[] => Array.isArray(content)

const memberOf = (container: Container, step: string | number): AttributeValue | undefined =>
  Array.isArray(container) ? container[Number(step)] : attributeOf(container, String(step))

function contentOf(value: AttributeValue | undefined): Content | undefined {
  if (value === undefined) return undefined
  if ('M' in value) return value.M
  return 'L' in value ? value.L : undefined
}
