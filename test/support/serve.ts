// A bare HTTP server around one local service, for tests: node:http in, WireRequest to the service, WireResponse out.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Service } from '../../src/local/service.ts'

export interface Served {
  readonly endpoint: string
  readonly port: number
  close(): Promise<void>
}

/** Serves until closed, on a free port of 127.0.0.1. What a service throws is answered with a bare 500. */
export async function serve(service: Service): Promise<Served> {
  let count = 0
  const server = createServer((incoming, outgoing) => {
    answer(service, incoming, outgoing, `TEST${String(++count).padStart(12, '0')}`).catch((error: unknown) => {
      if (!outgoing.headersSent) outgoing.writeHead(500)
      outgoing.end(String(error))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { endpoint: `http://127.0.0.1:${port}`, port, close }
}

async function answer(
  service: Service,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  id: string,
): Promise<void> {
  const headers: Record<string, string | undefined> = Object.create(null)
  for (const [name, value] of Object.entries(incoming.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : value
  const [path = '/', query = ''] = split(incoming.url ?? '/')
  const endpoint = `http://${incoming.headers.host}`
  const { method = 'GET' } = incoming
  const response = await service.handle({ id, method, path, query, headers, body: incoming, endpoint })
  const { body, status } = response
  const known =
    body === undefined || body instanceof Readable ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  // The length last: Node garbles a content-disposition beyond ASCII that comes after it.
  outgoing.writeHead(status, { ...response.headers, ...known })
  if (body instanceof Readable) await pipeline(body, outgoing)
  else outgoing.end(body)
}

function split(url: string): [string, string] {
  const at = url.indexOf('?')
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)]
}
