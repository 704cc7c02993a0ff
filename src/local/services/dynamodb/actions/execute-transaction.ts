// ExecuteTransaction: up to a hundred statements, all or nothing; all of them read, or all of them write.
import { isObject, type JsonObject } from '../../../../aws/protocol/json.ts'
import type { Action } from '../action.ts'
import { writeSpent } from '../capacity.ts'
import { check, returnCapacity } from '../constraints.ts'
import { textOf } from '../item-input.ts'
import { parseStatement } from '../partiql/parse.ts'
import { select } from '../partiql/select.ts'
import type { Select, Statement } from '../partiql/statement.ts'
import { toWrite, type Write } from '../partiql/writes.ts'
import { invalid } from '../problems.ts'
import { type Room, tableOf } from '../room.ts'
import { checkShapes, listOf, structureOf, text } from '../shapes.ts'
import { Tally } from '../tally.ts'
import { replayTally, transact, twice } from '../transaction.ts'
import { checkWholeKey, targetOf } from './batch-execute-statement.ts'
import { parametersOf, STATEMENT_RULES, STATEMENT_SHAPES } from './execute-statement.ts'

export const executeTransaction: Action = async ({ room, input }) => {
  checkShapes(input, {
    TransactStatements: listOf(structureOf('ParameterizedStatement', STATEMENT_SHAPES)),
    ClientRequestToken: text,
    ReturnConsumedCapacity: text,
  })
  check(input, {
    ReturnConsumedCapacity: returnCapacity,
    ClientRequestToken: { is: 'text', least: 1, most: 36 },
    TransactStatements: {
      is: 'list',
      required: true,
      least: 1,
      most: 100,
      each: { is: 'structure', members: STATEMENT_RULES },
    },
  })
  const given = Array.isArray(input.TransactStatements) ? input.TransactStatements.filter(isObject) : []
  const statements = given.map((one, index) => {
    const statement = parseStatement(textOf(one, 'Statement') ?? '', parametersOf(one))
    checkMember(statement, index)
    return statement
  })
  const reads = statements.filter((one) => one.kind === 'select')
  if (reads.length === statements.length) return read(room, reads, input)
  if (reads.length > 0)
    throw invalid('ExecuteTransaction API does not support both read and write operations in the same request.')
  return await write(
    room,
    statements.filter((one): one is Write => one.kind !== 'select'),
    input,
  )
}

function checkMember(statement: Statement, index: number): void {
  const refuse = (words: string) => invalid(`Validation failed in TransactStatements[${index}]: ${words}`)
  if (statement.kind === 'select' && statement.index !== undefined)
    throw refuse('Reads on indices are not supported within transactions.')
  if ((statement.kind === 'update' || statement.kind === 'delete') && statement.returning !== undefined)
    throw refuse('RETURNING clause is not supported in ExecuteTransaction.')
}

function read(room: Room, statements: readonly Select[], input: JsonObject): string {
  const tally = new Tally()
  const targets = statements.map((statement, index) => {
    checkWholeKey(
      tableOf(room, statement.table),
      statement,
      `Validation failed in TransactStatements[${index}]: Select statements within ExecuteTransaction must specify the primary key in the where clause.`,
    )
    return targetOf(room, statement) ?? index
  })
  if (new Set(targets).size < targets.length) throw twice()
  const answers = statements.map((statement) => {
    const table = tableOf(room, statement.table)
    const options = { limit: undefined, after: undefined, isConsistent: true, isNested: true } as const
    const [, page] = select(room.store, table, statement, options)
    tally.add(table, page.units, 2)
    return page.items[0] === undefined ? '{}' : `{"Item":${page.items[0]}}`
  })
  const more = JSON.stringify(tally.toAnswer(input.ReturnConsumedCapacity, 'ReadCapacityUnits')).slice(1)
  return `{"Responses":[${answers.join(',')}]${more === '}' ? '' : ','}${more}`
}

async function write(room: Room, statements: readonly Write[], input: JsonObject): Promise<JsonObject> {
  const token = textOf(input, 'ClientRequestToken') ?? ''
  const writes = statements.map(toWrite)
  const done = await transact(room, writes, { token, input: { TransactStatements: input.TransactStatements } })
  if (done === undefined)
    return { Responses: [], ...replayTally(room, writes).toAnswer(input.ReturnConsumedCapacity, 'ReadCapacityUnits') }
  const tally = new Tally()
  for (const { table, changed } of done) tally.add(table, writeSpent(table, changed.before, changed.after), 2)
  // Source: recorded: writes answer nothing each.
  return { Responses: [], ...tally.toAnswer(input.ReturnConsumedCapacity, 'WriteCapacityUnits') }
}
