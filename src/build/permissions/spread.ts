// Copies the members of objects, and knows iterators by their name.
import { just, UNDEFINED, type Values } from './atoms.ts'
import { Thing } from './heap.ts'
import type { Machine, Unit } from './machine.ts'

/** Copies what one object holds into another, but for names that are given otherwise. */
export function spread(from: Values, to: Thing, unit: Unit, machine: Machine, but?: ReadonlySet<string>): void {
  for (const name of sometimes(from, unit)) if (but?.has(name) !== true) machine.enter(to, name, UNDEFINED)
  for (const atom of from.values()) {
    if (atom instanceof Thing) {
      for (const [name, held] of atom.entries(unit)) {
        if (but?.has(name) === true) continue
        machine.enter(to, name, held)
      }
      machine.put(to.rest, atom.rest.see(unit))
      if (atom.getters.size > 0) to.getters = new Map([...to.getters, ...atom.getters])
      machine.put(to.bases, atom.bases.see(unit))
    } else if (atom.kind !== 'known') machine.put(to.bases, just(atom))
  }
}

// Names that some of these objects have, and others do not: `...(index ? { IndexName: index } : {})`.
function sometimes(from: Values, unit: Unit): string[] {
  const things = [...from.values()].filter((atom) => atom instanceof Thing && atom.shape === 'plain')
  if (things.length < 2) return []
  const all = things.map((atom) => new Set(atom instanceof Thing ? atom.entries(unit).map(([name]) => name) : []))
  return [...new Set(all.flatMap((names) => [...names]))].filter((name) => !all.every((names) => names.has(name)))
}
