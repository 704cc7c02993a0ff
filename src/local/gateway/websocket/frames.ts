// The frames of a WebSocket connection: one is made for a message, and those that come are walked.
import { isUtf8 } from 'node:buffer'

const [TEXT, BINARY] = [0x81, 0x82]

/** A message in one frame, as a server sends it: as text; what is none can only be sent as bytes. */
export function toFrame(data: Uint8Array | string): Uint8Array {
  const payload = typeof data === 'string' ? Buffer.from(data) : data
  const size = payload.length
  const start = size < 126 ? 2 : size < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(start + size)
  frame[0] = typeof data === 'string' || isUtf8(data) ? TEXT : BINARY
  frame[1] = start === 2 ? size : start === 4 ? 126 : 127
  if (start === 4) frame.writeUInt16BE(size, 2)
  if (start === 10) frame.writeBigUInt64BE(BigInt(size), 2)
  frame.set(payload, start)
  return frame
}

/**
 * API Gateway takes no frame above 32 KB, whatever the message has in all. Reads no payloads: `ws` does, which knows of a
 * message's size alone.
 */
export class FrameWatch {
  readonly #limit: number
  readonly #header = new Uint8Array(14)
  /** Bytes of the present header that have come. */
  #filled = 0
  /** Bytes of payload that are still to come. */
  #rest = 0

  /** `limit`: the most bytes a frame may carry. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Takes the next bytes; true when a frame begins in them that carries more than it may. */
  take(chunk: Uint8Array): boolean {
    let at = 0
    while (at < chunk.length) {
      if (this.#rest > 0) {
        const skipped = Math.min(this.#rest, chunk.length - at)
        this.#rest -= skipped
        at += skipped
        continue
      }
      this.#header[this.#filled++] = chunk[at++] ?? 0
      if (this.#filled < 2 || this.#filled < this.#headerSize()) continue
      this.#rest = this.#payloadSize()
      this.#filled = 0
      if (this.#rest > this.#limit) return true
    }
    return false
  }

  #headerSize(): number {
    const second = this.#header[1] ?? 0
    const short = second & 127
    return 2 + (short === 127 ? 8 : short === 126 ? 2 : 0) + (second & 128 ? 4 : 0)
  }

  #payloadSize(): number {
    const short = (this.#header[1] ?? 0) & 127
    if (short < 126) return short
    const view = new DataView(this.#header.buffer)
    return short === 126 ? view.getUint16(2) : Number(view.getBigUint64(2))
  }
}
