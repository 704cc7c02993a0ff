// The sandboxes of one version of one function: warm ones first, more when none is free, none beyond the limit.
import type { FunctionModel } from '../model/index.ts'
import type { Sandbox } from './thread.ts'

// A handler that takes less is served sooner by waiting for a warm sandbox than by making another.
const PATIENCE = 20
const MOST = 50
// Spares that nobody used for this long go.
const IDLE = 60_000

export class Pool {
  readonly made: FunctionModel
  /** Changes with the code and the settings. */
  readonly version: string
  readonly #open: () => Sandbox
  readonly #all = new Set<Sandbox>()
  readonly #idle: Sandbox[] = []
  #retired = false
  #waiting: ((sandbox: Sandbox) => void)[] = []
  #successor: Pool | undefined

  constructor(made: FunctionModel, version: string, open: () => Sandbox) {
    this.made = made
    this.version = version
    this.#open = open
  }

  /** How many sandboxes work on an event. */
  get busy(): number {
    return this.#all.size - this.#idle.length
  }

  get size(): number {
    return this.#all.size
  }

  /** A sandbox that is free, as soon as there is one. */
  take(): Promise<Sandbox> {
    return new Promise((give) => this.#take(give))
  }

  /** Starts a spare and resolves when its code has loaded. */
  async warm(): Promise<void> {
    const sandbox = this.#start()
    await sandbox.loaded
    this.#offer(sandbox)
  }

  /** Takes back a sandbox that is done with its event. */
  giveBack(sandbox: Sandbox): void {
    sandbox.idleSince = performance.now()
    this.#offer(sandbox)
  }

  /** Ends the spares; those at work end when they are done. Who waits here waits at the successor from now on. */
  retire(successor?: Pool): void {
    this.#successor = successor
    for (const sandbox of this.#idle.splice(0)) void sandbox.close()
    const waiting = this.#waiting
    this.#waiting = []
    for (const give of waiting) (successor ?? this).#take(give)
    this.#retired = true
  }

  /** Ends spares that have been idle for a minute; the warmest one stays. */
  reap(): void {
    while (this.#idle.length > 1 && performance.now() - (this.#idle[0]?.idleSince ?? 0) > IDLE)
      void this.#idle.shift()?.close()
  }

  async close(): Promise<void> {
    this.#retired = true
    await Promise.all([...this.#all].map((sandbox) => sandbox.close()))
  }

  #limit(): number {
    return Math.min(this.made.concurrency ?? MOST, MOST)
  }

  #start(): Sandbox {
    const sandbox = this.#open()
    this.#all.add(sandbox)
    void sandbox.gone.then(() => {
      this.#all.delete(sandbox)
      const at = this.#idle.indexOf(sandbox)
      if (at >= 0) this.#idle.splice(at, 1)
      // Whoever counted on it must not wait for ever.
      const next = this.#all.size < this.#limit() ? this.#waiting.shift() : undefined
      if (next !== undefined) next(this.#start())
    })
    return sandbox
  }

  #offer(sandbox: Sandbox): void {
    if (!sandbox.usable()) return
    const next = this.#retired ? undefined : this.#waiting.shift()
    if (this.#retired) void sandbox.close()
    else if (next !== undefined) next(sandbox)
    else this.#idle.push(sandbox)
  }

  #take(give: (sandbox: Sandbox) => void): void {
    if (this.#successor !== undefined) {
      this.#successor.#take(give)
      return
    }
    const idle = this.#popIdle()
    if (idle !== undefined) give(idle)
    else if (this.#all.size === 0) give(this.#start())
    else {
      this.#waiting.push(give)
      if (this.#all.size < this.#limit()) setTimeout(() => this.#growFor(give), PATIENCE)
    }
  }

  #popIdle(): Sandbox | undefined {
    for (;;) {
      const idle = this.#idle.pop()
      if (idle === undefined || idle.usable()) return idle
    }
  }

  #growFor(give: (sandbox: Sandbox) => void): void {
    const at = this.#waiting.indexOf(give)
    if (at < 0 || this.#all.size >= this.#limit()) return
    this.#waiting.splice(at, 1)
    give(this.#start())
  }
}
