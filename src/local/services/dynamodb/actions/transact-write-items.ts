// TransactWriteItems: up to a hundred writes and checks, all or nothing.
import { isObject, type JsonObject } from '../../../../aws/protocol/json.ts'
import type { Action } from '../action.ts'
import { writeSpent } from '../capacity.ts'
import { check, type Rules, required, returnCapacity, tableName } from '../constraints.ts'
import { metricsOf } from '../item-answer.ts'
import { textOf } from '../item-input.ts'
import { type ItemWrite, prepareCheck, prepareDelete, preparePut, prepareUpdate } from '../item-writes.ts'
import { invalid } from '../problems.ts'
import { checkShapes, item, listOf, names, structureOf, text } from '../shapes.ts'
import { sizeOfItem } from '../size.ts'
import { Tally } from '../tally.ts'
import { replayTally, transact } from '../transaction.ts'
import { readItem } from '../value-check.ts'

const ACTION = {
  TableName: text,
  Item: item,
  Key: item,
  ConditionExpression: text,
  UpdateExpression: text,
  ExpressionAttributeNames: names,
  ExpressionAttributeValues: item,
  ReturnValuesOnConditionCheckFailure: text,
}
const SHAPES = {
  TransactItems: listOf(
    structureOf('TransactWriteItem', {
      Put: structureOf('Put', ACTION, true),
      Update: structureOf('Update', ACTION, true),
      Delete: structureOf('Delete', ACTION, true),
      ConditionCheck: structureOf('ConditionCheck', ACTION, true),
    }),
  ),
  ClientRequestToken: text,
  ReturnConsumedCapacity: text,
  ReturnItemCollectionMetrics: text,
}
const KEY = required({ is: 'map' })
const EXPRESSION = required({ is: 'text' })
const ON_FAILURE = { is: 'text', choices: ['ALL_OLD', 'NONE'] } as const
const actionOf = (members: Rules): Rules[string] => ({
  is: 'structure',
  members: { TableName: tableName, ReturnValuesOnConditionCheckFailure: ON_FAILURE, ...members },
})
const RULES: Rules = {
  ReturnConsumedCapacity: returnCapacity,
  ReturnItemCollectionMetrics: { is: 'text', choices: ['SIZE', 'NONE'] },
  ClientRequestToken: { is: 'text', least: 1, most: 36 },
  TransactItems: {
    is: 'list',
    required: true,
    least: 1,
    most: 100,
    each: {
      is: 'structure',
      members: {
        ConditionCheck: actionOf({ ConditionExpression: EXPRESSION, Key: KEY }),
        Put: actionOf({ Item: KEY }),
        Delete: actionOf({ Key: KEY }),
        Update: actionOf({ UpdateExpression: EXPRESSION, Key: KEY }),
      },
    },
  },
}

export const transactWriteItems: Action = async ({ room, input }) => {
  checkShapes(input, SHAPES)
  check(input, RULES)
  const { ReturnConsumedCapacity, ReturnItemCollectionMetrics, ClientRequestToken: _, ...payload } = input
  const requests = Array.isArray(input.TransactItems) ? input.TransactItems.filter(isObject) : []
  const writes = requests.map(prepare)
  checkSize(requests)
  const token = textOf(input, 'ClientRequestToken') ?? ''
  const done = await transact(room, writes, { token, input: payload })
  if (done === undefined) return replayTally(room, writes).toAnswer(ReturnConsumedCapacity, 'ReadCapacityUnits')
  const tally = new Tally()
  const metrics: Record<string, unknown[]> = {}
  for (const { table, changed } of done) {
    tally.add(table, writeSpent(table, changed.before, changed.after), 2)
    const { ItemCollectionMetrics: told } = metricsOf(ReturnItemCollectionMetrics, table, changed)
    if (told !== undefined) metrics[table.name] = [...(metrics[table.name] ?? []), told]
  }
  return {
    ...tally.toAnswer(ReturnConsumedCapacity, 'WriteCapacityUnits'),
    ...(Object.keys(metrics).length === 0 ? {} : { ItemCollectionMetrics: metrics }),
  }
}

function prepare({ Put, Update, Delete, ConditionCheck }: JsonObject): ItemWrite {
  const given = [Put, Update, Delete, ConditionCheck].filter(isObject)
  if (given.length > 1) throw invalid('TransactItems can only contain one of Check, Put, Update or Delete')
  if (isObject(Put)) return preparePut(Put, 'older')
  if (isObject(Update)) return prepareUpdate(Update, 'older')
  if (isObject(Delete)) return prepareDelete(Delete, 'older')
  if (isObject(ConditionCheck)) return prepareCheck(ConditionCheck, 'older')
  throw invalid('Invalid Request: TransactWriteRequest should contain Delete or Put or Update request')
}

const MOST_BYTES = 4 * 1024 * 1024

// Source: "TransactWriteItems": the items together hold at most 4 MB; what is written to them is what is known of them here.
function checkSize(requests: readonly JsonObject[]): void {
  let size = 0
  for (const { Put } of requests) if (isObject(Put)) size += sizeOfItem(readItem(Put.Item, 'older'))
  if (size > MOST_BYTES) throw invalid('Collection size of the transaction request has exceeded the limit of 4 MB')
}
