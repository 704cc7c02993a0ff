// The one place where the local cloud's state lives: an ordered, transactional key-value store that knows no service.
import { closeSync, openSync, readSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { open as Open, RootDatabase } from 'lmdb'

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
   * Runs `work` alone among writers and resolves with what it returns once that is committed (it then survives SIGKILL).
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

/** Opens (or makes) the store in a directory of its own. Throws what the operating system says when it cannot. */
export function openStore(directory: string): Store {
  checkFile(join(directory, 'data.mdb'))
  const { open } = require('lmdb') as { open: typeof Open }
  const database: RootDatabase<unknown, Key> = open({ path: directory, mapSize: 16 * 1024 ** 3, noSubdir: false })
  const reader: Reader = {
    get: <T>(key: Key) => database.get(key) as T | undefined,
    range: <T>({ start, end, limit, reverse = false }: Range) =>
      database.getRange({
        ...(reverse ? { start: end, end: start, exclusiveStart: true, inclusiveEnd: true } : { start, end }),
        reverse,
        ...(limit === undefined ? {} : { limit }),
      }) as Iterable<Entry<T>>,
    count: ({ start, end }) => database.getKeysCount({ start, end }),
  }
  const toWriter = (tasks: (() => void)[]): Writer => ({
    ...reader,
    put: (key, value) => {
      database.put(key, value)
    },
    remove: (key) => {
      database.remove(key)
    },
    after: (task) => {
      tasks.push(task)
    },
  })
  const pending = new Set<Promise<unknown>>()
  return {
    ...reader,
    // A child transaction, because a plain one keeps the writes made before a throw.
    commit: async <T>(work: (writer: Writer) => T) => {
      const tasks: (() => void)[] = []
      const written = database.childTransaction(() => work(toWriter(tasks))) as Promise<T>
      pending.add(written)
      try {
        const result = await written
        for (const task of tasks) task()
        return result
      } finally {
        pending.delete(written)
      }
    },
    close: async () => {
      // LMDB closes under what waits to be written.
      await Promise.allSettled(pending)
      await database.close()
    },
  }
}

// LMDB's mark, in its file's first page. Opening anything else ends the process with a segmentation fault.
const MARK = 0xbeefc0de
const MARK_AT = 24

function checkFile(path: string): void {
  const head = Buffer.alloc(MARK_AT + 4)
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
    throw error
  }
  const size = readSync(file, head)
  closeSync(file)
  if (size > 0 && head.readUInt32LE(MARK_AT) !== MARK)
    throw Object.assign(new Error(`${path} is damaged; --fresh starts a new one`), { code: 'EILSEQ' })
}
