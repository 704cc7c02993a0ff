// The app's own port: one HTTP server in front of the deployed API, and what it says to requests that are none.
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { HttpAnswer } from '../../aws/events/http.ts'
import { toStreamHead } from '../../aws/events/stream.ts'
import type { ApiModel, FunctionModel, HttpTriggerModel } from '../../model/index.ts'
import type { Clock } from '../clock.ts'
import type { Journal } from '../journal.ts'
import { closeServer, listen, PATIENCE } from '../wire.ts'
import { Api, type ApiGround, type Work } from './api.ts'
import { openArrival } from './arrival.ts'
import { type Incoming, toIncoming } from './asked.ts'
import { discard, isSmall } from './body.ts'
import { toJson } from './door.ts'
import { openAnswerStream } from './stream.ts'
import { toPlainHead } from './websocket/handshake.ts'
import { openWebsockets, type WebsocketGateway } from './websocket/index.ts'

export interface HttpGateway {
  readonly port: number
  /** Such as `http://127.0.0.1:8000`. */
  readonly url: string
  /** What every path begins with: `/api` where a stage is part of the URL, else nothing. */
  readonly base: string
  /** Takes the app's routes, and the functions behind them. */
  route(api: ApiModel, triggers: readonly HttpTriggerModel[], functions: readonly FunctionModel[]): void
  /** The app's WebSocket APIs, on the same port. */
  readonly websockets: WebsocketGateway
  /** Answers a request that came another way. */
  readonly take: RequestListener
  /** Takes a request for another protocol that came another way. */
  readonly upgrade: UpgradeListener
  close(): Promise<void>
}

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

export interface HttpGatewayGround extends Pick<ApiGround, 'invoke'> {
  readonly clock: Clock
  readonly journal: Journal
  /** The AWS services, to which @connections belongs. */
  readonly services: RequestListener
}

const NO_API: ApiModel = {
  door: 'http',
  stage: '$default',
  cors: undefined,
  errorOrigin: undefined,
  usagePlan: undefined,
  apiKeys: [],
  domain: undefined,
}

/** Listens on loopback. Throws GOBLET_PORT_TAKEN. */
export async function openHttpGateway(port: number, ground: HttpGatewayGround): Promise<HttpGateway> {
  const { clock, invoke } = ground
  const toApi = (...given: [ApiModel, readonly HttpTriggerModel[], readonly FunctionModel[]]): Api =>
    new Api(...given, { now: () => clock.now(), invoke })
  let api = toApi(NO_API, [], [])
  // Larger heads than the gateway takes are read, so that they are refused in its own words.
  const websockets = openWebsockets(ground)
  // Scripts and browsers ask as soon as a port is open.
  const arrival = openArrival(clock)
  const take: RequestListener = (request, response) => {
    if (arrival.isThere) takeNow(request, response)
    else void arrival.wait().then(() => takeNow(request, response))
  }
  const takeNow: RequestListener = (request, response) => {
    const { host = '' } = request.headers
    if (!arrival.isThere) return unready(response)
    if (websockets.manages(host, pathOf(request))) websockets.manage(request, response)
    else void serve(request, response, { api, websockets, ...ground })
  }
  const server: Server = createServer({ ...PATIENCE, maxHeaderSize: 64 * 1024 }, take)
  server.on('clientError', refuseRaw)
  // Node takes every wish for another protocol out of HTTP, `h2c` too, which nobody must grant: such a request comes again.
  const upgrade: UpgradeListener = (request, socket, head) => {
    if (arrival.isThere) upgradeNow(request, socket, head)
    else void arrival.wait().then(() => upgradeNow(request, socket, head))
  }
  const upgradeNow: UpgradeListener = (request, socket, head) => {
    if (websockets.takes(request)) websockets.upgrade(request, socket, head)
    else {
      socket.unshift(Buffer.concat([toPlainHead(request), head]))
      server.emit('connection', socket)
    }
  }
  server.on('upgrade', upgrade)
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => refuseRaw({}, socket))
  await listen(server, port, '--port')
  const actual = (server.address() as AddressInfo).port
  return {
    port: actual,
    url: `http://127.0.0.1:${actual}`,
    get base() {
      return api.base
    },
    route: (model, triggers, functions) => {
      api = toApi(model, triggers, functions)
      // The WebSocket APIs come in the same breath.
      queueMicrotask(arrival.came)
    },
    websockets,
    take,
    upgrade,
    close: async () => {
      await websockets.close()
      await closeServer(server)
    },
  }
}

function unready(response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ message: 'The app is not there yet: `goblet dev` says why.' }))
}

// What is no HTTP gets an answer of its own, and the end of its connection: whatever follows may be somebody else's request.
function refuseRaw(error: { readonly code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const body = JSON.stringify({ message: STATUS_CODES[status] })
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, 'Content-Type: application/json', 'Connection: close']
  socket.end(`${head.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
}

interface Serving extends HttpGatewayGround {
  readonly api: Api
  readonly websockets: WebsocketGateway
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { api, websockets, clock, journal }: Serving,
): Promise<void> {
  const incoming = toIncoming(request, clock.now())
  const began = performance.now()
  const exchange: Exchange = { api, incoming, response }
  let name = ''
  let status: number
  try {
    const found = api.find(incoming)
    if ('status' in found) {
      const isWebsocket = 'own' in found && websockets.isAt(request.headers.host ?? '', incoming.path)
      status = send(exchange, isWebsocket ? NO_UPGRADE : found)
    } else {
      name = found.found.value.trigger.function
      const reached = await api.reach(incoming, found)
      status = 'stream' in reached ? await stream(exchange, reached.stream) : send(exchange, reached)
    }
  } catch {
    // The answer holds what HTTP cannot carry, or the client went away.
    status = response.headersSent ? cut(response) : send(exchange, api.refuse('failed'))
  }
  const duration = performance.now() - began
  const { id: requestId, method, path } = incoming
  journal.record({ kind: 'request', time: clock.now(), function: name, requestId, method, path, status, duration })
}

const NO_UPGRADE = toJson(426, { message: 'Upgrade Required' }, { upgrade: 'websocket' })

const pathOf = ({ url = '/' }: IncomingMessage): string => {
  const mark = url.indexOf('?')
  return mark < 0 ? url : url.slice(0, mark)
}

interface Exchange {
  readonly api: Api
  readonly incoming: Incoming
  readonly response: ServerResponse
}

async function stream({ api, incoming, response }: Exchange, work: Work): Promise<number> {
  const door = api.door.name === 'rest' ? 'rest' : 'url'
  const out = openAnswerStream(response, door, ({ status, headers }) => {
    response.writeHead(status, toSent(api.toHeaders(incoming, { headers })))
  })
  const outcome = await work(out)
  if (out.status === undefined) {
    // Nothing was sent: an empty answer, or one that went wrong before its first byte.
    if (outcome.failed) return send({ api, incoming, response }, api.toAnswer(outcome))
    if (out.broken || door === 'rest') return send({ api, incoming, response }, api.refuse('failed'))
    return send({ api, incoming, response }, { ...toStreamHead('application/octet-stream'), body: '' })
  }
  // Half an answer must not look like a whole one.
  if (outcome.failed) return cut(response)
  response.end()
  return out.status
}

function cut(response: ServerResponse): number {
  response.destroy()
  return response.statusCode
}

// How the body travels is between this server and its client: a function that says otherwise breaks the framing.
const OF_THE_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer'])

const toSent = (headers: HttpAnswer['headers']): Record<string, string | string[]> => {
  const sent: Record<string, string | string[]> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined && !OF_THE_CONNECTION.has(name)) sent[name] = typeof value === 'string' ? value : [...value]
  }
  return sent
}

function send({ api, incoming, response }: Exchange, answer: HttpAnswer): number {
  const { status, body } = answer
  const { request } = incoming
  const sent = toSent(api.toHeaders(incoming, answer))
  const bare = status === 204 || status === 304
  if (!bare) sent['content-length'] = String(Buffer.byteLength(body))
  const content = request.method === 'HEAD' || bare ? '' : body
  // An upload that nobody reads must not block the connection's next request; one without end must not be read for ever.
  const keeps = isSmall(request)
  if (!keeps) sent.connection = 'close'
  response.writeHead(status, sent)
  if (keeps) {
    response.end(content)
    if (!request.complete) request.resume()
  } else {
    response.write(content)
    void discard(request).then(() => response.end())
  }
  return status
}
