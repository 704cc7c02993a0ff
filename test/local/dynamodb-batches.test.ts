// Batches of reads and writes: what they answer, where they end, what they refuse.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type OpenedDynamoDb, openTables } from '../support/dynamodb.ts'

let cloud: OpenedDynamoDb
before(async () => {
  cloud = await openTables()
  await cloud.create('one', ['id'])
  await cloud.create('two', ['room', 'at:N'])
})
after(() => cloud.close())

const keys = (count: number, prefix = 'k') =>
  Array.from({ length: count }, (_, index) => ({ id: { S: `${prefix}${index}` } }))

test('writes and reads over several tables', async () => {
  await cloud.client.putItem({ TableName: 'two', Item: { room: { S: 'a' }, at: { N: '1' } } })
  const written = await cloud.client.batchWriteItem({
    RequestItems: {
      one: keys(20).map((key) => ({ PutRequest: { Item: { ...key, text: { S: 'text' } } } })),
      two: [
        { DeleteRequest: { Key: { room: { S: 'a' }, at: { N: '1' } } } },
        { PutRequest: { Item: { room: { S: 'a' }, at: { N: '2' } } } },
      ],
    },
    ReturnConsumedCapacity: 'TOTAL',
  })
  assert.deepEqual(written.UnprocessedItems, {})
  assert.deepEqual(written.ConsumedCapacity, [
    { TableName: 'one', CapacityUnits: 20 },
    { TableName: 'two', CapacityUnits: 2 },
  ])
  const read = await cloud.client.batchGetItem({
    RequestItems: {
      one: {
        Keys: [...keys(3), { id: { S: 'none' } }],
        ProjectionExpression: '#t',
        ExpressionAttributeNames: { '#t': 'text' },
      },
      two: {
        Keys: [
          { room: { S: 'a' }, at: { N: '1' } },
          { room: { S: 'a' }, at: { N: '2.0' } },
        ],
        ConsistentRead: true,
      },
    },
    ReturnConsumedCapacity: 'TOTAL',
  })
  assert.deepEqual(read.Responses, {
    one: [1, 2, 3].map(() => ({ text: { S: 'text' } })),
    two: [{ room: { S: 'a' }, at: { N: '2' } }],
  })
  assert.deepEqual(read.UnprocessedKeys, {})
  assert.deepEqual(read.ConsumedCapacity, [
    { TableName: 'one', CapacityUnits: 2 },
    { TableName: 'two', CapacityUnits: 2 },
  ])
})

test('what is beyond 16 MB comes back as keys to ask for again', async () => {
  const text = { S: 'x'.repeat(390_000) }
  for (let at = 0; at < 50; at += 10)
    await cloud.client.batchWriteItem({
      RequestItems: {
        one: keys(50, 'large')
          .slice(at, at + 10)
          .map((key) => ({ PutRequest: { Item: { ...key, text } } })),
      },
    })
  const first = await cloud.client.batchGetItem({ RequestItems: { one: { Keys: keys(50, 'large') } } })
  assert.equal(first.Responses?.one?.length, 43)
  assert.equal(first.UnprocessedKeys?.one?.Keys?.length, 7)
  const rest = await cloud.client.batchGetItem({ RequestItems: first.UnprocessedKeys })
  assert.equal(rest.Responses?.one?.length, 7)
})

const put = (id: object) => ({ PutRequest: { Item: { id } } })
// Source of the words: dynalite's tests and dynamodb-conformance, both recorded on AWS.
const refused: readonly [operation: string, requests: unknown, words: string | RegExp][] = [
  ['BatchWriteItem', {}, 'The requestItems parameter is required for BatchWriteItem'],
  ['BatchGetItem', {}, 'The requestItems parameter is required for BatchGetItem'],
  [
    'BatchWriteItem',
    { one: keys(26).map(({ id }) => put(id)) },
    /^1 validation error detected: Value '\{one=\[.+\]\}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: \[Member must have length less than or equal to 25, Member must have length greater than or equal to 1\]$/,
  ],
  [
    'BatchGetItem',
    { one: { Keys: keys(101) } },
    "1 validation error detected: Value at 'RequestItems.one.member.Keys' failed to satisfy constraint: Member must have length less than or equal to 100",
  ],
  [
    'BatchGetItem',
    { one: { Keys: keys(60) }, one2: { Keys: keys(60) } },
    'Too many items requested for the BatchGetItem call',
  ],
  ['BatchGetItem', { one: { Keys: [...keys(2), ...keys(1)] } }, 'Provided list of item keys contains duplicates'],
  [
    'BatchWriteItem',
    { one: [put({ S: 'a' }), { DeleteRequest: { Key: { id: { S: 'a' } } } }] },
    'Provided list of item keys contains duplicates',
  ],
  ['BatchWriteItem', { one: [put({ N: '1' })] }, 'The provided key element does not match the schema'],
  [
    'BatchWriteItem',
    { one: [put({ S: '' })] },
    'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id',
  ],
  [
    'BatchWriteItem',
    { one: [{}] },
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
  ],
  ['BatchWriteItem', { none: [put({ S: 'a' })] }, 'Requested resource not found'],
  [
    'BatchGetItem',
    { one: { Keys: keys(1), AttributesToGet: [] } },
    /at 'RequestItems\.one\.member\.AttributesToGet' failed/,
  ],
  ['BatchGetItem', { none: { Keys: keys(1) } }, 'Requested resource not found'],
  ['BatchGetItem', { one: { Keys: [{ no: { S: 'a' } }] } }, 'The provided key element does not match the schema'],
]

test('what is refused, in the words of AWS', async () => {
  for (const [operation, RequestItems, words] of refused) {
    const { status, message } = await cloud.raw(operation, { RequestItems })
    assert.equal(status, 400)
    if (typeof words === 'string') assert.equal(message, words)
    else assert.match(message, words)
  }
})
