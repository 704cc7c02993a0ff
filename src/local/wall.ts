// The wall, from outside: the port where what sandboxes meant for AWS arrives, with and without TLS.
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { makeGate } from './gate.ts'
import { makeCertificate } from './wall-certificate.ts'
import { isAwsName, serviceOfName } from './wall-names.ts'
import { PATIENCE } from './wire.ts'

export interface Wall {
  readonly port: number
  /** Stops listening and cuts what is open. */
  close(): Promise<void>
}

/** Who answers what came in: the AWS services, or the app itself where an API's own name was asked. */
export interface Inside {
  readonly services: RequestListener
  readonly app: RequestListener
  /** Their own ports, which functions may ask by TLS here. */
  ports(): { readonly services: number; readonly app: number }
}

// The first byte of every TLS connection: a handshake's record.
const HANDSHAKE = 22

/** Listens on loopback, on any free port: only the sandboxes know it. */
export async function openWall(inside: Inside): Promise<Wall> {
  const answer: RequestListener = (request, response) => take(request, response, inside)
  const plain = createServer(PATIENCE, answer)
  let secure: Server | undefined
  const gate = makeGate((first) => {
    if (first[0] !== HANDSHAKE) return plain
    secure ??= createSecureServer({ ...makeCertificate(), ...PATIENCE }, answer)
    return secure
  })
  await new Promise<void>((resolve, reject) => {
    gate.server.once('error', reject)
    gate.server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = gate.server.address() as AddressInfo
  return { port, close: gate.close }
}

// A page in a browser may find the port. It cannot make AWS's names lead here, and it cannot help saying who it is.
const PAGES = ['origin', 'referer', 'sec-fetch-site'] as const

function take(request: IncomingMessage, response: ServerResponse, inside: Inside): void {
  const { host = '' } = request.headers
  const answer = answererOf(host, inside)
  if (answer === undefined || PAGES.some((name) => request.headers[name] !== undefined)) {
    response.writeHead(403, { 'content-type': 'application/json', connection: 'close' })
    response.end(
      JSON.stringify({ __type: 'Forbidden', message: 'Only the functions of this local cloud are answered here.' }),
    )
    return
  }
  answer(request, response)
}

function answererOf(host: string, { services, app, ports }: Inside): RequestListener | undefined {
  if (isAwsName(host)) return OF_THE_APP.has(serviceOfName(host)) ? app : services
  const [, port] = /^(?:localhost|127\.0\.0\.1|\[::1\]):(\d+)$/.exec(host) ?? []
  if (port === String(ports().app)) return app
  return port === String(ports().services) ? services : undefined
}

const OF_THE_APP = new Set(['execute-api', 'lambda-url'])
