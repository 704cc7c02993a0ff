import { getParameter, getParametersByName } from '@aws-lambda-powertools/parameters/ssm';
import { getSecret } from '@aws-lambda-powertools/parameters/secrets';

export const handler = async () => {
  const flags = await getParameter('/shop/flags', { transform: 'json', maxAge: 60 });
  const key = await getSecret('shop/key');
  const more = await getParametersByName({ '/shop/a': { maxAge: 30 }, '/shop/b': {} });
  return { flags, key, more };
};
