// What is in lists: elements of arrays, sets, maps and of what an event lists.
import { idOf } from './ast.ts'
import { ANYTHING, ENVIRONMENT, just, NOTHING, one, UNDEFINED, unknown, type Values } from './atoms.ts'
import { Thing } from './heap.ts'
import type { Given, Machine, Site } from './machine.ts'
import { join, mapValues } from './values.ts'

/** Everything that going through a value may give. */
export function elements(values: Values, site: Site): Values {
  return mapValues(values, (atom) => {
    if (atom instanceof Thing) {
      if (atom.shape === 'map') return just(pair(atom, site))
      if (atom.shape === 'array') return atom.everything(site.unit)
      return iterated(atom, site)
    }
    if (atom.kind === 'unknown' && (atom.origin === 'event' || atom.origin === 'answer'))
      return just(unknown(atom.origin, `${atom.path}.*`))
    if (atom.kind === 'native') return atom.read?.(undefined, site) ?? ANYTHING
    return atom.kind === 'known' && (atom.value === undefined || atom.value === null) ? NOTHING : ANYTHING
  })
}

// An object with an iterator of its own: `async *[Symbol.asyncIterator]() { … }`.
function iterated(thing: Thing, site: Site): Values {
  const own = site.machine.read(just(thing), ['[iterator]'], site)
  return elements(site.machine.call(own, just(thing), { list: [], rest: NOTHING }, site), site)
}

function pair(map: Thing, site: Site): Thing {
  const { machine, unit } = site
  const both = list(`pair:${map.id}`, machine)
  machine.put(both.member('0'), ANYTHING)
  machine.put(both.member('1'), map.everything(unit))
  return both
}

/** What is at a place of a list. */
export function elementAt(values: Values, index: number, site: Site): Values {
  return mapValues(values, (atom) => {
    if (atom instanceof Thing && atom.shape === 'array') {
      const found = atom.own(String(index), site.unit)
      return found.size === 0 ? UNDEFINED : found
    }
    return elements(just(atom), site)
  })
}

/** A list that is made once under this name. */
export function list(id: string, machine: Machine): Thing {
  return machine.once(id, () => new Thing(id, 'array'), isThing)
}

const isThing = (value: unknown): value is Thing => value instanceof Thing

/** A new list of these, whose order is not known. */
export function listOf(values: Values, what: string, { machine, node, unit }: Site): Values {
  const made = list(`${what}:${idOf(node)}/${unit.id}`, machine)
  machine.put(made.rest, values)
  return just(made)
}

/** A new list of these, in their order. */
export function listInOrder(all: readonly Values[], rest: Values, what: string, { machine, node, unit }: Site): Values {
  const made = list(`${what}:${idOf(node)}/${unit.id}`, machine)
  all.forEach((values, index) => {
    machine.enter(made, String(index), values)
  })
  machine.put(made.rest, rest)
  return just(made)
}

/** The elements of a list in their order, as far as there is one. */
export function inOrder(values: Values, site: Site): Given {
  const [only] = values.values()
  if (values.size === 1 && only instanceof Thing && only.shape === 'array') {
    const all: Values[] = []
    for (const [name, held] of only.entries(site.unit)) if (/^\d+$/.test(name)) all[Number(name)] = held
    return { list: Array.from(all, (held) => held ?? UNDEFINED), rest: only.rest.see(site.unit) }
  }
  return { list: [], rest: values.size === 0 ? NOTHING : elements(values, site) }
}

/** Names and values of an object: what `Object.entries` lists. */
export function entriesOf(values: Values, site: Site): [Values, Values][] {
  const found: [Values, Values][] = []
  for (const atom of values.values()) {
    if (atom instanceof Thing) {
      for (const [name, held] of atom.entries(site.unit)) if (!name.startsWith('#')) found.push([one(name), held])
      const rest = atom.rest.see(site.unit)
      if (rest.size > 0) found.push([ANYTHING, rest])
      for (const base of atom.bases.see(site.unit).values())
        if (base.kind === 'native' || base.kind === 'unknown') found.push([ANYTHING, elements(just(base), site)])
    } else if (atom.id === ENVIRONMENT)
      for (const [name, value] of site.machine.surroundings.env) found.push([one(name), one(value)])
    else if (atom.kind === 'class') found.push(...entriesOf(just(atom.statics), site))
    else if (atom.kind !== 'known') found.push([ANYTHING, elements(just(atom), site)])
  }
  return found
}

export const joined = (all: readonly Values[]): Values => all.reduce((left, right) => join(left, right), NOTHING)
