// Reads the little of Python that declarations are made of: decorators, calls and literals, with their lines.

export type Value =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'flag'; readonly value: boolean }
  | { readonly kind: 'none' }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'dict'; readonly members: readonly (readonly [Value, Value])[] }
  | Name
  | Call
/** `queue`, `Rate.MINUTES`. */
export interface Name {
  readonly kind: 'name'
  readonly name: string
}
export interface Call {
  readonly kind: 'call'
  readonly name: string
  readonly given: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
}

/** A decorator or a statement at the beginning of a line. */
export interface Statement {
  readonly line: number
  /** `app.route` of `@app.route('/')`, `app.debug` of `app.debug = True`. */
  readonly subject: string
  readonly kind: 'decorator' | 'assignment' | 'call'
  /** Undefined where it is none of the values above. */
  readonly value: Value | undefined
  /** Of a decorator: the function below it. */
  readonly function?: string
}

/** Every decorator, assignment and call of a module's top level. */
export function readModule(text: string): Statement[] {
  const made: Statement[] = []
  let waiting: Omit<Statement, 'function'>[] = []
  for (const { line, code } of logicalLines(text)) {
    const decorator = /^@([\w.]+)/.exec(code)
    const defined = /^(?:async\s+)?def\s+(\w+)/.exec(code)?.[1]
    if (decorator !== null) {
      const name = decorator[1] ?? ''
      const value = code.slice(1).trim() === name ? { kind: 'name' as const, name } : parseValue(code.slice(1))
      waiting.push({ line, subject: name, kind: 'decorator', value })
    } else if (defined !== undefined || code.startsWith('class ')) {
      made.push(...waiting.map((one) => (defined === undefined ? one : { ...one, function: defined })))
      waiting = []
    } else {
      const assigned = /^([\w.]+)\s*(?::[^=]+)?=(?!=)\s*(.+)$/s.exec(code)
      if (assigned !== null)
        made.push({ line, subject: assigned[1] ?? '', kind: 'assignment', value: parseValue(assigned[2] ?? '') })
      else if (/^[\w.]+\(/.test(code))
        made.push({ line, subject: /^[\w.]+/.exec(code)?.[0] ?? '', kind: 'call', value: parseValue(code) })
    }
  }
  return made
}

/** Lines at the left edge, with what their brackets and texts take along; comments gone. */
function logicalLines(text: string): { line: number; code: string }[] {
  const made: { line: number; code: string }[] = []
  let at = 0
  let line = 1
  while (at < text.length) {
    const start = at
    const first = line
    let depth = 0
    let code = ''
    while (at < text.length && !(text[at] === '\n' && depth === 0)) {
      const letter = text.charAt(at)
      if (letter === '#') {
        while (at < text.length && text[at] !== '\n') at++
        continue
      }
      const end = letter === '"' || letter === "'" ? endOfText(text, at) : at + 1
      const piece = text.slice(at, end)
      if ('([{'.includes(letter)) depth++
      if (')]}'.includes(letter)) depth = Math.max(0, depth - 1)
      line += piece.split('\n').length - 1
      code += piece
      at = end
    }
    at++
    line++
    if (/\S/.test(text.charAt(start)) && code.trim() !== '') made.push({ line: first, code: code.trimEnd() })
  }
  return made
}

// Behind the quotes that close the text which opens here.
function endOfText(text: string, from: number): number {
  const quote = text.charAt(from)
  const mark = text.startsWith(quote.repeat(3), from) ? quote.repeat(3) : quote
  for (let at = from + mark.length; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text.startsWith(mark, at)) return at + mark.length
    else if (mark.length === 1 && text[at] === '\n') return at
  }
  return text.length
}

/** A value that is written out, or undefined. */
export function parseValue(text: string): Value | undefined {
  const parser = new Parser(text)
  try {
    return parser.whole()
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

const DEEPEST = 50

class Parser {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): Value {
    const value = this.#value()
    this.#space()
    if (this.#at < this.#text.length) throw new SyntaxError(this.#text)
    return value
  }

  #space(): void {
    this.#at += /^(?:\s|\\\n|#[^\n]*)*/.exec(this.#text.slice(this.#at))?.[0].length ?? 0
  }

  #take(pattern: RegExp): string | undefined {
    this.#space()
    const found = pattern.exec(this.#text.slice(this.#at))?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  #value(): Value {
    this.#depth++
    if (this.#depth > DEEPEST) throw new SyntaxError('nested too deep')
    const value = this.#inner()
    this.#depth--
    return value
  }

  #inner(): Value {
    const text = this.#quoted()
    if (text !== undefined) return { kind: 'text', value: text }
    const number = this.#take(/^-?\d[\d_]*(?:\.\d+)?/)
    if (number !== undefined) return { kind: 'number', value: Number(number.replaceAll('_', '')) }
    if (this.#take(/^\[/) !== undefined) return { kind: 'list', items: this.#items(/^\]/) }
    if (this.#take(/^\(/) !== undefined) return this.#tuple()
    if (this.#take(/^\{/) !== undefined) return this.#members()
    const name = this.#take(/^[A-Za-z_][\w.]*/)
    if (name === undefined) throw new SyntaxError(this.#text.slice(this.#at, this.#at + 20))
    if (name === 'True' || name === 'False') return { kind: 'flag', value: name === 'True' }
    if (name === 'None') return { kind: 'none' }
    if (this.#take(/^\(/) !== undefined) return this.#call(name)
    const index = this.#take(/^\[/) === undefined ? undefined : this.#items(/^\]/)
    return index === undefined ? { kind: 'name', name } : { kind: 'call', name, given: index, named: new Map() }
  }

  // In brackets one value is itself, several are a list.
  #tuple(): Value {
    const items = this.#items(/^\)/)
    const [first] = items
    return items.length === 1 && first !== undefined ? first : { kind: 'list', items }
  }

  #quoted(): string | undefined {
    let made: string | undefined
    for (;;) {
      this.#space()
      const prefix = /^[rRbBuU]{0,2}(?=['"])/.exec(this.#text.slice(this.#at))?.[0]
      if (prefix === undefined) return made
      const start = this.#at + prefix.length
      const end = endOfText(this.#text, start)
      const size = this.#text.startsWith(this.#text.charAt(start).repeat(3), start) && end - start >= 6 ? 3 : 1
      const inner = this.#text.slice(start + size, end - size)
      const plain = /[rR]/.test(prefix) ? inner : inner.replace(/\\(['"\\])/g, '$1').replaceAll('\\n', '\n')
      made = (made ?? '') + plain
      this.#at = end
    }
  }

  #items(end: RegExp): Value[] {
    const made: Value[] = []
    while (this.#take(end) === undefined) {
      made.push(this.#value())
      if (this.#take(/^,/) === undefined) {
        if (this.#take(end) === undefined) throw new SyntaxError('a comma is missing')
        return made
      }
    }
    return made
  }

  #members(): Value {
    const members: [Value, Value][] = []
    while (this.#take(/^\}/) === undefined) {
      const key = this.#value()
      if (this.#take(/^:/) === undefined) throw new SyntaxError('a colon is missing')
      members.push([key, this.#value()])
      if (this.#take(/^,/) === undefined && this.#take(/^(?=\})/) === undefined)
        throw new SyntaxError('a comma is missing')
    }
    return { kind: 'dict', members }
  }

  #call(name: string): Call {
    const given: Value[] = []
    const named = new Map<string, Value>()
    while (this.#take(/^\)/) === undefined) {
      const key = this.#take(/^[A-Za-z_]\w*(?=\s*=(?!=))/)
      if (key === undefined) given.push(this.#value())
      else {
        this.#take(/^=/)
        named.set(key, this.#value())
      }
      if (this.#take(/^,/) === undefined && this.#take(/^(?=\))/) === undefined)
        throw new SyntaxError('a comma is missing')
    }
    return { kind: 'call', name, given, named }
  }
}
