import middy from '@middy/core';
import secretsManager from '@middy/secrets-manager';
import ssm from '@middy/ssm';

const lambdaHandler = async (_event: unknown, context: { key: string; token: string }) => ({ ok: context.key.length + context.token.length });

export const handler = middy(lambdaHandler)
  .use(ssm({ fetchData: { key: '/pay/key' }, setToContext: true }))
  .use(secretsManager({ fetchData: { token: 'pay/token' }, setToContext: true }));
