// Reads the members of an action's input, and says what they break as AWS's framework does.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import { violated } from './problems.ts'

export interface Rules {
  readonly required?: boolean
  readonly least?: number
  readonly most?: number
  /** In AWS's words. */
  readonly pattern?: string
  readonly among?: readonly string[]
}

export const NAME: Rules = { required: true, least: 1, most: 64, pattern: '[\\.\\-_A-Za-z0-9]+' }

const malformed = (): ServiceError => new ServiceError('SerializationException', 'Unexpected value type in payload')

export function textOf(input: JsonObject, name: string): string | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw malformed()
  return value
}

export function numberOf(input: JsonObject, name: string): number | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number') throw malformed()
  return value
}

export const flagOf = (input: JsonObject, name: string): boolean => input[name] === true

export function objectOf(input: JsonObject, name: string): JsonObject | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (!isObject(value)) throw malformed()
  return value
}

export function objectsOf(input: JsonObject, name: string): JsonObject[] | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value)) throw malformed()
  return value.map((one: unknown) => {
    if (!isObject(one)) throw malformed()
    return one
  })
}

export function textsOf(input: JsonObject, name: string): string[] {
  const value = input[name]
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw malformed()
  return value.map((one: unknown) => {
    if (typeof one !== 'string') throw malformed()
    return one
  })
}

/** What a text breaks. `place` is the member's path, in AWS's spelling. */
export function breaches(place: string, value: string | undefined, rules: Rules): string[] {
  const { required, least, most, pattern, among } = rules
  const says = (constraint: string): string =>
    `Value ${value === undefined ? 'null' : `'${value}'`} at '${place}' failed to satisfy constraint: Member must ${constraint}`
  if (value === undefined) return required === true ? [says('not be null')] : []
  const found: string[] = []
  if (most !== undefined && value.length > most) found.push(says(`have length less than or equal to ${most}`))
  if (least !== undefined && value.length < least) found.push(says(`have length greater than or equal to ${least}`))
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value))
    found.push(says(`satisfy regular expression pattern: ${pattern}`))
  if (among !== undefined && !among.includes(value)) found.push(says(`satisfy enum value set: [${among.join(', ')}]`))
  return found
}

export function check(violations: readonly string[]): void {
  if (violations.length > 0) throw violated(violations)
}

/** A text that must be there and keep these rules. */
export function requiredText(input: JsonObject, name: string, rules: Rules = NAME): string {
  const value = textOf(input, name)
  check(breaches(toPlace(name), value, rules))
  return value ?? ''
}

export const toPlace = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)
