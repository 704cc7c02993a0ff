import type { MiddlewareObj } from '@middy/core';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

const manager = new SecretsManagerClient({});
let cached: string | undefined;

export const withSecret = (name: string): MiddlewareObj => ({
  before: async ({ context }) => {
    cached ??= (await manager.send(new GetSecretValueCommand({ SecretId: name }))).SecretString;
    Object.assign(context, { secret: cached });
  },
});
