import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const db = new DynamoDBClient({});
const s3 = new S3Client({});

export const handler = async ({ tenant, id }: { tenant: string; id: string }) => {
  await db.send(new PutItemCommand({ TableName: `${process.env.STAGE}-${tenant}-events`, Item: { id: { S: id } } }));
  await s3.send(new PutObjectCommand({ Bucket: 'tenant-' + tenant, Key: id, Body: '' }));
};
