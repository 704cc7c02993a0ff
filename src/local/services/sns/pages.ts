// Lists in pages of a hundred.
import { type Entry, type Key, type Reader, under } from '../../store.ts'
import { invalidParameter } from './problems.ts'

const PAGE = 100

export interface Page<T> {
  readonly items: readonly T[]
  readonly next?: string
}

/** Up to a hundred of what lies under `place`, after the entry the token names. */
export function toPage<T>(reader: Reader, place: Key, token: string | undefined): Page<T> {
  const all = under(...place)
  const after = token === undefined ? undefined : readToken(token, place)
  const items: T[] = []
  let last: Entry<T> | undefined
  for (const entry of reader.range<T>({ ...all, start: after ?? all.start, limit: PAGE + 2 })) {
    if (after !== undefined && isSame(entry.key, after)) continue
    if (items.length === PAGE && last !== undefined) return { items, next: toToken(last) }
    items.push(entry.value)
    last = entry
  }
  return { items }
}

const isSame = (one: Key, other: Key): boolean => JSON.stringify(one) === JSON.stringify(other)

const toToken = ({ key }: Entry<unknown>): string => Buffer.from(JSON.stringify(key)).toString('base64')

// A token of a client's own making must not lead out of the list.
function readToken(token: string, place: Key): string[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(token, 'base64').toString())
    const isKey =
      Array.isArray(key) && key.length < 8 && key.every((part) => typeof part === 'string' && part.length < 300)
    if (isKey && isSame(key.slice(0, place.length), place)) return key
  } catch {
    // Answered below.
  }
  throw invalidParameter('NextToken')
}
