// Reads and writes members of whatever a value is.

import { arrayMember } from './array-members.ts'
import { ANYTHING, type Atom, just, NOTHING, one, UNDEFINED, unknown, type Values } from './atoms.ts'
import { methodOf, setterOf } from './classes.ts'
import { functionMember } from './function-members.ts'
import { Thing } from './heap.ts'
import { given, type Site } from './machine.ts'
import { mapMember } from './map-members.ts'
import { promiseMember } from './promise-members.ts'
import { textMember } from './text-members.ts'
import { join } from './values.ts'

export function read(target: Atom, name: string | undefined, site: Site): Values {
  if (name !== undefined && SETTLES.has(name) && !hasOwn(target, name, site)) return promiseMember(target, name)
  switch (target.kind) {
    case 'known':
      if (target.value === undefined || target.value === null) return NOTHING
      return textMember(target, name)
    case 'text':
      return textMember(target, name)
    case 'unknown':
      return readUnknown(target.origin, target.path, name)
    case 'object':
      return readThing(target, name, site)
    case 'function':
    case 'bound':
      return functionMember(target, name, site)
    case 'class':
      return readStatic(target, name, site)
    case 'native':
      return readNative(target, name, site)
  }
}

const SETTLES = new Set(['then', 'catch', 'finally'])

// A promise is what it resolves to. Something else may still have methods of these names.
function hasOwn(target: Atom, name: string, site: Site): boolean {
  if (target instanceof Thing)
    return (
      target.member(name).see(site.unit).size > 0 ||
      target.bases.see(site.unit).size > 0 ||
      (target.maker !== undefined && methodOf(target.maker, name, just(target), false, site).size > 0)
    )
  return target.kind === 'native' && target.tag?.type === 'external' && target.tag.path !== '()'
}

function readNative(target: Extract<Atom, { kind: 'native' }>, name: string | undefined, site: Site): Values {
  const found = target.read?.(name, site)
  if (found !== undefined) return found
  return target.call === undefined ? ANYTHING : functionMember(target, name, site)
}

const DEEPEST = 12

// The event and the answers of AWS are known by their paths; of everything else nothing is.
function readUnknown(
  origin: Extract<Atom, { kind: 'unknown' }>['origin'],
  path: string,
  name: string | undefined,
): Values {
  if (origin !== 'event' && origin !== 'answer') return ANYTHING
  if (path.split('.').length > DEEPEST) return ANYTHING
  return just(unknown(origin, `${path}.${name === undefined || /^\d+$/.test(name) ? '*' : name}`))
}

function readStatic(target: Extract<Atom, { kind: 'class' }>, name: string | undefined, site: Site): Values {
  const { machine, unit } = site
  if (name === 'name') return one(target.node.id?.name ?? '')
  const own = name === undefined ? target.statics.everything(unit) : target.statics.own(name, unit)
  if (own.size > 0 && name !== undefined) return own
  if (name === 'prototype') return ANYTHING
  const inherited = methodOf(target, name, just(target), true, site)
  const all = join(own, inherited)
  if (all.size > 0 || name === undefined) return all
  for (const parent of target.parent.see(unit).values())
    if (parent.kind === 'class') return machine.read(just(parent), [name], site)
  return UNDEFINED
}

function readThing(target: Thing, name: string | undefined, site: Site): Values {
  const { machine, unit } = site
  const self = just(target)
  if (name === undefined) {
    let all = target.everything(unit)
    if (target.maker !== undefined) all = join(all, methodOf(target.maker, undefined, self, false, site))
    for (const getter of target.getters.values()) all = join(all, machine.invoke(getter, self, given(), site))
    return join(all, machine.read(target.bases.see(unit), [undefined], site))
  }
  const getter = target.getters.get(name)
  if (getter !== undefined) return machine.invoke(getter, self, given(), site)
  if (target.shape === 'map') return mapMember(target, name, site)
  if (target.shape === 'array') {
    const member = arrayMember(target, name, site)
    if (member !== undefined) return member
  }
  const own = target.own(name, unit)
  if (own.size > 0) return own
  if (target.maker !== undefined) {
    const inherited = methodOf(target.maker, name, self, false, site)
    if (inherited.size > 0) return inherited
  }
  const bases = target.bases.see(unit)
  if (bases.size > 0) return machine.read(bases, [name], site)
  if (name === 'constructor' && target.maker !== undefined) return just(target.maker)
  return ABSENT.has(name) ? ANYTHING : UNDEFINED
}

// What every object inherits.
const ABSENT = new Set(['hasOwnProperty', 'toString', 'valueOf'])

export function write(target: Atom, name: string | undefined, values: Values, site: Site): void {
  const { machine, unit } = site
  if (target.kind === 'class') {
    writeThing(target.statics, name, values, site)
    return
  }
  if (target.kind === 'function') {
    // `Thing.prototype.find = function () { … }`
    if (name === 'prototype') machine.put(target.statics.member('prototype'), values)
    else writeThing(target.statics, name, values, site)
    return
  }
  if (!(target instanceof Thing)) return
  if (name !== undefined) {
    const setter =
      target.setters.get(name) ?? (target.maker === undefined ? undefined : setterOf(target.maker, name, unit, machine))
    if (setter !== undefined) {
      machine.invoke(setter, just(target), given(values), site)
      return
    }
  }
  writeThing(target, name, values, site)
}

function writeThing(target: Thing, name: string | undefined, values: Values, { machine }: Site): void {
  if (name === undefined || (target.shape === 'array' && !/^\d+$/.test(name) && name !== '[iterator]')) {
    machine.put(target.rest, values)
    return
  }
  machine.enter(target, name, values)
}
