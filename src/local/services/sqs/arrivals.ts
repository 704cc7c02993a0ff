// Who waits for messages, and when the next one of a queue falls due: one alarm per queue, whatever its length.
import type { Alarm, Clock } from '../../clock.ts'

export interface Arrivals {
  /** Makes sure that the queue is looked at no later than `time`. */
  arm(queue: string, time: number): void
  /** Tells everybody that a message of the queue is visible. */
  fire(queue: string): void
  listen(listener: (queue: string) => void): () => void
  /** Asks `attempt` now and at every arrival until it answers something, or until `until` or the signal's end; then answers undefined. */
  wait<T>(
    queue: string,
    until: number,
    attempt: () => Promise<T | undefined>,
    signal?: AbortSignal,
  ): Promise<T | undefined>
}

interface Waiter {
  readonly until: number
  /** Tries to serve it; false when there was nothing. */
  readonly serve: () => Promise<boolean>
  readonly leave: (problem?: unknown) => void
  /** Its client has gone away. */
  readonly isGone: () => boolean
  alarm: Alarm | undefined
}

interface Line {
  readonly waiters: Waiter[]
  fired: number
}

interface Watch {
  at: number
  alarm: Alarm
}

/** `look` is called when something may have fallen due, and answers when to look again. */
export function openArrivals(clock: Clock, look: (queue: string) => Promise<number | undefined>): Arrivals {
  const watches = new Map<string, Watch>()
  const lines = new Map<string, Line>()
  const listeners = new Set<(queue: string) => void>()

  const arm = (queue: string, time: number): void => {
    const watch = watches.get(queue)
    if (watch !== undefined && watch.at <= time) return
    watch?.alarm.cancel()
    watches.set(queue, { at: time, alarm: clock.at(time, () => ring(queue)) })
  }
  const ring = async (queue: string): Promise<void> => {
    watches.delete(queue)
    const next = await look(queue)
    if (next !== undefined) arm(queue, next)
  }
  const lineOf = (queue: string): Line => {
    const line = lines.get(queue) ?? { waiters: [], fired: 0 }
    lines.set(queue, line)
    return line
  }
  const setAlarm = (line: Line, waiter: Waiter): void => {
    waiter.alarm = clock.at(waiter.until, () => {
      const at = line.waiters.indexOf(waiter)
      if (at >= 0) line.waiters.splice(at, 1)
      waiter.leave()
    })
  }
  // One waiter after the other, so that one message does not wake them all.
  const serve = async (line: Line): Promise<void> => {
    for (let waiter = line.waiters.shift(); waiter !== undefined; waiter = line.waiters.shift()) {
      waiter.alarm?.cancel()
      const { fired } = line
      const served = await tryToServe(waiter)
      if (served) continue
      if (clock.now() >= waiter.until || waiter.isGone()) {
        waiter.leave()
        continue
      }
      setAlarm(line, waiter)
      line.waiters.unshift(waiter)
      // An arrival during the attempt found nobody waiting.
      if (line.fired === fired) return
    }
  }
  const fire = (queue: string): void => {
    for (const listener of listeners) listener(queue)
    const line = lines.get(queue)
    if (line === undefined) return
    line.fired += 1
    void serve(line)
  }

  return {
    arm,
    fire,
    listen: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    wait: <T>(queue: string, until: number, attempt: () => Promise<T | undefined>, signal?: AbortSignal) =>
      new Promise<T | undefined>((resolve, reject) => {
        const serveOne = async (): Promise<boolean> => {
          if (isGone()) return false
          const answer = await attempt()
          if (answer !== undefined) resolve(answer)
          return answer !== undefined
        }
        const leave = (problem?: unknown): void => (problem === undefined ? resolve(undefined) : reject(problem))
        const isGone = (): boolean => signal?.aborted === true
        const line = lineOf(queue)
        const waiter: Waiter = { until, serve: serveOne, leave, isGone, alarm: undefined }
        setAlarm(line, waiter)
        signal?.addEventListener('abort', () => {
          const at = line.waiters.indexOf(waiter)
          if (at < 0) return
          line.waiters.splice(at, 1)
          waiter.alarm?.cancel()
          leave()
        })
        line.waiters.push(waiter)
        // Finds what came between the caller's last look and now.
        void serve(line)
      }),
  }
}

async function tryToServe(waiter: Waiter): Promise<boolean> {
  try {
    return await waiter.serve()
  } catch (problem) {
    waiter.leave(problem)
    return true
  }
}
