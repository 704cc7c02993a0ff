// BatchExecuteStatement: up to 25 statements, each for itself.
import { isObject, type JsonObject } from '../../../../aws/protocol/json.ts'
import { ServiceError } from '../../../../aws/protocol/service-error.ts'
import type { Action } from '../action.ts'
import { writeSpent } from '../capacity.ts'
import { check, returnCapacity } from '../constraints.ts'
import { textOf } from '../item-input.ts'
import { checkKey } from '../item-keys.ts'
import { itemKey } from '../keys.ts'
import { parseStatement } from '../partiql/parse.ts'
import { isKeyOnly, keyOf, select } from '../partiql/select.ts'
import type { Select, Statement } from '../partiql/statement.ts'
import { toReturned, toWrite } from '../partiql/writes.ts'
import { invalid } from '../problems.ts'
import { type Room, tableOf } from '../room.ts'
import { checkShapes, listOf, structureOf, text, toBoolean } from '../shapes.ts'
import type { Table } from '../table.ts'
import { Tally } from '../tally.ts'
import { readValue } from '../value-check.ts'
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
  const given = Array.isArray(input.Statements) ? input.Statements.filter(isObject) : []
  const members = given.map(read)
  checkKinds(members)
  checkTargets(room, members)
  const tally = new Tally()
  const responses: JsonObject[] = []
  for (const member of members) responses.push(await answerOne(room, member, tally))
  return { Responses: responses, ...tally.toAnswer(input.ReturnConsumedCapacity) }
}

interface Member {
  readonly given: JsonObject
  readonly statement: Statement | ServiceError
}

function read(given: JsonObject): Member {
  const parameters = parametersOf(given)
  // A value that is none refuses the whole request, a statement that is none only itself.
  for (const one of parameters) readValue(one, 'current')
  try {
    const statement = parseStatement(textOf(given, 'Statement') ?? '', parameters)
    if (statement.kind === 'exists') throw invalid('EXISTS is only supported in ExecuteTransaction.')
    return { given, statement }
  } catch (problem) {
    if (!(problem instanceof ServiceError)) throw problem
    return { given, statement: problem }
  }
}

const statementsOf = (members: readonly Member[]): readonly Statement[] =>
  members.flatMap(({ statement }) => (statement instanceof ServiceError ? [] : [statement]))

function checkKinds(members: readonly Member[]): void {
  const kinds = statementsOf(members).map(({ kind }) => kind === 'select')
  if (new Set(kinds).size > 1) throw invalid('Read and write requests together in the same batch is not supported.')
}

function checkTargets(room: Room, members: readonly Member[]): void {
  const targets = statementsOf(members).flatMap((statement) => targetOf(room, statement) ?? [])
  if (new Set(targets).size < targets.length) throw invalid('Provided list of item keys contains duplicates')
}

/** The one item that a statement is about, as a text; undefined where it does not say, or not rightly. */
export function targetOf(room: Room, statement: Statement): string | undefined {
  try {
    const table = tableOf(room, statement.table)
    if (statement.kind !== 'select') return itemKey(table, toWrite(statement).keyIn(table)).join('\n')
    const key = statement.index === undefined ? keyOf(table, statement.where, statement.given) : undefined
    if (key === undefined) return undefined
    checkKey(table.key, key)
    return itemKey(table, key).join('\n')
  } catch (problem) {
    // Told when the statement runs.
    if (problem instanceof ServiceError) return undefined
    throw problem
  }
}

async function answerOne(room: Room, { given, statement }: Member, tally: Tally): Promise<JsonObject> {
  try {
    if (statement instanceof ServiceError) throw statement
    const item = await execute(room, statement, given, tally)
    return { TableName: statement.table, ...(item === undefined ? {} : { Item: item }) }
  } catch (problem) {
    if (!(problem instanceof ServiceError)) throw problem
    const Code = codeOf(problem.type)
    const error = { Error: { Code, Message: problem.message } }
    // Source: recorded: the table is told of a statement that ran, not of one that is wrong in itself.
    return statement instanceof ServiceError || Code === 'ValidationError'
      ? error
      : { ...error, TableName: statement.table }
  }
}

// Source: recorded: the short names of the API reference, BatchStatementError.
const codeOf = (type: string): string =>
  type === 'ValidationException' ? 'ValidationError' : type.replace(/Exception$/, '')

async function execute(room: Room, statement: Statement, given: JsonObject, tally: Tally): Promise<Item | undefined> {
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
  const [, page] = select(room.store, table, statement, {
    limit: undefined,
    after: undefined,
    isConsistent,
    isNested: true,
  })
  tally.add(table, page.units)
  const [item] = page.items
  return item === undefined ? undefined : JSON.parse(item)
}

/** Source: recorded: the where clause names the key and nothing else. */
export function checkWholeKey(table: Table, { index, where, given }: Select, words: string): void {
  if (index !== undefined || !isKeyOnly(table, where, given)) throw invalid(words)
}
