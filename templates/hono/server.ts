// A Hono app like any other.
import { Hono } from 'hono'

export const server = new Hono()

server.get('/', (context) => context.json({ hello: 'world' }))

server.post('/echo', async (context) => context.json(await context.req.json(), 201))
