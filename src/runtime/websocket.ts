// `websocket(name, options)`: a WebSocket API, its routes and the client that reaches its connections.
import type { AuthOption, CallerOf } from './auth.ts'
import type { ConnectionInfo, Errors } from './connections.ts'
import { type Declaration, declare } from './declare.ts'
import { GoneError, PayloadTooLargeError } from './http-error.ts'
import type { DomainOption, FunctionOptions } from './options.ts'
import { type Placement, placed, websocketEndpoint } from './place.ts'
import type { Schema, SchemaOutput } from './schema.ts'
import type {
  WebsocketConnectInput,
  WebsocketData,
  WebsocketDisconnectInput,
  WebsocketMessageInput,
} from './websocket-input.ts'

export interface WebsocketOptions extends Placement {
  /**
   * What of a message names its route: `$request.body.action`, or several with text between them,
   * `${request.body.room}/${request.body.action}`. Default `$request.body.action`.
   */
  select?: string
  /** Who may connect: an `authorizer(…)`, asked in request style, or `iam()`. It needs an `onConnect`. Default: everybody. */
  auth?: AuthOption
  /** The stage's name, which is the path of the URL. Default: the stage that is deployed, `dev` locally. */
  apiStage?: string
  /** The name that clients connect to, in every stage or for each: `{ stages: { prod: 'chat.example.com' } }`. */
  domain?: DomainOption | { stages: Readonly<Record<string, DomainOption>> }
}

/** Options of a route that gets messages. */
export interface WebsocketRouteOptions<Body extends Schema = Schema> extends FunctionOptions {
  /** Any Standard Schema for the message as JSON; what it refuses is answered as in HTTP, with `Code` and `Problems`. */
  body?: Body
}

/** A function of a WebSocket API. */
export interface WebsocketTrigger extends Declaration {
  readonly websocket: string
}

type Handler<Input> = (connection: Input) => unknown
// biome-ignore lint/suspicious/noExplicitAny: a message is whatever the client sent; a schema narrows it.
type Anything = any
type BodyOf<Body> = Schema extends Body ? Anything : Body extends Schema ? SchemaOutput<Body> : Anything

/** `Auth`: what handlers know of who connected. */
export interface Websocket<Auth = unknown> extends Declaration {
  /** The name on AWS. */
  readonly name: string
  /** Where clients connect: `wss://…/dev`. */
  readonly url: string
  /** Where connections are managed: `https://…/dev`. */
  readonly endpoint: string
  /** Asked before somebody is connected: throw an HttpError, or return `reply(…, { status: 403 })`, to refuse. */
  onConnect(handler: Handler<WebsocketConnectInput<Auth>>): WebsocketTrigger
  onConnect(options: FunctionOptions, handler: Handler<WebsocketConnectInput<Auth>>): WebsocketTrigger
  /** Gets the messages that name this route. What it returns is sent back, unless it is undefined. */
  on(route: string, handler: Handler<WebsocketMessageInput<Anything, Auth>>): WebsocketTrigger
  on<Body extends Schema>(
    route: string,
    options: WebsocketRouteOptions<Body>,
    handler: Handler<WebsocketMessageInput<BodyOf<Body>, Auth>>,
  ): WebsocketTrigger
  /** Gets the messages that no other route gets. What it returns is sent back, unless it is undefined. */
  onDefault(handler: Handler<WebsocketMessageInput<Anything, Auth>>): WebsocketTrigger
  onDefault<Body extends Schema>(
    options: WebsocketRouteOptions<Body>,
    handler: Handler<WebsocketMessageInput<BodyOf<Body>, Auth>>,
  ): WebsocketTrigger
  /** Told that a connection has ended. AWS tries to call it, and promises nothing. */
  onDisconnect(handler: Handler<WebsocketDisconnectInput<Auth>>): WebsocketTrigger
  onDisconnect(options: FunctionOptions, handler: Handler<WebsocketDisconnectInput<Auth>>): WebsocketTrigger
  /** Sends to one connection: text and bytes as they are, anything else as JSON. Throws a GoneError when it is gone. */
  send(connectionId: string, data: WebsocketData): Promise<void>
  /** Sends to many at once; tells how many it reached, and which are gone. Throws after the last when some were refused. */
  sendAll(connectionIds: Iterable<string>, data: WebsocketData): Promise<{ sent: number; gone: string[] }>
  /** Ends a connection. Throws a GoneError when it is gone. */
  close(connectionId: string): Promise<void>
  /** Since when somebody is connected, and who it is. Throws a GoneError when the connection is gone. */
  info(connectionId: string): Promise<ConnectionInfo>
}

const ERRORS: Errors = {
  gone: (connectionId) => Object.assign(new GoneError(`The connection ${connectionId} is gone.`), { connectionId }),
  tooLarge: (message) => new PayloadTooLargeError(message),
}

/**
 * Declares a WebSocket API. `existing: true` refers to one that is already there, by its id.
 *
 * @example
 * export const chat = websocket('chat')
 * export const join = chat.onConnect(async ({ connectionId, query }) => { … })
 * export const say = chat.on('say', async ({ body }) => { await chat.sendAll(everybody, body.text) })
 */
export function websocket<const Auth extends AuthOption = 'none'>(
  name?: string,
  options?: WebsocketOptions & { auth?: Auth },
): Websocket<CallerOf<Auth>>
export function websocket(name = 'websocket', options: WebsocketOptions = {}): Websocket<Anything> {
  const client = async () => (await import('./connections.ts')).connectionsOf(handle.endpoint, ERRORS)
  const handle: Websocket<Anything> = declare(
    {
      get name() {
        return placed(name, options)
      },
      get url() {
        return handle.endpoint.replace(/^http/, 'ws')
      },
      get endpoint() {
        return websocketEndpoint(name)
      },
      async send(connectionId: string, data: WebsocketData) {
        return (await client()).send(connectionId, data)
      },
      async sendAll(connectionIds: Iterable<string>, data: WebsocketData) {
        return (await client()).sendAll(connectionIds, data)
      },
      async close(connectionId: string) {
        return (await client()).close(connectionId)
      },
      async info(connectionId: string) {
        return (await client()).info(connectionId)
      },
      onConnect: (first: object, second?: unknown) => route('onConnect', undefined, first, second),
      onDefault: (first: object, second?: unknown) => route('onDefault', undefined, first, second),
      onDisconnect: (first: object, second?: unknown) => route('onDisconnect', undefined, first, second),
      on: (key: string, first: object, second?: unknown) => route('on', key, first, second),
    },
    { role: 'resource', kind: 'websocket', name, options },
  )
  const route = (subject: string, key: string | undefined, first: object, second: unknown): WebsocketTrigger => {
    const [given, handler] = typeof first === 'function' ? [{}, first] : [first, second]
    const all = key === undefined ? given : { ...given, route: key }
    return declare(
      { websocket: name },
      { role: 'function', trigger: 'websocket', subject, source: handle, options: all, handler },
    )
  }
  return handle
}
