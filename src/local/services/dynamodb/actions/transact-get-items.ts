// TransactGetItems: up to a hundred items as they are at one moment.
import { isObject, type JsonObject } from '../../../../aws/protocol/json.ts'
import type { Action } from '../action.ts'
import { readUnits } from '../capacity.ts'
import { check, type Rules, required, returnCapacity, tableName } from '../constraints.ts'
import { checkKey, checkPlaces } from '../item-keys.ts'
import { itemKey } from '../keys.ts'
import { invalid } from '../problems.ts'
import { type Room, tableOf } from '../room.ts'
import { fromRow, type Row, readRow } from '../rows.ts'
import { checkShapes, item, listOf, names, structureOf, text } from '../shapes.ts'
import { nameOfTable, type Table } from '../table.ts'
import { Tally } from '../tally.ts'
import { cancelled, checkDistinct, NO_REASON, type Reason, toReason } from '../transaction.ts'
import { readItem } from '../value-check.ts'
import type { Item } from '../values.ts'
import { readWanted } from './get-item.ts'

const GET = { TableName: text, Key: item, ProjectionExpression: text, ExpressionAttributeNames: names }
const SHAPES = {
  TransactItems: listOf(structureOf('TransactGetItem', { Get: structureOf('Get', GET, true) })),
  ReturnConsumedCapacity: text,
}
const RULES: Rules = {
  ReturnConsumedCapacity: returnCapacity,
  TransactItems: {
    is: 'list',
    required: true,
    least: 1,
    most: 100,
    each: {
      is: 'structure',
      members: {
        Get: { is: 'structure', required: true, members: { Key: required({ is: 'map' }), TableName: tableName } },
      },
    },
  },
}

interface Wish {
  readonly table: string
  readonly wanted: ReturnType<typeof readWanted>
  keyIn(table: Table): Item
}

export const transactGetItems: Action = async ({ room, input }) => {
  checkShapes(input, SHAPES)
  check(input, RULES)
  const requests = Array.isArray(input.TransactItems) ? input.TransactItems.filter(isObject) : []
  const wishes = requests.map(({ Get }) => toWish(isObject(Get) ? Get : {}))
  checkDistinct(room, wishes)
  const tally = new Tally()
  const reasons: Reason[] = []
  const answers = wishes.map((wish) => {
    try {
      const { table, row } = find(room, wish)
      tally.add(table, { table: readUnits(row?.[0] ?? 0, true) }, 2)
      reasons.push(NO_REASON)
      if (row === undefined) return '{}'
      return `{"Item":${wish.wanted === undefined ? row[1] : JSON.stringify(wish.wanted.of(fromRow(row).item))}}`
    } catch (problem) {
      reasons.push(toReason(problem))
      return '{}'
    }
  })
  if (reasons.some((reason) => reason !== NO_REASON)) throw cancelled(reasons)
  const more = JSON.stringify(tally.toAnswer(input.ReturnConsumedCapacity, 'ReadCapacityUnits')).slice(1)
  return `{"Responses":[${answers.join(',')}]${more === '}' ? '' : ','}${more}`
}

function toWish(given: JsonObject): Wish {
  if (given.ExpressionAttributeNames != null && given.ProjectionExpression == null)
    throw invalid('ExpressionAttributeNames can only be specified when using expressions')
  const key = readItem(given.Key, 'older')
  const keyIn = (table: Table): Item => {
    checkKey(table.key, key)
    return key
  }
  return { table: nameOfTable(given.TableName), wanted: readWanted(given), keyIn }
}

function find(room: Room, { table: name, keyIn, wanted }: Wish): { table: Table; row: Row | undefined } {
  const table = tableOf(room, name)
  const row = readRow(room.store, itemKey(table, keyIn(table)))
  if (wanted !== undefined) checkPlaces(table, wanted.places)
  return { table, row }
}
