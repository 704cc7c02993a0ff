// The first pass: for each function a module with just the user's own code (and ours) that it reaches; packages stay outside.
import { basename, dirname, resolve } from 'node:path'
import { type BuildResult, build, type Message, type Metafile, type Plugin } from 'esbuild'
import { findAssets } from './assets.ts'
import type { Given } from './build.ts'
import type { BundleRequest, BundleWarning } from './bundle.ts'
import { toBuildError, whereOf } from './complaints.ts'
import type { Discovery } from './discover.ts'
import { type Entries, entryPoint, serve, toEntries } from './entries.ts'
import { absentFeatures } from './features.ts'
import type { Left } from './left.ts'
import { type InMemory, openLive } from './live.ts'
import { mark, type Names } from './mark.ts'
import { treat } from './resolve.ts'
import type { Sources } from './sources.ts'

/** Modules by name: `<function>.mjs`, and the parts that a function imports late. */
export type Modules = ReadonlyMap<string, string>

export interface Separated {
  readonly modules: Modules
  /** The user's own files that each function's module holds something of, absolute. */
  readonly reached: ReadonlyMap<string, readonly string[]>
  readonly warnings: readonly BundleWarning[]
}

export interface Separator {
  separate(functions: readonly BundleRequest[], found: Discovery): Promise<Separated>
  close(): Promise<void>
}

type Result = BuildResult<InMemory>

export function openSeparator(given: Given, sources: Sources, left: Left): Separator {
  const { root } = given
  const live = openLive()
  let names: ReadonlyMap<string, Names> = new Map()
  let define: Readonly<Record<string, string>> = {}
  let made: Entries = { texts: new Map(), shells: new Map() }
  const plugin = treat({
    sources,
    purpose: 'bundle',
    prepare: (source) => mark(source, names.get(source.file) ?? NONE, made.shells.get(source.file)),
    stubs: () => false,
    whole: () => true,
    left,
  })
  const run = async (functions: readonly BundleRequest[]): Promise<Separated> => {
    const key = JSON.stringify([...made.texts, define, ...left.named])
    const result = await live.run(key, () => ({ ...options(given, made, functions, plugin), define }))
    const modules = modulesOf(result)
    // What the user imports late must load late: such a function is split, alone, so that nothing of it leaks into others.
    const late = functions.filter(({ name }) => importsLate(result.metafile, `${name}.mjs`, sources, root))
    for (const one of late) {
      const split = await build({ ...options(given, made, [one], plugin), define, splitting: true })
      for (const [name, text] of modulesOf(split, one.name)) modules.set(name, text)
    }
    const reached = Object.keys(result.metafile.inputs).map((path) => resolve(root, path))
    const said = result.warnings.map((warning) => toWarning(root, warning))
    return {
      modules,
      reached: new Map(functions.map(({ name }) => [name, ownIn(result.metafile, `${name}.mjs`, sources, root)])),
      warnings: [...said, ...findAssets(root, reached, sources)],
    }
  }
  return {
    separate: async (functions, found) => {
      names = found.names
      define = absentFeatures(found.description, sources)
      const described = new Map(found.description.functions.map((one) => [one.export, one]))
      made = toEntries(functions, { entry: resolve(root, given.entry), homes: found.homes, described })
      try {
        return await run(functions)
      } catch (error) {
        throw toBuildError(root, error)
      }
    },
    close: live.close,
  }
}

const NONE: Names = new Map()

const options = (
  { root, entry, outdir }: Given,
  { texts }: Entries,
  functions: readonly BundleRequest[],
  plugin: Plugin,
): InMemory => ({
  entryPoints: functions.map(({ name }) => ({ in: entryPoint(name), out: name })),
  absWorkingDir: root,
  outdir,
  outExtension: { '.js': '.mjs' },
  chunkNames: '[hash]',
  bundle: true,
  write: false,
  metafile: true,
  // Drops what the app does not use of the runtime; see features.ts.
  minifySyntax: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  mainFields: ['module', 'main'],
  sourcemap: 'inline',
  sourcesContent: false,
  logLevel: 'silent',
  plugins: [serve(texts, dirname(resolve(root, entry))), plugin],
})

// Parts that are loaded late are named by content only, so they stand under their function's name.
function modulesOf({ outputFiles }: Result, owner?: string): Map<string, string> {
  return new Map(
    outputFiles.map(({ path, text }) => {
      const base = basename(path)
      const name = owner === undefined || base === `${owner}.mjs` ? base : `${owner}/${base}`
      return [name, text.replace(PATH, '$1"m"')]
    }),
  )
}

// Where esbuild wakes a module late it writes the module's path, which differs from one checkout to the next; nothing reads it.
const PATH = /(= __(?:esm|commonJS)\(\{\s*)"[^"\n]*"(?=\()/g

function ownIn({ outputs }: Metafile, name: string, sources: Sources, root: string): string[] {
  const output = Object.entries(outputs).find(([path]) => path === name || path.endsWith(`/${name}`))?.[1]
  return Object.entries(output?.inputs ?? {})
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => resolve(root, path))
    .filter((file) => sources.get(file) !== undefined)
}

function importsLate({ inputs, outputs }: Metafile, name: string, sources: Sources, root: string): boolean {
  const output = Object.entries(outputs).find(([path]) => path === name || path.endsWith(`/${name}`))?.[1]
  const reached = Object.keys(output?.inputs ?? {})
  return reached.some((path) => {
    if (sources.get(resolve(root, path)) === undefined) return false
    return inputs[path]?.imports.some(({ kind, external, path: to }) => {
      return kind === 'dynamic-import' && external !== true && (output?.inputs[to]?.bytesInOutput ?? 0) > 0
    })
  })
}

function toWarning(root: string, warning: Message): BundleWarning {
  const where = whereOf(root, warning)
  return where === undefined ? { message: warning.text } : { where, message: warning.text }
}
