// Filter patterns of CloudWatch Logs: terms of a text, and selectors of JSON.
// Source: "Filter pattern syntax for metric filters, subscription filters, filter log events, and Live Tail".
import { invalid } from './problems.ts'
import { compileSelector } from './selector.ts'

export type Matcher = (message: string) => boolean

/** Compiles a pattern. Throws what AWS says of one that is none. */
export function compile(pattern: string): Matcher {
  const text = pattern.trim()
  if (text === '') return () => true
  if (text.startsWith('{')) return compileSelector(text)
  if (text.startsWith('['))
    throw invalid(
      'The local cloud does not have filter patterns of space-delimited fields. Use terms, or { $.… } for JSON.',
    )
  return compileTerms(text)
}

const TERM = /([?-]?)(?:"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)*)%|([^\s"%]+))(?=\s|$)\s*/y

function compileTerms(text: string): Matcher {
  const all: Matcher[] = []
  const some: Matcher[] = []
  const none: Matcher[] = []
  TERM.lastIndex = 0
  while (TERM.lastIndex < text.length) {
    const match = TERM.exec(text)
    if (match === null) throw invalid('Invalid filter pattern')
    const [, sign, quoted, pattern, bare] = match
    const term = pattern === undefined ? toTerm(quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '') : toPattern(pattern)
    ;(sign === '?' ? some : sign === '-' ? none : all).push(term)
  }
  return (message) => {
    if (none.some((term) => term(message)) || !all.every((term) => term(message))) return false
    // Beside other terms AWS reads the optional ones as nothing.
    return all.length > 0 || some.length === 0 || some.some((term) => term(message))
  }
}

const toTerm =
  (term: string): Matcher =>
  (message) =>
    message.includes(term)

/** A regular expression as AWS takes it. */
export function toPattern(pattern: string): Matcher {
  try {
    const expression = new RegExp(pattern)
    return (message) => expression.test(message)
  } catch {
    throw invalid('Invalid filter pattern')
  }
}
