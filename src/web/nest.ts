// Hosts a Nest application, on Express or on Fastify.
import { type Fastify, open as openFastify } from './fastify.ts'
import { type Listener, serveBy } from './listener.ts'
import type { Hosting, Serve } from './wake.ts'

interface Nest {
  init(): Promise<unknown>
  getHttpAdapter(): { getInstance(): Listener | Fastify }
}

export async function open(app: Nest, hosting: Hosting): Promise<Serve> {
  await app.init()
  const instance = app.getHttpAdapter().getInstance()
  return typeof instance === 'function' ? serveBy(instance, hosting) : openFastify(instance, hosting)
}
