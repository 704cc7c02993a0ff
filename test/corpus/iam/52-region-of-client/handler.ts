import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const REGION = 'eu-central-1';
const db = new DynamoDBClient({ region: REGION });
const sqs = new SQSClient({ region: 'ap-northeast-2' });

export const handler = async ({ id }: { id: string }) => {
  await db.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: id } } }));
  await sqs.send(new SendMessageCommand({ QueueUrl: 'https://sqs.ap-northeast-2.amazonaws.com/123456789012/jobs', MessageBody: id }));
};
