// Lists in pages, by name.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { check, numberOf, textOf } from './input.ts'
import { invalid } from './problems.ts'

const MOST = 100

/** A page of what is named, in order, and the token of the next one. */
export function toPage<T>(
  all: readonly T[],
  nameOf: (one: T) => string,
  input: JsonObject,
): { page: T[]; next: { NextToken?: string } } {
  const limit = numberOf(input, 'Limit') ?? MOST
  if (limit < 1 || limit > MOST)
    check([
      `Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value ${limit < 1 ? 'greater' : 'less'} than or equal to ${limit < 1 ? 1 : MOST}`,
    ])
  const token = textOf(input, 'NextToken')
  const after = token === undefined ? undefined : readToken(token)
  const rest = after === undefined ? all : all.filter((one) => nameOf(one) > after)
  const page = rest.slice(0, limit)
  const last = page.at(-1)
  const hasMore = rest.length > page.length && last !== undefined
  return { page, next: hasMore ? { NextToken: Buffer.from(nameOf(last)).toString('base64') } : {} }
}

function readToken(token: string): string {
  const name = Buffer.from(token, 'base64').toString()
  if (Buffer.from(name).toString('base64') !== token) throw invalid('Invalid token.')
  return name
}
