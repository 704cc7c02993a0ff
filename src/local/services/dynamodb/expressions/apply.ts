// An update applied to an item. Every value is worked out from the item as it was before.
// Source: which of several problems is told is DynamoDB Local's choice: attribute by attribute, the last name first.
import { compareBinaries, compareText } from '../compare.ts'
import { calculate, compareNumbers } from '../decimal.ts'
import { invalid } from '../problems.ts'
import { type AttributeValue, type Item, typeOf } from '../values.ts'
import { Draft } from './draft.ts'
import { valueAt, worth } from './evaluate.ts'
import type { Place, Placeholders } from './placeholders.ts'
import type { Operand, SetValue, Update, UpdateAction } from './tree.ts'

const wrongType = () => invalid('An operand in the update expression has an incorrect data type')
const missing = () => invalid('The provided expression refers to an attribute that does not exist in the item')
const wrongPath = () => invalid('The document path provided in the update expression is invalid for update')

interface Placed {
  readonly action: UpdateAction
  readonly place: Place
}

export function applyUpdate(update: Update, item: Item, given: Placeholders): Item {
  const placed = update.flat().map((action): Placed => ({ action, place: given.place(action.path) }))
  const values: (AttributeValue | undefined)[] = []
  for (const at of backwards(placed)) {
    const found = placed[at]
    if (found === undefined) continue
    const { action, place } = found
    if (!isWritable(item, place)) throw wrongPath()
    values[at] = newValue(action, place, item, given)
  }
  const draft = new Draft(item)
  for (const [at, { place }] of placed.entries()) {
    const value = values[at]
    if (value !== undefined) draft.set(place, value)
    else draft.remove(place)
  }
  return draft.finish()
}

/** The actions by what they write to, the last name first. */
function backwards(placed: readonly Placed[]): number[] {
  const nameOf = (at: number): string => String(placed[at]?.place[0])
  return [...placed.keys()].sort((left, right) => (nameOf(left) < nameOf(right) ? 1 : -1))
}

function isWritable(item: Item, place: Place): boolean {
  if (place.length === 1) return true
  const parent = valueAt(item, place.slice(0, -1))
  return parent !== undefined && (typeof place.at(-1) === 'number' ? 'L' in parent : 'M' in parent)
}

/** What is to stand at a place; undefined: nothing. */
function newValue(action: UpdateAction, place: Place, item: Item, given: Placeholders): AttributeValue | undefined {
  if (action.section === 'REMOVE') return undefined
  if (action.section === 'SET') {
    const value = setValue(action.value, item, given)
    if (value === undefined) throw missing()
    return value
  }
  const value = given.value(action.value.name)
  const current = valueAt(item, place)
  if (current !== undefined && typeOf(current) !== typeOf(value)) throw wrongType()
  return action.section === 'ADD' ? sum(current, value) : difference(current, value)
}

function setValue(value: SetValue, item: Item, given: Placeholders): AttributeValue | undefined {
  if (value.kind !== 'arithmetic') return operandValue(value, item, given)
  const other = operandValue(value.right, item, given)
  const left = numberOf(operandValue(value.left, item, given))
  const right = left === undefined ? undefined : numberOf(other)
  return left === undefined || right === undefined ? undefined : calculated(left, value.operator, right)
}

function operandValue(operand: Operand, item: Item, given: Placeholders): AttributeValue | undefined {
  if (operand.kind !== 'call') return worth(operand, item, given)
  const [first, second] = operand.operands
  if (first === undefined || second === undefined) return undefined
  if (operand.name === 'if_not_exists') {
    const value = worth(first, item, given) ?? operandValue(second, item, given)
    if (value === undefined) throw missing()
    return value
  }
  const other = operandValue(second, item, given)
  const left = listOf(operandValue(first, item, given))
  const right = left === undefined ? undefined : listOf(other)
  return left === undefined || right === undefined ? undefined : { L: [...left, ...right] }
}

function numberOf(value: AttributeValue | undefined): string | undefined {
  if (value === undefined) return undefined
  if (!('N' in value)) throw wrongType()
  return value.N
}

function listOf(value: AttributeValue | undefined): readonly AttributeValue[] | undefined {
  if (value === undefined) return undefined
  if (!('L' in value)) throw wrongType()
  return value.L
}

function calculated(left: string, operator: '+' | '-', right: string): AttributeValue {
  const result = calculate(left, operator, right)
  if ('problem' in result) throw invalid(result.problem)
  return { N: result.text }
}

/** What ADD leaves. */
export function sum(current: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (current === undefined) return value
  if ('N' in current && 'N' in value) return calculated(current.N, '+', value.N)
  if ('SS' in current && 'SS' in value) return { SS: union(current.SS, value.SS).sort(compareText) }
  if ('NS' in current && 'NS' in value) return { NS: union(current.NS, value.NS).sort(compareNumbers) }
  if ('BS' in current && 'BS' in value) return { BS: union(current.BS, value.BS).sort(compareBinaries) }
  throw wrongType()
}

/** What DELETE leaves of a set; of an emptied one nothing. */
export function difference(current: AttributeValue | undefined, value: AttributeValue): AttributeValue | undefined {
  if (current === undefined) return undefined
  if ('SS' in current && 'SS' in value) return filled(without(current.SS, value.SS), (SS) => ({ SS }))
  if ('NS' in current && 'NS' in value) return filled(without(current.NS, value.NS), (NS) => ({ NS }))
  if ('BS' in current && 'BS' in value) return filled(without(current.BS, value.BS), (BS) => ({ BS }))
  throw wrongType()
}

const union = (set: readonly string[], more: readonly string[]): string[] => [...new Set([...set, ...more])]

function without(set: readonly string[], less: readonly string[]): string[] {
  const gone = new Set(less)
  return set.filter((one) => !gone.has(one))
}

const filled = (set: string[], wrap: (set: string[]) => AttributeValue): AttributeValue | undefined =>
  set.length === 0 ? undefined : wrap(set)
