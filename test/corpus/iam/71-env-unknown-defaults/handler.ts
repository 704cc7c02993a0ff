import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const s3 = new S3Client({});
const { SOURCE = 'fallback', KNOWN } = process.env;

export const handler = async ({ key }: { key: string }) => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: SOURCE, Key: key }));
  await s3.send(new PutObjectCommand({ Bucket: KNOWN, Key: key, Body }));
};
