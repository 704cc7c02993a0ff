// Reads the app: bundles the entry as it is, imports it in a worker, and describes what it declared.
import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { type BuildContext, type BuildOptions, context, type OutputFile } from 'esbuild'
import type { Where } from '../errors.ts'
import type { Description } from '../model/index.ts'
import type { Given } from './build.ts'
import { shown, toBuildError } from './complaints.ts'
import { describe } from './describe.ts'
import type { WebApp } from './framework.ts'
import type { Home } from './homes.ts'
import { openLeft } from './left.ts'
import type { Names } from './mark.ts'
import { settle } from './mark.ts'
import { openPlaces, toWhere } from './places.ts'
import { readEntry, startReader } from './read.ts'
import type { Frame } from './reader.ts'
import { type Treatment, treat } from './resolve.ts'
import type { Sources } from './sources.ts'

/** What discovery found. */
export interface Discovery {
  readonly description: Description
  /** Per file, which local names are exported declarations, and how the entry calls them. */
  readonly names: ReadonlyMap<string, Names>
  /** Per identity (`admin.list`), where it lives, as far as that is a name of its own. */
  readonly homes: ReadonlyMap<string, Home>
}

export interface Discoverer {
  /** Starts the reader of the next discovery, which comes within moments. */
  prepare(): void
  /** Where the entry declares nothing, and is a web app, it says which. */
  discover(): Promise<Discovery | WebApp>
  close(): Promise<void>
}

// A top level that takes longer would time out a cold start on Lambda too.
const SECONDS = 10
const PAUSE = 100
// A reader that nobody needs for so long gives its memory back (12 MB); the next save starts one while the editor still writes.
const RETIRES = 5000

export async function openDiscoverer(given: Given, sources: Sources, script: string): Promise<Discoverer> {
  const { root, entry, outdir, seconds = SECONDS, schemas = false } = given
  // A name of its own: two commands at once in one folder would read each other's half-written file.
  const file = join(outdir, `app-${randomUUID()}.mjs`)
  // Until the app does more with the AWS SDK, while it is read, than make clients.
  let stubs = true
  // Once an import of ours has failed: esbuild says better which name is wrong.
  let whole = false
  const bundler = await context(options(given, sources, file, { stubs: () => stubs, whole: () => whole }))
  let spare: Worker | undefined = startReader(script)
  let timer: NodeJS.Timeout | undefined

  const retire = (): void => {
    void spare?.terminate()
    spare = undefined
  }

  const prepare = (): void => {
    clearTimeout(timer)
    spare ??= startReader(script)
  }

  const discover = async (): Promise<Discovery | WebApp> => {
    prepare()
    const { code, map, reached } = await rebuild(bundler, root)
    await writeFile(file, code)
    const locate = openPlaces(map, file, (path) => sources.get(path) !== undefined)
    const place = (frame: Frame): Where | undefined => {
      const found = locate(frame)
      return found === undefined ? undefined : toWhere(root, found)
    }
    const worker = spare ?? startReader(script)
    spare = undefined
    // The next one boots when this reading, and what waits for it, is done with the processor.
    clearTimeout(timer)
    timer = setTimeout(() => {
      spare ??= startReader(script)
      timer = setTimeout(retire, RETIRES)
      timer.unref()
    }, PAUSE)
    timer.unref()
    const read = await readEntry({ worker, file, entry, seconds, stubs, whole, schemas, place })
    if (read === 'touched' || read === 'unbound') {
      if (read === 'touched') stubs = false
      else whole = true
      return discover()
    }
    whole = false
    if (read.web !== undefined) return read.web
    return describe({ root, entry: shown(root, resolve(root, entry)), read, locate, sources, reached })
  }

  const close = async (): Promise<void> => {
    clearTimeout(timer)
    await Promise.all([bundler.dispose(), spare?.terminate(), rm(file, { force: true })])
    spare = undefined
  }
  return { prepare, discover, close }
}

// Nothing may be dropped here, or a declaration could vanish without a word: hence no tree shaking, no annotations.
function options({ root, entry }: Given, sources: Sources, file: string, ways: Pick<Treatment, 'stubs' | 'whole'>) {
  return {
    entryPoints: [resolve(root, entry)],
    outfile: file,
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['main'],
    conditions: [],
    treeShaking: false,
    ignoreAnnotations: true,
    keepNames: true,
    sourcemap: 'external',
    sourcesContent: false,
    logLevel: 'silent',
    banner: {
      js: "import { createRequire as __gobletRequire } from 'node:module';const require = __gobletRequire(import.meta.url);",
    },
    plugins: [treat({ sources, purpose: 'read', prepare: settle, left: openLeft(), ...ways })],
  } satisfies BuildOptions
}

interface Rebuilt {
  readonly code: string
  readonly map: string
  /** The files that went into it, absolute. */
  readonly reached: readonly string[]
}

async function rebuild(bundler: BuildContext<{ metafile: true; write: false }>, root: string): Promise<Rebuilt> {
  try {
    const { outputFiles, metafile } = await bundler.rebuild()
    const reached = Object.keys(metafile.inputs).map((path) => resolve(root, path))
    return { code: textOf(outputFiles, '.mjs'), map: textOf(outputFiles, '.map'), reached }
  } catch (error) {
    throw toBuildError(root, error)
  }
}

const textOf = (files: readonly OutputFile[], extension: string): string =>
  files.find(({ path }) => path.endsWith(extension))?.text ?? ''
