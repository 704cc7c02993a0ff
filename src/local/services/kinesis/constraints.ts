// Checks the members of an input as AWS's web framework does: wrong types first, then all other mistakes in one message.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import { invalid, serialization } from './problems.ts'

export interface Rule {
  readonly is: 'text' | 'number' | 'flag' | 'bytes' | 'time' | 'list' | 'map' | 'structure'
  readonly required?: true
  /** Of a text, bytes, list or map the length, of a number the value. */
  readonly least?: number
  readonly most?: number
  readonly pattern?: string
  readonly choices?: readonly string[]
  /** Of each element of a list, or the members of a structure. */
  readonly each?: Rule
  readonly members?: Rules
}

/** In the order in which AWS lists what is wrong. */
export type Rules = Readonly<Record<string, Rule>>

const NAME = '[a-zA-Z0-9_.-]+'
export const required = (rule: Rule): Rule => ({ ...rule, required: true })
export const named: Rule = { is: 'text', pattern: NAME, least: 1, most: 128 }
export const streamArn: Rule = {
  is: 'text',
  pattern: 'arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+',
  least: 1,
  most: 2048,
}
export const resourceArn: Rule = { ...streamArn, pattern: 'arn:aws.*:kinesis:.*:\\d{12}:.*stream/\\S+' }
export const hashKey: Rule = { is: 'text', pattern: '0|([1-9]\\d{0,38})' }
export const sequence: Rule = { is: 'text', pattern: '0|([1-9]\\d{0,128})' }
/** How a stream is named: either will do. */
export const STREAM = { StreamName: named, StreamARN: streamArn } as const satisfies Rules

/** Throws a SerializationException or a ValidationException. */
export function check(input: JsonObject, rules: Rules): void {
  checkTypes(input, rules)
  const wrong = problemsOf(input, rules, '')
  if (wrong.length === 0) return
  const count = wrong.length === 1 ? '1 validation error' : `${wrong.length} validation errors`
  throw invalid(`${count} detected: ${wrong.join('; ')}`)
}

function checkTypes(input: JsonObject, rules: Rules): void {
  for (const [name, rule] of Object.entries(rules)) checkType(input[name], rule)
}

function checkType(value: unknown, rule: Rule): void {
  if (value === undefined || value === null) return
  if (!TYPES[rule.is](value)) throw serialization(mismatch(value, rule.is))
  if (rule.each !== undefined && Array.isArray(value)) for (const one of value) checkType(one, rule.each)
  if (rule.members !== undefined && isObject(value)) checkTypes(value, rule.members)
}

const TYPES: Readonly<Record<Rule['is'], (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  flag: (value) => typeof value === 'boolean',
  bytes: (value) => typeof value === 'string' && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value),
  time: (value) => typeof value === 'number' && Number.isFinite(value),
  list: Array.isArray,
  map: (value) => isObject(value) && Object.values(value).every((one) => typeof one === 'string'),
  structure: isObject,
}

const JAVA: Readonly<Record<Rule['is'], string>> = {
  text: 'String',
  number: 'Integer',
  flag: 'Boolean',
  bytes: 'ByteBuffer',
  time: 'Date',
  list: 'List',
  map: 'Map',
  structure: 'Structure',
}

function mismatch(value: unknown, is: Rule['is']): string {
  if (Array.isArray(value)) return 'Start of list found where not expected'
  if (isObject(value)) return 'Start of structure or map found where not expected.'
  const kind = typeof value === 'boolean' ? (value ? 'TRUE_VALUE' : 'FALSE_VALUE') : `${typeof value}_VALUE`
  return `${kind.toUpperCase()} can not be converted to a ${JAVA[is]}`
}

const problemsOf = (input: JsonObject, rules: Rules, path: string): string[] =>
  Object.entries(rules).flatMap(([name, rule]) => problemsIn(input[name], rule, path + lowered(name)))

const lowered = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

function problemsIn(value: unknown, rule: Rule, path: string): string[] {
  if (value === undefined || value === null)
    return rule.required ? [`Value null at '${path}' failed to satisfy constraint: Member must not be null`] : []
  const fail = (constraint: string): string =>
    `Value '${shown(value, rule)}' at '${path}' failed to satisfy constraint: Member must ${constraint}`
  const wrong: string[] = []
  const { pattern, choices, least, most } = rule
  if (pattern !== undefined && !patternOf(pattern).test(String(value)))
    wrong.push(fail(`satisfy regular expression pattern: ${pattern}`))
  if (choices !== undefined && !choices.includes(String(value)))
    wrong.push(fail(`satisfy enum value set: [${choices.join(', ')}]`))
  const size = sizeOf(value)
  const measured = typeof value === 'number' ? 'have value' : 'have length'
  if (least !== undefined && size < least) wrong.push(fail(`${measured} greater than or equal to ${least}`))
  if (most !== undefined && size > most) wrong.push(fail(`${measured} less than or equal to ${most}`))
  if (Array.isArray(value) && rule.each !== undefined)
    for (const [index, one] of value.entries()) wrong.push(...problemsIn(one, rule.each, `${path}.${index + 1}.member`))
  if (isObject(value) && rule.members !== undefined) wrong.push(...problemsOf(value, rule.members, `${path}.`))
  return wrong
}

const patterns = new Map<string, RegExp>()

function patternOf(text: string): RegExp {
  const known = patterns.get(text) ?? new RegExp(`^(?:${text})$`)
  patterns.set(text, known)
  return known
}

function sizeOf(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string' || Array.isArray(value)) return value.length
  return isObject(value) ? Object.keys(value).length : 0
}

const shown = (value: unknown, { is }: Rule): string =>
  is === 'list' || is === 'map' || is === 'structure' ? JSON.stringify(value) : String(value)

export function textOf(input: JsonObject, name: string): string | undefined {
  const value = input[name]
  return typeof value === 'string' ? value : undefined
}

/** A whole number: AWS cuts off what is behind the point. */
export function numberOf(input: JsonObject, name: string): number | undefined {
  const value = input[name]
  return typeof value === 'number' ? Math.trunc(value) : undefined
}

/** Seconds since 1970, with a fraction, as milliseconds. */
export function timeOf(input: JsonObject, name: string): number | undefined {
  const value = input[name]
  return typeof value === 'number' ? Math.round(value * 1000) : undefined
}

export function pairsOf(input: JsonObject, name: string): Record<string, string> {
  const pairs: Record<string, string> = Object.create(null)
  const value = input[name]
  if (!isObject(value)) return pairs
  for (const [key, one] of Object.entries(value)) if (typeof one === 'string') pairs[key] = one
  return pairs
}

export function listOf(input: JsonObject, name: string): readonly unknown[] {
  const value = input[name]
  return Array.isArray(value) ? value : []
}

export function objectOf(input: JsonObject, name: string): JsonObject {
  const value = input[name]
  return isObject(value) ? value : {}
}
