// Small requests straight from their socket: nearly all that SDKs send comes whole in one piece, and Node's server costs more than the
// rest of the answer. Whatever is not plainly such a request is Node's to read, with all that comes after it on its connection.
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { Whole } from '../aws/protocol/body.ts'
import { drained, writeBody } from './direct-body.ts'
import type { WireResponse } from './service.ts'

/** A request that was read, and the way to answer it once. */
export interface Exchange {
  readonly method: string
  readonly url: string
  /** Lower-case names, none twice; without a prototype. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Whole
  readonly socket: Socket
  /** Whether an answer has begun. */
  readonly headersSent: boolean
  /** Calls back when the connection closes before the answer. */
  onGone(task: () => void): void
  send(response: WireResponse): Promise<void>
}

export interface Direct {
  hear(exchange: Exchange): void
  /** Takes a connection over, with what was read of it and not answered. */
  otherwise(socket: Socket, unread: Buffer): void
  /** How long an idle connection is kept, in milliseconds. */
  readonly patience: number
}

/** Serves a connection from its first bytes on. */
export function serveDirectly(socket: Socket, first: Buffer, direct: Direct): void {
  let isBusy = false
  let waiting: Buffer | undefined
  const quiet = (): void => {
    if (!isBusy) socket.destroy()
  }
  const take = (bytes: Buffer): void => {
    if (isBusy) {
      // Sent ahead of the answer: one after the other, and no more of them than fit in one piece.
      waiting = waiting === undefined ? bytes : Buffer.concat([waiting, bytes])
      socket.pause()
      return
    }
    const read = readRequest(bytes)
    if (read === undefined) {
      socket.off('data', take).off('timeout', quiet).setTimeout(0)
      direct.otherwise(socket, bytes)
      return
    }
    isBusy = true
    if (read.end < bytes.length) take(bytes.subarray(read.end))
    direct.hear(new Answerable(read, socket, next))
  }
  const next = (): void => {
    isBusy = false
    if (waiting === undefined) return
    const bytes = waiting
    waiting = undefined
    socket.resume()
    take(bytes)
  }
  socket.setTimeout(direct.patience, quiet)
  socket.on('data', take)
  take(first)
}

interface Read {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string | undefined>
  readonly body: Buffer
  /** Where the next request begins. */
  readonly end: number
}

const BLANK = Buffer.from('\r\n\r\n')
// As Node's own limit.
const LONGEST_HEAD = 16 * 1024
const FIRST_LINE = /^(GET|HEAD|POST|PUT|DELETE|OPTIONS) (\/[\x21-\x7e]*) HTTP\/1\.1$/
// What Node reads strictly, or in its own way.
const ODD = /[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n)|[^\r]\n/
const OTHERWISE = ['transfer-encoding', 'expect', 'upgrade', 'trailer', 'te', 'proxy-connection'] as const

/** The request that these bytes begin with, if it is whole and says nothing unusual. */
export function readRequest(bytes: Buffer): Read | undefined {
  const blank = bytes.indexOf(BLANK)
  if (blank < 0 || blank > LONGEST_HEAD) return undefined
  const head = bytes.toString('latin1', 0, blank)
  if (ODD.test(head)) return undefined
  const lineEnd = head.indexOf('\r\n')
  const line = FIRST_LINE.exec(lineEnd < 0 ? head : head.slice(0, lineEnd))
  if (line === null || lineEnd < 0) return undefined
  const headers = readHeaders(head, lineEnd + 2)
  if (headers?.host === undefined || OTHERWISE.some((name) => headers[name] !== undefined)) return undefined
  if (headers.connection !== undefined && headers.connection.toLowerCase() !== 'keep-alive') return undefined
  const length = headers['content-length'] ?? '0'
  if (!/^\d{1,7}$/.test(length)) return undefined
  const start = blank + BLANK.length
  const end = start + Number(length)
  if (end > bytes.length) return undefined
  return { method: line[1] ?? '', url: line[2] ?? '', headers, body: bytes.subarray(start, end), end }
}

function readHeaders(head: string, from: number): Record<string, string | undefined> | undefined {
  // No prototype, so that a header called __proto__ is only a header.
  const headers: Record<string, string | undefined> = Object.create(null)
  for (let at = from; at < head.length; ) {
    const found = head.indexOf('\r\n', at)
    const end = found < 0 ? head.length : found
    const colon = head.indexOf(':', at)
    if (colon < 0 || colon > end) return undefined
    const name = lowerName(head.slice(at, colon))
    // Twice: which ones are joined and of which the first one counts, Node knows.
    if (name === undefined || headers[name] !== undefined) return undefined
    headers[name] = trimmed(head, colon + 1, end)
    at = end + 2
  }
  return headers
}

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
// Names as they were sent, with what they are: clients send the same few over and over.
const names = new Map<string, string>()
const MOST_NAMES = 500

function lowerName(name: string): string | undefined {
  const known = names.get(name)
  if (known !== undefined) return known
  if (!NAME.test(name)) return undefined
  const lower = name.toLowerCase()
  if (names.size < MOST_NAMES) names.set(name, lower)
  return lower
}

const isBlank = (code: number): boolean => code === 32 || code === 9

function trimmed(head: string, from: number, to: number): string {
  let [start, end] = [from, to]
  while (start < end && isBlank(head.charCodeAt(start))) start++
  while (end > start && isBlank(head.charCodeAt(end - 1))) end--
  return head.slice(start, end)
}

class Answerable implements Exchange {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string | undefined>
  readonly body: Whole
  readonly socket: Socket
  readonly #next: () => void
  headersSent = false
  #gone: (() => void) | undefined

  constructor({ method, url, headers, body }: Read, socket: Socket, next: () => void) {
    this.method = method
    this.url = url
    this.headers = headers
    this.body = new Whole(body)
    this.socket = socket
    this.#next = next
  }

  onGone(task: () => void): void {
    this.#gone = task
    this.socket.once('close', task)
  }

  async send(response: WireResponse): Promise<void> {
    const { socket, method } = this
    if (socket.destroyed) return
    const { body } = response
    const [head, isChunked] = toHead(response)
    this.headersSent = true
    if (this.#gone !== undefined) socket.off('close', this.#gone)
    // Head and body leave in one segment: two would cost a client with delayed acknowledgements 40 ms.
    if (body === undefined || method === 'HEAD') socket.write(head, 'latin1')
    else if (typeof body === 'string') socket.write(head + body)
    else await writeBody(socket, head, body, isChunked)
    // Who does not read its answers gets no more of them.
    if (socket.writableNeedDrain) await drained(socket)
    this.#next()
  }
}

// What would end a header's line, or is none of its characters.
const FORBIDDEN = /[^\t\x20-\x7e\x80-\xff]/

/** The head, and whether the body has to be sent in chunks, as its length is not known. */
function toHead({ status, headers, body }: WireResponse): [head: string, isChunked: boolean] {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`
  for (const name in headers) {
    const value = headers[name] ?? ''
    if (FORBIDDEN.test(value)) throw new TypeError(`The header ${name} has a character that none may have.`)
    head += `${name}: ${value}\r\n`
  }
  const isBare = headers['content-length'] !== undefined || status === 204 || status === 304
  const isStream = body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array)
  if (!isBare)
    head += isStream
      ? 'transfer-encoding: chunked\r\n'
      : `content-length: ${body === undefined ? 0 : Buffer.byteLength(body)}\r\n`
  return [`${head}${date()}Connection: keep-alive\r\nKeep-Alive: timeout=65\r\n\r\n`, isStream && !isBare]
}

let second = 0
let line = ''

function date(): string {
  const now = Math.floor(Date.now() / 1000)
  if (now !== second) {
    second = now
    line = `Date: ${new Date(now * 1000).toUTCString()}\r\n`
  }
  return line
}
