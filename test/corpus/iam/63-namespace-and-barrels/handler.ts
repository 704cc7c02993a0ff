import * as S3 from '@aws-sdk/client-s3';
import clients, { commands as C, tables } from './aws';

export default async function main({ id }: { id: string }) {
  await clients.db.send(new C.Remove({ TableName: tables.TABLE, Key: { id: { S: id } } }));
  const s3 = new S3.S3Client({});
  return s3.send(new S3.GetObjectCommand({ Bucket: tables.BUCKET, Key: id }));
}
export { main as handler };
