// One client's connection: its socket, its limits, and how it ends.
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Alarm, Clock } from '../../clock.ts'
import { FrameWatch, toFrame } from './frames.ts'

/** Source: "Quotas for configuring and running a WebSocket API". */
export const MESSAGE_LIMIT = 128 * 1024
const FRAME_LIMIT = 32 * 1024
const IDLE_LIMIT = 10 * 60_000
const AGE_LIMIT = 2 * 3600_000
// AWS refuses to send more when "the WebSocket client side buffer is full", and does not say when it is.
const BUFFER_LIMIT = 8 * 1024 * 1024

export interface Identity {
  readonly sourceIp: string
  readonly userAgent: string | undefined
}

export interface ConnectionFacts {
  readonly id: string
  readonly connectedAt: number
  readonly identity: Identity
  readonly clock: Clock
  onMessage(text: string): void
  /** Called once, when the socket has ended. */
  onEnd(code: number, reason: string): Promise<void>
}

interface End {
  readonly code: number
  readonly reason: string
}

export class Connection {
  readonly facts: ConnectionFacts
  /** Resolves when it has ended, and whom it concerns has heard of it. */
  readonly ended: Promise<void>
  lastActiveAt: number
  readonly #socket: WebSocket
  readonly #stream: Duplex
  #alarm: Alarm | undefined
  /** How it ends, where that is this side's doing. */
  #end: End | undefined

  /** `stream` is what `socket` speaks on. */
  constructor(facts: ConnectionFacts, socket: WebSocket, stream: Duplex) {
    this.facts = facts
    this.lastActiveAt = facts.clock.now()
    this.#socket = socket
    this.#stream = stream
    const frames = new FrameWatch(FRAME_LIMIT)
    // Before the socket's own listener, so that no message of such a frame is heard.
    stream.prependListener('data', (chunk: Uint8Array) => {
      if (this.isOpen && frames.take(chunk)) this.close(1009, 'Message too big')
    })
    socket.on('message', (data, isBinary) => this.#hear(data, isBinary))
    socket.on('ping', () => this.touch())
    socket.on('error', (error: Error & { code?: string }) => {
      this.#end ??= { code: toCode(error.code ?? ''), reason: '' }
    })
    this.ended = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        this.#alarm?.cancel()
        this.#end ??= { code, reason: code === 1005 ? NO_STATUS : reason.toString() }
        resolve(facts.onEnd(this.#end.code, this.#end.reason))
      })
    })
    this.#arm()
  }

  get isOpen(): boolean {
    return this.#end === undefined && this.#socket.readyState === this.#socket.OPEN
  }

  /** False when the client does not read what it was sent before. */
  send(data: Uint8Array | string): boolean {
    return this.sendFrame(toFrame(data))
  }

  /** Sends what `toFrame` made, to this client as to others. False as with `send`. */
  sendFrame(frame: Uint8Array): boolean {
    if (this.#socket.bufferedAmount > BUFFER_LIMIT) return false
    this.touch()
    // Past `ws`, which would write a header of its own for each, in a second piece: without extensions nothing waits in it.
    this.#stream.write(frame)
    return true
  }

  /** From now on it is gone for everybody but its client, who is told why. */
  close(code: number, reason: string): void {
    this.#end ??= { code, reason }
    this.#socket.close(code, reason)
  }

  /** Cuts it, without a word. */
  cut(): void {
    this.#socket.terminate()
  }

  touch(): void {
    this.lastActiveAt = this.facts.clock.now()
  }

  /** Reads no more until `resume`. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  #hear(data: unknown, isBinary: boolean): void {
    if (!this.isOpen) return
    this.touch()
    if (isBinary) this.close(1003, 'Binary is not supported')
    else this.facts.onMessage(String(data))
  }

  // One alarm at a time, set anew when it finds the connection busy: a message must not cost one.
  #arm(): void {
    const { clock, connectedAt } = this.facts
    const due = Math.min(this.lastActiveAt + IDLE_LIMIT, connectedAt + AGE_LIMIT)
    this.#alarm = clock.at(due, () => {
      const now = clock.now()
      if (now < this.lastActiveAt + IDLE_LIMIT && now < connectedAt + AGE_LIMIT) this.#arm()
      else {
        this.close(1001, 'Going away')
        clock.hold(this.ended)
      }
    })
  }
}

// What `ws` closes with when a client breaks the protocol.
const CODES: Readonly<Record<string, number>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
  WS_ERR_INVALID_UTF8: 1007,
}

function toCode(name: string): number {
  return CODES[name] ?? (name.startsWith('WS_ERR_') ? 1002 : 1006)
}

// Source: events of `$disconnect` with the code 1005 that users published, 2022 to 2024, all alike.
const NO_STATUS = 'Client-side close frame status not set'
