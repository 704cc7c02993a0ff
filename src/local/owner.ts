// Whose a state directory is: one process holds it, and the next one finds out when it has gone.

import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { problem } from '../errors.ts'

/** Who holds a state directory, as `owner.json` in it says. */
export interface Owner {
  readonly pid: number
  /** Tells this process from a later one that got the same number; empty where the system does not say. */
  readonly born: string
  readonly token: string
  /** ISO time. */
  readonly since: string
  /** The AWS port's URL; empty while it starts. */
  readonly endpoint: string
  readonly http: string
}

/** Who holds a state directory now, if somebody does. */
export function readOwner(directory: string): Owner | undefined {
  const owner = read(directory)
  return owner !== undefined && lives(owner) ? owner : undefined
}

/** Takes the directory for this process. Throws GOBLET_STATE_OWNED while another one holds it. */
export function claim(directory: string): Owner {
  const mine: Owner = {
    pid: process.pid,
    born: birth(process.pid),
    token: randomUUID(),
    since: new Date().toISOString(),
    endpoint: '',
    http: '',
  }
  const draft = join(directory, `owner.${mine.token}`)
  writeFileSync(draft, JSON.stringify(mine), { mode: 0o600 })
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (link(draft, file(directory))) return mine
      const text = textOf(file(directory))
      const owner = parse(text)
      if (owner !== undefined && lives(owner)) throw owned(directory, owner)
      // What is gone already has somebody else removed: whoever comes now is no dead owner.
      if (text !== undefined) bury(directory, text)
    }
  } finally {
    rmSync(draft, { force: true })
  }
  throw new Error(`${directory} changes hands all the time.`)
}

// Removes a dead owner's file. One process at a time: of two that saw the same dead owner, the slower one would otherwise
// remove the file of whoever came after the quicker one.
function bury(directory: string, dead: string): void {
  const turn = join(directory, 'owner.burial')
  try {
    mkdirSync(turn)
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'EEXIST') throw error
    pause()
    // Whoever died in the few microseconds of its turn.
    if (ageOf(turn) > FORGOTTEN) rmSync(turn, { recursive: true, force: true })
    return
  }
  try {
    if (textOf(file(directory)) === dead) rmSync(file(directory), { force: true })
  } finally {
    rmSync(turn, { recursive: true, force: true })
  }
}

const ATTEMPTS = 100
// Milliseconds.
const FORGOTTEN = 2000

const pause = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)

const ageOf = (path: string): number => {
  try {
    return Date.now() - statSync(path).mtimeMs
  } catch {
    return 0
  }
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (isSystemError(error) && error.code === 'EEXIST') return false
    throw error
  }
}

/** Says who holds the directory, in one step. */
export function writeOwner(directory: string, owner: Owner): void {
  const draft = join(directory, `owner.${owner.token}`)
  writeFileSync(draft, JSON.stringify(owner), { mode: 0o600 })
  renameSync(draft, file(directory))
}

/** Gives the directory back. */
export function release(directory: string, mine: Owner): void {
  if (read(directory)?.token === mine.token) rmSync(file(directory), { force: true })
}

const file = (directory: string): string => join(directory, 'owner.json')
const read = (directory: string): Owner | undefined => parse(textOf(file(directory)))

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

// A file that was cut off names nobody.
function parse(text: string | undefined): Owner | undefined {
  if (text === undefined) return undefined
  try {
    const owner: Owner | null = JSON.parse(text)
    return typeof owner?.born === 'string' && Number.isInteger(owner.pid) && owner.pid > 0 ? owner : undefined
  } catch {
    return undefined
  }
}

function lives({ pid, born }: Owner): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'EPERM') return false
  }
  return born === '' || birth(pid) === born
}

// When the kernel started the process, where it says so: numbers of processes are used again. A process that has ended
// keeps its number until its parent asks for its status, which in a container may be never.
function birth(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [status, ...facts] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return status === 'Z' ? 'dead' : (facts[18] ?? '')
  } catch {
    return ''
  }
}

const owned = (directory: string, { pid, since, endpoint }: Owner) =>
  problem('GOBLET_STATE_OWNED', {
    directory,
    pid,
    since,
    endpoint: endpoint === '' ? 'a port it has not opened yet' : endpoint,
  })

/** An error of the system's own, with its code. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
