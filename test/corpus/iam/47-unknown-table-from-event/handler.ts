import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';

const documents = DynamoDBDocument.from(new DynamoDBClient({}));

export const handler = async (event: { table: string; id: string }) => {
  const { Item } = await documents.get({ TableName: event.table, Key: { id: event.id } });
  if (Item) return [Item];
  return (await documents.query({ TableName: event.table, KeyConditionExpression: 'id = :i', ExpressionAttributeValues: { ':i': event.id } })).Items;
};
