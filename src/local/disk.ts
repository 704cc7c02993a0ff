// What the store's file needs of the disk: a look at it before it is opened, a flush behind it, and its faults in the system's words.
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { uptime } from 'node:os'
import { getSystemErrorMap } from 'node:util'

// LMDB's file begins with two pages that each name the state after one of the last two commits (mdb.c, MDB_meta).
const MARK = 0xbeefc0de
const MARK_AT = 24
const PAGE_SIZE_AT = 48
const LAST_PAGE_AT = 144
const COMMIT_AT = 152
const META_BYTES = 160

/**
 * Looks whether a store's file is one, and whole. LMDB maps it into memory and believes it: opening anything else ends
 * the process with a segmentation fault. `script` reads all of a store in a process of its own, which may die of it.
 */
export function checkFile(path: string, script: () => string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size === 0) return
  const first = readMeta(path, 0)
  const second = first === undefined ? undefined : readMeta(path, first.pageSize)
  if (first === undefined || second === undefined) throw damaged(path)
  const { lastPage, pageSize } = first.commit > second.commit ? first : second
  // Half a page at the end is of a commit that was never told of, unless a finished one counts on it.
  const pages = Math.floor(size / pageSize)
  const isShort = lastPage >= pages
  if (isShort && size % pageSize !== 0) throw damaged(path)
  if ((isShort || wasCutOff(path)) && !isReadable(script())) throw damaged(path)
}

interface Meta {
  readonly pageSize: number
  readonly lastPage: number
  readonly commit: bigint
}

function readMeta(path: string, at: number): Meta | undefined {
  const bytes = Buffer.alloc(META_BYTES)
  const file = openSync(path, 'r')
  const read = readSync(file, bytes, 0, META_BYTES, at)
  closeSync(file)
  const pageSize = bytes.readUInt32LE(PAGE_SIZE_AT)
  if (read < META_BYTES || bytes.readUInt32LE(MARK_AT) !== MARK) return undefined
  // Only the first page says how large pages are.
  if (at === 0 && (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0)) return undefined
  return { pageSize, lastPage: Number(bytes.readBigUInt64LE(LAST_PAGE_AT)), commit: bytes.readBigUInt64LE(COMMIT_AT) }
}

const isReadable = (script: string): boolean =>
  spawnSync(process.execPath, ['-e', script], { stdio: 'ignore', timeout: 60_000 }).status === 0

const damaged = (path: string) =>
  Object.assign(new Error(`${path} is damaged; --fresh starts a new one`), { code: 'EILSEQ' })

const noteOf = (path: string): string => `${path}.open`

// When the machine started. Setting the clock moves it a little, which costs a look at the file and nothing else.
const started = (): number => Date.now() - uptime() * 1000
const SAME_START = 60_000

// Without a flush for each commit only the machine's own end can leave pages of the file behind, never that of the process.
function wasCutOff(path: string): boolean {
  try {
    return Math.abs(Number(readFileSync(noteOf(path), 'utf8')) - started()) > SAME_START
  } catch {
    return false
  }
}

export interface Flush {
  /** Something was committed: it is on the disk itself after this many milliseconds. */
  soon(): void
  /** Flushes what waits, and notes that the file is whole. */
  close(): void
}

const FLUSH_AFTER = 1000

/** Brings what is committed from the system's memory to the disk, behind the backs of those who wait for commits. */
export function openFlush(path: string): Flush {
  const file = openSync(path, 'r+')
  writeFileSync(noteOf(path), String(Math.round(started())))
  let timer: NodeJS.Timeout | undefined
  let isUnderWay = false
  let isClosed = false
  const flush = (): void => {
    isUnderWay = true
    fdatasync(file, (error) => {
      isUnderWay = false
      timer = undefined
      if (isClosed) closeSync(file)
      if (error !== null) console.error(error)
    })
  }
  return {
    soon: () => {
      timer ??= setTimeout(flush, FLUSH_AFTER).unref()
    },
    close: () => {
      isClosed = true
      clearTimeout(timer)
      fdatasyncSync(file)
      rmSync(noteOf(path), { force: true })
      if (!isUnderWay) closeSync(file)
    },
  }
}

/** LMDB passes the system's numbers on; everybody else asks for `code`. */
export function toSystemError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'number') return error
  const [code, message] = getSystemErrorMap().get(-error.code) ?? []
  return code === undefined
    ? error
    : Object.assign(new Error(`${code}: ${message}, write`), { code, errno: -error.code })
}

const DISK_FAULTS = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EIO', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE'])

/** Whether it was the disk that failed, and not the program. */
export const isDiskFault = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && DISK_FAULTS.has(error.code)
