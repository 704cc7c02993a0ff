// The one place where the local cloud's state lives: an ordered, transactional key-value store that knows no service.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { open as Open, RootDatabase } from 'lmdb'
import { checkFile, openFlush, toSystemError } from './disk.ts'

/** Parts of a key sort by type (numbers before strings), then by value. A whole key holds at most 1,978 bytes. */
export type Key = (string | number)[]

export interface Entry<T> {
  readonly key: Key
  readonly value: T
}

/** From `start` (included) to `end` (excluded), in key order, or backwards from `end` with `reverse`. */
export interface Range {
  readonly start: Key
  readonly end: Key
  readonly limit?: number
  readonly reverse?: boolean
}

export interface Reader {
  get<T>(key: Key): T | undefined
  range<T>(range: Range): Iterable<Entry<T>>
  /** How many keys a range holds, counted without reading their values (100,000 in about 5 ms). */
  count(range: Pick<Range, 'start' | 'end'>): number
}

export interface Writer extends Reader {
  put(key: Key, value: unknown): void
  remove(key: Key): void
  /** Runs `task` once this is committed: what others hear of must not be lost any more. Not run when the work throws. */
  after(task: () => void): void
}

export interface Store extends Reader {
  /**
   * Runs `work` alone among writers and resolves with what it returns once that is committed (it then survives SIGKILL; the
   * end of the machine it survives a second later).
   * Reads inside see the writes before them. When `work` throws, nothing is written and the promise rejects.
   * `work` must be synchronous.
   */
  commit<T>(work: (writer: Writer) => T): Promise<T>
  close(): Promise<void>
}

/** The range of every key that starts with these parts. */
export function under(...prefix: Key): Pick<Range, 'start' | 'end'> {
  return { start: prefix, end: [...prefix, HIGHEST] }
}

// Sorts after every string that is valid UTF-8 text.
/** Behind every part of a key. */
export const HIGHEST = '\u{10ffff}'

// Loaded when a store is opened: most commands open none, and it takes 30 ms.
const require = createRequire(import.meta.url)

/**
 * Opens (or makes) the store in a directory of its own; `first` is committed before anything else. Throws what the
 * operating system says when it cannot, and what `first` throws.
 */
export function openStore(directory: string, first?: (writer: Writer) => void): Store {
  const path = join(directory, 'data.mdb')
  checkFile(path, () => toReadingAll(directory))
  const { open, ABORT } = require('lmdb') as { open: typeof Open; ABORT: unknown }
  // Without a flush of its own a commit costs a tenth; docs/decisions.md says what that means. The map is address space,
  // not memory: so large that the disk is full before it is.
  const options = {
    path: directory,
    noSubdir: false,
    mapSize: 1024 ** 4,
    noSync: true,
    overlappingSync: false,
    useRecords: false,
  }
  const database: RootDatabase<unknown, Key> = open(options)
  const flush = openFlush(path)
  const reader = toReader(database)
  const commits = new Commits({ database, abort: ABORT }, reader, flush.soon)
  const close = async (): Promise<void> => {
    commits.close()
    flush.close()
    await database.close()
  }
  try {
    if (first !== undefined) commits.now(first)
  } catch (error) {
    void close()
    throw error
  }
  return {
    ...reader,
    commit: (work) => commits.add(work),
    close,
  }
}

// A program that reads every row, and fails when they are not as many as the file says.
const toReadingAll = (directory: string): string => `
  const { open } = require(${JSON.stringify(require.resolve('lmdb'))})
  const store = open({ path: ${JSON.stringify(directory)}, noSubdir: false, readOnly: true })
  let rows = 0
  for (const row of store.getRange()) rows++
  process.exit(rows === store.getStats().entryCount ? 0 : 1)`

function toReader(database: RootDatabase<unknown, Key>): Reader {
  return {
    get: <T>(key: Key) => database.get(key) as T | undefined,
    range: <T>({ start, end, limit, reverse = false }: Range) =>
      database.getRange({
        ...(reverse ? { start: end, end: start, exclusiveStart: true, inclusiveEnd: true } : { start, end }),
        reverse,
        ...(limit === undefined ? {} : { limit }),
      }) as Iterable<Entry<T>>,
    count: ({ start, end }) => database.getKeysCount({ start, end }),
  }
}

interface Opened {
  readonly database: RootDatabase<unknown, Key>
  /** What a transaction returns that is to leave nothing. */
  readonly abort: unknown
}

interface Awaited {
  /** Does the work inside the open transaction; false when it threw. */
  readonly run: () => boolean
  /** Tells the caller, once the transaction is committed. */
  readonly done: () => void
  readonly fail: (error: unknown) => void
}

interface Change {
  readonly key: Key
  /** Undefined: removed. */
  readonly value: unknown
}

/** The works of one turn of the event loop share a transaction: alone, its fixed cost is more than that of the work. */
class Commits {
  readonly #database: RootDatabase<unknown, Key>
  readonly #abort: unknown
  readonly #committed: () => void
  readonly #writer: Writer
  /** What the work that runs now wants done after it. */
  #tasks: (() => void)[] = []
  /** What was written since the transaction began, in order. */
  #changes: Change[] = []
  #waiting: Awaited[] = []
  #closed = false

  constructor({ database, abort }: Opened, reader: Reader, committed: () => void) {
    this.#database = database
    this.#abort = abort
    this.#committed = committed
    this.#writer = {
      ...reader,
      put: (key, value) => {
        database.put(key, value)
        this.#changes.push({ key, value })
      },
      remove: (key) => {
        database.remove(key)
        this.#changes.push({ key, value: undefined })
      },
      after: (task) => {
        this.#tasks.push(task)
      },
    }
  }

  add<T>(work: (writer: Writer) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new Error('The store is closed.'))
      if (this.#waiting.push(this.#toAwaited(work, resolve, reject)) === 1) setImmediate(() => this.#commit())
    })
  }

  now(work: (writer: Writer) => void): void {
    this.#database.transactionSync(() => work(this.#writer))
    this.#changes = []
    this.#committed()
  }

  close(): void {
    this.#closed = true
    this.#commit()
  }

  #toAwaited<T>(work: (writer: Writer) => T, resolve: (result: T) => void, reject: (error: unknown) => void): Awaited {
    const tasks: (() => void)[] = []
    let settle = (): void => undefined
    let fail = reject
    const run = (): boolean => {
      try {
        this.#tasks = tasks
        const result = work(this.#writer)
        settle = () => {
          for (const task of tasks) task()
          resolve(result)
        }
        return true
      } catch (error) {
        fail = () => reject(toSystemError(error))
        settle = () => fail(error)
        return false
      }
    }
    const done = (): void => {
      try {
        settle()
      } catch (error) {
        reject(error)
      }
    }
    return { run, done, fail: (error) => fail(error) }
  }

  #commit(): void {
    const batch = this.#waiting
    this.#waiting = []
    if (batch.length === 0) return
    try {
      this.#runAll(batch)
    } catch (error) {
      const cause = toSystemError(error)
      for (const { fail } of batch) fail(cause)
      return
    } finally {
      this.#changes = []
    }
    for (const { done } of batch) done()
    this.#committed()
  }

  // A work that throws after it has written must leave nothing and disturb none of the others. As good as none does: then
  // the transaction is given up, and what the works before it wrote is written again. From there on every work has a
  // child transaction of its own, which costs as much as the work.
  #runAll(batch: readonly Awaited[]): void {
    let next = 0
    const isDone = this.#database.transactionSync(() => {
      for (const { run } of batch) {
        const { length } = this.#changes
        next++
        if (run() || this.#changes.length === length) continue
        this.#changes.length = length
        return this.#abort
      }
      return true
    })
    if (isDone === true) return
    this.#database.transactionSync(() => {
      for (const { key, value } of this.#changes)
        if (value === undefined) this.#database.remove(key)
        else this.#database.put(key, value)
      for (const { run } of batch.slice(next)) this.#database.childTransaction(() => (run() ? true : this.#abort))
    })
  }
}
