// The WebSocket APIs of the app: every connection there is, how one comes about, and how others reach it.
import type { IncomingMessage, RequestListener } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import type { WebsocketModel } from '../../../model/index.ts'
import type { Service } from '../../service.ts'
import { tellFault } from '../../tell.ts'
import { type Incoming, toIncoming } from '../asked.ts'
import { isAt, isOurs, pathOf } from './address.ts'
import { type Client, type ServedApi, toId, WebsocketApi, type WebsocketGround } from './api.ts'
import { Connection, MESSAGE_LIMIT } from './connection.ts'
import { asksForWebSocket, problemOf, type Refusal, refuse, toRefusal } from './handshake.ts'
import { Lane } from './lane.ts'
import { openManagement, readPath, refusalOf } from './management.ts'

export type { ServedApi, WebsocketGround } from './api.ts'

export interface WebsocketGateway {
  /** Answers the requests to @connections. */
  readonly management: Service
  /** Takes the app's APIs. Who is connected to one that stays, stays connected. */
  serve(apis: readonly ServedApi[]): void
  /** The path of every API below the app's port, by its declared name. */
  paths(): ReadonlyMap<string, string>
  /** Whether a request for another protocol is one for a WebSocket of this app. */
  takes(request: IncomingMessage): boolean
  /** Opens a connection, or says why not. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Whether a path is one of @connections below an API's. */
  manages(host: string, path: string): boolean
  /** Hands such a request on to the AWS services, where it may come in by the app's port. */
  readonly manage: RequestListener
  /** Whether a WebSocket API is there. */
  isAt(host: string, path: string): boolean
  /** Ends every connection; the functions have a moment to hear of it. */
  close(): Promise<void>
}

/** Opens the gateway, without any API. */
export const openWebsockets = (ground: GatewayGround): WebsocketGateway => new Gateway(ground)

export interface GatewayGround extends WebsocketGround {
  /** The AWS services, to which @connections belongs. */
  readonly services: RequestListener
}

// How long clients and functions have when the local cloud ends, each.
const LAST_WORDS = 1_000

interface Entry {
  readonly api: WebsocketApi
  readonly connection: Connection
}

class Gateway implements WebsocketGateway {
  readonly management: Service
  readonly #ground: GatewayGround
  readonly #entries = new Map<string, Entry>()
  readonly #waiting = new Set<Duplex>()
  readonly #protocols = new WeakMap<IncomingMessage, string>()
  #apis: readonly WebsocketApi[] = []
  #made: readonly WebsocketModel[] = []
  #server: Promise<WebSocketServer> | undefined
  #isClosed = false

  constructor(ground: GatewayGround) {
    this.#ground = ground
    this.management = openManagement((host, base) => {
      const here = this.#apis.filter(({ made }) => isAt(made, host, base, [made]))
      return (id) => {
        const entry = this.#entries.get(id)
        if (entry !== undefined && here.includes(entry.api)) return entry
        return { api: this.#find(host, base), connection: undefined }
      }
    })
  }

  serve(apis: readonly ServedApi[]): void {
    const before = this.#apis
    this.#apis = apis.map((served) => {
      const known = before.find(({ made }) => made.apiId === served.made.apiId && made.stage === served.made.stage)
      known?.update(served)
      return known ?? new WebsocketApi(served, this.#ground)
    })
    this.#made = this.#apis.map(({ made }) => made)
    for (const { api, connection } of this.#entries.values())
      if (!this.#apis.includes(api)) connection.close(1001, 'Going away')
  }

  paths(): ReadonlyMap<string, string> {
    return new Map(this.#made.map((made) => [made.name, pathOf(made, this.#made)]))
  }

  takes(request: IncomingMessage): boolean {
    return asksForWebSocket(request) && this.#apis.length > 0
  }

  manages(host: string, path: string): boolean {
    const asked = readPath(path)
    return asked !== undefined && this.#apis.some(({ made }) => isAt(made, host, asked.base, [made]))
  }

  readonly manage: RequestListener = (request, response) => {
    const refusal = refusalOf(request)
    if (refusal === undefined) return this.#ground.services(request, response)
    const { status, headers, body } = refusal
    response.writeHead(status, { ...headers, connection: 'close' })
    response.end(body)
  }

  isAt(host: string, path: string): boolean {
    return path !== '/' && this.#find(host, path) !== undefined
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A client may go while it waits; what is written then concerns nobody.
    socket.on('error', () => socket.destroy())
    this.#waiting.add(socket)
    void this.#open(request, socket, head)
      .catch((error: unknown) => {
        tellFault(error)
        refuse(socket, toRefusal(500, 'Internal server error'))
      })
      .finally(() => this.#waiting.delete(socket))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const socket of this.#waiting) socket.destroy()
    const open = [...this.#entries.values()].map(({ connection }) => connection)
    const ended = Promise.all(open.map((connection) => connection.ended))
    for (const connection of open) connection.close(1001, 'Going away')
    await within(LAST_WORDS, ended)
    for (const connection of open) connection.cut()
    await within(LAST_WORDS, ended)
  }

  #find(host: string, path: string): WebsocketApi | undefined {
    return this.#apis.find(({ made }) => isAt(made, host, path, this.#made))
  }

  async #open(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { clock, journal } = this.#ground
    const incoming = toIncoming(request, clock.now(), toId())
    const began = performance.now()
    const note = (status: number, name: string): void => {
      const { id: requestId, method, path } = incoming
      const duration = performance.now() - began
      journal.record({ kind: 'request', time: clock.now(), function: name, requestId, method, path, status, duration })
    }
    const fail = (refusal: Refusal, name: string): void => {
      note(refusal.status, name)
      refuse(socket, refusal)
    }
    const found = this.#admit(request, incoming)
    if ('status' in found) return fail(found, '')
    const client = toClient(request, incoming.time)
    const welcome = await found.welcome(client, incoming)
    if ('status' in welcome) return fail(welcome, found.greeter)
    if (welcome.protocol !== undefined) this.#protocols.set(request, welcome.protocol)
    const server = await this.#listen()
    let isOpen = false
    if (!this.#isClosed)
      server.handleUpgrade(request, socket, head, (opened) => {
        isOpen = true
        this.#enter(found, client, opened, socket)
      })
    note(isOpen ? 101 : 499, found.greeter)
    if (isOpen) return
    // It left, or the local cloud ends. The app has been told that it came, so it hears that it went.
    socket.destroy()
    await found.farewell(client, 1006, '')
  }

  #admit(request: IncomingMessage, { path }: Incoming): WebsocketApi | Refusal {
    const { host = '' } = request.headers
    if (this.#isClosed) return toRefusal(503)
    if (!isOurs(host)) return toRefusal(403, `The host ${host} is not this machine's.`)
    return problemOf(request) ?? this.#find(host, path) ?? toRefusal(403)
  }

  #enter(api: WebsocketApi, client: Client, socket: WebSocket, stream: Duplex): void {
    const { clock } = this.#ground
    const { id } = client
    const connection = new Connection(
      {
        ...client,
        clock,
        onMessage: (text) => lane.run(api.receive(client, connection, text)),
        onEnd: (code, reason) => {
          this.#entries.delete(id)
          return api.farewell(client, code, reason).catch(tellFault)
        },
      },
      socket,
      stream,
    )
    const lane = new Lane(connection)
    this.#entries.set(id, { api, connection })
  }

  // Loaded when somebody connects: most apps have no WebSockets.
  #listen(): Promise<WebSocketServer> {
    this.#server ??= import('ws').then(({ WebSocketServer }) => {
      const options = {
        noServer: true,
        clientTracking: false,
        // API Gateway has no extensions.
        perMessageDeflate: false,
        maxPayload: MESSAGE_LIMIT,
        // A message of single bytes costs a hundred times its size.
        maxFragments: 1024,
        maxBufferedChunks: 1024,
        closeTimeout: 5_000,
        handleProtocols: (_asked: Set<string>, request: IncomingMessage) => this.#protocols.get(request) ?? false,
      } as const
      return new WebSocketServer(options)
    })
    return this.#server
  }
}

function toClient({ headers }: IncomingMessage, connectedAt: number): Client {
  const { host = '', 'user-agent': userAgent } = headers
  return { id: toId(), connectedAt, identity: { sourceIp: '127.0.0.1', userAgent }, host, caller: undefined }
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
