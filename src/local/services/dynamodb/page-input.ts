// What Query and Scan have in common in their requests: filters, projections, Select, index, where to go on.
// Source: the order and words are recorded by dynalite's tests and in dynamodb-conformance.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import { attributesToGet } from './actions/get-item.ts'
import { type Rules, returnCapacity, tableName } from './constraints.ts'
import type { Layer } from './decimal.ts'
import type { Place, Placeholders } from './expressions/placeholders.ts'
import { project } from './expressions/project.ts'
import { readCondition, readProjection } from './expressions/read.ts'
import { projectedNames } from './index-rows.ts'
import { enveloped, textOf } from './item-input.ts'
import { checkKey, checkPlaces, keyOf } from './item-keys.ts'
import { checkOperator, type LegacyCondition, meets, OPERATORS, readConditions } from './legacy-conditions.ts'
import { startNames } from './pages.ts'
import { invalid, invalidParameter } from './problems.ts'
import {
  attributeValue,
  boolean,
  integer,
  item,
  listOf,
  mapOf,
  names,
  type Shape,
  structureOf,
  text,
  toBoolean,
} from './shapes.ts'
import { type Index, keyNames, type Table } from './table.ts'
import { readItem } from './value-check.ts'
import { attributeOf, type Item, typeOf } from './values.ts'

const CONDITIONS: Shape = mapOf(
  'Condition',
  structureOf('Condition', { AttributeValueList: listOf(attributeValue), ComparisonOperator: text }),
)
export const SHAPES: Readonly<Record<string, Shape>> = {
  TableName: text,
  IndexName: text,
  Limit: integer,
  Segment: integer,
  TotalSegments: integer,
  Select: text,
  AttributesToGet: listOf(text),
  ConditionalOperator: text,
  ConsistentRead: boolean,
  ScanIndexForward: boolean,
  ExclusiveStartKey: item,
  KeyConditions: CONDITIONS,
  QueryFilter: CONDITIONS,
  ScanFilter: CONDITIONS,
  KeyConditionExpression: text,
  FilterExpression: text,
  ProjectionExpression: text,
  ReturnConsumedCapacity: text,
  ExpressionAttributeValues: item,
  ExpressionAttributeNames: names,
}
export const INDEX_NAME = { is: 'text', pattern: '[a-zA-Z0-9_.-]+', least: 3, most: 255 } as const
export const LEGACY = {
  is: 'map',
  each: {
    is: 'structure',
    members: { ComparisonOperator: { is: 'text', required: true, choices: OPERATORS } },
  },
} as const
export const PAGE_RULES = {
  Limit: { is: 'number', least: 1 },
  ReturnConsumedCapacity: returnCapacity,
  AttributesToGet: { is: 'list', least: 1 },
  Select: { is: 'text', choices: ['SPECIFIC_ATTRIBUTES', 'COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES'] },
  ConditionalOperator: { is: 'text', choices: ['OR', 'AND'] },
  TableName: tableName,
  IndexName: INDEX_NAME,
} as const satisfies Rules

/** What is shown of which items. */
export interface Show {
  /** The places that a filter speaks of. */
  readonly filtered: readonly Place[]
  readonly filter: ((item: Item) => boolean) | undefined
  readonly places: readonly Place[]
  readonly projection: ((item: Item) => Item) | undefined
  readonly select: string | undefined
}

export function readShow(input: JsonObject, legacyFilter: string, given: Placeholders, layer: Layer): Show {
  const names = attributesToGet(input)
  const conditions = readConditions(input[legacyFilter], layer)
  const filterText = textOf(input, 'FilterExpression')
  checkOperator(input, conditions)
  const projectionText = textOf(input, 'ProjectionExpression')
  // Source: recorded: Query words this one like a constraint, Scan does not.
  if (layer === 'current') enveloped(() => checkSelect(input))
  else checkSelect(input)
  const filter = filterText === undefined ? undefined : readCondition('FilterExpression', filterText, given)
  const wanted = projectionText === undefined ? undefined : readProjection(projectionText, given)
  const isAny = input.ConditionalOperator === 'OR'
  const places = names?.map((name): Place => [name]) ?? wanted?.places
  return {
    filtered: filter?.places ?? conditions.map(({ name }): Place => [name]),
    filter: filter === undefined ? toFilter(conditions, isAny) : (one) => filter.holds(one),
    places: places ?? [],
    projection: places === undefined ? undefined : (one) => project(one, places),
    select: textOf(input, 'Select'),
  }
}

function toFilter(conditions: readonly LegacyCondition[], isAny: boolean): Show['filter'] {
  return conditions.length === 0 ? undefined : (one) => meets(one, conditions, isAny)
}

function checkSelect(input: JsonObject): void {
  const select = textOf(input, 'Select')
  const given = ['ProjectionExpression', 'AttributesToGet'].find((name) => input[name] != null)
  if (select === 'SPECIFIC_ATTRIBUTES' && given === undefined)
    throw invalid('Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES')
  if (given !== undefined && select !== undefined && select !== 'SPECIFIC_ATTRIBUTES')
    throw invalid(`Cannot specify the ${given} when choosing to get ${select === 'COUNT' ? 'only the Count' : select}`)
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && textOf(input, 'IndexName') === undefined)
    throw invalid('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName')
}

/** The index that is asked for. */
export function findIndex(table: Table, input: JsonObject): Index | undefined {
  const name = textOf(input, 'IndexName')
  if (name === undefined) return undefined
  const index = table.indexes.find((one) => one.name === name)
  if (index === undefined) throw invalid(`The table does not have the specified index: ${name}`)
  if (index.kind === 'global' && toBoolean(input.ConsistentRead) === true)
    throw invalid('Consistent reads are not supported on global secondary indexes')
  return index
}

/** Whether the items themselves are needed beside an index's rows. Refuses what a global index cannot show. */
export function checkProjected(table: Table, index: Index | undefined, show: Show): boolean {
  checkPlaces(table, show.places)
  checkPlaces(table, show.filtered)
  if (index === undefined || index.projection.type === 'ALL') return false
  const names = projectedNames(table, index)
  const unknown = (places: readonly Place[]): string[] => [
    ...new Set(places.map(([first]) => String(first)).filter((name) => !names.has(name))),
  ]
  const isAll = show.select === 'ALL_ATTRIBUTES'
  if (index.kind === 'local') return isAll || unknown([...show.places, ...show.filtered]).length > 0
  if (isAll)
    throw invalidParameter(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
    )
  const [shown, filtered] = [unknown(show.places), unknown(show.filtered)]
  if (shown.length > 0)
    throw invalidParameter(`Global secondary index ${index.name} does not project [${shown.join(', ')}]`)
  if (filtered.length > 0)
    throw invalidParameter(
      `Global secondary index ${index.name} does not project one or more filter attributes: [${filtered.join(', ')}]`,
    )
  return false
}

/** The ExclusiveStartKey's values; whether they are a key is seen with the table. */
export function readStart(input: JsonObject, layer: Layer): Item | undefined {
  if (!isObject(input.ExclusiveStartKey)) return undefined
  try {
    return readItem(input.ExclusiveStartKey, layer)
  } catch (problem) {
    if (problem instanceof Error) throw invalid(`The provided starting key is invalid: ${problem.message}`)
    throw problem
  }
}

/** Whether a starting key has what it takes to go on from it. */
export function checkStart(table: Table, index: Index | undefined, start: Item | undefined, isScan: boolean): void {
  if (start === undefined) return
  const wrong = invalid('The provided starting key is invalid')
  const needed = startNames(table, index)
  if (Object.keys(start).length !== needed.length)
    throw isScan && index === undefined
      ? invalid('The provided starting key is invalid: The provided key element does not match the schema')
      : wrong
  if (index !== undefined && keyNames(index.key).some((name) => attributeOf(start, name) === undefined)) throw wrong
  for (const part of index === undefined ? [] : [index.key.hash, index.key.sort]) {
    const value = part === undefined ? undefined : attributeOf(start, part.name)
    if (part !== undefined && value !== undefined && typeOf(value) !== part.type)
      throw invalid('The provided starting key is invalid')
  }
  try {
    checkKey(table.key, keyOf(table, start))
  } catch (problem) {
    if (problem instanceof Error) throw invalid(`The provided starting key is invalid: ${problem.message}`)
    throw problem
  }
}
