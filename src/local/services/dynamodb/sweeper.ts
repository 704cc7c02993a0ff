// One alarm for all that falls due of one kind: at the earliest of it, whatever there is.
import type { Alarm, Clock } from '../../clock.ts'

export interface Sweeper {
  /** Makes sure that there is a sweep no later than `time`. */
  by(time: number): void
}

/** `sweep` does what is due and answers when the next falls due. */
export function openSweeper(clock: Clock, sweep: () => Promise<number | undefined>): Sweeper {
  let set: { readonly at: number; readonly alarm: Alarm } | undefined
  const by = (time: number): void => {
    if (set !== undefined && set.at <= time) return
    set?.alarm.cancel()
    set = { at: time, alarm: clock.at(time, ring) }
  }
  const ring = async (): Promise<void> => {
    set = undefined
    const next = await sweep()
    if (next !== undefined) by(next)
  }
  return { by }
}
