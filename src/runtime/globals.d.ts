// The few globals of Node that code inside Lambda may touch without loading anything; nothing else is visible here.
declare const console: {
  log(...values: unknown[]): void
  warn(...values: unknown[]): void
  error(...values: unknown[]): void
}
declare const process: { readonly env: Record<string, string | undefined> }
declare const Buffer: {
  from(text: string, encoding?: 'utf8' | 'base64'): Uint8Array & { toString(encoding?: 'utf8' | 'base64'): string }
  from(
    bytes: ArrayBufferLike,
    offset?: number,
    length?: number,
  ): Uint8Array & { toString(encoding?: 'utf8' | 'base64'): string }
  concat(parts: readonly Uint8Array[]): Uint8Array & { toString(encoding?: 'utf8' | 'base64'): string }
  byteLength(text: string): number
}
declare function setTimeout(task: () => void, milliseconds: number): unknown

declare module 'node:crypto' {
  interface Hashing {
    update(data: string | Uint8Array): Hashing
    digest(): Uint8Array
    digest(encoding: 'hex'): string
  }
  export function createHash(algorithm: 'sha256'): Hashing
  export function createHmac(algorithm: 'sha256', key: string | Uint8Array): Hashing
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
  method: string
  headers: Record<string, string>
}
declare module 'node:https' {
  export function request(
    url: string,
    options: RequestOptions,
    answered: (answer: IncomingAnswer) => void,
  ): OutgoingRequest
}
declare module 'node:http' {
  export function request(
    url: string,
    options: RequestOptions,
    answered: (answer: IncomingAnswer) => void,
  ): OutgoingRequest
}
