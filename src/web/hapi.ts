// Hosts a Hapi server: initialized, its caches and extensions run, and nothing listens.
import type { Server } from 'node:http'
import { open as openServer } from './server.ts'
import type { Hosting, Serve } from './wake.ts'

export interface Hapi {
  initialize(): Promise<unknown>
  readonly listener: Pick<Server, 'emit'>
}

export async function open(server: Hapi, hosting: Hosting): Promise<Serve> {
  await server.initialize()
  return openServer(server.listener, hosting)
}
