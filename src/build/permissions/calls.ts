// Calls: what is called, with what, and what comes of it.
import { type Argument, type Expression, idOf, isExpression } from './ast.ts'
import { ANYTHING, type Atom, type FunctionAtom, just, NOTHING, UNDEFINED, type Values } from './atoms.ts'
import { homeOf, initialiseParent, instantiate, readSuper } from './classes.ts'
import { inOrder } from './elements.ts'
import { callUnknown } from './externals.ts'
import { Thing } from './heap.ts'
import type { Given, Machine, Site, Unit } from './machine.ts'
import { namesOf, selfOf } from './names.ts'
import { isThing } from './patterns.ts'
import { join, knownTexts } from './values.ts'

type CallNode = Extract<Expression, { type: 'CallExpression' }>
type NewNode = Extract<Expression, { type: 'NewExpression' }>

export function evaluateCall(node: CallNode, unit: Unit, machine: Machine): Values {
  const site: Site = { node, unit, machine }
  const { callee } = node
  if (callee.type === 'Super') {
    const home = homeOf(unit)
    const handed = hand(node.arguments, unit, machine)
    if (home !== undefined) initialiseParent(home, selfOf(unit), handed, site)
    return UNDEFINED
  }
  if (isRequire(callee, unit)) {
    const specifiers = knownTexts(hand(node.arguments, unit, machine).list[0] ?? NOTHING)
    return machine.modules.require(specifiers, unit.module, site, false)
  }
  const target = bare(callee)
  if (target.type === 'MemberExpression') return callMember(target, node, site)
  const called = machine.evaluate(callee, unit)
  const handed = hand(node.arguments, unit, machine)
  return machine.call(called, UNDEFINED, handed, site)
}

function callMember(target: Extract<Expression, { type: 'MemberExpression' }>, node: CallNode, site: Site): Values {
  const { unit, machine } = site
  if (target.object.type === 'Super') {
    const methods = readSuper(namesOf(target.property, target.computed, unit, machine), site)
    return machine.call(methods, selfOf(unit), hand(node.arguments, unit, machine), site)
  }
  const objects = machine.evaluate(target.object, unit)
  const names = namesOf(target.property, target.computed, unit, machine)
  const handed = hand(node.arguments, unit, machine)
  let all: Values = NOTHING
  for (const object of objects.values())
    for (const name of names) {
      const method = machine.language.read(object, name, site)
      all = join(all, machine.call(method, just(object), handed, site))
    }
  return all
}

function bare(node: Expression): Expression {
  switch (node.type) {
    case 'ChainExpression':
    case 'TSNonNullExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSInstantiationExpression':
    case 'ParenthesizedExpression':
      return bare(node.expression)
    default:
      return node
  }
}

function isRequire(callee: Expression, unit: Unit): boolean {
  if (callee.type !== 'Identifier' || callee.name !== 'require') return false
  const variable = unit.module.code.references.get(callee)
  // `const require = createRequire(import.meta.url)`
  return variable === undefined || variable.owner === unit.module.code.program
}

/** What a call hands over. */
export function hand(all: readonly Argument[], unit: Unit, machine: Machine): Given {
  const list: Values[] = []
  let rest: Values = NOTHING
  for (const argument of all) {
    const isRest = rest.size > 0
    if (argument.type === 'SpreadElement') {
      const values = machine.evaluate(argument.argument, unit)
      const spread = inOrder(values, { node: argument, unit, machine })
      if (isRest) rest = join(rest, spread.rest, ...spread.list)
      else {
        list.push(...spread.list)
        rest = spread.rest
      }
    } else if (isExpression(argument)) {
      const values = machine.evaluate(argument, unit)
      if (isRest) rest = join(rest, values)
      else list.push(values)
    }
  }
  return { list, rest }
}

export function evaluateNew(node: NewNode, unit: Unit, machine: Machine): Values {
  const called = machine.evaluate(node.callee, unit)
  const handed = hand(node.arguments, unit, machine)
  return machine.construct(called, handed, { node, unit, machine })
}

/** Calls whatever a value is. */
export function apply(callee: Atom, self: Values, handed: Given, site: Site): Values {
  switch (callee.kind) {
    case 'function':
      return site.machine.invoke(callee, self, handed, site)
    case 'bound': {
      const { list, rest } = handed
      return apply(
        callee.target,
        callee.self.size === 0 ? self : callee.self,
        { list: [...callee.before, ...list], rest },
        site,
      )
    }
    case 'native':
      return callee.call === undefined ? callUnknown(undefined, handed, site) : callee.call(handed, site, self)
    case 'unknown':
      return callUnknown(callee, handed, site)
    default:
      return NOTHING
  }
}

/** Makes an object of whatever a value is. */
export function construct(callee: Atom, handed: Given, site: Site): Values {
  switch (callee.kind) {
    case 'class':
      return instantiate(callee, handed, site)
    case 'function':
      return constructByFunction(callee, handed, site)
    case 'bound':
      return construct(callee.target, { list: [...callee.before, ...handed.list], rest: handed.rest }, site)
    case 'native':
      return callee.construct === undefined ? callUnknown(undefined, handed, site) : callee.construct(handed, site)
    case 'unknown':
      return callUnknown(undefined, handed, site)
    default:
      return ANYTHING
  }
}

// `function Repository(client) { this.client = client }`, with methods on its prototype.
function constructByFunction(callee: FunctionAtom, handed: Given, site: Site): Values {
  const { machine, node, unit } = site
  const id = `instance:${idOf(node)}/${unit.id}:${callee.id}`
  const thing = machine.once(id, () => new Thing(id, 'instance'), isThing)
  machine.put(thing.bases, machine.language.read(callee, 'prototype', site))
  const given = machine.invoke(callee, just(thing), handed, site)
  return join(just(thing), new Map([...given].filter(([, atom]) => atom.kind === 'object' || atom.kind === 'native')))
}
