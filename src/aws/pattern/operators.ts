// One value of a pattern, `"x"` or `{ "prefix": "x" }`, as a test of one leaf of an event.
// Source: RuleCompiler.java and JsonRuleCompiler.java of aws/event-ruler, words included; recorded answers where they differ.
import { compileCidr, readAddress } from './address.ts'
import { compileAnythingBut } from './anything-but.ts'
import { fail, isObject } from './error.ts'
import type { Dialect, Test } from './leaf.ts'
import { compileNumeric } from './numeric.ts'
import { compileWildcard } from './wildcard.ts'

/** Passes on a leaf that is there, or because there is none. */
export interface Alternative {
  readonly test: Test
  readonly absent: boolean
}

type Operator = (operand: unknown, dialect: Dialect) => Test

/** A test of strings. What is no string passes none. */
export const ofText =
  (test: (text: string) => boolean): Test =>
  (leaf) =>
    typeof leaf === 'string' && test(leaf)

const toText = (operand: unknown, operator: string): string =>
  typeof operand === 'string' ? operand : fail(`${operator} match pattern must be a string`)

const OPERATORS: Readonly<Record<string, Operator>> = {
  exactly: (operand) => {
    const text = toText(operand, 'exact')
    return (leaf) => leaf === text
  },
  prefix: (operand, dialect) => affix(operand, dialect, 'prefix'),
  suffix: (operand, dialect) => affix(operand, dialect, 'suffix'),
  'equals-ignore-case': (operand) => {
    const text = toText(operand, 'equals-ignore-case').toLowerCase()
    return ofText((value) => value.toLowerCase() === text)
  },
  wildcard: (operand) => ofText(compileWildcard(toText(operand, 'wildcard'))),
  numeric: (operand) => {
    const compare = compileNumeric(operand)
    return (leaf) => typeof leaf === 'number' && compare(leaf)
  },
  // Recorded: it complains of a prefix.
  cidr: (operand) => ofText(compileCidr(toText(operand, 'prefix'))),
  'anything-but': compileAnythingBut,
}

// Recorded: SNS does not know it.
const ONLY_EVENTS = new Set(['exactly', 'wildcard'])

/** Names that cannot be those of fields inside `$or`. */
export const RESERVED: ReadonlySet<string> = new Set([...Object.keys(OPERATORS), 'exists'])

export function compileAlternative(value: unknown, dialect: Dialect): Alternative {
  if (Array.isArray(value)) fail('Match value must be String, number, true, false, or null')
  if (!isObject(value)) return { test: equals(value), absent: false }
  const [entry, ...rest] = Object.entries(value)
  if (entry === undefined) fail('Match expression name not found')
  const [name, operand] = entry
  const alternative = compileExpression(name, operand, dialect)
  if (rest.length > 0) fail('Only one key allowed in match expression')
  return alternative
}

function compileExpression(name: string, operand: unknown, dialect: Dialect): Alternative {
  if (name === 'exists') {
    if (typeof operand !== 'boolean') fail('exists match pattern must be either true or false.')
    return { test: () => operand, absent: !operand }
  }
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined
  if (operator === undefined || (dialect === 'sns' && ONLY_EVENTS.has(name))) fail(`Unrecognized match type ${name}`)
  return { test: operator(operand, dialect), absent: false }
}

function equals(value: unknown): Test {
  const address = typeof value === 'string' ? readAddress(value) : undefined
  if (address === undefined) return (leaf) => leaf === value
  return ofText((text) => {
    const other = readAddress(text)
    return other?.bits === address.bits && other.number === address.number
  })
}

function affix(operand: unknown, dialect: Dialect, operator: 'prefix' | 'suffix'): Test {
  const isPrefix = operator === 'prefix'
  if (dialect !== 'sns' && isObject(operand)) {
    const text = foldedText(operand, operator)
    return ofText((value) => (isPrefix ? value.toLowerCase().startsWith(text) : value.toLowerCase().endsWith(text)))
  }
  const text = toText(operand, operator)
  return ofText((value) => (isPrefix ? value.startsWith(text) : value.endsWith(text)))
}

function foldedText(operand: Readonly<Record<string, unknown>>, operator: string): string {
  const [entry, ...rest] = Object.entries(operand)
  if (entry === undefined) fail(`${operator} expression name not found`)
  if (entry[0] !== 'equals-ignore-case') fail(`Unsupported ${operator} pattern: ${entry[0]}`)
  if (rest.length > 0) fail('Only one key allowed in match expression')
  return toText(entry[1], 'equals-ignore-case').toLowerCase()
}
