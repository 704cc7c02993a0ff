import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';

const documents = DynamoDBDocument.from(new DynamoDB());
const TableName = process.env.LINKS;

export interface Link { slug: string; target: string }

export async function findLink(slug: string): Promise<Link | undefined> {
  const { Item } = await documents.get({ TableName, Key: { slug } });
  return Item as Link | undefined;
}

export async function countVisit(slug: string): Promise<void> {
  await documents.update({ TableName, Key: { slug }, UpdateExpression: 'ADD visits :one', ExpressionAttributeValues: { ':one': 1 } });
}
