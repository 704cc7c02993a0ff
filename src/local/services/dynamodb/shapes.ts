// Whether the members of a request have the JSON types they must have, before anything else is looked at.
// Source: the words are recorded by dynalite's tests.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import { malformed } from './problems.ts'
import { tooDeep } from './value-check.ts'

const MODEL = 'com.amazonaws.dynamodb.v20120810'
const NOT_HERE = 'Start of structure or map found where not expected'
// Far beyond what is allowed, far below what the stack holds.
const DEEPEST = 100

/** Says what is wrong with a member, if its type is. Absent members are fine: undefined and null count as absent. */
export type Shape = (raw: unknown) => void

const isAbsent = (raw: unknown): raw is null | undefined => raw === undefined || raw === null

/** Checks every member that has a shape here; others are passed over, as AWS does. */
export function checkShapes(input: JsonObject, shapes: Readonly<Record<string, Shape>>): void {
  for (const name of Object.keys(shapes)) {
    const raw = input[name]
    if (!isAbsent(raw)) shapes[name]?.(raw)
  }
}

const scalarWord = (raw: boolean | number): string => {
  if (typeof raw === 'boolean') return raw ? 'TRUE_VALUE' : 'FALSE_VALUE'
  return Number.isInteger(raw) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE'
}

const notACollection = (raw: unknown, name: string): void => {
  if (Array.isArray(raw)) throw malformed(`Unrecognized collection type class ${name}`)
  if (isObject(raw)) throw malformed(NOT_HERE)
}

export const text: Shape = (raw) => {
  if (typeof raw === 'string') return
  notACollection(raw, 'java.lang.String')
  if (typeof raw === 'boolean' || typeof raw === 'number')
    throw malformed(`${scalarWord(raw)} cannot be converted to String`)
}

export const boolean: Shape = (raw) => {
  if (typeof raw === 'boolean') return
  notACollection(raw, 'java.lang.Boolean')
  if (typeof raw === 'number') throw malformed(`${scalarWord(raw)} cannot be converted to Boolean`)
  if (toBoolean(raw) === undefined) throw malformed('Unexpected token received from parser')
}

/** A boolean may come as a word. */
export function toBoolean(raw: unknown): boolean | undefined {
  if (typeof raw === 'boolean') return raw
  const word = typeof raw === 'string' ? raw.toUpperCase() : ''
  if (['TRUE', '1', 'YES'].includes(word)) return true
  return ['FALSE', '0', 'NO'].includes(word) ? false : undefined
}

export const integer: Shape = (raw) => {
  if (typeof raw === 'number') return
  notACollection(raw, 'java.lang.Integer')
  const word = typeof raw === 'boolean' ? scalarWord(raw) : 'STRING_VALUE'
  throw malformed(`${word} cannot be converted to Integer`)
}

export const blob: Shape = (raw) => {
  if (typeof raw !== 'string') {
    if (Array.isArray(raw)) throw malformed('Unrecognized collection type class java.nio.ByteBuffer')
    if (isObject(raw)) throw malformed(NOT_HERE)
    throw malformed('only base-64-encoded strings are convertible to bytes')
  }
  if (raw.length % 4 !== 0)
    throw malformed(`Base64 encoded length is expected a multiple of 4 bytes but found: ${raw.length}`)
  if (Buffer.from(raw, 'base64').toString('base64') !== raw)
    throw malformed('Invalid last non-pad Base64 character dectected')
}

export const listOf =
  (member: Shape): Shape =>
  (raw) => {
    if (isObject(raw)) throw malformed(NOT_HERE)
    if (!Array.isArray(raw)) throw malformed('Unexpected field type')
    for (const one of raw) if (!isAbsent(one)) member(one)
  }

/** `name`: the Java type of the values, which AWS prints. */
export const mapOf =
  (name: string, member: Shape): Shape =>
  (raw) => {
    if (Array.isArray(raw))
      throw malformed(
        `Unrecognized collection type java.util.Map<java.lang.String, ${name.includes('.') ? name : `${MODEL}.${name}`}>`,
      )
    if (!isObject(raw)) throw malformed('Unexpected field type')
    for (const key of Object.keys(raw)) if (!isAbsent(raw[key])) member(raw[key])
  }

/** `isField`: it is a member of a structure, not a value in a map or a list; AWS words it otherwise. */
export const structureOf =
  (name: string, members: Readonly<Record<string, Shape>>, isField = false): Shape =>
  (raw) => {
    if (Array.isArray(raw)) throw malformed(`Unrecognized collection type class ${MODEL}.${name}`)
    if (!isObject(raw)) throw malformed(isField ? 'Unexpected field type' : 'Unexpected value type in payload')
    checkShapes(raw, members)
  }

let depth = 0
const deeper =
  (shape: Shape): Shape =>
  (raw) => {
    if (++depth > DEEPEST) {
      depth = 0
      throw tooDeep()
    }
    shape(raw)
    depth--
  }

const VALUE_MEMBERS: Record<string, Shape> = {
  S: text,
  B: blob,
  N: text,
  BOOL: boolean,
  NULL: boolean,
  BS: listOf(blob),
  NS: listOf(text),
  SS: listOf(text),
}
export const attributeValue: Shape = structureOf('AttributeValue', VALUE_MEMBERS)
VALUE_MEMBERS.L = listOf(deeper(attributeValue))
VALUE_MEMBERS.M = mapOf('AttributeValue', deeper(attributeValue))
export const attributeField: Shape = structureOf('AttributeValue', VALUE_MEMBERS, true)

export const item: Shape = mapOf('AttributeValue', attributeValue)
export const names: Shape = mapOf('java.lang.String', text)
