// Walks the keys of a bucket in UTF-8 order, rolling keys up into common prefixes: the one walk behind every listing.
import type { Entry } from '../../store.ts'
import { keyOf } from './state.ts'

export interface Walk<T = unknown> {
  readonly prefix: string
  readonly delimiter: string
  /** Begins after this key. */
  readonly after: string
  /** The common prefix the page before ended with: all its keys are passed over. */
  readonly passed?: string | undefined
  readonly most: number
  /** Tells whether an entry of the key `after` itself was shown before; it was, unless told otherwise. */
  readonly wasShown?: (entry: Entry<T>) => boolean
}

export interface Walked<T> {
  readonly found: { readonly key: string; readonly value: T }[]
  readonly prefixes: string[]
  truncated: boolean
  /** The key or common prefix the page ended with. */
  last: { readonly text: string; readonly isPrefix: boolean } | undefined
}

const LAST_CHARACTER = '\u{10ffff}'

/** One page of what `from` gives from a key on. A common prefix is stepped over in one seek, so a page costs what it shows. */
export function walk<T>(from: (start: string) => Iterable<Entry<T>>, asked: Walk<T>): Walked<T> {
  const { prefix, delimiter, after, most, wasShown = () => true } = asked
  const page: Walked<T> = { found: [], prefixes: [], truncated: false, last: undefined }
  let { passed } = asked
  for (;;) {
    const before = passed
    const start = passed !== undefined ? passed + LAST_CHARACTER : isBefore(after, prefix) ? prefix : after
    for (const entry of from(start)) {
      const key = keyOf(entry.key)
      if (passed !== undefined && key.startsWith(passed)) continue
      if (after !== '' && key === after && wasShown(entry)) continue
      if (!key.startsWith(prefix)) break
      if (page.found.length + page.prefixes.length >= most) {
        page.truncated = most > 0
        return page
      }
      const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
      page.last = { text: at < 0 ? key : key.slice(0, at + delimiter.length), isPrefix: at >= 0 }
      if (at < 0) page.found.push({ key, value: entry.value })
      else {
        passed = page.last.text
        page.prefixes.push(passed)
        break
      }
    }
    if (passed === before) return page
  }
}

/** Whether the text is a common prefix as this walk would show it. */
export function isCommonPrefix(text: string, { prefix, delimiter }: Pick<Walk, 'prefix' | 'delimiter'>): boolean {
  if (delimiter === '' || !text.startsWith(prefix)) return false
  const at = text.indexOf(delimiter, prefix.length)
  return at >= 0 && at + delimiter.length === text.length
}

// JavaScript orders strings by UTF-16 units, S3 by UTF-8 bytes.
const isBefore = (left: string, right: string): boolean => Buffer.compare(Buffer.from(left), Buffer.from(right)) < 0
