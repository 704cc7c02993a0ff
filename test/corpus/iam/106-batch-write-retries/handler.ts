import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, type BatchWriteCommandInput, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { setTimeout as sleep } from 'node:timers/promises';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { convertClassInstanceToMap: true } });
const TABLE = process.env.TABLE as string;

async function write(requests: BatchWriteCommandInput['RequestItems'], attempt = 0): Promise<void> {
  const { UnprocessedItems = {} } = await documents.send(new BatchWriteCommand({ RequestItems: requests }));
  if (Object.keys(UnprocessedItems).length === 0) return;
  await sleep(2 ** attempt * 50);
  return write(UnprocessedItems, attempt + 1);
}

export const handler = async (rows: { id: string }[]) => {
  const puts = rows.map((Item) => ({ PutRequest: { Item } }));
  for (let at = 0; at < puts.length; at += 25) await write({ [TABLE]: puts.slice(at, at + 25) });
};
