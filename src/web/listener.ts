// Hosts a listener, `(request, response) => …`, as `node:http` calls it: Node's own messages, but without a socket between.
import { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Request } from '../runtime/request.ts'
import { type Draft, Sent } from '../runtime/response.ts'
import { type Arrival, arrivalOf } from './arrival.ts'
import { addHeader, withBody } from './body.ts'
import { Line } from './line.ts'
import { Outflow } from './outflow.ts'
import type { Hosting, Serve } from './wake.ts'

export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

/** Hosts what is a listener itself: Express, Connect, a function for `createServer`. */
export const open = (app: Listener, hosting: Hosting): Serve => serveBy(app, hosting)

/** What hands a listener its requests. */
export function serveBy(listener: Listener, { base, streams }: Hosting): Serve {
  return (request) =>
    new Promise((resolve, reject) => {
      const arrival = arrivalOf(request, base)
      const exchange = new Exchange(arrival, streams, resolve, reject)
      const incoming = toIncoming(arrival, exchange.line, request)
      const outgoing = exchange.answer(incoming)
      const made = listener(incoming, outgoing)
      // In a server of its own, what an async listener throws would end the process.
      if (made instanceof Promise) made.catch(reject)
    })
}

type Incoming = IncomingMessage & { apiGateway: { event: unknown; context: unknown } }

function toIncoming(arrival: Arrival, line: Line, { event, context }: Request): Incoming {
  const raw: string[] = []
  for (const name in arrival.headers) raw.push(name, arrival.headers[name] ?? '')
  // The line is what of a socket a request can ask for.
  const made = new IncomingMessage(line as unknown as Socket)
  const incoming: Incoming = Object.assign(made, { apiGateway: { event, context } })
  incoming.method = arrival.method
  incoming.url = arrival.url
  incoming.httpVersion = '1.1'
  incoming.httpVersionMajor = 1
  incoming.httpVersionMinor = 1
  incoming.rawHeaders = raw
  incoming.headers = arrival.headers
  incoming.complete = true
  const { body } = arrival
  // An own property: frameworks replace the prototype.
  incoming._read = () => {
    if (body !== undefined) incoming.push(body)
    incoming.push(null)
  }
  return incoming
}

/** The parts of Node's own answer that are replaced: its head is kept, its body goes to us. */
interface Replaced {
  _storeHeader(line: string, headers: unknown): void
  _header: string
  _send(data: string | Uint8Array, encoding?: BufferEncoding | null, done?: (() => void) | null): boolean
  _writeRaw(): boolean
}

class Exchange {
  readonly line: Line
  readonly #streams: boolean
  readonly #resolve: (sent: Sent) => void
  readonly #reject: (error: unknown) => void
  #head: (Draft & { headers: Record<string, string> }) | undefined
  #chunks: (string | Buffer)[] = []
  #flow: Outflow | undefined
  #outgoing: ServerResponse | undefined
  #over = false

  constructor(arrival: Arrival, streams: boolean, resolve: (sent: Sent) => void, reject: (error: unknown) => void) {
    this.#streams = streams
    this.#resolve = resolve
    this.#reject = reject
    this.line = new Line(arrival, (error) => this.#break(error))
  }

  answer(request: IncomingMessage): ServerResponse {
    const outgoing = new ServerResponse(request)
    this.#outgoing = outgoing
    const own: Replaced & { socket: unknown } = Object.assign(outgoing as unknown as Replaced, { socket: this.line })
    // Own properties, as frameworks replace the prototype. All else (checks, events, what is written when) is Node's.
    own._storeHeader = (line, headers) => {
      own._header = line
      this.#head = toHead(outgoing, headers)
    }
    own._send = (data, encoding, done) => {
      const goesOn = this.#take(outgoing, data, encoding)
      process.nextTick(() => {
        const ends = outgoing.finished && !this.#over
        // First, as some end their connection as soon as they have answered.
        if (ends) this.#end()
        done?.()
        if (ends) this.#close()
      })
      return goesOn
    }
    // Early hints, `100 Continue`: gateways do not pass them on.
    own._writeRaw = () => true
    return outgoing
  }

  #take(outgoing: ServerResponse, data: string | Uint8Array, encoding: BufferEncoding | null | undefined): boolean {
    if (data.length === 0) return true
    const chunk =
      typeof data !== 'string'
        ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
        : encoding && encoding !== 'utf8' && encoding !== 'utf-8'
          ? Buffer.from(data, encoding)
          : data
    if (!this.#streams) {
      this.#chunks.push(chunk)
      return true
    }
    if (this.#flow === undefined) {
      this.#flow = new Outflow(outgoing, (error) => this.line.destroy(error))
      delete this.#head?.headers['content-length']
      this.#resolve(new Sent({ ...this.#head, statusCode: outgoing.statusCode, stream: this.#flow }))
    }
    return this.#flow.push(chunk)
  }

  #end(): void {
    this.#over = true
    if (this.#flow !== undefined) this.#flow.end()
    else if (this.#head !== undefined) {
      const [first = '', ...more] = this.#chunks
      const all = more.length === 0 ? first : Buffer.concat(this.#chunks.map(toBytes))
      // The gateway counts for itself; only of what is not sent must it be told.
      if (all.length > 0) delete this.#head.headers['content-length']
      this.#resolve(new Sent(withBody(this.#head, all)))
    }
  }

  #break(error: Error | undefined): void {
    if (this.#over) return
    this.#over = true
    const reason = error ?? new Error('The mounted app ended the connection without an answer.')
    if (this.#flow === undefined) this.#reject(reason)
    else this.#flow.fail(reason)
    process.nextTick(() => this.#close())
  }

  // Whoever still writes is to stop.
  #close(): void {
    const outgoing = this.#outgoing
    if (outgoing === undefined) return
    outgoing.destroyed = true
    outgoing.emit('close')
  }
}

const toBytes = (chunk: string | Buffer): Buffer => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)

// `headers` is what `setHeader` kept, name and value by lower-case name; or what `writeHead` was given, if there is nothing else.
function toHead(outgoing: ServerResponse, headers: unknown): Draft & { headers: Record<string, string> } {
  const head = { statusCode: outgoing.statusCode, headers: {} }
  if (typeof headers !== 'object' || headers === null) return head
  const isKept = !Array.isArray(headers) && outgoing.getHeaderNames().length > 0
  for (const [name, value] of pairsOf(headers)) {
    const given: unknown = isKept && Array.isArray(value) ? value[1] : value
    addHeader(head, name.toLowerCase(), Array.isArray(given) ? given.map(String) : [String(given)])
  }
  return head
}

function pairsOf(headers: object): [string, unknown][] {
  if (!Array.isArray(headers)) return Object.entries(headers)
  if (Array.isArray(headers[0])) return headers.map(([name, value]) => [String(name), value])
  const pairs = new Map<string, [string, unknown[]]>()
  for (let index = 0; index < headers.length; index += 2) {
    const name = String(headers[index])
    const known = pairs.get(name.toLowerCase()) ?? [name, []]
    known[1].push(headers[index + 1])
    pairs.set(name.toLowerCase(), known)
  }
  return [...pairs.values()]
}
