// The parts of an item that a projection asks for.
import { type AttributeValue, attributeOf, emptyItem, type Item } from '../values.ts'
import type { Place } from './placeholders.ts'

/** What is wanted below a place; undefined: all of it. */
interface Wanted {
  readonly steps: Map<string | number, Wanted | undefined>
}

export function project(item: Item, places: readonly Place[]): Item {
  const wanted: Wanted = { steps: new Map() }
  for (const place of places) want(wanted, place)
  return partsOf(item, wanted)
}

function want(wanted: Wanted, [step, ...rest]: Place): void {
  if (step === undefined) return
  if (rest.length === 0) {
    wanted.steps.set(step, undefined)
    return
  }
  if (wanted.steps.has(step) && wanted.steps.get(step) === undefined) return
  const next = wanted.steps.get(step) ?? { steps: new Map() }
  wanted.steps.set(step, next)
  want(next, rest)
}

function partsOf(item: Item, { steps }: Wanted): Item {
  const parts = emptyItem()
  for (const [step, below] of steps) {
    const value = typeof step === 'string' ? attributeOf(item, step) : undefined
    const part = value === undefined ? undefined : partOf(value, below)
    if (part !== undefined) parts[step] = part
  }
  return parts
}

/** Maps and lists of which nothing is left are left out. */
function partOf(value: AttributeValue, wanted: Wanted | undefined): AttributeValue | undefined {
  if (wanted === undefined) return value
  if ('M' in value) {
    const parts = partsOf(value.M, wanted)
    return Object.keys(parts).length === 0 ? undefined : { M: parts }
  }
  if (!('L' in value)) return undefined
  const parts = [...wanted.steps]
    .filter((entry): entry is [number, Wanted | undefined] => typeof entry[0] === 'number')
    .sort(([left], [right]) => left - right)
    .map(([index, below]) => {
      const member = value.L[index]
      return member === undefined ? undefined : partOf(member, below)
    })
    .filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : { L: parts }
}
