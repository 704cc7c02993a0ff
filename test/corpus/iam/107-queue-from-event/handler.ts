import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';

const client = new SQSClient({});

const urlOf = ({ eventSourceARN }: SQSRecord): string => {
  const [, , , region, account, name] = eventSourceARN.split(':');
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
};

export const handler = async ({ Records }: SQSEvent) => {
  for (const record of Records) {
    const QueueUrl = urlOf(record);
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: record.receiptHandle, VisibilityTimeout: 60 }));
  }
};
