// Keeps apps that call `listen()` while they are loaded from listening: they believe to, and the server is there to be asked.
import { Server } from 'node:net'

/** The servers that were told to listen, in order. */
export const listening: unknown[] = []

Server.prototype.listen = function listen(this: Server, ...given: unknown[]): Server {
  listening.push(this)
  const told = given.find((one) => typeof one === 'function')
  if (told !== undefined) this.once('listening', () => Reflect.apply(told, this, []))
  process.nextTick(() => this.emit('listening'))
  return this
}

Server.prototype.address = () => ({ address: '127.0.0.1', family: 'IPv4', port: 0 })
