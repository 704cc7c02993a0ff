// Evaluates expressions: each kind of node to what it may be worth.
import { below, type Expression, isClass, isExpression, isFunction, type Node } from './ast.ts'
import { ANYTHING, just, NOTHING, one, UNDEFINED, type Values } from './atoms.ts'
import { evaluateCall, evaluateNew } from './calls.ts'
import { defineClass, readSuper } from './classes.ts'
import { refine } from './declared-types.ts'
import { listInOrder } from './elements.ts'
import { Thing } from './heap.ts'
import { evaluateArray, evaluateObject } from './literals.ts'
import type { Machine, Unit } from './machine.ts'
import { identifier, namesOf, selfOf } from './names.ts'
import { binary, unary } from './operators.ts'
import { assign, assignTo } from './patterns.ts'
import { decided } from './prune.ts'
import { concatenate, isAbsent, isUnset, join, knownTexts, truth, without } from './values.ts'

/** What an expression may be worth. */
export function evaluate(node: Expression, unit: Unit, machine: Machine): Values {
  machine.step()
  if (isFunction(node)) return machine.closure(node, unit.frame, unit.frame.home)
  if (isClass(node)) return defineClass(node, unit, machine)
  const inner = (one: Expression): Values => machine.evaluate(one, unit)
  switch (node.type) {
    case 'Literal':
      return literal(node)
    case 'TemplateLiteral': {
      const parts = node.quasis.flatMap(({ value }, index): Values[] => {
        const expression = node.expressions[index]
        const before = one(value.cooked ?? '')
        return expression === undefined ? [before] : [before, inner(expression)]
      })
      return concatenate(parts)
    }
    case 'Identifier':
      return identifier(node, unit, machine)
    case 'ThisExpression':
      return selfOf(unit)
    case 'ObjectExpression':
      return evaluateObject(node, unit, machine)
    case 'ArrayExpression':
      return evaluateArray(node, unit, machine)
    case 'MemberExpression': {
      const names = namesOf(node.property, node.computed, unit, machine)
      const site = { node, unit, machine }
      return node.object.type === 'Super' ? readSuper(names, site) : machine.read(inner(node.object), names, site)
    }
    case 'CallExpression':
      return evaluateCall(node, unit, machine)
    case 'NewExpression':
      return evaluateNew(node, unit, machine)
    case 'TaggedTemplateExpression': {
      const parts = node.quasi.expressions.map(inner)
      const site = { node, unit, machine }
      const strings = node.quasi.quasis.map(({ value }) => one(value.cooked ?? value.raw))
      const texts = listInOrder(strings, NOTHING, 'strings', site)
      return machine.call(inner(node.tag), UNDEFINED, { list: [texts, ...parts], rest: NOTHING }, site)
    }
    case 'ImportExpression': {
      const site = { node, unit, machine }
      return machine.modules.require(knownTexts(inner(node.source)), unit.module, site, true)
    }
    case 'AwaitExpression':
      return inner(node.argument)
    case 'YieldExpression':
      return evaluateYield(node.argument === null ? UNDEFINED : inner(node.argument), node.delegate, unit, machine)
    case 'ChainExpression':
    case 'TSNonNullExpression':
    case 'TSInstantiationExpression':
      return inner(node.expression)
    case 'ParenthesizedExpression':
      return inner(node.expression)
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
      return refine(inner(node.expression), node.typeAnnotation, unit, machine)
    case 'ConditionalExpression': {
      const test = inner(node.test)
      const holds = decided(node.test, test, unit)
      if (holds !== undefined) return inner(holds ? node.consequent : node.alternate)
      return join(inner(node.consequent), inner(node.alternate))
    }
    case 'LogicalExpression':
      return logical(node.operator, node.left, node.right, unit, machine)
    case 'AssignmentExpression':
      return evaluateAssignment(node, unit, machine)
    case 'SequenceExpression':
      return node.expressions.map(inner).at(-1) ?? UNDEFINED
    case 'BinaryExpression':
      return node.left.type === 'PrivateIdentifier'
        ? ANYTHING
        : binary(node.operator, inner(node.left), inner(node.right))
    case 'UnaryExpression':
      return unary(node.operator, inner(node.argument))
    case 'UpdateExpression': {
      assignTo(node.argument, ANYTHING, unit, machine)
      return ANYTHING
    }
    default:
      // Of what is not told apart, such as JSX, the parts still run.
      runParts(node, unit, machine)
      return ANYTHING
  }
}

function runParts(node: Node, unit: Unit, machine: Machine): void {
  for (const one of below(node)) {
    if (isExpression(one)) machine.evaluate(one, unit)
    else if (!one.type.startsWith('TS')) runParts(one, unit, machine)
  }
}

function literal(node: Extract<Expression, { type: 'Literal' }>): Values {
  const { value } = node
  const isPrimitive = value === null || ['string', 'number', 'boolean'].includes(typeof value)
  if (!isPrimitive || 'regex' in node) return ANYTHING
  return typeof value === 'object' || typeof value === 'bigint' ? one(null) : one(value)
}

function evaluateYield(value: Values, delegates: boolean, unit: Unit, machine: Machine): Values {
  if (!delegates) machine.put(unit.yields, value)
  else
    for (const atom of value.values())
      machine.put(unit.yields, atom instanceof Thing ? atom.everything(unit) : ANYTHING)
  return ANYTHING
}

function logical(
  operator: '||' | '&&' | '??',
  leftNode: Expression,
  rightNode: Expression,
  unit: Unit,
  machine: Machine,
): Values {
  const left = machine.evaluate(leftNode, unit)
  const holds = decided(leftNode, left, unit)
  if (operator === '&&') {
    if (holds === false) return left
    const right = machine.evaluate(rightNode, unit)
    return holds === true
      ? right
      : join(
          right,
          without(left, (atom) => truth(just(atom)) === true),
        )
  }
  if (operator === '||') {
    if (holds === true) return left
    // What the environment does not have is not there: the other side is taken.
    const kept = without(left, (atom) => isUnset(atom) || truth(just(atom)) === false)
    return join(kept, machine.evaluate(rightNode, unit))
  }
  const kept = without(left, isUnset)
  if (left.size > 0 && kept === left && [...left.values()].every((atom) => atom.kind === 'known')) return left
  return join(kept, machine.evaluate(rightNode, unit))
}

function evaluateAssignment(
  node: Extract<Expression, { type: 'AssignmentExpression' }>,
  unit: Unit,
  machine: Machine,
): Values {
  const right = machine.evaluate(node.right, unit)
  if (node.operator === '=') {
    assign(node.left, right, unit, machine)
    return right
  }
  const { left } = node
  if (left.type === 'ObjectPattern' || left.type === 'ArrayPattern') return right
  const before = machine.evaluate(left, unit)
  const after = combined(node.operator, before, right)
  assign(left, after, unit, machine)
  return join(without(before, isAbsent), after)
}

function combined(operator: string, before: Values, right: Values): Values {
  if (/^(?:\|\||&&|\?\?)=$/.test(operator)) return right
  // What is counted in a loop is any number.
  const counts = [...right.values()].every((atom) => atom.kind === 'known' && typeof atom.value === 'number')
  return operator === '+=' && !counts ? binary('+', before, right) : ANYTHING
}
