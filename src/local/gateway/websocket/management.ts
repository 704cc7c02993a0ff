// The @connections API: sends to a connection, says when it was last heard of, ends it.
import type { IncomingMessage } from 'node:http'
import { readBytes } from '../../../aws/protocol/body.ts'
import { isSigned } from '../../../aws/signer.ts'
import type { Asked, Service, WireRequest, WireResponse } from '../../service.ts'
import { isOurs } from './address.ts'
import type { WebsocketApi } from './api.ts'
import { type Connection, MESSAGE_LIMIT } from './connection.ts'
import { toFrame } from './frames.ts'

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

/** Looks up ids behind a host and a base path. */
export type Finder = (host: string, base: string) => (id: string) => Found

/** Opens the service. */
export function openManagement(finder: Finder): Service {
  return { handle: (request) => handle(request, finder) }
}

async function handle(request: WireRequest, finder: Finder): Promise<WireResponse> {
  const { method, path, query, headers } = request
  if (!isSigned({ method, path, query, headers })) return NO_TOKEN
  const asked = readPath(path)
  const act = ACTS[method]
  if (asked === undefined || act === undefined) return FORBIDDEN
  const find = finder(headers.host ?? '', asked.base)
  const { api, connection } = find(asked.id)
  if (api === undefined) return FORBIDDEN
  const denied = request.denied?.(toAsked(api, method, asked.id))
  if (denied !== undefined) {
    // Recorded of API Gateway: this refusal alone has a capital letter.
    const refused = toError(403, 'AccessDeniedException', denied)
    return { ...refused, body: JSON.stringify({ Message: denied }) }
  }
  if (connection !== undefined) return act(connection, request)
  if (isBatch(request, asked.id)) return sendToMany(request, find)
  if (isId(asked.id)) return GONE
  return toError(400, 'BadRequestException', `Invalid connectionId: ${asked.id}`)
}

// Of ids that API Gateway never gave out it says so, of others that they are gone. Source: users' reports of both.
const ID = /^[\w+/-]+={0,2}$/
const isId = (id: string): boolean => ID.test(id) && id.length % 4 === 0

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
    // Source: the event of a connection that was deleted (boto/boto3, issue 3789).
    connection.close(1000, 'Connection Closed Normally')
    return { status: 204, headers: {} }
  },
  POST: async (connection, request) => {
    const data = await readBytes(request.body, MESSAGE_LIMIT)
    if (data === undefined) return TOO_LARGE
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
const TOO_LARGE = toError(413, 'PayloadTooLargeException', 'Payload too large')
// Without a body: SDKs that read one fail on AWS itself. Source: reports of the SDKs for PHP and Java.
const GONE: WireResponse = { status: 410, headers: { 'x-amzn-errortype': 'GoneException' } }

// AWS has no such call. Goblet's own `sendAll` makes it where the local cloud has told it that it may: each call of a function
// costs the machine several times what the message does, and here one machine is both sides.
const isBatch = ({ method, headers }: WireRequest, id: string): boolean =>
  method === 'POST' && id === '*' && headers['x-amz-target']?.startsWith('execute-api.SendAll') === true

const IDS_LIMIT = 16 * 1024 * 1024
// Others have their turn after so many.
const IN_A_ROW = 1000

/** Sends to those whose ids stand in the body's first line, as a list. Whoever was not reached and is not gone is `refused`: to be asked for alone. */
async function sendToMany(request: WireRequest, find: (id: string) => Found): Promise<WireResponse> {
  const body = await readBytes(request.body, IDS_LIMIT)
  const end = body?.indexOf(LINE_FEED) ?? -1
  const ids = body === undefined || end < 0 ? undefined : readIds(body.subarray(0, end))
  if (body === undefined || ids === undefined) return toError(400, 'BadRequestException', 'No ids')
  if (body.length - end - 1 > MESSAGE_LIMIT) return TOO_LARGE
  const frame = toFrame(body.subarray(end + 1))
  const [gone, refused]: [string[], string[]] = [[], []]
  let sent = 0
  for (const [at, id] of ids.entries()) {
    if (at % IN_A_ROW === IN_A_ROW - 1) await new Promise((resolve) => setImmediate(resolve))
    const { connection } = find(id)
    if (connection?.isOpen === true && connection.sendFrame(frame)) sent++
    else if (connection?.isOpen === true || !isId(id)) refused.push(id)
    else gone.push(id)
  }
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ sent, gone, refused }) }
}

const LINE_FEED = 10

function readIds(line: Uint8Array): readonly string[] | undefined {
  try {
    const ids: unknown = JSON.parse(Buffer.from(line).toString())
    return Array.isArray(ids) && ids.every((id) => typeof id === 'string') ? ids : undefined
  } catch {
    return undefined
  }
}
