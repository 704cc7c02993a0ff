import { S3Client } from '@aws-sdk/client-s3';

let client: S3Client | undefined;
export const s3 = (): S3Client => (client ??= new S3Client({ maxAttempts: 5 }));
