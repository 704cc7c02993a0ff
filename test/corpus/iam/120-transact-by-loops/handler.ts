import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';

const documents = DynamoDBDocument.from(new DynamoDBClient({}));
type Item = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

function reservations(lines: { sku: string; count: number }[]): Item[] {
  return lines.flatMap(({ sku, count }) => [
    {
      Update: {
        TableName: process.env.STOCK,
        Key: { sku },
        UpdateExpression: 'ADD held :c',
        ConditionExpression: 'available >= :c',
        ExpressionAttributeValues: { ':c': count },
      },
    },
  ]);
}

export const handler = async ({ cart, lines }: { cart: string; lines: { sku: string; count: number }[] }) => {
  const items: Item[] = [];
  for (const part of reservations(lines)) items.push(part);
  items.unshift({ Put: { TableName: 'orders', Item: { id: cart, lines } } });
  const all = items.concat([{ Delete: { TableName: process.env.CARTS, Key: { cart } } }]);
  while (all.length > 0) await documents.transactWrite({ TransactItems: all.splice(0, 100) });
};
