// Transactions: all or nothing, their reasons, their tokens; and against a plain model.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import type { TransactionCanceledException, TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { type OpenedDynamoDb, openTables } from '../support/dynamodb.ts'
import { seeded } from '../support/random.ts'

let cloud: OpenedDynamoDb
beforeEach(async () => {
  cloud = await openTables()
  await cloud.create('one', ['id'])
  await cloud.create('two', ['id'], {
    AttributeDefinitions: ['id', 'by'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byUser',
        KeySchema: [{ AttributeName: 'by', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  })
})
afterEach(() => cloud.close())

const write = (...TransactItems: TransactWriteItem[]) => cloud.client.transactWriteItems({ TransactItems })
const key = (id: string) => ({ id: { S: id } })
const get = async (id: string, TableName = 'one') => (await cloud.client.getItem({ TableName, Key: key(id) })).Item
const put = (id: string, n = 0, TableName = 'one'): TransactWriteItem => ({
  Put: { TableName, Item: { ...key(id), n: { N: String(n) } } },
})

async function reasonsOf(work: Promise<unknown>) {
  try {
    await work
  } catch (error) {
    assert.equal((error as Error).name, 'TransactionCanceledException')
    const { message, CancellationReasons = [] } = error as TransactionCanceledException
    const codes = CancellationReasons.map(({ Code }) => Code).join(', ')
    const words = 'Transaction cancelled, please refer cancellation reasons for specific reasons'
    assert.equal(message, `${words} [${codes}]`)
    return CancellationReasons
  }
  return assert.fail('It is not cancelled.')
}

test('puts, updates, deletes and checks of two tables come to be together', async () => {
  await write(put('a', 1), put('b', 2), put('a', 3, 'two'))
  await write(
    {
      Delete: {
        TableName: 'one',
        Key: key('a'),
        ConditionExpression: 'n = :n',
        ExpressionAttributeValues: { ':n': { N: '1' } },
      },
    },
    {
      Update: {
        TableName: 'two',
        Key: key('a'),
        UpdateExpression: 'ADD n :n',
        ExpressionAttributeValues: { ':n': { N: '4' } },
      },
    },
    { ConditionCheck: { TableName: 'one', Key: key('b'), ConditionExpression: 'attribute_exists(id)' } },
    put('c', 5),
  )
  assert.deepEqual(
    [await get('a'), (await get('a', 'two'))?.n, (await get('b'))?.n, (await get('c'))?.n],
    [undefined, { N: '7' }, { N: '2' }, { N: '5' }],
  )
})

test('one that fails takes all with it, and each says why', async () => {
  await write(put('a', 1), put('b', 2))
  const reasons = await reasonsOf(
    write(
      put('new'),
      {
        Put: {
          TableName: 'one',
          Item: key('a'),
          ConditionExpression: 'attribute_not_exists(id)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      { ConditionCheck: { TableName: 'one', Key: key('b'), ConditionExpression: 'attribute_not_exists(id)' } },
      { Put: { TableName: 'two', Item: { ...key('x'), by: { N: '5' } } } },
    ),
  )
  assert.deepEqual(reasons, [
    { Code: 'None' },
    {
      Code: 'ConditionalCheckFailed',
      Message: 'The conditional request failed',
      Item: { id: { S: 'a' }, n: { N: '1' } },
    },
    { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
    {
      Code: 'ValidationError',
      Message:
        'One or more parameter values were invalid: Type mismatch for Index Key by Expected: S Actual: N IndexName: byUser',
    },
  ])
  assert.equal(await get('new'), undefined)
  const [key1] = await reasonsOf(write({ Put: { TableName: 'one', Item: { id: { N: '5' } } } }))
  assert.equal(
    key1?.Message,
    'One or more parameter values were invalid: Type mismatch for key id expected: S actual: N',
  )
  const [key2] = await reasonsOf(write({ Delete: { TableName: 'one', Key: { id: { N: '5' } } } }))
  assert.equal(key2?.Message, 'The provided key element does not match the schema')
})

test('what refuses the whole request, in the words of AWS', async () => {
  const cases: readonly [items: unknown, words: string][] = [
    [
      [],
      "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [[put('a'), put('a')], 'Transaction request cannot include multiple operations on one item'],
    [[put('a', 1, 'none')], 'Requested resource not found'],
    [
      [{ Put: { TableName: 'one', Item: { id: { S: '' } } } }],
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id',
    ],
    [
      [{ Put: { TableName: 'two', Item: { ...key('a'), by: { S: '' } } } }],
      'One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: byUser, IndexKey: by',
    ],
    [
      [{ ...put('a'), Delete: { TableName: 'one', Key: key('a') } }],
      'TransactItems can only contain one of Check, Put, Update or Delete',
    ],
  ]
  for (const [TransactItems, words] of cases) {
    const { status, message } = await cloud.raw('TransactWriteItems', { TransactItems })
    assert.deepEqual([status, message], [400, words])
  }
  const many = await cloud.raw('TransactWriteItems', {
    TransactItems: Array.from({ length: 101 }, (_, index) => put(String(index))),
  })
  assert.match(
    many.message,
    /^1 validation error detected: Value '\[.+\]' at 'transactItems' .+ less than or equal to 100$/,
  )
})

test('a token writes once in ten minutes, after a restart, too; another request with it is refused', async () => {
  const add = (n: string, ClientRequestToken = 'token') =>
    cloud.client.transactWriteItems({
      ClientRequestToken,
      ReturnConsumedCapacity: 'TOTAL',
      TransactItems: [
        {
          Update: {
            TableName: 'one',
            Key: key('a'),
            UpdateExpression: 'ADD n :n',
            ExpressionAttributeValues: { ':n': { N: n } },
          },
        },
      ],
    })
  const first = await add('1')
  const again = await add('1')
  assert.deepEqual(first.ConsumedCapacity, [{ TableName: 'one', CapacityUnits: 2, WriteCapacityUnits: 2 }])
  assert.deepEqual(again.ConsumedCapacity, [{ TableName: 'one', CapacityUnits: 2, ReadCapacityUnits: 2 }])
  assert.deepEqual((await get('a'))?.n, { N: '1' })
  await assert.rejects(add('2'), { name: 'IdempotentParameterMismatchException' })
  cloud = await cloud.reopen(9 * 60_000)
  await add('1')
  assert.deepEqual((await get('a'))?.n, { N: '1' })
  await add('1', 'other')
  await cloud.clock.advance(60_000)
  await add('1')
  assert.deepEqual((await get('a'))?.n, { N: '3' })
})

test('a token whose transaction was cancelled is not used up', async () => {
  const input = {
    ClientRequestToken: 'token',
    TransactItems: [{ Put: { TableName: 'one', Item: key('a'), ConditionExpression: 'attribute_not_exists(id)' } }],
  }
  await write(put('a'))
  await reasonsOf(cloud.client.transactWriteItems(input))
  await cloud.client.deleteItem({ TableName: 'one', Key: key('a') })
  await cloud.client.transactWriteItems(input)
  assert.deepEqual(await get('a'), key('a'))
})

test('reads are of one moment, in their order; capacity is double', async () => {
  await write(put('a', 1), put('b', 2, 'two'))
  const read = await cloud.client.transactGetItems({
    TransactItems: [
      { Get: { TableName: 'two', Key: key('b'), ProjectionExpression: 'n' } },
      { Get: { TableName: 'one', Key: key('none') } },
      { Get: { TableName: 'one', Key: key('a') } },
    ],
    ReturnConsumedCapacity: 'TOTAL',
  })
  assert.deepEqual(read.Responses, [{ Item: { n: { N: '2' } } }, {}, { Item: { ...key('a'), n: { N: '1' } } }])
  assert.deepEqual(read.ConsumedCapacity, [
    { TableName: 'two', CapacityUnits: 2, ReadCapacityUnits: 2 },
    { TableName: 'one', CapacityUnits: 4, ReadCapacityUnits: 4 },
  ])
  const reasons = await reasonsOf(
    cloud.client.transactGetItems({
      TransactItems: [
        { Get: { TableName: 'one', Key: key('a') } },
        { Get: { TableName: 'one', Key: { id: { N: '1' } } } },
      ],
    }),
  )
  assert.deepEqual(
    reasons.map(({ Code }) => Code),
    ['None', 'ValidationError'],
  )
})

test('generated transactions leave what a plain model leaves', async () => {
  const random = seeded(5)
  const model = new Map<string, number>()
  let refused = 0
  for (let round = 0; round < 150; round++) {
    const ids = [...new Set(Array.from({ length: 1 + random.whole(4) }, () => `k${random.whole(6)}`))]
    const after = new Map(model)
    let isMet = true
    const items = ids.map((id) => {
      const condition = random.pick([undefined, 'attribute_exists(id)', 'attribute_not_exists(id)'])
      if (condition !== undefined && (condition === 'attribute_exists(id)') !== model.has(id)) isMet = false
      return change(id, random.whole(5), condition, after)
    })
    if (isMet) {
      await write(...items)
      model.clear()
      for (const [id, n] of after) model.set(id, n)
    } else {
      await reasonsOf(write(...items))
      refused++
    }
    const { Items = [] } = await cloud.client.scan({ TableName: 'one' })
    const found = Items.map(({ id, n }): [string, number] => [id?.S ?? '', Number(n?.N)])
    assert.deepEqual(found.sort(), [...model].sort())
  }
  assert.ok(refused > 30 && refused < 120, String(refused))
})

function change(id: string, n: number, condition: string | undefined, after: Map<string, number>): TransactWriteItem {
  const asked = condition === undefined ? {} : { ConditionExpression: condition }
  if (n === 0) {
    after.delete(id)
    return { Delete: { TableName: 'one', Key: key(id), ...asked } }
  }
  after.set(id, n)
  return { Put: { TableName: 'one', Item: { ...key(id), n: { N: String(n) } }, ...asked } }
}
