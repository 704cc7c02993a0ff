// Gives memory back to the system once starting, or a reload, is over: V8 keeps what it needed for that until it is asked for it.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export interface Tidy {
  /** There will be nothing to do soon, so that nobody waits for it. */
  soon(): void
  close(): void
}

// Long enough for the first requests to be answered before.
const AFTER = 3000

export function openTidy(): Tidy {
  let timer: NodeJS.Timeout | undefined
  return {
    soon: () => {
      clearTimeout(timer)
      timer = setTimeout(collect, AFTER)
      timer.unref()
    },
    close: () => clearTimeout(timer),
  }
}

// Only the collection of last resort empties the pool of free pages. The flag makes `gc` a global of the contexts made from
// then on, so it goes again at once: a user's sandbox has none.
function collect(): void {
  setFlagsFromString('--expose-gc')
  const gc: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  if (typeof gc === 'function') gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
