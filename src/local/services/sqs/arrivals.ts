// Who waits for messages, and when the next one of a queue falls due: one alarm per queue, whatever its length.
import type { Alarm, Clock } from '../../clock.ts'

export interface Arrivals {
  /** Makes sure that the queue is looked at no later than `time`. */
  arm(queue: string, time: number): void
  /** Tells everybody that a message of the queue is visible. */
  fire(queue: string): void
  listen(listener: (queue: string) => void): () => void
  /** Asks `attempt` now and at every arrival until it answers something, or until `until`; then answers undefined. */
  wait<T>(queue: string, until: number, attempt: () => Promise<T | undefined>): Promise<T | undefined>
}

interface Waiter {
  readonly until: number
  /** Tries to serve it; false when there was nothing. */
  readonly serve: () => Promise<boolean>
  readonly leave: (problem?: unknown) => void
  alarm: Alarm | undefined
}

interface Watch {
  at: number
  alarm: Alarm
}

/** `look` is called when something may have fallen due, and answers when to look again. */
export function openArrivals(clock: Clock, look: (queue: string) => Promise<number | undefined>): Arrivals {
  const watches = new Map<string, Watch>()
  const waiting = new Map<string, Waiter[]>()
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
  const park = (queue: string, waiter: Waiter): void => {
    waiter.alarm = clock.at(waiter.until, () => {
      const line = waiting.get(queue)
      line?.splice(line.indexOf(waiter) >>> 0, 1)
      waiter.leave()
    })
    waiting.set(queue, [...(waiting.get(queue) ?? []), waiter])
  }
  // One waiter after the other, so that one message does not wake them all.
  const serve = async (queue: string): Promise<void> => {
    for (let waiter = waiting.get(queue)?.shift(); waiter !== undefined; waiter = waiting.get(queue)?.shift()) {
      waiter.alarm?.cancel()
      const served = await waiter.serve().catch((problem: unknown) => {
        waiter?.leave(problem)
        return true
      })
      if (served) continue
      if (clock.now() >= waiter.until) waiter.leave()
      else park(queue, waiter)
      return
    }
    waiting.delete(queue)
  }
  const fire = (queue: string): void => {
    for (const listener of listeners) listener(queue)
    if (waiting.has(queue)) void serve(queue)
  }

  return {
    arm,
    fire,
    listen: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    wait: <T>(queue: string, until: number, attempt: () => Promise<T | undefined>) =>
      new Promise<T | undefined>((resolve, reject) => {
        const serveOne = async (): Promise<boolean> => {
          const answer = await attempt()
          if (answer !== undefined) resolve(answer)
          return answer !== undefined
        }
        const leave = (problem?: unknown): void => (problem === undefined ? resolve(undefined) : reject(problem))
        park(queue, { until, serve: serveOne, leave, alarm: undefined })
        // What came between the caller's last look and this line is found here.
        void serve(queue)
      }),
  }
}
