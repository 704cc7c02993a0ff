// What a handler returns, turned into what the gateway expects.
import type { HttpResult } from '../aws/events/http.ts'
import type { RestResult } from '../aws/events/rest.ts'
import { isTextual, toMediaType } from './body.ts'
import { HttpError } from './http-error.ts'

type HeaderValue = string | number | boolean

export interface ReplyOptions {
  /** Default 200. */
  status?: number
  /** A list is a header sent several times. */
  headers?: Readonly<Record<string, HeaderValue | readonly HeaderValue[]>>
  /** Whole `Set-Cookie` values. */
  cookies?: readonly string[]
}

/** A value with a status, headers and cookies of its own. Made by `reply`. */
export class Reply<Body = unknown> {
  readonly body: Body
  readonly options: ReplyOptions

  constructor(body: Body, options: ReplyOptions) {
    this.body = body
    this.options = options
  }
}

/**
 * Answers with more than a value. A reply in a reply keeps its own status and headers where the outer one has none.
 *
 * @example
 * export const create = route('POST /cities', ({ json }) => reply(json, { status: 201, headers: { location: '/cities/1' } }))
 */
export function reply(): Reply<undefined>
export function reply<Body>(body: Body, options?: ReplyOptions): Reply<Body>
export function reply<Body>(body?: Body, options: ReplyOptions = {}): Reply<Body | undefined> {
  return new Reply(body, options)
}

/** An answer on its way: an HTTP API's result, and what only some doors can carry. */
export interface Draft extends HttpResult {
  /** The values of headers that are sent several times; `headers` has them joined. */
  lists?: Readonly<Record<string, readonly string[]>>
  /** A body that is still being made. */
  stream?: AsyncIterable<unknown>
}

/** An answer that somebody else made, a hosted web app: it is sent as it is. */
export class Sent {
  readonly draft: Draft

  constructor(draft: Draft) {
    this.draft = draft
  }
}

// Shared and frozen: making them anew for every answer is what a fast path must not do.
const JSON_HEADERS = Object.freeze({ 'content-type': 'application/json' })
const TEXT_HEADERS = Object.freeze({ 'content-type': 'text/plain; charset=utf-8' })
const BYTES_HEADERS = Object.freeze({ 'content-type': 'application/octet-stream' })

/** Turns any return value into an answer. Throws a TypeError for what cannot be sent. */
export function toDraft(value: unknown): Draft {
  if (value === undefined) return { statusCode: 204 }
  if (typeof value === 'string') return { statusCode: 200, headers: TEXT_HEADERS, body: value, isBase64Encoded: false }
  if (typeof value === 'object' && value !== null) {
    if (typeof NO_MOUNT === 'undefined' && value instanceof Sent) return value.draft
    if (typeof NO_REPLY === 'undefined' && value instanceof Reply) return toReplied(value)
    if (value instanceof ArrayBuffer) return toBinary(value, 0, value.byteLength)
    if (ArrayBuffer.isView(value)) return toBinary(value.buffer, value.byteOffset, value.byteLength)
    if (typeof NO_STREAM === 'undefined') {
      if (isStream(value)) return { statusCode: 200, stream: value }
      if (isWeb(value)) return toWebDraft(value)
    }
  }
  const body = JSON.stringify(value)
  if (body === undefined) throw new TypeError(`A handler returned a ${typeof value}, which cannot be sent.`)
  return { statusCode: 200, headers: JSON_HEADERS, body, isBase64Encoded: false }
}

function toBinary(buffer: ArrayBufferLike, offset: number, length: number): Draft {
  const body = Buffer.from(buffer, offset, length).toString('base64')
  return { statusCode: 200, headers: BYTES_HEADERS, body, isBase64Encoded: true }
}

const isStream = (value: object): value is AsyncIterable<unknown> =>
  typeof (value as { [Symbol.asyncIterator]?: unknown })[Symbol.asyncIterator] === 'function'

/** As much of a web Response as is read here. To ask for the class itself would load all of fetch. */
interface WebResponse {
  readonly status: number
  readonly headers: Iterable<readonly [string, string]>
  readonly body: AsyncIterable<unknown> | null
  arrayBuffer(): Promise<ArrayBuffer>
}

const isWeb = (value: object): value is WebResponse =>
  typeof (value as Partial<WebResponse>).arrayBuffer === 'function' &&
  typeof (value as Partial<WebResponse>).status === 'number'

function toWebDraft({ status, headers, body }: WebResponse): Draft {
  const plain: Record<string, string> = {}
  const cookies: string[] = []
  for (const [name, value] of headers) {
    if (name === 'set-cookie') cookies.push(checkValue(name, value))
    else plain[name] = checkValue(name, value)
  }
  return {
    statusCode: checkStatus(status),
    headers: plain,
    ...(cookies.length === 0 ? {} : { cookies }),
    ...(body === null ? {} : { stream: body }),
  }
}

function toReplied({ body, options }: Reply): Draft {
  const draft = toDraft(body)
  const { status, headers, cookies } = options
  if (status !== undefined) draft.statusCode = checkStatus(status)
  if (headers !== undefined) addHeaders(draft, headers)
  if (cookies !== undefined)
    draft.cookies = [...(draft.cookies ?? []), ...cookies.map((cookie) => checkValue('set-cookie', cookie))]
  return draft
}

function addHeaders(draft: Draft, headers: NonNullable<ReplyOptions['headers']>): void {
  const merged: Record<string, string> = { ...draft.headers }
  const lists: Record<string, readonly string[]> = { ...draft.lists }
  for (const [given, value] of Object.entries(headers)) {
    const name = checkName(given)
    const values = (Array.isArray(value) ? value : [value]).map((one) => checkValue(given, String(one)))
    delete lists[name]
    if (name === 'set-cookie') draft.cookies = [...(draft.cookies ?? []), ...values]
    else {
      merged[name] = values.join(', ')
      if (values.length > 1) lists[name] = values
    }
  }
  draft.headers = merged
  if (Object.keys(lists).length > 0) draft.lists = lists
  else delete draft.lists
}

// A line break in a header would let a value write headers, or a whole answer, of its own; beyond Latin-1 nothing can be sent.
function checkValue(name: string, value: string): string {
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
    throw new TypeError(`The header ${name} holds a character that HTTP cannot carry.`)
  return value
}

function checkName(name: string): string {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw new TypeError(`${JSON.stringify(name)} is no header name.`)
  return name.toLowerCase()
}

// API Gateway answers 500 to such a status, and says nowhere why.
function checkStatus(status: number): number {
  if (!isStatus(status)) throw new TypeError(`A handler replied with the status ${status}, which is no HTTP status.`)
  return status
}

const isStatus = (status: number): boolean => Number.isInteger(status) && status >= 100 && status <= 599

/** Turns what a handler threw into an answer: an HttpError as it says, anything else logged and 500. */
export function toErrorDraft(error: unknown, debug: boolean): Draft {
  if (error instanceof HttpError && isStatus(error.status)) {
    try {
      return toProblem(error.status, { Code: error.code, Message: error.message, ...error.details })
    } catch (unwritable) {
      console.error(unwritable)
    }
  }
  console.error(error)
  if (!debug) return toProblem(500, INTERNAL)
  return { statusCode: 500, headers: TEXT_HEADERS, body: toStack(error), isBase64Encoded: false }
}

const INTERNAL = { Code: 'InternalServerError', Message: 'An internal server error occurred.' }

function toStack(error: unknown): string {
  if (error instanceof Error) return error.stack ?? error.message
  try {
    return String(error)
  } catch {
    return `A handler threw a value that has no text: ${typeof error}.`
  }
}

const toProblem = (statusCode: number, body: object): Draft => ({
  statusCode,
  headers: JSON_HEADERS,
  body: JSON.stringify(body),
  isBase64Encoded: false,
})

/** A part of a streamed body as bytes. Throws for what is neither text nor bytes. */
export function toChunk(chunk: unknown): Uint8Array {
  if (typeof chunk === 'string') return Buffer.from(chunk, 'utf8')
  if (ArrayBuffer.isView(chunk)) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  if (chunk instanceof ArrayBuffer) return Buffer.from(chunk)
  throw new TypeError(`A stream gave a ${typeof chunk}, where it gives text or bytes.`)
}

/** The headers of a streamed answer, its type being what its first part is, unless it names one. */
export function toStreamHeaders(draft: Draft, first: unknown): Readonly<Record<string, string>> {
  const otherwise = typeof first === 'string' ? TEXT_HEADERS : BYTES_HEADERS
  return { ...(first === undefined ? {} : otherwise), ...draft.headers }
}

/** Reads a streamed body to its end, for doors that send an answer whole. */
export async function collect(draft: Draft): Promise<Draft> {
  const { stream, ...rest } = draft
  if (stream === undefined) return draft
  const chunks: Uint8Array[] = []
  let first: unknown
  for await (const chunk of stream) {
    first ??= chunk
    chunks.push(toChunk(chunk))
  }
  const headers = toStreamHeaders(draft, first)
  const bytes = Buffer.concat(chunks)
  const text = isTextual(toMediaType(headers['content-type']).name) ? utf8(bytes) : undefined
  return text === undefined
    ? { ...rest, headers, body: bytes.toString('base64'), isBase64Encoded: true }
    : { ...rest, headers, body: text, isBase64Encoded: false }
}

// Bytes that are no UTF-8, in another charset for instance, must leave as they are.
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** For an HTTP API and a URL: header lists joined by commas, as those doors know no other way. */
export function toHttpResult(draft: Draft): HttpResult {
  if (draft.lists === undefined) return draft
  const { lists, ...result } = draft
  return result
}

/** For a REST API, which answers 502 to any key that it does not know: cookies are a header sent several times. */
export function toRestResult({ statusCode, headers, cookies, body, isBase64Encoded, lists }: Draft): RestResult {
  const result: RestResult = { statusCode }
  const several = cookies === undefined ? lists : { ...lists, 'set-cookie': cookies }
  if (several !== undefined) result.multiValueHeaders = several
  if (headers !== undefined) {
    result.headers =
      lists === undefined ? headers : Object.fromEntries(Object.entries(headers).filter(([name]) => !(name in lists)))
  }
  if (body !== undefined) result.body = body
  if (isBase64Encoded !== undefined) result.isBase64Encoded = isBase64Encoded
  return result
}
