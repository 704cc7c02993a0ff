// IAM's patterns: `*` for anything, slashes and nothing included, `?` for one character, `${…}` for what is known of the caller.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
import type { Context } from './context.ts'

/** What stands between two stars. */
interface Piece {
  readonly text: string
  /** Where any character may stand; undefined: nowhere. */
  readonly free: ReadonlySet<number> | undefined
}

type Token = { readonly text: string } | '*' | '?' | { readonly key: string; readonly otherwise: string | undefined }

/** Whether a text is like a pattern; false where a variable of it has no value for this caller. */
export type Pattern = (text: string, context: Context) => boolean

/** Reads a pattern. `variables`: whether it may hold any, which policies of 2008 may not. */
export function compilePattern(pattern: string, variables: boolean): Pattern {
  if (pattern === '*') return () => true
  if (!variables || !pattern.includes('${')) {
    const pieces = toPieces(toTokens(pattern))
    return (text) => isLikePieces(text, pieces)
  }
  const tokens = toTokensWithVariables(pattern)
  return (text, context) => {
    const known = tokens.map((token) => (typeof token === 'object' && 'key' in token ? fill(token, context) : token))
    return known.includes(undefined) ? false : isLikePieces(text, toPieces(known.filter((one) => one !== undefined)))
  }
}

/** The text that a template stands for; undefined where a variable of it has no value. Stars in it are only stars. */
export function compileTemplate(template: string, variables: boolean): (context: Context) => string | undefined {
  if (!variables || !template.includes('${')) return () => template
  const tokens = toTokensWithVariables(template)
  return (context) => {
    let text = ''
    for (const token of tokens) {
      if (typeof token === 'string') text += token
      else {
        const known = 'key' in token ? fill(token, context) : token
        if (known === undefined) return undefined
        text += known.text
      }
    }
    return text
  }
}

/** Whether a text is like a pattern without variables. */
export const isLike = (text: string, pattern: string): boolean => isLikePieces(text, toPieces(toTokens(pattern)))

// What a variable stands for is never a pattern itself: a caller's name must not widen what it is put into.
function fill(
  { key, otherwise }: { key: string; otherwise: string | undefined },
  context: Context,
): { readonly text: string } | undefined {
  const values = context(key)
  const text = values?.length === 1 ? values[0] : otherwise
  return text === undefined ? undefined : { text }
}

const toTokens = (pattern: string): Token[] =>
  pattern.split(/([*?])/).flatMap((part): Token[] => {
    if (part === '*' || part === '?') return [part]
    return part === '' ? [] : [{ text: part }]
  })

function toTokensWithVariables(pattern: string): Token[] {
  return pattern.split(/(\$\{[^}]*\})/).flatMap((part): Token[] => {
    const inner = /^\$\{([^}]*)\}$/.exec(part)?.[1]?.trim()
    if (inner === undefined) return toTokens(part)
    // `${*}`, `${?}` and `${$}` are these characters themselves.
    if (inner === '*' || inner === '?' || inner === '$') return [{ text: inner }]
    const [, key = inner, otherwise] = /^(.*?)\s*,\s*'([^']*)'$/.exec(inner) ?? []
    return [{ key: key.toLowerCase(), otherwise }]
  })
}

function toPieces(tokens: readonly Exclude<Token, { readonly key: string }>[] | readonly Token[]): readonly Piece[] {
  const pieces: Piece[] = []
  let text = ''
  let free: Set<number> | undefined
  for (const token of tokens) {
    if (token === '*') {
      pieces.push({ text, free })
      text = ''
      free = undefined
    } else if (token === '?') {
      free ??= new Set()
      free.add(text.length)
      text += '?'
    } else if ('text' in token) text += token.text
  }
  pieces.push({ text, free })
  return pieces
}

// From left to right, never back: where a piece is first found is as good a place as any later one. So the time is bounded
// by the text and the longest piece, however many stars there are.
function isLikePieces(text: string, pieces: readonly Piece[]): boolean {
  const first = pieces[0]
  const last = pieces.at(-1)
  if (first === undefined || last === undefined) return text === ''
  if (!isAt(text, first, 0)) return false
  if (pieces.length === 1) return text.length === first.text.length
  const end = text.length - last.text.length
  let from = first.text.length
  if (from > end || !isAt(text, last, end)) return false
  for (let index = 1; index < pieces.length - 1; index++) {
    const piece = pieces[index]
    if (piece === undefined || piece.text === '') continue
    const found = find(text, piece, from)
    if (found < 0) return false
    from = found + piece.text.length
  }
  return from <= end
}

function find(text: string, piece: Piece, from: number): number {
  if (piece.free === undefined) return text.indexOf(piece.text, from)
  for (let at = from; at + piece.text.length <= text.length; at++) if (isAt(text, piece, at)) return at
  return -1
}

function isAt(text: string, { text: wanted, free }: Piece, at: number): boolean {
  if (free === undefined) return text.startsWith(wanted, at)
  if (at + wanted.length > text.length) return false
  for (let index = 0; index < wanted.length; index++)
    if (!free.has(index) && text.charCodeAt(at + index) !== wanted.charCodeAt(index)) return false
  return true
}
