// The esbuild plugin of the first two runs: our own copy for 'goblet', npm packages left outside, the user's files prepared.
import { isBuiltin } from 'node:module'
import { extname, isAbsolute, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Loader, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild'
import { door, findCopy, ours } from './copy.ts'
import { type Left, toName } from './left.ts'
import { EFFECT } from './mark.ts'
import { packageOf } from './packages.ts'
import type { Sources } from './sources.ts'
import { isStubbed, STUB } from './stub.ts'
import type { Source } from './syntax.ts'

export interface Treatment {
  readonly sources: Sources
  /** `read`: packages are left to Node. `bundle`: they are left to the second pass. */
  readonly purpose: 'read' | 'bundle'
  /** What esbuild sees of one of the user's files. */
  readonly prepare: (source: Source) => string
  /** Whether the AWS SDK is stood in for. */
  readonly stubs: () => boolean
  /** Whether esbuild looks into our own door, which it need not while nothing is wrong. */
  readonly whole: () => boolean
  /** Notes what is left outside. */
  readonly left: Left
}

// Told to our own question, so that it is not asked again.
const ASKED = Symbol('asked')

const STAND_IN = 'goblet-stand-in'

const LOADERS: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.jsx': 'jsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
}

export function treat(treatment: Treatment): Plugin {
  const { sources, prepare, whole } = treatment
  return {
    name: 'goblet',
    setup: (build) => {
      build.onResolve({ filter: /^goblet$/ }, () => {
        const path = whole() ? undefined : door()
        return path === undefined ? undefined : { path, external: true }
      })
      alias(build)
      build.onResolve({ filter: /^[^./]/ }, (args) => outside(build, args, treatment))
      build.onLoad({ filter: /.*/, namespace: STAND_IN }, () => ({ contents: STUB, loader: 'js' }))
      build.onLoad({ filter: /.*/, namespace: 'file' }, async ({ path }) => {
        if (path.startsWith(findCopy().directory + sep) || packageOf(path) !== undefined) return undefined
        const loader = LOADERS[extname(path)]
        if (loader === undefined) {
          sources.note(path)
          return undefined
        }
        return { contents: prepare(await sources.load(path)), loader }
      })
    },
  }
}

/** `import 'goblet'`, wherever it stands, is the copy that runs now. */
export function alias(build: PluginBuild): void {
  build.onResolve({ filter: /^goblet(\/|$)/ }, ({ path }) => ({
    path: ours(path === 'goblet' ? 'index' : path.slice('goblet/'.length)),
    sideEffects: false,
  }))
}

async function outside(
  build: PluginBuild,
  args: OnResolveArgs,
  { sources, purpose, stubs, left }: Treatment,
): Promise<OnResolveResult | undefined> {
  if (args.pluginData === ASKED || args.kind === 'entry-point' || args.namespace !== 'file') return undefined
  // `C:\\…` begins like a package's name.
  if (isAbsolute(args.path)) return undefined
  const effect = args.path.startsWith(EFFECT)
  const specifier = effect ? args.path.slice(EFFECT.length) : args.path
  if (isBuiltin(specifier)) return { path: specifier, external: true, sideEffects: false }
  const { kind, importer, resolveDir } = args
  const found = await build.resolve(specifier, { kind, importer, resolveDir, pluginData: ASKED })
  if (found.errors.length > 0) {
    // A layer brings it; here it need not be.
    if (left.named.has(toName(specifier))) return { path: specifier, external: true, sideEffects: effect }
    return { errors: found.errors, warnings: found.warnings }
  }
  const { path, namespace, sideEffects } = found
  const from = packageOf(path)
  const here: OnResolveResult = { path, namespace, sideEffects, external: found.external, suffix: found.suffix }
  // esbuild goes the same way again, and then knows more (the tsconfig) than it can be told.
  if (from === undefined && !effect) return undefined
  // Only code can be imported from where it lies; a package's data is taken in.
  if (from === undefined || namespace !== 'file' || !/\.[mc]?js$/.test(path)) return here
  if (kind === 'import-statement' && stubs() && isStubbed(specifier, sources.get(importer))) {
    return { path: specifier, namespace: STAND_IN }
  }
  if (left.has(from)) return { path: specifier, external: true, sideEffects: effect }
  if (purpose === 'read') return { path: kind === 'require-call' ? path : pathToFileURL(path).href, external: true }
  // What is required cannot be imported in its stead: it may be required late, or never.
  if (kind === 'require-call' || kind === 'require-resolve') return here
  // A package whose names a function does not use is not part of it, whatever the package says of its side effects.
  return { path, external: true, sideEffects: effect }
}
