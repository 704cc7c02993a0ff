// The AWS port: one HTTP server for every service, told apart as AWS's own clients tell them apart.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http'
import type * as Http2 from 'node:http2'
import { createRequire } from 'node:module'
import type { AddressInfo, Server as Listener } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Whole } from '../aws/protocol/body.ts'
import { problem } from '../errors.ts'
import { serviceInForm, serviceOf } from './addressee.ts'
import { type Exchange, serveDirectly } from './direct.ts'
import { toFault } from './faults.ts'
import { makeGate } from './gate.ts'
import { refusal } from './guard.ts'
import type { Asked, Service, WireRequest, WireResponse } from './service.ts'
import { tellFault } from './tell.ts'

export interface Wire {
  readonly port: number
  /** Such as `http://127.0.0.1:4566`. */
  readonly endpoint: string
  /** Says who answers for what; until then every request waits for it. */
  serve(serving: Serving): void
  /** Calls back when somebody asks before that, if somebody has already, at once. */
  onWanted(open: () => void): void
  /** Answers a request that came another way, and whose sender is known. */
  readonly take: RequestListener
  close(): Promise<void>
}

/** How long a server of the local cloud waits: idle connections are kept for the next request, but a head comes at once or never. */
export const PATIENCE = {
  keepAliveTimeout: 65_000,
  headersTimeout: 20_000,
  connectionsCheckingInterval: 5_000,
} as const

/** Listens on loopback. Throws GOBLET_PORT_TAKEN. */
export async function openWire(port: number): Promise<Wire> {
  let open: (serving: Serving) => void
  const serving = new Promise<Serving>((resolve) => {
    open = resolve
  })
  let ready: Serving | undefined
  let asked = false
  let wanted = (): void => {
    asked = true
  }
  const whenReady = (task: (ready: Serving) => void): void => {
    if (ready !== undefined) task(ready)
    else {
      void serving.then(task)
      wanted()
    }
  }
  const hear = (request: Incoming, outgoing: Answered): void => {
    const refused = refusal(request, actual)
    const refuse = (words: string): Promise<void> => send(request.body, outgoing, toPlain(403, 'Forbidden', words))
    if (refused === undefined) whenReady((serving) => void answer(request, outgoing, serving))
    else if (!refused.isPage) void refuse(refused.words)
    else
      whenReady((serving) => {
        // Of all services only S3 answers pages of others, by its buckets' own rules: see `admitsPage` there.
        const isAdmitted = serving.services.get(serviceOf(request) ?? '')?.admitsPage?.(request) ?? false
        void (isAdmitted ? answer(request, outgoing, serving) : refuse(refused.words))
      })
  }
  const read = (incoming: Heard, outgoing: ServerResponse | Http2.Http2ServerResponse): void =>
    hear(new Incoming(incoming, outgoing), outgoing)
  const plain = createServer({ ...PATIENCE, requireHostHeader: true }, read)
  let second: Http2.Http2Server | undefined
  const gate = makeGate((first, socket, hand) => {
    if (first.subarray(0, PREFACE.length).equals(PREFACE)) {
      second ??= openSecond(read)
      return second
    }
    serveDirectly(socket, first, {
      hear: (exchange) => hear(new Incoming(exchange, exchange), exchange),
      otherwise: (from, unread) => hand(plain, from, unread),
      patience: PATIENCE.keepAliveTimeout,
    })
    return undefined
  })
  await listen(gate.server, port, '--aws-port')
  const actual = (gate.server.address() as AddressInfo).port
  const endpoint = `http://127.0.0.1:${actual}`
  return {
    port: actual,
    endpoint,
    serve: (serving) => {
      ready = serving
      open(serving)
    },
    take: (incoming, outgoing) =>
      whenReady((serving) => void answer(new Incoming(incoming, outgoing, endpoint), outgoing, serving)),
    onWanted: (open) => {
      wanted = open
      if (asked) open()
    },
    close: gate.close,
  }
}

type Heard = IncomingMessage | Http2.Http2ServerRequest
type Answered = ServerResponse | Http2.Http2ServerResponse | Exchange

// HTTP/2 without TLS begins with it. SDK v3 speaks it to services that have streams of events, such as Kinesis.
const PREFACE = Buffer.from('PRI * HTTP/2.0')

// Loaded when somebody speaks it: nearly nobody does.
const require = createRequire(import.meta.url)

function openSecond(hear: (request: Heard, response: Http2.Http2ServerResponse) => void): Http2.Http2Server {
  const { createServer: create } = require('node:http2') as typeof Http2
  return create(hear)
}

export interface Serving {
  readonly services: ReadonlyMap<string, Service>
  readonly heard: (request: WireRequest, service: string) => void
  /** See `WireRequest.denied`. */
  readonly denied: (request: WireRequest, asked: Asked) => string | undefined
}

/** Binds a server to loopback. Throws GOBLET_PORT_TAKEN. */
export async function listen(server: Listener, port: number, flag: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE' || error.code === 'EACCES' ? problem('GOBLET_PORT_TAKEN', { port, flag }) : error,
      )
    })
    server.listen(port, '127.0.0.1', resolve)
  })
}

/** Stops listening and cuts what is open. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}

async function answer(request: Incoming, outgoing: Answered, serving: Serving): Promise<void> {
  const { services, heard } = serving
  const { body: incoming } = request
  const name = serviceOf(request) ?? (await serviceInForm(request))
  const service = services.get(name)
  try {
    if (service === undefined) {
      const words = `The local cloud does not have the service ${JSON.stringify(name)} yet.`
      return await send(incoming, outgoing, toPlain(501, 'NotImplemented', words))
    }
    heard(request, name)
    request.serving = serving
    await send(incoming, outgoing, await service.handle(request))
  } catch (error) {
    // A service answers every fault of a client itself: what comes here is a defect of ours, or the disk's.
    tellFault(error)
    if (!outgoing.headersSent) await send(incoming, outgoing, toFault(request, name, error))
    else if ('send' in outgoing) outgoing.socket.destroy()
    else outgoing.destroy()
  }
}

const toPlain = (status: number, code: string, message: string): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
  body: JSON.stringify({ __type: code, message }),
})

// A class, as a getter in a literal makes a hidden class of its own for every request, which nothing that V8 does with
// shapes outlives: all that hung on requests went through two collections, and every call that took one was megamorphic.
class Incoming implements WireRequest {
  readonly id = randomUUID()
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Heard | Whole
  readonly endpoint: string
  /** Who answers it, once that is known. */
  serving: Serving | undefined
  readonly #outgoing: Answered
  #signal: AbortSignal | undefined

  constructor(incoming: Heard | Exchange, outgoing: Answered, endpoint?: string) {
    const url = incoming.url ?? '/'
    const mark = url.indexOf('?')
    this.method = incoming.method ?? 'GET'
    this.path = mark < 0 ? url : url.slice(0, mark)
    this.query = mark < 0 ? '' : url.slice(mark + 1)
    this.headers = 'rawHeaders' in incoming ? toHeaders(incoming) : incoming.headers
    this.body = 'rawHeaders' in incoming ? incoming : incoming.body
    this.endpoint = endpoint ?? `http://${this.headers.host}`
    this.#outgoing = outgoing
  }

  get signal(): AbortSignal {
    this.#signal ??= goneSignal(this.#outgoing)
    return this.#signal
  }

  denied(asked: Asked): string | undefined {
    return this.serving?.denied(this, asked)
  }
}

// From the headers as they came: Node makes an object of them only when it is asked, and this is another one.
function toHeaders(incoming: Heard): Record<string, string | undefined> {
  const { rawHeaders } = incoming
  // No prototype, so that a header called __proto__ is only a header.
  const headers: Record<string, string | undefined> = Object.create(null)
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = String(rawHeaders[at]).toLowerCase()
    if (headers[name] === undefined) headers[name] = rawHeaders[at + 1]
    else {
      // Sent twice: which ones are joined and of which the first one counts, Node knows.
      const value = incoming.headers[name]
      headers[name] = Array.isArray(value) ? value.join(', ') : value
    }
  }
  // HTTP/2 calls it so.
  headers.host ??= headers[':authority']
  return headers
}

function goneSignal(outgoing: Answered): AbortSignal {
  const controller = new AbortController()
  if ('send' in outgoing) {
    // Not unless it closes before the answer: one connection carries many requests.
    const close = (): void => controller.abort()
    if (outgoing.socket.destroyed) close()
    else outgoing.onGone(close)
    return controller.signal
  }
  const close = (): void => {
    if (!outgoing.writableFinished) controller.abort()
  }
  if (outgoing.destroyed || outgoing.closed) close()
  else outgoing.once('close', close)
  return controller.signal
}

// Head and body leave in one segment: two would cost a client with delayed acknowledgements 40 ms.
async function send(incoming: Heard | Whole, outgoing: Answered, response: WireResponse): Promise<void> {
  if ('send' in outgoing) return outgoing.send(response)
  const { status, headers, body } = response
  if (body instanceof Readable) {
    outgoing.writeHead(status, headers)
    await pipeline(body, outgoing).catch(() => outgoing.destroy())
  } else {
    const length = body === undefined ? 0 : Buffer.byteLength(body)
    const hasLength = headers['content-length'] !== undefined || status === 204 || status === 304
    const raw: string[] = []
    for (const header in headers) raw.push(header, headers[header] ?? '')
    if (!hasLength) raw.push('content-length', String(length))
    if (outgoing instanceof ServerResponse) outgoing.writeHead(status, raw)
    else outgoing.writeHead(status, hasLength ? headers : { 'content-length': length, ...headers })
    outgoing.end(body ?? '')
  }
  // What the service did not read must not block the next request on this connection.
  if (!incoming.complete) incoming.resume()
}
