// Whether a condition holds for an item, and what operands are worth in it.
import { areEqual, beginsWith, contains, countOf, orderOf } from '../compare.ts'
import { type AttributeValue, attributeOf, type Item, typeOf } from '../values.ts'
import type { Place, Placeholders } from './placeholders.ts'
import type { Call, Comparator, Condition, Operand } from './tree.ts'

export function holds(condition: Condition, item: Item, given: Placeholders): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.parts.every((part) => holds(part, item, given))
    case 'or':
      return condition.parts.some((part) => holds(part, item, given))
    case 'not':
      return !holds(condition.part, item, given)
    case 'call':
      return callHolds(condition, item, given)
    case 'comparison':
      return compares(condition.comparator, worth(condition.left, item, given), worth(condition.right, item, given))
    case 'between': {
      const value = worth(condition.operand, item, given)
      const isAbove = compares('<=', worth(condition.low, item, given), value)
      return isAbove && compares('<=', value, worth(condition.high, item, given))
    }
    case 'in': {
      const value = worth(condition.operand, item, given)
      return value !== undefined && condition.list.some((one) => isEqual(value, worth(one, item, given)))
    }
  }
}

const isEqual = (left: AttributeValue | undefined, right: AttributeValue | undefined): boolean =>
  left !== undefined && right !== undefined && areEqual(left, right)

/** What is missing is unlike everything, and neither more nor less than anything. */
export function compares(
  comparator: Comparator,
  left: AttributeValue | undefined,
  right: AttributeValue | undefined,
): boolean {
  if (comparator === '=') return isEqual(left, right)
  if (comparator === '<>') return !isEqual(left, right)
  const order = left === undefined || right === undefined ? undefined : orderOf(left, right)
  if (order === undefined) return false
  if (comparator === '<') return order < 0
  if (comparator === '<=') return order <= 0
  return comparator === '>' ? order > 0 : order >= 0
}

function callHolds({ name, operands }: Call, item: Item, given: Placeholders): boolean {
  const [first, second] = operands.map((operand) => worth(operand, item, given))
  if (name === 'attribute_exists') return first !== undefined
  if (name === 'attribute_not_exists') return first === undefined
  if (first === undefined || second === undefined) return false
  if (name === 'attribute_type') return 'S' in second && typeOf(first) === second.S
  return name === 'begins_with' ? beginsWith(first, second) : contains(first, second)
}

export function worth(operand: Operand, item: Item, given: Placeholders): AttributeValue | undefined {
  if (operand.kind === 'value') return given.value(operand.name)
  if (operand.kind === 'path') return valueAt(item, given.place(operand))
  const [of] = operand.operands
  const value = of === undefined ? undefined : worth(of, item, given)
  const count = value === undefined ? undefined : countOf(value)
  return count === undefined ? undefined : { N: String(count) }
}

/** The value at a place in an item, if there is one. */
export function valueAt(item: Item, place: Place): AttributeValue | undefined {
  return place.reduce<AttributeValue | undefined>(stepInto, { M: item })
}

function stepInto(value: AttributeValue | undefined, step: string | number): AttributeValue | undefined {
  if (value === undefined) return undefined
  if (typeof step === 'number') return 'L' in value ? value.L[step] : undefined
  return 'M' in value ? attributeOf(value.M, step) : undefined
}
