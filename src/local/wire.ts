// The AWS port: one HTTP server for every service, told apart as AWS's own clients tell them apart.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type * as Http2 from 'node:http2'
import { createRequire } from 'node:module'
import type { AddressInfo, Server as Listener } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { problem } from '../errors.ts'
import { toFault } from './faults.ts'
import { makeGate } from './gate.ts'
import { refusal } from './guard.ts'
import type { Service, WireRequest, WireResponse } from './service.ts'
import { tellFault } from './tell.ts'
import { isAwsName, serviceOfName } from './wall-names.ts'

export interface Wire {
  readonly port: number
  /** Such as `http://127.0.0.1:4566`. */
  readonly endpoint: string
  /** Says who answers for what; until then every request waits for it. */
  serve(services: ReadonlyMap<string, Service>, heard: (request: WireRequest, service: string) => void): void
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
  const hear = (request: Incoming, response: Outgoing): void => {
    const refused = refusal(request, actual)
    const refuse = (words: string): Promise<void> => send(request, response, toPlain(403, 'Forbidden', words))
    if (refused === undefined) void serving.then((ready) => answer(request, response, ready))
    else if (!refused.isPage) void refuse(refused.words)
    else
      void serving.then((ready) => {
        const asked = toWireRequest(request, response, '')
        // Of all services only S3 answers pages of others, by its buckets' own rules: see `admitsPage` there.
        const isAdmitted = ready.services.get(serviceOf(asked))?.admitsPage?.(asked) ?? false
        return isAdmitted ? answer(request, response, ready) : refuse(refused.words)
      })
  }
  const plain = createServer({ ...PATIENCE, requireHostHeader: true }, hear)
  let second: Http2.Http2Server | undefined
  const gate = makeGate((first) => {
    if (!first.subarray(0, PREFACE.length).equals(PREFACE)) return plain
    second ??= openSecond(hear)
    return second
  })
  await listen(gate.server, port, '--aws-port')
  const actual = (gate.server.address() as AddressInfo).port
  const endpoint = `http://127.0.0.1:${actual}`
  return {
    port: actual,
    endpoint,
    serve: (services, heard) => open({ services, heard }),
    take: (request, response) => void serving.then((ready) => answer(request, response, ready, endpoint)),
    close: gate.close,
  }
}

type Incoming = IncomingMessage | Http2.Http2ServerRequest
type Outgoing = ServerResponse | Http2.Http2ServerResponse

// HTTP/2 without TLS begins with it. SDK v3 speaks it to services that have streams of events, such as Kinesis.
const PREFACE = Buffer.from('PRI * HTTP/2.0')

// Loaded when somebody speaks it: nearly nobody does.
const require = createRequire(import.meta.url)

function openSecond(hear: (request: Incoming, response: Outgoing) => void): Http2.Http2Server {
  const { createServer: create } = require('node:http2') as typeof Http2
  return create((request, response) => {
    request.headers.host ??= request.authority
    hear(request, response)
  })
}

interface Serving {
  readonly services: ReadonlyMap<string, Service>
  readonly heard: (request: WireRequest, service: string) => void
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

async function answer(
  incoming: Incoming,
  outgoing: Outgoing,
  { services, heard }: Serving,
  endpoint = `http://${incoming.headers.host}`,
): Promise<void> {
  const request = toWireRequest(incoming, outgoing, endpoint)
  const name = serviceOf(request)
  const service = services.get(name)
  try {
    if (service === undefined) {
      const words = `The local cloud does not have the service ${JSON.stringify(name)} yet.`
      return await send(incoming, outgoing, toPlain(501, 'NotImplemented', words))
    }
    heard(request, name)
    await send(incoming, outgoing, await service.handle(request))
  } catch (error) {
    // A service answers every fault of a client itself: what comes here is a defect of ours, or the disk's.
    tellFault(error)
    if (!outgoing.headersSent) await send(incoming, outgoing, toFault(request, name, error))
    else outgoing.destroy()
  }
}

const toPlain = (status: number, code: string, message: string): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
  body: JSON.stringify({ __type: code, message }),
})

function toWireRequest(incoming: Incoming, outgoing: Outgoing, endpoint: string): WireRequest {
  const url = incoming.url ?? '/'
  const mark = url.indexOf('?')
  // No prototype, so that a header called __proto__ is only a header.
  const headers: Record<string, string | undefined> = Object.create(null)
  for (const [name, value] of Object.entries(incoming.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : value
  let signal: AbortSignal | undefined
  return {
    id: randomUUID(),
    method: incoming.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers,
    body: incoming,
    endpoint,
    get signal() {
      signal ??= goneSignal(outgoing)
      return signal
    },
  }
}

function goneSignal(outgoing: Outgoing): AbortSignal {
  const controller = new AbortController()
  const close = (): void => {
    if (!outgoing.writableFinished) controller.abort()
  }
  if (outgoing.destroyed || outgoing.closed) close()
  else outgoing.once('close', close)
  return controller.signal
}

const TARGETS: Readonly<Record<string, string>> = {
  AmazonSQS: 'sqs',
  AWSEvents: 'events',
  DynamoDB_20120810: 'dynamodb',
  DynamoDBStreams_20120810: 'dynamodb',
  AmazonSSM: 'ssm',
  Logs_20140328: 'logs',
  Kinesis_20131202: 'kinesis',
}

/** Which service a request is for: by its target, its signature's scope, its path; what is none of these is S3's. */
export function serviceOf({ path, query, headers }: Pick<WireRequest, 'path' | 'query' | 'headers'>): string {
  if (path.startsWith('/_goblet/')) return 'goblet'
  const target = headers['x-amz-target']?.split('.')[0]
  if (target !== undefined) return TARGETS[target] ?? target
  const scope = /Credential=[^/,\s]+\/\d{8}\/[^/]+\/([a-z0-9-]+)\/aws4_request/.exec(headers.authorization ?? '')?.[1]
  if (scope !== undefined) return scope
  const presigned = /(?:^|&)X-Amz-Credential=[^&]*?%2F\d{8}%2F[^&]*?%2F([a-z0-9-]+)%2Faws4_request/i.exec(query)?.[1]
  if (presigned !== undefined) return presigned
  if (isAwsName(headers.host ?? '')) return serviceOfName(headers.host ?? '')
  if (path.startsWith('/2015-03-31/functions')) return 'lambda'
  // The links in a topic's messages, and unsigned calls that name the version of SNS's service model.
  if (path === '/' && /(?:^|&)(?:Version=2010-03-31|(?:TopicArn|SubscriptionArn)=)/.test(query)) return 'sns'
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true) return 'sqs'
  return 's3'
}

// Head and body leave in one segment: two would cost a client with delayed acknowledgements 40 ms.
async function send(incoming: Incoming, outgoing: Outgoing, { status, headers, body }: WireResponse): Promise<void> {
  if (body instanceof Readable) {
    outgoing.writeHead(status, headers)
    await pipeline(body, outgoing).catch(() => outgoing.destroy())
  } else {
    const length = body === undefined ? 0 : Buffer.byteLength(body)
    const hasLength = headers['content-length'] !== undefined || status === 204 || status === 304
    outgoing.writeHead(status, hasLength ? headers : { ...headers, 'content-length': String(length) })
    outgoing.end(body ?? '')
  }
  // What the service did not read must not block the next request on this connection.
  if (!incoming.complete) incoming.resume()
}
