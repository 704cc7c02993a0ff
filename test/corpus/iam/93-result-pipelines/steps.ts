import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import type { Step } from './pipe';

const db = new DynamoDBClient({});
const bridge = new EventBridge({});
const accounts = { TableName: 'accounts' };
const keyOf = (account: string) => ({ Key: { id: { S: account } } });

export const findAccount: Step = async (request) => {
  const { Item } = await db.send(new GetItemCommand({ ...accounts, ...keyOf(request.account) }));
  return Item ? { ok: true, value: { ...request, balance: Number(Item.balance?.N) } } : { ok: false, error: 'unknown' };
};

export const debit: Step = async (request) => {
  if (request.balance < request.amount) return { ok: false, error: 'poor' };
  await db.send(new UpdateItemCommand({ ...accounts, ...keyOf(request.account), UpdateExpression: 'ADD balance :a', ExpressionAttributeValues: { ':a': { N: `-${request.amount}` } } }));
  return { ok: true, value: request };
};

export const publish: Step = async (value) => {
  await bridge.putEvents({ Entries: [{ EventBusName: 'bank', Source: 'bank', DetailType: 'debited', Detail: JSON.stringify(value) }] });
  return { ok: true, value };
};
