// A streamed body between the app that writes it and the door that reads it; the app is held back while the door is slow.
import type { ServerResponse } from 'node:http'

const HIGH_WATER = 64 * 1024

export class Outflow implements AsyncIterable<string | Buffer> {
  readonly #outgoing: ServerResponse
  readonly #cancel: (error: Error) => void
  #waiting: (string | Buffer)[] = []
  #size = 0
  #ended = false
  #error: unknown
  #wake: (() => void) | undefined

  constructor(outgoing: ServerResponse, cancel: (error: Error) => void) {
    this.#outgoing = outgoing
    this.#cancel = cancel
  }

  /** Whether the app may go on; if not, `drain` tells when. */
  push(chunk: string | Buffer): boolean {
    this.#waiting.push(chunk)
    this.#size += chunk.length
    this.#wake?.()
    return this.#size < HIGH_WATER
  }

  end(): void {
    this.#ended = true
    this.#wake?.()
  }

  fail(error: unknown): void {
    this.#error = error
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string | Buffer> {
    let done = false
    try {
      while (true) {
        const chunks = this.#waiting
        this.#waiting = []
        if (this.#size >= HIGH_WATER) this.#drain()
        this.#size = 0
        for (const chunk of chunks) yield chunk
        if (this.#waiting.length > 0) continue
        done = this.#ended || this.#error !== undefined
        if (this.#error !== undefined) throw this.#error
        if (this.#ended) return
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        this.#wake = undefined
      }
    } finally {
      // The client went away.
      if (!done) this.#cancel(new Error('The client has gone.'))
    }
  }

  #drain(): void {
    // Node keeps to itself that it waits; a second stream into the same answer would wait for a drain that has been.
    const waits = Object.getOwnPropertySymbols(this.#outgoing).find((one) => one.description === 'kNeedDrain')
    if (waits !== undefined) Object.assign(this.#outgoing, { [waits]: false })
    process.nextTick(() => this.#outgoing.emit('drain'))
  }
}
