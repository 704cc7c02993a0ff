// The second pass: all functions together with their packages, split so that each package is linked once, minified.
import { isBuiltin } from 'node:module'
import { isAbsolute } from 'node:path'
import type { BuildResult, Metafile, OutputFile, Plugin, PluginBuild } from 'esbuild'
import type { Given } from './build.ts'
import { toBuildError } from './complaints.ts'
import { type Left, toName } from './left.ts'
import { type InMemory, openLive } from './live.ts'
import { packageOf, requires } from './packages.ts'
import { alias } from './resolve.ts'
import type { Modules } from './separate.ts'

/** One file of the result. */
export interface Linked {
  /** Relative to the output folder: `build.mjs`, `chunks/K3X9.mjs`. */
  readonly path: string
  readonly code: string
  readonly map: string
  /** Other files that it imports, at once or late. */
  readonly imports: readonly string[]
  readonly native: readonly string[]
  /** What it was made of: paths as they stand in the graph. */
  readonly inputs: readonly string[]
}

/** The files of all functions, and which input imports which. */
export interface Shared {
  readonly linked: ReadonlyMap<string, Linked>
  readonly graph: Metafile['inputs']
}

export interface Sharer {
  share(functions: readonly string[], modules: Modules): Promise<Shared>
  close(): Promise<void>
}

export const NAMESPACE = 'goblet-own'

export function openSharer({ root, outdir }: Given, left: Left): Sharer {
  let modules: Modules = new Map()
  // Packages that turned out to hold compiled code.
  const native = new Set<string>()
  const live = openLive()
  const plugin = own(() => modules, root, left)
  const outside = (): string[] => [...new Set([...native, ...left.named])]
  const link = (functions: readonly string[]): Promise<BuildResult<InMemory>> =>
    live.run(JSON.stringify([functions, outside()]), () => options(functions, outdir, outside(), plugin))

  const share = async (functions: readonly string[], given: Modules): Promise<Shared> => {
    modules = given
    try {
      let result = await link(functions)
      // A package may be reached only through another one; then it is known by now, and left out in another round.
      const found = nativeIn(result.metafile, outdir, left)
      if (found.some((name) => !native.has(name))) {
        for (const name of found) native.add(name)
        result = await link(functions)
      }
      return { linked: linkedOf(result.metafile, result.outputFiles), graph: result.metafile.inputs }
    } catch (error) {
      throw toBuildError(root, error, outdir)
    }
  }
  return { share, close: live.close }
}

const options = (functions: readonly string[], outdir: string, external: string[], plugin: Plugin): InMemory => ({
  entryPoints: functions.map((name) => ({ in: `${NAMESPACE}:${name}.mjs`, out: name })),
  absWorkingDir: outdir,
  outdir,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[hash]',
  bundle: true,
  splitting: true,
  write: false,
  metafile: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  sourcemap: 'external',
  sourcesContent: false,
  logLevel: 'silent',
  external,
  plugins: [plugin],
})

// The first pass's modules, from memory. What they import by name was left outside on purpose.
function own(modules: () => Modules, root: string, left: Left): Plugin {
  return {
    name: 'goblet-own',
    setup: (build) => {
      alias(build)
      leaveAbsent(build, left)
      build.onResolve({ filter: new RegExp(`^${NAMESPACE}:`) }, ({ path }) => ({
        path: path.slice(NAMESPACE.length + 1),
        namespace: NAMESPACE,
      }))
      build.onResolve({ filter: /.*/, namespace: NAMESPACE }, ({ path, importer }) => {
        if (path.startsWith('./')) return { path: partOf(importer) + path.slice(2), namespace: NAMESPACE }
        return isAbsolute(path) ? undefined : { path, external: true }
      })
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => {
        const contents = modules().get(path)
        return contents === undefined ? undefined : { contents, loader: 'js', resolveDir: root }
      })
    },
  }
}

// Packages ask late for others that may not be there (Nest for its validators): what a package does not depend on is left to
// fail where it is asked for, which that package expects.
function leaveAbsent(build: PluginBuild, left: Left): void {
  build.onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
    const from = kind === 'dynamic-import' || kind === 'require-call' ? packageOf(importer) : undefined
    if (pluginData === ASKED || from === undefined || isBuiltin(path) || requires(from, path)) return undefined
    const { errors } = await build.resolve(path, { kind, importer, resolveDir, pluginData: ASKED })
    if (errors.length === 0) return undefined
    left.miss(toName(path))
    return { path, external: true }
  })
}

// Told to our own question, so that it is not asked again.
const ASKED = Symbol('asked')

// `build.mjs` and `build/K3X9.mjs` both have their parts in `build/`.
const partOf = (importer: string): string => `${importer.replace(/\/[^/]+$|\.mjs$/, '')}/`

function nativeIn({ inputs }: Metafile, outdir: string, left: Left): string[] {
  const names = new Set<string>()
  for (const path of Object.keys(inputs)) {
    const from = packageOf(`${outdir}/${path}`)
    if (from !== undefined && !names.has(from.name) && left.has(from)) names.add(from.name)
  }
  return [...names]
}

function linkedOf({ outputs }: Metafile, files: readonly OutputFile[]): Map<string, Linked> {
  const texts = new Map(files.map((file) => [file.path, file]))
  const linked = new Map<string, Linked>()
  for (const [path, { imports, inputs }] of Object.entries(outputs)) {
    if (path.endsWith('.map')) continue
    const file = [...texts.keys()].find((name) => name.endsWith(`/${path}`)) ?? ''
    linked.set(path, {
      path,
      code: texts.get(file)?.text ?? '',
      map: texts.get(`${file}.map`)?.text ?? '',
      imports: imports.filter(({ external }) => external !== true).map((one) => one.path),
      native: imports.filter((one) => one.external === true).map((one) => one.path),
      inputs: Object.entries(inputs).flatMap(([input, { bytesInOutput }]) => (bytesInOutput > 0 ? [input] : [])),
    })
  }
  return linked
}
