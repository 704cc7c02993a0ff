// The client behind a table's `query` and `scan`: page after page, as they are asked for.
import type { TableItem } from '../aws/events/table.ts'
import { Expression, toCondition, toKeyCondition } from './condition.ts'
import { fromItem } from './items.ts'
import type { Output, TablePlace } from './table-client.ts'
import { ask } from './table-client.ts'
import type { Page } from './table-words.ts'

type Plain = Readonly<Record<string, unknown>>

export interface Reading {
  /** Undefined: a scan. */
  readonly key?: Plain
  readonly index?: string
  readonly filter?: unknown
  readonly only?: readonly string[]
  readonly limit?: number
  readonly reverse?: boolean
  readonly consistent?: boolean
}

/** The request, without where it begins. */
function toRequest(place: TablePlace, { key, index, filter, only, reverse, consistent }: Reading): object {
  const bag = new Expression()
  const own = index === undefined ? place.key : place.indexes[index]
  if (own === undefined) throw new TypeError(`The table ${place.name} has no index ${index}.`)
  const keyed = key === undefined ? undefined : toKeyCondition(key, own[0] ?? '', bag)
  const filtered = filter === undefined ? '' : toCondition(filter, bag)
  const wanted = only?.map((path) => bag.path(path)).join(', ')
  return {
    TableName: place.name,
    ...(index === undefined ? {} : { IndexName: index }),
    ...(keyed === undefined ? {} : { KeyConditionExpression: keyed, ScanIndexForward: reverse !== true }),
    ...(filtered === '' ? {} : { FilterExpression: filtered }),
    ...(wanted === undefined ? {} : { ProjectionExpression: wanted }),
    ...(consistent === true ? { ConsistentRead: true } : {}),
    ...bag.fields(),
  }
}

const operationOf = ({ key }: Reading): string => (key === undefined ? 'Scan' : 'Query')

const itemsIn = ({ Items }: Output): Record<string, unknown>[] => (Array.isArray(Items) ? Items.map(fromItem) : [])

/** Every item, at most as many as `limit` says. */
export async function* read(place: TablePlace, reading: Reading): AsyncGenerator<Record<string, unknown>> {
  const request = toRequest(place, reading)
  const { limit = Number.POSITIVE_INFINITY, filter } = reading
  let left = limit
  let start: unknown
  while (left > 0) {
    const output = await ask(operationOf(reading), {
      ...request,
      // Behind a filter nobody knows how many must be read for one that is given.
      ...(left === Number.POSITIVE_INFINITY || filter !== undefined ? {} : { Limit: left }),
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    })
    for (const item of itemsIn(output)) {
      yield item
      if (--left === 0) return
    }
    start = output.LastEvaluatedKey
    if (start === undefined) return
  }
}

/** How many items there are; they stay where they are. */
export async function count(place: TablePlace, { only: _, ...reading }: Reading): Promise<number> {
  const request = toRequest(place, reading)
  const { limit = Number.POSITIVE_INFINITY } = reading
  let counted = 0
  let start: unknown
  do {
    const { Count, LastEvaluatedKey } = await ask(operationOf(reading), {
      ...request,
      Select: 'COUNT',
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    })
    counted += Number(Count)
    start = LastEvaluatedKey
  } while (start !== undefined && counted < limit)
  return Math.min(counted, limit)
}

/** One page. */
export async function page(place: TablePlace, reading: Reading, next?: string): Promise<Page<Record<string, unknown>>> {
  const output = await ask(operationOf(reading), {
    ...toRequest(place, reading),
    ...(reading.limit === undefined ? {} : { Limit: reading.limit }),
    ...(next === undefined ? {} : { ExclusiveStartKey: fromNext(next) }),
  })
  const { LastEvaluatedKey } = output
  return { items: itemsIn(output), next: LastEvaluatedKey === undefined ? undefined : toNext(LastEvaluatedKey) }
}

const toNext = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64')

// DynamoDB refuses a place outside of the query, so that a text from outside can lead nowhere else.
function fromNext(next: string): TableItem {
  try {
    const key: unknown = JSON.parse(Buffer.from(next, 'base64').toString('utf8'))
    if (typeof key === 'object' && key !== null) return key as TableItem
  } catch {
    // It is told below.
  }
  throw new TypeError('`next` is none that a page had.')
}
