// BatchExecuteStatement: up to 25 statements, each for itself.
import { isObject, type JsonObject } from '../../../../aws/protocol/json.ts'
import { ServiceError } from '../../../../aws/protocol/service-error.ts'
import type { Action } from '../action.ts'
import { writeSpent } from '../capacity.ts'
import { check, returnCapacity } from '../constraints.ts'
import { textOf } from '../item-input.ts'
import { parseStatement } from '../partiql/parse.ts'
import { keyOf, select } from '../partiql/select.ts'
import type { Select, Statement } from '../partiql/statement.ts'
import { toReturned } from '../partiql/writes.ts'
import { DynamoError, invalid } from '../problems.ts'
import { type Room, tableOf } from '../room.ts'
import { checkShapes, listOf, structureOf, text, toBoolean } from '../shapes.ts'
import type { Table } from '../table.ts'
import { Tally } from '../tally.ts'
import type { Item } from '../values.ts'
import { parametersOf, runStatement, STATEMENT_RULES, STATEMENT_SHAPES } from './execute-statement.ts'

export const batchExecuteStatement: Action = async ({ room, input }) => {
  checkShapes(input, {
    Statements: listOf(structureOf('BatchStatementRequest', STATEMENT_SHAPES)),
    ReturnConsumedCapacity: text,
  })
  check(input, {
    ReturnConsumedCapacity: returnCapacity,
    Statements: {
      is: 'list',
      required: true,
      least: 1,
      most: 25,
      each: { is: 'structure', members: STATEMENT_RULES },
    },
  })
  const tally = new Tally()
  const responses: JsonObject[] = []
  for (const one of Array.isArray(input.Statements) ? input.Statements.filter(isObject) : [])
    responses.push(await answerOne(room, one, tally))
  return { Responses: responses, ...tally.toAnswer(input.ReturnConsumedCapacity) }
}

async function answerOne(room: Room, given: JsonObject, tally: Tally): Promise<JsonObject> {
  let statement: Statement | undefined
  try {
    statement = parseStatement(textOf(given, 'Statement') ?? '', parametersOf(given))
    const item = await execute(room, statement, given, tally)
    return { TableName: statement.table, ...(item === undefined ? {} : { Item: item }) }
  } catch (problem) {
    if (!(problem instanceof ServiceError)) throw problem
    const { Item: shown } = problem instanceof DynamoError ? problem.more : {}
    const error = {
      Code: codeOf(problem.type),
      Message: problem.message,
      ...(shown === undefined ? {} : { Item: shown }),
    }
    return { Error: error, ...(statement === undefined ? {} : { TableName: statement.table }) }
  }
}

// Source: recorded: the short names of the API reference, BatchStatementError.
const codeOf = (type: string): string =>
  type === 'ValidationException' ? 'ValidationError' : type.replace(/Exception$/, '')

async function execute(room: Room, statement: Statement, given: JsonObject, tally: Tally): Promise<Item | undefined> {
  if (statement.kind === 'exists') throw invalid('EXISTS is only supported in ExecuteTransaction.')
  if (statement.kind === 'select') return selectOne(room, statement, toBoolean(given.ConsistentRead) === true, tally)
  const { write, changed, table } = await runStatement(room, statement)
  tally.add(table, writeSpent(table, changed.before, changed.after))
  return toReturned(statement, write, changed)
}

/** The item of a SELECT that names a whole key. */
function selectOne(room: Room, statement: Select, isConsistent: boolean, tally: Tally): Item | undefined {
  const table = tableOf(room, statement.table)
  checkWholeKey(
    table,
    statement,
    'Select statements within BatchExecuteStatement must specify the primary key in the where clause.',
  )
  const [, page] = select(room.store, table, statement, { limit: undefined, after: undefined, isConsistent })
  tally.add(table, page.units)
  const [item] = page.items
  return item === undefined ? undefined : JSON.parse(item)
}

export function checkWholeKey(table: Table, { index, where, given }: Select, words: string): void {
  if (index !== undefined || keyOf(table, where, given) === undefined) throw invalid(words)
}
