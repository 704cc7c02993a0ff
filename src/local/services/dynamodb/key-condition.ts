// Which items a query wants: one hash key, and a condition on the sort key, from an expression or in the words of before.
// Source: the words are recorded by dynalite's tests.
import { type Key, type Range, under } from '../../store.ts'
import type { Placeholders } from './expressions/placeholders.ts'
import type { Comparator, Condition, Operand } from './expressions/tree.ts'
import type { LegacyCondition, Operator } from './legacy-conditions.ts'
import { invalid, invalidParameter } from './problems.ts'
import { beginningWith, encodeSort } from './sort-order.ts'
import type { KeyAttribute, KeySchema } from './table.ts'
import type { AttributeValue } from './values.ts'

const COMPARATORS: Readonly<Partial<Record<Comparator, Operator>>> = {
  '=': 'EQ',
  '<': 'LT',
  '<=': 'LE',
  '>': 'GT',
  '>=': 'GE',
}
const TURNED: Readonly<Partial<Record<Operator, Operator>>> = { LT: 'GT', LE: 'GE', GT: 'LT', GE: 'LE' }

/** The conditions of a parsed KeyConditionExpression, one for each attribute. */
export function toKeyConditions(tree: Condition, given: Placeholders): LegacyCondition[] {
  const found: LegacyCondition[] = []
  collect(tree, given, found)
  return found
}

function collect(tree: Condition, given: Placeholders, found: LegacyCondition[]): void {
  if (tree.kind === 'and') {
    for (const part of tree.parts) collect(part, given, found)
    return
  }
  const condition = readOne(tree, given)
  if (found.some(({ name }) => name === condition.name))
    throw invalid('KeyConditionExpressions must only contain one condition per key')
  found.push(condition)
}

function readOne(tree: Exclude<Condition, { kind: 'and' }>, given: Placeholders): LegacyCondition {
  switch (tree.kind) {
    case 'or':
    case 'not':
    case 'in':
      throw invalid(`Invalid operator used in KeyConditionExpression: ${tree.kind.toUpperCase()}`)
    case 'comparison': {
      const operator = COMPARATORS[tree.comparator]
      if (operator === undefined) throw invalid(`Invalid operator used in KeyConditionExpression: ${tree.comparator}`)
      return toCondition(operator, [tree.left, tree.right], given)
    }
    case 'between':
      if (tree.operand.kind !== 'path') throw notFirst('BETWEEN')
      return toCondition('BETWEEN', [tree.operand, tree.low, tree.high], given)
    case 'call':
      if (tree.name !== 'begins_with') throw invalid(`Invalid operator used in KeyConditionExpression: ${tree.name}`)
      if (tree.operands[0]?.kind !== 'path') throw notFirst('begins_with')
      return toCondition('BEGINS_WITH', tree.operands, given)
  }
}

const notFirst = (operator: string) =>
  invalid(
    `Invalid condition in KeyConditionExpression: ${operator} operator must have the key attribute as its first operand`,
  )

function toCondition(operator: Operator, operands: readonly Operand[], given: Placeholders): LegacyCondition {
  if (operands.some(({ kind }) => kind === 'call'))
    throw invalid('KeyConditionExpressions cannot contain nested operations')
  const paths = operands.filter((operand) => operand.kind === 'path').map((path) => given.place(path))
  const [place] = paths
  if (paths.length > 1)
    throw invalid('Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition')
  if (place === undefined) throw invalid('Invalid condition in KeyConditionExpression: No key attribute specified')
  if (place.length > 1) throw invalid('KeyConditionExpressions cannot have conditions on nested attributes')
  const values = operands.flatMap((operand) => (operand.kind === 'value' ? [given.value(operand.name)] : []))
  const isTurned = operands[0]?.kind === 'value'
  return { name: String(place[0]), operator: isTurned ? (TURNED[operator] ?? operator) : operator, values }
}

/** A query's conditions, held against the key that it is asked by. */
export interface Wanted {
  readonly hash: AttributeValue
  readonly sort: LegacyCondition | undefined
}

const NOT_INDEXABLE: readonly Operator[] = ['NULL', 'NOT_NULL', 'NE', 'CONTAINS', 'NOT_CONTAINS', 'IN']

export function toWanted(conditions: readonly LegacyCondition[], { hash, sort }: KeySchema): Wanted {
  const find = (key: KeyAttribute): LegacyCondition | undefined => {
    const condition = conditions.find(({ name }) => name === key.name)
    if (condition === undefined) return undefined
    if (NOT_INDEXABLE.includes(condition.operator))
      throw invalid('Attempted conditional constraint is not an indexable operation')
    if (condition.values.some((value) => !(key.type in value)))
      throw invalidParameter('Condition parameter type does not match schema type')
    return condition
  }
  const missed = (name: string) => invalid(`Query condition missed key schema element: ${name}`)
  if (sort === undefined && conditions.length > 1) throw invalid('Query key condition not supported')
  const first = find(hash)
  if (first === undefined) throw missed(hash.name)
  const [value] = first.values
  if (first.operator !== 'EQ' || value === undefined) throw invalid('Query key condition not supported')
  const second = sort === undefined ? undefined : find(sort)
  if (sort !== undefined && second === undefined && conditions.length > 1) throw missed(sort.name)
  return { hash: value, sort: second }
}

type Rows = Pick<Range, 'start' | 'end'>

/** Narrows the rows of one hash key to those whose sort key fits. */
export function narrow(rows: Rows, condition: LegacyCondition | undefined): Rows {
  const [first, second] = condition?.values ?? []
  if (condition === undefined || first === undefined) return rows
  const at = (value: AttributeValue): Key => [...rows.start, encodeSort(value)]
  const behind = (value: AttributeValue): Key => under(...at(value)).end
  switch (condition.operator) {
    case 'LT':
      return { start: rows.start, end: at(first) }
    case 'LE':
      return { start: rows.start, end: behind(first) }
    case 'GT':
      return { start: behind(first), end: rows.end }
    case 'GE':
      return { start: at(first), end: rows.end }
    case 'BETWEEN':
      return { start: at(first), end: behind(second ?? first) }
    case 'BEGINS_WITH': {
      const { start, end } = beginningWith(first)
      return { start: [...rows.start, start], end: [...rows.start, end] }
    }
    default:
      return { start: at(first), end: behind(first) }
  }
}
