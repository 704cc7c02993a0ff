import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const db = new DynamoDBClient({});
const sqs = new SQSClient({});

export const drop = (id: string) => db.send(new DeleteItemCommand({ TableName: 'saga', Key: { id: { S: id } } }));
export const keep = (id: string) => db.send(new PutItemCommand({ TableName: 'saga', Item: { id: { S: id } } }));
export const tell = (id: string, state: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/saga', MessageBody: `${id} ${state}` }));
