// WHERE: read into the tree that condition expressions have.
import type { Comparator, Condition, Operand } from '../expressions/tree.ts'
import type { Reader } from './reader.ts'

const FUNCTIONS: Readonly<Record<string, string>> = {
  BEGINS_WITH: 'begins_with',
  CONTAINS: 'contains',
  ATTRIBUTE_TYPE: 'attribute_type',
}
const COMPARATORS: readonly (readonly [sign: string, comparator: Comparator])[] = [
  ['=', '='],
  ['<>', '<>'],
  ['!=', '<>'],
  ['<=', '<='],
  ['>=', '>='],
  ['<', '<'],
  ['>', '>'],
]

export function readWhere(reader: Reader): Condition | undefined {
  return reader.takes('WHERE') ? readOr(reader) : undefined
}

const join = (kind: 'and' | 'or', parts: Condition[]): Condition =>
  parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind, parts }

function readOr(reader: Reader): Condition {
  const parts = [readAnd(reader)]
  while (reader.takes('OR')) parts.push(readAnd(reader))
  return join('or', parts)
}

function readAnd(reader: Reader): Condition {
  const parts = [readNot(reader)]
  while (reader.takes('AND')) parts.push(readNot(reader))
  return join('and', parts)
}

function readNot(reader: Reader): Condition {
  if (reader.takes('NOT')) return { kind: 'not', part: reader.nested(() => readNot(reader)) }
  return readPredicate(reader)
}

function readPredicate(reader: Reader): Condition {
  if (reader.takes('(')) {
    const inner = reader.nested(() => readOr(reader))
    reader.expect(')')
    return inner
  }
  const name = reader.peek().kind === 'word' ? FUNCTIONS[reader.peek().text.toUpperCase()] : undefined
  if (name !== undefined && reader.is('(', 1)) {
    reader.next()
    return { kind: 'call', name, operands: readOperands(reader) }
  }
  const left = readOperand(reader)
  const isNot = reader.takes('NOT')
  const found = isNot
    ? readRange(reader, left)
    : (readComparison(reader, left) ?? readIs(reader, left) ?? readRange(reader, left))
  if (found === undefined) return reader.fail('Expected a condition')
  return isNot ? { kind: 'not', part: found } : found
}

function readComparison(reader: Reader, left: Operand): Condition | undefined {
  for (const [sign, comparator] of COMPARATORS)
    if (reader.takes(sign)) return { kind: 'comparison', comparator, left, right: readOperand(reader) }
  return undefined
}

function readIs(reader: Reader, left: Operand): Condition | undefined {
  if (!reader.takes('IS')) return undefined
  const isNot = reader.takes('NOT')
  const found = readKind(reader, left)
  return isNot ? { kind: 'not', part: found } : found
}

function readKind(reader: Reader, left: Operand): Condition {
  if (reader.takes('MISSING')) return { kind: 'call', name: 'attribute_not_exists', operands: [left] }
  reader.expect('NULL')
  return { kind: 'call', name: 'attribute_type', operands: [left, reader.named({ S: 'NULL' })] }
}

function readRange(reader: Reader, left: Operand): Condition | undefined {
  if (reader.takes('BETWEEN')) {
    const low = readOperand(reader)
    reader.expect('AND')
    return { kind: 'between', operand: left, low, high: readOperand(reader) }
  }
  if (!reader.takes('IN')) return undefined
  if (reader.is('(')) return { kind: 'in', operand: left, list: readOperands(reader) }
  const list = reader.literal()
  if (!('L' in list)) return reader.fail('Expected a list after IN')
  return { kind: 'in', operand: left, list: list.L.map((one) => reader.named(one)) }
}

function readOperands(reader: Reader): Operand[] {
  reader.expect('(')
  const operands = [readOperand(reader)]
  while (reader.takes(',')) operands.push(readOperand(reader))
  reader.expect(')')
  return operands
}

function readOperand(reader: Reader): Operand {
  if (reader.is('SIZE') && reader.is('(', 1)) {
    reader.next()
    return { kind: 'call', name: 'size', operands: readOperands(reader) }
  }
  return reader.isValue() ? reader.value() : reader.path()
}
