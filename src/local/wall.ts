// The wall, from outside: the port where what sandboxes meant for AWS arrives, with and without TLS.
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { makeGate } from './gate.ts'
import { asksForWebSocket, toPlainHead } from './gateway/websocket/handshake.ts'
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
  /** Opens a WebSocket of the app. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Their own ports, which functions may ask by TLS here. */
  ports(): { readonly services: number; readonly app: number }
}

// The first byte of every TLS connection: a handshake's record.
const HANDSHAKE = 22

/** Listens on loopback, on any free port: only the sandboxes know it. */
export async function openWall(inside: Inside): Promise<Wall> {
  const answer: RequestListener = (request, response) => take(request, response, inside)
  const plain = createServer(PATIENCE, answer)
  plain.on('upgrade', (...asked) => upgrade(asked, inside, (socket) => plain.emit('connection', socket)))
  let secure: Server | undefined
  const gate = makeGate((first) => {
    if (first[0] !== HANDSHAKE) return plain
    secure ??= openSecure(answer, inside)
    return secure
  })
  await new Promise<void>((resolve, reject) => {
    gate.server.once('error', reject)
    gate.server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = gate.server.address() as AddressInfo
  return { port, close: gate.close }
}

function openSecure(answer: RequestListener, inside: Inside): Server {
  const server = createSecureServer({ ...makeCertificate(), ...PATIENCE }, answer)
  server.on('upgrade', (...asked) => upgrade(asked, inside, (socket) => server.emit('secureConnection', socket)))
  return server
}

// Whatever else somebody wants to speak, nobody must grant: such a request comes again, without its wish.
function upgrade(
  [request, socket, head]: [IncomingMessage, Duplex, Buffer],
  inside: Inside,
  again: (socket: Duplex) => void,
): void {
  const toApp = answererOf(request.headers.host ?? '', inside) === inside.app && !isPages(request)
  if (toApp && asksForWebSocket(request)) inside.upgrade(request, socket, head)
  else {
    socket.unshift(Buffer.concat([toPlainHead(request), head]))
    again(socket)
  }
}

// A page in a browser may find the port. It cannot make AWS's names lead here, and it cannot help saying who it is.
const PAGES = ['origin', 'referer', 'sec-fetch-site'] as const

const isPages = ({ headers }: IncomingMessage): boolean => PAGES.some((name) => headers[name] !== undefined)

function take(request: IncomingMessage, response: ServerResponse, inside: Inside): void {
  const { host = '' } = request.headers
  const answer = answererOf(host, inside)
  if (answer === undefined || isPages(request)) {
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
