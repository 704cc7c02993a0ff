// Query.
import type { JsonObject } from '../../../../aws/protocol/json.ts'
import type { Action } from '../action.ts'
import { areEqual } from '../compare.ts'
import { check, type Rules } from '../constraints.ts'
import { readCondition, readPlaceholders } from '../expressions/read.ts'
import { checkExpressionMembers, nameOfTable, textOf } from '../item-input.ts'
import { narrow, toKeyConditions, toWanted, type Wanted } from '../key-condition.ts'
import { indexPartitionOf, partitionOf } from '../keys.ts'
import { type LegacyCondition, meets, readConditions } from '../legacy-conditions.ts'
import {
  checkProjected,
  checkStart,
  findIndex,
  LEGACY,
  PAGE_RULES,
  readShow,
  readStart,
  SHAPES,
  type Show,
} from '../page-input.ts'
import { type Reading, readPage, toPageAnswer } from '../pages.ts'
import { invalid } from '../problems.ts'
import { tableOf } from '../room.ts'
import { checkShapes, toBoolean } from '../shapes.ts'
import { type Index, keyNames, type Table } from '../table.ts'
import { attributeOf, type Item } from '../values.ts'

const RULES: Rules = { ...PAGE_RULES, QueryFilter: LEGACY, KeyConditions: LEGACY }

interface Asked {
  readonly show: Show
  readonly conditions: readonly LegacyCondition[]
  readonly start: Item | undefined
}

export const query: Action = async ({ room, input }) => {
  checkShapes(input, SHAPES)
  // Source: recorded: worded otherwise than in Scan.
  if (typeof input.Limit === 'number' && input.Limit < 1)
    throw invalid(
      "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    )
  check(input, RULES)
  const { show, conditions, start } = read(input)
  const table = tableOf(room, nameOfTable(input))
  const index = findIndex(table, input)
  const wanted = toWanted(conditions, (index ?? table).key)
  checkStart(table, index, start, false)
  if (start !== undefined) checkBoundaries((index ?? table).key.hash.name, wanted, start)
  checkFiltered((index ?? table).key, show, input)
  const reading: Reading = {
    table,
    index,
    rows: narrow(rowsOf(table, index, wanted), wanted.sort),
    isBackwards: toBoolean(input.ScanIndexForward) === false,
    after: start,
    limit: typeof input.Limit === 'number' ? input.Limit : undefined,
    fetches: checkProjected(table, index, show),
    isConsistent: toBoolean(input.ConsistentRead) === true,
    filter: show.filter,
    projection: show.projection,
    isCount: show.select === 'COUNT',
  }
  return toPageAnswer(input, reading, readPage(room.store, reading))
}

const rowsOf = (table: Table, index: Index | undefined, { hash }: Wanted) =>
  index === undefined ? partitionOf(table, hash) : indexPartitionOf(table, index.name, hash)

function read(input: JsonObject): Asked {
  const expressions = ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression']
  const legacy = ['AttributesToGet', 'QueryFilter', 'ConditionalOperator']
  const isLegacyKey = input.KeyConditions != null && input.KeyConditionExpression == null
  checkExpressionMembers(input, expressions, isLegacyKey ? legacy : [...legacy, 'KeyConditions'], 'current')
  const start = readStart(input, 'current')
  if (input.KeyConditions == null && input.KeyConditionExpression == null)
    throw invalid('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.')
  const given = readPlaceholders(input, 'current')
  const text = textOf(input, 'KeyConditionExpression')
  const key = text === undefined ? undefined : readCondition('KeyConditionExpression', text, given)
  const show = readShow(input, 'QueryFilter', given, 'current')
  given.checkAllUsed()
  const conditions =
    key === undefined ? readConditions(input.KeyConditions, 'current') : toKeyConditions(key.tree, given)
  if (conditions.length !== 1 && conditions.length !== 2) throw invalid('Conditions can be of length 1 or 2 only')
  return { show, conditions, start }
}

function checkBoundaries(hashName: string, { hash, sort }: Wanted, start: Item): void {
  const value = attributeOf(start, hashName)
  const isSamePartition = value !== undefined && areEqual(value, hash)
  if (sort !== undefined && !meets(start, [sort]))
    throw invalid('The provided starting key does not match the range key predicate')
  if (isSamePartition) return
  throw invalid(
    sort === undefined
      ? 'The provided starting key is outside query boundaries based on provided conditions'
      : 'The query can return at most one row and cannot be restarted',
  )
}

function checkFiltered(key: Table['key'], { filtered }: Show, input: JsonObject): void {
  const name = keyNames(key).find((one) => filtered.some(([first]) => first === one))
  if (name === undefined) return
  const parameter = input.QueryFilter != null ? 'QueryFilter' : 'Filter Expression'
  throw invalid(`${parameter} can only contain non-primary key attributes: Primary key attribute: ${name}`)
}
