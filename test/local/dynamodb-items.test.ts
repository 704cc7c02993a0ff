// Getting, putting, updating and deleting items, as the SDK's clients see it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { crc32 } from 'node:zlib'
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb'
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb'
import { type OpenedDynamoDb, openTables } from '../support/dynamodb.ts'

type Item = Record<string, AttributeValue>

let tables: OpenedDynamoDb

before(async () => {
  tables = await openTables()
  await tables.create('items', ['a:S'])
  await tables.create('indexed', ['a:S', 'b:S'], {
    AttributeDefinitions: ['a', 'b', 'c', 'd'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    LocalSecondaryIndexes: [
      {
        IndexName: 'local',
        KeySchema: [
          { AttributeName: 'a', KeyType: 'HASH' },
          { AttributeName: 'c', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'global',
        KeySchema: [
          { AttributeName: 'c', KeyType: 'HASH' },
          { AttributeName: 'd', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  })
})
after(() => tables.close())

const put = (item: Item) => tables.client.putItem({ TableName: 'items', Item: item })
const get = async (a: string): Promise<Item | undefined> =>
  (await tables.client.getItem({ TableName: 'items', Key: { a: { S: a } }, ConsistentRead: true })).Item

type Update = Omit<UpdateItemCommandInput, 'TableName' | 'Key'>
const update = (a: string, more: Update) =>
  tables.client.updateItem({ TableName: 'items', Key: { a: { S: a } }, ...more })

test('items of every type come back as they were put, sets in order', async () => {
  const item: Item = {
    a: { S: 'all' },
    b: { N: '-56.789' },
    c: { B: Uint8Array.of(0, 255, 3) },
    d: { BOOL: false },
    e: { NULL: true },
    f: { SS: ['é', 'b', 'a', ''] },
    g: { NS: ['10', '9', '-1'] },
    h: { BS: [Uint8Array.of(255), Uint8Array.of(0), new Uint8Array()] },
    i: { L: [{ S: '' }, { M: {} }, { L: [] }, { B: new Uint8Array() }] },
    j: { M: { 'a b': { M: { 'ü.x': { N: '0' } } }, constructor: { S: 'c' } } },
    constructor: { S: 'not a prototype' },
    toString: { S: 'neither' },
  }
  await put(item)
  assert.deepEqual(await get('all'), {
    ...item,
    f: { SS: ['', 'a', 'b', 'é'] },
    g: { NS: ['-1', '9', '10'] },
    h: { BS: [new Uint8Array(), Uint8Array.of(0), Uint8Array.of(255)] },
  })
  assert.equal(await get('nothing'), undefined)
})

test('names that touch prototypes elsewhere are names here', async () => {
  const body =
    '{"TableName":"items","Item":{"a":{"S":"proto"},"__proto__":{"S":"x"},"m":{"M":{"__proto__":{"N":"1"}}}}}'
  assert.equal((await tables.raw('PutItem', body)).status, 200)
  const answer = await tables.raw('UpdateItem', {
    TableName: 'items',
    Key: { a: { S: 'proto' } },
    UpdateExpression: 'SET #p = :v, m.#p = :n REMOVE #q',
    ConditionExpression: '#p = :x AND attribute_not_exists(#q) AND attribute_not_exists(m.#q)',
    ExpressionAttributeNames: { '#p': '__proto__', '#q': 'constructor' },
    ExpressionAttributeValues: { ':v': { S: 'y' }, ':n': { N: '2' }, ':x': { S: 'x' } },
    ReturnValues: 'ALL_NEW',
  })
  assert.equal(
    answer.text,
    '{"Attributes":{"a":{"S":"proto"},"__proto__":{"S":"y"},"m":{"M":{"__proto__":{"N":"2"}}}}}',
  )
})

test('the document client works', async () => {
  const documents = DynamoDBDocument.from(tables.client, { marshallOptions: { removeUndefinedValues: true } })
  await documents.put({
    TableName: 'items',
    Item: { a: 'doc', n: 1, list: [1, 'two', { three: 3 }], tags: new Set(['x']) },
  })
  const { Attributes } = await documents.update({
    TableName: 'items',
    Key: { a: 'doc' },
    UpdateExpression: 'SET #n = #n + :one, #l[2].three = :four ADD tags :more',
    ExpressionAttributeNames: { '#n': 'n', '#l': 'list' },
    ExpressionAttributeValues: { ':one': 1, ':four': 4, ':more': new Set(['y']) },
    ReturnValues: 'ALL_NEW',
  })
  assert.deepEqual(Attributes, { a: 'doc', n: 2, list: [1, 'two', { three: 4 }], tags: new Set(['x', 'y']) })
  await documents.delete({ TableName: 'items', Key: { a: 'doc' } })
  assert.equal((await documents.get({ TableName: 'items', Key: { a: 'doc' } })).Item, undefined)
})

const HELD: Item = {
  a: { S: 'held' },
  n: { N: '1' },
  s: { SS: ['x', 'y'] },
  l: { L: [{ N: '0' }, { N: '1' }, { N: '2' }] },
  m: { M: { x: { N: '1' }, y: { L: [{ S: 'q' }] } } },
}
/** An update of HELD, and what becomes of the attributes that it changes (undefined: gone). */
const UPDATES: readonly (readonly [Update, Record<string, AttributeValue | undefined>])[] = [
  [{ UpdateExpression: 'SET k = n' }, { k: { N: '1' } }],
  [{ UpdateExpression: 'SET n = m, m = n' }, { n: HELD.m, m: { N: '1' } }],
  [{ UpdateExpression: 'SET k = if_not_exists(k, n), n = if_not_exists(n, l)' }, { k: { N: '1' } }],
  [{ UpdateExpression: 'SET l = list_append(l, m.y)' }, { l: { L: [{ N: '0' }, { N: '1' }, { N: '2' }, { S: 'q' }] } }],
  [{ UpdateExpression: 'SET n = n - m.x' }, { n: { N: '0' } }],
  [{ UpdateExpression: 'REMOVE l[0], l[2]' }, { l: { L: [{ N: '1' }] } }],
  [{ UpdateExpression: 'REMOVE l[0], l[9], nothing, m.nothing' }, { l: { L: [{ N: '1' }, { N: '2' }] } }],
  [
    { UpdateExpression: 'SET l[9] = n, l[7] = m.y, l[1] = s REMOVE l[0]' },
    { l: { L: [{ SS: ['x', 'y'] }, { N: '2' }, { L: [{ S: 'q' }] }, { N: '1' }] } },
  ],
  [{ UpdateExpression: 'REMOVE m.y[0] SET m.z = m.x' }, { m: { M: { x: { N: '1' }, y: { L: [] }, z: { N: '1' } } } }],
  [{ UpdateExpression: 'DELETE s :s', ExpressionAttributeValues: { ':s': { SS: ['x', 'z'] } } }, { s: { SS: ['y'] } }],
  [{ UpdateExpression: 'DELETE s :s', ExpressionAttributeValues: { ':s': { SS: ['x', 'y'] } } }, { s: undefined }],
  [
    {
      UpdateExpression: 'ADD s :s, k :k, m.x :k',
      ExpressionAttributeValues: { ':s': { SS: ['a', 'x'] }, ':k': { N: '5' } },
    },
    { s: { SS: ['a', 'x', 'y'] }, k: { N: '5' }, m: { M: { x: { N: '6' }, y: { L: [{ S: 'q' }] } } } },
  ],
  [
    {
      AttributeUpdates: {
        n: { Action: 'ADD', Value: { N: '4' } },
        l: { Action: 'ADD', Value: { L: [{ S: 'z' }] } },
        s: { Action: 'DELETE', Value: { SS: ['x'] } },
        m: { Action: 'DELETE' },
        k: { Value: { S: 'put' } },
      },
    },
    {
      n: { N: '5' },
      l: { L: [{ N: '0' }, { N: '1' }, { N: '2' }, { S: 'z' }] },
      s: { SS: ['y'] },
      m: undefined,
      k: { S: 'put' },
    },
  ],
]

test('updates work from the item as it was', async () => {
  for (const [given, changed] of UPDATES) {
    await put(HELD)
    await update('held', given)
    const wanted = Object.fromEntries(
      Object.entries({ ...HELD, ...changed }).filter(([, value]) => value !== undefined),
    )
    assert.deepEqual(await get('held'), wanted, JSON.stringify(given))
  }
})

const RUNTIME: readonly (readonly [string, Item, string])[] = [
  ['ADD s :v', { ':v': { NS: ['1'] } }, 'An operand in the update expression has an incorrect data type'],
  ['DELETE n :v', { ':v': { SS: ['1'] } }, 'An operand in the update expression has an incorrect data type'],
  ['SET k = s + :v', { ':v': { N: '1' } }, 'An operand in the update expression has an incorrect data type'],
  ['SET k = list_append(n, :v)', { ':v': { L: [] } }, 'An operand in the update expression has an incorrect data type'],
  [
    'SET k = nothing + :v',
    { ':v': { N: '1' } },
    'The provided expression refers to an attribute that does not exist in the item',
  ],
  ['SET n.x = :v', { ':v': { N: '1' } }, 'The document path provided in the update expression is invalid for update'],
  ['SET m[0] = :v', { ':v': { N: '1' } }, 'The document path provided in the update expression is invalid for update'],
  ['SET l.x = :v', { ':v': { N: '1' } }, 'The document path provided in the update expression is invalid for update'],
  [
    'SET nothing.x = :v',
    { ':v': { N: '1' } },
    'The document path provided in the update expression is invalid for update',
  ],
]

test('updates that do not fit the item change nothing', async () => {
  await put(HELD)
  for (const [UpdateExpression, ExpressionAttributeValues, message] of RUNTIME)
    await assert.rejects(update('held', { UpdateExpression, ExpressionAttributeValues }), {
      name: 'ValidationException',
      message,
    })
  assert.deepEqual(await get('held'), HELD)
})

test('what an update puts together is no deeper than an item may be', async () => {
  const nested = (levels: number): AttributeValue => (levels === 0 ? { S: 'leaf' } : { M: { n: nested(levels - 1) } })
  await put({ a: { S: 'deep' }, m: nested(31) })
  const into = `SET ${['m', ...Array(30).fill('n')].join('.')} = :v`
  await update('deep', { UpdateExpression: into, ExpressionAttributeValues: { ':v': nested(1) } })
  await assert.rejects(
    update('deep', { UpdateExpression: into, ExpressionAttributeValues: { ':v': nested(2) } }),
    /nested levels/,
  )
})

test('every kind of return value is answered', async () => {
  const by = { UpdateExpression: 'SET m.x = :v, k = :v REMOVE n', ExpressionAttributeValues: { ':v': { N: '9' } } }
  const answers: Record<string, Item | undefined> = {
    NONE: undefined,
    ALL_OLD: HELD,
    UPDATED_OLD: { m: { M: { x: { N: '1' } } }, n: { N: '1' } },
    ALL_NEW: {
      a: HELD.a,
      s: HELD.s,
      l: HELD.l,
      m: { M: { x: { N: '9' }, y: { L: [{ S: 'q' }] } } },
      k: { N: '9' },
    } as Item,
    UPDATED_NEW: { m: { M: { x: { N: '9' } } }, k: { N: '9' } },
  }
  for (const [ReturnValues, wanted] of Object.entries(answers)) {
    await put(HELD)
    const { Attributes } = await update('held', { ...by, ReturnValues: ReturnValues as 'NONE' })
    assert.deepEqual(Attributes, wanted, ReturnValues)
  }
  const gone = await tables.client.deleteItem({
    TableName: 'items',
    Key: { a: { S: 'held' } },
    ReturnValues: 'ALL_OLD',
  })
  assert.deepEqual(gone.Attributes?.k, { N: '9' })
  const again = await tables.client.deleteItem({
    TableName: 'items',
    Key: { a: { S: 'held' } },
    ReturnValues: 'ALL_OLD',
  })
  assert.equal(again.Attributes, undefined)
  assert.equal(
    (await tables.client.putItem({ TableName: 'items', Item: HELD, ReturnValues: 'ALL_OLD' })).Attributes,
    undefined,
  )
  assert.deepEqual(
    (await tables.client.putItem({ TableName: 'items', Item: HELD, ReturnValues: 'ALL_OLD' })).Attributes,
    HELD,
  )
})

test('an update makes an item that was not there, of its key and what it adds', async () => {
  await update('made', { UpdateExpression: 'REMOVE x ADD n :n', ExpressionAttributeValues: { ':n': { N: '5' } } })
  assert.deepEqual(await get('made'), { a: { S: 'made' }, n: { N: '5' } })
  await tables.client.updateItem({ TableName: 'items', Key: { a: { S: 'bare' } } })
  assert.deepEqual(await get('bare'), { a: { S: 'bare' } })
})

test('a failed condition changes nothing, and shows the item when asked to', async () => {
  await put({ a: { S: 'c' }, n: { N: '1' } })
  const input = {
    TableName: 'items',
    Item: { a: { S: 'c' } },
    ConditionExpression: 'attribute_not_exists(a) OR n > :n',
    ExpressionAttributeValues: { ':n': { N: '1' } },
  }
  const failure = async (more: object): Promise<ConditionalCheckFailedException> => {
    const problem = await tables.client.putItem({ ...input, ...more }).then(
      () => undefined,
      (error: unknown) => error,
    )
    assert.ok(problem instanceof ConditionalCheckFailedException)
    assert.equal(problem.message, 'The conditional request failed')
    return problem
  }
  assert.equal((await failure({})).Item, undefined)
  assert.deepEqual((await failure({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })).Item, {
    a: { S: 'c' },
    n: { N: '1' },
  })
  assert.deepEqual(await get('c'), { a: { S: 'c' }, n: { N: '1' } })
  const missing = tables.client.deleteItem({
    TableName: 'items',
    Key: { a: { S: 'nobody' } },
    ConditionExpression: 'attribute_exists(a)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  })
  await assert.rejects(missing, (error: ConditionalCheckFailedException) => error.Item === undefined)
})

test('conditions of before expressions decide alike', async () => {
  await put({ a: { S: 'old' }, n: { N: '5' }, s: { SS: ['x'] } })
  const N = (value: string) => [{ N: value }]
  const cases = [
    [{ n: { Value: { N: '5' } } }, true],
    [{ n: { Value: { N: '6' } } }, false],
    [{ k: { Exists: false } }, true],
    [{ n: { Exists: false } }, false],
    [{ n: { ComparisonOperator: 'GT', AttributeValueList: N('4') }, k: { ComparisonOperator: 'NULL' } }, true],
    [{ n: { ComparisonOperator: 'BETWEEN', AttributeValueList: [{ N: '5' }, { N: '7' }] } }, true],
    [{ n: { ComparisonOperator: 'IN', AttributeValueList: [{ N: '4' }, { N: '7' }] } }, false],
    [{ s: { ComparisonOperator: 'CONTAINS', AttributeValueList: [{ S: 'x' }] } }, true],
    [{ s: { ComparisonOperator: 'NOT_CONTAINS', AttributeValueList: [{ S: 'x' }] } }, false],
    [{ k: { ComparisonOperator: 'NE', AttributeValueList: N('1') } }, true],
  ] as const
  for (const [Expected, holds] of cases) {
    const { type } = await tables.raw('UpdateItem', { TableName: 'items', Key: { a: { S: 'old' } }, Expected })
    assert.equal(type, holds ? '' : 'ConditionalCheckFailedException', JSON.stringify(Expected))
  }
  const either = { n: { Value: { N: '6' } }, k: { Exists: false } }
  const any = { TableName: 'items', Key: { a: { S: 'old' } }, Expected: either, ConditionalOperator: 'OR' }
  assert.equal((await tables.raw('DeleteItem', any)).status, 200)
})

test('projections show what they ask for', async () => {
  await put(HELD)
  const of = async (ProjectionExpression: string) =>
    (await tables.client.getItem({ TableName: 'items', Key: { a: { S: 'held' } }, ProjectionExpression })).Item
  assert.deepEqual(await of('n, m.x'), { n: { N: '1' }, m: { M: { x: { N: '1' } } } })
  assert.deepEqual(await of('l[2], l[0], l[9]'), { l: { L: [{ N: '0' }, { N: '2' }] } })
  assert.deepEqual(await of('m.y[0], m.zz, n.x'), { m: { M: { y: { L: [{ S: 'q' }] } } } })
  assert.deepEqual(await of('nothing'), {})
  const old = await tables.client.getItem({
    TableName: 'items',
    Key: { a: { S: 'held' } },
    AttributesToGet: ['n', 'zz'],
  })
  assert.deepEqual(old.Item, { n: { N: '1' } })
})

test('capacity is counted by the size of what is read and written', async () => {
  const size = (kilobytes: number, a = 'size'): Item => ({ a: { S: a }, p: { S: 'x'.repeat(kilobytes * 1024 - 6) } })
  const written = async (item: Item) =>
    (await tables.client.putItem({ TableName: 'items', Item: item, ReturnConsumedCapacity: 'TOTAL' })).ConsumedCapacity
  assert.deepEqual(await written(size(3)), { TableName: 'items', CapacityUnits: 3 })
  assert.equal((await written(size(1)))?.CapacityUnits, 3)
  assert.equal((await written(size(1)))?.CapacityUnits, 1)
  await put(size(9))
  const read = async (ConsistentRead: boolean) => {
    const input = { TableName: 'items', Key: { a: { S: 'size' } }, ReturnConsumedCapacity: 'INDEXES' } as const
    return (await tables.client.getItem({ ...input, ConsistentRead })).ConsumedCapacity
  }
  assert.deepEqual(await read(true), { TableName: 'items', CapacityUnits: 3, Table: { CapacityUnits: 3 } })
  assert.equal((await read(false))?.CapacityUnits, 1.5)
})

test('indexes cost what changes in them, and collections are measured where there are local ones', async () => {
  const Key = { a: { S: 'h' }, b: { S: 'r' } }
  const input = {
    TableName: 'indexed',
    ReturnConsumedCapacity: 'INDEXES',
    ReturnItemCollectionMetrics: 'SIZE',
  } as const
  const made = await tables.client.putItem({ ...input, Item: { ...Key, c: { S: '1' }, d: { S: '1' } } })
  assert.deepEqual(made.ConsumedCapacity, {
    TableName: 'indexed',
    CapacityUnits: 3,
    Table: { CapacityUnits: 1 },
    LocalSecondaryIndexes: { local: { CapacityUnits: 1 } },
    GlobalSecondaryIndexes: { global: { CapacityUnits: 1 } },
  })
  assert.deepEqual(made.ItemCollectionMetrics, { ItemCollectionKey: { a: { S: 'h' } }, SizeEstimateRangeGB: [0, 1] })
  const set = async (UpdateExpression: string) => {
    const ExpressionAttributeValues = { ':v': { S: '2' } }
    return (await tables.client.updateItem({ ...input, Key, UpdateExpression, ExpressionAttributeValues }))
      .ConsumedCapacity
  }
  assert.equal((await set('SET e = :v'))?.CapacityUnits, 2)
  assert.equal((await set('SET c = :v'))?.CapacityUnits, 5)
  const none = await tables.client.putItem({
    TableName: 'items',
    Item: { a: { S: 'x' } },
    ReturnItemCollectionMetrics: 'SIZE',
  })
  assert.equal(none.ItemCollectionMetrics, undefined)
})

test('index keys of the greatest length are kept', async () => {
  for (const [at, low] of ['\u0000', 'x'].entries())
    await tables.client.putItem({
      TableName: 'indexed',
      Item: {
        a: { S: low.repeat(2048) },
        b: { S: `${low}a`.repeat(512) },
        c: { S: `${low}a`.repeat(512) },
        d: { S: `${low}a`.repeat(512) },
        n: { N: String(at) },
      },
    })
})

test('counters of many clients lose nothing', async () => {
  const one = { UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } } }
  await Promise.all(Array.from({ length: 100 }, () => update('counter', one)))
  assert.deepEqual((await get('counter'))?.n, { N: '100' })
})

test('answers carry their checksum and a request id', async () => {
  for (const input of [{ TableName: 'items', Key: { a: { S: 'all' } } }, {}]) {
    const { headers, text } = await tables.raw('GetItem', input)
    assert.equal(headers.get('x-amz-crc32'), String(crc32(text)))
    assert.equal(headers.get('content-type'), 'application/x-amz-json-1.0')
    assert.match(headers.get('x-amzn-requestid') ?? '', /./)
  }
  assert.equal((await tables.raw('GetItem', '[]')).type, 'SerializationException')
  assert.equal((await tables.raw('GetItem', '{')).type, 'SerializationException')
  assert.equal((await tables.raw('Nothing', {})).type, 'UnknownOperationException')
  assert.equal((await tables.raw('GetItem', `{"Key":${'{"M":{"a":'.repeat(20_000)}`)).type, 'SerializationException')
  const deep = `{"TableName":"items","Key":{"a":${'{"L":['.repeat(20_000)}${']}'.repeat(20_000)}}}`
  assert.equal((await tables.raw('GetItem', deep)).type, 'ValidationException')
})

test('the name of a table may be its ARN', async () => {
  await put({ a: { S: 'arn' } })
  const TableName = 'arn:aws:dynamodb:us-east-1:000000000000:table/items'
  assert.deepEqual((await tables.client.getItem({ TableName, Key: { a: { S: 'arn' } } })).Item, { a: { S: 'arn' } })
})

test('what was acknowledged is there after a restart', async () => {
  await put({ a: { S: 'kept' }, n: { N: '1' } })
  await put({ a: { S: 'deleted' } })
  await tables.client.deleteItem({ TableName: 'items', Key: { a: { S: 'deleted' } } })
  tables = await tables.reopen()
  assert.deepEqual(await get('kept'), { a: { S: 'kept' }, n: { N: '1' } })
  assert.equal(await get('deleted'), undefined)
  await put({ a: { S: 'kept' }, n: { N: '2' } })
  assert.deepEqual((await get('kept'))?.n, { N: '2' })
})
