// Tables, items and values that a seed chooses: few of each, so that requests meet what others have written.
import type { Random } from '../../../support/random.ts'
import type { Input } from '../steps.ts'

export type Value = Readonly<Record<string, unknown>>
export type Item = Readonly<Record<string, Value>>

export type KeyType = 'S' | 'N' | 'B'

export interface Key {
  readonly hash: readonly [name: string, type: KeyType]
  readonly sort?: readonly [name: string, type: KeyType]
}

export interface Schema {
  readonly key: Key
  readonly indexes: Readonly<Record<string, Key & { readonly projection: Input; readonly isLocal?: true }>>
}

const ALL = { ProjectionType: 'ALL' }
const KEYS_ONLY = { ProjectionType: 'KEYS_ONLY' }

export const SCHEMAS: readonly [Schema, ...Schema[]] = [
  { key: { hash: ['pk', 'S'] }, indexes: {} },
  {
    key: { hash: ['pk', 'S'], sort: ['sk', 'N'] },
    indexes: {
      byA: { hash: ['pk', 'S'], sort: ['a', 'S'], projection: ALL, isLocal: true },
      byG: { hash: ['g', 'S'], sort: ['sk', 'N'], projection: KEYS_ONLY },
    },
  },
  {
    key: { hash: ['pk', 'S'], sort: ['sk', 'S'] },
    indexes: {
      byG: { hash: ['g', 'S'], projection: ALL },
      byN: { hash: ['g', 'S'], sort: ['n', 'N'], projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['b'] } },
    },
  },
  { key: { hash: ['pk', 'N'], sort: ['sk', 'B'] }, indexes: { byN: { hash: ['n', 'N'], projection: ALL } } },
]

const elements = ({ hash, sort }: Key) => [
  { AttributeName: hash[0], KeyType: 'HASH' },
  ...(sort === undefined ? [] : [{ AttributeName: sort[0], KeyType: 'RANGE' }]),
]

/** The input of CreateTable. */
export function toCreation(TableName: string, { key, indexes }: Schema): Input {
  const keys = [key, ...Object.values(indexes)].flatMap(({ hash, sort }) =>
    sort === undefined ? [hash] : [hash, sort],
  )
  const of = (isLocal: boolean) =>
    Object.entries(indexes)
      .filter(([, index]) => (index.isLocal ?? false) === isLocal)
      .map(([IndexName, index]) => ({ IndexName, KeySchema: elements(index), Projection: index.projection }))
  const [local, global] = [of(true), of(false)]
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: elements(key),
    AttributeDefinitions: [...new Map(keys)].map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    ...(local.length === 0 ? {} : { LocalSecondaryIndexes: local }),
    ...(global.length === 0 ? {} : { GlobalSecondaryIndexes: global }),
  }
}

const HASHES: Readonly<Record<KeyType, readonly [Value, ...Value[]]>> = {
  S: [{ S: 'p' }, { S: 'q' }],
  N: [{ N: '1' }, { N: '-2.5' }],
  B: [{ B: 'AQ==' }],
}
const SORTS: Readonly<Record<KeyType, readonly [Value, ...Value[]]>> = {
  S: [{ S: 'a' }, { S: 'ab' }, { S: 'abc' }, { S: 'b' }, { S: 'é' }, { S: 'Z' }],
  N: [{ N: '-10' }, { N: '0' }, { N: '1.5' }, { N: '2' }, { N: '10' }, { N: '1e2' }],
  B: [{ B: 'AA==' }, { B: 'AQ==' }, { B: 'AQI=' }, { B: 'gA==' }, { B: '/w==' }],
}
const SCALARS: readonly [Value, ...Value[]] = [
  { S: 'a' },
  { S: 'abc' },
  { S: '' },
  { S: 'ü🎉' },
  { N: '1' },
  { N: '1.0' },
  { N: '-3' },
  { N: '12345678901234567890123456789012345678' },
  { N: '0.000001' },
  { B: 'AQI=' },
  { BOOL: true },
  { BOOL: false },
  { NULL: true },
]
const DEEP: readonly [Value, ...Value[]] = [
  { L: [] },
  { L: [{ N: '1' }, { S: 'x' }, { M: { k: { N: '2' } } }] },
  { M: {} },
  { M: { x: { N: '1' }, y: { L: [{ S: 'in' }] }, z: { S: 'abc' } } },
  { SS: ['a', 'abc'] },
  { NS: ['1', '2.50'] },
  { BS: ['AQ==', 'AQI='] },
]
// Each is refused somewhere, or made another: what is empty, twice, too large, of no type or of two.
const ODD: readonly [Value, ...Value[]] = [
  { SS: [] },
  { SS: ['a', 'a'] },
  { NS: ['1', '1.0'] },
  { SS: [''] },
  { N: 'x' },
  { N: '' },
  { N: '1e126' },
  { N: '1e-131' },
  { N: '123456789012345678901234567890123456789' },
  { N: '+007.10' },
  { NULL: false },
  {},
  { S: 'a', N: '1' },
]

/** A value of any type; seldom one that is none. */
export function value(random: Random): Value {
  const choice = random.whole(40)
  if (choice === 0) return random.pick(ODD)
  return random.pick(choice < 26 ? SCALARS : DEEP)
}

export const hashOf = (random: Random, { hash: [, type] }: Key): Value => random.pick(HASHES[type])
export const sortOf = (random: Random, type: KeyType): Value => random.pick(SORTS[type])

/** The key of an item that may be there. */
export function keyOf(random: Random, key: Key): Item {
  const { hash, sort } = key
  return { [hash[0]]: hashOf(random, key), ...(sort === undefined ? {} : { [sort[0]]: sortOf(random, sort[1]) }) }
}

/** A key; seldom one that does not fit. */
export function looseKey(random: Random, key: Key): Item {
  const good = keyOf(random, key)
  switch (random.whole(50)) {
    case 0:
      return { ...good, extra: { S: 'x' } }
    case 1:
      return { [key.hash[0]]: { BOOL: true } }
    case 2:
      return { ...good, [key.hash[0]]: { S: '' } }
    case 3:
      return {}
    case 4:
      return { ...good, [key.sort?.[0] ?? 'pk']: { S: '' } }
    case 5:
      return { ...good, [key.hash[0]]: random.pick(ODD) }
    default:
      return good
  }
}

const OWN: Readonly<Record<string, readonly [Value, ...Value[]]>> = {
  a: [{ S: 'a' }, { S: 'abc' }, { S: 'b' }],
  g: [{ S: 'g' }, { S: 'h' }],
  n: [{ N: '1' }, { N: '2' }, { N: '-7.25' }],
  m: [DEEP[3] ?? {}, { M: { x: { N: '5' } } }],
  l: [DEEP[1] ?? {}, { L: [{ N: '9' }] }],
  ss: [{ SS: ['a', 'b'] }, { SS: ['c'] }],
  ns: [{ NS: ['1', '2'] }],
}

/** The attributes that are not keys of the table. */
export function attributes(random: Random): Item {
  const found: [string, Value][] = []
  for (const [name, choices] of Object.entries(OWN)) {
    const choice = random.whole(30)
    if (choice < 15) found.push([name, random.pick(choices)])
    else if (choice === 15) found.push([name, value(random)])
  }
  if (random.whole(2) === 0) found.push(['b', value(random)])
  return Object.fromEntries(found)
}
