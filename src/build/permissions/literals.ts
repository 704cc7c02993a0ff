// Object and array literals.
import { type Expression, idOf, isFunction, keyOf, type Node } from './ast.ts'
import { type FunctionAtom, just, type Values } from './atoms.ts'
import { elements } from './elements.ts'
import { Thing } from './heap.ts'
import type { Machine, Unit } from './machine.ts'
import { namesOf } from './names.ts'
import { isThing } from './patterns.ts'
import { spread } from './spread.ts'

export function evaluateObject(
  node: Extract<Expression, { type: 'ObjectExpression' }>,
  unit: Unit,
  machine: Machine,
): Values {
  const id = `object:${idOf(node)}/${unit.id}`
  const thing = machine.once(id, () => new Thing(id, 'plain'), isThing)
  const site = { node, unit, machine }
  const late = overridden(node)
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      spread(machine.evaluate(property.argument, unit), thing, unit, machine, late.get(property))
      continue
    }
    const { value, kind } = property
    if (kind !== 'init' && isFunction(value)) {
      for (const name of namesOf(property.key, property.computed, unit, machine))
        for (const atom of machine.closure(value, unit.frame).values())
          if (name !== undefined && atom.kind === 'function') define(thing, kind, name, atom)
      continue
    }
    const held = machine.evaluate(value, unit)
    machine.write(just(thing), propertyNames(property, unit, machine), held, site)
  }
  return just(thing)
}

function define(thing: Thing, kind: 'get' | 'set', name: string, atom: FunctionAtom): void {
  if (kind === 'get') thing.getters = new Map([...thing.getters, [name, atom]])
  else thing.setters = new Map([...thing.setters, [name, atom]])
}

// Names that are written after a spread: what it brings under them is replaced.
function overridden(node: Extract<Expression, { type: 'ObjectExpression' }>): Map<Node, ReadonlySet<string>> {
  const found = new Map<Node, ReadonlySet<string>>()
  const later = new Set<string>()
  for (const property of [...node.properties].reverse()) {
    if (property.type === 'SpreadElement') found.set(property, new Set(later))
    else {
      const name = keyOf(property.key, property.computed)
      if (name !== undefined) later.add(name)
    }
  }
  return found
}

function propertyNames(
  property: Extract<Expression, { type: 'ObjectExpression' }>['properties'][number],
  unit: Unit,
  machine: Machine,
): readonly (string | undefined)[] {
  if (property.type === 'SpreadElement') return []
  const { key, computed } = property
  return namesOf(key, computed, unit, machine)
}

export function evaluateArray(
  node: Extract<Expression, { type: 'ArrayExpression' }>,
  unit: Unit,
  machine: Machine,
): Values {
  const id = `array:${idOf(node)}/${unit.id}`
  const thing = machine.once(id, () => new Thing(id, 'array'), isThing)
  const site = { node, unit, machine }
  let index: number | undefined = 0
  for (const element of node.elements) {
    if (element === null) continue
    if (element.type === 'SpreadElement') {
      // From here on nobody knows what is where.
      index = undefined
      machine.put(thing.rest, elements(machine.evaluate(element.argument, unit), site))
      continue
    }
    const values = machine.evaluate(element, unit)
    if (index === undefined) machine.put(thing.rest, values)
    else {
      machine.enter(thing, String(index), values)
      index++
    }
  }
  return just(thing)
}
