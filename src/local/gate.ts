// One port for several protocols: the first bytes of a connection say which server takes it.
import { createServer as createGate, type Server, type Socket } from 'node:net'

export interface Gate {
  readonly server: Server
  /** Stops listening and cuts what is open. */
  close(): Promise<void>
}

export type Behind = Pick<Server, 'emit' | 'close'>

// Milliseconds.
const SILENCE = 20_000

/** Hands a connection over, with what was read of it. */
export type Hand = (to: Behind, socket: Socket, unread: Buffer) => void

/** Makes a gate that listens nowhere yet. `choose` names who takes a connection that begins like this; undefined: it serves it itself. */
export function makeGate(choose: (first: Buffer, socket: Socket, hand: Hand) => Behind | undefined): Gate {
  const sockets = new Set<Socket>()
  const behind = new Set<Behind>()
  const hand: Hand = (to, socket, unread) => {
    socket.pause()
    socket.unshift(unread)
    // A server of HTTP looks for heads that do not come to an end from when it listens, which this one never does.
    if (!behind.has(to)) to.emit('listening')
    behind.add(to)
    to.emit('connection', socket)
    process.nextTick(() => socket.resume())
  }
  const server = createGate({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    // Who says nothing at all holds the connection no longer than who says it slowly.
    socket.setTimeout(SILENCE, () => socket.destroy())
    socket.once('data', (first: Buffer) => {
      socket.setTimeout(0)
      socket.removeAllListeners('timeout')
      const chosen = choose(first, socket, hand)
      if (chosen !== undefined) hand(chosen, socket, first)
    })
  })
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of sockets) socket.destroy()
    for (const one of behind) one.close()
    await closed
  }
  return { server, close }
}
