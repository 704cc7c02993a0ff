import type { FastifyPluginAsync } from 'fastify';
import { items } from './items';

export const itemRoutes: FastifyPluginAsync = async (app) => {
  app.get('/:id', async (request) => items.find((request.params as { id: string }).id));
  app.route({
    method: 'POST',
    url: '/',
    handler: async (request, reply) => {
      await items.save(request.body as { id: string });
      return reply.code(201).send();
    },
  });
};
