import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientOf } from './clients';

export const handler = async ({ key }: { key: string }) => {
  const s3 = clientOf(S3Client);
  const { SecretString } = await clientOf(SecretsManagerClient).send(new GetSecretValueCommand({ SecretId: 'generic' }));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'generic', Key: key }));
  return [SecretString?.length, await Body?.transformToString()];
};
