// How many messages of one connection are at work.
import { tellFault } from '../../tell.ts'
import type { Connection } from './connection.ts'

// AWS runs the messages of a connection side by side and promises no order. What is more than this waits in the socket.
const AT_ONCE = 100

/** Keeps a connection from having more messages at work than the local cloud can bear. */
export class Lane {
  #running = 0
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Counts a piece of work. */
  run(work: Promise<void>): void {
    this.#running++
    if (this.#running === AT_ONCE) this.#connection.pause()
    void work.catch(tellFault).then(() => {
      this.#running--
      if (this.#running === AT_ONCE - 1) this.#connection.resume()
    })
  }
}
