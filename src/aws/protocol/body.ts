// Collects a request body into memory, up to a limit, so that no client can make the process grow without end.
import { Readable } from 'node:stream'

/** A body that is here already: it can be read like any other, and at once. */
export class Whole extends Readable {
  readonly bytes: Buffer
  readonly complete = true

  constructor(bytes: Buffer) {
    super()
    this.bytes = bytes
  }

  override _read(): void {
    this.push(this.bytes)
    this.push(null)
  }
}

/** The whole body as text, or undefined when it is longer than `limit` bytes (the rest is then left unread). */
export function readText(body: Readable, limit: number): Promise<string | undefined> {
  return readBytes(body, limit).then((bytes) => bytes?.toString('utf8'))
}

/** The same as bytes. */
export function readBytes(body: Readable, limit: number): Promise<Buffer | undefined> {
  if (body instanceof Whole) return Promise.resolve(body.bytes.length > limit ? undefined : body.bytes)
  // By events: iterating over the stream costs as much as the rest of a small request.
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    let length = 0
    const leave = (): void => {
      body.off('data', take).off('end', end).off('error', fail).off('close', cut)
    }
    const take = (piece: Buffer | string): void => {
      const bytes = Buffer.isBuffer(piece) ? piece : Buffer.from(piece)
      length += bytes.length
      pieces.push(bytes)
      if (length <= limit) return
      leave()
      body.pause()
      resolve(undefined)
    }
    const end = (): void => {
      leave()
      const [only] = pieces
      resolve(pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces))
    }
    const fail = (error: Error): void => {
      leave()
      reject(error)
    }
    const cut = (): void => fail(new Error('The client went away in the middle of its request.'))
    if (body.destroyed) return cut()
    body.on('data', take).on('end', end).on('error', fail).on('close', cut)
  })
}
