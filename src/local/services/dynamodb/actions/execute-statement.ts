// ExecuteStatement: one PartiQL statement.
import { hash } from 'node:crypto'
import { isObject, type JsonObject } from '../../../../aws/protocol/json.ts'
import type { Action } from '../action.ts'
import { toConsumed, writeSpent } from '../capacity.ts'
import { check, type Rules, required, returnCapacity } from '../constraints.ts'
import { textOf } from '../item-input.ts'
import { runWrite } from '../item-writes.ts'
import { parseStatement } from '../partiql/parse.ts'
import { select } from '../partiql/select.ts'
import type { Select } from '../partiql/statement.ts'
import { toReturned, toWrite, type Write } from '../partiql/writes.ts'
import { invalid } from '../problems.ts'
import { change, type Room, tableOf } from '../room.ts'
import { attributeValue, boolean, checkShapes, integer, listOf, text, toBoolean } from '../shapes.ts'
import { readItem } from '../value-check.ts'
import type { Item } from '../values.ts'

export const STATEMENT_SHAPES = { Statement: text, Parameters: listOf(attributeValue), ConsistentRead: boolean }
export const STATEMENT_RULES: Rules = {
  Statement: required({ is: 'text', least: 1, most: 8192 }),
  Parameters: { is: 'list', least: 1 },
}

export const parametersOf = ({ Parameters: given }: JsonObject): readonly unknown[] =>
  Array.isArray(given) ? given : []

export const executeStatement: Action = async ({ room, input }) => {
  checkShapes(input, { ...STATEMENT_SHAPES, NextToken: text, Limit: integer, ReturnConsumedCapacity: text })
  check(input, {
    ...STATEMENT_RULES,
    NextToken: { is: 'text', least: 1, most: 32_768 },
    ReturnConsumedCapacity: returnCapacity,
    Limit: { is: 'number', least: 1 },
  })
  const statement = parseStatement(textOf(input, 'Statement') ?? '', parametersOf(input))
  if (statement.kind === 'exists') throw invalid('EXISTS is only supported in ExecuteTransaction.')
  return statement.kind === 'select' ? executeSelect(room, statement, input) : executeWrite(room, statement, input)
}

function executeSelect(room: Room, statement: Select, input: JsonObject): string {
  const table = tableOf(room, statement.table)
  const digest = hash('md5', `${input.Statement} ${JSON.stringify(input.Parameters ?? [])}`, 'base64url')
  const [reading, page] = select(room.store, table, statement, {
    limit: typeof input.Limit === 'number' ? input.Limit : undefined,
    after: fromToken(textOf(input, 'NextToken'), digest),
    isConsistent: toBoolean(input.ConsistentRead) === true,
  })
  const consumed = toConsumed(input.ReturnConsumedCapacity, reading.table, page.units)
  const parts = [`"Items":[${page.items.join(',')}]`]
  if (page.last !== undefined)
    parts.push(
      `"NextToken":${JSON.stringify(toToken(page.last, digest))},"LastEvaluatedKey":${JSON.stringify(page.last)}`,
    )
  if (consumed !== undefined) parts.push(`"ConsumedCapacity":${JSON.stringify(consumed)}`)
  return `{${parts.join(',')}}`
}

const toToken = (last: Item, digest: string): string => Buffer.from(JSON.stringify({ last, digest })).toString('base64')

function fromToken(token: string | undefined, digest: string): Item | undefined {
  if (token === undefined) return undefined
  try {
    const read: unknown = JSON.parse(Buffer.from(token, 'base64').toString())
    if (isObject(read) && read.digest === digest) return readItem(read.last, 'current')
  } catch {
    // Told below.
  }
  throw invalid('Given NextToken is invalid or does not match the statement')
}

async function executeWrite(room: Room, statement: Write, input: JsonObject): Promise<JsonObject> {
  const { write, changed, table } = await runStatement(room, statement)
  const item = toReturned(statement, write, changed)
  const consumed = toConsumed(input.ReturnConsumedCapacity, table, writeSpent(table, changed.before, changed.after))
  return { Items: item === undefined ? [] : [item], ...(consumed === undefined ? {} : { ConsumedCapacity: consumed }) }
}

export async function runStatement(room: Room, statement: Write) {
  const write = toWrite(statement)
  const table = tableOf(room, write.table)
  const changed = await change(room, (one) => runWrite(one, tableOf(room, write.table), write))
  return { write, changed, table }
}
