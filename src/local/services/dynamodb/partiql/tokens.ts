// Cuts a PartiQL statement into tokens.
import { invalid } from '../problems.ts'

export interface Token {
  readonly kind: 'word' | 'quoted' | 'text' | 'number' | 'sign' | 'end'
  /** A name or text without its quotes. */
  readonly text: string
}

export const malformedStatement = (why: string) => invalid(`Statement wasn't well formed, can't be processed: ${why}`)

const TOKEN =
  /\s+|--[^\n]*|([A-Za-z_$][\w$]*)|"((?:[^"]|"")*)"|'((?:[^']|'')*)'|(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|(<<|>>|<>|!=|<=|>=|\|\||[=<>()[\]{},.:?*+-])/gy

export function toTokens(statement: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  let at = 0
  for (;;) {
    const match = TOKEN.exec(statement)
    if (match === null) break
    at = TOKEN.lastIndex
    const [, word, quoted, text, number, sign] = match
    if (word !== undefined) tokens.push({ kind: 'word', text: word })
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.replaceAll('""', '"') })
    else if (text !== undefined) tokens.push({ kind: 'text', text: text.replaceAll("''", "'") })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign })
  }
  if (at < statement.length) throw malformedStatement(`Unexpected character at position ${at + 1}`)
  tokens.push({ kind: 'end', text: '' })
  return tokens
}
