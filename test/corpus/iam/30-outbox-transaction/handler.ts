import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';

type Items = NonNullable<TransactWriteCommandInput['TransactItems']>;

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const put = (TableName: string | undefined, Item: object) => ({ Put: { TableName, Item, ConditionExpression: 'attribute_not_exists(id)' } });

export const handler = async (order: { id: string; customer: string }) => {
  const TransactItems: Items = [
    put(process.env.ORDERS, order),
    put(process.env.OUTBOX, { id: `order-${order.id}`, order }),
    { ConditionCheck: { TableName: 'customers', Key: { id: order.customer }, ConditionExpression: 'attribute_exists(id)' } },
  ];
  await documents.send(new TransactWriteCommand({ TransactItems }));
};
