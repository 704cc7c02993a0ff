import { GetObjectCommand, S3Client, TeleportObjectCommand } from '@aws-sdk/client-s3';

const s3 = new S3Client({});

export const handler = async (event: { Key: string }) => {
  await s3.send(new GetObjectCommand({ Bucket: 'known', Key: event.Key }));
  await s3.send(new TeleportObjectCommand({ Bucket: 'known', Key: event.Key, To: 'mars' }));
};
