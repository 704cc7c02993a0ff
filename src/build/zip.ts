// Writes a zip that is the same, byte for byte, whenever its contents are. Format: PKWARE APPNOTE 6.3.10.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { crc32, deflateRaw } from 'node:zlib'
import { HEAD, isExecutable } from './binary.ts'

export interface Zipped {
  readonly bytes: Uint8Array
  /** SHA-256 of the bytes, hexadecimal. */
  readonly hash: string
}

/** A file that goes into a zip. */
export interface ZipFile {
  /** Inside the zip. */
  readonly path: string
  /** On disk. */
  readonly file: string
}

/** A file's contents as a zip holds them. */
export interface Deflated {
  readonly crc: number
  readonly size: number
  readonly data: Buffer
  /** It begins as what is run does. */
  readonly isRun: boolean
}

const deflate = promisify(deflateRaw)

// 1980-01-01 00:00, the earliest moment a zip can express.
const DATE = 0x0021
const TIME = 0
// Bit 11: names are UTF-8.
const FLAGS = 0x0800
const DEFLATED = 8
// Made by Unix (3), so that the mode counts; Lambda unpacks with these rights.
const MADE_BY = (3 << 8) | 20
const MODE = (0o100644 << 16) >>> 0
const RUN_MODE = (0o100755 << 16) >>> 0

interface Entry extends Deflated {
  readonly name: Buffer
}

/** Makes a zip of files, in the order of their paths. `read` may know what has been deflated before. */
export async function zip(
  { files }: { readonly files: readonly ZipFile[] },
  read: (file: ZipFile) => Promise<Deflated> = deflateFile,
): Promise<Zipped> {
  const sorted = [...files].sort((left, right) => (left.path < right.path ? -1 : 1))
  const entries = await Promise.all(
    sorted.map(async (one): Promise<Entry> => ({ ...(await read(one)), name: Buffer.from(one.path, 'utf8') })),
  )
  const bytes = assemble(entries)
  return { bytes, hash: createHash('sha256').update(bytes).digest('hex') }
}

export async function deflateFile({ path, file }: ZipFile): Promise<Deflated> {
  const contents = await readFile(file)
  const data = await deflate(contents, { level: 9 })
  return { crc: crc32(contents), size: contents.length, data, isRun: isExecutable(path, contents.subarray(0, HEAD)) }
}

function assemble(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const local = Buffer.concat([localHeader(entry), entry.name, entry.data])
    directory.push(centralHeader(entry, offset), entry.name)
    parts.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  return Buffer.concat([...parts, central, end(entries.length, central.length, offset)])
}

function localHeader({ name, crc, size, data }: Entry): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(FLAGS, 6)
  header.writeUInt16LE(DEFLATED, 8)
  header.writeUInt16LE(TIME, 10)
  header.writeUInt16LE(DATE, 12)
  header.writeUInt32LE(crc, 14)
  header.writeUInt32LE(data.length, 18)
  header.writeUInt32LE(size, 22)
  header.writeUInt16LE(name.length, 26)
  return header
}

function centralHeader({ name, crc, size, data, isRun }: Entry, offset: number): Buffer {
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(MADE_BY, 4)
  header.writeUInt16LE(20, 6)
  header.writeUInt16LE(FLAGS, 8)
  header.writeUInt16LE(DEFLATED, 10)
  header.writeUInt16LE(TIME, 12)
  header.writeUInt16LE(DATE, 14)
  header.writeUInt32LE(crc, 16)
  header.writeUInt32LE(data.length, 20)
  header.writeUInt32LE(size, 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt32LE(isRun ? RUN_MODE : MODE, 38)
  header.writeUInt32LE(offset, 42)
  return header
}

function end(count: number, size: number, offset: number): Buffer {
  const record = Buffer.alloc(22)
  record.writeUInt32LE(0x06054b50, 0)
  record.writeUInt16LE(count, 8)
  record.writeUInt16LE(count, 10)
  record.writeUInt32LE(size, 12)
  record.writeUInt32LE(offset, 16)
  return record
}
