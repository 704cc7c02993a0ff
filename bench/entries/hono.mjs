// Hono with its AWS Lambda adapter.
import { Hono } from 'hono'
import { handle } from 'hono/aws-lambda'

export function build(extra) {
  const app = new Hono()
  app.get('/hello', (c) => c.json({ hello: 'world' }))
  app.post('/items/:id', async (c) => c.json({ id: c.req.param('id'), ...(await c.req.json()) }))
  for (let i = 0; i < extra; i++) app.get(`/r${i}/things/:id/sub`, (c) => c.json({ id: c.req.param('id'), i }))
  return handle(app)
}
