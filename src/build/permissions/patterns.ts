// Binds values to names: parameters, declarations and assignments, taken apart as they are written.
import type { AssignmentTarget, BindingPattern, BindingRestElement, Node, ParamPattern, TSType } from './ast.ts'
import { idOf, isExpression, keyOf } from './ast.ts'
import { just, NOTHING, type Values } from './atoms.ts'
import { refine } from './declared-types.ts'
import { elementAt, elements } from './elements.ts'
import { Thing } from './heap.ts'
import type { Machine, Unit } from './machine.ts'
import { namesOf } from './names.ts'
import { isUnset, join, without } from './values.ts'

/** Declares names with what they hold. `type`: what an outer annotation says. */
export function bindPattern(
  pattern: BindingPattern | ParamPattern | BindingRestElement,
  values: Values,
  unit: Unit,
  machine: Machine,
): void {
  switch (pattern.type) {
    case 'Identifier': {
      const variable = unit.module.code.declared.get(pattern)
      const typed = annotated(values, pattern.typeAnnotation?.typeAnnotation, unit, machine)
      if (variable !== undefined) machine.put(machine.variable(variable, unit.frame), typed)
      return
    }
    case 'AssignmentPattern': {
      bindPattern(
        pattern.left,
        withDefault(values, () => machine.evaluate(pattern.right, unit)),
        unit,
        machine,
      )
      return
    }
    case 'TSParameterProperty': {
      bindPattern(pattern.parameter, values, unit, machine)
      const named = pattern.parameter.type === 'AssignmentPattern' ? pattern.parameter.left : pattern.parameter
      const variable = named.type === 'Identifier' ? unit.module.code.declared.get(named) : undefined
      if (variable === undefined) return
      const held = machine.variable(variable, unit.frame).see(unit)
      machine.write(unit.frame.self.see(unit), [variable.name], held, { node: pattern, unit, machine })
      return
    }
    case 'RestElement':
      bindPattern(
        pattern.argument,
        annotated(values, pattern.typeAnnotation?.typeAnnotation, unit, machine),
        unit,
        machine,
      )
      return
    case 'ArrayPattern': {
      const typed = annotated(values, pattern.typeAnnotation?.typeAnnotation, unit, machine)
      pattern.elements.forEach((element, index) => {
        if (element === null) return
        const part = element.type === 'RestElement' ? typed : elementAt(typed, index, { node: element, unit, machine })
        bindPattern(element, part, unit, machine)
      })
      return
    }
    case 'ObjectPattern': {
      const typed = annotated(values, pattern.typeAnnotation?.typeAnnotation, unit, machine)
      const taken: string[] = []
      for (const one of pattern.properties) {
        if (one.type === 'RestElement') {
          bindPattern(one.argument, restOf(typed, taken, one, unit, machine), unit, machine)
          continue
        }
        const names = namesOf(one.key, one.computed, unit, machine)
        taken.push(...names.filter((name) => name !== undefined))
        bindPattern(one.value, machine.read(typed, names, { node: one, unit, machine }), unit, machine)
      }
      return
    }
  }
}

function annotated(values: Values, type: TSType | undefined, unit: Unit, machine: Machine): Values {
  return type === undefined ? values : refine(values, type, unit, machine)
}

/** A value, and the default where it may be missing. */
export function withDefault(values: Values, fallback: () => Values): Values {
  const kept = without(values, isUnset)
  return kept === values && values.size > 0 ? values : join(kept, fallback())
}

// What is left of an object once some of its members are taken.
function restOf(values: Values, taken: readonly string[], node: Node, unit: Unit, machine: Machine): Values {
  const left = new Thing(`rest:${idOf(node)}/${unit.id}`, 'plain')
  const kept = machine.once(left.id, () => left, isThing)
  for (const atom of values.values()) {
    if (!(atom instanceof Thing)) {
      machine.put(kept.bases, just(atom))
      continue
    }
    for (const [name, held] of atom.entries(unit)) {
      if (taken.includes(name)) continue
      machine.enter(kept, name, held)
    }
    machine.put(kept.rest, atom.rest.see(unit))
  }
  return just(kept)
}

export const isThing = (value: unknown): value is Thing => value instanceof Thing

/** Assigns to names, members, or a pattern of them. */
export function assign(target: AssignmentTarget, values: Values, unit: Unit, machine: Machine): void {
  switch (target.type) {
    case 'ArrayPattern':
      target.elements.forEach((element, index) => {
        if (element === null) return
        if (element.type === 'RestElement') assign(element.argument, values, unit, machine)
        else assignPart(element, elementAt(values, index, { node: element, unit, machine }), unit, machine)
      })
      return
    case 'ObjectPattern':
      for (const one of target.properties) {
        if (one.type === 'RestElement') {
          assign(one.argument, values, unit, machine)
          continue
        }
        const name = keyOf(one.key, one.computed)
        assignPart(one.value, machine.read(values, [name], { node: one, unit, machine }), unit, machine)
      }
      return
    default:
      assignTo(target, values, unit, machine)
  }
}

function assignPart(target: Node, values: Values, unit: Unit, machine: Machine): void {
  if (target.type === 'AssignmentPattern') {
    const filled = withDefault(values, () => machine.evaluate(target.right, unit))
    assignPart(target.left, filled, unit, machine)
  } else if (isTargetPattern(target)) assign(target, values, unit, machine)
  else if (isExpression(target)) assignTo(target, values, unit, machine)
}

const isTargetPattern = (node: Node): node is Extract<AssignmentTarget, { type: 'ObjectPattern' | 'ArrayPattern' }> =>
  node.type === 'ObjectPattern' || node.type === 'ArrayPattern'

/** Assigns to a name or a member. */
export function assignTo(target: Node, values: Values, unit: Unit, machine: Machine): void {
  if (target.type === 'Identifier') {
    const variable = unit.module.code.references.get(target)
    if (variable !== undefined) machine.put(machine.variable(variable, unit.frame), values)
    else if (target.name === 'exports') machine.put(unit.module.common.member('exports'), values)
    return
  }
  if (target.type === 'MemberExpression') {
    if (target.object.type === 'Super') return
    const object = machine.evaluate(target.object, unit)
    const names = namesOf(target.property, target.computed, unit, machine)
    machine.write(object, names, values, { node: target, unit, machine })
    return
  }
  if (
    target.type === 'TSAsExpression' ||
    target.type === 'TSNonNullExpression' ||
    target.type === 'TSSatisfiesExpression' ||
    target.type === 'TSTypeAssertion'
  )
    assignTo(target.expression, values, unit, machine)
}

/** Declares the variable of a loop: each element, or each name. */
export function bindEach(left: Node, values: Values, unit: Unit, machine: Machine): void {
  if (left.type === 'VariableDeclaration') {
    for (const { id } of left.declarations) bindPattern(id, values, unit, machine)
  } else assignPart(left, values, unit, machine)
}

export const eachOf = (values: Values, node: Node, unit: Unit, machine: Machine): Values =>
  values.size === 0 ? NOTHING : elements(values, { node, unit, machine })
