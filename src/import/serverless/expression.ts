// The grammar of variables: `${self:a.${opt:stage}, file(x.yml):y, 'dev'}` as data.

export interface Variable {
  /** As it was written. */
  readonly says: string
  /** In the order in which they are asked. */
  readonly sources: readonly Source[]
}

export type Source =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | {
      readonly kind: 'ask'
      readonly type: string
      readonly argument: readonly Part[] | undefined
      readonly address: readonly Part[] | undefined
    }

export type Part = string | Variable

/** Splits a text at its variables. What is none (`${AWS::Region}`, `${Logical.Arn}` of Fn::Sub) stays text. */
export function parse(text: string): Part[] {
  const parts: Part[] = []
  let rest = 0
  for (let at = text.indexOf('${'); at >= 0; at = text.indexOf('${', at + 2)) {
    if (at < rest) continue
    const end = closing(text, at + 2)
    const variable = end < 0 ? undefined : toVariable(text.slice(at, end + 1))
    if (variable === undefined) continue
    if (at > rest) parts.push(text.slice(rest, at))
    parts.push(variable)
    rest = end + 1
  }
  if (rest < text.length) parts.push(text.slice(rest))
  return parts
}

// The brace that closes what was opened before `from`; quoted ones do not count.
function closing(text: string, from: number): number {
  let depth = 1
  let quote = ''
  for (let at = from; at < text.length; at++) {
    const letter = text.charAt(at)
    if (quote !== '') {
      if (letter === quote) quote = ''
    } else if ((letter === "'" || letter === '"') && /[,{(]\s*$/.test(text.slice(Math.max(0, at - 8), at)))
      quote = letter
    else if (letter === '{') depth++
    else if (letter === '}') {
      depth--
      if (depth === 0) return at
    }
  }
  return -1
}

function toVariable(says: string): Variable | undefined {
  const sources = split(says.slice(2, -1)).map(toSource)
  const known = sources.filter((one) => one !== undefined)
  return known.length === sources.length && known.some(({ kind }) => kind === 'ask')
    ? { says, sources: known }
    : undefined
}

// At the commas that stand in no brace, no bracket and no quotes.
function split(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quote = ''
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at)
    if (quote !== '') {
      if (letter === quote) quote = ''
    } else if ((letter === "'" || letter === '"') && text.slice(start, at).trim() === '') quote = letter
    else if (letter === '{' || letter === '(') depth++
    else if (letter === '}' || letter === ')') depth--
    else if (letter === ',' && depth === 0) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  return [...parts, text.slice(start)]
}

function toSource(text: string): Source | undefined {
  const word = text.trim()
  const quoted = /^(['"])(.*)\1$/s.exec(word)
  if (quoted !== null) return { kind: 'literal', value: quoted[2] ?? '' }
  if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true' }
  if (word === 'null' || word === '') return { kind: 'literal', value: word === '' ? '' : null }
  if (/^-?\d+(?:\.\d+)?$/.test(word)) return { kind: 'literal', value: Number(word) }
  // A variable alone among the fallbacks.
  if (word.startsWith('${') && closing(word, 2) === word.length - 1)
    return { kind: 'ask', type: 'text', argument: undefined, address: parse(word) }
  const head = /^([A-Za-z][\w-]*)(?=[:(])/.exec(word)?.[1]
  if (head === undefined || word.startsWith(`${head}::`)) return undefined
  return toAsk(head, word.slice(head.length))
}

function toAsk(type: string, rest: string): Source | undefined {
  if (rest.startsWith(':')) return { kind: 'ask', type, argument: undefined, address: parse(rest.slice(1)) }
  const end = bracket(rest)
  if (end < 0) return undefined
  const [argument, after] = [parse(rest.slice(1, end)), rest.slice(end + 1)]
  if (after === '') return { kind: 'ask', type, argument, address: undefined }
  // `file(x.yml).key` was written in the first versions.
  return /^[:.]/.test(after) ? { kind: 'ask', type, argument, address: parse(after.slice(1)) } : undefined
}

function bracket(text: string): number {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++
    else if (text[at] === ')') {
      depth--
      if (depth === 0) return at
    }
  }
  return -1
}
