// Hosts a Fastify app, which is ready once its plugins are.
import { type Listener, serveBy } from './listener.ts'
import type { Hosting, Serve } from './wake.ts'

export interface Fastify {
  ready(): PromiseLike<unknown>
  readonly routing: Listener
}

export async function open(app: Fastify, hosting: Hosting): Promise<Serve> {
  await app.ready()
  return serveBy((request, response) => app.routing(request, response), hosting)
}
