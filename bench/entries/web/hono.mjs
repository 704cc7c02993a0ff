// A Hono app with the routes of the benchmark.
import { Hono } from 'hono'

export function make(extra) {
  const app = new Hono()
  app.get('/hello', (c) => c.json({ hello: 'world' }))
  app.post('/items/:id', async (c) => c.json({ id: c.req.param('id'), ...(await c.req.json()) }))
  for (let i = 0; i < extra; i++) app.get(`/r${i}/things/:id/sub`, (c) => c.json({ id: c.req.param('id'), i }))
  return app
}
