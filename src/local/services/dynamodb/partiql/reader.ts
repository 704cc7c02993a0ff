// Reads tokens one after the other: names, paths, and values, which are literals or the parameters of the request.
import { ExpressionProblem } from '../expressions/problem.ts'
import type { Path, Step, ValueName } from '../expressions/tree.ts'
import { invalid } from '../problems.ts'
import { readValue } from '../value-check.ts'
import { type AttributeValue, emptyItem, typeOf } from '../values.ts'
import { malformedStatement, type Token, toTokens } from './tokens.ts'

const DEEPEST = 32

export class Reader {
  /** Every value of the statement, by the name that its tree has for it. */
  readonly values = new Map<string, AttributeValue>()
  readonly #tokens: readonly Token[]
  readonly #parameters: readonly unknown[]
  #at = 0
  #used = 0
  #depth = 0

  constructor(statement: string, parameters: readonly unknown[]) {
    this.#tokens = toTokens(statement)
    this.#parameters = parameters
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)] ?? { kind: 'end', text: '' }
  }

  next(): Token {
    const token = this.peek()
    this.#at++
    return token
  }

  /** Whether this keyword or sign comes next. */
  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    if (token.kind === 'word') return token.text.toUpperCase() === text
    return token.kind === 'sign' && token.text === text
  }

  takes(text: string): boolean {
    const isNext = this.is(text)
    if (isNext) this.#at++
    return isNext
  }

  expect(text: string): void {
    if (!this.takes(text)) this.fail(`Expected ${text}`)
  }

  fail(why = 'Unexpected term'): never {
    throw malformedStatement(why)
  }

  /** Runs `read` one level deeper: a statement that nests without end must not end the process. */
  nested<T>(read: () => T): T {
    if (++this.#depth > DEEPEST * 4) this.fail('The statement is nested too deeply')
    const result = read()
    this.#depth--
    return result
  }

  end(): void {
    if (this.peek().kind !== 'end') this.fail()
    if (this.#used !== this.#parameters.length)
      throw invalid("Number of parameters in request and statement don't match.")
  }

  name(): string {
    const token = this.next()
    if (token.kind !== 'word' && token.kind !== 'quoted') this.fail('Expected identifier')
    return token.text
  }

  path(): Path {
    const steps: Step[] = [{ name: this.name() }]
    for (;;) {
      if (this.takes('.')) steps.push({ name: this.name() })
      else if (this.is('[') && this.peek(1).kind === 'number') {
        this.next()
        const { text } = this.next()
        steps.push({ index: Number(text), text })
        this.expect(']')
      } else return { kind: 'path', steps }
    }
  }

  /** Whether a value comes next, and not a name. */
  isValue(): boolean {
    const { kind } = this.peek()
    if (kind === 'text' || kind === 'number') return true
    return ['?', '[', '{', '<<', '-', '+', 'TRUE', 'FALSE', 'NULL'].some((one) => this.is(one))
  }

  /** A value, under a name for the tree. */
  value(): ValueName {
    return this.named(this.literal())
  }

  named(value: AttributeValue): ValueName {
    const name = `:${this.values.size}`
    this.values.set(name, value)
    return { kind: 'value', name }
  }

  literal(): AttributeValue {
    return this.nested(() => this.#literal())
  }

  #literal(): AttributeValue {
    const token = this.peek()
    if (token.kind === 'text') return { S: this.next().text }
    if (token.kind === 'number') return readValue({ N: this.next().text }, 'current')
    if (this.takes('-')) return readValue({ N: `-${this.next().text}` }, 'current')
    if (this.takes('+')) return readValue({ N: this.next().text }, 'current')
    if (this.takes('TRUE')) return { BOOL: true }
    if (this.takes('FALSE')) return { BOOL: false }
    if (this.takes('NULL')) return { NULL: true }
    if (this.takes('?')) return this.#parameter()
    if (this.takes('[')) return { L: this.#members(']') }
    if (this.takes('<<')) return this.#set()
    if (this.takes('{')) return this.#map()
    return this.fail('Expected value')
  }

  #parameter(): AttributeValue {
    const raw = this.#parameters[this.#used++]
    if (raw === undefined) throw invalid("Number of parameters in request and statement don't match.")
    return readValue(raw, 'current')
  }

  #members(end: string): AttributeValue[] {
    const members: AttributeValue[] = []
    if (this.takes(end)) return members
    do members.push(this.literal())
    while (this.takes(','))
    this.expect(end)
    return members
  }

  #set(): AttributeValue {
    const members = this.#members('>>')
    const [first] = members
    if (first === undefined) throw invalid('One or more parameter values were invalid: An string set  may not be empty')
    const type = typeOf(first)
    if ((type !== 'S' && type !== 'N' && type !== 'B') || members.some((one) => typeOf(one) !== type))
      throw invalid('One or more parameter values were invalid: A set holds strings, numbers or binaries of one type')
    return readValue({ [`${type}S`]: members.map((one) => Object.values(one)[0]) }, 'current')
  }

  #map(): AttributeValue {
    const item = emptyItem()
    if (this.takes('}')) return { M: item }
    do {
      const key = this.next()
      if (key.kind !== 'text') this.fail('Expected a string as the name of an attribute')
      this.expect(':')
      item[key.text] = this.literal()
    } while (this.takes(','))
    this.expect('}')
    return { M: item }
  }
}

/** Runs a check of expressions, whose words come alone here. */
export function unnamed<T>(work: () => T): T {
  try {
    return work()
  } catch (problem) {
    if (problem instanceof ExpressionProblem) throw invalid(problem.message)
    throw problem
  }
}
