// SELECT: a query where the hash key is told, a scan where it is not.
import type { Reader } from '../../../store.ts'
import { holds, valueAt } from '../expressions/evaluate.ts'
import type { Place } from '../expressions/placeholders.ts'
import { placesOfCondition } from '../expressions/places.ts'
import { project } from '../expressions/project.ts'
import type { Condition } from '../expressions/tree.ts'
import { projectedNames } from '../index-rows.ts'
import { narrow } from '../key-condition.ts'
import { allIndexRows, allItems, indexPartitionOf, partitionOf } from '../keys.ts'
import type { LegacyCondition, Operator } from '../legacy-conditions.ts'
import { type Page, type Reading, readPage } from '../pages.ts'
import { invalid, invalidParameter } from '../problems.ts'
import { type Index, type KeyAttribute, type KeySchema, keyNames, type Table } from '../table.ts'
import { type AttributeValue, emptyItem, type Item } from '../values.ts'
import { partsOf } from './parse.ts'
import type { Select, Statement } from './statement.ts'

export interface SelectOptions {
  readonly limit: number | undefined
  readonly after: Item | undefined
  readonly isConsistent: boolean
  /** Shows attributes where they lie in the item, as batches and transactions do. Source: DynamoDB Local. */
  readonly isNested?: true
}

export function select(reader: Reader, table: Table, statement: Select, options: SelectOptions): [Reading, Page] {
  const { where, given, order } = statement
  const index = findIndex(table, statement, options.isConsistent)
  const places = statement.paths?.map((path) => given.place(path))
  const fetches = index === undefined ? false : checkProjected(table, index, statement, places ?? [])
  const { rows, isPartition } = rowsOf(table, index, statement)
  if (order !== undefined) checkOrder(order.by, (index ?? table).key, where, isPartition)
  const reading: Reading = {
    ...options,
    table,
    index,
    rows,
    isBackwards: order?.isBackwards === true,
    fetches,
    filter: where === undefined ? undefined : (item) => holds(where, item, given),
    projection:
      places === undefined ? undefined : (item) => (options.isNested ? project(item, places) : show(item, places)),
    isCount: false,
  }
  return [reading, readPage(reader, reading)]
}

/** Source: recorded: a nested attribute comes under its own last name; DynamoDB Local: with the indexes behind it. */
export function show(item: Item, places: readonly Place[]): Item {
  const shown = emptyItem()
  for (const place of places) {
    const value = valueAt(item, place)
    const at = place.findLastIndex((step) => typeof step === 'string')
    const [name, ...indexes] = place.slice(at)
    if (value !== undefined) shown[`${name}${indexes.map((index) => `[${index}]`).join('')}`] = value
  }
  return shown
}

function findIndex(table: Table, statement: Select, isConsistent: boolean): Index | undefined {
  if (statement.index === undefined) return undefined
  const index = table.indexes.find(({ name }) => name === statement.index)
  if (index === undefined) throw invalid('The table does not have the specified index')
  if (index.kind === 'global' && isConsistent)
    throw invalid('Strongly consistent read is not supported on Global Secondary Indexes')
  return index
}

function checkProjected(table: Table, index: Index, { where, given }: Select, places: readonly Place[]): boolean {
  if (index.projection.type === 'ALL') return false
  const names = projectedNames(table, index)
  const missing = (all: readonly Place[]): string[] => [
    ...new Set(all.map(([first]) => String(first)).filter((name) => !names.has(name))),
  ]
  const filtered = where === undefined ? [] : missing(placesOfCondition(where, given))
  if (filtered.length > 0)
    throw invalidParameter(
      `Secondary index ${index.name} does not project one or more filter attributes: [${filtered.join(', ')}]`,
    )
  const shown = missing(places)
  if (shown.length > 0 && index.kind === 'global')
    throw invalidParameter(`Global secondary index ${index.name} does not project [${shown.join(', ')}]`)
  return shown.length > 0
}

function rowsOf(table: Table, index: Index | undefined, { where, given }: Select) {
  const { hash, sort } = (index ?? table).key
  const value = equalTo(hash, where, given)
  if (value === undefined)
    return { rows: index === undefined ? allItems(table) : allIndexRows(table, index.name), isPartition: false }
  const rows = index === undefined ? partitionOf(table, value) : indexPartitionOf(table, index.name, value)
  const condition = sort === undefined ? undefined : sortCondition(sort, where, given)
  return { rows: narrow(rows, condition), isPartition: true }
}

type Given = Statement['given']

/** The value that an attribute must have by the conditions. */
function equalTo({ name, type }: KeyAttribute, where: Condition | undefined, given: Given): AttributeValue | undefined {
  const found = partsOf(where)
    .map((part) => toSimple(part, given))
    .find((one) => one?.name === name && one.operator === 'EQ')?.values[0]
  return found !== undefined && type in found ? found : undefined
}

function sortCondition({ name, type }: KeyAttribute, where: Condition | undefined, given: Given) {
  return partsOf(where)
    .map((part) => toSimple(part, given))
    .find((one) => one?.name === name && one.values.every((value) => type in value))
}

const OPERATORS: Readonly<Record<string, Operator>> = { '=': 'EQ', '<': 'LT', '<=': 'LE', '>': 'GT', '>=': 'GE' }
const TURNED: Readonly<Partial<Record<Operator, Operator>>> = { LT: 'GT', LE: 'GE', GT: 'LT', GE: 'LE' }

/** A condition of one attribute against plain values, as keys are asked by. */
function toSimple(part: Condition, given: Given): LegacyCondition | undefined {
  if (part.kind === 'comparison') {
    const operator = OPERATORS[part.comparator]
    const [path, value] = part.left.kind === 'path' ? [part.left, part.right] : [part.right, part.left]
    if (operator === undefined || path.kind !== 'path' || value.kind !== 'value' || path.steps.length > 1)
      return undefined
    const isTurned = part.left.kind === 'value'
    const name = String(given.place(path)[0])
    return { name, operator: isTurned ? (TURNED[operator] ?? operator) : operator, values: [given.value(value.name)] }
  }
  const operands =
    part.kind === 'between' ? [part.operand, part.low, part.high] : part.kind === 'call' ? part.operands : []
  const [path, ...values] = operands
  if (path?.kind !== 'path' || path.steps.length > 1 || (part.kind === 'call' && part.name !== 'begins_with'))
    return undefined
  const read = values.flatMap((value) => (value.kind === 'value' ? [given.value(value.name)] : []))
  if (read.length !== values.length) return undefined
  return {
    name: String(given.place(path)[0]),
    operator: part.kind === 'between' ? 'BETWEEN' : 'BEGINS_WITH',
    values: read,
  }
}

function checkOrder(by: string, key: KeySchema, where: Condition | undefined, isPartition: boolean): void {
  if (where === undefined) throw invalid('Must have WHERE clause in the statement when using ORDER BY clause.')
  if (!isPartition)
    throw invalid('Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.')
  if (!keyNames(key).includes(by))
    throw invalid(`Variable reference ${by} in ORDER BY clause must be part of the primary key`)
}

/** Whether the conditions tell a key in full, and nothing else. */
export function isKeyOnly(table: Table, where: Condition | undefined, given: Given): boolean {
  const names = keyNames(table.key)
  const isEquality = (part: Condition): boolean => {
    const simple = toSimple(part, given)
    return simple?.operator === 'EQ' && names.includes(simple.name)
  }
  return keyOf(table, where, given) !== undefined && partsOf(where).every(isEquality)
}

/** The key that a statement's conditions tell in full, if they do. */
export function keyOf(table: Table, where: Condition | undefined, given: Given): Item | undefined {
  const key = emptyItem()
  const { hash, sort } = table.key
  for (const part of sort === undefined ? [hash] : [hash, sort]) {
    const value = partsOf(where)
      .map((one) => toSimple(one, given))
      .find((one) => one?.name === part.name && one.operator === 'EQ')?.values[0]
    if (value === undefined) return undefined
    key[part.name] = value
  }
  return key
}
