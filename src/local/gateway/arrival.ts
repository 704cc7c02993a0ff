// The time before the app is there: its port is open already, because functions have to know where it is.
import type { Clock } from '../clock.ts'

// As long as clients' own patience mostly is; an app that does not build may take longer to mend.
const PATIENCE = 10_000

export interface Arrival {
  readonly isThere: boolean
  /** From now on nobody waits. */
  came(): void
  /** Resolves when the app is there, or has not come for long. */
  wait(): Promise<void>
}

/** Begins to wait for the app. */
export function openArrival(clock: Clock): Arrival {
  let isThere = false
  let open = (): void => {}
  const there = new Promise<void>((resolve) => {
    open = resolve
  })
  return {
    get isThere() {
      return isThere
    },
    came: () => {
      isThere = true
      open()
    },
    wait: async () => {
      let late = (): void => {}
      const alarm = clock.after(PATIENCE, () => late())
      await Promise.race([
        there,
        new Promise<void>((resolve) => {
          late = resolve
        }),
      ])
      alarm.cancel()
    },
  }
}
