// The one argument of a WebSocket API's handlers: a view on the event that computes nothing until it is asked.
import type { Context } from '../aws/context.ts'
import type {
  WebsocketConnectEvent,
  WebsocketDisconnectEvent,
  WebsocketEvent,
  WebsocketMessageEvent,
} from '../aws/events/websocket.ts'
import { readCaller } from './caller.ts'
import { BadRequestError } from './http-error.ts'

type Texts = Readonly<Record<string, string | undefined>>
type Lists = Readonly<Record<string, readonly string[] | undefined>>

/** What is sent: text and bytes as they are, anything else as JSON. */
export type WebsocketData = string | Uint8Array | object | number | boolean | null

/** What a handler does with the connection it is called for. */
export interface Line {
  send(connectionId: string, data: WebsocketData): Promise<void>
  close(connectionId: string): Promise<void>
}

// What has been read once.
interface Kept {
  headers?: Texts
  query?: Texts
  queryAll?: Lists
  body?: { readonly value: unknown }
  auth?: { readonly value: unknown }
}

/** Puts the checked message in its place. For schemas alone, so no method of the input. */
export let putBody: (input: WebsocketInput<unknown, unknown, WebsocketEvent>, value: unknown) => void

/** What just happened on a connection. Everything is read on first use and kept. */
export class WebsocketInput<Body, Auth, Event extends WebsocketEvent> {
  /** The event as Lambda received it. */
  readonly event: Event
  readonly context: Context
  readonly #line: Line
  readonly #kept: Kept = {}

  static {
    putBody = (input, value) => {
      input.#kept.body = { value }
    }
  }

  constructor(event: Event, context: Context, line: Line) {
    this.event = event
    this.context = context
    this.#line = line
  }

  /** Tells middleware what this is. */
  get kind(): 'websocket' {
    return 'websocket'
  }

  /** `$connect`, `$disconnect`, `$default`, or the route that the message named. */
  get route(): string {
    return this.event.requestContext.routeKey
  }

  get connectionId(): string {
    return this.event.requestContext.connectionId
  }

  get connectedAt(): Date {
    return new Date(this.event.requestContext.connectedAt)
  }

  /** Header values by lower-case name; a header sent twice is joined by a comma. A message has none. */
  get headers(): Texts {
    this.#kept.headers ??= toHeaders(this.event)
    return this.#kept.headers
  }

  /** Query values by name; of a name sent twice, the last. Only `$connect` has a query. */
  get query(): Texts {
    const given = 'queryStringParameters' in this.event ? this.event.queryStringParameters : undefined
    this.#kept.query ??= Object.assign(Object.create(null), given)
    return this.#kept.query ?? {}
  }

  /** All query values by name. */
  get queryAll(): Lists {
    const { event } = this
    const given = 'multiValueQueryStringParameters' in event ? event.multiValueQueryStringParameters : undefined
    this.#kept.queryAll ??= Object.assign(Object.create(null), given)
    return this.#kept.queryAll ?? {}
  }

  /** The message as it came; empty where there is none. */
  get text(): string {
    if (!('body' in this.event) || typeof this.event.body !== 'string') return ''
    return this.event.isBase64Encoded ? Buffer.from(this.event.body, 'base64').toString('utf8') : this.event.body
  }

  /** The message as JSON, or what the schema made of it. Throws BadRequestError when it is not JSON. */
  get body(): Body {
    this.#kept.body ??= { value: parse(this.text) }
    return this.#kept.body.value as Body
  }

  /** Who connected, as the authorizer found. */
  get auth(): Auth {
    if (typeof NO_AUTH === 'undefined') this.#kept.auth ??= { value: readCaller(this.event.requestContext) }
    if (this.#kept.auth === undefined)
      throw new Error('`auth` is not in this bundle: name it in your source, as c.auth.')
    return this.#kept.auth.value as Auth
  }

  get stage(): string {
    return this.event.requestContext.stage
  }

  get domainName(): string {
    return this.event.requestContext.domainName
  }

  get requestId(): string {
    return this.event.requestContext.requestId
  }

  get sourceIp(): string {
    return this.event.requestContext.identity.sourceIp
  }

  /** Sends to this connection, at once. Not in `onConnect`: there is no connection yet, and AWS says it is gone. */
  reply(data: WebsocketData): Promise<void> {
    return this.#line.send(this.connectionId, data)
  }

  /** Ends this connection. */
  close(): Promise<void> {
    return this.#line.close(this.connectionId)
  }
}

/** Somebody wants to connect. */
export type WebsocketConnectInput<Auth = unknown> = WebsocketInput<undefined, Auth, WebsocketConnectEvent>
/** A message. */
export type WebsocketMessageInput<Body = unknown, Auth = unknown> = WebsocketInput<Body, Auth, WebsocketMessageEvent>
/** A connection has ended: `event.requestContext` has `disconnectStatusCode` and `disconnectReason`. */
export type WebsocketDisconnectInput<Auth = unknown> = WebsocketInput<undefined, Auth, WebsocketDisconnectEvent>

function toHeaders(event: WebsocketEvent): Texts {
  // No prototype, so that a header called __proto__ is only a header.
  const headers: Record<string, string> = Object.create(null)
  if (!('headers' in event)) return headers
  for (const [name, value] of Object.entries(event.headers ?? {})) headers[name.toLowerCase()] = value
  for (const [name, values] of Object.entries(event.multiValueHeaders ?? {}))
    headers[name.toLowerCase()] = values.join(',')
  return headers
}

function parse(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new BadRequestError('Error Parsing JSON')
  }
}
