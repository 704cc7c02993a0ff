import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

const location = { Bucket: 'corp-config', Key: 'flags.json' };

export async function flags(): Promise<{ paused: boolean }> {
  const { Body } = await new S3Client({}).send(new GetObjectCommand(location));
  return JSON.parse((await Body?.transformToString()) ?? '{}');
}
