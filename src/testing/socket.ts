// Connecting from a test to one of the app's WebSocket APIs.
import { setTimeout as sleep } from 'node:timers/promises'
import { nearest, problem } from '../errors.ts'
import { type Cloud, openSocket, type Socket } from '../local/index.ts'
import type { Model, WebsocketModel } from '../model/index.ts'
import type { Connecting, SocketEnd, SocketMessage, TestSocket } from './cloud.ts'
import { nameOf } from './send.ts'

/** Connects to the API that `target` names, or to the only one there is. */
export async function connect(
  cloud: Pick<Cloud, 'http' | 'websockets'>,
  model: Model,
  target: string | object | undefined,
  path: string,
  connecting: Connecting = {},
): Promise<TestSocket> {
  const base = cloud.websockets.get(find(model, target).name) ?? ''
  // Only a query, as a rule; a path of its own is one below the API's.
  const [own = '', query] = path.split(/(?=\?)/, 2)
  const url = `${base}${own.replace(/^\/?/, '/').replace(/^\/$/, '')}${query ?? ''}`
  const inbox = new Inbox()
  const socket = await openSocket(url, connecting, (bytes) => inbox.put(toMessage(bytes)))
  return new OpenSocket(url, socket, inbox)
}

/** What came, and who waits for it: each message is taken once, in order. */
class Inbox {
  readonly all: SocketMessage[] = []
  readonly #waiting = new Set<(message: SocketMessage) => void>()
  #taken = 0

  put(message: SocketMessage): void {
    this.all.push(message)
    const [first] = this.#waiting
    if (first === undefined) return
    this.#waiting.delete(first)
    this.#taken++
    first(message)
  }

  /** Undefined when `giveUp` comes first. */
  async take(giveUp: Promise<unknown>): Promise<SocketMessage | undefined> {
    const there = this.all[this.#taken]
    if (there !== undefined) this.#taken++
    if (there !== undefined) return there
    return new Promise((resolve) => {
      this.#waiting.add(resolve)
      void giveUp.then(() => {
        this.#waiting.delete(resolve)
        resolve(undefined)
      })
    })
  }
}

class OpenSocket implements TestSocket {
  readonly url: string
  readonly protocol: string
  readonly messages: readonly SocketMessage[]
  readonly closed: Promise<SocketEnd>
  readonly #socket: Socket
  readonly #inbox: Inbox

  constructor(url: string, socket: Socket, inbox: Inbox) {
    this.url = url
    this.protocol = socket.protocol
    this.messages = inbox.all
    this.closed = socket.closed
    this.#socket = socket
    this.#inbox = inbox
  }

  send(message: unknown): Promise<void> {
    const isRaw = typeof message === 'string' || message instanceof Uint8Array
    return this.#socket.send(isRaw ? message : JSON.stringify(message))
  }

  async next({ seconds = 10 }: { seconds?: number } = {}): Promise<SocketMessage> {
    const stop = new AbortController()
    let why = ''
    const late = sleep(seconds * 1000, undefined, { signal: stop.signal }).then(
      () => {
        why = `none came within ${seconds} s`
      },
      () => {},
    )
    const ended = this.closed.then(({ code }) => {
      why = `the connection has ended with ${code}`
    })
    const found = await this.#inbox.take(Promise.race([late, ended]))
    stop.abort()
    if (found === undefined) throw missing(why)
    return found
  }

  close(code = 1000, reason = ''): Promise<SocketEnd> {
    this.#socket.close(code, reason)
    return this.closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

function toMessage(bytes: Uint8Array): SocketMessage {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return {
    text,
    bytes,
    get json() {
      return JSON.parse(text)
    },
  }
}

const missing = (why: string): Error =>
  problem('GOBLET_USAGE', {
    problem: `There is no next message: ${why}.`,
    mend: 'What came is in `messages`, what functions logged in `cloud.logs()`.',
  })

function find({ resources }: Model, target: string | object | undefined): WebsocketModel {
  const all = resources.filter((one) => one.kind === 'websocket')
  const known = all.map((one) => one.export).join(', ')
  if (target === undefined) {
    const [only, another] = all
    if (only !== undefined && another === undefined) return only
    throw problem('GOBLET_USAGE', {
      problem: only === undefined ? 'The app has no WebSocket API.' : `The app has several WebSocket APIs: ${known}.`,
      mend: "Declare one with websocket(…), or name it: cloud.websocket(chat, '/').",
    })
  }
  const name = nameOf(target)
  const found = all.find((one) => one.name === name) ?? all.find((one) => one.export === name)
  if (found !== undefined) return found
  const suggestion = nearest(
    name,
    all.map((one) => one.export),
  )
  throw problem('GOBLET_USAGE', {
    problem: `The app has no WebSocket API \`${name}\`.${suggestion === undefined ? '' : ` Did you mean \`${suggestion}\`?`}`,
    mend: known === '' ? 'Declare one with websocket(…).' : `There are: ${known}.`,
  })
}
