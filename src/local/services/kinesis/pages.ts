// Pages of a sorted list, and the tokens that lead from one to the next.
import { invalidArgument } from './problems.ts'

export interface Page<T> {
  readonly page: readonly T[]
  /** The id of the last one, where there are more. */
  readonly next?: string
}

export function pageOf<T>(
  all: readonly T[],
  idOf: (one: T) => string,
  after: string | undefined,
  most: number,
): Page<T> {
  const rest = after === undefined || after === '' ? all : all.filter((one) => idOf(one) > after)
  const page = rest.slice(0, most)
  const last = page.at(-1)
  return last === undefined || page.length === rest.length ? { page } : { page, next: idOf(last) }
}

export const toToken = (parts: readonly string[]): string => Buffer.from(JSON.stringify(parts)).toString('base64')

// Of a client's own making it may hold anything.
export function readToken(token: string): string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64').toString())
    if (Array.isArray(parts) && parts.every((part): part is string => typeof part === 'string')) return parts
  } catch {
    // Answered below.
  }
  throw invalidArgument('NextToken is invalid.')
}
