// Numbers of 38 digits: their form, arithmetic, order and size, against whole numbers of any length.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { calculate, checkNumber, compareNumbers, orderText } from '../../src/local/services/dynamodb/decimal.ts'
import { beginningWith, encodeSort } from '../../src/local/services/dynamodb/sort-order.ts'
import { type OpenedDynamoDb, openTables } from '../support/dynamodb.ts'
import { type Random, seeded } from '../support/random.ts'

let tables: OpenedDynamoDb

before(async () => {
  tables = await openTables()
  await tables.create('numbers', ['a:S'])
  await tables.create('sorted', ['a:S', 'n:N'])
  await tables.create('texts', ['a:S', 's:S'])
  await tables.create('bytes', ['a:S', 'b:B'])
})
after(() => tables.close())

const SCALE = 300n

/** A number with digits and a power of ten that are in range. */
function random38(random: Random): { text: string; scaled: bigint } {
  const length = 1 + random.whole(random.whole(3) === 0 ? 38 : 6)
  const digits = Array.from({ length }, () => random.whole(10)).join('')
  const power = random.whole(4) === 0 ? random.whole(250) - 125 - length : random.whole(12) - 8
  const bounded = Math.max(-130, Math.min(power, 125 - length))
  const negative = random.whole(2) === 0
  const scaled = BigInt(digits) * 10n ** (SCALE + BigInt(bounded))
  return { text: `${negative ? '-' : ''}${digits}e${bounded}`, scaled: negative ? -scaled : scaled }
}

/** The same number in plain notation, by way of a whole number. */
function plain(scaled: bigint): string {
  const negative = scaled < 0n
  const all = String(negative ? -scaled : scaled).padStart(Number(SCALE) + 1, '0')
  const whole = all.slice(0, -Number(SCALE))
  const part = all.slice(-Number(SCALE)).replace(/0+$/, '')
  const text = part === '' ? whole : `${whole}.${part}`
  return negative && /[1-9]/.test(text) ? `-${text}` : text
}

const significant = (scaled: bigint): number => String(scaled < 0n ? -scaled : scaled).replace(/0+$/, '').length

test('numbers take one form, and add, subtract and compare exactly', () => {
  const random = seeded(38)
  for (let round = 0; round < 20_000; round++) {
    const left = random38(random)
    const right = random38(random)
    const one = checkNumber(left.text, 'current')
    const other = checkNumber(right.text, 'current')
    assert.ok('text' in one && 'text' in other, `${left.text} ${right.text}`)
    assert.equal(one.text, plain(left.scaled))
    for (const operator of ['+', '-'] as const) {
      const exact = operator === '+' ? left.scaled + right.scaled : left.scaled - right.scaled
      const result = calculate(one.text, operator, other.text)
      if (significant(exact) > 38) assert.ok('problem' in result, `${left.text} ${operator} ${right.text}`)
      else if ('text' in result) assert.equal(result.text, plain(exact), `${left.text} ${operator} ${right.text}`)
      else assert.match(result.problem, /overflow|underflow/)
    }
    const order = left.scaled < right.scaled ? -1 : left.scaled > right.scaled ? 1 : 0
    assert.equal(Math.sign(compareNumbers(one.text, other.text)), order, `${left.text} ${right.text}`)
    const [first, second] = [orderText(one.text), orderText(other.text)]
    assert.equal(first < second ? -1 : first > second ? 1 : 0, order, `${left.text} ${right.text}`)
  }
})

// Source: dynamodb-conformance and dynalite, recorded on AWS.
const FORMS: readonly (readonly [string, string])[] = [
  ['0000012345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
  ['-00001.23456789012345678901234567890123456780000', '-1.2345678901234567890123456789012345678'],
  ['0009.99999999999999999999999999999999999990000e125', `${'9'.repeat(38)}${'0'.repeat(88)}`],
  ['-0009.99999999999999999999999999999999999990000e125', `-${'9'.repeat(38)}${'0'.repeat(88)}`],
  ['0001.000e-130', `0.${'0'.repeat(129)}1`],
  ['-0015.789e6', '-15789000'],
  ['0042.1200', '42.12'],
  ['1E125', `1${'0'.repeat(125)}`],
  ['0e125', '0'],
  ['-0', '0'],
  ['+7', '7'],
  ['.5', '0.5'],
  ['5.', '5'],
]

test('numbers come back in plain notation', async () => {
  for (const [sent, form] of FORMS) {
    await tables.client.putItem({ TableName: 'numbers', Item: { a: { S: 'form' }, n: { N: sent }, l: { NS: [sent] } } })
    const { Item } = await tables.client.getItem({ TableName: 'numbers', Key: { a: { S: 'form' } } })
    assert.deepEqual(Item, { a: { S: 'form' }, n: { N: form }, l: { NS: [form] } })
  }
})

// Source: dynamodb-conformance, recorded on AWS to the byte.
const SIZES: readonly (readonly [string, number])[] = [
  ['0', 1],
  ['1', 2],
  ['12', 2],
  ['123', 3],
  ['123456', 4],
  ['3.14159', 5],
  ['-1', 3],
  ['1E125', 2],
  ['42.12', 3],
  ['-3.14159', 6],
]

test('a number counts for as many bytes as AWS counts', async () => {
  for (const [number, bytes] of SIZES) {
    const put = (padding: number) =>
      tables.raw('PutItem', {
        TableName: 'numbers',
        Item: { a: { S: 'size' }, n: { N: number }, p: { S: 'x'.repeat(padding) } },
      })
    // Names a, n and p, and the key's four bytes.
    const most = 409_600 - 3 - 4 - bytes
    assert.equal((await put(most)).status, 200, `${number} is not ${bytes} bytes`)
    assert.match((await put(most + 1)).message, /Item size has exceeded/, `${number} is not ${bytes} bytes`)
  }
})

test('counters count on where doubles would not', async () => {
  const add = (N: string) =>
    tables.client.updateItem({
      TableName: 'numbers',
      Key: { a: { S: 'counter' } },
      UpdateExpression: 'ADD n :n',
      ExpressionAttributeValues: { ':n': { N } },
      ReturnValues: 'UPDATED_NEW',
    })
  await add('9007199254740992')
  assert.deepEqual((await add('1')).Attributes, { n: { N: '9007199254740993' } })
  assert.deepEqual((await add('0.00000000000000000001')).Attributes, {
    n: { N: '9007199254740993.00000000000000000001' },
  })
  await assert.rejects(add('1e-40'), /more than 38 significant digits/)
  await assert.rejects(add('9.9e125'), /more than 38 significant digits/)
})

test('sort keys of every type are kept in their order', () => {
  const random = seeded(1024)
  const characters = [
    '\u0000',
    '\u0001',
    '\u0004',
    '\u0005',
    '\u0006',
    '\u001b',
    'a',
    'b',
    'é',
    '\uffff',
    '\u{10000}',
    '~',
  ]
  const text = (): string =>
    Array.from({ length: random.whole(7) }, () => characters[random.whole(characters.length)] ?? '').join('')
  for (let round = 0; round < 30_000; round++) {
    const [left, right] = [text(), text()]
    const wanted = Math.sign(Buffer.from(left).compare(Buffer.from(right)))
    const bytes = (value: string): Buffer => Buffer.from(encodeSort({ S: value }))
    assert.equal(Math.sign(bytes(left).compare(bytes(right))), wanted, JSON.stringify([left, right]))
    const { start, end } = beginningWith({ S: left })
    const isWithin = bytes(right).compare(Buffer.from(start)) >= 0 && bytes(right).compare(Buffer.from(end)) < 0
    assert.equal(isWithin, right.startsWith(left), JSON.stringify([left, right]))
    const [one, other] = [Buffer.from(left), Buffer.from(right)]
    const base = (value: Buffer): string => encodeSort({ B: value.toString('base64') })
    assert.equal(base(one) < base(other) ? -1 : base(one) > base(other) ? 1 : 0, wanted)
  }
  for (const worst of ['\u0000'.repeat(1024), '\u0000a'.repeat(512), 'é'.repeat(512), 'x'.repeat(1024)])
    assert.ok(Buffer.byteLength(encodeSort({ S: worst })) <= 1536)
})

test('keys of the greatest length are told apart and found again', async () => {
  const { client } = tables
  const hashes = ['x'.repeat(2048), `${'x'.repeat(2047)}y`, '\u0000'.repeat(2048), 'é'.repeat(1024)]
  const sorts = [
    '\u0000'.repeat(1024),
    '\u0000a'.repeat(512),
    'é'.repeat(512),
    'x'.repeat(1024),
    `${'x'.repeat(1023)}y`,
  ]
  for (const S of hashes)
    for (const s of sorts)
      await client.putItem({ TableName: 'texts', Item: { a: { S }, s: { S: s }, v: { S: `${S}${s}`.slice(-9) } } })
  for (const S of hashes)
    for (const s of sorts) {
      const { Item } = await client.getItem({ TableName: 'texts', Key: { a: { S }, s: { S: s } } })
      assert.equal(Item?.v?.S, `${S}${s}`.slice(-9))
    }
  const bytes = [new Uint8Array(1024), new Uint8Array(1024).fill(255), new Uint8Array(1023)]
  for (const b of bytes) await client.putItem({ TableName: 'bytes', Item: { a: { S: 'k' }, b: { B: b } } })
  for (const b of bytes)
    assert.deepEqual((await client.getItem({ TableName: 'bytes', Key: { a: { S: 'k' }, b: { B: b } } })).Item?.b?.B, b)
})
