// AWS's event stream: the binary frames in which an answer goes on for as long as there is something to tell.
// Source: https://smithy.io/2.0/aws/amazon-eventstream.html
import { crc32 } from 'node:zlib'

const STRING = 7

/** The content type of an answer that is such a stream. */
export const EVENT_STREAM = 'application/vnd.amazon.eventstream'

/** One event. `type` is the member of the operation's output union; `content` is what the payload is. */
export function toFrame(type: string, payload: Uint8Array | string, content = 'application/json'): Buffer {
  return frame({ ':event-type': type, ':content-type': content, ':message-type': 'event' }, Buffer.from(payload))
}

function frame(given: Readonly<Record<string, string>>, payload: Buffer): Buffer {
  const headers = Buffer.concat(Object.entries(given).map(([name, value]) => header(name, value)))
  const total = 16 + headers.length + payload.length
  const whole = Buffer.alloc(total)
  whole.writeUInt32BE(total, 0)
  whole.writeUInt32BE(headers.length, 4)
  whole.writeUInt32BE(crc32(whole.subarray(0, 8)), 8)
  headers.copy(whole, 12)
  payload.copy(whole, 12 + headers.length)
  whole.writeUInt32BE(crc32(whole.subarray(0, total - 4)), total - 4)
  return whole
}

function header(name: string, value: string): Buffer {
  const [key, text] = [Buffer.from(name), Buffer.from(value)]
  const head = Buffer.from([key.length])
  const length = Buffer.alloc(2)
  length.writeUInt16BE(text.length)
  return Buffer.concat([head, key, Buffer.from([STRING]), length, text])
}
