// Reads tokens one after the other: paths, values and calls, which all expressions have in common.
import { ExpressionProblem } from './problem.ts'
import { type Token, type TokenKind, toTokens } from './tokens.ts'
import type { Call, Operand, Path, Step } from './tree.ts'

// Deeper can only be with redundant parentheses or too many operators, and would overflow the stack.
const DEEPEST = 320
const MOST_OPERATORS = 300

export class Reader {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0
  #operators = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = toTokens(text)
  }

  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]
    if (token === undefined) throw new Error('An expression has no end.')
    return token
  }

  is(text: string): boolean {
    const { kind, text: there } = this.peek()
    return (kind === 'sign' || kind === 'keyword') && there === text
  }

  /** Takes this sign or keyword if it comes next. */
  takes(text: string): boolean {
    const isNext = this.is(text)
    if (isNext) this.#at++
    return isNext
  }

  expect(text: string): void {
    if (!this.takes(text)) this.fail()
  }

  take(kind: TokenKind): Token {
    const token = this.peek()
    if (token.kind !== kind) this.fail()
    this.#at++
    return token
  }

  /** Source: the words are AWS's: the token where reading stopped, and the text from the one before to the one after. */
  fail(): never {
    const token = this.peek()
    const from = this.#tokens[this.#at - 1]?.start ?? 0
    const to = this.peek(1).end
    throw new ExpressionProblem(
      `Syntax error; token: "${token.kind === 'keyword' ? this.#text.slice(token.start, token.end) : token.text}", near: "${this.#text.slice(from, to)}"`,
    )
  }

  end(): void {
    if (this.peek().kind !== 'end') this.fail()
    if (this.#operators > MOST_OPERATORS)
      throw new ExpressionProblem(`The expression contains too many operators; operator count: ${MOST_OPERATORS + 1}`)
  }

  counted(): void {
    this.#operators++
  }

  /** Runs `read` between two parentheses. `isWrapped` says whether what is inside stands in parentheses of its own. */
  inParentheses<T extends { readonly isWrapped: boolean }>(read: () => T): T {
    this.expect('(')
    if (++this.#depth > DEEPEST) throw redundant()
    const inner = read()
    this.expect(')')
    this.#depth--
    if (inner.isWrapped) throw redundant()
    return inner
  }

  operand(): Operand {
    return this.#wrapped().operand
  }

  #wrapped(): { operand: Operand; isWrapped: boolean } {
    const { kind } = this.peek()
    if (kind === 'value') return { operand: { kind: 'value', name: this.take('value').text }, isWrapped: false }
    if (this.is('(')) return { ...this.inParentheses(() => this.#wrapped()), isWrapped: true }
    const next = this.peek(1)
    const isCall = kind === 'name' && next.kind === 'sign' && next.text === '('
    return { operand: isCall ? this.call() : this.path(), isWrapped: false }
  }

  call(): Call {
    const name = this.take('name').text
    this.expect('(')
    if (++this.#depth > DEEPEST) throw redundant()
    const operands = [this.operand()]
    while (this.takes(',')) operands.push(this.operand())
    this.expect(')')
    this.#depth--
    this.counted()
    return { kind: 'call', name, operands }
  }

  path(): Path {
    const steps: Step[] = [this.#name()]
    for (;;) {
      if (this.takes('.')) steps.push(this.#name())
      else if (this.takes('[')) {
        const { text } = this.take('index')
        this.expect(']')
        steps.push({ index: Number(text), text })
      } else return { kind: 'path', steps }
    }
  }

  #name(): Step {
    if (this.peek().kind === 'placeholder') return { placeholder: this.take('placeholder').text }
    return { name: this.take('name').text }
  }
}

const redundant = (): ExpressionProblem => new ExpressionProblem('The expression has redundant parentheses;')
