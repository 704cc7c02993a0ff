// Classes: how they are defined, made, and what their objects inherit.
import { type Class, type FunctionNode, idOf, isExpression, keyOf, type Node } from './ast.ts'
import { ANYTHING, type ClassAtom, type FunctionAtom, just, NOTHING, one, UNDEFINED, type Values } from './atoms.ts'
import { DECORATORS } from './externals.ts'
import { Cell, openFrame, Thing } from './heap.ts'
import { classesOf, lineOf } from './lineage.ts'
import { type Given, given, type Machine, type Site, type Unit } from './machine.ts'
import { selfOf } from './names.ts'
import { isThing } from './patterns.ts'
import { join } from './values.ts'

interface Method {
  readonly kind: 'method' | 'get' | 'set' | 'constructor'
  readonly node: FunctionNode
  readonly static: boolean
}

const methods = new WeakMap<Class, ReadonlyMap<string, readonly Method[]>>()

/** The methods of a class by name; `constructor` among them. */
function methodsOf(node: Class): ReadonlyMap<string, readonly Method[]> {
  const known = methods.get(node)
  if (known !== undefined) return known
  const all = new Map<string, Method[]>()
  for (const element of node.body.body) {
    if (element.type !== 'MethodDefinition' || element.value.body === null) continue
    const { key, computed, kind, value } = element
    const name = keyOf(key, computed)
    if (name === undefined) continue
    all.set(name, [...(all.get(name) ?? []), { kind, node: value, static: element.static }])
  }
  methods.set(node, all)
  return all
}

/** What a class declaration or expression is worth. */
export function defineClass(node: Class, unit: Unit, machine: Machine): Values {
  const id = `class:${idOf(node)}/${unit.frame.id}`
  const known = machine.once(id, () => make(id, node, unit), isValues)
  const [atom] = known.values()
  if (atom?.kind !== 'class') return known
  if (node.superClass !== null) machine.put(atom.parent, machine.evaluate(node.superClass, unit))
  classesOf(machine).add(atom, machine)
  if (node.id !== null) {
    const variable = unit.module.code.declared.get(node.id)
    if (variable !== undefined) machine.put(machine.variable(variable, atom.frame), known)
  }
  for (const decorator of node.decorators) {
    const values = machine.evaluate(decorator.expression, unit)
    machine.put(atom.statics.member(DECORATORS), values)
    const own = new Map([...values].filter(([, { kind }]) => kind === 'function' || kind === 'bound'))
    machine.call(own, NOTHING, given(known, ANYTHING), { node: decorator, unit, machine })
  }
  decorateMethods(atom, unit, machine)
  nameMethods(atom, unit, machine)
  if (!hasFields(node, true)) return known
  const cells = atom.frame.cells
  const frame = machine.once(
    `${id}.statics`,
    () => openFrame({ owner: node.body, parent: unit.frame, module: unit.module, home: atom, cells }),
    isFrame,
  )
  machine.start(`statics:${id}`, node.body, frame, known, { node, unit, machine })
  return known
}

// Methods whose names are computed are kept where the class has what is its own.
function nameMethods(atom: ClassAtom, unit: Unit, machine: Machine): void {
  for (const { type, key, computed, value, static: isStatic } of methodsIn(atom.node)) {
    if (type !== 'MethodDefinition' || keyOf(key, computed) !== undefined || value.body === null) continue
    for (const name of propertyNames(key, computed, unit, machine))
      if (name !== undefined)
        machine.put(atom.statics.member(computedName(name, isStatic)), machine.closure(value, atom.frame, atom))
  }
}

const methodsIn = (node: Class) => node.body.body.flatMap((one) => (one.type === 'MethodDefinition' ? [one] : []))

const computedName = (name: string, isStatic: boolean): string => `[${isStatic ? 'static ' : ''}method]${name}`

const hasFields = (node: Class, isStatic: boolean): boolean =>
  node.body.body.some(
    (element) =>
      (element.type === 'StaticBlock' && isStatic) ||
      ((element.type === 'PropertyDefinition' || element.type === 'AccessorProperty') &&
        element.static === isStatic &&
        element.value !== null),
  )

// A decorator of a method may put another function in its place.
function decorateMethods(atom: ClassAtom, unit: Unit, machine: Machine): void {
  for (const element of atom.node.body.body) {
    if (element.type !== 'MethodDefinition' || element.decorators.length === 0) continue
    const name = keyOf(element.key, element.computed)
    if (name === undefined) continue
    const site = { node: element, unit, machine }
    const id = `descriptor:${idOf(element)}/${unit.id}`
    const descriptor = machine.once(id, () => new Thing(id, 'plain'), isThing)
    machine.put(descriptor.member('value'), machine.closure(element.value, atom.frame, atom))
    for (const decorator of element.decorators) {
      const values = machine.evaluate(decorator.expression, unit)
      const own = new Map([...values].filter(([, { kind }]) => kind === 'function' || kind === 'bound'))
      const method = descriptor.member('value').see(unit)
      // The form of the standard, then TypeScript's older one.
      const results = [
        machine.call(own, NOTHING, given(method, ANYTHING), site),
        machine.call(own, NOTHING, given(ANYTHING, one(name), just(descriptor)), site),
      ]
      for (const result of results)
        machine.put(descriptor.member('value'), new Map([...result].filter(([, { kind }]) => kind === 'function')))
    }
    machine.put(atom.statics.member(`${DECORATORS}${name}`), descriptor.member('value').see(unit))
  }
}

const isValues = (value: unknown): value is Values => value instanceof Map
const isFrame = (value: unknown): value is ReturnType<typeof openFrame> =>
  typeof value === 'object' && value !== null && 'owner' in value && 'cells' in value

function make(id: string, node: Class, unit: Unit): Values {
  const frame = openFrame({ owner: node.body, parent: unit.frame, module: unit.module, home: undefined })
  const statics = new Thing(`statics:${id}`, 'plain')
  return just({ kind: 'class', id, node, frame, statics, parent: new Cell(), instances: new Cell() })
}

/** Evaluates the fields of a class: its static ones on itself, the others on an object. */
export function runFields(unit: Unit, machine: Machine): void {
  const { node, frame } = unit
  if (node.type !== 'ClassBody') return
  const self = frame.self.see(unit)
  const isStatic = [...self.values()].some(({ kind }) => kind === 'class')
  for (const element of node.body) {
    if (element.type === 'StaticBlock') {
      if (isStatic) machine.language.statements(element.body, unit, machine)
      continue
    }
    if (element.type !== 'PropertyDefinition' && element.type !== 'AccessorProperty') continue
    if (element.static !== isStatic || element.value === null) continue
    const names = propertyNames(element.key, element.computed, unit, machine)
    const type = element.typeAnnotation?.typeAnnotation
    const values = machine.evaluate(element.value, unit)
    machine.write(self, names, type === undefined ? values : machine.language.refine(values, type, unit, machine), {
      node: element,
      unit,
      machine,
    })
  }
}

function propertyNames(key: Node, computed: boolean, unit: Unit, machine: Machine): readonly (string | undefined)[] {
  if (key.type === 'PrivateIdentifier') return [`#${key.name}`]
  if (!isExpression(key)) return [undefined]
  const written = keyOf(key, computed)
  if (written !== undefined) return [written]
  return [...machine.evaluate(key, unit).values()].map((atom) =>
    atom.kind === 'known' ? String(atom.value) : undefined,
  )
}

/** `new C(…)`. */
export function instantiate(atom: ClassAtom, handed: Given, site: Site): Values {
  const { machine, node, unit } = site
  const id = `instance:${idOf(node)}/${unit.id}:${atom.id}`
  const thing = machine.once(id, () => new Thing(id, 'instance', atom), isThing)
  const made = just(thing)
  for (const ancestor of lineOf(atom, unit)) machine.put(ancestor.instances, made)
  initialise(atom, made, handed, site)
  return made
}

/** What making an object does to it: fields, then the constructor. */
export function initialise(
  atom: ClassAtom,
  made: Values,
  handed: Given,
  site: Site,
  below: readonly ClassAtom[] = [],
): void {
  const { machine } = site
  // A class that is made in a loop may seem to extend itself.
  if (below.includes(atom)) return
  for (const one of hasFields(atom.node, false) ? made.values() : []) {
    const id = `fields:${atom.id}:${one.id}`
    const { frame } = atom
    const { cells, parent, module } = frame
    const own = machine.once(id, () => openFrame({ owner: atom.node.body, parent, module, home: atom, cells }), isFrame)
    machine.start(id, atom.node.body, own, just(one), site)
  }
  const maker = methodsOf(atom.node)
    .get('constructor')
    ?.find(({ kind }) => kind === 'constructor')
  if (maker === undefined) {
    if (atom.node.superClass !== null) initialiseParent(atom, made, handed, site, [...below, atom])
    return
  }
  for (const closure of machine.closure(maker.node, atom.frame, atom).values())
    if (closure.kind === 'function') for (const one of made.values()) machine.invoke(closure, just(one), handed, site)
}

/** `super(…)`. */
export function initialiseParent(
  atom: ClassAtom,
  made: Values,
  handed: Given,
  site: Site,
  below: readonly ClassAtom[] = [atom],
): void {
  const { machine, unit } = site
  for (const parent of atom.parent.see(unit).values()) {
    if (parent.kind === 'class') initialise(parent, made, handed, site, below)
    else {
      const base = machine.construct(just(parent), handed, site)
      for (const one of made.values()) if (one instanceof Thing) machine.put(one.bases, base)
    }
  }
}

/** A method (or what a getter gives) of a class, for an object or for the class itself. */
export function methodOf(
  atom: ClassAtom,
  name: string | undefined,
  self: Values,
  isStatic: boolean,
  site: Site,
  below: readonly ClassAtom[] = [],
): Values {
  const { machine, unit } = site
  let found: Values = NOTHING
  for (const [key, all] of methodsOf(atom.node)) {
    if (key === 'constructor' || (name !== undefined && key !== name)) continue
    for (const method of all) {
      if (method.static !== isStatic || method.kind === 'set') continue
      const decorated = atom.statics.member(`${DECORATORS}${key}`).see(unit)
      const closure = decorated.size > 0 ? decorated : machine.closure(method.node, atom.frame, atom)
      found = join(found, method.kind === 'get' ? machine.call(closure, self, given(), site) : closure)
    }
  }
  if (name !== undefined) found = join(found, atom.statics.member(computedName(name, isStatic)).see(unit))
  if ((found.size > 0 && name !== undefined) || below.includes(atom)) return found
  for (const parent of atom.parent.see(unit).values()) {
    if (parent.kind === 'class') {
      found = join(found, methodOf(parent, name, self, isStatic, site, [...below, atom]))
      if (isStatic && name !== undefined) found = join(found, parent.statics.own(name, unit))
    } else if (isStatic) found = join(found, machine.read(just(parent), [name], site))
  }
  return found
}

/** The setter of a class by a name. */
export function setterOf(atom: ClassAtom, name: string, unit: Unit, machine: Machine): FunctionAtom | undefined {
  for (const one of lineOf(atom, unit)) {
    const setter = methodsOf(one.node)
      .get(name)
      ?.find(({ kind }) => kind === 'set')
    if (setter === undefined) continue
    for (const closure of machine.closure(setter.node, one.frame, one).values())
      if (closure.kind === 'function') return closure
  }
  return undefined
}

/** `super.name`. */
export function readSuper(names: readonly (string | undefined)[], site: Site): Values {
  const { machine, unit } = site
  const home = homeOf(unit)
  if (home === undefined) return UNDEFINED
  const self = selfOf(unit)
  const isStatic = [...self.values()].some(({ kind }) => kind === 'class')
  let found: Values = NOTHING
  for (const parent of home.parent.see(unit).values()) {
    for (const name of names) {
      if (parent.kind === 'class') found = join(found, methodOf(parent, name, self, isStatic, site))
      else {
        for (const one of self.values())
          if (one instanceof Thing) found = join(found, machine.read(one.bases.see(unit), [name], site))
      }
    }
  }
  return found.size === 0 ? ANYTHING : found
}

/** The class whose code runs. */
export function homeOf(unit: Unit): ClassAtom | undefined {
  for (let frame: Unit['frame'] | undefined = unit.frame; frame !== undefined; frame = frame.parent)
    if (frame.home !== undefined) return frame.home
  return undefined
}
