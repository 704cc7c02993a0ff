import fastify, { type FastifyInstance } from 'fastify';
import { itemRoutes } from './routes';

export function build(): FastifyInstance {
  const app = fastify({ logger: true });
  app.get('/health', async () => ({ ok: true }));
  app.register(itemRoutes, { prefix: '/items' });
  return app;
}
