// Requests that are refused for what they are, whatever the table holds.
import type { Call } from '../plan.ts'
import type { Input } from '../steps.ts'
import type { Schema, Value } from './values.ts'

const DEEP = (depth: number): Value => (depth === 0 ? { S: 'x' } : { L: [DEEP(depth - 1)] })

/** The faults that a table of this schema can be asked for. */
export function faults(TableName: string, { key }: Schema): [Call, ...Call[]] {
  const values = { S: { S: 'p' }, N: { N: '1' }, B: { B: 'AQ==' } }
  const good = {
    [key.hash[0]]: values[key.hash[1]],
    ...(key.sort === undefined ? {} : { [key.sort[0]]: values[key.sort[1]] }),
  }
  const put = (more: Input): Call => ({ step: 'PutItem', input: { TableName, Item: good, ...more } })
  const get = (more: Input): Call => ({ step: 'GetItem', input: { TableName, Key: good, ...more } })
  const update = (more: Input): Call => ({ step: 'UpdateItem', input: { TableName, Key: good, ...more } })
  const query = (more: Input): Call => ({ step: 'Query', input: { TableName, ...more } })
  const scan = (more: Input): Call => ({ step: 'Scan', input: { TableName, ...more } })
  const of = (step: string, input: Input): Call => ({ step, input })
  const whole = Object.keys(good).map((name) => `${name} = ?`)
  const select = {
    Statement: `SELECT * FROM "${TableName}" WHERE ${whole.join(' AND ')}`,
    Parameters: Object.values(good),
  }
  return [
    put({ TableName: 'no-such-table' }),
    put({ TableName: 'x' }),
    put({ TableName: 'bad name' }),
    put({ Item: { ...good, deep: DEEP(33) } }),
    put({ Item: { ...good, big: { S: 'x'.repeat(400 * 1024) } } }),
    put({ ReturnValues: 'WRONG' }),
    put({ ReturnConsumedCapacity: 'WRONG' }),
    put({ ConditionExpression: 'a = b', Expected: { a: { Exists: false } } }),
    put({ ExpressionAttributeNames: { '#a': 'a' } }),
    put({ ExpressionAttributeValues: { ':a': { S: 'a' } } }),
    put({ ConditionExpression: 'a = :a', ExpressionAttributeValues: {} }),
    put({ ConditionExpression: 'a = :a', ExpressionAttributeValues: { ':a': { N: 'x' } } }),
    put({ ConditionExpression: 'a = :a', ExpressionAttributeValues: { a: { N: '1' } } }),
    put({ ConditionExpression: '#a = :a', ExpressionAttributeNames: { a: 'a' } }),
    put({ Expected: { a: { Exists: true } } }),
    put({ Expected: { a: { Value: { S: 'a' }, ComparisonOperator: 'EQ' } } }),
    get({ TableName: 'no-such-table' }),
    get({ ProjectionExpression: 'a', AttributesToGet: ['a'] }),
    get({ ProjectionExpression: '' }),
    get({ ProjectionExpression: 'a,' }),
    get({ ProjectionExpression: 'abort' }),
    get({ ProjectionExpression: '#a', ExpressionAttributeNames: { '#b': 'b' } }),
    get({ Key: null }),
    update({ UpdateExpression: 'SET pk = :v', ExpressionAttributeValues: { ':v': { S: 'x' } } }),
    update({ UpdateExpression: 'SET a = :v, a = :v', ExpressionAttributeValues: { ':v': { S: 'x' } } }),
    update({ UpdateExpression: 'SET a.b = :v, a = :v', ExpressionAttributeValues: { ':v': { S: 'x' } } }),
    update({ UpdateExpression: 'SET a.b = :v, a[0] = :v', ExpressionAttributeValues: { ':v': { S: 'x' } } }),
    update({ UpdateExpression: 'SET a = :v SET b = :v', ExpressionAttributeValues: { ':v': { S: 'x' } } }),
    update({ UpdateExpression: 'SET a = b + :v', ExpressionAttributeValues: { ':v': { S: 'x' } } }),
    update({ UpdateExpression: 'SET a = list_append(:v, :v)', ExpressionAttributeValues: { ':v': { S: 'x' } } }),
    update({ UpdateExpression: 'SET a = unknown(:v)', ExpressionAttributeValues: { ':v': { S: 'x' } } }),
    update({ UpdateExpression: 'ADD a :v', ExpressionAttributeValues: { ':v': { S: 'x' } } }),
    update({ UpdateExpression: 'DELETE a :v', ExpressionAttributeValues: { ':v': { N: '1' } } }),
    update({ UpdateExpression: 'REMOVE a, a' }),
    update({ UpdateExpression: 'WRONG a' }),
    update({ UpdateExpression: 'SET a = none' }),
    update({ UpdateExpression: 'REMOVE a', AttributeUpdates: { a: { Action: 'DELETE' } } }),
    update({ AttributeUpdates: { a: { Action: 'WRONG', Value: { S: 'a' } } } }),
    update({}),
    query({}),
    query({ KeyConditionExpression: 'b = :b', ExpressionAttributeValues: { ':b': { S: 'x' } } }),
    query({ KeyConditionExpression: 'pk = :p OR pk = :p', ExpressionAttributeValues: { ':p': { S: 'x' } } }),
    query({ KeyConditionExpression: 'pk > :p', ExpressionAttributeValues: { ':p': { S: 'x' } } }),
    query({ KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { BOOL: true } } }),
    query({ KeyConditionExpression: 'pk = :p AND pk = :p', ExpressionAttributeValues: { ':p': { S: 'x' } } }),
    query({
      KeyConditionExpression: 'pk = :p',
      FilterExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': values[key.hash[1]] },
    }),
    query({ KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': values[key.hash[1]] }, Limit: 0 }),
    query({
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': values[key.hash[1]] },
      ExclusiveStartKey: { pk: { S: 'x' }, z: { S: 'x' } },
    }),
    scan({ Limit: 0 }),
    scan({ Segment: 0 }),
    scan({ TotalSegments: 2 }),
    scan({ Segment: 2, TotalSegments: 2 }),
    of('ParallelScan', { TableName }),
    scan({ ExclusiveStartKey: { none: { S: 'x' } } }),
    scan({ Select: 'WRONG' }),
    scan({ Select: 'COUNT', ProjectionExpression: 'a' }),
    scan({ FilterExpression: 'a = :a', ScanFilter: { a: { ComparisonOperator: 'NULL' } } }),
    of('BatchWriteItem', { RequestItems: {} }),
    of('BatchWriteItem', { RequestItems: { [TableName]: [] } }),
    of('BatchWriteItem', { RequestItems: { [TableName]: [{}] } }),
    of('BatchWriteItem', { RequestItems: { 'no-such-table': [{ DeleteRequest: { Key: good } }] } }),
    of('BatchWriteItem', {
      RequestItems: { [TableName]: Array.from({ length: 26 }, () => ({ DeleteRequest: { Key: good } })) },
    }),
    of('BatchGetItem', { RequestItems: {} }),
    of('BatchGetItem', { RequestItems: { [TableName]: { Keys: [] } } }),
    of('BatchGetItem', { RequestItems: { [TableName]: { Keys: [good, good] } } }),
    of('TransactWriteItems', { TransactItems: [] }),
    of('TransactWriteItems', { TransactItems: [{}] }),
    of('TransactWriteItems', {
      TransactItems: [{ Delete: { TableName, Key: good } }, { Delete: { TableName, Key: good } }],
    }),
    of('TransactWriteItems', { TransactItems: [{ ConditionCheck: { TableName, Key: good } }] }),
    of('TransactWriteItems', { TransactItems: [{ Delete: { TableName: 'no-such-table', Key: good } }] }),
    of('TransactGetItems', { TransactItems: [] }),
    of('ExecuteStatement', { Statement: '' }),
    of('ExecuteStatement', { Statement: `SELECT * FROM "${TableName}" WHERE pk = ?` }),
    of('ExecuteStatement', { Statement: `SELECT * FROM "${TableName}"`, Parameters: [] }),
    of('BatchExecuteStatement', { Statements: [select, select] }),
    of('ExecuteTransaction', { TransactStatements: [select, select] }),
    of('DescribeTable', { TableName: 'no-such-table' }),
    of('DescribeTimeToLive', { TableName }),
    of('CreateTable', {
      TableName,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
    of('CreateTable', {
      TableName: 'new-table',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'other', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
    of('CreateTable', {
      TableName: 'new-table',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'RANGE' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
    of('CreateTable', {
      TableName: 'new-table',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    }),
    of('DeleteTable', { TableName: 'no-such-table' }),
    of('UpdateTable', { TableName }),
    of('Wrong', {}),
  ]
}
