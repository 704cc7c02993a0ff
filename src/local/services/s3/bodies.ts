// Where the bytes of objects live: small ones in the store, others in files under random ids. Keys never become paths.
import { randomBytes } from 'node:crypto'
import { createReadStream, mkdirSync, readdirSync } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Ground } from '../../service.ts'
import type { Writer } from '../../store.ts'
import { bodyAt, fileAt, type Segment } from './state.ts'

/** The largest body kept in the store. */
export const INLINE = 16 * 1024
// A read that began before a body was replaced is given this long to open its file.
const GRACE = 100

/** Bytes that are written but not yet part of anything. */
export interface Draft {
  readonly segment: Segment
  readonly bytes: Uint8Array | undefined
}

export interface Bodies {
  /** Takes all bytes in. Nothing is left behind when the source fails. */
  write(source: AsyncIterable<Uint8Array>): Promise<Draft>
  /** Takes bytes that are few enough for the store. */
  hold(bytes: Uint8Array): Draft
  /** The bytes from `start` to `end` (both included). */
  read(segments: readonly Segment[], start: number, end: number): Uint8Array | Readable
  /**
   * Commits: drafts are kept or, when `work` throws, thrown away; segments given to `drop` go with the same commit,
   * their files right after it.
   */
  commit<T>(
    drafts: readonly Draft[],
    work: (writer: Writer, drop: (segments: readonly Segment[]) => void) => T,
  ): Promise<T>
  /** Throws away drafts that were never committed. */
  abandon(drafts: readonly Draft[]): Promise<void>
}

export function openBodies({ store, directory }: Ground): Bodies {
  const pathOf = (id: string): string => join(directory, id)
  const held = new Map<string, number>()
  const doomed = new Set<string>()
  // Random once per run, counted within it: never met before, and cheap.
  const run = randomBytes(10).toString('hex')
  let count = 0
  let made = false

  const unlink = (id: string): Promise<void> => rm(pathOf(id), { force: true })

  const pin = (ids: readonly string[]): (() => void) => {
    for (const id of ids) held.set(id, (held.get(id) ?? 0) + 1)
    return () => {
      for (const id of ids) {
        const left = (held.get(id) ?? 1) - 1
        if (left > 0) held.set(id, left)
        else held.delete(id)
        if (left <= 0 && doomed.delete(id)) void unlink(id)
      }
    }
  }

  const discard = (id: string): void => {
    const timer = setTimeout(() => {
      if (held.has(id)) doomed.add(id)
      else void unlink(id)
    }, GRACE)
    timer.unref()
  }

  const nextId = (): string => run + (++count).toString(16).padStart(12, '0')
  const hold = (bytes: Uint8Array): Draft => ({ segment: { id: nextId(), size: bytes.length, where: 'store' }, bytes })

  const write = async (source: AsyncIterable<Uint8Array>): Promise<Draft> => {
    const id = nextId()
    const chunks: Uint8Array[] = []
    let size = 0
    let file: FileHandle | undefined
    try {
      for await (const chunk of source) {
        size += chunk.length
        if (file === undefined) {
          chunks.push(chunk)
          if (size <= INLINE) continue
          if (!made) mkdirSync(directory, { recursive: true })
          made = true
          file = await open(pathOf(id), 'wx', 0o600)
          for (const early of chunks.splice(0)) await file.writeFile(early)
        } else await file.writeFile(chunk)
      }
      await file?.close()
    } catch (error) {
      await file?.close().catch(() => undefined)
      if (file !== undefined) await unlink(id)
      throw error
    }
    if (file === undefined) return { segment: { id, size, where: 'store' }, bytes: Buffer.concat(chunks) }
    return { segment: { id, size, where: 'file' }, bytes: undefined }
  }

  const readOne = ({ id, where, size }: Segment, from: number, to: number): Uint8Array | Readable => {
    if (size === 0) return new Uint8Array()
    if (where === 'file') return createReadStream(pathOf(id), { start: from, end: to, highWaterMark: 256 * 1024 })
    const bytes = store.get<Uint8Array>(bodyAt(id))
    if (bytes === undefined) throw new Error(`The bytes of ${id} are gone`)
    return from === 0 && to === size - 1 ? bytes : bytes.subarray(from, to + 1)
  }

  const read = (segments: readonly Segment[], start: number, end: number): Uint8Array | Readable => {
    const [first] = segments
    // What is in the store is read at once: nothing can go while it is.
    if (segments.length === 1 && first?.where === 'store')
      return end < start ? new Uint8Array() : readOne(first, start, Math.min(end, first.size - 1))
    const pieces = slice(segments, start, end)
    const [only] = pieces
    if (only === undefined) return new Uint8Array()
    const release = pin(pieces.map(({ segment }) => segment.id))
    if (pieces.length > 1) {
      const joined = Readable.from(joinPieces(pieces, readOne), { objectMode: false })
      return joined.once('close', release)
    }
    const bytes = readOne(only.segment, only.from, only.to)
    if (bytes instanceof Readable) return bytes.once('close', release)
    release()
    return bytes
  }

  const abandon = async (drafts: readonly Draft[]): Promise<void> => {
    for (const { segment } of drafts) if (segment.where === 'file') await unlink(segment.id)
  }

  const commit: Bodies['commit'] = async (drafts, work) => {
    const gone: string[] = []
    let result: ReturnType<typeof work>
    try {
      result = await store.commit((writer) => {
        gone.length = 0
        const kept = work(writer, (segments) => {
          for (const { id, where } of segments) {
            writer.remove(where === 'store' ? bodyAt(id) : fileAt(id))
            if (where === 'file') gone.push(id)
          }
        })
        for (const { segment, bytes } of drafts) {
          if (bytes === undefined) writer.put(fileAt(segment.id), segment.size)
          else if (segment.size > 0) writer.put(bodyAt(segment.id), bytes)
        }
        return kept
      })
    } catch (error) {
      await abandon(drafts)
      throw error
    }
    for (const id of gone) discard(id)
    return result
  }

  // A crash between writing a file and committing it leaves a file nobody knows.
  for (const id of list(directory)) if (store.get(fileAt(id)) === undefined) void unlink(id)
  return { write, hold, read, commit, abandon }
}

interface Piece {
  readonly segment: Segment
  readonly from: number
  readonly to: number
}

function slice(segments: readonly Segment[], start: number, end: number): Piece[] {
  const pieces: Piece[] = []
  let offset = 0
  for (const segment of segments) {
    const from = Math.max(start - offset, 0)
    const to = Math.min(end - offset, segment.size - 1)
    if (from <= to) pieces.push({ segment, from, to })
    offset += segment.size
  }
  return pieces
}

async function* joinPieces(
  pieces: readonly Piece[],
  readOne: (segment: Segment, from: number, to: number) => Uint8Array | Readable,
): AsyncGenerator<Uint8Array> {
  for (const { segment, from, to } of pieces) {
    const bytes = readOne(segment, from, to)
    if (bytes instanceof Readable) yield* bytes
    else yield bytes
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => /^[\da-f]{32}$/.test(name))
  } catch {
    return []
  }
}
