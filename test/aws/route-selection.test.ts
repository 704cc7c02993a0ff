// Route selection expressions: AWS's own examples, and what holds for any expression and message.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readSelection, selectRoute } from '../../src/aws/route-selection.ts'
import { seeded } from '../support/random.ts'

const select = (expression: string, message: string): string | undefined =>
  (readSelection(expression) ?? assert.fail(`no expression: ${expression}`))(message)

// Source: the table under "Route selection expressions" of the developer guide.
const GUIDE = '{"service":"chat","action":"join","data":{"room":"room1234"}}'
const EXAMPLES = [
  ['$request.body.action', 'join'],
  [`\${request.body.action}`, 'join'],
  [`\${request.body.service}/\${request.body.action}`, 'chat/join'],
  [`\${request.body.action}-\${request.body.invalidPath}`, 'join-'],
  ['action', 'action'],
  ['\\$default', '$default'],
  ['$request.body.data.room', 'room1234'],
  ["$request.body['data']['room']", 'room1234'],
  ['$request.body.service/$request.body.action', 'chat/join'],
  [`<\${request.body.data}>`, '<{room=room1234}>'],
] as const

const VALUES = [
  ['{"action":["item1","item2"]}', '[item1, item2]'],
  ['{"action":1}', '1'],
  ['{"action":true}', 'true'],
  ['{"action":null}', ''],
  ['{"action":""}', ''],
  ['{"action":[]}', '[]'],
  ['{}', ''],
  ['[]', ''],
  ['"join"', ''],
  ['null', ''],
] as const

const NONE = [
  '',
  '$',
  '$request',
  '$request.body',
  `\${request.body}`,
  '$request.header.x',
  '$context.routeKey',
  '$request.body..a',
  `\${request.body.a`,
  '$request.body[*]',
  'a$b',
]

describe('an expression', () => {
  for (const [expression, expected] of EXAMPLES)
    test(`${expression} gives ${expected}`, () => assert.equal(select(expression, GUIDE), expected))

  for (const [message, expected] of VALUES)
    test(`of ${message} gives ${JSON.stringify(expected)}`, () =>
      assert.equal(select('$request.body.action', message), expected))

  test('cannot be evaluated against what is no JSON, or nested without end', () => {
    for (const message of [
      '',
      'join',
      '{"action":',
      '{"action":"join"} x',
      `{"action":${'[`.repeat(60_000)}${`]'.repeat(60_000)}}`,
    ])
      assert.equal(select('$request.body.action', message), undefined, message.slice(0, 20))
  })

  test('sees only what the message holds', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty'])
      assert.equal(select(`$request.body.${name}`, '{}'), '', name)
    assert.equal(select('$request.body.__proto__', '{"__proto__":"own"}'), 'own')
    assert.equal(select('$request.body.action.length', '{"action":"join"}'), '')
  })

  test('is refused when it is none', () => {
    for (const expression of NONE) assert.equal(readSelection(expression), undefined, expression)
  })
})

test('a message is for its route, else for $default, and never for $connect or $disconnect', () => {
  const selection = readSelection('$request.body.action') ?? assert.fail()
  const of = (keys: readonly string[], action: string) =>
    selectRoute(selection, new Map(keys.map((key) => [key, key])), JSON.stringify({ action }))
  const all = ['$connect', '$disconnect', '$default', 'join']
  assert.equal(of(all, 'join'), 'join')
  assert.equal(of(all, 'Join'), '$default')
  assert.equal(of(all, '$default'), '$default')
  for (const action of ['$connect', '$disconnect', 'other']) {
    assert.equal(of(all, action), '$default', action)
    assert.equal(of(['$connect', '$disconnect', 'join'], action), undefined, action)
  }
})

test('whatever is sent, an expression of parts gives the parts one after the other', () => {
  const random = seeded(7)
  const names = ['a', 'b', 'c_d', 'e-f', 'ü'] as const
  const value = (): unknown =>
    random.pick([1, 'x', '', true, null, ['y', 2], { z: 1 }, '$request.body.a', `\${x}`] as [unknown, ...unknown[]])
  for (let run = 0; run < 2_000; run++) {
    const body: Record<string, unknown> = {}
    for (let count = random.whole(4); count > 0; count--) body[random.pick(names)] = value()
    const parts = Array.from({ length: 1 + random.whole(4) }, () =>
      random.whole(2) === 0 ? random.pick(['/', '-', 'word', ' ']) : `\${request.body.${random.pick(names)}}`,
    )
    const message = JSON.stringify(body)
    const expected = parts.map((part) => select(part, message)).join('')
    assert.equal(select(parts.join(''), message), expected, parts.join(''))
  }
})
