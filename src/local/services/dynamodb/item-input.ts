// The members of requests on single items: their types, their constraints, and which go together.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import { check, type Rules, required, returnCapacity, tableName } from './constraints.ts'
import type { Layer } from './decimal.ts'
import { OPERATORS } from './legacy-conditions.ts'
import { invalid } from './problems.ts'
import {
  attributeField,
  attributeValue,
  boolean,
  checkShapes,
  item,
  listOf,
  mapOf,
  names,
  type Shape,
  structureOf,
  text,
} from './shapes.ts'
import { nameOfTable as nameOf } from './table.ts'

const EXPECTED: Shape = mapOf(
  'ExpectedAttributeValue',
  structureOf('ExpectedAttributeValue', {
    AttributeValueList: listOf(attributeValue),
    ComparisonOperator: text,
    Exists: boolean,
    Value: attributeField,
  }),
)
const UPDATES: Shape = mapOf(
  'AttributeValueUpdate',
  structureOf('AttributeValueUpdate', { Action: text, Value: attributeField }),
)

const SHAPES: Readonly<Record<string, Shape>> = {
  TableName: text,
  Item: item,
  Key: item,
  Expected: EXPECTED,
  AttributeUpdates: UPDATES,
  AttributesToGet: listOf(text),
  ConsistentRead: boolean,
  ConditionalOperator: text,
  ReturnConsumedCapacity: text,
  ReturnItemCollectionMetrics: text,
  ReturnValues: text,
  ReturnValuesOnConditionCheckFailure: text,
  ConditionExpression: text,
  UpdateExpression: text,
  ProjectionExpression: text,
  ExpressionAttributeValues: item,
  ExpressionAttributeNames: names,
}

const TABLE = { ...tableName, most: 255 }
/** Source: recorded: of an empty name only its length is told. */
const UNNAMED = { is: 'text', least: 1 } as const
const KEY = required({ is: 'map' })
const METRICS = { is: 'text', choices: ['SIZE', 'NONE'] } as const
const RETURN = { is: 'text', choices: ['ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW'] } as const
const ON_FAILURE = { is: 'text', choices: ['ALL_OLD', 'NONE'] } as const
const CONDITIONAL = { is: 'text', choices: ['OR', 'AND'] } as const
const LEGACY = {
  is: 'map',
  each: { is: 'structure', members: { ComparisonOperator: { is: 'text', choices: OPERATORS } } },
} as const

const UPDATE = {
  is: 'map',
  each: { is: 'structure', members: { Action: { is: 'text', choices: ['ADD', 'PUT', 'DELETE'] } } },
} as const

/** In the order in which AWS tells what is wrong with them. */
const RULES = {
  GetItem: {
    AttributesToGet: { is: 'list', least: 1 },
    ReturnConsumedCapacity: returnCapacity,
    Key: KEY,
    TableName: TABLE,
  },
  PutItem: {
    ReturnConsumedCapacity: returnCapacity,
    TableName: TABLE,
    Item: KEY,
    ReturnValues: RETURN,
    ReturnItemCollectionMetrics: METRICS,
    ReturnValuesOnConditionCheckFailure: ON_FAILURE,
    ConditionalOperator: CONDITIONAL,
    Expected: LEGACY,
  },
  UpdateItem: {
    AttributeUpdates: UPDATE,
    ReturnConsumedCapacity: returnCapacity,
    TableName: TABLE,
    ReturnItemCollectionMetrics: METRICS,
    ReturnValues: RETURN,
    ReturnValuesOnConditionCheckFailure: ON_FAILURE,
    ConditionalOperator: CONDITIONAL,
    Key: KEY,
    Expected: LEGACY,
  },
  DeleteItem: {
    ReturnConsumedCapacity: returnCapacity,
    TableName: TABLE,
    ReturnValues: RETURN,
    ReturnItemCollectionMetrics: METRICS,
    ReturnValuesOnConditionCheckFailure: ON_FAILURE,
    ConditionalOperator: CONDITIONAL,
    Key: KEY,
    Expected: LEGACY,
  },
} as const satisfies Readonly<Record<string, Rules>>

/** Throws what is wrong with the types or the constraints of an input's members. */
export function checkInput(action: keyof typeof RULES, input: JsonObject): void {
  checkShapes(input, SHAPES)
  const rules: Rules = RULES[action]
  check(input, input.TableName === '' ? { ...rules, TableName: UNNAMED } : rules)
}

/** The name in a `TableName`, which may be an ARN. */
export const nameOfTable = (input: JsonObject): string => nameOf(input.TableName)

/** A text whose type was checked. */
export function textOf(input: JsonObject, name: string): string | undefined {
  const value = input[name]
  return typeof value === 'string' ? value : undefined
}

const isThere = (input: JsonObject, name: string): boolean => input[name] !== undefined && input[name] !== null

/** Expressions and what there was before them exclude each other; names and values need an expression. */
export function checkExpressionMembers(
  input: JsonObject,
  expressions: readonly string[],
  legacy: readonly string[],
  layer: Layer,
): void {
  const given = expressions.filter((name) => isThere(input, name))
  const old = legacy.filter((name) => isThere(input, name))
  if (given.length > 0 && old.length > 0)
    throw invalid(
      `Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {${old.join(', ')}} Expression parameters: {${given.join(', ')}}`,
    )
  if (given.length === 0 && isThere(input, 'ExpressionAttributeNames'))
    throw invalid('ExpressionAttributeNames can only be specified when using expressions')
  const withValues = expressions.filter((name) => name !== 'ProjectionExpression')
  if (withValues.length === 0 || !isThere(input, 'ExpressionAttributeValues')) return
  if (withValues.some((name) => isThere(input, name))) return
  const tail = `: ${withValues.join(' and ')} ${withValues.length > 1 ? 'are' : 'is'} null`
  throw invalid(
    `ExpressionAttributeValues can only be specified when using expressions${layer === 'older' ? tail : ''}`,
  )
}

/** Source: recorded: writes of single items word what is wrong with a request like the constraints of its members. */
export function enveloped<T>(work: () => T): T {
  try {
    return work()
  } catch (problem) {
    if (!(problem instanceof ServiceError) || problem.type !== 'ValidationException') throw problem
    throw invalid(`1 validation error detected: ${problem.message}`)
  }
}
