// What identifiers, `this` and property names stand for while code runs.
import { isExpression, keyOf, type Node, type PropertyKey } from './ast.ts'
import { ANYTHING, just, NOTHING, type Values } from './atoms.ts'
import { list } from './elements.ts'
import { globalValue } from './globals.ts'
import type { Frame } from './heap.ts'
import type { Machine, Unit } from './machine.ts'
import { textsOf } from './values.ts'

/** The value of a name. */
export function identifier(node: Node & { readonly name: string }, unit: Unit, machine: Machine): Values {
  const variable = unit.module.code.references.get(node)
  if (variable === undefined && node.name === 'arguments') return handedTo(unit, machine)
  if (variable === undefined) return globalValue(node, node.name, unit, machine)
  const site = { node, unit, machine }
  if (variable.imported !== undefined) return machine.modules.linked(unit.module, variable.imported, site)
  return machine.variable(variable, unit.frame).see(unit)
}

/** The frame whose `this` is meant: arrow functions have none. */
export function frameOfThis(unit: Unit): Frame {
  let frame = unit.frame
  while (frame.owner.type === 'ArrowFunctionExpression' && frame.parent !== undefined) frame = frame.parent
  return frame
}

export const selfOf = (unit: Unit): Values => {
  const frame = frameOfThis(unit)
  // At the top level of CommonJS it is the exports.
  if (frame.owner.type === 'Program')
    return unit.module.code.isCommon ? unit.module.common.own('exports', unit) : NOTHING
  return frame.self.see(unit)
}

/** What a property may be called; undefined among them: anything. */
export function namesOf(
  key: PropertyKey,
  computed: boolean,
  unit: Unit,
  machine: Machine,
): readonly (string | undefined)[] {
  const written = keyOf(key, computed)
  if (written !== undefined) return [written]
  return key.type === 'PrivateIdentifier' || !isExpression(key) ? [undefined] : namesIn(machine.evaluate(key, unit))
}

export function namesIn(values: Values): readonly (string | undefined)[] {
  const names = textsOf(values)
  // Nothing is known yet: nothing can be read, either.
  return values.size === 0 ? [] : names.length === 0 ? ['undefined'] : names
}

// `arguments`: of the function that runs; an arrow function has none of its own.
function handedTo(unit: Unit, machine: Machine): Values {
  if (unit.node.type === 'ArrowFunctionExpression') return ANYTHING
  const all = list(`arguments:${unit.id}`, machine)
  unit.list.forEach((cell, index) => {
    machine.enter(all, String(index), cell.see(unit))
  })
  machine.put(all.rest, unit.rest.see(unit))
  return just(all)
}
