// The grammars of conditions, updates and projections, in one pass without going back.
import { Reader } from './reader.ts'
import type { Comparator, Condition, Operand, Projection, SetValue, Update, UpdateAction } from './tree.ts'

export function parseCondition(text: string): Condition {
  const reader = new Reader(text)
  const part = or(reader, false)
  reader.end()
  return toCondition(part, reader)
}

export function parseProjection(text: string): Projection {
  const reader = new Reader(text)
  const paths = listed(reader, () => reader.path())
  reader.end()
  return paths
}

export function parseUpdate(text: string): Update {
  const reader = new Reader(text)
  const clauses: UpdateAction[][] = []
  do {
    const section = SECTIONS.find((one) => reader.takes(one))
    if (section === undefined) return reader.fail()
    clauses.push(listed(reader, () => action(reader, section)))
  } while (reader.peek().kind !== 'end')
  reader.end()
  return clauses
}

const SECTIONS = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const

function action(reader: Reader, section: (typeof SECTIONS)[number]): UpdateAction {
  const path = reader.path()
  if (section === 'REMOVE') return { section, path }
  if (section !== 'SET') return { section, path, value: { kind: 'value', name: reader.take('value').text } }
  reader.expect('=')
  return { section, path, value: setValue(reader) }
}

function setValue(reader: Reader): SetValue {
  const left = reader.operand()
  const operator = reader.takes('+') ? '+' : reader.takes('-') ? '-' : undefined
  if (operator === undefined) return left
  reader.counted()
  return { kind: 'arithmetic', operator, left, right: reader.operand() }
}

function listed<T>(reader: Reader, read: () => T): T[] {
  const all = [read()]
  while (reader.takes(',')) all.push(read())
  return all
}

/** What stands where a condition may: `(a)` is not known to be an operand before what follows it. */
type Part =
  | { readonly condition: Condition; readonly isWrapped: boolean }
  | { readonly operand: Operand; readonly isWrapped: boolean }

// `mayBeOperand`: it is the first thing after an open parenthesis.
function or(reader: Reader, mayBeOperand: boolean): Part {
  return joined(reader, 'or', 'OR', mayBeOperand, and)
}

function and(reader: Reader, mayBeOperand: boolean): Part {
  return joined(reader, 'and', 'AND', mayBeOperand, not)
}

function joined(
  reader: Reader,
  kind: 'and' | 'or',
  keyword: 'AND' | 'OR',
  mayBeOperand: boolean,
  read: (reader: Reader, mayBeOperand: boolean) => Part,
): Part {
  const first = read(reader, mayBeOperand)
  if (!reader.is(keyword)) return first
  const parts = [toCondition(first, reader)]
  while (reader.takes(keyword)) {
    reader.counted()
    parts.push(toCondition(read(reader, false), reader))
  }
  return { condition: kind === 'and' ? { kind, parts } : { kind, parts }, isWrapped: false }
}

function not(reader: Reader, mayBeOperand: boolean): Part {
  let count = 0
  while (reader.takes('NOT')) {
    reader.counted()
    count++
  }
  if (count === 0) return primary(reader, mayBeOperand)
  let condition = toCondition(primary(reader, false), reader)
  // So many that they are refused at the end would still be too deep to walk.
  for (let at = 0; at < Math.min(count, 301); at++) condition = { kind: 'not', part: condition }
  return { condition, isWrapped: false }
}

function primary(reader: Reader, mayBeOperand: boolean): Part {
  if (!reader.is('(')) return compared(reader, reader.operand(), mayBeOperand, false)
  const inner: Part = { ...reader.inParentheses(() => or(reader, true)), isWrapped: true }
  if ('operand' in inner) return compared(reader, inner.operand, mayBeOperand, true)
  const { condition } = inner
  if (condition.kind !== 'call' || !startsComparison(reader)) return inner
  return compared(reader, condition, mayBeOperand, true)
}

const COMPARATORS: readonly Comparator[] = ['=', '<>', '<', '<=', '>', '>=']

const startsComparison = (reader: Reader): boolean =>
  reader.is('BETWEEN') || reader.is('IN') || COMPARATORS.some((one) => reader.is(one))

function compared(reader: Reader, left: Operand, mayBeOperand: boolean, isWrapped: boolean): Part {
  const condition = comparison(reader, left)
  if (condition !== undefined) return { condition, isWrapped: false }
  if (left.kind === 'call') return { condition: left, isWrapped }
  if (!mayBeOperand || !reader.is(')')) reader.fail()
  return { operand: left, isWrapped }
}

function comparison(reader: Reader, left: Operand): Condition | undefined {
  if (!startsComparison(reader)) return undefined
  reader.counted()
  const comparator = COMPARATORS.find((one) => reader.takes(one))
  if (comparator !== undefined) return { kind: 'comparison', comparator, left, right: reader.operand() }
  if (reader.takes('BETWEEN')) {
    const low = reader.operand()
    reader.expect('AND')
    return { kind: 'between', operand: left, low, high: reader.operand() }
  }
  reader.expect('IN')
  reader.expect('(')
  const list = listed(reader, () => reader.operand())
  reader.expect(')')
  return { kind: 'in', operand: left, list }
}

function toCondition(part: Part, reader: Reader): Condition {
  return 'condition' in part ? part.condition : reader.fail()
}
