import { type _Object, DeleteObjectsCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';

const client = new S3Client({});
const DAY = 86_400_000;

async function* olderThan(bucket: string, days: number): AsyncGenerator<_Object[]> {
  const limit = Date.now() - days * DAY;
  for await (const page of paginateListObjectsV2({ client, pageSize: 1000 }, { Bucket: bucket })) {
    yield (page.Contents ?? []).filter(({ LastModified }) => (LastModified?.getTime() ?? Infinity) < limit);
  }
}

export const handler = async (): Promise<{ deleted: number }> => {
  const bucket = process.env.SNAPSHOTS ?? '';
  let deleted = 0;
  for await (const old of olderThan(bucket, 30)) {
    if (old.length === 0) continue;
    await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: old.map(({ Key }) => ({ Key })), Quiet: true } }));
    deleted += old.length;
  }
  return { deleted };
};
