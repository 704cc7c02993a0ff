// A Fastify app like any other.
import { fastify } from 'fastify'

export const server = fastify()

server.get('/', async () => ({ hello: 'world' }))

server.post('/echo', async (request, reply) => reply.code(201).send(request.body))
