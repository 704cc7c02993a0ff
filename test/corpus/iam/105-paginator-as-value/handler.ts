import { DynamoDBClient, paginateScan, paginateQuery } from '@aws-sdk/client-dynamodb';
import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { collect } from './collect';

export const all = { paginateQuery };

export const handler = async () => {
  const objects = await collect(paginateListObjectsV2, { client: new S3Client({}) }, { Bucket: 'pages' }, (page) => page.Contents ?? []);
  const items = await collect(paginateScan, { client: new DynamoDBClient({}) }, { TableName: 'pages' }, (page) => page.Items ?? []);
  return objects.length + items.length;
};
