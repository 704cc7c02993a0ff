// Selectors of JSON in filter patterns: `{ ($.level = "ERROR" && $.latency > 100) || $.user.name = "a*" }`.
import { isObject } from '../../../aws/protocol/json.ts'
import type { Matcher } from './pattern.ts'
import { invalid } from './problems.ts'

type Test = (value: unknown) => boolean

const TOKEN =
  /\s*(?:(&&|\|\||[(){}]|!=|>=|<=|=|>|<)|(IS|NOT|EXISTS|NULL|TRUE|FALSE)\b|"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)*)%|([^\s(){}=!<>&|"%]+))/gy

interface Token {
  readonly kind: 'sign' | 'word' | 'text' | 'pattern' | 'bare'
  readonly text: string
}

/** Compiles a selector in braces. */
export function compileSelector(text: string): Matcher {
  const reader = new Tokens(tokens(text.trim()))
  reader.take('{')
  const test = readOr(reader)
  reader.take('}')
  if (!reader.isDone()) throw bad()
  return (message) => {
    const value = parsed(message)
    return isObject(value) && test(value)
  }
}

const bad = (): Error => invalid('Invalid filter pattern')

function parsed(message: string): unknown {
  try {
    return JSON.parse(message)
  } catch {
    return undefined
  }
}

function tokens(text: string): Token[] {
  const found: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text)
    if (match === null) throw bad()
    const [, sign, word, quoted, pattern, bare] = match
    if (sign !== undefined) found.push({ kind: 'sign', text: sign })
    else if (word !== undefined) found.push({ kind: 'word', text: word })
    else if (quoted !== undefined) found.push({ kind: 'text', text: quoted.replace(/\\(.)/g, '$1') })
    else if (pattern !== undefined) found.push({ kind: 'pattern', text: pattern })
    else found.push({ kind: 'bare', text: bare ?? '' })
  }
  return found
}

class Tokens {
  readonly #all: readonly Token[]
  #at = 0

  constructor(all: readonly Token[]) {
    this.#all = all
  }

  isDone(): boolean {
    return this.#at === this.#all.length
  }

  next(): Token {
    const token = this.#all[this.#at++]
    if (token === undefined) throw bad()
    return token
  }

  /** Takes the sign or word if it is next. */
  takes(text: string): boolean {
    const token = this.#all[this.#at]
    const isIt = token?.text === text && (token.kind === 'sign' || token.kind === 'word')
    if (isIt) this.#at++
    return isIt
  }

  take(text: string): void {
    if (!this.takes(text)) throw bad()
  }
}

function readOr(reader: Tokens): Test {
  const tests = [readAnd(reader)]
  while (reader.takes('||')) tests.push(readAnd(reader))
  return (value) => tests.some((test) => test(value))
}

function readAnd(reader: Tokens): Test {
  const tests = [readOne(reader)]
  while (reader.takes('&&')) tests.push(readOne(reader))
  return (value) => tests.every((test) => test(value))
}

function readOne(reader: Tokens): Test {
  if (reader.takes('(')) {
    const inner = readOr(reader)
    reader.take(')')
    return inner
  }
  const path = reader.next()
  if (path.kind !== 'bare' || !path.text.startsWith('$')) throw bad()
  const select = toSelect(path.text)
  const test = readComparison(reader)
  return (value) => test(select(value))
}

function readComparison(reader: Tokens): Test {
  if (reader.takes('NOT')) {
    reader.take('EXISTS')
    return (value) => value === undefined
  }
  if (reader.takes('EXISTS')) return (value) => value !== undefined
  if (reader.takes('IS')) {
    const { text } = reader.next()
    if (text !== 'NULL' && text !== 'TRUE' && text !== 'FALSE') throw bad()
    const wanted = text === 'NULL' ? null : text === 'TRUE'
    return (value) => value === wanted
  }
  const sign = reader.next()
  const { kind, text } = reader.next()
  if (sign.kind !== 'sign') throw bad()
  if (sign.text !== '=' && sign.text !== '!=') return toOrder(sign.text, Number(text))
  const equal = kind === 'pattern' ? toExpression(text) : toEqual(text, kind === 'text')
  // What is not there is not unequal to anything either.
  return sign.text === '=' ? equal : (value) => value !== undefined && !equal(value)
}

function toOrder(sign: string, wanted: number): Test {
  if (Number.isNaN(wanted)) throw bad()
  const compare: Readonly<Record<string, (value: number) => boolean>> = {
    '>': (value) => value > wanted,
    '<': (value) => value < wanted,
    '>=': (value) => value >= wanted,
    '<=': (value) => value <= wanted,
  }
  const test = compare[sign]
  if (test === undefined) throw bad()
  return (value) => typeof value === 'number' && test(value)
}

function toExpression(pattern: string): Test {
  try {
    const expression = new RegExp(pattern)
    return (value) => typeof value === 'string' && expression.test(value)
  } catch {
    throw bad()
  }
}

/** Text with `*` for anything; bare numbers are equal as numbers. */
function toEqual(wanted: string, isQuoted: boolean): Test {
  const number = isQuoted ? Number.NaN : Number(wanted)
  const source = wanted
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('[\\s\\S]*')
  const like = new RegExp(`^${source}$`)
  return (value) => (typeof value === 'number' ? value === number : typeof value === 'string' && like.test(value))
}

/** `$.a.b[0]["c.d"]`. */
function toSelect(path: string): (value: unknown) => unknown {
  const steps = [...path.slice(1).matchAll(/\.([^.[\]]+)|\[(?:'([^']*)'|(\d+|\*))\]/g)].map(
    ([, name, quoted, index]) => name ?? quoted ?? index ?? '',
  )
  return (value) => steps.reduce<unknown>((at, step) => stepInto(at, step), value)
}

function stepInto(at: unknown, step: string): unknown {
  if (Array.isArray(at)) return at[Number(step)]
  return isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined
}
