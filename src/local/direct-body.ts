// Bodies that are no text, to a socket that is served directly.
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'

/** Writes head and body. A body that breaks off breaks the connection: the client must not take it for whole. */
export async function writeBody(
  socket: Socket,
  head: string,
  body: Uint8Array | Readable,
  isChunked: boolean,
): Promise<void> {
  if (body instanceof Uint8Array) {
    socket.cork()
    socket.write(head, 'latin1')
    socket.write(body)
    socket.uncork()
    return
  }
  socket.write(head, 'latin1')
  const leave = (): void => void body.destroy()
  socket.once('close', leave)
  try {
    for await (const piece of body) await writePiece(socket, piece, isChunked)
    if (isChunked) socket.write('0\r\n\r\n')
  } catch {
    socket.destroy()
  } finally {
    socket.off('close', leave)
  }
}

async function writePiece(socket: Socket, piece: Uint8Array | string, isChunked: boolean): Promise<void> {
  const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
  if (bytes.length === 0) return
  socket.cork()
  if (isChunked) socket.write(`${bytes.length.toString(16)}\r\n`)
  let flows = socket.write(bytes)
  if (isChunked) flows = socket.write('\r\n')
  socket.uncork()
  if (!flows) await drained(socket)
}

/** Resolves when what was written has left, or the connection is gone. */
export function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done)
      resolve()
    }
    if (socket.destroyed) resolve()
    else socket.on('drain', done).on('close', done)
  })
}
