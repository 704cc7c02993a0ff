// What happened, in order: every invocation, its log lines, and every hop that led to it. Kept in a ring, written to the store in batches.
import type { Complaint } from '../errors.ts'
import type { Clock } from './clock.ts'
import { type Store, under } from './store.ts'
import { tellFault } from './tell.ts'

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

/** Something that a function did, or was kept from doing, which nothing allows it. */
export interface DeniedEntry extends Happened {
  readonly kind: 'denied'
  /** It was let through all the same. */
  readonly passed: boolean
  readonly action: string
  readonly resource: string
  /** For people: what it was, where, and how to mend it. */
  readonly complaint: Complaint
}

export type JournalEntry = DeniedEntry | RequestEntry | StartEntry | LogEntry | ReportEntry | HopEntry

export interface Journal {
  record(entry: JournalEntry): void
  /** How many entries were recorded since it was opened. */
  recorded(): number
  /** The newest entries that match, oldest first. */
  read(query?: { function?: string; since?: number; limit?: number }): JournalEntry[]
  /** Calls the listener for every entry from now on. Returns how to stop. */
  follow(listener: (entry: JournalEntry) => void): () => void
  /** Writes what waits to be written. */
  flush(): Promise<void>
}

const KEPT = 10_000
const FLUSH_AFTER = 200
// What is written at once at most: under load the newest entries are kept, and the store is left to the services.
const WRITTEN = 500

interface Batch {
  readonly number: number
  readonly count: number
}

/** Opens the journal, with what it held before a restart. */
export function openJournal(store: Store, clock: Clock): Journal {
  let ring: JournalEntry[] = []
  let waiting: JournalEntry[] = []
  let batches: Batch[] | undefined
  let flushing: { cancel(): void } | undefined
  let count = 0
  const listeners = new Set<(entry: JournalEntry) => void>()

  // On first use only: whoever starts the local cloud wants it to serve, not to remember.
  const remember = (): Batch[] => {
    if (batches !== undefined) return batches
    const past: JournalEntry[] = []
    batches = []
    for (const { key, value } of store.range<JournalEntry[]>(under('journal'))) {
      batches.push({ number: Number(key[1]), count: value.length })
      past.push(...value)
    }
    ring = [...past, ...ring].slice(-KEPT)
    return batches
  }

  const flush = async (): Promise<void> => {
    flushing?.cancel()
    flushing = undefined
    const batch = waiting.slice(-WRITTEN)
    waiting = []
    if (batch.length === 0) return
    const known = remember()
    const number = (known.at(-1)?.number ?? 0) + 1
    known.push({ number, count: batch.length })
    const old = outdated(known)
    const written = store.commit((writer) => {
      writer.put(['journal', number], batch)
      for (const one of old) writer.remove(['journal', one.number])
    })
    // What only shows what happened must not end what happens.
    await written.catch(tellFault)
  }

  const record = (entry: JournalEntry): void => {
    count++
    ring.push(entry)
    if (ring.length > 2 * KEPT) ring = ring.slice(-KEPT)
    waiting.push(entry)
    if (waiting.length > 2 * WRITTEN) waiting = waiting.slice(-WRITTEN)
    flushing ??= clock.after(FLUSH_AFTER, () => flush())
    for (const listener of listeners) listener(entry)
  }

  const read: Journal['read'] = ({ function: name, since = 0, limit = KEPT } = {}) => {
    remember()
    return ring.filter((entry) => (name === undefined || entry.function === name) && entry.time >= since).slice(-limit)
  }

  const follow: Journal['follow'] = (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  return { record, recorded: () => count, read, follow, flush }
}

// Takes the oldest batches out of the list as long as the newer ones hold all that the ring can show.
function outdated(batches: Batch[]): Batch[] {
  let total = batches.reduce((sum, { count }) => sum + count, 0)
  const old: Batch[] = []
  for (const one of batches) {
    total -= one.count
    if (total < KEPT) break
    old.push(one)
  }
  batches.splice(0, old.length)
  return old
}

/** An entry as CloudWatch Logs would show it: START, the function's own lines, END and REPORT. The others show nothing there. */
export function toLines(entry: JournalEntry): string[] {
  const { kind, requestId } = entry
  if (kind === 'start') return [`START RequestId: ${requestId} Version: $LATEST`]
  if (kind === 'log') return entry.text.split('\n')
  if (kind === 'hop' || kind === 'request' || kind === 'denied') return []
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
