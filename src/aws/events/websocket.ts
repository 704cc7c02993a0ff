// The events of a WebSocket API and what its functions answer: built and read by the local gateway, read by the runtime.
import { queryPairs, toAccessTime, toStatus } from './http.ts'
import { toLast, toMulti, toMultiHeaders } from './rest.ts'

type Texts = Readonly<Record<string, string>>
type Lists = Readonly<Record<string, readonly string[]>>

/** What every event of a connection says. Source: the samples of aws-lambda-go. */
export interface WebsocketContext<Type extends string = string> {
  readonly routeKey: string
  readonly eventType: Type
  readonly extendedRequestId: string
  /** `20/Jan/2024:11:55:00 +0000` */
  readonly requestTime: string
  readonly messageDirection: 'IN'
  readonly stage: string
  /** Milliseconds since 1970. */
  readonly connectedAt: number
  /** Milliseconds since 1970. */
  readonly requestTimeEpoch: number
  readonly identity: { readonly userAgent?: string; readonly sourceIp: string; readonly [fact: string]: unknown }
  readonly requestId: string
  readonly domainName: string
  readonly connectionId: string
  readonly apiId: string
  /** What the authorizer said at `$connect`, on every event of the connection; values as text. */
  readonly authorizer?: Readonly<Record<string, unknown>>
}

/** Somebody wants to connect. The maps of the query are absent where there is none. */
export interface WebsocketConnectEvent {
  /** Names as the client wrote them; of a header sent twice, the last value. */
  readonly headers: Texts
  readonly multiValueHeaders: Lists
  readonly queryStringParameters?: Texts
  readonly multiValueQueryStringParameters?: Lists
  readonly stageVariables?: Texts
  readonly requestContext: WebsocketContext<'CONNECT'>
  readonly isBase64Encoded: boolean
}

/** A message. It has neither headers nor a query. */
export interface WebsocketMessageEvent {
  readonly requestContext: WebsocketContext<'MESSAGE'> & { readonly messageId: string }
  readonly body: string
  readonly isBase64Encoded: boolean
}

/** A connection has ended, whoever ended it. */
export interface WebsocketDisconnectEvent {
  readonly headers: Texts
  readonly multiValueHeaders: Lists
  readonly requestContext: WebsocketContext<'DISCONNECT'> & {
    readonly disconnectStatusCode: number
    readonly disconnectReason: string
  }
  readonly isBase64Encoded: boolean
}

export type WebsocketEvent = WebsocketConnectEvent | WebsocketMessageEvent | WebsocketDisconnectEvent

/** What a WebSocket API's authorizer is asked: of `$connect`, always. Absent maps are empty. Source: the sample of aws-lambda-go. */
export interface WebsocketAuthorizerEvent extends Required<Omit<WebsocketConnectEvent, 'isBase64Encoded'>> {
  readonly type: 'REQUEST'
  readonly methodArn: string
}

/** What the gateway knows of a connection and of what just came on it. Times are milliseconds since 1970. */
export interface WebsocketFacts {
  readonly connectionId: string
  readonly connectedAt: number
  readonly apiId: string
  readonly stage: string
  readonly domainName: string
  readonly sourceIp: string
  readonly userAgent: string | undefined
  readonly requestId: string
  readonly time: number
  /** What the authorizer said; undefined: there is none, or it is what is being asked. */
  readonly authorizer?: Readonly<Record<string, unknown>> | undefined
}

/** What the gateway knows of a handshake besides. */
export interface HandshakeFacts extends WebsocketFacts {
  /** Without `?`; empty for none. */
  readonly query: string
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[]
  readonly port: string
}

/** Builds the event of `$connect`. */
export function toConnectEvent(facts: HandshakeFacts): WebsocketConnectEvent {
  const headers = toMultiHeaders(facts)
  const query = toMulti(queryPairs(facts.query))
  return {
    headers: toLast(headers),
    multiValueHeaders: headers,
    ...(Object.keys(query).length === 0
      ? {}
      : { queryStringParameters: toLast(query), multiValueQueryStringParameters: query }),
    requestContext: toContext(facts, '$connect', 'CONNECT'),
    isBase64Encoded: false,
  }
}

/** Builds the event of the authorizer from that of `$connect`. */
export function toWebsocketAuthorizerEvent(event: WebsocketConnectEvent, methodArn: string): WebsocketAuthorizerEvent {
  return {
    type: 'REQUEST',
    methodArn,
    headers: event.headers,
    multiValueHeaders: event.multiValueHeaders,
    queryStringParameters: event.queryStringParameters ?? {},
    multiValueQueryStringParameters: event.multiValueQueryStringParameters ?? {},
    stageVariables: event.stageVariables ?? {},
    requestContext: event.requestContext,
  }
}

/** Builds the event of a message that was routed to `routeKey`. */
export function toMessageEvent(
  facts: WebsocketFacts & { readonly routeKey: string; readonly messageId: string; readonly body: string },
): WebsocketMessageEvent {
  const { messageId, body } = facts
  const { routeKey, ...context } = toContext(facts, facts.routeKey, 'MESSAGE')
  return { requestContext: { routeKey, messageId, ...context }, body, isBase64Encoded: false }
}

/** Builds the event of `$disconnect`; `host` is the Host of the handshake. */
export function toDisconnectEvent(
  facts: WebsocketFacts & { readonly code: number; readonly reason: string; readonly host: string },
): WebsocketDisconnectEvent {
  // Source: the sample: these four, whatever the handshake had.
  const headers = { Host: facts.host, 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' }
  const { routeKey, ...context } = toContext(facts, '$disconnect', 'DISCONNECT')
  return {
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    requestContext: {
      routeKey,
      disconnectStatusCode: facts.code,
      disconnectReason: facts.reason,
      ...context,
    },
    isBase64Encoded: false,
  }
}

function toContext<Type extends string>(
  facts: WebsocketFacts,
  routeKey: string,
  eventType: Type,
): WebsocketContext<Type> {
  const { userAgent, sourceIp, authorizer } = facts
  return {
    routeKey,
    ...(authorizer === undefined ? {} : { authorizer }),
    eventType,
    extendedRequestId: facts.requestId,
    requestTime: toAccessTime(facts.time),
    messageDirection: 'IN',
    stage: facts.stage,
    connectedAt: facts.connectedAt,
    requestTimeEpoch: facts.time,
    identity: { ...(userAgent === undefined ? {} : { userAgent }), sourceIp },
    requestId: facts.requestId,
    domainName: facts.domainName,
    connectionId: facts.connectionId,
    apiId: facts.apiId,
  }
}

/** What a function of a WebSocket API answers: that of `$connect` decides the handshake, others are dropped but for their shape. */
export interface WebsocketResult {
  statusCode: number
  headers?: Texts
  body?: string
  isBase64Encoded?: boolean
}

/** What the gateway makes of an answer. */
export interface WebsocketAnswer {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Texts
  /** Undefined where the answer has none. */
  readonly body: string | Uint8Array | undefined
}

const KEYS = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'])

/**
 * Reads a function's answer (JSON) as a proxy integration does; undefined for what is none, which anything with an unknown key
 * is, too (source: middyjs/middy, issue 1219): the handshake is then refused with 502, a message answered with an error.
 */
export function readWebsocketResult(payload: string): WebsocketAnswer | undefined {
  const value: unknown = JSON.parse(payload)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  if (Object.keys(value).some((key) => !KEYS.has(key))) return undefined
  const { statusCode, headers, body, isBase64Encoded }: { [key in keyof WebsocketResult]?: unknown } = value
  const status = toStatus(statusCode)
  if (status === undefined) return undefined
  if (body !== undefined && body !== null && typeof body !== 'string') return undefined
  const named: Record<string, string> = Object.create(null)
  if (typeof headers === 'object' && headers !== null)
    for (const [name, content] of Object.entries(headers)) named[name.toLowerCase()] = String(content)
  const text = body ?? undefined
  return {
    status,
    headers: named,
    body: text !== undefined && isBase64Encoded === true ? Buffer.from(text, 'base64') : text,
  }
}
