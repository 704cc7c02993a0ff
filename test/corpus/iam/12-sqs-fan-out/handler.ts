import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';

const QUEUES = {
  email: 'https://sqs.us-east-1.amazonaws.com/123456789012/emails',
  invoice: 'https://sqs.us-east-1.amazonaws.com/123456789012/invoices',
  audit: 'https://sqs.us-east-1.amazonaws.com/123456789012/audit',
} as const;

const client = new SQSClient({});
const chunk = <T>(all: T[], size: number): T[][] =>
  all.length === 0 ? [] : [all.slice(0, size), ...chunk(all.slice(size), size)];

export const handler = async (orders: { id: string }[]) => {
  for (const url of Object.values(QUEUES)) {
    for (const part of chunk(orders, 10)) {
      await client.send(
        new SendMessageBatchCommand({ QueueUrl: url, Entries: part.map(({ id }) => ({ Id: id, MessageBody: JSON.stringify({ id }) })) }),
      );
    }
  }
};
