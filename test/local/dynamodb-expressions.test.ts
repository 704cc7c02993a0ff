// What the local DynamoDB refuses, in AWS's words; and its expressions against a naive reading of the same conditions.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { parseCondition, parseProjection, parseUpdate } from '../../src/local/services/dynamodb/expressions/parse.ts'
import { ExpressionProblem } from '../../src/local/services/dynamodb/expressions/problem.ts'
import { type OpenedDynamoDb, openTables } from '../support/dynamodb.ts'
import { refusals } from '../support/dynamodb-refusals.ts'
import { type Random, seeded } from '../support/random.ts'
import { rounds } from '../support/rounds.ts'

let tables: OpenedDynamoDb

before(async () => {
  tables = await openTables()
  await tables.create('hash', ['a:S'])
  await tables.create('binary', ['a:B'])
  await tables.create('range', ['a:S', 'b:S'], {
    AttributeDefinitions: [
      { AttributeName: 'a', AttributeType: 'S' },
      { AttributeName: 'b', AttributeType: 'S' },
      { AttributeName: 'c', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'index1',
        KeySchema: [{ AttributeName: 'c', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  })
})
after(() => tables.close())

test(`${refusals.length} requests are refused in AWS's words`, async () => {
  assert.ok(refusals.length >= 150)
  const wrong: string[] = []
  for (const { source, operation, input, type, message } of refusals) {
    const answer = await tables.raw(operation, input)
    if (answer.status === 400 && answer.type === type && answer.message === message) continue
    const shown = JSON.stringify(input)
    wrong.push(
      `${source}: ${operation} ${shown.slice(0, 300)}\n  wanted ${type}: ${message.slice(0, 300)}\n  got    ${answer.type}: ${answer.message.slice(0, 300)}`,
    )
  }
  assert.equal(wrong.join('\n'), '')
})

type Value = Readonly<Record<string, unknown>>

/** A condition as text, and what it says of an item, decided without parsing anything. */
interface Said {
  readonly text: string
  readonly says: (item: Readonly<Record<string, Value>>) => boolean
}

const ITEM_VALUES: readonly [Value, ...Value[]] = [
  { N: '1' },
  { N: '2' },
  { N: '-10.5' },
  { S: 'ab' },
  { S: 'abc' },
  { S: 'é' },
  { SS: ['ab', 'x'] },
  { L: [{ N: '1' }, { S: 'ab' }] },
  { M: { x: { N: '2' } } },
  { BOOL: true },
  { NULL: true },
]
const PATHS = ['p', 'q', 'r', 'p[0]', 'q.x', 'r[1]'] as const
const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='] as const
const SCALARS: readonly [Value, ...Value[]] = [{ N: '1' }, { N: '2' }, { S: 'ab' }, { S: 'b' }]

const typeOf = (value: Value): string => Object.keys(value)[0] ?? ''
const contentOf = (value: Value): unknown => Object.values(value)[0]

function valueAt(item: Readonly<Record<string, Value>>, path: string): Value | undefined {
  const value = item[path[0] ?? '']
  if (path.endsWith('.x')) return (value?.M as Record<string, Value> | undefined)?.x
  const index = /\[(\d)\]/.exec(path)?.[1]
  return index === undefined ? value : (value?.L as Value[] | undefined)?.[Number(index)]
}

function compare(comparator: string, left: Value | undefined, right: Value | undefined): boolean {
  const isSame = left !== undefined && right !== undefined && JSON.stringify(left) === JSON.stringify(right)
  if (comparator === '=') return isSame
  if (comparator === '<>') return !isSame
  if (left === undefined || right === undefined || typeOf(left) !== typeOf(right)) return false
  const type = typeOf(left)
  if (type !== 'N' && type !== 'S') return false
  const [one, other] =
    type === 'N'
      ? [Number(contentOf(left)), Number(contentOf(right))]
      : [Buffer.from(String(contentOf(left))).toString('hex'), Buffer.from(String(contentOf(right))).toString('hex')]
  if (comparator === '<') return one < other
  if (comparator === '<=') return one <= other
  return comparator === '>' ? one > other : one >= other
}

/** Writes random conditions; `values` takes the values they need. */
function say(random: Random, depth: number, values: Record<string, Value>): Said {
  const choice = random.whole(depth > 0 ? 10 : 6)
  const path = random.pick(PATHS)
  const name = (value: Value): string => {
    const known = Object.entries(values).find(([, one]) => JSON.stringify(one) === JSON.stringify(value))?.[0]
    const used = known ?? `:v${Object.keys(values).length}`
    values[used] = value
    return used
  }
  if (choice === 0) return { text: `attribute_exists(${path})`, says: (item) => valueAt(item, path) !== undefined }
  if (choice === 1)
    return { text: `attribute_not_exists( ${path} )`, says: (item) => valueAt(item, path) === undefined }
  if (choice === 2) {
    const comparator = random.pick(COMPARATORS)
    const value = random.pick(SCALARS)
    return {
      text: `(${path}) ${comparator} ${name(value)}`,
      says: (item) => compare(comparator, valueAt(item, path), value),
    }
  }
  if (choice === 3) {
    const [low, high] = [random.pick(SCALARS), random.pick(SCALARS)]
    if (typeOf(low) !== typeOf(high) || compare('>', low, high)) return say(random, depth, values)
    return {
      text: `${path} between ${name(low)} and ${name(high)}`,
      says: (item) => compare('>=', valueAt(item, path), low) && compare('<=', valueAt(item, path), high),
    }
  }
  if (choice === 4) {
    const list = [random.pick(ITEM_VALUES), random.pick(ITEM_VALUES)]
    return {
      text: `${path} IN (${list.map(name).join(',')})`,
      says: (item) => list.some((one) => compare('=', valueAt(item, path), one)),
    }
  }
  if (choice === 5) {
    const start = random.pick(['a', 'ab', 'x'])
    return {
      text: `begins_with(${path}, ${name({ S: start })})`,
      says: (item) => String(valueAt(item, path)?.S ?? '').startsWith(start),
    }
  }
  const one = say(random, depth - 1, values)
  if (choice === 6) return { text: `NOT (${one.text})`, says: (item) => !one.says(item) }
  const other = say(random, depth - 1, values)
  return choice < 9
    ? { text: `(${one.text}) and (${other.text})`, says: (item) => one.says(item) && other.says(item) }
    : { text: `(${one.text}) OR (${other.text})`, says: (item) => one.says(item) || other.says(item) }
}

test('random conditions decide as a naive reading of them does', async () => {
  const random = seeded(7)
  for (let round = 0; round < rounds(400); round++) {
    const values: Record<string, Value> = {}
    const said = say(random, 3, values)
    const item: Record<string, Value> = { a: { S: 'random' } }
    for (const attribute of ['p', 'q', 'r']) if (random.whole(5) > 0) item[attribute] = random.pick(ITEM_VALUES)
    await tables.raw('PutItem', { TableName: 'hash', Item: item })
    const { a: _, ...seen } = item
    const answer = await tables.raw('PutItem', {
      TableName: 'hash',
      Item: item,
      ConditionExpression: said.text,
      ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
    })
    const got =
      answer.status === 200 ? true : answer.type === 'ConditionalCheckFailedException' ? false : answer.message
    assert.equal(got, said.says(seen), `${said.text}\n${JSON.stringify(item)}\n${JSON.stringify(values)}`)
  }
})

// biome-ignore format: pieces, not a list to read.
const PIECES = [
  'a', 'b.c', '#n', ':v', '(', ')', '((', '))', '[', ']', '[0]', '.', ',', '=', '<>', '<', '>=', '+', '-', ' and ',
  ' or ', ' not ', ' between ', ' in ', 'SET ', 'REMOVE ', ' ADD ', ' DELETE ', 'size(', 'attribute_exists(',
  'if_not_exists(', 'list_append(', '"', '\u0000', 'é', '\u{1f600}', '99999999999', '1', '*', '  ', '\n', '_', '\ud800',
] as const

test('whatever text an expression is, it is read or refused, never a fault', async () => {
  const random = seeded(11)
  const parameters: [[string, string], ...[string, string][]] = [
    ['ConditionExpression', 'DeleteItem'],
    ['UpdateExpression', 'UpdateItem'],
    ['ProjectionExpression', 'GetItem'],
  ]
  for (let round = 0; round < rounds(1500); round++) {
    const [parameter, operation] = random.pick(parameters)
    const text = Array.from({ length: random.whole(14) }, () => random.pick(PIECES)).join('')
    const answer = await tables.raw(operation, { TableName: 'hash', Key: { a: { S: 'fuzz' } }, [parameter]: text })
    assert.ok(
      answer.status === 200 || ['ValidationException', 'ConditionalCheckFailedException'].includes(answer.type),
      `${parameter} ${JSON.stringify(text)}: ${answer.status} ${answer.text}`,
    )
  }
})

test('the longest expressions of the worst shapes are read in linear time', () => {
  const shapes: Record<string, string> = {
    parentheses: '('.repeat(4096),
    negations: `${'NOT '.repeat(1020)}a=b`,
    calls: 'size('.repeat(810),
    steps: `a${'[0]'.repeat(1360)}`,
    groups: '(a=b AND '.repeat(450),
    spaces: `a${' '.repeat(4000)}`,
    signs: '<'.repeat(4096),
  }
  for (const [name, text] of Object.entries(shapes)) {
    for (const parse of [parseCondition, parseUpdate, parseProjection]) {
      const started = process.cpuUsage()
      for (let round = 0; round < 10; round++)
        try {
          parse(text)
        } catch (problem) {
          assert.ok(problem instanceof ExpressionProblem, `${name}: ${String(problem)}`)
        }
      const { user } = process.cpuUsage(started)
      assert.ok(user / 10 < 50_000, `${name}: ${user / 10} µs`)
    }
  }
})
