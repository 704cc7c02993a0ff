import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const persistenceStore = new DynamoDBPersistenceLayer({ tableName: process.env.IDEMPOTENCY_TABLE! });
const config = new IdempotencyConfig({ expiresAfterSeconds: 3600, eventKeyJmesPath: 'paymentId' });
const sqs = new SQSClient({});

const charge = async (event: { paymentId: string }) => {
  await sqs.send(new SendMessageCommand({ QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/charges', MessageBody: event.paymentId }));
  return { ok: true };
};

export const handler = makeIdempotent(charge, { persistenceStore, config });
