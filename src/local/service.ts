// What a local AWS service is to the rest of the local cloud: a name and a function from wire request to wire response.
import type { Readable } from 'node:stream'
import type { Clock } from './clock.ts'
import type { Outbox } from './outbox.ts'
import type { Store } from './store.ts'

/** Services take these from here, as they open nothing else of the local cloud. */
export type { Parcel, Verdict } from './outbox.ts'

export const REGION = 'us-east-1'
export const ACCOUNT = '000000000000'
/** The key pair of the person at the keyboard. Known to all: it keeps nobody out, it lets signatures be checked. */
export const LOCAL_CREDENTIALS = { accessKeyId: 'goblet', secretAccessKey: 'goblet' } as const

/** What a request asks for, in the words of AWS's SDKs: of that follows what its sender has to be allowed. */
export interface Asked {
  /** The tail of the client's package: `dynamodb-streams` of `@aws-sdk/client-dynamodb-streams`. */
  readonly client: string
  /** `PutItem`. */
  readonly operation: string
  /** Its input, with the members that the SDK has for it. Read only as far as it has to be. */
  readonly input: Readonly<Record<string, unknown>>
  /** A session token that came elsewhere than in the headers or the query. */
  readonly token?: string | undefined
  /** Why it is asked, where that is not plain from the request. For people. */
  readonly why?: string
}

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
  /** Aborted when the client goes away before it has its answer; listens from when it is first asked for. */
  readonly signal?: AbortSignal
  /**
   * Why its sender may not do this, in AWS's words; undefined: it may. Every operation asks, once it has read its input and
   * before it does anything.
   */
  denied?(asked: Asked): string | undefined
}

/** A request's `denied` for a service whose every request is of one client. */
export function guardedBy(
  request: WireRequest,
  client: string,
): { denied(operation: string, input: Asked['input']): string | undefined } {
  return { denied: (operation, input) => request.denied?.({ client, operation, input }) }
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
  /** Whether a page of another origin may send this, by rules of the service's own. Without it: never. */
  admitsPage?(request: Pick<WireRequest, 'method' | 'path' | 'query' | 'headers'>): boolean
}

/** Something for a resource of another service, addressed by its ARN. */
export interface Delivery {
  /** Whose it is to take it: a queue, a topic, a function (invoked asynchronously), an event bus. */
  readonly to: string
  /** ARN of who sends it: policies and traces ask for it. */
  readonly from: string
  /** The message; to a function, the event as JSON. */
  readonly body: string
  /** Message attributes, to a queue or a topic, in the words of the wire. */
  readonly attributes?: Readonly<Record<string, MessageAttribute>>
  readonly subject?: string
  /** FIFO queues and topics; to a stream, the partition key. */
  readonly group?: string
  readonly deduplication?: string
  /** To a bucket: the object's key. */
  readonly key?: string
}

export interface MessageAttribute {
  readonly DataType: string
  readonly StringValue?: string
  /** Base64. */
  readonly BinaryValue?: string
}

/** What came of it. `gone`: there is no such resource, which no later try can mend. `refused`: it is there and did not take it. */
export type Receipt = 'taken' | { readonly gone: string } | { readonly refused: string }

/** How a service reaches others, without knowing them. */
export interface Mail {
  readonly outbox: Outbox
  deliver(delivery: Delivery): Promise<Receipt>
}
