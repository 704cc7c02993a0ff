// The `anything-but` operator: a leaf that is there and is none of these.
// Source: RuleCompiler.java and JsonRuleCompiler.java of aws/event-ruler, words included.
import { fail, isObject } from './error.ts'
import type { Dialect, Test } from './leaf.ts'
import { compileWildcard } from './wildcard.ts'

type Toward = (text: string) => (value: string) => boolean

const INNER: Readonly<Record<string, Toward>> = {
  prefix: (text) => (value) => value.startsWith(text),
  suffix: (text) => (value) => value.endsWith(text),
  'equals-ignore-case': (text) => (value) => value.toLowerCase() === text.toLowerCase(),
  wildcard: compileWildcard,
}

export function compileAnythingBut(operand: unknown, dialect: Dialect): Test {
  if (isObject(operand)) return compileInner(operand, dialect)
  const values: readonly unknown[] = Array.isArray(operand) ? operand : [operand]
  if (!Array.isArray(operand) && typeof operand !== 'string' && typeof operand !== 'number')
    fail('Value of anything-but must be an array or single string/number value.')
  const kinds = new Set(values.map((value) => typeof value))
  for (const kind of kinds)
    if (kind !== 'string' && kind !== 'number') fail('Inside anything but list, start|null|boolean is not supported.')
  if (kinds.size !== 1)
    fail('Inside anything but list, either all values are number or string, mixed type is not supported')
  const refused = new Set(values)
  return (leaf) => !refused.has(leaf)
}

function compileInner(operand: Readonly<Record<string, unknown>>, dialect: Dialect): Test {
  const [entry, ...rest] = Object.entries(operand)
  if (entry === undefined) fail('Anything-But expression name not found')
  const [name, given] = entry
  const inner = Object.hasOwn(INNER, name) ? INNER[name] : undefined
  // Recorded: SNS knows the prefix alone.
  if (inner === undefined || (dialect === 'sns' && name !== 'prefix')) fail(`Unsupported anything-but pattern: ${name}`)
  const texts = (dialect !== 'sns' && Array.isArray(given) ? given : [given]).map((text: unknown) => toText(text, name))
  if (texts.length === 0) fail(`Value of ${name} must be an array or single string value.`)
  if (rest.length > 0) fail('Only one key allowed in match expression')
  const tests = texts.map(inner)
  return (leaf) => typeof leaf !== 'string' || !tests.some((test) => test(leaf))
}

function toText(text: unknown, name: string): string {
  const isAffix = name === 'prefix' || name === 'suffix'
  if (typeof text !== 'string')
    fail(isAffix ? 'prefix/suffix match pattern must be a string' : `${name} match pattern must be a string`)
  if (isAffix && text === '') fail('Null prefix/suffix not allowed')
  return text
}
