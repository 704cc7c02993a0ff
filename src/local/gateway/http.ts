// The HTTP API in front of the app: chooses the route, builds the event, calls the function, answers as API Gateway does.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type HttpAnswer, readHttpResult, toHttpEvent } from '../../aws/events/http.ts'
import { type Match, Router } from '../../aws/router.ts'
import type { FunctionModel, HttpTriggerModel } from '../../model/index.ts'
import type { Clock } from '../clock.ts'
import type { Journal } from '../journal.ts'
import { ACCOUNT } from '../service.ts'
import type { Outcome } from '../thread.ts'
import { closeServer, listen } from '../wire.ts'

export interface HttpGateway {
  readonly port: number
  /** Such as `http://127.0.0.1:8000`. */
  readonly url: string
  /** Takes the app's routes, and the functions behind them. */
  route(triggers: readonly HttpTriggerModel[], functions: readonly FunctionModel[]): void
  close(): Promise<void>
}

export interface HttpGatewayGround {
  readonly clock: Clock
  readonly journal: Journal
  invoke(name: string, payload: string, options: { requestId: string; parent: string }): Promise<Outcome>
}

interface Target {
  readonly name: string
  /** Its function may take longer than the gateway waits. */
  readonly slow: boolean
}

const API_ID = 'local'
// Limits of HTTP APIs: 10 MB a request, 30 s an answer.
const BODY_LIMIT = 10 * 1024 * 1024
const ANSWER_LIMIT = 30_000

const json = (status: number, message: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
})
const NOT_FOUND = json(404, 'Not Found')
const TOO_LARGE = json(413, 'Request Entity Too Large')
const FAILED = json(500, 'Internal Server Error')
const UNAVAILABLE = json(503, 'Service Unavailable')

/** Listens on loopback. Throws GOBLET_PORT_TAKEN. */
export async function openHttpGateway(port: number, ground: HttpGatewayGround): Promise<HttpGateway> {
  let router = new Router<Target>()
  const server: Server = createServer((request, response) => {
    void serve(request, response, router, ground)
  })
  await listen(server, port, '--port')
  const actual = (server.address() as AddressInfo).port
  return {
    port: actual,
    url: `http://127.0.0.1:${actual}`,
    route: (triggers, functions) => {
      router = new Router()
      for (const { method, path, function: name } of triggers) {
        const timeout = functions.find((made) => made.name === name)?.timeout ?? 0
        router.add(method, path, { name, slow: timeout * 1000 > ANSWER_LIMIT })
      }
    },
    close: () => closeServer(server),
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  router: Router<Target>,
  ground: HttpGatewayGround,
): Promise<void> {
  const requestId = randomUUID()
  const began = performance.now()
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  const method = request.method ?? 'GET'
  const match = router.match(method, path)
  let answer: HttpAnswer
  try {
    const asked = { path, query: mark < 0 ? '' : url.slice(mark + 1), requestId, time: ground.clock.now() }
    answer = match === undefined ? NOT_FOUND : await toAnswer(request, match, asked, ground)
    send(request, response, answer, requestId)
  } catch {
    // The answer holds what HTTP cannot carry, or the client went away while it was sending.
    answer = FAILED
    if (!response.headersSent) send(request, response, answer, requestId)
    else response.destroy()
  }
  const { status } = answer
  const duration = performance.now() - began
  ground.journal.record({
    kind: 'request',
    time: ground.clock.now(),
    function: match?.value.name ?? '',
    requestId,
    method,
    path,
    status,
    duration,
  })
}

interface Asked {
  readonly path: string
  readonly query: string
  readonly requestId: string
  readonly time: number
}

async function toAnswer(
  request: IncomingMessage,
  match: Match<Target>,
  asked: Asked,
  ground: HttpGatewayGround,
): Promise<HttpAnswer> {
  const body = hasBody(request) ? await readBody(request) : undefined
  if (body === 'too large') return TOO_LARGE
  const { name, slow } = match.value
  const event = JSON.stringify(toEvent(request, match, asked, body))
  const invoked = ground.invoke(name, event, { requestId: randomUUID(), parent: asked.requestId })
  const outcome = slow ? await within(ANSWER_LIMIT, invoked) : await invoked
  if (outcome === 'late' || outcome.fault === 'throttled' || outcome.fault === 'timeout') return UNAVAILABLE
  return outcome.failed ? FAILED : (readHttpResult(outcome.payload) ?? FAILED)
}

function toEvent(
  request: IncomingMessage,
  match: Match<Target>,
  { path, query, requestId, time }: Asked,
  body: Uint8Array | undefined,
) {
  const host = request.headers.host ?? '127.0.0.1'
  return toHttpEvent({
    routeKey: match.route,
    method: request.method ?? 'GET',
    path,
    query,
    rawHeaders: request.rawHeaders,
    pathParameters: match.params,
    sourceIp: '127.0.0.1',
    protocol: `HTTP/${request.httpVersion}`,
    requestId,
    accountId: ACCOUNT,
    apiId: API_ID,
    domainName: host,
    port: host.split(':')[1] ?? '80',
    time,
    body,
  })
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'

function readBody(request: IncomingMessage): Promise<Uint8Array | 'too large'> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let size = 0
    request.on('data', (chunk: Uint8Array) => {
      size += chunk.byteLength
      // Counted while it comes, so that no client fills the memory.
      if (size > BODY_LIMIT) resolve('too large')
      else chunks.push(chunk)
    })
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', reject)
    request.on('close', () => reject(new Error('The client went away.')))
  })
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, milliseconds, 'late')
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: HttpAnswer,
  requestId: string,
): void {
  const sent: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(headers))
    if (!OF_THE_CONNECTION.has(name)) sent[name] = typeof value === 'string' ? value : [...value]
  sent['apigw-requestid'] = requestId
  if (status !== 204 && status !== 304) sent['content-length'] = String(Buffer.byteLength(body))
  response.writeHead(status, sent)
  response.end(request.method === 'HEAD' || status === 204 || status === 304 ? undefined : body)
  if (!request.complete) drain(request)
}

// How the body travels is between this server and its client: a function that says otherwise breaks the framing.
const OF_THE_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer'])

// Hanging up on an upload that nobody wants can cost the client its answer; one without end must not be read for ever.
function drain(request: IncomingMessage): void {
  let size = 0
  request.on('data', (chunk: Uint8Array) => {
    size += chunk.byteLength
    if (size > BODY_LIMIT) request.destroy()
  })
}
