import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import config from './config.json' with { type: 'json' };
import { Table } from './tables';

const QUEUES = { high: 'high', low: 'low' } as const satisfies Record<string, string>;
type Priority = keyof typeof QUEUES;

const sqs = new SQSClient({});
const url = (name: string) => `${config.queues.base}/${name}`;

export const handler = async (event: { priority: Priority; id: string }) => {
  await sqs.send(new SendMessageCommand({ QueueUrl: url(QUEUES[event.priority]), MessageBody: event.id }));
  await new S3Client({}).send(new PutObjectCommand({ Bucket: config.bucket, Key: event.id }));
  await new DynamoDBClient({}).send(new PutItemCommand({ TableName: Table.Events, Item: { id: { S: event.id } } }));
};
