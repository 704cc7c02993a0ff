// Checks the members of an input as AWS's web framework does: wrong types first, then all other mistakes in one message.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import { invalid, malformed } from './problems.ts'
import { boolean, integer, listOf, type Shape, structureOf, text as textShape } from './shapes.ts'

export interface Rule {
  readonly is: 'text' | 'number' | 'flag' | 'list' | 'map' | 'structure'
  readonly required?: true
  readonly pattern?: string
  /** Of a text, list or map the length, of a number the value. */
  readonly least?: number
  readonly most?: number
  readonly choices?: readonly string[]
  /** Of each element of a list or map. */
  readonly each?: Rule
  readonly members?: Rules
  /** What AWS calls a structure when it prints one. */
  readonly shape?: string
}

/** In the order in which AWS lists what is wrong. */
export type Rules = Readonly<Record<string, Rule>>

export const NAME = '[a-zA-Z0-9_.-]+'
export const required = (rule: Rule): Rule => ({ ...rule, required: true })
const text: Rule = { is: 'text' }
/** The name of a table, or its ARN. Source: recorded for actions on items. */
export const tableName: Rule = { is: 'text', required: true, pattern: NAME, least: 1, most: 1024 }
export const returnCapacity: Rule = { is: 'text', choices: ['INDEXES', 'TOTAL', 'NONE'] }

/** Throws a SerializationException or a ValidationException. */
export function check(input: JsonObject, rules: Rules): void {
  checkTypes(input, rules)
  const wrong: string[] = []
  collect(input, rules, '', wrong)
  if (wrong.length === 0) return
  const shown = wrong.slice(0, 10)
  throw invalid(`${shown.length} validation error${shown.length > 1 ? 's' : ''} detected: ${shown.join('; ')}`)
}

function checkTypes(input: JsonObject, rules: Rules): void {
  for (const name in rules) {
    const rule = rules[name]
    if (rule !== undefined) checkType(input[name], rule)
  }
}

function checkType(value: unknown, rule: Rule): void {
  if (value === undefined || value === null) return
  SHAPES[rule.is](value)
  const { each, members } = rule
  if (each !== undefined && typeof value === 'object') for (const one of Object.values(value)) checkType(one, each)
  if (members !== undefined && isObject(value)) checkTypes(value, members)
}

const SHAPES: Readonly<Record<Rule['is'], Shape>> = {
  text: textShape,
  number: integer,
  flag: boolean,
  list: listOf(() => undefined),
  map: (raw) => {
    if (!isObject(raw)) throw malformed('Unexpected field type')
  },
  structure: structureOf('Structure', {}, true),
}

function collect(input: JsonObject, rules: Rules, path: string, wrong: string[]): void {
  for (const name in rules) {
    const rule = rules[name]
    if (rule !== undefined) collectOne(input[name] ?? undefined, rule, `${path}${lowerFirst(name)}`, wrong)
  }
}

function collectOne(value: unknown, rule: Rule, path: string, wrong: string[]): void {
  const tell = (words: string): void => {
    const shown = value === undefined ? 'null' : `'${toShown(value, rule)}'`
    wrong.push(`Value ${shown} at '${path}' failed to satisfy constraint: ${words}`)
  }
  if (value === undefined) {
    if (rule.required === true) tell('Member must not be null')
    return
  }
  if (typeof value === 'string') collectText(value, rule, tell)
  collectSize(value, rule, tell)
  if (Array.isArray(value)) {
    for (const [at, one] of value.entries())
      if (rule.each !== undefined) collectOne(one, rule.each, `${path}.${at + 1}.member`, wrong)
  } else if (isObject(value)) {
    for (const name of rule.each === undefined ? [] : Object.keys(value).reverse())
      if (rule.each !== undefined) collectOne(value[name], rule.each, `${path}.${name}.member`, wrong)
    if (rule.members !== undefined) collect(value, rule.members, `${path}.`, wrong)
  }
}

function collectText(value: string, { pattern, choices }: Rule, tell: (words: string) => void): void {
  if (choices !== undefined && !choices.includes(value))
    tell(`Member must satisfy enum value set: [${choices.join(', ')}]`)
  const isArn = pattern === NAME && value.startsWith('arn:')
  if (pattern !== undefined && !isArn && !toRegExp(pattern).test(value))
    tell(`Member must satisfy regular expression pattern: ${pattern}`)
}

const regExps = new Map<string, RegExp>()

function toRegExp(pattern: string): RegExp {
  const known = regExps.get(pattern) ?? new RegExp(`^(?:${pattern})$`)
  regExps.set(pattern, known)
  return known
}

function collectSize(value: unknown, { least, most }: Rule, tell: (words: string) => void): void {
  const kind = typeof value === 'number' ? 'value' : 'length'
  const size = sizeOf(value)
  if (least !== undefined && size < least) tell(`Member must have ${kind} greater than or equal to ${least}`)
  if (most !== undefined && size > most) tell(`Member must have ${kind} less than or equal to ${most}`)
}

function sizeOf(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string' || Array.isArray(value)) return value.length
  return isObject(value) ? Object.keys(value).length : 0
}

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

function toShown(value: unknown, { each, shape }: Rule): string {
  if (Array.isArray(value)) return `[${value.map((one) => toShown(one, each ?? text)).join(', ')}]`
  if (!isObject(value)) return String(value)
  const members = Object.entries(value).map(([name, one]) => `${lowerFirst(name)}=${toShown(one, text)}`)
  return shape === undefined ? JSON.stringify(value) : `${shape}(${members.join(', ')})`
}
