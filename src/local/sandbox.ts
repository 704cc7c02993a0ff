// The worker thread a function lives in: what Lambda's Node.js runtime does, one event at a time.
import { parentPort } from 'node:worker_threads'
import { type ConsoleLevel, METHODS, toLine, toManner } from './console-lines.ts'
import type { Asked } from './invocation.ts'
import { isStreaming, openResponseStream, provideAwsLambda } from './response-stream.ts'
import { BEGUN, FREE, MORE, WAITING } from './slots.ts'
import { raiseWall, type Ways } from './wall-inside.ts'

/** The first thing a sandbox is told: what it is to be. Threads are started ahead of time, so that no event waits for one. */
export interface SandboxData {
  /** URL of the module that exports `handler`. */
  readonly entry: string
  readonly env: Readonly<Record<string, string>>
  readonly ways: Ways
  /** Which of the posted events may be begun; see slots.ts. */
  readonly slots: Int32Array
  /** `nodejs24.x` refuses handlers with three parameters. */
  readonly runtime: string
  readonly context: {
    readonly functionName: string
    readonly functionVersion: string
    readonly invokedFunctionArn: string
    readonly memoryLimitInMB: string
    readonly logGroupName: string
    readonly logStreamName: string
  }
}

/** One event for the sandbox. They come as arrays. */
export interface SandboxEvent {
  readonly requestId: string
  /** JSON. */
  readonly payload: string
  /** Milliseconds it may take. */
  readonly timeout: number
  /** Its place in the inbox. */
  readonly slot: number
  /** How its caller named the function, and what it told it besides. */
  readonly asked?: Partial<Asked>
}

/** What a sandbox tells the invoker, in arrays. `payload` is JSON; an error is told in the words of Lambda's runtime. */
export type SandboxMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'log'; readonly requestId: string; readonly text: string }
  | {
      readonly type: 'done'
      readonly requestId: string
      readonly payload: string
      readonly failed: boolean
      /** Milliseconds in the handler. */
      readonly duration: number
      readonly memory: number
      readonly external: number
    }
  /** A part of a streamed answer; the next one waits for word that it was taken. */
  | { readonly type: 'chunk'; readonly requestId: string; readonly bytes: Uint8Array; readonly contentType: string }
  /** The sandbox is no longer of use: its code does not load, or something threw outside of a handler. */
  | { readonly type: 'broken'; readonly requestId: string; readonly payload: string }

type Handler = (event: unknown, ...given: unknown[]) => unknown

const port = parentPort
if (port === null) throw new Error('The sandbox runs in a worker thread only.')
// At once, each by itself: what the next event does to this thread must not cost this one its answer.
const say = (message: SandboxMessage): void => port.postMessage(message)

let requestId = ''
let manner = toManner({})

// Before any user code: source maps make stack traces name the user's lines, and console writes as Lambda's does.
process.setSourceMapsEnabled(true)
patchConsole()
provideAwsLambda()
const setWays = raiseWall()
process.on('uncaughtException', (error) => breakDown(error, 129))
process.on('unhandledRejection', (reason) => breakDown(toUnhandled(reason), 128))
// The event loop is empty, and the handler's promise can no longer settle.
process.on('beforeExit', () => {
  if (requestId !== '')
    breakDown(
      {
        name: 'Runtime.NodeJsExit',
        message: 'The event loop is empty, but the handler has not finished: its promise can never settle.',
      },
      0,
    )
})

port.once('message', (data: SandboxData) => {
  Object.assign(process.env, data.env)
  manner = toManner(data.env)
  setWays(data.ways)
  load(data).then(
    (handler) => serve(handler, data),
    (error: unknown) => breakDown(error, 1),
  )
})

async function load(data: SandboxData): Promise<Handler> {
  let module: Record<string, unknown>
  try {
    module = await import(data.entry)
  } catch (error) {
    throw toLoadError(error)
  }
  const { handler } = module
  if (handler === undefined) throw fault('Runtime.HandlerNotFound', 'index.handler is undefined or not exported')
  if (typeof handler !== 'function') throw fault('Runtime.HandlerNotFound', 'index.handler is not a function')
  if (handler.length >= 3 && !isStreaming(handler) && data.runtime === 'nodejs24.x') {
    throw fault(
      'Runtime.CallbackHandlerDeprecated',
      'Callback-based handlers are not supported from nodejs24.x on: return a promise.',
    )
  }
  return handler as Handler
}

function serve(handler: Handler, { context, slots }: SandboxData): void {
  const inbox: SandboxEvent[] = []
  let working = false
  const work = async (): Promise<void> => {
    working = true
    for (let event = inbox.shift(); event !== undefined; event = inbox.shift()) {
      if (Atomics.compareExchange(slots, event.slot, WAITING, BEGUN) === WAITING) await run(handler, event, context)
      Atomics.store(slots, event.slot, FREE)
    }
    working = false
  }
  port?.on('message', (events: SandboxEvent[] | typeof MORE) => {
    if (events === MORE) {
      taken()
      return
    }
    inbox.push(...events)
    if (!working) void work()
  })
  say({ type: 'ready' })
}

async function run(handler: Handler, event: SandboxEvent, context: SandboxData['context']): Promise<void> {
  requestId = event.requestId
  const began = performance.now()
  // Only the handler may keep the thread alive now, so that a promise nobody can settle shows.
  port?.unref()
  let payload: string
  let failed = false
  try {
    const given: unknown = JSON.parse(event.payload)
    if (isStreaming(handler)) await stream(handler, given, toContext(event, context))
    payload = isStreaming(handler) ? 'null' : toJson(await handler(given, toContext(event, context)))
  } catch (error) {
    failed = true
    payload = tellError('Invoke Error', error)
  }
  port?.ref()
  const done = requestId
  requestId = ''
  const duration = performance.now() - began
  const { heapUsed, external } = weigh()
  say({ type: 'done', requestId: done, payload, failed, duration, memory: heapUsed + external, external })
}

let taken = (): void => {}

// Lambda takes the answer from what is written, and waits until its end; what the handler returns says nothing.
async function stream(handler: Handler, event: unknown, context: object): Promise<void> {
  const own = requestId
  const out = openResponseStream((bytes, contentType, done) => {
    if (requestId !== own) return
    // While the chunk is on its way somebody can still settle the promise.
    port?.ref()
    taken = () => {
      port?.unref()
      done()
    }
    say({ type: 'chunk', requestId, bytes, contentType })
  })
  try {
    await handler(event, out.stream, context)
    await out.finished
  } catch (error) {
    out.stream.destroy()
    throw error
  } finally {
    // A late word about this event's chunk must not let the thread go while it waits for the next event.
    taken = () => {}
  }
}

const WEIGH_EVERY = 50
let weighed = process.memoryUsage()
let weighedAt = performance.now()

// Asking costs as much as a small handler, so quick events share one answer.
function weigh(): NodeJS.MemoryUsage {
  if (performance.now() - weighedAt > WEIGH_EVERY) {
    weighed = process.memoryUsage()
    weighedAt = performance.now()
  }
  return weighed
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null'
  } catch {
    throw fault('Error', 'Unable to stringify response body')
  }
}

function toContext(event: SandboxEvent, context: SandboxData['context']): object {
  const { requestId: awsRequestId, timeout, asked = {} } = event
  const deadline = performance.now() + timeout
  const { qualifier, clientContext } = asked
  const { invokedFunctionArn } = context
  return {
    ...context,
    ...(qualifier === undefined ? {} : { invokedFunctionArn: `${invokedFunctionArn}:${qualifier}` }),
    ...(clientContext === undefined ? {} : { clientContext: JSON.parse(clientContext) }),
    awsRequestId,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.ceil(deadline - performance.now())),
  }
}

interface Named {
  readonly name: string
  readonly message: string
  readonly stack?: string | undefined
}

const fault = (name: string, message: string): Named => ({ name, message })

// Source: the runtime interface client's own words for what was thrown.
function toErrorPayload(error: unknown): { errorType: string; errorMessage: string; trace: string[] } {
  if (isNamed(error)) {
    const { name, message, stack } = error
    return { errorType: name, errorMessage: message, trace: stack === undefined ? [] : stack.split('\n') }
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] }
}

const isNamed = (error: unknown): error is Named =>
  error instanceof Error || (typeof error === 'object' && error !== null && 'name' in error && 'message' in error)

function toLoadError(error: unknown): Named {
  const { message = String(error), stack, code } = error as { message?: string; stack?: string; code?: string }
  const name =
    error instanceof SyntaxError
      ? 'Runtime.UserCodeSyntaxError'
      : code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND'
        ? 'Runtime.ImportModuleError'
        : error instanceof Error
          ? error.name
          : typeof error
  return { name, message, stack }
}

const toUnhandled = (reason: unknown): Named => ({
  name: 'Runtime.UnhandledPromiseRejection',
  message: isNamed(reason) ? `${reason.name}: ${reason.message}` : String(reason),
  stack: isNamed(reason) ? reason.stack : undefined,
})

function breakDown(error: unknown, status: number): void {
  const payload = tellError(requestId === '' ? 'Uncaught Exception' : 'Invoke Error', error)
  say({ type: 'broken', requestId, payload })
  requestId = ''
  process.exit(status)
}

/** Writes what was thrown into the log; gives it as the answer's payload. */
function tellError(what: string, error: unknown): string {
  const told = toErrorPayload(error)
  const payload = JSON.stringify(told)
  const { errorType, errorMessage, trace } = told
  line('ERROR', manner.isJson ? { errorType, errorMessage, stackTrace: trace } : `${what} \t${payload}`)
  return payload
}

function line(level: ConsoleLevel, ...values: readonly unknown[]): void {
  const text = toLine(manner, level, requestId, values)
  if (text !== undefined) say({ type: 'log', requestId, text })
}

function patchConsole(): void {
  for (const [method, level] of Object.entries(METHODS)) {
    Reflect.set(console, method, (...values: unknown[]) => line(level, ...values))
  }
  for (const stream of [process.stdout, process.stderr]) {
    // Not the stream's own end: a handler that closes it must not silence the next event.
    const write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      say({ type: 'log', requestId, text: String(chunk).replace(/\n$/, '') })
      const callback = typeof encoding === 'function' ? encoding : done
      if (typeof callback === 'function') queueMicrotask(() => callback())
      return true
    }
    Reflect.set(stream, 'write', write)
    Reflect.set(stream, 'end', () => stream)
  }
}
