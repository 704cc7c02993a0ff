// What a handler returns, turned into what the gateway expects.
import type { HttpResult } from '../aws/events/http.ts'
import { HttpError } from './http-error.ts'

export interface ReplyOptions {
  /** Default 200. */
  status?: number
  headers?: Readonly<Record<string, string | number>>
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
 * Answers with more than a value.
 *
 * @example
 * export const create = route('POST /cities', ({ json }) => reply(json, { status: 201, headers: { location: '/cities/1' } }))
 */
export function reply<Body>(body?: Body, options: ReplyOptions = {}): Reply<Body | undefined> {
  return new Reply(body, options)
}

// Shared and frozen: making them anew for every answer is what a fast path must not do.
const JSON_HEADERS = Object.freeze({ 'content-type': 'application/json' })
const TEXT_HEADERS = Object.freeze({ 'content-type': 'text/plain; charset=utf-8' })
const BYTES_HEADERS = Object.freeze({ 'content-type': 'application/octet-stream' })

/** Turns any return value into a result. Throws a TypeError for what cannot be sent. */
export function toResult(value: unknown): HttpResult {
  if (value === undefined) return { statusCode: 204 }
  if (typeof value === 'string') return { statusCode: 200, headers: TEXT_HEADERS, body: value, isBase64Encoded: false }
  if (value instanceof Uint8Array) return toBinary(value.buffer, value.byteOffset, value.byteLength)
  if (value instanceof ArrayBuffer) return toBinary(value, 0, value.byteLength)
  if (value instanceof Reply) return toReplied(value)
  const body = JSON.stringify(value)
  if (body === undefined) throw new TypeError(`A handler returned a ${typeof value}, which cannot be sent.`)
  return { statusCode: 200, headers: JSON_HEADERS, body, isBase64Encoded: false }
}

function toBinary(buffer: ArrayBufferLike, offset: number, length: number): HttpResult {
  const body = Buffer.from(buffer, offset, length).toString('base64')
  return { statusCode: 200, headers: BYTES_HEADERS, body, isBase64Encoded: true }
}

function toReplied({ body, options }: Reply): HttpResult {
  const result = toResult(body)
  const { status, headers, cookies } = options
  if (status !== undefined) result.statusCode = checkStatus(status)
  if (headers !== undefined) {
    const merged: Record<string, string> = { ...result.headers }
    for (const [name, value] of Object.entries(headers)) merged[checkName(name)] = checkValue(name, String(value))
    result.headers = merged
  }
  if (cookies !== undefined) result.cookies = cookies.map((cookie) => checkValue('set-cookie', cookie))
  return result
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

/** Turns what a handler threw into a result: an HttpError as it says, anything else logged and 500. */
export function toErrorResult(error: unknown, debug: boolean): HttpResult {
  if (error instanceof HttpError && isStatus(error.status)) return toProblem(error.status, error.code, error.message)
  console.error(error)
  if (!debug) return toProblem(500, 'InternalServerError', 'An internal server error occurred.')
  return { statusCode: 500, headers: TEXT_HEADERS, body: toStack(error), isBase64Encoded: false }
}

function toStack(error: unknown): string {
  if (error instanceof Error) return error.stack ?? error.message
  try {
    return String(error)
  } catch {
    return `A handler threw a value that has no text: ${typeof error}.`
  }
}

const toProblem = (statusCode: number, Code: string, Message: string): HttpResult => ({
  statusCode,
  headers: JSON_HEADERS,
  body: JSON.stringify({ Code, Message }),
  isBase64Encoded: false,
})
