import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

const client = new S3Client({});

const upload = (Key: string, Body: Readable) =>
  new Upload({ client, params: { Bucket: 'packed', Key, Body }, queueSize: 2, leavePartsOnError: false });

export const handler = async ({ key }: { key: string }) => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'raw', Key: key }));
  const through = new PassThrough();
  const sending = upload(`${key}.gz`, through);
  sending.on('httpUploadProgress', ({ loaded }) => console.log(loaded));
  await Promise.all([pipeline(Body as Readable, createGzip(), through), sending.done()]);
};
