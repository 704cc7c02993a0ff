// The one clock of the local cloud: delays, visibility, retries, windows, timeouts and schedules all hang on it.
import { tellFault } from './tell.ts'

/** A task waiting on the clock. */
export interface Alarm {
  cancel(): void
}

export interface Clock {
  /** Milliseconds since 1970, as the local cloud sees them. */
  now(): number
  /** Runs `task` when the clock reaches `time` (milliseconds since 1970). Tasks of one moment run in the order they were set. */
  at(time: number, task: () => void | Promise<void>): Alarm
  /** Runs `task` in `milliseconds` from now. */
  after(milliseconds: number, task: () => void | Promise<void>): Alarm
  /** Moves the clock forward, running what falls due on the way in the right order, each task awaited before the next. */
  advance(milliseconds: number): Promise<void>
  /** Says that `work` belongs to this moment: `advance` does not move on before it has ended (or has taken too long). */
  hold(work: Promise<unknown>): void
  /** Drops every waiting task, and every later one. */
  stop(): void
}

interface Waiting {
  readonly time: number
  readonly order: number
  readonly task: () => void | Promise<void>
  cancelled: boolean
}

// Work that is held may itself wait for the clock, as a long poll does: then time has to move on.
const PATIENCE = 5000

/** A clock that runs with the machine's (`real`) or stands still until it is advanced (`virtual`), from `start`. */
export function startClock(mode: 'real' | 'virtual' = 'real', start = Date.now()): Clock {
  let offset = mode === 'real' ? Math.max(0, start - Date.now()) : 0
  let frozen = start
  let count = 0
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const heap: Waiting[] = []
  let held = 0
  let freed = (): void => {}

  const now = (): number => (mode === 'virtual' ? frozen : Date.now() + offset)

  const arm = (): void => {
    clearTimeout(timer)
    timer = undefined
    const next = heap[0]
    if (mode === 'virtual' || next === undefined) return
    timer = setTimeout(ring, Math.min(Math.max(next.time - now(), 0), 2 ** 31 - 1))
    timer.unref()
  }

  const ring = (): void => {
    for (let due = heap[0]; due !== undefined && due.time <= now(); due = heap[0]) {
      pop(heap)
      if (!due.cancelled) void run(due.task).catch(tellFault)
    }
    arm()
  }

  const at = (time: number, task: Waiting['task']): Alarm => {
    const waiting: Waiting = { time, order: count++, task, cancelled: false }
    // What ends after the local cloud has must not begin anything again.
    if (!stopped) push(heap, waiting)
    if (heap[0] === waiting) arm()
    return {
      cancel: () => {
        waiting.cancelled = true
      },
    }
  }

  const hold = (work: Promise<unknown>): void => {
    held++
    const release = (): void => {
      held--
      if (held === 0) freed()
    }
    work.then(release, release)
  }

  const settled = async (): Promise<void> => {
    let isLate = false
    while (held > 0 && !isLate) {
      await new Promise<void>((resolve) => {
        const patience = setTimeout(() => {
          isLate = true
          resolve()
        }, PATIENCE)
        freed = () => {
          clearTimeout(patience)
          resolve()
        }
      })
      // What has just ended may be about to set more going.
      await new Promise(setImmediate)
    }
  }

  const advance = async (milliseconds: number): Promise<void> => {
    const target = now() + milliseconds
    const set = (time: number): void => {
      if (mode === 'virtual') frozen = Math.max(frozen, time)
      else offset += Math.max(0, time - now())
    }
    await settled()
    for (let due = heap[0]; due !== undefined && due.time <= target; due = heap[0]) {
      pop(heap)
      if (due.cancelled) continue
      set(due.time)
      await due.task()
      await settled()
    }
    set(target)
    arm()
  }

  const stop = (): void => {
    stopped = true
    clearTimeout(timer)
    heap.length = 0
  }

  return { now, at, after: (milliseconds, task) => at(now() + milliseconds, task), advance, hold, stop }
}

// What throws at once rejects, too: nobody is there to hear of it, and the other tasks must not miss their turn.
const run = async (task: Waiting['task']): Promise<void> => task()

const before = (left: Waiting, right: Waiting): boolean =>
  left.time < right.time || (left.time === right.time && left.order < right.order)

function push(heap: Waiting[], item: Waiting): void {
  let index = heap.length
  heap.push(item)
  while (index > 0) {
    const parent = (index - 1) >> 1
    const above = heap[parent]
    if (above === undefined || !before(item, above)) break
    heap[index] = above
    index = parent
  }
  heap[index] = item
}

function pop(heap: Waiting[]): void {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  let index = 0
  for (;;) {
    const left = 2 * index + 1
    let child = heap[left]
    if (child === undefined) break
    let at = left
    const right = heap[left + 1]
    if (right !== undefined && before(right, child)) {
      child = right
      at = left + 1
    }
    if (!before(child, last)) break
    heap[index] = child
    index = at
  }
  heap[index] = last
}
