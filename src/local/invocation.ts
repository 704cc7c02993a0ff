// An invocation: the event that goes into a sandbox, whom to tell what came of it, and how large both may be.

/** What came of an invocation. `payload` is JSON: the result, or the error in Lambda's words. */
export interface Outcome {
  readonly requestId: string
  readonly payload: string
  readonly failed: boolean
  /** Why there was no invocation, or how it was cut off. */
  readonly fault?: 'throttled' | 'timeout' | 'unknown function'
}

/** Takes what a function streams, as it comes. */
export interface Sink {
  /** `contentType` is the stream's own. Resolves when more may come. */
  write(chunk: Uint8Array, contentType: string): Promise<void>
}

/** What an event's context says of its caller. */
export interface Asked {
  /** `$LATEST`; undefined: the function was named without. */
  readonly qualifier: string | undefined
  /** JSON. */
  readonly clientContext: string | undefined
}

export interface Invocation {
  readonly requestId: string
  /** JSON. */
  readonly payload: string
  /** What caused it. */
  readonly parent: string
  /** How the caller named the function, and what it told it beside the event; undefined: by its name, nothing. */
  readonly asked?: Asked | undefined
  /** Where a stream goes; undefined: it is collected, and is the payload. */
  readonly sink?: Sink | undefined
}

/** An invocation, and whom to tell what came of it. */
export interface Task {
  readonly invocation: Invocation
  readonly settle: (outcome: Outcome) => void
}

/** The most bytes an event or an answer may have. Source: recorded on AWS. */
export const PAYLOAD_LIMIT = 6_291_556
