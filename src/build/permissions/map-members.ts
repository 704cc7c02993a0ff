// The methods of Map and Set.
import { ANYTHING, just, native, one, UNDEFINED, type Values } from './atoms.ts'
import { listInOrder, listOf } from './elements.ts'
import type { Thing } from './heap.ts'
import { argument, type Given, given, type Site } from './machine.ts'
import { join, textsOf } from './values.ts'

type Method = (map: Thing, handed: Given, site: Site) => Values

export function mapMember(map: Thing, name: string, site: Site): Values {
  const method = METHODS[name]
  if (method === undefined) return map.own(name, site.unit).size > 0 ? map.own(name, site.unit) : UNDEFINED
  const call = (handed: Given, at: Site): Values => method(map, handed, at)
  return just(native(`${map.id}.${name}`, { call }))
}

const isSet = (map: Thing): boolean => map.id.includes('#set:')

function stored(map: Thing, key: Values, value: Values, { machine }: Site): void {
  const names = textsOf(key)
  if (isSet(map) || names.length === 0 || names.includes(undefined)) machine.put(map.rest, value)
  else
    for (const name of names) {
      machine.enter(map, name ?? '', value)
    }
}

/** Puts what a Map or Set begins with into it. */
export function fillMap(map: Thing, key: Values, value: Values, site: Site): void {
  stored(map, key, value, site)
}

function found(map: Thing, key: Values, { unit }: Site): Values {
  const names = textsOf(key)
  if (names.includes(undefined) || names.length === 0) return join(map.everything(unit), UNDEFINED)
  let all = map.rest.see(unit)
  for (const name of names) all = join(all, map.member(name ?? '').see(unit))
  return all.size === 0 ? UNDEFINED : all
}

const METHODS: Readonly<Record<string, Method | undefined>> = Object.assign(Object.create(null), {
  get: (map: Thing, handed: Given, site: Site) => found(map, argument(handed, 0), site),
  set: (map: Thing, handed: Given, site: Site) => {
    stored(map, argument(handed, 0), argument(handed, 1), site)
    return just(map)
  },
  add: (map: Thing, handed: Given, site: Site) => {
    site.machine.put(map.rest, argument(handed, 0))
    return just(map)
  },
  has: () => ANYTHING,
  delete: () => ANYTHING,
  clear: () => UNDEFINED,
  values: (map: Thing, _: Given, site: Site) => listOf(map.everything(site.unit), 'values', site),
  keys: (map: Thing, _: Given, site: Site) => {
    const names = map.entries(site.unit).map(([name]) => one(name))
    return listOf(join(map.rest.see(site.unit).size > 0 ? ANYTHING : new Map(), ...names), 'keys', site)
  },
  entries: (map: Thing, _: Given, site: Site) =>
    listOf(listInOrder([ANYTHING, map.everything(site.unit)], new Map(), 'entry', site), 'entries', site),
  forEach: (map: Thing, handed: Given, site: Site) => {
    site.machine.call(argument(handed, 0), UNDEFINED, given(map.everything(site.unit), ANYTHING, just(map)), site)
    return UNDEFINED
  },
})
