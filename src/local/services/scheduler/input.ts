// Reads the members of a request: its path, its query, its body.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import { broken, invalid } from './problems.ts'

/** A request with its parts read. */
export interface Asked {
  /** What stands in the path. */
  readonly name: string
  readonly query: URLSearchParams
  readonly body: JsonObject
}

const NAME = /^[0-9a-zA-Z\-_.]{1,64}$/

/** A name of a schedule or a group. */
export function checkName(name: string, place = 'name'): string {
  if (name.length > 64) throw broken(place, name, 'have length less than or equal to 64')
  if (!NAME.test(name)) throw broken(place, name, 'satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$')
  return name
}

export function textOf(input: JsonObject, name: string): string | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw invalid(`${name} is not a text.`)
  return value
}

export function numberOf(
  input: JsonObject,
  name: string,
  { least, most }: { least: number; most: number },
): number | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number') throw invalid(`${name} is not a number.`)
  const place = name.charAt(0).toLowerCase() + name.slice(1)
  if (value < least) throw broken(place, String(value), `have value greater than or equal to ${least}`)
  if (value > most) throw broken(place, String(value), `have value less than or equal to ${most}`)
  return value
}

export function objectOf(input: JsonObject, name: string): JsonObject | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (!isObject(value)) throw invalid(`${name} is not a structure.`)
  return value
}

/** One of these words. */
export function wordOf(input: JsonObject, name: string, words: readonly [string, ...string[]]): string {
  const value = textOf(input, name) ?? words[0]
  const place = name.charAt(0).toLowerCase() + name.slice(1)
  if (!words.includes(value)) throw broken(place, value, `satisfy enum value set: [${words.join(', ')}]`)
  return value
}

/** A page of what is named, in order, and the token of the next one. */
export function toPage<T>(
  all: readonly T[],
  nameOf: (one: T) => string,
  query: URLSearchParams,
): { page: T[]; next: { NextToken?: string } } {
  const most = Number(query.get('MaxResults') ?? 100)
  if (!(most >= 1 && most <= 100)) throw broken('maxResults', String(most), 'have value less than or equal to 100')
  const token = query.get('NextToken')
  const after = token === null ? undefined : Buffer.from(token, 'base64').toString()
  if (after !== undefined && Buffer.from(after).toString('base64') !== token) throw invalid('Invalid NextToken.')
  const rest = after === undefined ? all : all.filter((one) => nameOf(one) > after)
  const page = rest.slice(0, most)
  const last = page.at(-1)
  const hasMore = last !== undefined && rest.length > page.length
  return { page, next: hasMore ? { NextToken: Buffer.from(nameOf(last)).toString('base64') } : {} }
}
