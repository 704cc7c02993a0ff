// What the console hears when something went wrong in the local cloud itself.
import { problem } from '../errors.ts'
import { isDiskFault } from './disk.ts'

// A full disk fails every write: saying so once in a while is enough.
const QUIET_FOR = 10_000
const told = new Map<string, number>()

/** Tells the developer: a fault of the disk in a sentence, a defect with its stack. */
export function tellFault(error: unknown): void {
  if (!isDiskFault(error)) {
    console.error(error)
    return
  }
  const code = String(error.code)
  const now = Date.now()
  if (now - (told.get(code) ?? 0) < QUIET_FOR) return
  told.set(code, now)
  console.error(problem('GOBLET_DISK', { problem: error.message, isFull: FULL.has(code) }).message)
}

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
