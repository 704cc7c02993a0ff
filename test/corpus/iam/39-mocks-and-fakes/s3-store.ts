import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Store } from './store';

export class S3Store implements Store {
  private readonly s3 = new S3Client({});
  constructor(private readonly bucket: string) {}
  async read(Key: string) {
    return (await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key }))).Body?.transformToString();
  }
}
