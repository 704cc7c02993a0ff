import { SecretsCache } from './secrets-cache';

const cache = SecretsCache.shared();

export const handler = async () => {
  const [db, api] = await Promise.all([cache.get('shop/db'), cache.get('shop/api')]);
  return { db: db.length, api: api.length };
};
