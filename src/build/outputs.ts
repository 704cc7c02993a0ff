// Writes the linked files where sandboxes load them from. A name says what is in it, so a file is never changed under a running sandbox.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import type { BundleRequest, FunctionBundle, ShippedFile } from './bundle.ts'
import { type Left, toName } from './left.ts'
import type { Linked } from './share.ts'

export interface Outputs {
  write(
    functions: readonly BundleRequest[],
    linked: ReadonlyMap<string, Linked>,
    left: Left,
  ): Promise<ReadonlyMap<string, FunctionBundle>>
}

/** A file ready to be written. */
interface Finished {
  /** In the zip. */
  readonly path: string
  /** Relative to the output folder. */
  readonly file: string
  readonly code: Buffer
  readonly map: string
  readonly hash: string
}

// A sandbox may import a chunk late as long as it lives; nobody keeps one that long after it was replaced.
const KEPT = 7 * 24 * 60 * 60 * 1000

export function openOutputs(outdir: string): Outputs {
  const chunks = join(outdir, 'chunks')
  const maps = new Map<string, string>()
  let opened: Promise<void> | undefined
  const open = async (): Promise<void> => {
    await mkdir(chunks, { recursive: true })
    await Promise.all([sweep(outdir), sweep(chunks)])
  }
  return {
    write: async (functions, linked, left) => {
      opened ??= open()
      await opened
      const finished = new Map([...linked].map(([path, one]) => [path, finish(one)]))
      await Promise.all([...finished.values()].map((one) => store(outdir, one, maps)))
      return new Map(functions.map((one) => [one.name, toBundle(one, left, outdir, linked, finished)]))
    },
  }
}

// CommonJS packages call `require` for Node's own modules, and some ask where they lie. Only files that do so pay for it.
const REQUIRE = "import{createRequire as gobletRequire}from'node:module';const require=gobletRequire(import.meta.url);"
const PATHS =
  "import{fileURLToPath as gobletPath}from'node:url';const __filename=gobletPath(import.meta.url),__dirname=gobletPath(new URL('.',import.meta.url));"

function finish({ path, code, map }: Linked): Finished {
  // The words of esbuild's own stand-in for a missing `require`.
  const head =
    (code.includes('Dynamic require of "') ? REQUIRE : '') + (/\b__(dirname|filename)\b/.test(code) ? PATHS : '')
  const body = head === '' ? code : `${head}\n${code}`
  const hash = sha(body)
  const isChunk = path.startsWith('chunks/')
  const file = isChunk ? path : `${path.slice(0, -'.mjs'.length)}-${hash.slice(0, 12)}.mjs`
  const name = file.slice(file.lastIndexOf('/') + 1)
  return {
    path: isChunk ? path : 'index.mjs',
    file,
    code: Buffer.from(`${body}//# sourceMappingURL=${name}.map\n`),
    map: head === '' ? map : map.replace('"mappings": "', '"mappings": ";'),
    hash,
  }
}

async function store(outdir: string, { file, code, map }: Finished, maps: Map<string, string>): Promise<void> {
  const path = join(outdir, file)
  // The map first: it may change where the code does not, and is read only when something fails.
  if (maps.get(path) !== map) await replace(`${path}.map`, map)
  maps.set(path, map)
  if (!existsSync(path)) await replace(path, code)
}

/** Writes a file: never a half-written one, whoever looks. */
export async function replace(path: string, contents: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`
  await writeFile(temporary, contents)
  await rename(temporary, path)
}

function toBundle(
  { name, external = [] }: BundleRequest,
  left: Left,
  outdir: string,
  linked: ReadonlyMap<string, Linked>,
  finished: ReadonlyMap<string, Finished>,
): FunctionBundle {
  const entry = `${name}.mjs`
  const reached = reach(entry, linked)
  const hash = createHash('sha256')
  const files: ShippedFile[] = []
  for (const path of reached) {
    const one = finished.get(path)
    if (one === undefined) continue
    files.push({ path: one.path, file: join(outdir, one.file), bytes: one.code.length })
    hash.update(`${one.path}\0${one.hash}\0`)
  }
  const native = new Set(
    reached.flatMap(
      (path) =>
        linked
          .get(path)
          ?.native.filter((one) => !isBuiltin(one))
          .map(toName) ?? [],
    ),
  )
  return {
    name,
    entry: join(outdir, finished.get(entry)?.file ?? entry),
    files,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    hash: hash.digest('hex'),
    native: [...native].filter((one) => !external.includes(one) && !left.missed.has(one)).sort(),
    places: left.places,
    external,
  }
}

/** The entry first, then everything that it imports, in a stable order. */
function reach(entry: string, linked: ReadonlyMap<string, Linked>): string[] {
  const seen = new Set<string>([entry])
  for (const path of seen) for (const next of linked.get(path)?.imports ?? []) seen.add(next)
  const [, ...chunks] = seen
  return [entry, ...chunks.sort()]
}

const sha = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Removes the files of a folder that nobody has made anew for a week. */
export async function sweep(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true })
  await Promise.all(
    entries.map(async (entry) => {
      const file = join(folder, entry.name)
      if (!entry.isFile()) return
      // Another command's temporary file may be gone by now.
      const found = await stat(file).catch(() => undefined)
      if (found !== undefined && Date.now() - found.mtimeMs > KEPT) await rm(file, { force: true })
    }),
  )
}
