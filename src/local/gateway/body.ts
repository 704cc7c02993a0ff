// The body of a request, counted while it comes.
import type { IncomingMessage } from 'node:http'

/** The whole body; undefined when there is none. Rejects when the client goes away. */
export function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array | 'too large' | undefined> {
  const { headers } = request
  const length = headers['content-length']
  if (headers['transfer-encoding'] === undefined && (length ?? '0') === '0') return Promise.resolve(undefined)
  if (Number(length) > limit) return Promise.resolve('too large')
  return new Promise((resolve, reject) => {
    let chunks: Uint8Array[] = []
    let size = 0
    request.on('data', (chunk: Uint8Array) => {
      size += chunk.byteLength
      // So that no client fills the memory.
      if (size <= limit) chunks.push(chunk)
      else {
        chunks = []
        resolve('too large')
      }
    })
    request.on('end', () => resolve(size === 0 ? undefined : Buffer.concat(chunks)))
    request.on('error', reject)
    request.on('close', () => reject(new Error('The client went away.')))
  })
}

// Uploads that were refused are read a while longer, so that their clients come to read the answer instead of a broken pipe.
const PATIENCE = 2_000
const SMALL = 1024 * 1024

/** Whether so little is left of a body nobody wants that the connection may outlive it. */
export const isSmall = ({ complete, headers }: IncomingMessage): boolean =>
  complete || (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= SMALL)

/** Reads on and forgets. Resolves when the body has ended, or the patience has. */
export function discard(request: IncomingMessage): Promise<void> {
  request.resume()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE)
    const done = (): void => {
      clearTimeout(timer)
      resolve()
    }
    request.once('end', done)
    request.once('close', done)
  })
}
