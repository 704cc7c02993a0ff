import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { boot } from './boot.js';

const ready = boot();
const db = new DynamoDBClient({});
const TableName = process.env.TABLE;

export async function read({ id }: { id: string }) {
  await ready;
  return db.send(new GetItemCommand({ TableName, Key: { id: { S: id } } }));
}

export const write = async function ({ id }: { id: string }) {
  await ready;
  return db.send(new PutItemCommand({ TableName, Item: { id: { S: id } } }));
};

const pong = () => 'pong';
export { pong as ping };
