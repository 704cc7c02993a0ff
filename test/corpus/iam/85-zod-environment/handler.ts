import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { env } from './env';

const db = new DynamoDBClient({});
const sqs = new SQSClient({});

export const handler = async (event: { id: string }) => {
  await db.send(new PutItemCommand({ TableName: env.ORDERS_TABLE, Item: { id: { S: event.id } } }));
  await sqs.send(new SendMessageCommand({ QueueUrl: env.QUEUE_URL, MessageBody: event.id }));
};
