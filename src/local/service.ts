// What a local AWS service is to the rest of the local cloud: a name and a function from wire request to wire response.
import type { Readable } from 'node:stream'
import type { Clock } from './clock.ts'
import type { Store } from './store.ts'

export const REGION = 'us-east-1'
export const ACCOUNT = '000000000000'
/** The key pair of the person at the keyboard. Known to all: it keeps nobody out, it lets signatures be checked. */
export const LOCAL_CREDENTIALS = { accessKeyId: 'goblet', secretAccessKey: 'goblet' } as const

/** One request as it came over the wire. */
export interface WireRequest {
  readonly id: string
  readonly method: string
  /** The path as sent, still percent-encoded, without the query. */
  readonly path: string
  /** The query as sent, without `?`. */
  readonly query: string
  /** Lower-case names; a header sent twice is joined by `, `. A null-prototype map. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The body, not read yet. */
  readonly body: Readable
  /** The endpoint the client used, such as `http://127.0.0.1:4566`. */
  readonly endpoint: string
}

/** One answer. A string or buffer is sent with its length, a stream in pieces. */
export interface WireResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | Readable
}

/** What every service stands on. */
export interface Ground {
  readonly store: Store
  readonly clock: Clock
  /** A folder of the service's own for bodies that are too large for the store; made on first use. */
  readonly directory: string
}

export interface Service {
  handle(request: WireRequest): Promise<WireResponse>
}
