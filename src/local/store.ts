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
   * end of the machine it survives 0.1 s later).
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
const HIGHEST = '\u{10ffff}'

// Loaded when a store is opened: most commands open none, and it takes 30 ms.
const require = createRequire(import.meta.url)

/**
 * Opens (or makes) the store in a directory of its own; `first` is committed before anything else. Throws what the
 * operating system says when it cannot, and what `first` throws.
 */
export function openStore(directory: string, first?: (writer: Writer) => void): Store {
  const path = join(directory, 'data.mdb')
  checkFile(path, () => toReadingAll(directory))
  const { open } = require('lmdb') as { open: typeof Open }
  // Without a flush of its own a commit costs a tenth; docs/decisions.md says what that means. The map is address space,
  // not memory: so large that the disk is full before it is.
  const options = { path: directory, noSubdir: false, mapSize: 1024 ** 4, noSync: true, overlappingSync: false }
  const database: RootDatabase<unknown, Key> = open(options)
  const flush = openFlush(path)
  const reader = toReader(database)
  const commits = new Commits(database, reader, flush.soon)
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

interface Awaited {
  /** Does the work inside the open transaction. */
  readonly run: () => void
  /** Tells the caller, once the transaction is committed. */
  readonly done: () => void
  readonly fail: (error: unknown) => void
}

/** The works of one turn of the event loop share a transaction: alone, its fixed cost is more than that of the work. */
class Commits {
  readonly #database: RootDatabase<unknown, Key>
  readonly #committed: () => void
  readonly #writer: Writer
  /** What the work that runs now wants done after it. */
  #tasks: (() => void)[] = []
  #waiting: Awaited[] = []
  #closed = false

  constructor(database: RootDatabase<unknown, Key>, reader: Reader, committed: () => void) {
    this.#database = database
    this.#committed = committed
    this.#writer = {
      ...reader,
      put: (key, value) => {
        database.put(key, value)
      },
      remove: (key) => {
        database.remove(key)
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
    const run = (): void => {
      try {
        this.#tasks = tasks
        // A child transaction, so that a work that throws leaves nothing and disturbs none of the others.
        const result = this.#database.childTransaction(() => work(this.#writer)) as unknown as T
        settle = () => {
          for (const task of tasks) task()
          resolve(result)
        }
      } catch (error) {
        fail = () => reject(toSystemError(error))
        settle = () => fail(error)
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
      this.#database.transactionSync(() => {
        for (const { run } of batch) run()
      })
    } catch (error) {
      const cause = toSystemError(error)
      for (const { fail } of batch) fail(cause)
      return
    }
    for (const { done } of batch) done()
    this.#committed()
  }
}
