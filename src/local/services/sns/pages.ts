// Lists in pages of a hundred.
import type { Entry } from '../../store.ts'
import { invalidParameter } from './problems.ts'

const PAGE = 100

export interface Page<T> {
  readonly items: readonly T[]
  readonly next?: string
}

/** Up to a hundred of what `from` yields after the place the token names. */
export function toPage<T>(token: string | undefined, from: (after: readonly string[]) => Iterable<Entry<T>>): Page<T> {
  const items: T[] = []
  let last: Entry<T> | undefined
  for (const entry of from(token === undefined ? [] : readToken(token))) {
    if (items.length === PAGE && last !== undefined) return { items, next: toToken(last) }
    items.push(entry.value)
    last = entry
  }
  return { items }
}

const toToken = ({ key }: Entry<unknown>): string => Buffer.from(JSON.stringify(key)).toString('base64')

function readToken(token: string): string[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(token, 'base64').toString())
    if (Array.isArray(key) && key.length < 8 && key.every((part) => typeof part === 'string' && part.length < 300))
      return key
  } catch {
    // Answered below.
  }
  throw invalidParameter('NextToken')
}
