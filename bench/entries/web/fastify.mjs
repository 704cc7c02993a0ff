// A Fastify app with the routes of the benchmark.
import fastify from 'fastify'

export function make(extra) {
  const app = fastify()
  app.get('/hello', async () => ({ hello: 'world' }))
  app.post('/items/:id', async ({ params, body }) => ({ id: params.id, ...body }))
  for (let i = 0; i < extra; i++) app.get(`/r${i}/things/:id/sub`, async ({ params }) => ({ id: params.id, i }))
  return app
}
