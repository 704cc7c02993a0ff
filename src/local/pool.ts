// The sandboxes of one version of one function: warm ones first, more when none is free in time, none beyond the limit.
import type { FunctionModel } from '../model/index.ts'
import type { Invocation, Outcome, Task } from './invocation.ts'
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
  readonly #open: (onIdle: (sandbox: Sandbox) => void) => Sandbox
  readonly #all = new Set<Sandbox>()
  readonly #idle: Sandbox[] = []
  readonly #waiting: Task[] = []
  #active = 0
  #retired = false
  #closed = false
  #successor: Pool | undefined
  #sweeper: NodeJS.Timeout | undefined

  constructor(made: FunctionModel, version: string, open: (onIdle: (sandbox: Sandbox) => void) => Sandbox) {
    this.made = made
    this.version = version
    this.#open = open
  }

  /** Invocations that run or wait. */
  get active(): number {
    return this.#active
  }

  get size(): number {
    return this.#all.size
  }

  /** Runs an invocation in a sandbox that is free, or soon will be. */
  run(invocation: Invocation): Promise<Outcome> {
    this.#active++
    return new Promise((resolve) => {
      const settle = (outcome: Outcome): void => {
        this.#active--
        resolve(outcome)
      }
      this.#place({ invocation, settle })
    })
  }

  /** Starts a spare and resolves when its code has loaded. */
  async warm(): Promise<void> {
    const sandbox = this.#start()
    await sandbox.loaded
    this.#offer(sandbox)
  }

  /** Ends the spares; those at work end when they are done. What waits here waits at the successor from now on. */
  retire(successor?: Pool): void {
    this.#successor = successor
    this.#retired = true
    for (const sandbox of this.#idle.splice(0)) void sandbox.close()
    for (const task of this.#waiting.splice(0)) this.#place(task)
  }

  /** Starts nothing more: what waits is told so. The sandboxes are closed by whoever knows them all. */
  close(): void {
    this.#closed = true
    for (const task of this.#waiting.splice(0)) this.#place(task)
  }

  /** Ends spares that have been idle for a minute; the warmest one stays. */
  reap(): void {
    while (this.#idle.length > 1 && performance.now() - (this.#idle[0]?.idleSince ?? 0) > IDLE)
      void this.#idle.shift()?.close()
  }

  #limit(): number {
    return Math.min(this.made.concurrency ?? MOST, MOST)
  }

  #start(): Sandbox {
    const sandbox = this.#open((idle) => this.#offer(idle))
    this.#all.add(sandbox)
    void sandbox.gone.then(() => {
      this.#all.delete(sandbox)
      const at = this.#idle.indexOf(sandbox)
      if (at >= 0) this.#idle.splice(at, 1)
      // What it had not begun must not be lost with it, and who waits for it must not wait for ever.
      this.#waiting.unshift(...sandbox.recall())
      for (const task of this.#waiting.splice(0)) this.#place(task)
    })
    return sandbox
  }

  #offer(sandbox: Sandbox): void {
    if (!sandbox.usable()) return
    const next = this.#waiting.shift()
    if (next !== undefined) sandbox.give(next)
    else if (this.#retired) void sandbox.close()
    else if (!this.#idle.includes(sandbox)) this.#idle.push(sandbox)
  }

  #place(task: Task): void {
    if (this.#closed) {
      const { requestId } = task.invocation
      const errorMessage = `RequestId: ${requestId} Error: The local cloud is stopping`
      task.settle({
        requestId,
        payload: JSON.stringify({ errorType: 'Runtime.ExitError', errorMessage }),
        failed: true,
      })
      return
    }
    if (this.#successor !== undefined) {
      this.#successor.#place(task)
      return
    }
    const idle = this.#popIdle()
    if (idle?.give(task) === true) return
    if (this.#all.size === 0) {
      this.#start().give(task)
      return
    }
    const brisk = [...this.#all].find((one) => one.usable() && one.runningFor() < PATIENCE && one.give(task))
    if (brisk === undefined) this.#waiting.push(task)
    this.#sweeper ??= setTimeout(() => this.#sweep(), PATIENCE)
  }

  // Takes back what waits behind a slow event, and makes sandboxes for what has waited long enough.
  #sweep(): void {
    this.#sweeper = undefined
    for (const sandbox of this.#all) if (sandbox.runningFor() >= PATIENCE) this.#waiting.push(...sandbox.recall())
    while (this.#waiting.length > 0 && this.#all.size < this.#limit()) {
      const task = this.#waiting.shift()
      if (task !== undefined) this.#start().give(task)
    }
    if (this.#active > 0) this.#sweeper = setTimeout(() => this.#sweep(), PATIENCE)
  }

  #popIdle(): Sandbox | undefined {
    for (;;) {
      const idle = this.#idle.pop()
      if (idle === undefined || idle.usable()) return idle
    }
  }
}
