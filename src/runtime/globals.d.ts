// The few globals of Node that code inside Lambda may touch without loading anything; nothing else is visible here.
declare const console: { log(...values: unknown[]): void; warn(...values: unknown[]): void; error(...values: unknown[]): void }
declare const process: { readonly env: Record<string, string | undefined> }
declare const Buffer: {
  from(text: string, encoding?: 'utf8' | 'base64'): Uint8Array & { toString(encoding?: 'utf8' | 'base64'): string }
  from(bytes: ArrayBufferLike, offset?: number, length?: number): Uint8Array & { toString(encoding?: 'utf8' | 'base64'): string }
  concat(parts: readonly Uint8Array[]): Uint8Array & { toString(encoding?: 'utf8' | 'base64'): string }
  byteLength(text: string): number
}
