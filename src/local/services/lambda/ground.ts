// What the local Lambda needs of whoever runs the functions, and what it keeps itself.
import type { Clock } from '../../clock.ts'
import type { Store } from '../../store.ts'

/** A function as this API shows it. */
export interface LambdaFunctionFacts {
  readonly physicalName: string
  readonly arn: string
  readonly role: string
  readonly runtime: string
  readonly architecture: string
  /** MB. */
  readonly memory: number
  /** Seconds. */
  readonly timeout: number
  readonly description: string
  readonly env: Readonly<Record<string, string>>
  /** MB. */
  readonly ephemeralStorage: number
  readonly concurrency: number | undefined
  readonly deadLetter: string | undefined
  readonly tags: Readonly<Record<string, string>>
  readonly logs: {
    readonly format: 'text' | 'json'
    readonly level: string | undefined
    readonly systemLevel: string | undefined
  }
  /** What the app says of events that nobody waits for; undefined: nothing. */
  readonly asynchronous: AsynchronousFacts | undefined
  /** Its function URL, where it has one. */
  readonly url: { readonly address: string; readonly auth: 'NONE' | 'AWS_IAM'; readonly stream: boolean } | undefined
  /** Who may invoke it besides its owner: a service, and what of that service. */
  readonly callers: readonly { readonly id: string; readonly principal: string; readonly source: string | undefined }[]
}

export interface AsynchronousFacts {
  readonly retries: number | undefined
  /** Seconds. */
  readonly maximumAge: number | undefined
  /** ARNs. */
  readonly success: string | undefined
  readonly failure: string | undefined
}

/** An event source mapping of the app. */
export interface LambdaMappingFacts {
  /** The same for the same source and function. */
  readonly id: string
  readonly sourceArn: string
  readonly functionArn: string
  readonly batchSize: number
  /** Seconds. */
  readonly window: number
  /** JSON patterns. */
  readonly filters: readonly string[]
  /** What else it says, in AWS's words. */
  readonly more: Readonly<Record<string, unknown>>
}

/** What came of an invocation. */
export interface LambdaOutcome {
  readonly payload: string
  readonly failed: boolean
  readonly throttled: boolean
  readonly log: string
}

/** What an event's context says of its caller. */
export interface LambdaAsked {
  readonly qualifier: string | undefined
  /** JSON. */
  readonly clientContext: string | undefined
}

export interface LambdaGround {
  readonly store: Store
  readonly clock: Clock
  functions(): readonly LambdaFunctionFacts[]
  mappings(): readonly LambdaMappingFacts[]
  /** Runs the function of that physical name. What it streams goes to `sink`, where there is one. */
  invoke(
    physicalName: string,
    payload: string,
    options: {
      requestId: string
      asked?: LambdaAsked | undefined
      sink?: { write(chunk: Uint8Array, contentType: string): Promise<void> }
    },
  ): Promise<LambdaOutcome>
  /** Keeps an event for the function; resolves once it cannot be lost any more. */
  start(
    physicalName: string,
    payload: string,
    options: { requestId: string; asked?: LambdaAsked | undefined },
  ): Promise<void>
}
