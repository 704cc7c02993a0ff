import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient({});

export async function childrenOf(id: string): Promise<string[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({ TableName: 'tree', KeyConditionExpression: 'parent = :p', ExpressionAttributeValues: { ':p': { S: id } } }),
  );
  return Items.map((item) => item.id?.S ?? '');
}
