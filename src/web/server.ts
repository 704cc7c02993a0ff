// Hosts a server of `node:http` that never listens: whoever listens to its requests gets ours.
import type { Server } from 'node:http'
import { serveBy } from './listener.ts'
import type { Hosting, Serve } from './wake.ts'

export const open = (server: Pick<Server, 'emit'>, hosting: Hosting): Serve =>
  serveBy((request, response) => {
    server.emit('request', request, response)
  }, hosting)
