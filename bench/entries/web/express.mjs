// An Express app with the routes of the benchmark.
import express from 'express'

export function make(extra) {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(express.json())
  app.get('/hello', (_request, response) => response.json({ hello: 'world' }))
  app.post('/items/:id', ({ params, body }, response) => response.json({ id: params.id, ...body }))
  for (let i = 0; i < extra; i++)
    app.get(`/r${i}/things/:id/sub`, ({ params }, response) => response.json({ id: params.id, i }))
  return app
}
