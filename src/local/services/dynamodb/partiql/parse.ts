// Statements: SELECT, INSERT, UPDATE, DELETE, and EXISTS in transactions.
// Source: Developer Guide, "PartiQL for DynamoDB"; words recorded in dynamodb-conformance.
import { checkCondition } from '../expressions/operand-types.ts'
import { Placeholders } from '../expressions/placeholders.ts'
import type { Condition, Operand, Path, SetValue, Update, UpdateAction } from '../expressions/tree.ts'
import { invalid } from '../problems.ts'
import { nameOfTable } from '../table.ts'
import { readWhere } from './conditions.ts'
import { Reader, unnamed } from './reader.ts'
import type { Returning, Statement } from './statement.ts'

export function parseStatement(text: string, parameters: readonly unknown[]): Statement {
  const reader = new Reader(text, parameters)
  const read = readStatement(reader)
  reader.end()
  const given = new Placeholders(new Map(), reader.values)
  const statement: Statement = { ...read, given }
  const where = statement.kind === 'insert' ? undefined : statement.where
  if (where !== undefined) unnamed(() => checkCondition(where, given))
  return statement
}

type WithoutValues<T> = T extends { given: Placeholders } ? Omit<T, 'given'> : never
type Read = WithoutValues<Statement>

function readStatement(reader: Reader): Read {
  if (reader.takes('SELECT')) return readSelect(reader)
  if (reader.takes('INSERT')) return readInsert(reader)
  if (reader.takes('UPDATE')) return readUpdate(reader)
  if (reader.takes('DELETE')) return readDelete(reader)
  if (!reader.takes('EXISTS')) return reader.fail('Expected data manipulation')
  reader.expect('(')
  reader.expect('SELECT')
  const { table, where } = readSelect(reader)
  reader.expect(')')
  return { kind: 'exists', table, where }
}

function readTable(reader: Reader): { table: string; index: string | undefined } {
  const parts = [reader.name()]
  while (reader.takes('.')) parts.push(reader.name())
  if (parts.includes('')) throw invalid('Path component cannot be an empty string')
  if (parts.length > 2) throw invalid('A path may contain at most 2 components in the FROM clause')
  return { table: nameOfTable(parts[0]), index: parts[1] }
}

function readSelect(reader: Reader): Extract<Read, { kind: 'select' }> {
  const paths = reader.takes('*') ? undefined : readPaths(reader)
  reader.expect('FROM')
  const { table, index } = readTable(reader)
  const where = readWhere(reader)
  return { kind: 'select', table, index, paths, where, order: readOrder(reader) }
}

function readPaths(reader: Reader): Path[] {
  const paths = [reader.path()]
  while (reader.takes(',')) paths.push(reader.path())
  return paths
}

function readOrder(reader: Reader): { by: string; isBackwards: boolean } | undefined {
  if (!reader.takes('ORDER')) return undefined
  reader.expect('BY')
  const by = reader.name()
  const isBackwards = reader.takes('DESC')
  if (!isBackwards) reader.takes('ASC')
  return { by, isBackwards }
}

function readInsert(reader: Reader): Read {
  reader.expect('INTO')
  const { table } = readTable(reader)
  reader.expect('VALUE')
  const value = reader.literal()
  if (!('M' in value)) return reader.fail('Expected an item after VALUE')
  return { kind: 'insert', table, item: value.M }
}

function readDelete(reader: Reader): Read {
  reader.expect('FROM')
  const { table } = readTable(reader)
  const where = readWhere(reader)
  const returning = readReturning(reader)
  if (returning !== undefined && (returning.scope !== 'ALL' || returning.image !== 'OLD'))
    throw invalid(
      `Invalid returning clause: RETURNING ${returning.scope} ${returning.image} *. Only RETURNING ALL OLD * is allowed in DELETE statements.`,
    )
  return { kind: 'delete', table, update: [], where, returning }
}

function readReturning(reader: Reader): Returning | undefined {
  if (!reader.takes('RETURNING')) return undefined
  const scope = reader.takes('MODIFIED') ? 'MODIFIED' : 'ALL'
  if (scope === 'ALL') reader.expect('ALL')
  const image = reader.takes('NEW') ? 'NEW' : 'OLD'
  if (image === 'OLD') reader.expect('OLD')
  reader.expect('*')
  return { scope, image }
}

function readUpdate(reader: Reader): Read {
  const { table } = readTable(reader)
  const actions: UpdateAction[] = []
  while (reader.is('SET') || reader.is('REMOVE')) {
    const isSet = reader.next().text.toUpperCase() === 'SET'
    do actions.push(isSet ? readSet(reader) : { section: 'REMOVE', path: reader.path() })
    while (reader.takes(','))
  }
  if (actions.length === 0) reader.fail('Expected SET or REMOVE')
  // RETURNING stands before WHERE, or behind it.
  const early = readReturning(reader)
  const where = readWhere(reader)
  return { kind: 'update', table, update: toClauses(actions), where, returning: early ?? readReturning(reader) }
}

/** One clause of each kind. */
function toClauses(actions: readonly UpdateAction[]): Update {
  return (['SET', 'REMOVE', 'ADD', 'DELETE'] as const)
    .map((section) => actions.filter((action) => action.section === section))
    .filter((clause) => clause.length > 0)
}

function readSet(reader: Reader): UpdateAction {
  const path = reader.path()
  reader.expect('=')
  for (const [word, section] of [
    ['SET_ADD', 'ADD'],
    ['SET_DELETE', 'DELETE'],
  ] as const) {
    if (!reader.is(word) || !reader.is('(', 1)) continue
    reader.next()
    reader.expect('(')
    reader.path()
    reader.expect(',')
    const value = reader.value()
    reader.expect(')')
    return { section, path, value }
  }
  const left = readOperand(reader)
  for (const operator of ['+', '-'] as const)
    if (reader.takes(operator)) {
      const value: SetValue = { kind: 'arithmetic', operator, left, right: readOperand(reader) }
      return { section: 'SET', path, value }
    }
  return { section: 'SET', path, value: left }
}

function readOperand(reader: Reader): Operand {
  for (const name of ['list_append', 'if_not_exists'])
    if (reader.is(name.toUpperCase()) && reader.is('(', 1)) {
      reader.next()
      reader.expect('(')
      const operands = [readOperand(reader)]
      while (reader.takes(',')) operands.push(readOperand(reader))
      reader.expect(')')
      if (operands.length !== 2) reader.fail(`Expected two operands of ${name}`)
      return { kind: 'call', name, operands }
    }
  return reader.isValue() ? reader.value() : reader.path()
}

/** The conditions that must all hold. */
export const partsOf = (where: Condition | undefined): readonly Condition[] =>
  where === undefined ? [] : where.kind === 'and' ? where.parts.flatMap(partsOf) : [where]
