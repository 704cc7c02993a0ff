import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { PaymentStore } from './payment-store';

const processor = new BatchProcessor(EventType.SQS);
const store = new PaymentStore();

const recordHandler = async (record: SQSRecord): Promise<void> => {
  const payment = JSON.parse(record.body);
  await store.add(payment);
};

export const handler = async (event: SQSEvent, context: Context) =>
  processPartialResponse(event, recordHandler, processor, { context });
