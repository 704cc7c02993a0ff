import { S3Client } from '@aws-sdk/client-s3';
import { createSync } from 'some-s3-sync-library';

const client = new S3Client({});

export const handler = async (event: { folder: string }) => {
  const sync = createSync({ client, bucket: 'sync-target' });
  return sync.run(event.folder);
};
