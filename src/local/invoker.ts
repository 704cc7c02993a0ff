// Runs functions as Lambda does: finds or makes a sandbox, hands it the event, says what came of it.
import { randomUUID } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import type { FunctionModel, Model } from '../model/index.ts'
import type { Clock } from './clock.ts'
import type { Asked, Outcome, Sink } from './invocation.ts'
import type { Journal } from './journal.ts'
import { Pool } from './pool.ts'
import { keepSpare } from './spare.ts'
import { openSandbox, type Sandbox } from './thread.ts'
import type { Ways } from './wall-inside.ts'

export interface InvokeOptions {
  readonly requestId?: string
  /** What caused it. */
  readonly parent?: string
  readonly asked?: Asked | undefined
  /** Where a streamed answer goes. */
  readonly sink?: Sink | undefined
}

/** A function's code: the module that exports `handler`, and a hash that changes with it. */
export interface Code {
  readonly entry: string
  readonly hash: string
}

export interface Invoker {
  /**
   * Takes new code or settings. Sandboxes of changed functions finish their event and go; a changed function that was
   * warm, or is named in `warm`, has loaded its new code when this resolves, and answers with the old until then.
   */
  update(model: Model, code: ReadonlyMap<string, Code>, warm?: readonly string[]): Promise<void>
  /** Runs a function with a JSON payload. Never rejects: what went wrong is in the outcome. */
  invoke(name: string, payload: string, options?: InvokeOptions): Promise<Outcome>
  /** Which invocation a sandbox's token stands for now. */
  caller(token: string): { readonly function: string; readonly requestId: string } | undefined
  /** Whether a token is a sandbox's. */
  knows(token: string): boolean
  /** How many invocations run or wait for a sandbox. */
  busy(): number
  close(): Promise<void>
}

const REAP_EVERY = 15_000

export interface InvokerGround {
  readonly clock: Clock
  readonly journal: Journal
  /** Where the functions find AWS. */
  readonly endpoint: string
  /** Where they find the app itself. Asked when a sandbox starts. */
  readonly app: () => string
  /** Where they find AWS when they ask for it by its own names. Asked when a sandbox starts. */
  readonly ways: () => Ways
}

/** Makes an invoker. */
export function openInvoker(ground: InvokerGround): Invoker {
  const pools = new Map<string, Pool>()
  const tokens = new Map<string, Sandbox>()
  let running = 0
  const dropSpare = keepSpare()

  const toPool = (model: Model, made: FunctionModel, code: Code, version: string): Pool =>
    new Pool(made, version, (onIdle) => {
      const sandbox = openSandbox({ ...ground, onIdle, model, made, entry: pathToFileURL(code.entry).href })
      tokens.set(sandbox.token, sandbox)
      void sandbox.gone.then(() => tokens.delete(sandbox.token))
      return sandbox
    })

  const replace = async (pool: Pool, warm: boolean): Promise<void> => {
    const before = pools.get(pool.made.name)
    if (warm || (before?.size ?? 0) > 0) await pool.warm()
    pools.set(pool.made.name, pool)
    before?.retire(pool)
  }

  const update: Invoker['update'] = async (model, code, warm = []) => {
    const names = new Set(model.functions.map(({ name }) => name))
    for (const [name, pool] of pools) {
      if (names.has(name)) continue
      pools.delete(name)
      pool.retire()
    }
    const replacing = model.functions.map((made) => {
      const own = code.get(made.name)
      if (own === undefined) return undefined
      const version = `${own.hash} ${JSON.stringify({ ...made, where: undefined })}`
      if (pools.get(made.name)?.version === version) return undefined
      return replace(toPool(model, made, own, version), warm.includes(made.name))
    })
    await Promise.all(replacing)
  }

  const invoke: Invoker['invoke'] = async (name, payload, options = {}) => {
    const { requestId = randomUUID(), parent = '', asked, sink } = options
    const pool = pools.get(name)
    if (pool === undefined) return { requestId, payload: 'null', failed: true, fault: 'unknown function' }
    const { concurrency } = pool.made
    if (concurrency !== undefined && pool.active >= concurrency) {
      return { requestId, payload: '{"errorMessage":"Rate Exceeded."}', failed: true, fault: 'throttled' }
    }
    running++
    const outcome = await pool.run({ requestId, payload, parent, asked, sink })
    running--
    return outcome
  }

  const reaper = setInterval(() => {
    for (const pool of pools.values()) pool.reap()
  }, REAP_EVERY)
  reaper.unref()

  const close = async (): Promise<void> => {
    clearInterval(reaper)
    await dropSpare()
    for (const pool of pools.values()) pool.close()
    // A pool whose function is gone may start one more for what its last sandbox had not begun.
    while (tokens.size > 0) {
      const open = [...tokens.values()]
      await Promise.all(open.map((sandbox) => sandbox.close()))
      await Promise.all(open.map((sandbox) => sandbox.gone))
    }
  }

  return {
    update,
    invoke,
    caller: (token) => tokens.get(token)?.current(),
    knows: (token) => tokens.has(token),
    busy: () => running,
    close,
  }
}
