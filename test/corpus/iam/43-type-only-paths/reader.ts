import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

export class Reader {
  read(Key: string) {
    return new S3Client({}).send(new GetObjectCommand({ Bucket: 'types', Key }));
  }
}
