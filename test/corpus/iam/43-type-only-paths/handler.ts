import type * as S3 from '@aws-sdk/client-s3';
import { type InvokeCommandOutput } from '@aws-sdk/client-lambda';
import type { Reader } from './reader';

type Lib = typeof import('@aws-sdk/lib-dynamodb');
type Query = InstanceType<Lib['QueryCommand']>;
type Put = ConstructorParameters<typeof S3.PutObjectCommand>[0];

export const handler = async (event: { reader?: Reader; query?: Query; out?: InvokeCommandOutput }) => {
  const input = { Bucket: 'x', Key: 'y' } satisfies Put;
  return Object.keys(input).length;
};
