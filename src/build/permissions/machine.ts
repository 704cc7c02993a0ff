// Runs the code on abstract values: every function once per way that leads to it, again and again until nothing new is learnt.

import type { Place } from '../../aws/access.ts'
import {
  type CodeNode,
  type Directive,
  type Expression,
  type FunctionNode,
  idOf,
  type Node,
  type Statement,
  type TSType,
} from './ast.ts'
import {
  ANYTHING,
  type Atom,
  type ClassAtom,
  type FunctionAtom,
  just,
  NOTHING,
  UNDEFINED,
  type Values,
} from './atoms.ts'
import type { Facts } from './facts.ts'
import type { Identity } from './goblet/handles.ts'
import { Cell, cellOf, type Frame, openFrame, Thing } from './heap.ts'
import type { Module, Modules } from './modules.ts'
import type { Variable } from './scope.ts'
import { join } from './values.ts'

/** What a call hands over. `rest`: at any place from the end of the list on. */
export interface Given {
  readonly list: readonly Values[]
  readonly rest: Values
}

export const given = (...list: readonly Values[]): Given => ({ list, rest: NOTHING })

export function argument({ list, rest }: Given, index: number): Values {
  if (index < list.length) return list[index] ?? NOTHING
  return rest.size === 0 ? UNDEFINED : rest
}

/** Something that happens: which node, on which run of which function. */
export interface Site {
  readonly node: Node
  readonly unit: Unit
  readonly machine: Machine
  /** Of a function that is called for each of several elements: which one. */
  readonly turn?: number
}

/** One run of a function (of a module, of a class's fields), for all calls that come the same way. */
export interface Unit {
  readonly id: number
  readonly node: CodeNode
  readonly frame: Frame
  readonly module: Module
  readonly returns: Cell
  readonly yields: Cell
  readonly list: Cell[]
  readonly rest: Cell
  /** The first place where `rest` may be. */
  restFrom: number
  /** While modules are loaded, or once the function is woken. */
  readonly phase: 'load' | 'run'
  /** The last calls that led here. */
  readonly trail: readonly number[]
  /** The first call that led here. */
  readonly caller: { readonly node: Node; readonly unit: Unit } | undefined
  dirty: boolean
  active: boolean
  /** The expression that is a statement of its own: nobody takes what it gives. */
  statement: Node | undefined
}

/** How expressions and functions are evaluated: given by the files that know, so that none of them opens this one. */
export interface Language {
  evaluate(node: Expression, unit: Unit, machine: Machine): Values
  run(unit: Unit, machine: Machine): void
  apply(callee: Atom, self: Values, given: Given, site: Site): Values
  construct(callee: Atom, given: Given, site: Site): Values
  read(target: Atom, name: string | undefined, site: Site): Values
  write(target: Atom, name: string | undefined, value: Values, site: Site): void
  statements(body: readonly (Directive | Statement)[], unit: Unit, machine: Machine): void
  refine(values: Values, type: TSType, unit: Unit, machine: Machine): Values
}

/** The analysis takes more steps than any function should. */
export class Exhausted extends Error {
  override readonly name = 'Exhausted'
}

export interface Limits {
  readonly steps: number
}

/** What is known of the function that is analysed, besides its code. */
export interface Surroundings {
  readonly env: ReadonlyMap<string, string>
  readonly place: Place
  /** What a handle is on AWS, by its kind and declared name; a function by its identity. */
  readonly identity: (kind: string, name: string) => Identity | undefined
}

const TRAIL = 5
// A function that is called from so many places is looked at for all the others together.
const MOST_UNITS = 48
const DEEPEST = 120
/** Elements that are told apart when a function is called for each of them. */
export const MOST_TURNS = 16

export class Machine {
  readonly facts: Facts
  readonly modules: Modules
  readonly language: Language
  readonly surroundings: Surroundings
  /** Under which name the entry exports a declaration, by its id. */
  readonly identities = new Map<string, string>()
  /** Things that are made once for an analysis, by name. */
  readonly memory = new Map<string, unknown>()
  readonly #limits: Limits
  readonly #units = new Map<string, Unit>()
  readonly #counts = new Map<CodeNode, number>()
  readonly #waiting = new Set<Unit>()
  readonly #closures = new Map<string, Values>()
  #depth = 0
  #made = 0
  steps = 0

  constructor(language: Language, modules: Modules, facts: Facts, surroundings: Surroundings, limits: Limits) {
    this.surroundings = surroundings
    this.language = language
    this.modules = modules
    this.facts = facts
    this.#limits = limits
  }

  /** Until nothing is left to be looked at. */
  settle(): void {
    for (const unit of this.#waiting) {
      this.#waiting.delete(unit)
      if (unit.dirty && !unit.active) this.#evaluate(unit)
    }
  }

  step(): void {
    if (++this.steps > this.#limits.steps) throw new Exhausted()
  }

  put(cell: Cell, values: Values): void {
    if (cell.put(values)) this.notify(cell)
  }

  /** Has everything look again that looked at it. */
  notify(seen: { readers(): ReadonlySet<Unit> | undefined }): void {
    for (const reader of seen.readers() ?? []) {
      reader.dirty = true
      this.#waiting.add(reader)
    }
  }

  /** Puts something into an object under a name, which may be new to it. */
  enter(thing: Thing, name: string, values: Values): void {
    const cell = thing.member(name)
    const isNew = cell.values.size === 0
    this.put(cell, values)
    if (isNew && values.size > 0) this.notify(thing.names)
  }

  evaluate(node: Expression, unit: Unit): Values {
    return this.language.evaluate(node, unit, this)
  }

  call(callee: Values, self: Values, given: Given, site: Site): Values {
    let all: Values = NOTHING
    for (const atom of callee.values()) all = join(all, this.language.apply(atom, self, given, site))
    return all
  }

  construct(callee: Values, given: Given, site: Site): Values {
    let all: Values = NOTHING
    for (const atom of callee.values()) all = join(all, this.language.construct(atom, given, site))
    return all
  }

  /** `names`: what the property may be called; undefined for any. */
  read(target: Values, names: readonly (string | undefined)[], site: Site): Values {
    let all: Values = NOTHING
    for (const atom of target.values()) for (const name of names) all = join(all, this.language.read(atom, name, site))
    return all
  }

  write(target: Values, names: readonly (string | undefined)[], value: Values, site: Site): void {
    for (const atom of target.values()) for (const name of names) this.language.write(atom, name, value, site)
  }

  /** Calls a method by its name on each of several values. */
  send(target: Values, name: string, given: Given, site: Site): Values {
    let all: Values = NOTHING
    for (const atom of target.values()) {
      const method = this.language.read(atom, name, site)
      all = join(all, this.call(method, just(atom), given, site))
    }
    return all
  }

  /** Calls one of the user's functions. */
  invoke(called: FunctionAtom, self: Values, handed: Given, site: Site): Values {
    const { node, frame, home } = called
    if (node.body === null) return ANYTHING
    const key = this.#keyOf(called, self, site)
    const unit =
      this.#units.get(key) ??
      this.#open(key, node, openFrame({ owner: node, parent: frame, module: frame.module, home }), site)
    this.put(unit.frame.self, self)
    this.#hand(unit, node, handed)
    this.#now(unit)
    return unit.returns.see(site.unit)
  }

  /** Runs a module's top level, or a class's fields on one object. */
  start(key: string, node: CodeNode, frame: Frame, self: Values, site: Site | undefined): Unit {
    const unit = this.#units.get(key) ?? this.#open(key, node, frame, site)
    this.put(frame.self, self)
    this.#now(unit)
    return unit
  }

  /** What calls the handler: Lambda. */
  root(module: Module): Unit {
    const unit = this.#open('root', module.code.program, module.frame, undefined)
    return { ...unit, phase: 'run' }
  }

  #keyOf({ id, node }: FunctionAtom, self: Values, { node: at, unit, turn = 0 }: Site): string {
    const trail = [...unit.trail, idOf(at)].slice(-TRAIL).join('.')
    const key = `${id}|${[...self.keys()].slice(0, 3).join()}|${unit.phase}|${trail}|${turn}`
    const count = this.#counts.get(node) ?? 0
    return this.#units.has(key) || count < MOST_UNITS ? key : `${id}|${unit.phase}`
  }

  #open(key: string, node: CodeNode, frame: Frame, site: Site | undefined): Unit {
    this.#made++
    this.#counts.set(node, (this.#counts.get(node) ?? 0) + 1)
    const unit: Unit = {
      id: this.#made,
      node,
      frame,
      module: frame.module,
      returns: new Cell(),
      yields: new Cell(),
      list: [],
      rest: new Cell(),
      restFrom: Number.POSITIVE_INFINITY,
      phase: node.type === 'Program' ? 'load' : (site?.unit.phase ?? 'run'),
      trail:
        site === undefined ? [] : [...site.unit.trail, idOf(site.node) + (site.turn ?? 0) / MOST_TURNS].slice(-TRAIL),
      caller: site,
      dirty: true,
      active: false,
      statement: undefined,
    }
    this.#units.set(key, unit)
    return unit
  }

  #hand(unit: Unit, node: FunctionNode, { list, rest }: Given): void {
    const count = Math.max(list.length, rest.size > 0 ? 0 : node.params.length)
    for (let index = 0; index < count; index++) {
      const cell = unit.list[index] ?? new Cell()
      unit.list[index] = cell
      const values = index < list.length ? (list[index] ?? NOTHING) : UNDEFINED
      if (cell.put(values)) unit.dirty = true
    }
    if (rest.size === 0) return
    if (unit.rest.put(rest) || list.length < unit.restFrom) unit.dirty = true
    unit.restFrom = Math.min(unit.restFrom, list.length)
  }

  // At once, so that most is known the first time; later, where it is being looked at already.
  #now(unit: Unit): void {
    if (!unit.dirty || unit.active) {
      if (unit.dirty) this.#waiting.add(unit)
      return
    }
    if (this.#depth >= DEEPEST) this.#waiting.add(unit)
    else this.#evaluate(unit)
  }

  #evaluate(unit: Unit): void {
    unit.dirty = false
    unit.active = true
    this.#depth++
    try {
      this.language.run(unit, this)
    } finally {
      this.#depth--
      unit.active = false
    }
    if (unit.dirty) this.#waiting.add(unit)
  }

  /** The cell of a variable, as seen from a running function. */
  variable(variable: Variable, from: Frame): Cell {
    let frame: Frame | undefined = from
    while (frame !== undefined && frame.owner !== variable.owner) frame = frame.parent
    const home = frame ?? from
    const cell = cellOf(home.cells, variable)
    if (variable.hoisted !== undefined && cell.values.size === 0) this.put(cell, this.closure(variable.hoisted, home))
    return cell
  }

  /** A function with the variables around it. */
  closure(node: FunctionNode, frame: Frame, home?: ClassAtom): Values {
    const id = `function:${idOf(node)}/${frame.id}`
    const known = this.#closures.get(id)
    if (known !== undefined) return known
    const values = just({ kind: 'function', id, node, frame, home, statics: new Thing(`statics:${id}`, 'plain') })
    this.#closures.set(id, values)
    return values
  }

  /** Something that there is one of in this analysis. */
  once<T>(key: string, make: () => T, is: (value: unknown) => value is T): T {
    const found = this.memory.get(key)
    if (is(found)) return found
    const made = make()
    this.memory.set(key, made)
    return made
  }
}
