import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const BASE = 'https://sqs.us-east-1.amazonaws.com/123456789012';
const QueueUrl = process.env.STAGE === 'prod' ? `${BASE}/prod-jobs` : `${BASE}/dev-jobs`;

export const handler = (event: object) =>
  new SQSClient({}).send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
