import { documentClient } from '@libs/dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';

const TableName = process.env.SESSIONS;

export async function findSession(token: string) {
  return (await documentClient.send(new GetCommand({ TableName, Key: { token } }))).Item;
}

export async function openSession(token: string, user: string) {
  await documentClient.send(new PutCommand({ TableName, Item: { token, user } }));
}
