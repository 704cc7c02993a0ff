import { S3 } from '@aws-sdk/client-s3';

const s3 = new S3({});

export const handler = async (event: { op: string; input: object }) => {
  const client = s3 as unknown as Record<string, (input: object) => Promise<unknown>>;
  return client[event.op]?.(event.input);
};
