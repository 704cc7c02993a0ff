import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';

const db = new DynamoDBClient({});
const s3 = new S3Client({});

// await db.send(new PutItemCommand({ TableName: 'live', Item: {} }));
/* queue.send(new SendMessageCommand({ QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/q' })) */

async function unusedDelete(id: string) {
  await db.send(new DeleteItemCommand({ TableName: 'live', Key: { id: { S: id } } }));
}

class NeverMade {
  static wipe = () => s3.send(new DeleteObjectCommand({ Bucket: 'live', Key: 'x' }));
  put() {
    return db.send(new PutItemCommand({ TableName: 'live', Item: {} }));
  }
}

export const other = unusedDelete;
export type Wiper = typeof NeverMade.wipe;

export const handler = async (event: { id: string }) => {
  const text = "db.send(new PutItemCommand({ TableName: 'live' }))";
  return { text, item: await db.send(new GetItemCommand({ TableName: 'live', Key: { id: { S: event.id } } })) };
};
