// A client of WebSocket APIs, for tests and for the terminal: what came is never lost, and a refusal keeps what it says.
import { buffer } from 'node:stream/consumers'
import type { RawData, WebSocket } from 'ws'

export interface SocketOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly protocols?: readonly string[]
}

/** How a connection ended. */
export interface SocketClosed {
  /** 1000 in order; 1006 when nobody said goodbye. */
  readonly code: number
  readonly reason: string
}

export interface Socket {
  /** The subprotocol; empty without one. */
  readonly protocol: string
  readonly closed: Promise<SocketClosed>
  /** Resolves when it is on its way. */
  send(data: string | Uint8Array): Promise<void>
  close(code?: number, reason?: string): void
}

/** Nobody was let in. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string

  constructor(status: number, headers: RefusedError['headers'], text: string) {
    super(`The connection was refused with ${status}: ${text}`)
    this.status = status
    this.headers = headers
    this.text = text
  }
}

/** Connects. `heard` is told of every message. Throws a RefusedError, or what the network says. */
export async function openSocket(
  url: string,
  { headers = {}, protocols = [] }: SocketOptions,
  heard: (message: Uint8Array) => void,
): Promise<Socket> {
  const { WebSocket: Client } = await import('ws')
  const socket = new Client(url, [...protocols], { headers: { ...headers }, perMessageDeflate: false })
  socket.on('message', (data) => heard(toBytes(data)))
  const closed = new Promise<SocketClosed>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString('utf8') }))
  })
  await opened(socket)
  // What breaks from now on ends the connection: `closed` tells.
  socket.on('error', () => {})
  return {
    protocol: socket.protocol,
    closed,
    send: (data) =>
      new Promise((resolve, reject) => {
        socket.send(data, (error) => (error === undefined || error === null ? resolve() : reject(error)))
      }),
    close: (code, reason) => socket.close(code, reason),
  }
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('error', reject)
    socket.once('unexpected-response', (_request, answer) => {
      const headers: Record<string, string | undefined> = Object.create(null)
      for (const [name, value] of Object.entries(answer.headers))
        headers[name] = Array.isArray(value) ? value.join(', ') : value
      const refused = (text: string): void => {
        socket.on('error', () => {})
        socket.terminate()
        reject(new RefusedError(answer.statusCode ?? 0, headers, text))
      }
      buffer(answer).then(
        (bytes) => refused(bytes.toString('utf8')),
        () => refused(''),
      )
    })
  })
}

function toBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data
}
