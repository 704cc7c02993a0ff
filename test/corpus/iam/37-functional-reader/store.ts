import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

export const readJson = (s3: S3Client) => (Bucket: string) => async <T>(Key: string): Promise<T | undefined> => {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return JSON.parse((await Body?.transformToString()) ?? 'null');
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
};

export const writeJson = (s3: S3Client) => (Bucket: string) => (Key: string) => (value: unknown) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(value) }));

export const remove = (s3: S3Client) => (Bucket: string) => (Key: string) => s3.send(new DeleteObjectCommand({ Bucket, Key }));
