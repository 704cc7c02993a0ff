// Checks of DynamoDB: batches, transactions, indexes, statements, streams and what a table is set to.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import * as sdk from '@aws-sdk/client-dynamodb'
import * as streams from '@aws-sdk/client-dynamodb-streams'
import { type It, type Run, type Runs, refused } from './check.ts'
import { A, get, put } from './dynamodb.ts'

const B = { pk: { S: 'b' } }
const requests = (ids: readonly string[]) => ids.map((S) => ({ PutRequest: { Item: { pk: { S } } } }))
const batch = async (it: It, ids: readonly string[]) =>
  it.dynamodb.send(new sdk.BatchWriteItemCommand({ RequestItems: { [await it.table()]: requests(ids) } }))

const batchMany: Run = async (it) => {
  await refused(
    batch(
      it,
      Array.from({ length: 26 }, (_, at) => `${at}`),
    ),
    'ValidationException',
    400,
  )
}

const batchTwice: Run = async (it) => {
  const asked = batch(it, ['a', 'a'])
  await refused(asked, 'ValidationException', 400)
  await assert.rejects(asked, /Provided list of item keys contains duplicates/)
}

const transaction: Run = async (it) => {
  const TableName = await it.table()
  await put(it, TableName, { ...A, n: { N: '1' } })
  const TransactItems = [
    { Put: { TableName, Item: B } },
    { Put: { TableName, Item: A, ConditionExpression: 'attribute_not_exists(pk)' } },
  ]
  const asked = it.dynamodb.send(new sdk.TransactWriteItemsCommand({ TransactItems }))
  const error = await asked.catch((thrown: unknown) => thrown)
  assert.ok(error instanceof sdk.TransactionCanceledException, String(error))
  assert.deepEqual(
    error.CancellationReasons?.map(({ Code }) => Code),
    ['None', 'ConditionalCheckFailed'],
  )
  assert.equal(await get(it, TableName, B), undefined)
}

const token: Run = async (it) => {
  const TableName = await it.table()
  const add = (N: string) => {
    const set = { UpdateExpression: 'ADD n :n', ExpressionAttributeValues: { ':n': { N } } }
    const TransactItems = [{ Update: { TableName, Key: A, ...set } }]
    const ClientRequestToken = `token-${TableName}`.slice(0, 36)
    return it.dynamodb.send(new sdk.TransactWriteItemsCommand({ TransactItems, ClientRequestToken }))
  }
  await add('1')
  await add('1')
  assert.equal((await get(it, TableName, A))?.n?.N, '1')
  await refused(add('2'), 'IdempotentParameterMismatch')
}

const transactGet: Run = async (it) => {
  const TableName = await it.table()
  await put(it, TableName, A)
  const TransactItems = [A, B].map((Key) => ({ Get: { TableName, Key } }))
  const { Responses } = await it.dynamodb.send(new sdk.TransactGetItemsCommand({ TransactItems }))
  assert.deepEqual(Responses, [{ Item: A }, {}])
}

const lateIndex: Run = async (it) => {
  const TableName = await it.table()
  await put(it, TableName, { ...A, email: { S: 'e' }, secret: { S: 's' } })
  const KeySchema = [{ AttributeName: 'email', KeyType: 'HASH' as const }]
  const Create = { IndexName: 'mail', KeySchema, Projection: { ProjectionType: 'KEYS_ONLY' as const } }
  const AttributeDefinitions = ['pk', 'email'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const }))
  const change = { TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates: [{ Create }] }
  await it.dynamodb.send(new sdk.UpdateTableCommand(change))
  for (let tries = 0; tries < 50; tries++) {
    const { Table } = await it.dynamodb.send(new sdk.DescribeTableCommand({ TableName }))
    if (Table?.GlobalSecondaryIndexes?.[0]?.IndexStatus === 'ACTIVE') break
    await sleep(100)
  }
  const asked = { KeyConditionExpression: 'email = :e', ExpressionAttributeValues: { ':e': { S: 'e' } } }
  const { Items } = await it.dynamodb.send(new sdk.QueryCommand({ TableName, IndexName: 'mail', ...asked }))
  assert.deepEqual(Items, [{ ...A, email: { S: 'e' } }])
}

const state = (it: It, Statement: string, ...Parameters: sdk.AttributeValue[]) =>
  it.dynamodb.send(
    new sdk.ExecuteStatementCommand({ Statement, ...(Parameters.length > 0 && { Parameters }), ConsistentRead: true }),
  )

const partiql: Run = async (it) => {
  const table = await it.table()
  await put(it, table, { ...A, n: { N: '1' } })
  await put(it, table, { ...B, n: { N: '2' } })
  const { Items } = await state(it, `SELECT n FROM "${table}" WHERE pk = ? AND n > ?`, { S: 'b' }, { N: '1' })
  assert.deepEqual(Items, [{ n: { N: '2' } }])
}

const partiqlWrite: Run = async (it) => {
  const table = await it.table()
  const insert = () => state(it, `INSERT INTO "${table}" VALUE {'pk': 'a', 'n': 1}`)
  await insert()
  await refused(insert(), 'DuplicateItem')
  await state(it, `UPDATE "${table}" SET n = n + 4 WHERE pk = 'a'`)
  assert.deepEqual(await get(it, table, A), { ...A, n: { N: '5' } })
  await state(it, `DELETE FROM "${table}" WHERE pk = 'a'`)
  assert.equal(await get(it, table, A), undefined)
}

const stream: Run = async (it) => {
  const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' as const }
  const TableName = await it.table(undefined, { StreamSpecification })
  const item = { ...A, n: { N: '1' } }
  await put(it, TableName, A)
  await put(it, TableName, item)
  await put(it, TableName, item)
  await it.dynamodb.send(new sdk.DeleteItemCommand({ TableName, Key: A }))
  const { Table } = await it.dynamodb.send(new sdk.DescribeTableCommand({ TableName }))
  const StreamArn = Table?.LatestStreamArn
  const { StreamDescription } = await it.streams.send(new streams.DescribeStreamCommand({ StreamArn }))
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId
  const begin = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const }
  const { ShardIterator } = await it.streams.send(new streams.GetShardIteratorCommand(begin))
  const { Records = [] } = await it.streams.send(new streams.GetRecordsCommand({ ShardIterator }))
  assert.deepEqual(
    Records.map((one) => [one.eventName, one.dynamodb?.OldImage, one.dynamodb?.NewImage]),
    [
      ['INSERT', undefined, A],
      ['MODIFY', A, item],
      ['REMOVE', item, undefined],
    ],
  )
}

const ttl: Run = async (it) => {
  const TableName = await it.table()
  const TimeToLiveSpecification = { AttributeName: 'gone', Enabled: true }
  const enable = () => it.dynamodb.send(new sdk.UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }))
  await enable()
  const told = await it.dynamodb.send(new sdk.DescribeTimeToLiveCommand({ TableName }))
  assert.equal(told.TimeToLiveDescription?.AttributeName, 'gone')
  assert.match(told.TimeToLiveDescription?.TimeToLiveStatus ?? '', /^ENABL(ED|ING)$/)
  await refused(enable(), 'ValidationException', 400)
}

const tags: Run = async (it) => {
  const Tags = [{ Key: 'team', Value: 'blue' }]
  const TableName = await it.table(undefined, { Tags })
  const { Table } = await it.dynamodb.send(new sdk.DescribeTableCommand({ TableName }))
  const asked = new sdk.ListTagsOfResourceCommand({ ResourceArn: Table?.TableArn })
  assert.deepEqual((await it.dynamodb.send(asked)).Tags, Tags)
}

export const tables: Runs = {
  'dynamodb-batch-many': batchMany,
  'dynamodb-batch-twice': batchTwice,
  'dynamodb-transaction': transaction,
  'dynamodb-token': token,
  'dynamodb-transact-get': transactGet,
  'dynamodb-late-index': lateIndex,
  'dynamodb-partiql': partiql,
  'dynamodb-partiql-write': partiqlWrite,
  'dynamodb-stream': stream,
  'dynamodb-ttl': ttl,
  'dynamodb-tags': tags,
}
