// The connection that a hosted app believes to be on: it knows the client, and carries nothing.
import { EventEmitter } from 'node:events'
import type { Arrival } from './arrival.ts'

export class Line extends EventEmitter {
  readonly remoteAddress: string
  readonly encrypted: boolean
  // Parsers take a request whose connection is not readable for one that was read.
  readable = true
  writable = true
  destroyed = false
  readonly #broken: (error: Error | undefined) => void

  constructor({ ip, scheme }: Arrival, broken: (error: Error | undefined) => void) {
    super()
    this.remoteAddress = ip
    this.encrypted = scheme === 'https'
    this.#broken = broken
  }

  get remoteFamily(): string {
    return this.remoteAddress.includes(':') ? 'IPv6' : 'IPv4'
  }
  get remotePort(): number {
    return 0
  }
  get localAddress(): string {
    return '127.0.0.1'
  }
  get localPort(): number {
    return this.encrypted ? 443 : 80
  }
  get connecting(): boolean {
    return false
  }
  get readyState(): string {
    return 'open'
  }
  get writableLength(): number {
    return 0
  }
  get readableHighWaterMark(): number {
    return 16_384
  }
  get writableHighWaterMark(): number {
    return 16_384
  }
  // Node's own messages ask for these two.
  get _paused(): boolean {
    return true
  }
  get _writableState(): object {
    return {}
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
