import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = process.env.TODOS;

export const list = async (user: string) =>
  (await documents.send(new QueryCommand({ TableName, KeyConditionExpression: '#u = :u', ExpressionAttributeNames: { '#u': 'user' }, ExpressionAttributeValues: { ':u': user } }))).Items;

export async function create(user: string, { text }: { text: string }) {
  const todo = { user, id: crypto.randomUUID(), text, done: false };
  await documents.send(new PutCommand({ TableName, Item: todo }));
  return todo;
}

export const finish = (user: string, id: string) =>
  documents.send(new UpdateCommand({ TableName, Key: { user, id }, UpdateExpression: 'SET done = :t', ExpressionAttributeValues: { ':t': true } }));

export const remove = (user: string, id: string) => documents.send(new DeleteCommand({ TableName, Key: { user, id } }));
