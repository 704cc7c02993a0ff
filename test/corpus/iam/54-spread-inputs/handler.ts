import { PutObjectCommand, type PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';

const base = { Bucket: 'first', ServerSideEncryption: 'AES256' } as const;
const withTag = (input: Omit<PutObjectCommandInput, 'Tagging'>): PutObjectCommandInput => ({ ...input, Tagging: 'kind=report' });

const s3 = new S3Client({});

export const handler = async ({ Key, Body }: { Key: string; Body: string }) => {
  const input = withTag({ ...base, Bucket: 'second', Key, Body });
  await s3.send(new PutObjectCommand({ ...input }));
};
