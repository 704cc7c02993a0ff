import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

export interface Storage {
  write(key: string, text: string): Promise<void>;
  read(key: string): Promise<string | undefined>;
  remove(key: string): Promise<void>;
}

const s3 = new S3Client({});

export const createStorage = (Bucket: string): Storage => ({
  async write(Key, Body) {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  },
  async read(Key) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return Body?.transformToString();
  },
  async remove(Key) {
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  },
});
