import { S3Store } from './s3-store';
import { report } from './report';

export const handler = (event: { key: string }) => report(new S3Store('real'), event.key);
