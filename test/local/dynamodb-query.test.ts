// Query and Scan: key conditions, indexes, pages, segments, and what they refuse.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { AttributeValue, QueryCommandInput, ScanCommandOutput } from '@aws-sdk/client-dynamodb'
import { type OpenedDynamoDb, openTables } from '../support/dynamodb.ts'
import { seeded } from '../support/random.ts'

let cloud: OpenedDynamoDb
const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' as const })
const range = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' as const })

before(async () => {
  cloud = await openTables()
  await cloud.create('rooms', ['room:S', 'at:N'], {
    AttributeDefinitions: [
      { AttributeName: 'room', AttributeType: 'S' },
      { AttributeName: 'at', AttributeType: 'N' },
      { AttributeName: 'user', AttributeType: 'S' },
      { AttributeName: 'rank', AttributeType: 'N' },
    ],
    LocalSecondaryIndexes: [
      { IndexName: 'byRank', KeySchema: [hash('room'), range('rank')], Projection: { ProjectionType: 'KEYS_ONLY' } },
    ],
    GlobalSecondaryIndexes: [
      { IndexName: 'byUser', KeySchema: [hash('user'), range('at')], Projection: { ProjectionType: 'ALL' } },
      {
        IndexName: 'thin',
        KeySchema: [hash('user')],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['text'] },
      },
    ],
  })
  for (let at = -3; at <= 6; at++)
    await cloud.client.putItem({
      TableName: 'rooms',
      Item: {
        room: { S: 'one' },
        at: { N: String(at * 1.5) },
        text: { S: `text ${at}` },
        more: { S: 'more' },
        ...(at % 2 === 0 ? { user: { S: at > 2 ? 'ann' : 'bob' }, rank: { N: String(10 - at) } } : {}),
      },
    })
  await cloud.client.putItem({ TableName: 'rooms', Item: { room: { S: 'two' }, at: { N: '1' } } })
})
after(() => cloud.close())

const ask = (condition: string, values: Record<string, AttributeValue>, more: Partial<QueryCommandInput> = {}) =>
  cloud.client.query({
    TableName: 'rooms',
    KeyConditionExpression: condition,
    ExpressionAttributeValues: values,
    ...more,
    ...(/#/.test(condition) ? { ExpressionAttributeNames: { '#at': 'at', ...more.ExpressionAttributeNames } } : {}),
  })
const times = (items: Record<string, AttributeValue>[] | undefined) => items?.map(({ at }) => Number(at?.N))
const ONE = { ':r': { S: 'one' } }

test('every condition on a sort key, both ways', async () => {
  const cases: [string, Record<string, AttributeValue>, number[]][] = [
    ['room = :r', {}, [-4.5, -3, -1.5, 0, 1.5, 3, 4.5, 6, 7.5, 9]],
    ['room = :r AND #at = :a', { ':a': { N: '3' } }, [3]],
    ['room = :r AND #at < :a', { ':a': { N: '0' } }, [-4.5, -3, -1.5]],
    ['room = :r AND #at <= :a', { ':a': { N: '0' } }, [-4.5, -3, -1.5, 0]],
    ['room = :r AND #at > :a', { ':a': { N: '6' } }, [7.5, 9]],
    [':a <= #at AND room = :r', { ':a': { N: '6' } }, [6, 7.5, 9]],
    ['(room = :r) AND (#at BETWEEN :a AND :b)', { ':a': { N: '-3' }, ':b': { N: '1.5' } }, [-3, -1.5, 0, 1.5]],
  ]
  for (const [condition, values, expected] of cases) {
    const forward = await ask(condition, { ...ONE, ...values })
    assert.deepEqual(times(forward.Items), expected, condition)
    assert.deepEqual([forward.Count, forward.ScannedCount], [expected.length, expected.length])
    const backward = await ask(condition, { ...ONE, ...values }, { ScanIndexForward: false })
    assert.deepEqual(times(backward.Items), [...expected].reverse(), condition)
  }
})

test('pages go on where they ended, in a table and in its indexes', async () => {
  for (const [more, condition, values] of [
    [{}, 'room = :r', ONE],
    [{ ScanIndexForward: false }, 'room = :r', ONE],
    [{ IndexName: 'byUser' }, '#user = :u', { ':u': { S: 'bob' } }],
    [{ IndexName: 'byUser', ScanIndexForward: false }, '#user = :u', { ':u': { S: 'bob' } }],
    [{ IndexName: 'byRank' }, 'room = :r', ONE],
    [{ IndexName: 'thin' }, '#user = :u', { ':u': { S: 'bob' } }],
  ] as [Partial<QueryCommandInput>, string, Record<string, AttributeValue>][]) {
    const names = condition.startsWith('#') ? { ExpressionAttributeNames: { '#user': 'user' } } : {}
    const query = (extra: Partial<QueryCommandInput>) =>
      cloud.client.query({
        TableName: 'rooms',
        KeyConditionExpression: condition,
        ExpressionAttributeValues: values,
        ...names,
        ...more,
        ...extra,
      })
    const whole = await query({})
    assert.ok((whole.Count ?? 0) >= 3)
    const pieces = []
    let from: Record<string, AttributeValue> | undefined
    do {
      const page = await query({ Limit: 2, ...(from === undefined ? {} : { ExclusiveStartKey: from }) })
      pieces.push(...(page.Items ?? []))
      from = page.LastEvaluatedKey
    } while (from !== undefined)
    assert.deepEqual(pieces, whole.Items)
  }
})

test('indexes hold only items that have their keys, and show what they project', async () => {
  const users = await ask(
    '#user = :u',
    { ':u': { S: 'ann' } },
    { IndexName: 'thin', ExpressionAttributeNames: { '#user': 'user' } },
  ).catch(() => undefined)
  assert.equal(users, undefined, 'names that are not used are refused')
  const named = { ExpressionAttributeNames: { '#user': 'user' }, ExpressionAttributeValues: { ':u': { S: 'ann' } } }
  const thin = await cloud.client.query({
    TableName: 'rooms',
    IndexName: 'thin',
    KeyConditionExpression: '#user = :u',
    ...named,
  })
  assert.deepEqual(
    thin.Items?.map((item) => Object.keys(item).sort()),
    [1, 2].map(() => ['at', 'room', 'text', 'user']),
  )
  const local = await ask('room = :r', ONE, { IndexName: 'byRank' })
  assert.deepEqual(times(local.Items), [9, 6, 3, 0, -3])
  assert.deepEqual(Object.keys(local.Items?.[0] ?? {}).sort(), ['at', 'rank', 'room'])
  const fetched = await ask('room = :r', ONE, { IndexName: 'byRank', Select: 'ALL_ATTRIBUTES' })
  assert.equal(fetched.Items?.[0]?.more?.S, 'more')
  const projected = await ask('room = :r', ONE, { IndexName: 'byRank', ProjectionExpression: 'more', Limit: 1 })
  assert.deepEqual(projected.Items, [{ more: { S: 'more' } }])
})

test('filters, projections, counts and capacity', async () => {
  const filtered = await ask(
    'room = :r',
    { ...ONE, ':t': { S: 'text 2' } },
    { FilterExpression: '#text = :t', ExpressionAttributeNames: { '#text': 'text' } },
  )
  assert.deepEqual([times(filtered.Items), filtered.Count, filtered.ScannedCount], [[3], 1, 10])
  const count = await ask('room = :r', ONE, { Select: 'COUNT', ReturnConsumedCapacity: 'INDEXES' })
  assert.deepEqual([count.Items, count.Count], [undefined, 10])
  assert.deepEqual(count.ConsumedCapacity, { TableName: 'rooms', CapacityUnits: 0.5, Table: { CapacityUnits: 0.5 } })
  const names = await ask('room = :r', ONE, {
    ProjectionExpression: 'more, #rank',
    ExpressionAttributeNames: { '#rank': 'rank' },
    Limit: 2,
    ConsistentRead: true,
  })
  assert.deepEqual(names.Items, [{ more: { S: 'more' } }, { more: { S: 'more' }, rank: { N: '12' } }])
  const old = await cloud.client.query({
    TableName: 'rooms',
    KeyConditions: {
      room: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'one' }] },
      at: { ComparisonOperator: 'GT', AttributeValueList: [{ N: '4' }] },
    },
    QueryFilter: { user: { ComparisonOperator: 'NOT_NULL' } },
    AttributesToGet: ['at'],
  })
  assert.deepEqual(times(old.Items), [6, 9])
})

const QUERY = { TableName: 'rooms', KeyConditionExpression: 'room = :r', ExpressionAttributeValues: ONE }
// Source of the words: dynalite's tests and dynamodb-conformance, both recorded on AWS.
const refused: readonly [operation: string, input: object, words: string][] = [
  ['Query', { ...QUERY, KeyConditionExpression: 'more = :r' }, 'Query condition missed key schema element: room'],
  ['Query', { ...QUERY, KeyConditionExpression: 'room > :r' }, 'Query key condition not supported'],
  [
    'Query',
    { ...QUERY, ExpressionAttributeValues: { ':r': { N: '1' } } },
    'One or more parameter values were invalid: Condition parameter type does not match schema type',
  ],
  [
    'Query',
    { TableName: 'rooms' },
    'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
  ],
  [
    'Query',
    { ...QUERY, Limit: 0 },
    "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ],
  [
    'Query',
    { ...QUERY, Select: 'COUNT', ProjectionExpression: 'more' },
    '1 validation error detected: Cannot specify the ProjectionExpression when choosing to get only the Count',
  ],
  [
    'Query',
    { ...QUERY, KeyConditionExpression: '' },
    'Invalid KeyConditionExpression: The expression can not be empty;',
  ],
  [
    'Query',
    { ...QUERY, Select: 'NO' },
    "1 validation error detected: Value 'NO' at 'select' failed to satisfy constraint: Member must satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]",
  ],
  ['Query', { ...QUERY, IndexName: 'none' }, 'The table does not have the specified index: none'],
  [
    'Query',
    { ...QUERY, IndexName: 'byUser', ConsistentRead: true },
    'Consistent reads are not supported on global secondary indexes',
  ],
  [
    'Query',
    {
      TableName: 'rooms',
      IndexName: 'thin',
      KeyConditionExpression: '#u = :r',
      ExpressionAttributeNames: { '#u': 'user' },
      ExpressionAttributeValues: ONE,
      Select: 'ALL_ATTRIBUTES',
    },
    'One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index thin because its projection type is not ALL',
  ],
  [
    'Query',
    { ...QUERY, FilterExpression: 'room = :r' },
    'Filter Expression can only contain non-primary key attributes: Primary key attribute: room',
  ],
  ['Query', { ...QUERY, ExclusiveStartKey: { room: { S: 'one' } } }, 'The provided starting key is invalid'],
  [
    'Query',
    { ...QUERY, ExclusiveStartKey: { room: { S: 'two' }, at: { N: '1' } } },
    'The provided starting key is outside query boundaries based on provided conditions',
  ],
  [
    'Query',
    {
      ...QUERY,
      KeyConditionExpression: 'room = :r AND #a > :a',
      ExpressionAttributeNames: { '#a': 'at' },
      ExpressionAttributeValues: { ...ONE, ':a': { N: '3' } },
      ExclusiveStartKey: { room: { S: 'one' }, at: { N: '1' } },
    },
    'The provided starting key does not match the range key predicate',
  ],
  [
    'Scan',
    { TableName: 'rooms', Segment: 0 },
    'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
  ],
  [
    'Scan',
    { TableName: 'rooms', TotalSegments: 4 },
    'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
  ],
  [
    'Scan',
    { TableName: 'rooms', Segment: 5, TotalSegments: 5 },
    'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 5 is not less than TotalSegments: 5',
  ],
  [
    'Scan',
    { TableName: 'rooms', Limit: 0 },
    "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ],
  [
    'Scan',
    { TableName: 'rooms', Select: 'COUNT', ProjectionExpression: 'more' },
    'Cannot specify the ProjectionExpression when choosing to get only the Count',
  ],
  [
    'Scan',
    { TableName: 'rooms', ExclusiveStartKey: { room: { S: 'one' } } },
    'The provided starting key is invalid: The provided key element does not match the schema',
  ],
  ['Scan', { TableName: 'none' }, 'Requested resource not found'],
]

test('what queries and scans refuse, in the words of AWS', async () => {
  for (const [operation, input, words] of refused) {
    const { status, message } = await cloud.raw(operation, input)
    assert.deepEqual([status, message], [400, words])
  }
})

const keyConditions: readonly [condition: string, words: string][] = [
  ['room = :r OR room = :r', 'Invalid operator used in KeyConditionExpression: OR'],
  ['room <> :r', 'Invalid operator used in KeyConditionExpression: <>'],
  ['room IN (:r)', 'Invalid operator used in KeyConditionExpression: IN'],
  ['attribute_exists(room) AND room = :r', 'Invalid operator used in KeyConditionExpression: attribute_exists'],
  ['size(room) = :r', 'KeyConditionExpressions cannot contain nested operations'],
  ['room = :r AND room = :r', 'KeyConditionExpressions must only contain one condition per key'],
  ['room.a = :r', 'KeyConditionExpressions cannot have conditions on nested attributes'],
  [
    'room = more AND more = :r',
    'Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition',
  ],
]

test('what a key condition cannot be', async () => {
  for (const [KeyConditionExpression, words] of keyConditions) {
    const { message } = await cloud.raw('Query', { ...QUERY, KeyConditionExpression })
    assert.equal(message, words, KeyConditionExpression)
  }
})

test('segments of a scan hold every item once; a page ends at a megabyte', async () => {
  await cloud.create('large', ['id'])
  const count = 60
  for (let at = 0; at < count; at += 20)
    await cloud.client.batchWriteItem({
      RequestItems: {
        large: Array.from({ length: 20 }, (_, index) => ({
          PutRequest: { Item: { id: { S: `id ${at + index}` }, text: { S: 'x'.repeat(50_000) } } },
        })),
      },
    })
  const seen: string[] = []
  for (let Segment = 0; Segment < 7; Segment++) {
    const { Items } = await cloud.client.scan({
      TableName: 'large',
      Segment,
      TotalSegments: 7,
      ProjectionExpression: 'id',
    })
    seen.push(...(Items ?? []).map(({ id }) => id?.S ?? ''))
  }
  assert.equal(new Set(seen).size, count)
  assert.equal(seen.length, count)
  const first = await cloud.client.scan({ TableName: 'large', ReturnConsumedCapacity: 'TOTAL' })
  assert.equal(first.Count, 20)
  assert.ok(first.LastEvaluatedKey)
  assert.equal(first.ConsumedCapacity?.CapacityUnits, 122.5)
  let total = first.Count ?? 0
  let from: Record<string, AttributeValue> | undefined = first.LastEvaluatedKey
  while (from !== undefined) {
    const page: ScanCommandOutput = await cloud.client.scan({ TableName: 'large', ExclusiveStartKey: from })
    total += page.Count ?? 0
    from = page.LastEvaluatedKey
  }
  assert.equal(total, count)
})

test('strings and binaries are ordered by their bytes, whatever is in them', async () => {
  const random = seeded(7)
  const letters = ['\u0000', '\u0001', '\u0005', '\u0006', 'a', 'Z', '~', '\u007f', 'é', '\uffee', '\u{1f600}', ' ']
  const texts = new Set<string>()
  while (texts.size < 150) {
    let text = ''
    for (let length = random.whole(6); length >= 0; length--) text += letters[random.whole(letters.length)] ?? ''
    texts.add(text)
  }
  await cloud.create('texts', ['hash', 'sort'])
  await cloud.create('bytes', ['hash', 'sort:B'])
  for (const text of texts) {
    await cloud.client.putItem({ TableName: 'texts', Item: { hash: { S: 'h' }, sort: { S: text } } })
    await cloud.client.putItem({ TableName: 'bytes', Item: { hash: { S: 'h' }, sort: { B: Buffer.from(text) } } })
  }
  const order = [...texts].sort((left, right) => Buffer.from(left).compare(Buffer.from(right)))
  const query = (TableName: string, more: string, value?: AttributeValue) =>
    cloud.client.query({
      TableName,
      KeyConditionExpression: `hash = :h ${more}`.trim().replace('hash', '#h'),
      ExpressionAttributeNames: { '#h': 'hash' },
      ExpressionAttributeValues: { ':h': { S: 'h' }, ...(value === undefined ? {} : { ':v': value }) },
    })
  assert.deepEqual(
    (await query('texts', '')).Items?.map(({ sort }) => sort?.S),
    order,
  )
  const bytes = (await query('bytes', '')).Items?.map(({ sort }) => Buffer.from(sort?.B ?? []).toString())
  assert.deepEqual(bytes, order)
  for (const text of order.slice(0, 40)) {
    const begun = order.filter((one) => one.startsWith(text))
    const found = await query('texts', 'AND begins_with(sort, :v)', { S: text })
    assert.deepEqual(
      found.Items?.map(({ sort }) => sort?.S),
      begun,
      JSON.stringify(text),
    )
    const above = await query('texts', 'AND sort > :v', { S: text })
    assert.equal(above.Count, order.length - order.indexOf(text) - 1, JSON.stringify(text))
    const below = await query('bytes', 'AND sort <= :v', { B: Buffer.from(text) })
    assert.equal(below.Count, order.indexOf(text) + 1, JSON.stringify(text))
  }
})

test('after any writes, indexes hold what a plain model says they hold', async () => {
  await cloud.create('model', ['h', 's:N'], {
    AttributeDefinitions: [
      { AttributeName: 'h', AttributeType: 'S' },
      { AttributeName: 's', AttributeType: 'N' },
      { AttributeName: 'g', AttributeType: 'S' },
      { AttributeName: 'r', AttributeType: 'N' },
    ],
    LocalSecondaryIndexes: [
      { IndexName: 'local', KeySchema: [hash('h'), range('r')], Projection: { ProjectionType: 'KEYS_ONLY' } },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'global',
        KeySchema: [hash('g'), range('r')],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['extra'] },
      },
    ],
  })
  const random = seeded(3)
  const model = new Map<string, Record<string, AttributeValue>>()
  const number = (below: number): AttributeValue => ({ N: String(random.whole(below) - 2) })
  const some = (name: string, value: AttributeValue) => (random.whole(3) === 0 ? {} : { [name]: value })
  for (let round = 0; round < 250; round++) {
    const key = { h: { S: random.pick(['a', 'b']) }, s: number(5) }
    const text = JSON.stringify(key)
    const action = random.whole(4)
    if (action === 0) {
      await cloud.client.deleteItem({ TableName: 'model', Key: key })
      model.delete(text)
    } else if (action === 1) {
      await cloud.client.updateItem({
        TableName: 'model',
        Key: key,
        UpdateExpression: 'SET extra = :e REMOVE g',
        ExpressionAttributeValues: { ':e': number(9) },
      })
      const { Item = {} } = await cloud.client.getItem({ TableName: 'model', Key: key })
      assert.equal(Item.g, undefined)
      model.set(text, Item)
    } else {
      const item = {
        ...key,
        ...some('g', { S: random.pick(['x', 'y']) }),
        ...some('r', number(4)),
        ...some('extra', number(9)),
        ...some('other', { S: 'other' }),
      }
      await cloud.client.putItem({ TableName: 'model', Item: item })
      model.set(text, item)
    }
  }
  const sorted = (items: readonly Record<string, AttributeValue>[]) =>
    items.map((item) => JSON.stringify(Object.entries(item).sort())).sort()
  const only = (names: readonly string[], needed: readonly string[]) =>
    [...model.values()]
      .filter((item) => needed.every((name) => item[name] !== undefined))
      .map((item) => Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name))))
  const scan = async (IndexName?: string) =>
    sorted(
      (await cloud.client.scan({ TableName: 'model', ...(IndexName === undefined ? {} : { IndexName }) })).Items ?? [],
    )
  assert.deepEqual(await scan(), sorted([...model.values()]))
  assert.deepEqual(await scan('local'), sorted(only(['h', 's', 'r'], ['r'])))
  assert.deepEqual(await scan('global'), sorted(only(['h', 's', 'g', 'r', 'extra'], ['g', 'r'])))
  const { Items = [] } = await cloud.client.query({
    TableName: 'model',
    IndexName: 'global',
    KeyConditionExpression: 'g = :g AND r BETWEEN :a AND :b',
    ExpressionAttributeValues: { ':g': { S: 'x' }, ':a': { N: '-1' }, ':b': { N: '1' } },
  })
  const expected = [...model.values()].filter(
    ({ g, r }) => g?.S === 'x' && r !== undefined && Math.abs(Number(r.N)) <= 1,
  )
  assert.equal(Items.length, expected.length)
  const order = Items.map(({ r }) => Number(r?.N))
  assert.deepEqual(
    order,
    [...order].sort((left, right) => left - right),
  )
})
