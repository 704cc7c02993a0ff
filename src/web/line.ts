// The connection that a hosted app believes to be on: it knows the client, and carries nothing.
import { EventEmitter } from 'node:events'
import type { Arrival } from './arrival.ts'

export class Line extends EventEmitter {
  readonly remoteAddress: string
  readonly remoteFamily: 'IPv4' | 'IPv6'
  readonly remotePort = 0
  readonly localAddress = '127.0.0.1'
  readonly localPort: number
  readonly encrypted: boolean
  readonly authorized = false
  // Parsers take a request whose connection is not readable for one that was read.
  readable = true
  writable = true
  destroyed = false
  readonly connecting = false
  readonly readyState = 'open'
  readonly bytesRead = 0
  readonly bytesWritten = 0
  readonly writableLength = 0
  readonly readableHighWaterMark = 16_384
  readonly writableHighWaterMark = 16_384
  // Node's own messages look at these.
  readonly _paused = true
  readonly _writableState = { corked: 0 }
  readonly #broken: (error: Error | undefined) => void

  constructor({ ip, scheme }: Arrival, broken: (error: Error | undefined) => void) {
    super()
    this.remoteAddress = ip
    this.remoteFamily = ip.includes(':') ? 'IPv6' : 'IPv4'
    this.encrypted = scheme === 'https'
    this.localPort = this.encrypted ? 443 : 80
    this.#broken = broken
  }

  address(): { address: string; family: string; port: number } {
    return { address: this.localAddress, family: 'IPv4', port: this.localPort }
  }

  destroy(error?: Error): this {
    if (this.destroyed) return this
    this.destroyed = true
    this.readable = false
    this.writable = false
    this.#broken(error)
    return this
  }

  // An app may end the connection itself, as raw servers do after an error.
  end(): this {
    return this.destroy()
  }

  destroySoon(): void {
    this.destroy()
  }

  // Held back, sent at once, kept alive, timed out: nothing of that is this app's to say.
  cork(): void {}
  uncork(): void {}
  write(): boolean {
    return true
  }
  setTimeout(): this {
    return this
  }
  setKeepAlive(): this {
    return this
  }
  setNoDelay(): this {
    return this
  }
  pause(): this {
    return this
  }
  resume(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
}
