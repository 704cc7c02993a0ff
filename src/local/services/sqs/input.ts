// Reads the members of an action's input. Numbers may come as text: the query protocol has only text.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import { invalidValue, missingParameter } from './problems.ts'

const malformed = (name: string): ServiceError =>
  new ServiceError('SerializationException', `The parameter ${name} has the wrong type.`, { code: 'MalformedInput' })

export function textOf(input: JsonObject, name: string): string | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw malformed(name)
  return value
}

/** Text that must be there; AWS counts an empty one as missing. */
export function requiredText(input: JsonObject, name: string): string {
  const value = textOf(input, name)
  if (value === undefined || value === '') throw missingParameter(name)
  return value
}

/** A whole number between two limits, refused in the words AWS has for a number out of range. */
export function integerOf(input: JsonObject, name: string, least: number, most: number): number | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number)) throw malformed(name)
  if (number < least || number > most) throw invalidValue(name, number, rangeWords(name, least, most))
  return number
}

// ReceiveMessage words its wait in signs, the other limits in words (recorded).
const rangeWords = (name: string, least: number, most: number): string =>
  name === 'WaitTimeSeconds' || name === 'DelaySeconds'
    ? `Must be >= ${least} and <= ${most}, if provided.`
    : `Must be between ${least} and ${most}, if provided.`

export function textsOf(input: JsonObject, name: string): string[] {
  const value = input[name]
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw malformed(name)
  return value.map((one: unknown) => {
    if (typeof one !== 'string') throw malformed(name)
    return one
  })
}

/** A map of text as pairs, so that no name can touch a prototype. */
export function pairsOf(input: JsonObject, name: string): [string, string][] {
  return entriesOf(input, name).map(([key, value]) => {
    if (typeof value !== 'string') throw malformed(name)
    return [key, value]
  })
}

/** A map of anything as pairs. */
export function entriesOf(input: JsonObject, name: string): [string, unknown][] {
  const value = input[name]
  if (value === undefined || value === null) return []
  if (!isObject(value)) throw malformed(name)
  return Object.entries(value)
}

export function objectsOf(input: JsonObject, name: string): JsonObject[] {
  const value = input[name]
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw malformed(name)
  return value.map((one: unknown) => {
    if (!isObject(one)) throw malformed(name)
    return one
  })
}
