import { DeleteObjectCommand, GetObjectCommand, S3Client as Client } from '@aws-sdk/client-s3';
import { PutObjectCommand, S3Client } from './client-s3';

const docs = `await new S3Client({}).send(new PutObjectCommand({ Bucket: 'docs', Key: 'x' }))`;

export const handler = async (event: { key: string }) => {
  const unused = new DeleteObjectCommand({ Bucket: 'never', Key: 'x' });
  const fake = new S3Client();
  fake.send(new PutObjectCommand({ Bucket: 'decoy', Key: docs }));
  {
    const GetObjectCommand = class { constructor(readonly input: object) {} };
    console.log(new GetObjectCommand({ Bucket: 'shadow', Key: 'x' }), typeof unused);
  }
  return new Client({}).send(new GetObjectCommand({ Bucket: 'true', Key: event.key }));
};
