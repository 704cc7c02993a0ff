// Checks of DynamoDB: items, expressions and queries.
import assert from 'node:assert/strict'
import * as sdk from '@aws-sdk/client-dynamodb'
import { type It, type Run, type Runs, refused } from './check.ts'

type Item = Record<string, sdk.AttributeValue>
type Update = Omit<sdk.UpdateItemCommandInput, 'TableName' | 'Key'>

export const put = (it: It, TableName: string, Item: Item, more: Partial<sdk.PutItemCommandInput> = {}) =>
  it.dynamodb.send(new sdk.PutItemCommand({ TableName, Item, ...more }))
export const get = async (it: It, TableName: string, Key: Item): Promise<Item | undefined> =>
  (await it.dynamodb.send(new sdk.GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item
export const A: Item = { pk: { S: 'a' } }
const update = (it: It, TableName: string, input: Update) =>
  it.dynamodb.send(new sdk.UpdateItemCommand({ TableName, Key: A, ...input }))
const query = (it: It, TableName: string, more: Partial<sdk.QueryCommandInput> = {}) => {
  const input = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'a' } } }
  return it.dynamodb.send(new sdk.QueryCommand({ TableName, ...input, ...more }))
}

/** Expects a ValidationException that says why. */
async function invalid(promise: Promise<unknown>, words: RegExp): Promise<void> {
  await refused(promise, 'ValidationException', 400)
  await assert.rejects(promise, words)
}

const oldOnFailure: Run = async (it) => {
  const table = await it.table()
  await put(it, table, { ...A, n: { N: '1' } })
  const more = { ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }
  const error = await put(it, table, A, more as Partial<sdk.PutItemCommandInput>).catch((thrown: unknown) => thrown)
  assert.ok(error instanceof sdk.ConditionalCheckFailedException, String(error))
  assert.deepEqual(error.Item, { ...A, n: { N: '1' } })
}

const overlap: Run = async (it) => {
  const values = { ':x': { S: 'x' }, ':m': { M: {} } }
  const input = { UpdateExpression: 'SET a = :m, a.b = :x', ExpressionAttributeValues: values }
  await invalid(update(it, await it.table(), input), /Two document paths overlap with each other/)
}

const unused: Run = async (it) => {
  const ExpressionAttributeValues = { ':x': { S: 'x' }, ':u': { S: 'u' } }
  const asked = update(it, await it.table(), { UpdateExpression: 'SET a = :x', ExpressionAttributeValues })
  await invalid(asked, /unused in expressions: keys: \{:u\}/)
}

const reserved: Run = async (it) => {
  const ExpressionAttributeValues = { ':x': { S: 'x' } }
  const asked = update(it, await it.table(), { UpdateExpression: 'SET name = :x', ExpressionAttributeValues })
  await invalid(asked, /reserved keyword: name/)
}

const keyUpdate: Run = async (it) => {
  const ExpressionAttributeValues = { ':x': { S: 'x' } }
  const asked = update(it, await it.table(), { UpdateExpression: 'SET pk = :x', ExpressionAttributeValues })
  await invalid(asked, /Cannot update attribute pk\. This attribute is part of the key/)
}

const updated: Run = async (it) => {
  const table = await it.table()
  await put(it, table, { ...A, list: { L: [{ N: '1' }] }, other: { S: 'o' } })
  const { Attributes } = await update(it, table, {
    UpdateExpression: 'SET #l = list_append(#l, :l), n = if_not_exists(n, :n) + :n',
    ExpressionAttributeNames: { '#l': 'list' },
    ExpressionAttributeValues: { ':l': { L: [{ N: '2' }] }, ':n': { N: '5' } },
    ReturnValues: 'UPDATED_NEW',
  })
  assert.deepEqual(Attributes, { list: { L: [{ N: '1' }, { N: '2' }] }, n: { N: '10' } })
}

const pages: Run = async (it) => {
  const table = await it.table('N')
  const big = { S: 'x'.repeat(300_000) }
  for (const N of ['3', '1', '2', '5', '4']) await put(it, table, { ...A, sk: { N }, big })
  const first = await query(it, table)
  assert.ok(first.LastEvaluatedKey !== undefined && (first.Count ?? 0) < 5, `one page has ${first.Count} items`)
  const second = await query(it, table, { ExclusiveStartKey: first.LastEvaluatedKey })
  const seen = [...(first.Items ?? []), ...(second.Items ?? [])].map(({ sk }) => sk?.N)
  assert.deepEqual(seen, ['1', '2', '3', '4', '5'])
  assert.equal(second.LastEvaluatedKey, undefined)
}

const tooLarge: Run = async (it) => {
  const table = await it.table()
  await put(it, table, { ...A, big: { S: 'x'.repeat(400 * 1024 - 6) } })
  const over = put(it, table, { ...A, big: { S: 'x'.repeat(400 * 1024 - 5) } })
  await invalid(over, /Item size has exceeded the maximum allowed size/)
}

const sort: Run = async (it) => {
  const table = await it.table('N')
  for (const N of ['10', '9', '-1.5', '2', '-20', '1e2']) await put(it, table, { ...A, sk: { N } })
  const down = await query(it, table, { ScanIndexForward: false, Limit: 4 })
  assert.deepEqual(
    down.Items?.map(({ sk }) => sk?.N),
    ['100', '10', '9', '2'],
  )
}

const emptyKey: Run = async (it) => {
  const asked = put(it, await it.table(), { pk: { S: '' } })
  await invalid(asked, /The AttributeValue for a key attribute cannot contain an empty string value\. Key: pk/)
}

const numbers: Run = async (it) => {
  const table = await it.table()
  const exact = '12345678901234567890123456789012345678'
  await put(it, table, { ...A, n: { N: `${exact}.0` }, small: { N: '1E-130' } })
  assert.equal((await get(it, table, A))?.n?.N, exact)
  await invalid(put(it, table, { ...A, n: { N: `${exact}9` } }), /more than 38 significant digits/)
  await invalid(put(it, table, { ...A, n: { N: '1E126' } }), /Number overflow/)
}

const count: Run = async (it) => {
  const table = await it.table('N')
  for (const N of ['1', '2', '3', '4']) await put(it, table, { ...A, sk: { N }, v: { N } })
  const asked = { FilterExpression: 'v > :v', Select: 'COUNT' as const }
  const ExpressionAttributeValues = { ':p': { S: 'a' }, ':v': { N: '3' } }
  const { Count, ScannedCount, Items } = await query(it, table, { ...asked, ExpressionAttributeValues })
  assert.deepEqual([Count, ScannedCount, Items], [1, 4, undefined])
}

const segments: Run = async (it) => {
  const TableName = await it.table()
  const ids = Array.from({ length: 25 }, (_, at) => `item-${at}`)
  const requests = ids.map((S) => ({ PutRequest: { Item: { pk: { S } } } }))
  await it.dynamodb.send(new sdk.BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }))
  const scan = (Segment: number) =>
    it.dynamodb.send(new sdk.ScanCommand({ TableName, Segment, TotalSegments: 4, ConsistentRead: true }))
  const parts = await Promise.all([0, 1, 2, 3].map(scan))
  assert.deepEqual(parts.flatMap(({ Items = [] }) => Items.map(({ pk }) => pk?.S)).sort(), ids.sort())
}

export const dynamodb: Runs = {
  'dynamodb-old': oldOnFailure,
  'dynamodb-overlap': overlap,
  'dynamodb-unused': unused,
  'dynamodb-reserved': reserved,
  'dynamodb-key-update': keyUpdate,
  'dynamodb-updated': updated,
  'dynamodb-pages': pages,
  'dynamodb-too-large': tooLarge,
  'dynamodb-sort': sort,
  'dynamodb-empty-key': emptyKey,
  'dynamodb-numbers': numbers,
  'dynamodb-count': count,
  'dynamodb-segments': segments,
}
