// Patterns: every case that AWS or its own engine has answered, and random ones, which must neither break it nor slow it down.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { compilePattern, type Dialect, PatternError } from '../../src/aws/pattern.ts'
import { seeded } from '../support/random.ts'

interface Row {
  readonly id: string
  readonly given: { readonly pattern: unknown }
  readonly when: { readonly event: unknown }
  readonly expect: { readonly result: 'match' | 'no-match' | 'invalid'; readonly reason?: string }
}

const { cases } = JSON.parse(readFileSync(new URL('../cases/patterns.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Row[]
}

function resultOf(pattern: unknown, event: unknown, dialect: Dialect = 'events'): string {
  try {
    return compilePattern(pattern, dialect)(event) ? 'match' : 'no-match'
  } catch (error) {
    assert.ok(error instanceof PatternError, String(error))
    return `invalid: ${error.message}`
  }
}

describe('recorded patterns', () => {
  for (const { id, given, when, expect } of cases)
    it(`${id}: ${expect.result}`, () => {
      const result = resultOf(given.pattern, when.event)
      assert.equal(result.replace(/:.*/s, ''), expect.result)
      if (expect.reason !== undefined) assert.equal(result, `invalid: ${expect.reason}`)
    })
})

describe('what the table does not tell', () => {
  const rows: [pattern: unknown, event: unknown, result: string][] = [
    [{ 'a.b': ['x'] }, { a: { b: 'x' } }, 'match'],
    [{ a: { b: ['x'] } }, { 'a.b': 'x' }, 'match'],
    [{ a: { b: ['x'], c: ['y'] } }, { 'a.b': 'x', a: { c: 'y' } }, 'match'],
    [{ a: ['::1'] }, { a: '0:0:0:0:0:0:0:1' }, 'match'],
    [{ a: [{ cidr: '::ffff:10.0.0.0/104' }] }, { a: '::ffff:a00:1' }, 'match'],
    [{ a: { x: [{ exists: false }] } }, { a: [{ x: 1 }, { y: 1 }] }, 'no-match'],
    [{ a: { b: [1], x: [{ exists: false }] } }, { a: [{ x: 1 }, { b: 1 }] }, 'match'],
    [{ a: [[1]] }, { a: 1 }, 'invalid: Match value must be String, number, true, false, or null'],
    [{ a: [1] }, { a: [[[1]]] }, 'match'],
    [{ $or: [{ a: [1] }] }, {}, 'invalid: Unrecognized match type a'],
    [{ a: [{ wildcard: 'a*b*c' }] }, { a: 'abbc' }, 'match'],
    [{ a: [{ wildcard: 'ab*ba' }] }, { a: 'aba' }, 'no-match'],
    [{ a: [{ wildcard: '*' }] }, { a: '' }, 'match'],
    [
      { a: [{ 'anything-but': [] }] },
      {},
      'invalid: Inside anything but list, either all values are number or string, mixed type is not supported',
    ],
    [{ toString: ['x'] }, {}, 'no-match'],
    [JSON.parse('{"__proto__":["x"]}'), JSON.parse('{"__proto__":"x"}'), 'match'],
    [{}, {}, 'invalid: Empty objects are not allowed'],
    [[], {}, 'invalid: Filter is not an object'],
    [{ a: [] }, {}, 'invalid: Empty arrays are not allowed'],
    [{ a: 'x' }, {}, 'invalid: "a" must be an object or an array'],
  ]
  for (const [pattern, event, result] of rows)
    it(`${JSON.stringify(pattern)} on ${JSON.stringify(event)}: ${result}`, () => {
      assert.equal(resultOf(pattern, event), result)
    })
})

const OPERANDS = [
  '',
  'x',
  'aXa',
  '*',
  'a*a*a',
  '\\',
  '10.0.0.0/8',
  '::/0',
  '/',
  0,
  -1,
  1.5,
  true,
  null,
  [],
  ['x'],
  [1],
  ['>', 1],
  ['>', 1, '<', 5],
]
const OPERATORS = [
  'prefix',
  'suffix',
  'wildcard',
  'numeric',
  'exists',
  'cidr',
  'equals-ignore-case',
  'anything-but',
  'exactly',
  'other',
]
const NAMES = ['a', 'b', 'a.b', '$or', '__proto__', 'constructor', '', '.']

describe('random patterns', () => {
  it('only ever throw what says what is wrong with them', () => {
    const { whole } = seeded(7)
    const pick = <T>(list: readonly T[]): T | undefined => list[whole(list.length)]
    const toValue = (depth: number): unknown => {
      const roll = whole(100) / 100
      if (depth > 3 || roll < 0.4)
        return pick([...OPERANDS, ...OPERANDS.map((operand) => ({ [String(pick(OPERATORS))]: operand }))])
      if (roll < 0.7) return Array.from({ length: whole(4) }, () => toValue(depth + 1))
      return Object.fromEntries(Array.from({ length: whole(4) }, () => [String(pick(NAMES)), toValue(depth + 1)]))
    }
    const toFields = (): unknown => ({ [String(pick(NAMES))]: toValue(0) })
    const results = new Map<string, number>()
    for (let round = 0; round < 15_000; round++) {
      const dialect = pick(['events', 'sns', 'source'] as const) ?? 'events'
      const result = resultOf(toFields(), toFields(), dialect).slice(0, 5)
      results.set(result, (results.get(result) ?? 0) + 1)
    }
    assert.ok((results.get('match') ?? 0) > 5 && (results.get('no-ma') ?? 0) > 50, JSON.stringify([...results]))
  })

  const long = 'a'.repeat(200_000)
  const slow: [name: string, pattern: unknown, event: unknown][] = [
    ['many stars', { a: [{ wildcard: `${'a*'.repeat(500)}b` }] }, { a: long }],
    ['a piece that nearly fits everywhere', { a: [{ wildcard: `*${'a'.repeat(2000)}b*` }] }, { a: long }],
    ['deeply nested arrays', { a: { b: [1] } }, { a: JSON.parse(`${'['.repeat(50_000)}1${']'.repeat(50_000)}`) }],
    ['many elements', { a: { b: [1], c: [{ exists: false }], d: [2] } }, { a: new Array(20_000).fill({ b: 1 }) }],
    [
      'many choices',
      { $or: Array.from({ length: 300 }, (_, index) => ({ a: { b: [index] } })) },
      { a: new Array(500).fill({ b: -1 }) },
    ],
  ]
  for (const [name, pattern, event] of slow)
    it(`are quick about ${name}`, () => {
      const match = compilePattern(pattern, 'events')
      const before = process.cpuUsage()
      assert.equal(match(event), false)
      const { user, system } = process.cpuUsage(before)
      assert.ok(user + system < 500_000, `${user + system} µs`)
    })

  it('refuse a pattern that is nested deeper than the stack', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(20_000)}["x"]${'}'.repeat(20_000)}`)
    for (const dialect of ['events', 'sns'] as const) assert.match(resultOf(deep, {}, dialect), /^invalid: /)
  })
})
