// One sandbox from outside: a worker thread with a function's code in it, the time limit on its events, the log lines around them.
import { randomUUID } from 'node:crypto'
import type { Worker } from 'node:worker_threads'
import type { FunctionModel, Model } from '../model/index.ts'
import type { Clock } from './clock.ts'
import { functionArn, logGroup, toEnvironment } from './environment.ts'
import { makeToken } from './iam/token.ts'
import { PAYLOAD_LIMIT, type Task } from './invocation.ts'
import type { Journal } from './journal.ts'
import type { SandboxData, SandboxEvent, SandboxMessage } from './sandbox.ts'
import { FREE, INBOX, MORE, RECALLED, WAITING } from './slots.ts'
import { takeWorker } from './spare.ts'
import type { Ways } from './wall-inside.ts'

export interface Sandbox {
  /** Part of its credentials: tells whose AWS call one is. */
  readonly token: string
  /** Its code has loaded, or failed to. */
  readonly loaded: Promise<void>
  /** Its thread has ended. */
  readonly gone: Promise<void>
  /** When it last fell idle, in `performance.now()` milliseconds. */
  readonly idleSince: number
  usable(): boolean
  /** Tasks it has, the one it works on included. */
  load(): number
  /** Milliseconds it has been at its present task. */
  runningFor(): number
  /** The invocation it works on. */
  current(): { readonly function: string; readonly requestId: string } | undefined
  /** Takes a task: at once, or after those it has. False when its inbox is full. */
  give(task: Task): boolean
  /** Gives back the tasks that it has not begun. */
  recall(): Task[]
  close(): Promise<void>
}

export interface SandboxPlace {
  readonly model: Model
  readonly made: FunctionModel
  /** URL of the module that exports `handler`. */
  readonly entry: string
  /** Where it finds AWS. */
  readonly endpoint: string
  readonly app: () => string
  readonly ways: () => Ways
  readonly clock: Clock
  readonly journal: Journal
  /** Called when it has no task left and can take more. */
  readonly onIdle: (sandbox: Sandbox) => void
}

const MB = 1024 * 1024
// What Lambda gives code to load; then it loads again, within the function's own time.
const LOAD_LIMIT = 10_000

/** Starts a sandbox. Its code loads at once. */
export const openSandbox = (place: SandboxPlace): Sandbox => new Thread(place)

interface Posted extends Task {
  readonly slot: number
}

interface Running extends Posted {
  /** `performance.now()` milliseconds. */
  readonly began: number
  /** What it streams, where nobody takes it at once. */
  readonly collected: Uint8Array[]
}

class Thread implements Sandbox {
  readonly token: string
  readonly loaded: Promise<void>
  readonly gone: Promise<void>
  idleSince = performance.now()
  readonly #place: SandboxPlace
  readonly #worker: Worker
  readonly #born = performance.now()
  readonly #slots = new Int32Array(new SharedArrayBuffer(4 * INBOX))
  #usable = true
  #running: Running | undefined
  /** Posted, in order, not begun. */
  #posted: Posted[] = []
  readonly #outgoing: SandboxEvent[] = []
  /** Given before the code had loaded. */
  #early: Task[] = []
  /** Milliseconds its code took to load, until the first event has been told of it. */
  #init: number | undefined
  /** The most bytes it has used. */
  #peak = 0
  /** A sandbox that broke while loading tells it to the events that come. */
  #broken: string | undefined
  /** How a thread that is gone ended. */
  #ending = 'Runtime exited without providing a reason'
  #isLoaded = false
  #resolveLoaded: () => void = () => {}
  #timer: NodeJS.Timeout | undefined

  constructor(place: SandboxPlace) {
    this.#place = place
    this.token = makeToken(place.made.name)
    this.#worker = startWorker(place, this.token, this.#slots)
    this.#timer = setTimeout(() => this.#giveUp(), LOAD_LIMIT + place.made.timeout * 1000)
    this.loaded = new Promise((resolve) => {
      this.#resolveLoaded = resolve
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
      this.#unbegin()
      this.#fail(killed ? 'Runtime exited with error: signal: killed' : error.message)
    })
  }

  usable(): boolean {
    return this.#usable
  }

  load(): number {
    return this.#early.length + this.#posted.length + (this.#running === undefined ? 0 : 1)
  }

  runningFor(): number {
    return this.#running === undefined ? 0 : performance.now() - this.#running.began
  }

  current(): { readonly function: string; readonly requestId: string } | undefined {
    const running = this.#running
    return running === undefined
      ? undefined
      : { function: this.#place.made.name, requestId: running.invocation.requestId }
  }

  give(task: Task): boolean {
    if (!this.#isLoaded) {
      // A new sandbox is made for one task; who comes later had better wait for whichever sandbox is free first.
      if (this.#early.length > 0) return false
      this.#early.push(task)
      return true
    }
    const slot = this.#freeSlot()
    if (slot < 0 || !this.#usable) return false
    this.#post({ ...task, slot })
    return true
  }

  // Not the slot of an event whose answer is still on its way: the two would be taken for one another when recalled.
  #freeSlot(): number {
    return this.#slots.findIndex(
      (state, slot) =>
        state === FREE && slot !== this.#running?.slot && !this.#posted.some((posted) => posted.slot === slot),
    )
  }

  recall(): Task[] {
    const back: Task[] = []
    const kept: Posted[] = []
    for (const posted of this.#posted) {
      // Only one of the two threads can turn a waiting slot: what is recalled is never begun, what is begun never recalled.
      const was = Atomics.compareExchange(this.#slots, posted.slot, WAITING, RECALLED)
      if (was === WAITING) back.push(posted)
      else kept.push(posted)
    }
    this.#posted = kept
    return back
  }

  async close(): Promise<void> {
    this.#usable = false
    await this.#worker.terminate()
  }

  #post(posted: Posted): void {
    const { invocation, slot } = posted
    Atomics.store(this.#slots, slot, WAITING)
    const timeout = this.#place.made.timeout * 1000
    const { requestId, payload, asked } = invocation
    const event: SandboxEvent = { requestId, payload, timeout, slot, ...(asked === undefined ? {} : { asked }) }
    this.#send(event)
    if (this.#running === undefined) this.#begin(posted)
    else this.#posted.push(posted)
  }

  // Events of one turn of the event loop travel together: a trip between threads costs more than a small handler.
  #send(event: SandboxEvent): void {
    this.#outgoing.push(event)
    if (this.#outgoing.length > 1) return
    setImmediate(() => this.#worker.postMessage(this.#outgoing.splice(0)))
  }

  #begin(posted: Posted): void {
    const { invocation, settle, slot } = posted
    this.#running = { invocation, settle, slot, began: performance.now(), collected: [] }
    this.#timer ??= setTimeout(() => this.#check(), this.#place.made.timeout * 1000)
    const { requestId, parent } = invocation
    this.#place.journal.record({ kind: 'start', ...this.#stamp(requestId), parent })
  }

  // One timer for many events: it looks whether the present one has had its time, and else waits for what is left of it.
  #check(): void {
    this.#timer = undefined
    if (this.#running === undefined) return
    const left = this.#place.made.timeout * 1000 - this.runningFor()
    if (left <= 0) this.#expire()
    else this.#timer = setTimeout(() => this.#check(), Math.ceil(left))
  }

  #hear(message: SandboxMessage): void {
    if (message.type === 'done') this.#done(message)
    else if (message.type === 'ready') this.#onLoaded()
    else if (message.type === 'broken') this.#breakDown(message.payload)
    else if (message.type === 'chunk') void this.#pass(message)
    else this.#place.journal.record({ kind: 'log', ...this.#stamp(message.requestId), text: message.text })
  }

  // The function may go on when the client has taken the chunk: what nobody takes must not fill the memory.
  async #pass({ requestId, bytes, contentType }: SandboxMessage & { type: 'chunk' }): Promise<void> {
    if (this.#running?.invocation.requestId !== requestId) return
    const { invocation, collected } = this.#running
    if (invocation.sink === undefined) collected.push(bytes)
    else await invocation.sink.write(bytes, contentType).catch(() => {})
    if (this.#usable) this.#worker.postMessage(MORE)
  }

  #onLoaded(): void {
    if (this.#isLoaded) return
    this.#isLoaded = true
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#init = performance.now() - this.#born
    this.#resolveLoaded()
    const [first] = this.#early.splice(0)
    if (first === undefined) return
    this.#post({ ...first, slot: 0 })
    if (this.#broken !== undefined) this.#finish(this.#broken, true)
    else if (!this.#usable) this.#fail(this.#ending)
  }

  #breakDown(payload: string): void {
    this.#usable = false
    this.#unbegin()
    this.#broken = payload
    this.#onLoaded()
    this.#finish(payload, true)
  }

  #done({ requestId, payload, failed, duration, memory, external }: SandboxMessage & { type: 'done' }): void {
    // Whatever goes wrong, no event is answered with another's answer.
    if (this.#running?.invocation.requestId !== requestId) return
    this.#peak = Math.max(this.#peak, memory)
    if (external > this.#place.made.memory * MB) {
      // The heap has its own limit in the thread; buffers outside of it can only be weighed afterwards.
      this.#fail('Runtime exited with error: signal: killed')
      void this.close()
    } else if (payload.length > PAYLOAD_LIMIT / 3 && Buffer.byteLength(payload) > PAYLOAD_LIMIT) {
      const errorMessage = `Response payload size exceeded maximum allowed payload size (${PAYLOAD_LIMIT} bytes).`
      this.#finish(JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage }), true, { duration })
    } else {
      const { collected = [] } = this.#running ?? {}
      // A stream that was asked for as a whole is a whole, as the Invoke API gives it.
      const whole = collected.length > 0 && !failed ? Buffer.concat(collected).toString('utf8') : payload
      this.#finish(whole, failed, { duration })
    }
  }

  // Code that does not finish loading must not keep its event for ever.
  #giveUp(): void {
    this.#onLoaded()
    if (this.#running === undefined) void this.close()
    else this.#expire()
  }

  #expire(): void {
    // First of all, so that nothing is begun here any more.
    this.#usable = false
    const { made, journal, clock } = this.#place
    const requestId = this.#running?.invocation.requestId ?? ''
    const text = `Task timed out after ${made.timeout.toFixed(2)} seconds`
    const at = new Date(clock.now()).toISOString()
    journal.record({ kind: 'log', ...this.#stamp(requestId), text: `${at} ${requestId} ${text}` })
    const errorMessage = `RequestId: ${requestId} Error: ${text}`
    this.#finish(JSON.stringify({ errorType: 'Sandbox.Timedout', errorMessage }), true, {
      fault: 'timeout',
      duration: made.timeout * 1000,
    })
    void this.close()
  }

  #exited(status: number): void {
    const how = status === 0 ? 'without providing a reason' : `with error: exit status ${status}`
    this.#unbegin()
    this.#fail(`Runtime exited ${how}`)
    this.#onLoaded()
    // The pool recalls what waits. What the thread began in the meantime is lost with it.
    const begun = this.#posted.filter(({ slot }) => this.#slots[slot] !== WAITING)
    this.#posted = this.#posted.filter((posted) => !begun.includes(posted))
    for (const posted of begun) {
      this.#begin(posted)
      this.#fail(this.#ending)
    }
    clearTimeout(this.#timer)
  }

  // An event that the thread had not come to is not lost with it: back in line, it is recalled.
  #unbegin(): void {
    const running = this.#running
    if (running === undefined || this.#slots[running.slot] !== WAITING) return
    this.#running = undefined
    this.#posted.unshift(running)
  }

  // The thread is lost, and the event it worked on with it. Source: recorded Runtime.ExitError answers.
  #fail(how: string): void {
    if (this.#usable) this.#ending = how
    this.#usable = false
    const errorMessage = `RequestId: ${this.#running?.invocation.requestId ?? ''} Error: ${how}`
    this.#finish(JSON.stringify({ errorType: 'Runtime.ExitError', errorMessage }), true)
  }

  #finish(payload: string, failed: boolean, how: { fault?: 'timeout'; duration?: number } = {}): void {
    if (this.#running === undefined) return
    const { invocation, began, settle } = this.#running
    const { fault, duration = performance.now() - began } = how
    this.#running = undefined
    const { made, journal } = this.#place
    journal.record({
      kind: 'report',
      ...this.#stamp(invocation.requestId),
      duration,
      init: this.#init,
      memorySize: made.memory,
      memoryUsed: Math.ceil(this.#peak / MB),
      status: fault ?? (failed ? 'error' : undefined),
    })
    this.#init = undefined
    const { requestId } = invocation
    settle(fault === undefined ? { requestId, payload, failed } : { requestId, payload, failed, fault })
    this.#next()
  }

  // A sandbox that is lost begins nothing more: its pool recalls what it has.
  #next(): void {
    if (!this.#usable) return
    const next = this.#posted.shift()
    if (next === undefined) {
      this.idleSince = performance.now()
      this.#place.onIdle(this)
    } else this.#begin(next)
  }

  #stamp(requestId: string) {
    return { time: this.#place.clock.now(), function: this.#place.made.name, requestId }
  }
}

function startWorker(place: SandboxPlace, token: string, slots: Int32Array): Worker {
  const { model, made, entry, endpoint, app, ways, clock } = place
  const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/')
  const logStream = `${day}/[$LATEST]${randomUUID().replaceAll('-', '')}`
  const data: SandboxData = {
    entry,
    slots,
    ways: ways(),
    env: toEnvironment(model, made, { token, logStream, endpoint, app: app() }),
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
