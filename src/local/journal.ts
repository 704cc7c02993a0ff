// What happened, in order: every invocation, its log lines, and every hop that led to it. Kept in a ring, written to the store in batches.
import type { Clock } from './clock.ts'
import { type Store, under } from './store.ts'

interface Happened {
  /** Milliseconds since 1970. */
  readonly time: number
  /** The function's name in the app. */
  readonly function: string
  readonly requestId: string
}

export interface StartEntry extends Happened {
  readonly kind: 'start'
  /** What caused it: the hop or the invocation before it. */
  readonly parent: string
}

export interface LogEntry extends Happened {
  readonly kind: 'log'
  readonly text: string
}

export interface ReportEntry extends Happened {
  readonly kind: 'report'
  /** Milliseconds. */
  readonly duration: number
  /** Milliseconds the sandbox took to load; only on its first event. */
  readonly init: number | undefined
  /** MB configured. */
  readonly memorySize: number
  /** MB used at most by the sandbox so far. */
  readonly memoryUsed: number
  /** How it ended, when it did not end well. */
  readonly status: 'timeout' | 'error' | undefined
}

/** A step between invocations: an HTTP request, a message received, a call to AWS. */
export interface HopEntry extends Happened {
  readonly kind: 'hop'
  readonly text: string
}

/** A request that the HTTP API answered. */
export interface RequestEntry extends Happened {
  readonly kind: 'request'
  readonly method: string
  readonly path: string
  readonly status: number
  /** Milliseconds. */
  readonly duration: number
}

export type JournalEntry = RequestEntry | StartEntry | LogEntry | ReportEntry | HopEntry

export interface Journal {
  record(entry: JournalEntry): void
  /** The newest entries that match, oldest first. */
  read(query?: { function?: string; since?: number; limit?: number }): JournalEntry[]
  /** Calls the listener for every entry from now on. Returns how to stop. */
  follow(listener: (entry: JournalEntry) => void): () => void
  /** Writes what waits to be written. */
  flush(): Promise<void>
}

const KEPT = 10_000
const FLUSH_AFTER = 200

/** Opens the journal, with what it held before a restart. */
export function openJournal(store: Store, clock: Clock): Journal {
  let ring: JournalEntry[] = []
  let waiting: JournalEntry[] = []
  let sequence = 0
  let flushing: { cancel(): void } | undefined
  const listeners = new Set<(entry: JournalEntry) => void>()
  for (const { key, value } of store.range<JournalEntry[]>(under('journal'))) {
    sequence = Number(key[1]) + 1
    ring.push(...value)
  }
  ring = ring.slice(-KEPT)

  const flush = async (): Promise<void> => {
    flushing?.cancel()
    flushing = undefined
    if (waiting.length === 0) return
    const batch = waiting.slice(-KEPT)
    waiting = []
    const number = sequence++
    await store.commit((writer) => {
      writer.put(['journal', number], batch)
      prune(writer, number)
    })
  }

  const record = (entry: JournalEntry): void => {
    ring.push(entry)
    if (ring.length > 2 * KEPT) ring = ring.slice(-KEPT)
    waiting.push(entry)
    if (waiting.length > 2 * KEPT) waiting = waiting.slice(-KEPT)
    flushing ??= clock.after(FLUSH_AFTER, () => flush())
    for (const listener of listeners) listener(entry)
  }

  const read: Journal['read'] = ({ function: name, since = 0, limit = KEPT } = {}) =>
    ring.filter((entry) => (name === undefined || entry.function === name) && entry.time >= since).slice(-limit)

  const follow: Journal['follow'] = (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  return { record, read, follow, flush }
}

// A batch holds one entry at least, so the newest KEPT batches hold all that the ring can show.
function prune(writer: { remove(key: (string | number)[]): void }, newest: number): void {
  if (newest >= KEPT) writer.remove(['journal', newest - KEPT])
}

/** An entry as CloudWatch Logs would show it: START, the function's own lines, END and REPORT. Hops and requests show nothing there. */
export function toLines(entry: JournalEntry): string[] {
  const { kind, requestId } = entry
  if (kind === 'start') return [`START RequestId: ${requestId} Version: $LATEST`]
  if (kind === 'log') return entry.text.split('\n')
  if (kind === 'hop' || kind === 'request') return []
  const { duration, init, memorySize, memoryUsed, status } = entry
  const parts = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${duration.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(duration + (init ?? 0))} ms`,
    `Memory Size: ${memorySize} MB`,
    `Max Memory Used: ${memoryUsed} MB`,
    ...(init === undefined ? [] : [`Init Duration: ${init.toFixed(2)} ms`]),
    ...(status === undefined ? [] : [`Status: ${status}`]),
  ]
  return [`END RequestId: ${requestId}`, parts.join('\t')]
}
