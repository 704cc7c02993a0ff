// What happened, in order: every invocation, its log lines, and every hop that led to it. Kept in a ring, written to the store in batches.
import type { Clock } from './clock.ts'
import type { JournalEntry } from './entries.ts'
import { type Store, under } from './store.ts'
import { tellFault } from './tell.ts'

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
// What is written at once at most, and how long after so much: under load the newest entries are kept, and the store is
// left to the services.
const WRITTEN = 500
const LONG_PAUSE = 200
// After less. The last lines of a process that is killed are what one wants to read: no more than so much of them is lost.
const FEW = 100
const PAUSE = 40

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
  let pause = PAUSE
  let quietUntil = 0
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
    pause = batch.length > FEW ? LONG_PAUSE : PAUSE
    quietUntil = clock.now() + pause
    const written = store.commit((writer) => {
      writer.put(['journal', number], batch)
      for (const one of old) writer.remove(['journal', one.number])
    })
    // What only shows what happened must not end what happens.
    await written.catch(tellFault)
  }

  // Where little happens, an invocation that has ended is written at once: after its answer, which must not wait for it.
  const flushSoon = (): void => {
    flushing?.cancel()
    const immediate = setImmediate(() => void flush())
    flushing = { cancel: () => clearImmediate(immediate) }
  }

  const record = (entry: JournalEntry): void => {
    count++
    ring.push(entry)
    if (ring.length > 2 * KEPT) ring = ring.slice(-KEPT)
    waiting.push(entry)
    if (waiting.length > 2 * WRITTEN) waiting = waiting.slice(-WRITTEN)
    if (entry.kind === 'report' && batches !== undefined && clock.now() >= quietUntil) flushSoon()
    else flushing ??= clock.after(pause, () => flush())
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
