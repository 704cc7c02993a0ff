import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = process.env.ITEMS!;

export const items = {
  find: async (id: string) => (await documents.send(new GetCommand({ TableName, Key: { id } }))).Item,
  save: (Item: { id: string }) => documents.send(new PutCommand({ TableName, Item })),
  drop: (id: string) => documents.send(new DeleteCommand({ TableName, Key: { id } })),
};
