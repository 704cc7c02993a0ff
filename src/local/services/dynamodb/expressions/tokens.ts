// Cuts an expression into tokens.

export type TokenKind = 'name' | 'placeholder' | 'value' | 'index' | 'keyword' | 'sign' | 'bad' | 'end'

export interface Token {
  readonly kind: TokenKind
  /** As written; a keyword in capitals. */
  readonly text: string
  readonly start: number
  readonly end: number
}

const KEYWORDS = new Set(['SET', 'REMOVE', 'ADD', 'DELETE', 'AND', 'OR', 'NOT', 'BETWEEN', 'IN'])
const TOKEN =
  /[ \t\r\n]+|([A-Za-z][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|(0|[1-9][0-9]*)|(<>|<=|>=|[=<>()[\],.+-])|([\s\S])/gu

export function toTokens(text: string): Token[] {
  const tokens: Token[] = []
  for (const match of text.matchAll(TOKEN)) {
    const [all, name, placeholder, value, index, sign, bad] = match
    const kind = kindOf({ name, placeholder, value, index, sign, bad })
    if (kind === undefined) continue
    const isKeyword = kind === 'name' && KEYWORDS.has(all.toUpperCase())
    const token = { start: match.index, end: match.index + all.length }
    tokens.push(isKeyword ? { kind: 'keyword', text: all.toUpperCase(), ...token } : { kind, text: all, ...token })
  }
  tokens.push({ kind: 'end', text: '<EOF>', start: text.length, end: text.length })
  return tokens
}

function kindOf(groups: Readonly<Record<string, string | undefined>>): TokenKind | undefined {
  if (groups.name !== undefined) return 'name'
  if (groups.placeholder !== undefined) return 'placeholder'
  if (groups.value !== undefined) return 'value'
  if (groups.index !== undefined) return 'index'
  if (groups.sign !== undefined) return 'sign'
  return groups.bad === undefined ? undefined : 'bad'
}
