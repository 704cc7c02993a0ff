// One sandbox from outside: a worker thread with a function's code in it, the time limit on its events, the log lines around them.
import { randomUUID } from 'node:crypto'
import type { Worker } from 'node:worker_threads'
import type { FunctionModel, Model } from '../model/index.ts'
import type { Clock } from './clock.ts'
import { functionArn, logGroup, toEnvironment } from './environment.ts'
import type { Journal } from './journal.ts'
import type { SandboxData, SandboxEvent, SandboxMessage } from './sandbox.ts'
import { takeWorker } from './spare.ts'

/** What came of an invocation. `payload` is JSON: the result, or the error in Lambda's words. */
export interface Outcome {
  readonly requestId: string
  readonly payload: string
  readonly failed: boolean
  /** Why there was no invocation, or how it was cut off. */
  readonly fault?: 'throttled' | 'timeout' | 'unknown function'
}

export interface Invocation {
  readonly requestId: string
  /** JSON. */
  readonly payload: string
  /** What caused it. */
  readonly parent: string
}

export interface Sandbox {
  /** Part of its credentials: tells whose AWS call one is. */
  readonly token: string
  /** Its code has loaded, or failed to. */
  readonly loaded: Promise<void>
  /** Its thread has ended. */
  readonly gone: Promise<void>
  /** When it last fell idle, in `performance.now()` milliseconds. */
  idleSince: number
  usable(): boolean
  /** The invocation it works on. */
  current(): { readonly function: string; readonly requestId: string } | undefined
  /** One at a time. Never rejects. */
  run(invocation: Invocation): Promise<Outcome>
  close(): Promise<void>
}

export interface SandboxPlace {
  readonly model: Model
  readonly made: FunctionModel
  /** URL of the module that exports `handler`. */
  readonly entry: string
  /** Where it finds AWS. */
  readonly endpoint: string
  readonly clock: Clock
  readonly journal: Journal
}

/** The most bytes an event or an answer may have. Source: recorded on AWS. */
export const PAYLOAD_LIMIT = 6_291_556

const MB = 1024 * 1024

/** Starts a sandbox. Its code loads at once. */
export const openSandbox = (place: SandboxPlace): Sandbox => new Thread(place)

interface Running {
  readonly invocation: Invocation
  /** `performance.now()` milliseconds. */
  readonly began: number
  readonly timer: NodeJS.Timeout
  readonly settle: (outcome: Outcome) => void
}

class Thread implements Sandbox {
  readonly token = randomUUID()
  readonly loaded: Promise<void>
  readonly gone: Promise<void>
  idleSince = performance.now()
  readonly #place: SandboxPlace
  readonly #worker: Worker
  readonly #born = performance.now()
  #usable = true
  #running: Running | undefined
  /** Milliseconds its code took to load, until the first event has been told of it. */
  #init: number | undefined
  /** The most bytes it has used. */
  #peak = 0
  /** A sandbox that broke while loading tells it to the event that comes. */
  #broken: string | undefined
  #isLoaded = false
  #onLoaded: () => void = () => {}

  constructor(place: SandboxPlace) {
    this.#place = place
    this.#worker = startWorker(place, this.token)
    this.loaded = new Promise((resolve) => {
      this.#onLoaded = () => {
        if (!this.#isLoaded) this.#init = performance.now() - this.#born
        this.#isLoaded = true
        resolve()
      }
    })
    this.gone = new Promise((resolve) => {
      this.#worker.on('exit', (status) => {
        this.#exited(status)
        resolve()
      })
    })
    this.#worker.on('message', (message: SandboxMessage) => this.#hear(message))
    this.#worker.on('error', (error: Error & { code?: string }) => {
      const killed = error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      this.#fail(killed ? 'Runtime exited with error: signal: killed' : error.message)
    })
  }

  usable(): boolean {
    return this.#usable
  }

  current(): { readonly function: string; readonly requestId: string } | undefined {
    const running = this.#running
    return running === undefined
      ? undefined
      : { function: this.#place.made.name, requestId: running.invocation.requestId }
  }

  async run(invocation: Invocation): Promise<Outcome> {
    if (!this.#isLoaded) await this.loaded
    return new Promise((settle) => this.#begin(invocation, settle))
  }

  async close(): Promise<void> {
    this.#usable = false
    await this.#worker.terminate()
  }

  #begin(invocation: Invocation, settle: (outcome: Outcome) => void): void {
    const timeout = this.#place.made.timeout * 1000
    const timer = setTimeout(() => this.#expire(), timeout)
    this.#running = { invocation, began: performance.now(), timer, settle }
    this.#place.journal.record({ kind: 'start', ...this.#stamp(invocation.requestId), parent: invocation.parent })
    const event: SandboxEvent = { requestId: invocation.requestId, payload: invocation.payload, timeout }
    if (this.#broken !== undefined) this.#finish(this.#broken, true)
    else if (this.#usable) this.#worker.postMessage(event)
    else this.#fail('Runtime exited without providing a reason')
  }

  #hear(message: SandboxMessage): void {
    if (message.type === 'done') this.#done(message)
    else if (message.type === 'ready') this.#onLoaded()
    else if (message.type === 'broken') this.#breakDown(message.payload)
    else this.#place.journal.record({ kind: 'log', ...this.#stamp(message.requestId), text: message.text })
  }

  #breakDown(payload: string): void {
    this.#usable = false
    this.#broken = payload
    this.#onLoaded()
    this.#finish(payload, true)
  }

  #done({ payload, failed, memory, external }: SandboxMessage & { type: 'done' }): void {
    this.#peak = Math.max(this.#peak, memory)
    if (external > this.#place.made.memory * MB) {
      // The heap has its own limit in the thread; buffers outside of it can only be weighed afterwards.
      this.#fail('Runtime exited with error: signal: killed')
      void this.close()
    } else if (payload.length > PAYLOAD_LIMIT / 3 && Buffer.byteLength(payload) > PAYLOAD_LIMIT) {
      const errorMessage = `Response payload size exceeded maximum allowed payload size (${PAYLOAD_LIMIT} bytes).`
      this.#finish(JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage }), true)
    } else this.#finish(payload, failed)
  }

  #expire(): void {
    const { made, journal, clock } = this.#place
    const requestId = this.#running?.invocation.requestId ?? ''
    const text = `Task timed out after ${made.timeout.toFixed(2)} seconds`
    const at = new Date(clock.now()).toISOString()
    journal.record({ kind: 'log', ...this.#stamp(requestId), text: `${at} ${requestId} ${text}` })
    const errorMessage = `RequestId: ${requestId} Error: ${text}`
    this.#finish(JSON.stringify({ errorType: 'Sandbox.Timedout', errorMessage }), true, 'timeout')
    void this.close()
  }

  #exited(status: number): void {
    const how = status === 0 ? 'without providing a reason' : `with error: exit status ${status}`
    this.#fail(`Runtime exited ${how}`)
    this.#onLoaded()
  }

  // The thread is lost, and the event it worked on with it. Source: recorded Runtime.ExitError answers.
  #fail(how: string): void {
    this.#usable = false
    const errorMessage = `RequestId: ${this.#running?.invocation.requestId ?? ''} Error: ${how}`
    this.#finish(JSON.stringify({ errorType: 'Runtime.ExitError', errorMessage }), true)
  }

  #finish(payload: string, failed: boolean, fault?: 'timeout'): void {
    if (this.#running === undefined) return
    const { invocation, began, timer, settle } = this.#running
    this.#running = undefined
    clearTimeout(timer)
    const { made, journal } = this.#place
    journal.record({
      kind: 'report',
      ...this.#stamp(invocation.requestId),
      duration: fault === 'timeout' ? made.timeout * 1000 : performance.now() - began,
      init: this.#init,
      memorySize: made.memory,
      memoryUsed: Math.ceil(this.#peak / MB),
      status: fault ?? (failed ? 'error' : undefined),
    })
    this.#init = undefined
    const { requestId } = invocation
    settle(fault === undefined ? { requestId, payload, failed } : { requestId, payload, failed, fault })
  }

  #stamp(requestId: string) {
    return { time: this.#place.clock.now(), function: this.#place.made.name, requestId }
  }
}

function startWorker({ model, made, entry, endpoint, clock }: SandboxPlace, token: string): Worker {
  const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/')
  const logStream = `${day}/[$LATEST]${token.replaceAll('-', '')}`
  const data: SandboxData = {
    entry,
    env: toEnvironment(model, made, { token, logStream, endpoint }),
    runtime: made.runtime,
    context: {
      functionName: made.physicalName,
      functionVersion: '$LATEST',
      invokedFunctionArn: functionArn(made),
      memoryLimitInMB: String(made.memory),
      logGroupName: logGroup(made),
      logStreamName: logStream,
    },
  }
  const worker = takeWorker(made.memory)
  worker.postMessage(data)
  return worker
}
