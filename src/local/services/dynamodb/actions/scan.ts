// Scan: the whole table or index, or one segment of it.
import type { JsonObject } from '../../../../aws/protocol/json.ts'
import type { Range } from '../../../store.ts'
import type { Action } from '../action.ts'
import { check, type Rules } from '../constraints.ts'
import { readPlaceholders } from '../expressions/read.ts'
import { checkExpressionMembers, nameOfTable } from '../item-input.ts'
import { allIndexRows, allItems, RING, ringPart, toHashPart } from '../keys.ts'
import {
  checkProjected,
  checkStart,
  findIndex,
  LEGACY,
  PAGE_RULES,
  readShow,
  readStart,
  SHAPES,
} from '../page-input.ts'
import { type Reading, readPage, toPageAnswer } from '../pages.ts'
import { invalid } from '../problems.ts'
import { tableOf } from '../room.ts'
import { checkShapes, toBoolean } from '../shapes.ts'
import type { Index, Table } from '../table.ts'
import { attributeOf, type Item } from '../values.ts'

const RULES: Rules = {
  ...PAGE_RULES,
  Segment: { is: 'number', least: 0, most: 999_999 },
  TotalSegments: { is: 'number', least: 1, most: 1_000_000 },
  ScanFilter: LEGACY,
}

export const scan: Action = async ({ room, input }) => {
  checkShapes(input, SHAPES)
  check(input, RULES)
  checkExpressionMembers(
    input,
    ['ProjectionExpression', 'FilterExpression'],
    ['AttributesToGet', 'ScanFilter', 'ConditionalOperator'],
    'older',
  )
  const start = readStart(input, 'older')
  const segment = readSegment(input)
  const given = readPlaceholders(input, 'older')
  const show = readShow(input, 'ScanFilter', given, 'older')
  given.checkAllUsed()
  const table = tableOf(room, nameOfTable(input))
  const index = findIndex(table, input)
  checkStart(table, index, start, true)
  if (start !== undefined && segment !== undefined) checkSegment(table, index, start, segment)
  const reading: Reading = {
    table,
    index,
    rows: toRows(index === undefined ? allItems(table) : allIndexRows(table, index.name), segment),
    isBackwards: false,
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

interface Segment {
  readonly number: number
  readonly total: number
}

function readSegment({ Segment: number, TotalSegments: total }: JsonObject): Segment | undefined {
  if (typeof number === 'number' && typeof total !== 'number')
    throw invalid(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    )
  if (typeof total !== 'number') return undefined
  if (typeof number !== 'number')
    throw invalid(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    )
  if (number >= total)
    throw invalid(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${number} is not less than TotalSegments: ${total}`,
    )
  return { number, total }
}

const boundary = ({ total }: Segment, number: number): number => Math.ceil((RING * number) / total)

function toRows(all: Pick<Range, 'start' | 'end'>, segment: Segment | undefined): Pick<Range, 'start' | 'end'> {
  if (segment === undefined) return all
  const { number, total } = segment
  const at = (place: number) => [...all.start, ringPart(place)]
  return {
    start: at(boundary(segment, number)),
    end: number + 1 === total ? all.end : at(boundary(segment, number + 1)),
  }
}

function checkSegment(table: Table, index: Index | undefined, start: Item, segment: Segment): void {
  const value = attributeOf(start, (index ?? table).key.hash.name)
  if (value === undefined) return
  const place = Number.parseInt(toHashPart(value).slice(0, 6), 16)
  const { number, total } = segment
  if (place < boundary(segment, number) || place >= boundary(segment, number + 1))
    throw invalid(
      `The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: ${total} Segment: ${number}`,
    )
}
