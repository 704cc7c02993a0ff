// The @connections API: sends to a connection, says when it was last heard of, ends it.
import type { IncomingMessage } from 'node:http'
import { isSigned } from '../../../aws/signer.ts'
import type { Asked, Service, WireRequest, WireResponse } from '../../service.ts'
import { isOurs } from './address.ts'
import type { WebsocketApi } from './api.ts'
import { type Connection, MESSAGE_LIMIT } from './connection.ts'

/** Whom a request is about, as far as anybody knows. */
export interface Found {
  /** Undefined: no API is there. */
  readonly api: WebsocketApi | undefined
  /** Undefined: it is gone, or not open yet. */
  readonly connection: Connection | undefined
}

const CONNECTIONS = /^(.*)\/(?:@|%40)connections\/([^/]+)\/?$/i

/** Which API's base and which connection a path names. */
export function readPath(path: string): { readonly base: string; readonly id: string } | undefined {
  const [, base = '', id = ''] = CONNECTIONS.exec(path) ?? []
  if (id === '') return undefined
  try {
    return { base, id: decodeURIComponent(id) }
  } catch {
    return undefined
  }
}

/** Opens the service. `find` looks up a host, a base path and an id. */
export function openManagement(find: (host: string, base: string, id: string) => Found): Service {
  return { handle: (request) => handle(request, find) }
}

async function handle(request: WireRequest, find: Parameters<typeof openManagement>[0]): Promise<WireResponse> {
  const { method, path, query, headers } = request
  if (!isSigned({ method, path, query, headers })) return NO_TOKEN
  const asked = readPath(path)
  const act = ACTS[method]
  if (asked === undefined || act === undefined) return FORBIDDEN
  const { api, connection } = find(headers.host ?? '', asked.base, asked.id)
  if (api === undefined) return FORBIDDEN
  const denied = request.denied?.(toAsked(api, method, asked.id))
  if (denied !== undefined) {
    // Recorded of API Gateway: this refusal alone has a capital letter.
    const refused = toError(403, 'AccessDeniedException', denied)
    return { ...refused, body: JSON.stringify({ Message: denied }) }
  }
  if (connection !== undefined) return act(connection, request)
  if (ID.test(asked.id) && asked.id.length % 4 === 0) return GONE
  return toError(400, 'BadRequestException', `Invalid connectionId: ${asked.id}`)
}

// Of ids that API Gateway never gave out it says so, of others that they are gone. Source: users' reports of both.
const ID = /^[\w+/-]+={0,2}$/

// A page in a browser may find the port, and sign by itself. It cannot help saying who it is.
const PAGES = ['origin', 'referer', 'sec-fetch-site'] as const

// In a header, or in a query, where slashes come encoded.
const SCOPE = /Credential=[^/%,\s]+(?:(?:\/|%2F)[a-z0-9-]+){2}(?:\/|%2F)execute-api(?:\/|%2F)aws4_request/i

/** Why a call does not pass by the app's port. As with every service, whose key signed it is not looked into. */
export function refusalOf({ method = '', url = '', headers }: IncomingMessage): WireResponse | undefined {
  const { host = '', authorization } = headers
  if (!isOurs(host) || PAGES.some((name) => headers[name] !== undefined)) return FORBIDDEN
  const [path = '', query = ''] = url.split('?')
  if (!isSigned({ method, path, query, headers: { authorization } })) return NO_TOKEN
  if (SCOPE.test(authorization ?? '') || SCOPE.test(query)) return undefined
  const words = "Credential should be scoped to correct service: 'execute-api'. "
  return toError(403, 'InvalidSignatureException', words)
}

const OPERATIONS: Readonly<Record<string, string>> = {
  GET: 'GetConnection',
  DELETE: 'DeleteConnection',
  POST: 'PostToConnection',
}

// Which API it is, an SDK's client knows by its endpoint.
function toAsked({ made, domainName }: WebsocketApi, method: string, id: string): Asked {
  const input = { endpoint: `https://${domainName}/${made.stage}`, ConnectionId: id }
  return { client: 'apigatewaymanagementapi', operation: OPERATIONS[method] ?? method, input }
}

type Act = (connection: Connection, request: WireRequest) => Promise<WireResponse> | WireResponse

const ACTS: Readonly<Record<string, Act>> = {
  GET: ({ lastActiveAt, facts }) => {
    const { connectedAt, identity } = facts
    const body = JSON.stringify({ connectedAt: toDate(connectedAt), identity, lastActiveAt: toDate(lastActiveAt) })
    return { status: 200, headers: { 'content-type': 'application/json' }, body }
  },
  DELETE: (connection) => {
    // Source: events and clients of connections that were deleted.
    connection.close(1000, 'Connection Closed Normally')
    return { status: 204, headers: {} }
  },
  POST: async (connection, request) => {
    const data = await readData(request)
    if (data === undefined) return toError(413, 'PayloadTooLargeException', 'Payload too large')
    if (!connection.isOpen) return GONE
    if (connection.send(data)) return { status: 200, headers: {} }
    return toError(429, 'LimitExceededException', 'The client does not read what it is sent.')
  },
}

const toDate = (time: number): string => new Date(time).toISOString()

const toError = (status: number, type: string, message: string): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': type },
  body: JSON.stringify({ message }),
})

// Source: reports of a stage that is not there, and of calls without a signature.
const FORBIDDEN = toError(403, 'ForbiddenException', 'Forbidden')
const NO_TOKEN = toError(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token')
// Without a body: SDKs that read one fail on AWS itself. Source: reports of the SDKs for PHP and Java.
const GONE: WireResponse = { status: 410, headers: { 'x-amzn-errortype': 'GoneException' } }

function readData({ body }: WireRequest): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let size = 0
    body.on('data', (chunk: Uint8Array) => {
      size += chunk.byteLength
      if (size <= MESSAGE_LIMIT) chunks.push(chunk)
      else resolve(undefined)
    })
    body.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
    body.on('error', reject)
    body.on('close', () => reject(new Error('The client went away.')))
  })
}
