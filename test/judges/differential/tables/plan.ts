// Chooses the calls of a differential run of DynamoDB, by a seed: scenarios, each on a table of its own.
import { type Random, seeded } from '../../../support/random.ts'
import type { Call, Scenario } from '../plan.ts'
import type { Input } from '../steps.ts'
import { BROKEN, Expressions } from './expressions.ts'
import { faults } from './faults.ts'
import { type Kind, statement } from './statements.ts'
import {
  attributes,
  hashOf,
  type Item,
  type Key,
  keyOf,
  looseKey,
  SCHEMAS,
  type Schema,
  toCreation,
  value,
} from './values.ts'

export interface TableScenario extends Scenario {
  readonly service: 'dynamodb'
  readonly schema: Schema
  readonly creation: Input
}

interface Place {
  readonly random: Random
  readonly table: string
  readonly schema: Schema
}

type Maker = (place: Place) => Input

/** True once in so many times. */
const once = (random: Random, times: number): boolean => random.whole(times) === 0

function add(random: Random, times: number, more: () => Input): Input {
  return once(random, times) ? more() : {}
}

const item = ({ random, schema }: Place): Item => ({ ...attributes(random), ...looseKey(random, schema.key) })

const told = (random: Random, returns: readonly [string, ...string[]]): Input => ({
  ...add(random, 3, () => ({ ReturnValues: random.pick(returns) })),
  ...add(random, 4, () => ({ ReturnConsumedCapacity: random.pick(['TOTAL', 'INDEXES', 'NONE']) })),
  ...add(random, 8, () => ({ ReturnItemCollectionMetrics: 'SIZE' })),
  ...add(random, 4, () => ({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })),
})

const condition = (random: Random): string =>
  once(random, 25) ? random.pick(BROKEN) : new Expressions(random).condition()

function conditioned(random: Random, member = 'ConditionExpression', times = 2): Input {
  if (!once(random, times)) return {}
  const texts = new Expressions(random)
  return texts.add(member, once(random, 25) ? random.pick(BROKEN) : texts.condition()).input()
}

const EXPECTED: readonly [Input, ...Input[]] = [
  { a: { Exists: false } },
  { a: { Value: { S: 'a' } } },
  { n: { ComparisonOperator: 'GT', AttributeValueList: [{ N: '0' }] } },
  { a: { ComparisonOperator: 'BETWEEN', AttributeValueList: [{ S: 'a' }, { S: 'b' }] } },
  { ss: { ComparisonOperator: 'CONTAINS', AttributeValueList: [{ S: 'a' }] } },
  { b: { ComparisonOperator: 'NULL' }, a: { ComparisonOperator: 'NOT_NULL' } },
  { a: { ComparisonOperator: 'IN', AttributeValueList: [{ S: 'a' }, { S: 'b' }] } },
  { a: { ComparisonOperator: 'EQ', AttributeValueList: [] } },
  { l: { ComparisonOperator: 'LT', AttributeValueList: [{ L: [] }] } },
]
const UPDATES: readonly [Input, ...Input[]] = [
  { a: { Value: { S: 'put' } } },
  { a: { Action: 'DELETE' } },
  { n: { Action: 'ADD', Value: { N: '3' } } },
  { ss: { Action: 'ADD', Value: { SS: ['q'] } } },
  { ss: { Action: 'DELETE', Value: { SS: ['a'] } } },
  { b: { Action: 'ADD', Value: { S: 'x' } } },
  { l: { Action: 'ADD', Value: { L: [{ S: 'more' }] } } },
  { pk: { Value: { S: 'x' } } },
]

const expected = (random: Random): Input => ({
  Expected: random.pick(EXPECTED),
  ...add(random, 4, () => ({ ConditionalOperator: random.pick(['AND', 'OR']) })),
})

const putItem: Maker = (place) => ({
  TableName: place.table,
  Item: item(place),
  ...(once(place.random, 10) ? expected(place.random) : conditioned(place.random, undefined, 3)),
  ...told(place.random, ['ALL_OLD', 'ALL_OLD', 'NONE', 'ALL_NEW']),
})

const deleteItem: Maker = ({ random, schema, table }) => ({
  TableName: table,
  Key: looseKey(random, schema.key),
  ...(once(random, 10) ? expected(random) : conditioned(random)),
  ...told(random, ['ALL_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW']),
})

const updateItem: Maker = ({ random, schema, table }) => {
  const more = told(random, ['ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW', 'NONE'])
  const input = { TableName: table, Key: looseKey(random, schema.key), ...more }
  if (once(random, 10))
    return {
      ...input,
      AttributeUpdates: { ...random.pick(UPDATES), ...random.pick(UPDATES) },
      ...add(random, 3, () => expected(random)),
    }
  const texts = new Expressions(random)
  texts.add('UpdateExpression', once(random, 30) ? random.pick(BROKEN) : texts.update())
  if (once(random, 3)) texts.add('ConditionExpression', texts.condition())
  return { ...input, ...texts.input() }
}

function projected(random: Random): Input {
  if (once(random, 8)) return { AttributesToGet: random.pick([['a'], ['pk', 'n'], ['a', 'a'], []]) }
  if (!once(random, 3)) return {}
  const texts = new Expressions(random)
  return texts.add('ProjectionExpression', texts.projection()).input()
}

const getItem: Maker = ({ random, schema, table }) => ({
  TableName: table,
  Key: looseKey(random, schema.key),
  ...projected(random),
  ...add(random, 4, () => ({ ConsistentRead: random.pick([true, false]) })),
  ...add(random, 4, () => ({ ReturnConsumedCapacity: random.pick(['TOTAL', 'INDEXES']) })),
})

/** The table or one of its indexes. */
function place({ random, schema }: Place): { readonly key: Key; readonly input: Input } {
  const names = Object.keys(schema.indexes)
  const [first, ...rest] = names
  if (first === undefined || once(random, 2)) return { key: schema.key, input: {} }
  if (once(random, 40)) return { key: schema.key, input: { IndexName: 'none' } }
  const name = random.pick([first, ...rest])
  return { key: schema.indexes[name] ?? schema.key, input: { IndexName: name } }
}

const read = (random: Random): Input => ({
  ...add(random, 3, () => ({ Limit: random.pick([1, 2, 3]) })),
  ...add(random, 6, () => ({
    Select: random.pick(['COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES']),
  })),
  ...add(random, 6, () => ({ ConsistentRead: true })),
  ...add(random, 5, () => ({ ReturnConsumedCapacity: random.pick(['TOTAL', 'INDEXES']) })),
})

const query: Maker = (of) => {
  const { random, table } = of
  const { key, input } = place(of)
  const texts = new Expressions(random)
  const hash = key.hash[0] === 'pk' ? hashOf(random, key) : key.hash[1] === 'S' ? { S: 'g' } : { N: '1' }
  texts.add('KeyConditionExpression', once(random, 40) ? random.pick(BROKEN) : texts.keys(key, hash))
  if (once(random, 3)) texts.add('FilterExpression', texts.condition())
  if (once(random, 5)) texts.add('ProjectionExpression', texts.projection())
  return {
    TableName: table,
    ...input,
    ...texts.input(),
    ...read(random),
    ...add(random, 3, () => ({ ScanIndexForward: false })),
  }
}

const legacyQuery: Maker = (of) => {
  const { random, table, schema } = of
  const { hash, sort } = schema.key
  const operator = random.pick(['EQ', 'LE', 'LT', 'GE', 'GT', 'BETWEEN', 'BEGINS_WITH', 'NE'])
  const list = operator === 'BETWEEN' ? [{ N: '0' }, { N: '5' }] : [sort?.[1] === 'N' ? { N: '2' } : { S: 'a' }]
  return {
    TableName: table,
    KeyConditions: {
      [hash[0]]: { ComparisonOperator: 'EQ', AttributeValueList: [hashOf(random, schema.key)] },
      ...(sort === undefined || once(random, 3)
        ? {}
        : { [sort[0]]: { ComparisonOperator: operator, AttributeValueList: list } }),
    },
    ...add(random, 3, () => ({ QueryFilter: random.pick(EXPECTED.slice(2) as [Input, ...Input[]]) })),
    ...read(random),
  }
}

const scan: Maker = (of) => {
  const { random, table } = of
  const texts = new Expressions(random)
  if (once(random, 2)) texts.add('FilterExpression', once(random, 20) ? condition(random) : texts.condition())
  if (once(random, 4)) texts.add('ProjectionExpression', texts.projection())
  return {
    TableName: table,
    ...place(of).input,
    ...(once(random, 10) ? { ScanFilter: random.pick(EXPECTED.slice(2) as [Input, ...Input[]]) } : texts.input()),
    ...read(random),
  }
}

const several = <T>(random: Random, make: () => T): T[] => Array.from({ length: 1 + random.whole(4) }, make)

const batchWrite: Maker = (of) => ({
  RequestItems: {
    [of.table]: several(of.random, () =>
      once(of.random, 3)
        ? { DeleteRequest: { Key: looseKey(of.random, of.schema.key) } }
        : { PutRequest: { Item: item(of) } },
    ),
  },
  ...add(of.random, 4, () => ({ ReturnConsumedCapacity: of.random.pick(['TOTAL', 'INDEXES']) })),
})

const batchGet: Maker = ({ random, schema, table }) => ({
  RequestItems: {
    [table]: { Keys: several(random, () => looseKey(random, schema.key)), ...projected(random) },
  },
  ...add(random, 4, () => ({ ReturnConsumedCapacity: random.pick(['TOTAL', 'INDEXES']) })),
})

const transactWrite: Maker = (of) => {
  const { random, schema, table } = of
  const one = (): Input => {
    const base = { TableName: table, ...add(random, 3, () => ({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })) }
    const Key = looseKey(random, schema.key)
    switch (random.whole(4)) {
      case 0:
        return { Put: { ...base, Item: item(of), ...conditioned(random) } }
      case 1:
        return { Delete: { ...base, Key, ...conditioned(random) } }
      case 2:
        return { ConditionCheck: { ...base, Key, ...conditioned(random, undefined, 1) } }
      default: {
        const texts = new Expressions(random)
        texts.add('UpdateExpression', texts.update())
        if (once(random, 3)) texts.add('ConditionExpression', texts.condition())
        return { Update: { ...base, Key, ...texts.input() } }
      }
    }
  }
  return {
    TransactItems: several(random, one),
    // The same few tokens: a repeated one with another request is refused.
    ...add(random, 3, () => ({ ClientRequestToken: `${table}-${random.whole(2)}` })),
    ...add(random, 4, () => ({ ReturnConsumedCapacity: random.pick(['TOTAL', 'INDEXES']) })),
  }
}

const transactGet: Maker = ({ random, schema, table }) => ({
  TransactItems: several(random, () => {
    const texts = new Expressions(random)
    if (once(random, 3)) texts.add('ProjectionExpression', texts.projection())
    return { Get: { TableName: table, Key: looseKey(random, schema.key), ...texts.input() } }
  }),
})

const executeStatement: Maker = ({ random, schema, table }) => statement(random, table, schema)
/** Keys that are all different: DynamoDB Local has run some of a batch when it finds two that are alike. */
function keys(random: Random, key: Key): Item[] {
  const all = several(random, () => keyOf(random, key)).map((one) => [JSON.stringify(one), one] as const)
  return [...new Map(all).values()]
}

const kind = (random: Random): Kind | undefined => random.pick(['read', 'write', 'write', undefined])
const batchStatement: Maker = ({ random, schema, table }) => {
  const of = kind(random)
  return { Statements: keys(random, schema.key).map((key) => statement(random, table, schema, of, key)) }
}
const transactStatement: Maker = ({ random, schema, table }) => {
  const of = kind(random)
  return {
    TransactStatements: several(random, () => statement(random, table, schema, of)),
    ...add(random, 3, () => ({ ClientRequestToken: `${table}-p${random.whole(2)}` })),
  }
}

// Where an action stands more than once it is chosen more often.
const CHOICES: readonly [readonly [string, Maker], ...(readonly [string, Maker])[]] = [
  ['PutItem', putItem],
  ['PutItem', putItem],
  ['PutItem', putItem],
  ['UpdateItem', updateItem],
  ['UpdateItem', updateItem],
  ['UpdateItem', updateItem],
  ['UpdateItem', updateItem],
  ['GetItem', getItem],
  ['GetItem', getItem],
  ['DeleteItem', deleteItem],
  ['Query', query],
  ['Query', query],
  ['Query', query],
  ['Query', legacyQuery],
  ['Scan', scan],
  ['Scan', scan],
  ['BatchWriteItem', batchWrite],
  ['BatchGetItem', batchGet],
  ['TransactWriteItems', transactWrite],
  ['TransactWriteItems', transactWrite],
  ['TransactGetItems', transactGet],
  ['ExecuteStatement', executeStatement],
  ['ExecuteStatement', executeStatement],
  ['BatchExecuteStatement', batchStatement],
  ['ExecuteTransaction', transactStatement],
]

const LENGTH = 30

/** As many scenarios as hold at least this number of calls; the first two calls of each fill its table. */
export function planTables(calls: number, seed: number): TableScenario[] {
  const random = seeded(seed)
  return Array.from({ length: Math.ceil(calls / LENGTH) }, (_, at) => {
    const schema = random.pick(SCHEMAS)
    const table = `table-${at}`
    const of = { random, table, schema }
    const one = (): Call => {
      if (once(random, 20)) return random.pick(faults(table, schema))
      const [step, make] = random.pick(CHOICES)
      return { step, input: make(of) }
    }
    const fill = Array.from(
      { length: 6 },
      (): Call => ({
        step: 'PutItem',
        input: { TableName: table, Item: { ...attributes(random), ...looseKey(random, schema.key), b: value(random) } },
      }),
    )
    const more = Array.from({ length: LENGTH - fill.length }, one)
    return { service: 'dynamodb', fifo: false, schema, creation: toCreation(table, schema), calls: [...fill, ...more] }
  })
}
