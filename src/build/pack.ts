// What a function ships as: its bundle and the packages beside it, for one platform, zipped. What has not changed is not made again.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { problem } from '../errors.ts'
import type { FunctionBundle } from './bundle.ts'
import { chooseNative, findNative, type PackedPackage, stampOf } from './native.ts'
import type { Fetching } from './native-fetch.ts'
import { replace, sweep } from './outputs.ts'
import { type Platform, titleOf } from './platform.ts'
import { type Deflated, deflateFile, type ZipFile, zip } from './zip.ts'

/** A file in the zip. */
export interface PackedFile {
  readonly path: string
  readonly bytes: number
}

/** What is known of a zip without reading it. */
interface Facts {
  /** SHA-256 of the zip, hexadecimal. */
  readonly hash: string
  /** The same in Base64, as Lambda tells it (`CodeSha256`). */
  readonly sha256: string
  /** Of the zip. */
  readonly size: number
  /** Of all files together. */
  readonly unzipped: number
  readonly files: readonly PackedFile[]
  /** What stands beside the bundle, the largest first. */
  readonly packages: readonly PackedPackage[]
}

export interface Packed extends Facts {
  bytes(): Promise<Uint8Array>
}

export type Packable = Pick<FunctionBundle, 'name' | 'files' | 'hash' | 'native' | 'places' | 'external'>

export interface Packer {
  /**
   * Packs a function for Lambda. Throws GOBLET_NATIVE_PACKAGE when it needs code that would not run there, GOBLET_NATIVE_FETCH
   * when that cannot be fetched, GOBLET_TOO_LARGE.
   */
  pack(bundle: Packable, platform: Platform): Promise<Packed>
}

/** What may change the bytes of a zip besides what is in it. */
const FORMAT = `1 ${process.versions.zlib}`

// Source: Lambda's quotas page: 250 MB, which its refusals give as this.
const LIMIT = 262_144_000

// Each holds its zip in memory while it is made.
const AT_ONCE = 4

/** `directory`: where zips and fetched packages are kept, `.goblet` of the project. */
export function openPacker({ root, directory }: { readonly root: string; readonly directory: string }): Packer {
  const zips = join(directory, 'zips')
  const fetching: Fetching = { root, cache: join(directory, 'native') }
  let opened: Promise<void> | undefined
  const open = async (): Promise<void> => {
    await mkdir(zips, { recursive: true })
    await sweep(zips)
  }
  const inTurn = openTurns(AT_ONCE)
  const deflated = openDeflated()
  return {
    // What waits for its turn counts, too, so that what is known stays till all is done.
    pack: (bundle, platform) =>
      deflated.during((read) =>
        inTurn(async () => {
          opened ??= open()
          await opened
          return pack(bundle, platform, { zips, fetching, read })
        }),
      ),
  }
}

interface Ground {
  readonly zips: string
  readonly fetching: Fetching
  readonly read: (file: ZipFile) => Promise<Deflated>
}

async function pack(bundle: Packable, platform: Platform, { zips, fetching, read }: Ground): Promise<Packed> {
  const found = await findNative(bundle, platform, fetching)
  const { architecture, runtime } = platform
  // Without packages beside it, a function ships the same on every platform.
  const beside = bundle.native.length === 0 ? '' : `${architecture} ${runtime}\n${stampOf(found)}`
  const key = createHash('sha256').update(`${FORMAT}\n${bundle.hash}\n${beside}`).digest('hex').slice(0, 32)
  const [file, facts] = [join(zips, `${key}.zip`), join(zips, `${key}.json`)]
  const toPacked = (told: Facts): Packed => ({ ...told, bytes: () => readFile(file) })
  const known = existsSync(file) ? await readFacts(facts) : undefined
  if (known !== undefined) return toPacked(known)
  const { files: native, packages, problems } = chooseNative(found, platform)
  const what = `The function ${bundle.name}`
  if (problems.length > 0) throw problem('GOBLET_NATIVE_PACKAGE', { what, platform: titleOf(platform), problems })
  const files = [...bundle.files, ...native]
  const unzipped = checkSize(what, files, packages)
  const { bytes, hash } = await zip({ files }, read)
  const sha256 = Buffer.from(hash, 'hex').toString('base64')
  const listed = files.map((one) => ({ path: one.path, bytes: one.bytes }))
  const told: Facts = { hash, sha256, size: bytes.length, unzipped, files: listed, packages }
  await replace(file, bytes)
  // Last: whoever finds it finds the zip, too.
  await replace(facts, JSON.stringify(told))
  return toPacked(told)
}

/** Refuses what Lambda would, before anything is sent. What layers take is not known here. */
function checkSize(what: string, files: readonly PackedFile[], packages: readonly PackedPackage[]): number {
  const unzipped = files.reduce((sum, { bytes }) => sum + bytes, 0)
  if (unzipped <= LIMIT) return unzipped
  const beside = packages.map(({ name, version, bytes }) => ({ name: `${name} ${version}`, bytes }))
  const code = files
    .filter(({ path }) => !path.startsWith('node_modules/'))
    .map(({ path, bytes }) => ({ name: path, bytes }))
  const largest = [...beside, ...code].sort((left, right) => right.bytes - left.bytes).slice(0, 5)
  throw problem('GOBLET_TOO_LARGE', {
    what,
    size: inMegabytes(unzipped),
    limit: inMegabytes(LIMIT),
    largest: largest.map(({ name, bytes }) => `${name} (${inMegabytes(bytes)})`).join(', '),
  })
}

const inMegabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MB`

async function readFacts(file: string): Promise<Facts | undefined> {
  try {
    const read: Facts = JSON.parse(await readFile(file, 'utf8'))
    return typeof read.hash === 'string' ? read : undefined
  } catch {
    return undefined
  }
}

/** Lets so many tasks run at once; the others wait. */
function openTurns(most: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (task) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    }
  }
}

/** Remembers what was deflated for as long as anything is packed: functions share most of their files. */
function openDeflated(): { during<T>(task: (read: Ground['read']) => Promise<T>): Promise<T> } {
  const known = new Map<string, Promise<Deflated>>()
  let users = 0
  const read = (one: ZipFile): Promise<Deflated> => {
    const deflated = known.get(one.file) ?? deflateFile(one)
    known.set(one.file, deflated)
    return deflated
  }
  return {
    during: async (task) => {
      users++
      try {
        return await task(read)
      } finally {
        users--
        if (users === 0) known.clear()
      }
    },
  }
}
