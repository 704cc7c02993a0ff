// A function's answer that reaches the client while it is made: takes the chunks, finds the head in front of them.
import type { ServerResponse } from 'node:http'
import {
  readStreamHead,
  STREAM_DELIMITER,
  STREAM_TYPE,
  type StreamHead,
  toStreamHead,
} from '../../aws/events/stream.ts'
import type { Sink } from '../invocation.ts'

// A head that does not end would be kept for ever.
const HEAD_LIMIT = 64 * 1024

export interface AnswerStream extends Sink {
  /** Its status, once there is a head. */
  readonly status: number | undefined
  /** The head was none. */
  readonly broken: boolean
}

/** Sends what a function streams. `begin` writes the head. */
export function openAnswerStream(
  response: ServerResponse,
  door: 'rest' | 'url',
  begin: (head: StreamHead) => void,
): AnswerStream {
  let waiting: Uint8Array = new Uint8Array(0)
  let status: number | undefined
  let broken = false

  const start = (head: StreamHead | undefined): void => {
    if (head === undefined) {
      broken = true
      return
    }
    status = head.status
    begin(head)
  }

  // What stands behind the head in what has come so far, or undefined while there is none.
  const behindHead = (chunk: Uint8Array): Uint8Array | undefined => {
    const all = Buffer.concat([waiting, chunk])
    const at = all.indexOf(STREAM_DELIMITER)
    if (at < 0) {
      if (all.byteLength > HEAD_LIMIT) broken = true
      waiting = all
      return undefined
    }
    start(readStreamHead(all.toString('utf8', 0, at), door))
    return all.subarray(at + STREAM_DELIMITER.byteLength)
  }

  const write = async (chunk: Uint8Array, contentType: string): Promise<void> => {
    if (broken || response.destroyed) return
    let rest: Uint8Array | undefined = chunk
    if (status === undefined) {
      if (contentType === STREAM_TYPE) rest = behindHead(chunk)
      else if (door === 'rest') broken = true
      else start(toStreamHead(contentType))
    }
    if (broken || rest === undefined) return
    if (rest.byteLength === 0) response.flushHeaders()
    else if (!response.write(rest)) await drained(response)
  }

  return {
    write,
    get status() {
      return status
    },
    get broken() {
      return broken
    },
  }
}

// A client that has gone away takes nothing more: Lambda lets its function finish all the same.
const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
  })
