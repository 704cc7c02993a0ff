// Code that is not read: what it may do with the functions it is given, and what it gives back.
import { idOf } from './ast.ts'
import {
  ANYTHING,
  type Atom,
  ENVIRONMENT,
  just,
  known,
  NOTHING,
  native,
  type Unknown,
  unknown,
  type Values,
} from './atoms.ts'
import { elements } from './elements.ts'
import { Cell, Thing } from './heap.ts'
import { argument, type Given, given, type Machine, type Site, type Unit } from './machine.ts'
import { join, mapValues } from './values.ts'

/** An export of a package that is not read, or a member of one. */
export function external(specifier: string, path: string, machine: Machine): Atom {
  return machine.once(
    `external:${specifier}:${path}`,
    () => made(specifier, path, `${specifier}:${path}`, new Cell()),
    isAtom,
  )
}

const isAtom = (value: unknown): value is Atom => typeof value === 'object' && value !== null && 'kind' in value

const DEEPEST = 4

function made(specifier: string, path: string, id: string, held: Cell): Atom {
  const isMade = path.startsWith('()')
  const own: Atom = native(`external:${id}`, {
    tag: { type: 'external', specifier, path, held },
    read: (name, site) => {
      const { machine } = site
      if (path.split('.').length > DEEPEST) return just(own)
      // What was made by a package is one thing, however it is asked: a chain of calls stays the same.
      if (isMade) return name === undefined ? just(own) : (validated(name, held, site) ?? just(own))
      return just(external(specifier, `${path}.${name ?? '*'}`, machine))
    },
    call: (handed, site) => callExternal(own, handed, site),
    construct: (handed, site) => result(specifier, join(NOTHING, ...handed.list, handed.rest), site),
  })
  return own
}

// The environment comes back from whoever checks it: `schema.parse(process.env).TABLE`.
function validated(name: string, held: Cell, { machine, unit }: Site): Values | undefined {
  const value = machine.surroundings.env.get(name)
  if (value === undefined || !holdsEnvironment(held.see(unit), unit)) return undefined
  return just(known(value))
}

const holdsEnvironment = (values: Values, unit: Unit, depth = 0): boolean =>
  [...values.values()].some((atom) => {
    if (atom.id === ENVIRONMENT) return true
    if (!(atom instanceof Thing) || depth > 1) return false
    return holdsEnvironment(atom.everything(unit), unit, depth + 1) || holdsEnvironment(atom.bases.see(unit), unit, 2)
  })

// What a call gives: one thing for each place, which holds what was handed over.
function result(specifier: string, held: Values, { machine, node, unit }: Site): Values {
  const id = `${specifier}:made:${idOf(node)}/${unit.id}`
  const atom = machine.once(`external:${id}`, () => made(specifier, '()', id, new Cell()), isAtom)
  if (atom.kind === 'native' && atom.tag?.type === 'external') machine.put(atom.tag.held, held)
  return just(atom)
}

function callExternal(own: Atom, handed: Given, site: Site): Values {
  const tag = own.kind === 'native' && own.tag?.type === 'external' ? own.tag : undefined
  if (tag === undefined) return ANYTHING
  const { machine, unit, node } = site
  const all = join(NOTHING, ...handed.list, handed.rest)
  const isMade = tag.path === '()'
  if (!CONTAINERS.test(tag.specifier)) machine.facts.handedOver(tag.specifier, all, site)
  const made = instancesFrom(all, site)
  // A container keeps what it is given, and hands it out: whoever gets it calls its methods.
  if (CONTAINERS.test(tag.specifier)) {
    callFunctions(all, site)
    return join(ANYTHING, made)
  }
  if (unit.phase === 'load') {
    // While modules are loaded, functions are registered or wrapped: they run when what holds them does.
    if (isMade) {
      machine.put(tag.held, join(all, made))
      return just(own)
    }
    if (unit.statement !== node) return join(result(tag.specifier, join(all, made), site), made)
  }
  callBack(join(all, made), handed, site, new Set(), !SHOWS.test(tag.specifier))
  // What was wrapped gets what its wrapper is called with.
  const results = isMade ? callHeld(tag.held.see(unit), handed, site) : NOTHING
  return join(isMade ? join(just(own), results) : join(result(tag.specifier, all, site), ANYTHING), made)
}

function callHeld(held: Values, handed: Given, site: Site): Values {
  const { machine } = site
  const through = { list: handed.list, rest: join(handed.rest, ANYTHING) }
  const direct = new Map([...held].filter(([, atom]) => isCallable(atom)))
  const results = machine.call(direct, NOTHING, through, site)
  callBack(new Map([...held].filter(([id]) => !direct.has(id))), handed, site)
  return results
}

// Loggers and their kin.
const SHOWS =
  /^(?:@aws-lambda-powertools\/(?:logger|metrics|tracer)|pino|winston|bunyan|loglevel|debug|consola|signale|lambda-log|@sentry\/.*|node:assert|node:util|chai|assert|util)(?:\/|$)/

const CONTAINERS = /^(?:tsyringe|inversify|typedi|awilix|injection-js|bottlejs|brandi)(?:\/|$)/

// Classes that are handed over are made into objects there.
function instancesFrom(values: Values, site: Site): Values {
  return mapValues(values, (atom) => {
    if (atom.kind !== 'class') return NOTHING
    const decorated = atom.statics.own(DECORATORS, site.unit)
    const held = mapValues(decorated, (one) =>
      one.kind === 'native' && one.tag?.type === 'external' ? instancesIn(one.tag.held.see(site.unit), site) : NOTHING,
    )
    return join(site.machine.construct(just(atom), { list: [], rest: ANYTHING }, site), held)
  })
}

// What a decorator was told: `@Module({ controllers: [UsersController] })`.
function instancesIn(values: Values, site: Site, depth = 0): Values {
  return mapValues(values, (atom) => {
    if (atom.kind === 'class') return instancesFrom(just(atom), site)
    return atom instanceof Thing && depth < 3 ? instancesIn(atom.everything(site.unit), site, depth + 1) : NOTHING
  })
}

/** Where a class keeps what its decorators are. */
export const DECORATORS = '[decorators]'

function callFunctions(values: Values, site: Site, depth = 0): void {
  for (const atom of values.values()) {
    if (isCallable(atom)) site.machine.call(just(atom), NOTHING, { list: [], rest: ANYTHING }, site)
    else if (atom instanceof Thing && atom.shape === 'plain' && depth < 2)
      callFunctions(atom.everything(site.unit), site, depth + 1)
  }
}

/** Calls a function of the platform: it calls what it is given, and keeps nothing. */
export function callPlatform({ list, rest }: Given, site: Site): Values {
  const { unit, node } = site
  const all = join(NOTHING, ...list, rest)
  // While modules are loaded, what is made of functions may be called later.
  if (unit.phase === 'load' && unit.statement !== node && [...all.values()].some(isCallable))
    return result('', all, site)
  callBack(all, { list, rest }, site, new Set(), false)
  return ANYTHING
}

/** Calls something of which nothing is known. */
export function callUnknown(callee: Unknown | undefined, handed: Given, site: Site): Values {
  const { unit } = site
  const all = join(NOTHING, ...handed.list, handed.rest)
  if (callee !== undefined && (callee.origin === 'event' || callee.origin === 'answer'))
    return callPart(callee, handed, site)
  site.machine.facts.handedOver('', all, site)
  const calls = [...all.values()].some(isCallable)
  if (unit.phase === 'load' && unit.statement !== site.node && calls) return result('', all, site)
  callBack(all, handed, site)
  return ANYTHING
}

const isCallable = (atom: Atom): boolean =>
  atom.kind === 'function' ||
  atom.kind === 'bound' ||
  (atom.kind === 'native' && atom.call !== undefined && atom.tag === undefined)

const ITERATES = new Set(['map', 'forEach', 'filter', 'flatMap', 'find', 'some', 'every', 'findLast'])

// A method of a part of the event: `event.Records.map(…)`.
function callPart(callee: Unknown, handed: Given, site: Site): Values {
  const { machine } = site
  const at = callee.path.lastIndexOf('.')
  const [whole, method] = [callee.path.slice(0, Math.max(at, 0)), callee.path.slice(at + 1)]
  const all = join(NOTHING, ...handed.list, handed.rest)
  const element = just(unknown(callee.origin, `${whole}.*`))
  if (ITERATES.has(method)) {
    const results = machine.call(argument(handed, 0), NOTHING, given(element, ANYTHING), site)
    if (method === 'map') return just(listHolding(results, site))
    if (method === 'flatMap') return just(listHolding(elements(results, site), site))
    return method === 'filter' ? just(unknown(callee.origin, whole)) : element
  }
  if (method === 'at' || method === 'pop' || method === 'shift') return element
  if (method === 'slice' || method === 'toString' || method === 'trim' || method === 'then') {
    if (method !== 'then') return just(unknown(callee.origin, whole))
    return machine.call(argument(handed, 0), NOTHING, given(just(unknown(callee.origin, whole))), site)
  }
  callBack(all, { list: [], rest: NOTHING }, site)
  return ANYTHING
}

function listHolding(values: Values, { machine, node, unit }: Site): Thing {
  const id = `mapped:${idOf(node)}/${unit.id}`
  const made = machine.once(id, () => new Thing(id, 'array'), isThing)
  machine.put(made.rest, values)
  return made
}

const isThing = (value: unknown): value is Thing => value instanceof Thing

/** Calls every function in these values, as code that nobody knows may do. */
export function callBack(values: Values, handed: Given, site: Site, seen = new Set<Atom>(), asksObjects = true): void {
  const { machine, unit } = site
  for (const atom of values.values()) {
    if (seen.has(atom) || seen.size > MOST_SEEN) continue
    if (isCallable(atom)) machine.call(just(atom), NOTHING, toCallback(handed, site), site)
    else if (atom instanceof Thing) {
      seen.add(atom)
      // What only shows an object calls nothing that is in it.
      if (atom.shape === 'instance' && !asksObjects) continue
      callBack(atom.everything(unit), handed, site, seen, asksObjects)
      // A listener, a controller, a visitor: an object whose methods are called.
      if (atom.maker !== undefined)
        callBack(machine.language.read(atom, undefined, site), handed, site, seen, asksObjects)
    } else if (atom.kind === 'native' && atom.tag?.type === 'external' && atom.tag.path === '()') {
      seen.add(atom)
      callBack(atom.tag.held.see(unit), handed, site, seen, asksObjects)
    }
  }
}

// Objects that hold objects, from one value on.
const MOST_SEEN = 200

// A function that is handed over with a list is called with its elements; one that is wrapped, with what the wrapper is called with.
function toCallback({ list, rest }: Given, site: Site): Given {
  const isData = (values: Values): boolean => ![...values.values()].some(isCallable)
  const data = list.filter((values) => values.size > 0 && isData(values))
  const lists = data.flatMap((values) =>
    mapValues(values, (atom) => (isList(atom) ? elements(just(atom), site) : NOTHING)),
  )
  const first = lists.filter((values) => values.size > 0)
  if (first.length > 0) return { list: [join(NOTHING, ...first)], rest: ANYTHING }
  const parts = data.filter((values) =>
    [...values.values()].every(({ kind, id }) => kind === 'unknown' || id.startsWith('!typed:')),
  )
  return parts.length > 0 ? { list: parts, rest: join(rest, ANYTHING) } : { list: [], rest: ANYTHING }
}

const isList = (atom: Atom): boolean => atom instanceof Thing && atom.shape === 'array'
