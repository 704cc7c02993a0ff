// Without Goblet: a server on a port of its own.
import { serve } from '@hono/node-server'
import { server } from './server.ts'

serve({ fetch: server.fetch, port: 3000 }, ({ port }) => console.log(`http://127.0.0.1:${port}`))
