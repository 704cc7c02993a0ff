// The few globals of Node that code inside Lambda may touch without loading anything; nothing else is visible here.
declare const console: {
  log(...values: unknown[]): void
  debug(...values: unknown[]): void
  info(...values: unknown[]): void
  warn(...values: unknown[]): void
  error(...values: unknown[]): void
}
declare const process: { readonly env: Record<string, string | undefined> }
interface NodeBuffer extends Uint8Array {
  toString(encoding?: 'utf8' | 'base64' | 'latin1', start?: number, end?: number): string
  subarray(start?: number, end?: number): NodeBuffer
  indexOf(part: string | number, from?: number): number
}
declare const Buffer: {
  from(text: string, encoding?: 'utf8' | 'base64'): NodeBuffer
  from(bytes: ArrayBufferLike, offset?: number, length?: number): NodeBuffer
  concat(parts: readonly Uint8Array[]): NodeBuffer
  byteLength(text: string): number
}
declare const TextDecoder: new (
  charset: string,
  options?: { fatal?: boolean; ignoreBOM?: boolean },
) => { decode(bytes: Uint8Array): string }
declare function setTimeout(task: () => void, milliseconds: number): unknown

declare module 'node:crypto' {
  interface Hashing {
    update(data: string | Uint8Array): Hashing
    digest(): Uint8Array
    digest(encoding: 'hex'): string
  }
  export function createHash(algorithm: 'sha256'): Hashing
  export function createHmac(algorithm: 'sha256', key: string | Uint8Array): Hashing
  /** Not before Node 20.12. */
  export const hash: ((algorithm: 'sha256', data: string | Uint8Array) => string) | undefined
}

interface OutgoingRequest {
  on(event: 'error', listener: (error: Error) => void): void
  end(body?: string | Uint8Array): void
}
interface IncomingAnswer {
  readonly statusCode?: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  on(event: 'data', listener: (chunk: Uint8Array) => void): void
  on(event: 'end', listener: () => void): void
  on(event: 'error', listener: (error: Error) => void): void
}
interface RequestOptions {
  hostname: string
  port: string | undefined
  method: string
  path: string
  /** Names and values in turn. */
  headers: readonly string[]
}
declare module 'node:https' {
  export function request(options: RequestOptions, answered: (answer: IncomingAnswer) => void): OutgoingRequest
}
declare module 'node:http' {
  export function request(options: RequestOptions, answered: (answer: IncomingAnswer) => void): OutgoingRequest
}

interface BrotliOptions {
  params: Readonly<Record<number, number>>
}
declare module 'node:zlib' {
  export const constants: { readonly BROTLI_PARAM_QUALITY: number; readonly BROTLI_PARAM_SIZE_HINT: number }
  type Done = (error: Error | null, made: Uint8Array) => void
  export function brotliCompress(bytes: Uint8Array, options: BrotliOptions, done: Done): void
  export function gzip(bytes: Uint8Array, done: Done): void
}
