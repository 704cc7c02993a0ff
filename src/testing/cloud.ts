// What a test holds of its own local cloud. Words only: these are the types that users see.

/** An answer, read whole. */
export interface Answer {
  readonly status: number
  /** By lower-case name; a header that came twice is joined by a comma. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Every `Set-Cookie` value, whole. */
  readonly cookies: readonly string[]
  readonly text: string
  /** The body as JSON. Throws when it is not. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON is whatever the app answered; the test's own assertions say what it must be.
  readonly json: any
  readonly bytes: Uint8Array
}

export interface Asking {
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** Added to the path's own query; a list sends the name several times. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[]>>
  /** Sent as JSON, with that content type unless the headers name another. */
  readonly json?: unknown
  /** Sent as it is. */
  readonly body?: string | Uint8Array
  /** Sent as a urlencoded form. */
  readonly form?: Readonly<Record<string, string | readonly string[]>>
}

/** The app's HTTP API, over a real socket. Answers with 4xx and 5xx are answers, not errors. */
export interface Http {
  get(path: string, asking?: Asking): Promise<Answer>
  head(path: string, asking?: Asking): Promise<Answer>
  post(path: string, asking?: Asking): Promise<Answer>
  put(path: string, asking?: Asking): Promise<Answer>
  patch(path: string, asking?: Asking): Promise<Answer>
  delete(path: string, asking?: Asking): Promise<Answer>
  options(path: string, asking?: Asking): Promise<Answer>
  request(method: string, path: string, asking?: Asking): Promise<Answer>
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string
}

/** One run of a function. */
export interface Invocation {
  readonly requestId: string
  readonly time: Date
  readonly status: 'running' | 'done' | 'error' | 'timeout'
  /** Milliseconds; undefined while it runs. */
  readonly duration: number | undefined
  /** What it logged, line by line, without Lambda's own lines. */
  readonly logs: readonly string[]
}

export interface Invoked {
  /** What the function returned, or the error object that Lambda makes of what it threw. */
  // biome-ignore lint/suspicious/noExplicitAny: a function returns what it likes; the test's own assertions say what it must be.
  readonly result: any
  readonly failed: boolean
  readonly requestId: string
}

/** A message is sent with these. */
export interface Sending {
  /** FIFO: the message group; default `default`. */
  readonly group?: string
  /** FIFO: the deduplication id. */
  readonly dedup?: string
  /** Queues: seconds before it can be received. */
  readonly delay?: number
  /** Topics: what mails have as their subject. */
  readonly subject?: string
  /** Streams: what has the same key stays in order; default any. */
  readonly key?: string
  /** What filters of subscriptions look at. */
  readonly attributes?: Readonly<Record<string, string | number>>
}

/** A message that came on a connection. */
export interface SocketMessage {
  readonly text: string
  /** The message as JSON. Throws when it is not. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON is whatever the app sent; the test's own assertions say what it must be.
  readonly json: any
  readonly bytes: Uint8Array
}

/** What is sent when somebody connects. */
export interface Connecting {
  readonly headers?: Readonly<Record<string, string>>
  /** The subprotocols that the client knows. */
  readonly protocols?: readonly string[]
}

/** How a connection ended. */
export interface SocketEnd {
  /** 1000 in order; 1006 when nobody said goodbye. */
  readonly code: number
  readonly reason: string
}

/** A connection to one of the app's WebSocket APIs, over a real socket. */
export interface TestSocket extends AsyncDisposable {
  readonly url: string
  /** The subprotocol that the app chose; empty without one. */
  readonly protocol: string
  /** Everything that came so far. */
  readonly messages: readonly SocketMessage[]
  /** Resolves when it has ended, whoever ended it. */
  readonly closed: Promise<SocketEnd>
  /** Sends text and bytes as they are, anything else as JSON. */
  send(message: unknown): Promise<void>
  /** The next message that was not taken yet. Rejects after 10 s, or `seconds`, and when the connection ends first. */
  next(options?: { readonly seconds?: number }): Promise<SocketMessage>
  /** Ends the connection, by 1000 if no other code is given, and waits until it has ended. */
  close(code?: number, reason?: string): Promise<SocketEnd>
}

/** A WebSocket API by its handle, its export or its declared name. */
export type SocketTarget = string | { sendAll(ids: Iterable<string>, data: string): Promise<unknown> }

export interface TestClock {
  now(): Date
  /** Moves the clock forward: milliseconds, or `30s`, `15m`, `24h`, `7d`. What falls due on the way runs, and is waited for. */
  advance(span: number | string): Promise<void>
}

/** What takes a message: a queue, a topic, a stream or a bus, by its handle, its export or its declared name. */
export type Target<Message> =
  | string
  | { send(message: Message): Promise<unknown> }
  | { publish(message: Message): Promise<unknown> }
  | { put(data: Message): Promise<unknown>; readonly onRecord: unknown }
  | { emitBatch(events: readonly Message[]): Promise<unknown> }

/** An app on a local cloud of its own: fresh state, free ports, gone when it is closed. */
export interface TestCloud extends AsyncDisposable {
  readonly http: Http
  readonly clock: TestClock
  /** The AWS port, for SDK clients: `new S3Client({ endpoint: cloud.endpoint, … })`. */
  readonly endpoint: string
  /**
   * Puts a message on one of the app's queues, publishes it to a topic, puts it on a stream, or emits it on a bus, where it is
   * the event: `{ type: 'OrderPlaced', detail: { … } }`. Resolves with the id, or the sequence number, that it was given.
   */
  send<Message>(target: Target<Message>, message: Message, sending?: Sending): Promise<{ messageId: string }>
  /**
   * Connects to the app's WebSocket API; `path` is what the URL has behind it: `/?room=a`. Rejects with a RefusedError
   * (`status`, `headers`, `text`) when the app or its authorizer lets nobody in. Where the app has several APIs, name one.
   */
  websocket(path?: string, connecting?: Connecting): Promise<TestSocket>
  websocket(target: SocketTarget, path: string, connecting?: Connecting): Promise<TestSocket>
  /** Runs a function by its export, and waits for it. */
  invoke(name: string, payload?: unknown): Promise<Invoked>
  /** Resolves when nothing runs and no message can be taken now. Rejects after 10 s, or `seconds`, saying what still runs. */
  settle(options?: { readonly seconds?: number }): Promise<void>
  /** The runs of a function, by its export; of all functions without it. */
  invocations(name?: string): readonly Invocation[]
  /** The lines that a function logged; of all functions without a name. */
  logs(name?: string): readonly string[]
  /** What the functions did on AWS so far, beside what they may do. */
  permissions(): PermissionsReport
  close(): Promise<void>
}

/** An action on a resource, and the function that it is about. */
export interface Permission {
  /** As the model names it: an export, or the function that it shares with others. */
  readonly function: string
  /** `dynamodb:PutItem`. */
  readonly action: string
  /** An ARN; of what is granted a pattern, where `*` stands for anything. */
  readonly resource: string
}

/** What functions did on AWS, beside what they may do. */
export interface PermissionsReport {
  /** What was done, or tried. Not `allowed`: nothing grants it. */
  readonly exercised: readonly (Permission & { readonly allowed: boolean })[]
  readonly granted: readonly Permission[]
  /** What is granted, and was not needed so far. */
  readonly unused: readonly Permission[]
}

export interface StartOptions {
  /** Whether functions may do only what their permissions allow. Default `enforce`; with `warn` and `off` the rest is let through, and told of at the end. */
  readonly iam?: 'enforce' | 'warn' | 'off'
  /** Default `real`. `virtual` stands still until `clock.advance`. */
  readonly clock?: 'real' | 'virtual'
  /** Default `dev`. */
  readonly stage?: string
  /** Environment variables laid over those of every function. */
  readonly env?: Readonly<Record<string, string>>
  /** The entry file when `start` is given a module. Default `app.ts`, in the folder where the tests run or one above. */
  readonly entry?: string
}
