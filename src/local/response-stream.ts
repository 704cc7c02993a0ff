// Streamed answers inside a sandbox: the `awslambda` global of Lambda's Node.js runtime, and the stream it hands to handlers.
import { Writable } from 'node:stream'
import { STREAM_DELIMITER, STREAM_TYPE } from '../aws/events/stream.ts'

// Source: the runtime interface client's own symbol and values.
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming')

/** Whether this handler takes a stream to write its answer to. */
export const isStreaming = (handler: object): boolean => Reflect.get(handler, STREAMING) === 'response'

type Send = (bytes: Uint8Array, contentType: string, taken: () => void) => void

class ResponseStream extends Writable {
  readonly #send: Send
  #contentType = 'application/octet-stream'
  #head: Uint8Array | undefined

  constructor(send: Send) {
    super()
    this.#send = send
  }

  setContentType(contentType: string): void {
    this.#contentType = contentType
  }

  setHead(head: unknown): void {
    this.#contentType = STREAM_TYPE
    this.#head = Buffer.concat([Buffer.from(JSON.stringify(head)), STREAM_DELIMITER])
  }

  // The head goes before the first byte, and so not at all when nothing is written. Source: the runtime interface client.
  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    const bytes = this.#head === undefined ? new Uint8Array(chunk) : new Uint8Array(Buffer.concat([this.#head, chunk]))
    this.#head = undefined
    this.#send(bytes, this.#contentType, done)
  }
}

/** A stream for one event. */
export function openResponseStream(send: Send): { readonly stream: Writable; readonly finished: Promise<void> } {
  const stream = new ResponseStream(send)
  const finished = new Promise<void>((resolve, reject) => {
    stream.on('finish', resolve)
    stream.on('error', reject)
  })
  // A handler that failed is told so by itself; its stream's own end is no further news.
  finished.catch(() => {})
  return { stream, finished }
}

/** Sets the global that Lambda provides. */
export function provideAwsLambda(): void {
  const streamifyResponse = (handler: object): object => {
    Reflect.set(handler, STREAMING, 'response')
    return handler
  }
  const from = (stream: unknown, head: unknown): unknown => {
    if (stream instanceof ResponseStream) stream.setHead(head)
    return stream
  }
  Reflect.set(globalThis, 'awslambda', { streamifyResponse, HttpResponseStream: { from } })
}
