// The methods of arrays: what they hand to the functions they are given, and what they give back.
import { ANYTHING, just, NOTHING, native, one, UNDEFINED, type Values } from './atoms.ts'
import { elements, inOrder, listInOrder, listOf } from './elements.ts'
import type { Thing } from './heap.ts'
import { argument, type Given, given, MOST_TURNS, type Site } from './machine.ts'
import { compute, concatenate, join } from './values.ts'

type Method = (array: Thing, handed: Given, site: Site) => Values

/** A member of an array by its name; undefined for a place in it. */
export function arrayMember(array: Thing, name: string, site: Site): Values | undefined {
  if (/^\d+$/.test(name)) {
    const found = array.own(name, site.unit)
    return found.size === 0 ? UNDEFINED : found
  }
  if (name === 'length') return ANYTHING
  const method = METHODS[name]
  if (method === undefined) return undefined
  const call = (handed: Given, at: Site): Values => method(array, handed, at)
  return just(native(`${array.id}.${name}`, { call }))
}

const each = (array: Thing, { unit }: Site): Values => array.everything(unit)

// Calls a function with every element, one after the other where they are told apart.
function visit(array: Thing, handed: Given, site: Site): Values[] {
  const { list, rest } = inOrder(just(array), site)
  const callback = argument(handed, 0)
  const all = rest.size > 0 ? [...list, rest] : list
  const self = argument(handed, 1)
  const turns = all.length <= MOST_TURNS
  return all.map((held, turn) =>
    site.machine.call(
      callback,
      self,
      given(held, placeOf(turn, list.length), just(array)),
      turns ? { ...site, turn } : site,
    ),
  )
}

// The place of an element, where the elements are told apart.
const placeOf = (turn: number, known: number): Values => (turn < known ? one(turn) : ANYTHING)

const mapped: Method = (array, handed, site) => {
  const results = visit(array, handed, site)
  const { list, rest } = inOrder(just(array), site)
  const extra = rest.size > 0 ? (results[list.length] ?? NOTHING) : NOTHING
  return listInOrder(results.slice(0, list.length), extra, 'map', site)
}

const kept: Method = (array, handed, site) => {
  visit(array, handed, site)
  return listOf(each(array, site), 'filter', site)
}

const found: Method = (array, handed, site) => {
  visit(array, handed, site)
  return join(each(array, site), UNDEFINED)
}

const visited: Method = (array, handed, site) => {
  visit(array, handed, site)
  return UNDEFINED
}

const tested: Method = (array, handed, site) => {
  visit(array, handed, site)
  return ANYTHING
}

const flattened: Method = (array, handed, site) => {
  const results = visit(array, handed, site)
  return listOf(
    elements(
      results.reduce((left, right) => join(left, right), NOTHING),
      site,
    ),
    'flatMap',
    site,
  )
}

const folds =
  (isReversed: boolean): Method =>
  (array, handed, site) => {
    const { list, rest } = inOrder(just(array), site)
    const [callback, start] = [argument(handed, 0), handed.list[1] ?? handed.rest]
    const ordered = isReversed ? [...list].reverse() : [...list]
    let total = start.size > 0 ? start : (ordered.shift() ?? rest)
    const turns = ordered.length <= MOST_TURNS
    ordered.forEach((held, turn) => {
      total = site.machine.call(
        callback,
        NOTHING,
        given(total, held, isReversed ? ANYTHING : one(turn)),
        turns ? { ...site, turn } : site,
      )
    })
    if (rest.size === 0) return total
    return join(total, site.machine.call(callback, NOTHING, given(total, rest, ANYTHING), site))
  }

const same: Method = (array) => just(array)
const any: Method = (array, _, site) => join(each(array, site), UNDEFINED)
const copied: Method = (array, _, site) => listOf(each(array, site), 'copy', site)

const added: Method = (array, { list, rest }, { machine }) => {
  for (const values of list) machine.put(array.rest, values)
  machine.put(array.rest, rest)
  return ANYTHING
}

const concatenated: Method = (array, { list, rest }, site) => {
  const others = [...list, rest].map((values) => elements(values, site))
  return listOf(join(each(array, site), ...others), 'concat', site)
}

const put: Method = (array, { list, rest }, site) => {
  for (const values of list.slice(2)) site.machine.put(array.rest, values)
  site.machine.put(array.rest, rest)
  return listOf(each(array, site), 'splice', site)
}

const joined: Method = (array, handed, site) => {
  const { list, rest } = inOrder(just(array), site)
  if (rest.size > 0 || list.length > 20) return ANYTHING
  const separator = handed.list.length === 0 ? compute([], () => ',') : argument(handed, 0)
  return concatenate(list.flatMap((held, index) => (index === 0 ? [held] : [separator, held])))
}

const paired: Method = (array, _, site) =>
  listOf(listInOrder([ANYTHING, each(array, site)], NOTHING, 'entry', site), 'entries', site)

const METHODS: Readonly<Record<string, Method | undefined>> = Object.assign(Object.create(null), {
  map: mapped,
  forEach: visited,
  filter: kept,
  find: found,
  findLast: found,
  findIndex: tested,
  some: tested,
  every: tested,
  flatMap: flattened,
  reduce: folds(false),
  reduceRight: folds(true),
  push: added,
  unshift: added,
  fill: added,
  pop: any,
  shift: any,
  at: any,
  slice: copied,
  flat: (array: Thing, _: Given, site: Site) =>
    listOf(join(each(array, site), elements(each(array, site), site)), 'flat', site),
  sort: same,
  reverse: same,
  toSorted: same,
  toReversed: copied,
  values: same,
  entries: paired,
  keys: (_: Thing, __: Given, site: Site) => listOf(ANYTHING, 'keys', site),
  concat: concatenated,
  splice: put,
  with: copied,
  join: joined,
  includes: () => ANYTHING,
  indexOf: () => ANYTHING,
  next: (array: Thing, _: Given, site: Site) => stepOf(array, site),
  return: () => ANYTHING,
  '[iterator]': same,
})

// What a generator's `next` gives.
function stepOf(array: Thing, site: Site): Values {
  return listInOrder([], each(array, site), 'step', site)
}
