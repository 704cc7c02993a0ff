import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { randomUUID } from 'node:crypto';

const s3 = new S3Client({ region: process.env.AWS_REGION });
const Bucket = process.env.BUCKET!;

const json = (body: unknown) => ({ statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

export const upload = async (event: { queryStringParameters: { type: string } }) => {
  const Key = `uploads/${randomUUID()}`;
  const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key, ContentType: event.queryStringParameters.type }), { expiresIn: 300 });
  return json({ url, Key });
};

export const form = async () =>
  json(await createPresignedPost(s3, { Bucket, Key: `forms/${randomUUID()}`, Conditions: [['content-length-range', 0, 10_000_000]], Expires: 600 }));

export const download = async (event: { pathParameters: { key: string } }) => {
  const command = new GetObjectCommand({ Bucket, Key: event.pathParameters.key });
  return json({ url: await getSignedUrl(s3, command, { expiresIn: 60 }) });
};
