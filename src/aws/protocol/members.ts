// Reads the members of a JSON input: what has another type is refused in the words of AWS's web framework.
import { isObject, type JsonObject } from './json.ts'
import { ServiceError } from './service-error.ts'

const wrong = (): ServiceError =>
  new ServiceError('SerializationException', 'NUMBER_VALUE or STRING_VALUE of another type')

const read = <T>(input: JsonObject, name: string, is: (value: unknown) => value is T): T | undefined => {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (!is(value)) throw wrong()
  return value
}

export const textOf = (input: JsonObject, name: string): string | undefined =>
  read(input, name, (value) => typeof value === 'string')

export const numberOf = (input: JsonObject, name: string): number | undefined =>
  read(input, name, (value) => typeof value === 'number')

export const flagOf = (input: JsonObject, name: string): boolean =>
  read(input, name, (value) => typeof value === 'boolean') ?? false

export const objectOf = (input: JsonObject, name: string): JsonObject | undefined => read(input, name, isObject)

export const textsOf = (input: JsonObject, name: string): string[] | undefined =>
  read(input, name, (value): value is string[] => Array.isArray(value) && value.every((one) => typeof one === 'string'))

export const objectsOf = (input: JsonObject, name: string): JsonObject[] | undefined =>
  read(input, name, (value): value is JsonObject[] => Array.isArray(value) && value.every(isObject))

/** A refusal of one member, as AWS's validation words it. */
export const constraint = (value: unknown, member: string, words: string, type = 'ValidationException'): ServiceError =>
  new ServiceError(
    type,
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${words}`,
  )

/** A member that must be there. */
export function required<T>(value: T | undefined, member: string): T {
  if (value === undefined)
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    )
  return value
}

/** A whole number between two others, or the default where it is left out. */
export function within(
  value: number | undefined,
  member: string,
  { least, most, or }: { least: number; most: number; or: number },
): number {
  if (value === undefined) return or
  if (value < least) throw constraint(value, member, `Member must have value greater than or equal to ${least}`)
  if (value > most) throw constraint(value, member, `Member must have value less than or equal to ${most}`)
  return value
}

/** Pages of a list that is read from somewhere on: the token says where the next one begins. */
export const toToken = (position: string): string => Buffer.from(position).toString('base64url')
export const fromToken = (token: string | undefined): string | undefined =>
  token === undefined ? undefined : Buffer.from(token, 'base64url').toString()
