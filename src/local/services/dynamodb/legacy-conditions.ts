// The conditions of before there were expressions: Expected, and the filters and key conditions of queries and scans.
// Source: API reference, "Legacy conditional parameters"; the words are recorded by dynalite's tests.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import { areEqual, beginsWith, contains, orderOf } from './compare.ts'
import type { Layer } from './decimal.ts'
import { compares } from './expressions/evaluate.ts'
import { invalid, invalidParameter } from './problems.ts'
import { readValue } from './value-check.ts'
import { type AttributeType, type AttributeValue, attributeOf, type Item, typeOf } from './values.ts'

export const OPERATORS = [
  'IN',
  'NULL',
  'BETWEEN',
  'LT',
  'NOT_CONTAINS',
  'EQ',
  'GT',
  'NOT_NULL',
  'NE',
  'LE',
  'BEGINS_WITH',
  'GE',
  'CONTAINS',
] as const
export type Operator = (typeof OPERATORS)[number]

/** One attribute's condition. */
export interface LegacyCondition {
  readonly name: string
  readonly operator: Operator
  readonly values: readonly AttributeValue[]
}

const SCALARS: readonly AttributeType[] = ['S', 'N', 'B']
const TYPES: Readonly<Partial<Record<Operator, readonly AttributeType[]>>> = {
  LE: SCALARS,
  LT: SCALARS,
  GE: SCALARS,
  GT: SCALARS,
  CONTAINS: SCALARS,
  NOT_CONTAINS: SCALARS,
  BEGINS_WITH: ['S', 'B'],
  BETWEEN: SCALARS,
}

/** KeyConditions, QueryFilter, ScanFilter. Their shapes and operators were checked. */
export function readConditions(raw: unknown, layer: Layer): LegacyCondition[] {
  return entriesOf(raw).map(([name, condition]) => {
    const operator = operatorOf(condition)
    const values = listOf(condition.AttributeValueList).map((one) => readValue(one, layer))
    checkValues(operator, values)
    return { name, operator, values }
  })
}

/** The Expected of a write. */
export function readExpected(raw: unknown, layer: Layer): LegacyCondition[] {
  return entriesOf(raw).map(([name, condition]) => readOneExpected(name, condition, layer))
}

function readOneExpected(name: string, condition: JsonObject, layer: Layer): LegacyCondition {
  const { AttributeValueList: list, Value: raw, ComparisonOperator: comparison, Exists: exists } = condition
  const hasList = list !== undefined && list !== null
  const hasValue = raw !== undefined && raw !== null
  const of = `for Attribute: ${name}`
  if (hasList && hasValue) throw invalidParameter(`Value and AttributeValueList cannot be used together ${of}`)
  const values = hasList ? listOf(list).map((one) => readValue(one, layer)) : hasValue ? [readValue(raw, layer)] : []
  if (comparison !== undefined && comparison !== null) {
    const operator = operatorOf(condition)
    if (exists !== undefined && exists !== null)
      throw invalidParameter(`Exists and ComparisonOperator cannot be used together ${of}`)
    if (!hasList && !hasValue && operator !== 'NULL' && operator !== 'NOT_NULL')
      throw invalidParameter(`Value or AttributeValueList must be used with ComparisonOperator: ${operator} ${of}`)
    checkValues(operator, values)
    return { name, operator, values }
  }
  if (hasList) throw invalidParameter(`AttributeValueList can only be used with a ComparisonOperator ${of}`)
  if (exists === false) {
    if (hasValue) throw invalidParameter(`Value cannot be used when Exists is false ${of}`)
    return { name, operator: 'NULL', values: [] }
  }
  if (!hasValue) throw invalidParameter(`Value must be provided when Exists is ${exists ?? null} ${of}`)
  return { name, operator: 'EQ', values }
}

function operatorOf({ ComparisonOperator: given }: JsonObject): Operator {
  const operator = OPERATORS.find((one) => one === given)
  if (operator === undefined) throw invalid(`Unsupported ComparisonOperator: ${String(given)}`)
  return operator
}

function checkValues(operator: Operator, values: readonly AttributeValue[]): void {
  if (!hasRightCount(operator, values.length))
    throw invalidParameter(`Invalid number of argument(s) for the ${operator} ComparisonOperator`)
  const [first, second] = values
  if (first === undefined) return
  if (values.some((one) => typeOf(one) !== typeOf(first)))
    throw invalidParameter('AttributeValues inside AttributeValueList must be of same type')
  const type = values.map(typeOf).find((one) => TYPES[operator]?.includes(one) === false)
  if (type !== undefined)
    throw invalidParameter(`ComparisonOperator ${operator} is not valid for ${type} AttributeValue type`)
  if (operator === 'BETWEEN' && second !== undefined && (orderOf(first, second) ?? 0) > 0)
    throw invalid('The BETWEEN condition was provided a range where the lower bound is greater than the upper bound')
}

function hasRightCount(operator: Operator, count: number): boolean {
  if (operator === 'NULL' || operator === 'NOT_NULL') return count === 0
  if (operator === 'IN') return count > 0
  return count === (operator === 'BETWEEN' ? 2 : 1)
}

/** Refuses an operator that joins nothing. Source: the words of DynamoDB Local. */
export function checkOperator(
  { ConditionalOperator: given }: JsonObject,
  conditions: readonly LegacyCondition[],
): void {
  if (given === undefined || given === null || conditions.length > 1) return
  if (conditions.length === 0) throw invalid('ConditionalOperator cannot be used without Filter or Expected')
  throw invalid('ConditionalOperator can only be used when Filter or Expected has two or more elements')
}

/** `isAny`: one of them is enough (ConditionalOperator OR). */
export function meets(item: Item, conditions: readonly LegacyCondition[], isAny = false): boolean {
  const holds = (condition: LegacyCondition): boolean => meetsOne(attributeOf(item, condition.name), condition)
  return isAny ? conditions.some(holds) : conditions.every(holds)
}

function meetsOne(value: AttributeValue | undefined, { operator, values }: LegacyCondition): boolean {
  const [first, second] = values
  switch (operator) {
    case 'NULL':
      return value === undefined
    case 'NOT_NULL':
      return value !== undefined
    case 'EQ':
      return compares('=', value, first)
    case 'NE':
      return compares('<>', value, first)
    case 'LT':
      return compares('<', value, first)
    case 'LE':
      return compares('<=', value, first)
    case 'GT':
      return compares('>', value, first)
    case 'GE':
      return compares('>=', value, first)
    case 'BETWEEN':
      return compares('<=', first, value) && compares('<=', value, second)
    case 'IN':
      return value !== undefined && values.some((one) => areEqual(value, one))
    case 'BEGINS_WITH':
      return value !== undefined && first !== undefined && beginsWith(value, first)
    case 'CONTAINS':
      return value !== undefined && first !== undefined && contains(value, first)
    case 'NOT_CONTAINS':
      return value === undefined || first === undefined || !contains(value, first)
  }
}

const listOf = (raw: unknown): readonly unknown[] => (Array.isArray(raw) ? raw : [])

function entriesOf(raw: unknown): [string, JsonObject][] {
  if (!isObject(raw)) return []
  return Object.entries(raw).map(([name, one]) => [name, isObject(one) ? one : {}])
}
