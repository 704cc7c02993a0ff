import { PutObjectCommand } from '@aws-sdk/client-s3';
import { s3 } from './aws/clients';
import { config } from './config';

export const handler = async (event: { name: string; data: string }) => {
  await s3().send(new PutObjectCommand({ Bucket: config.buckets.uploads, Key: `in/${event.name}`, Body: event.data }));
};
