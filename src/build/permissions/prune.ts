// Which conditions are certain enough for a branch to be left out: only those made of constants and the environment.
import type { Expression } from './ast.ts'
import type { Values } from './atoms.ts'
import type { Unit } from './machine.ts'
import { compute, isKnown, truth } from './values.ts'

/** Whether a condition certainly holds or certainly does not; undefined where nobody can say for good. */
export function decided(test: Expression, values: Values, unit: Unit): boolean | undefined {
  // Of what is no plain value the engine may have seen only some.
  return isConstant(test, unit) && [...values.values()].every(isKnown) ? truth(values) : undefined
}

/** Whether one case of a `switch` is certainly meant, or certainly not. */
export function meant(
  discriminant: Expression,
  values: Values,
  test: Expression,
  other: Values,
  unit: Unit,
): boolean | undefined {
  if (!isConstant(discriminant, unit) || !isConstant(test, unit)) return undefined
  return truth(compute([values, other], (left, right) => left === right))
}

// A variable that is assigned again, a member or what a call gives may be more than the engine has seen.
function isConstant(node: Expression, unit: Unit): boolean {
  switch (node.type) {
    case 'Literal':
      return true
    case 'Identifier': {
      const variable = unit.module.code.references.get(node)
      return variable !== undefined && !unit.module.code.assigned.has(variable)
    }
    case 'TemplateLiteral':
      return node.expressions.every((one) => isConstant(one, unit))
    case 'UnaryExpression':
      return isConstant(node.argument, unit)
    case 'BinaryExpression':
      return node.left.type !== 'PrivateIdentifier' && isConstant(node.left, unit) && isConstant(node.right, unit)
    case 'LogicalExpression':
      return isConstant(node.left, unit) && isConstant(node.right, unit)
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
      return isConstant(node.expression, unit)
    case 'MemberExpression':
      return isEnvironment(node)
    default:
      return false
  }
}

function isEnvironment(node: Extract<Expression, { type: 'MemberExpression' }>): boolean {
  const { object } = node
  return (
    object.type === 'MemberExpression' &&
    object.object.type === 'Identifier' &&
    object.object.name === 'process' &&
    object.property.type === 'Identifier' &&
    object.property.name === 'env'
  )
}
