// The app's functions, as other services reach them: by the name or ARN they have on AWS, at once or later.
import { randomUUID } from 'node:crypto'
import type { FunctionModel, Model } from '../model/index.ts'
import { type Asynchronous, type AsynchronousSettings, openAsynchronous } from './asynchronous.ts'
import type { Clock } from './clock.ts'
import { toWritten } from './entries.ts'
import { functionArn } from './environment.ts'
import type { Invoker } from './invoker.ts'
import type { Journal } from './journal.ts'
import { type StreamOf, toFunctionFacts, toMappingFacts } from './mirror/functions.ts'
import { destinationArn } from './mirror/names.ts'
import type { Outbox } from './outbox.ts'
import type { Delivery, Receipt } from './service.ts'
import { type Lambda, openLambda } from './services/lambda/index.ts'
import type { Store } from './store.ts'

export interface FunctionsGround {
  readonly store: Store
  readonly clock: Clock
  readonly journal: Journal
  readonly invoker: Invoker
  readonly outbox: Outbox
  /** Undefined until an app has been read. */
  model(): Model | undefined
  /** Resolves when the first app is there. */
  readonly ready: Promise<void>
  /** The app's own port. */
  readonly gateway: { readonly url: string }
  readonly streamOf: StreamOf
  /** Hands a record or a dead letter to whom it is for. */
  deliver(delivery: Delivery): Promise<Receipt>
}

export class Functions {
  /** Lambda's own API on them. */
  readonly service: Lambda
  readonly #ground: FunctionsGround
  readonly #asynchronous: Asynchronous

  constructor(ground: FunctionsGround) {
    this.#ground = ground
    const { store, clock, outbox, ready, invoker } = ground
    this.service = this.#openService()
    this.#asynchronous = openAsynchronous({
      store,
      clock,
      outbox,
      ready,
      invoke: ({ name, payload, requestId, parent, asked }) =>
        invoker.invoke(this.#named(name)?.name ?? '', payload, { requestId, parent, asked }),
      settings: (name) => this.#settings(name),
      deliver: ground.deliver,
      note: ({ name, requestId }, words) => this.note(this.#named(name)?.name ?? name, requestId, words),
    })
  }

  /** Whether the app has a function of this ARN. */
  find(arn: string): boolean {
    return this.#named(nameIn(arn)) !== undefined
  }

  /** Keeps an event for a function; resolves once it cannot be lost any more. `from` says what it comes of. */
  start(arn: string, event: string, from: string): Promise<void> {
    const name = nameIn(arn)
    const made = this.#named(name)
    const parent = made === undefined ? '' : this.hop(made.name, from)
    return this.#asynchronous.start({ name, payload: event, requestId: randomUUID(), parent })
  }

  /** Notes a step that leads to an invocation. Returns its id, the invocation's parent. */
  hop(name: string, text: string): string {
    const { journal, clock } = this.#ground
    const requestId = randomUUID()
    journal.record({ kind: 'hop', time: clock.now(), function: name, requestId, text })
    return requestId
  }

  /** Adds a line to a function's log. */
  note(name: string, requestId: string, text: string): void {
    const { journal, clock } = this.#ground
    journal.record({ kind: 'log', time: clock.now(), function: name, requestId, text })
  }

  #openService(): Lambda {
    const { model, invoker, store, clock, gateway, streamOf } = this.#ground
    return openLambda({
      store,
      clock,
      functions: () => {
        const app = model()
        return app === undefined ? [] : app.functions.map((made) => toFunctionFacts(made, app, gateway.url))
      },
      mappings: () => {
        const app = model()
        return app === undefined ? [] : toMappingFacts(app, streamOf)
      },
      invoke: async (physicalName, payload, options) => {
        const made = this.#named(physicalName)
        const { payload: result, failed, fault } = await invoker.invoke(made?.name ?? '', payload, options)
        const log = made === undefined ? '' : this.#logOf(made, options.requestId)
        return { payload: result, failed, throttled: fault === 'throttled', log }
      },
      start: (name, payload, { requestId, asked }) =>
        this.#asynchronous.start({ name, payload, requestId, parent: '', asked }),
    })
  }

  #settings(physicalName: string): AsynchronousSettings | undefined {
    const app = this.#ground.model()
    const made = this.#named(physicalName)
    if (app === undefined || made === undefined) return undefined
    const { retries = 2, maximumAge = 21_600, success, failure } = this.service.asynchronous(physicalName) ?? {}
    return {
      arn: functionArn(made),
      retries,
      maximumAge,
      off: made.concurrency === 0,
      deadLetter: destinationArn(made.deadLetter, app),
      success,
      failure,
    }
  }

  #named(physicalName: string): FunctionModel | undefined {
    return this.#ground.model()?.functions.find((made) => made.physicalName === physicalName)
  }

  #logOf({ name, logs }: FunctionModel, requestId: string): string {
    const entries = this.#ground.journal.read({ function: name })
    return entries
      .filter((entry) => entry.requestId === requestId)
      .flatMap((entry) => toWritten(entry, logs))
      .join('\n')
  }
}

// `arn:aws:lambda:us-east-1:000000000000:function:NAME`, perhaps with a version behind it.
const nameIn = (arn: string): string => arn.split(':')[6] ?? ''
