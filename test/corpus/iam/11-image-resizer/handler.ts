import type { S3Event, S3EventRecord } from 'aws-lambda';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import sharp from 'sharp';

const s3 = new S3Client({});
const SIZES = { small: 120, large: 800 } as const;

async function readObject(bucket: string, key: string): Promise<Uint8Array> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (!Body) throw new Error(`No body: ${key}`);
  return Body.transformToByteArray();
}

async function resize({ s3: { bucket, object } }: S3EventRecord): Promise<void> {
  const key = decodeURIComponent(object.key.replace(/\+/g, ' '));
  const original = await readObject(bucket.name, key);
  await Promise.all(
    Object.entries(SIZES).map(async ([size, width]) => {
      const body = await sharp(original).resize({ width }).webp().toBuffer();
      await s3.send(new PutObjectCommand({ Bucket: process.env.THUMBS, Key: `${size}/${key}`, Body: body, ContentType: 'image/webp' }));
    }),
  );
}

export const handler = async (event: S3Event): Promise<void> => {
  await Promise.all(event.Records.map(resize));
};
