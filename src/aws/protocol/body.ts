// Collects a request body into memory, up to a limit, so that no client can make the process grow without end.
import type { Readable } from 'node:stream'

/** The whole body as text, or undefined when it is longer than `limit` bytes (the rest is then left unread). */
export async function readText(body: Readable, limit: number): Promise<string | undefined> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of body) {
    const bytes: Buffer = Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece))
    length += bytes.length
    if (length > limit) return undefined
    pieces.push(bytes)
  }
  const [only] = pieces
  return (pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces)).toString('utf8')
}
