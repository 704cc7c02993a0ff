// Expressions that a seed chooses, with the names and values that they use: nearly all well formed.
import type { Random } from '../../../support/random.ts'
import type { Input } from '../steps.ts'
import { type Key, sortOf, type Value, value } from './values.ts'

type Texts = readonly [string, ...string[]]

const PATHS: Texts = [
  'a',
  'b',
  'n',
  'g',
  'm.x',
  'm.z',
  'm.y[0]',
  'l[0]',
  'l[2].k',
  'm',
  'l',
  'ss',
  'ns',
  '#b',
  'm.#x',
  'pk',
]
const NAMES: Readonly<Record<string, string>> = { '#b': 'b', '#x': 'x', '#none': 'none', '#data': 'data' }
const COMPARATORS: Texts = ['=', '<>', '<', '<=', '>', '>=']
const TYPES: Texts = ['S', 'N', 'B', 'SS', 'NS', 'BS', 'M', 'L', 'NULL', 'BOOL']

/** What the expressions of one request have used. */
export class Expressions {
  readonly #random: Random
  readonly #values: Record<string, Value> = {}
  readonly #texts: Record<string, string> = {}

  constructor(random: Random) {
    this.#random = random
  }

  add(member: string, text: string): this {
    this.#texts[member] = text
    return this
  }

  /** The members of the request. */
  input(): Input {
    const all = Object.values(this.#texts).join(' ')
    const names = Object.entries(NAMES).filter(([name]) => new RegExp(`${name}\\b`).test(all))
    const values = { ...this.#values }
    // Seldom: a name or value too many, or one too few.
    const fault = this.#random.whole(80)
    if (fault === 0) values[':unused'] = { S: 'x' }
    if (fault === 1) delete values[Object.keys(values)[0] ?? '']
    if (fault === 2) names.push(['#unused', 'x'])
    return {
      ...this.#texts,
      ...(names.length === 0 ? {} : { ExpressionAttributeNames: Object.fromEntries(names) }),
      ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
    }
  }

  value(given: Value = value(this.#random)): string {
    const name = `:v${Object.keys(this.#values).length}`
    this.#values[name] = given
    return name
  }

  path(): string {
    return this.#random.pick(PATHS)
  }

  condition(depth = 0): string {
    switch (this.#random.whole(depth > 2 ? 9 : 15)) {
      case 0:
      case 1:
        return `${this.path()} ${this.#random.pick(COMPARATORS)} ${this.value()}`
      case 2:
        return `attribute_exists(${this.path()})`
      case 3:
        return `attribute_not_exists(${this.path()})`
      case 4:
        return `attribute_type(${this.path()}, ${this.value({ S: this.#random.pick(TYPES) })})`
      case 5:
        return `begins_with(${this.path()}, ${this.value({ S: this.#random.pick(['', 'a', 'ab']) })})`
      case 6:
        return `contains(${this.path()}, ${this.value()})`
      case 7:
        return `size(${this.path()}) ${this.#random.pick(COMPARATORS)} ${this.value({ N: this.#random.pick(['0', '1', '2', '3']) })}`
      case 8:
        return this.#random.pick([
          `${this.path()} = ${this.path()}`,
          `${this.value()} IN (${this.path()}, ${this.value()})`,
          `begins_with(${this.path()}, ${this.value()})`,
          `contains(${this.path()}, ${this.path()})`,
        ])
      case 9:
        return `NOT ${this.condition(depth + 1)}`
      case 10:
      case 11:
        return `${this.condition(depth + 1)} AND ${this.condition(depth + 1)}`
      case 12:
        return `(${this.condition(depth + 1)} OR ${this.condition(depth + 1)})`
      case 13:
        return `${this.path()} IN (${this.value()}, ${this.value()})`
      default: {
        const ranges: readonly [readonly Value[], ...(readonly Value[])[]] = [
          [{ S: 'a' }, { S: 'b' }],
          [{ N: '-1' }, { N: '2' }],
          [{ N: '5' }, { N: '2' }],
          [{ S: 'a' }, { N: '1' }],
        ]
        const [low, high] = this.#random.pick(ranges)
        return `${this.path()} BETWEEN ${this.value(low)} AND ${this.value(high)}`
      }
    }
  }

  update(): string {
    const clauses: string[] = []
    const random = this.#random
    if (random.whole(4) > 0) {
      const sets = Array.from({ length: 1 + random.whole(2) }, () => `${this.#target()} = ${this.#operand()}`)
      clauses.push(`SET ${sets.join(', ')}`)
    }
    if (random.whole(5) === 0)
      clauses.push(`REMOVE ${random.pick(['b', 'm.x', 'l[0]', 'l[1], l[0]', 'g', '#none', 'm.y[0]'])}`)
    if (random.whole(5) === 0) {
      const more = random.pick([
        ['n', { N: '1.5' }],
        ['ss', { SS: ['b', 'z'] }],
        ['ns', { NS: ['2', '3'] }],
        ['b', { N: '1' }],
        ['m.x', { N: '-1' }],
        ['a', { S: 'x' }],
        ['n', { N: '9.9e125' }],
      ] as [[string, Value], ...[string, Value][]])
      clauses.push(`ADD ${more[0]} ${this.value(more[1])}`)
    }
    if (random.whole(6) === 0) {
      const less = random.pick([
        ['ss', { SS: ['a', 'b'] }],
        ['ns', { NS: ['1'] }],
        ['b', { SS: ['a'] }],
        ['ss', { NS: ['1'] }],
        ['n', { N: '1' }],
      ] as [[string, Value], ...[string, Value][]])
      clauses.push(`DELETE ${less[0]} ${this.value(less[1])}`)
    }
    return clauses.length === 0 ? `SET b = ${this.value()}` : clauses.join(' ')
  }

  #target(): string {
    return this.#random.pick([
      'a',
      'b',
      'n',
      '#b',
      'm.x',
      'm.new',
      'l[0]',
      'l[9]',
      'g',
      'm',
      'l',
      '#data',
      'm.y[1]',
      'ss',
      ...(this.#random.whole(12) === 0 ? ['pk', 'data', 'a.b.c'] : []),
    ] as [string, ...string[]])
  }

  #operand(): string {
    switch (this.#random.whole(9)) {
      case 0:
        return `n + ${this.value({ N: this.#random.pick(['1', '-2.5', '1e20']) })}`
      case 1:
        return `n - ${this.value({ N: '0.1' })}`
      case 2:
        return `if_not_exists(${this.path()}, ${this.value()})`
      case 3:
        return `list_append(l, ${this.value({ L: [{ S: 'end' }] })})`
      case 4:
        return `list_append(${this.value({ L: [{ S: 'start' }] })}, if_not_exists(l, ${this.value({ L: [] })}))`
      case 5:
        return this.path()
      case 6:
        return `if_not_exists(n, ${this.value({ N: '0' })}) + ${this.value({ N: '1' })}`
      default:
        return this.value()
    }
  }

  projection(): string {
    return this.#random.pick([
      'a',
      'a, b',
      'm.x, m.z',
      'l[0], l[2].k',
      'pk, #b',
      'm',
      '#none',
      'l[1], n',
      'm.x, #data',
      'm, m.x',
      'b, b',
    ])
  }

  keys({ hash, sort }: Key, hashValue: Value): string {
    const random = this.#random
    const first = `${hash[0]} = ${this.value(hashValue)}`
    if (sort === undefined || random.whole(3) === 0) return first
    const [name, type] = sort
    const one = () => this.value(sortOf(random, type))
    const second = random.pick([
      () => `${name} ${random.pick(['=', '<', '<=', '>', '>='])} ${one()}`,
      () => `${name} BETWEEN ${one()} AND ${one()}`,
      () => `begins_with(${name}, ${type === 'B' ? this.value({ B: 'AQ==' }) : this.value({ S: 'a' })})`,
      ...(random.whole(8) === 0
        ? [
            () => `${name} <> ${one()}`,
            () => `b = ${this.value()}`,
            () => `${name} = ${this.value()}`,
            () => `NOT ${name} = ${one()}`,
          ]
        : []),
    ])()
    return random.whole(8) === 0 ? `(${second}) AND ${first}` : `${first} AND ${second}`
  }
}

/** Texts that are no expressions, or mean what may not be meant. */
export const BROKEN: Texts = [
  '',
  'a =',
  'a = :none',
  'a = b c',
  'size(a)',
  'unknown(a)',
  'attribute_exists(:v)',
  'data = b',
  '#missing = b',
  'a AND b = a',
  '((a = b))',
  'contains(a)',
  'a BETWEEN b',
  'a IN ()',
  'a = a',
  'a.1 = b',
  'if_not_exists(a, b) = b',
  'begins_with(a, a)',
  'attribute_type(a, b)',
]
