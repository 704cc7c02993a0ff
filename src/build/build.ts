// Opens a build of one project: everything it learns stays warm between one save and the next.
import { existsSync } from 'node:fs'
import { mkdir, realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build as esbuild } from 'esbuild'
import { problem } from '../errors.ts'
import type { Description, Model, Permissions } from '../model/index.ts'
import { type Bundled, type BundleRequest, openBundler } from './bundle.ts'
import { findCopy, ours } from './copy.ts'
import { type Discovery, openDiscoverer } from './discover.ts'
import { openSources } from './sources.ts'

export interface Given {
  /** The project's folder, absolute. */
  readonly root: string
  /** The entry module, relative to the project. */
  readonly entry: string
  /** Where the bundles go, absolute. */
  readonly outdir: string
  /** How long reading the app may take. Default 10. */
  readonly seconds?: number
  /** The description holds validators as JSON Schema, too: `{ $: 'schema', input, output }`. */
  readonly schemas?: boolean
}

export interface Build {
  /** Says that `discover` will be called within moments: what takes longest to start is started. */
  prepare(): void
  /** Reads the app. Throws a GobletError that holds every complaint. */
  discover(): Promise<Description>
  /** Makes one bundle per function. */
  bundle(functions: readonly BundleRequest[]): Promise<Bundled>
  /**
   * What every function of the model may do: what its code needs, what Goblet needs for it, what the app asks for. With the
   * bundles, it warns of what is in them and was not found to be called.
   */
  permissions(model: Model, bundled?: Bundled): Promise<Permissions>
  /** The user's own files that were read so far, absolute. */
  files(): readonly string[]
  close(): Promise<void>
}

/** Opens a build. Throws GOBLET_NO_ENTRY when the entry is not there. */
export async function openBuild(asked: Given): Promise<Build> {
  const { entry } = asked
  const checkEntry = (): void => {
    if (!existsSync(resolve(asked.root, entry))) throw problem('GOBLET_NO_ENTRY', { entry })
  }
  checkEntry()
  await mkdir(asked.outdir, { recursive: true })
  // esbuild and Node name files by their real paths, and so must we, or nothing would be found again.
  const [root, outdir] = await Promise.all([realpath(asked.root), realpath(asked.outdir)])
  const given: Given = { ...asked, root, outdir }
  const sources = openSources()
  const discoverer = await openDiscoverer(given, sources, await readerScript(outdir))
  const bundler = openBundler(given, sources)
  let last: Discovery | undefined
  let work: Promise<unknown> = Promise.resolve()

  // One after the other: both use what the other left.
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const next = work.then(task, task)
    work = next
    return next
  }
  const discover = async (): Promise<Discovery> => {
    checkEntry()
    last = await discoverer.discover()
    return last
  }
  return {
    prepare: () => discoverer.prepare(),
    discover: () => inTurn(async () => (await discover()).description),
    bundle: (functions) => inTurn(async () => bundler.bundle(functions, last ?? (await discover()))),
    // Not in turn: it reads the code by itself, while esbuild bundles in a process of its own.
    permissions: async (model, bundled) => {
      const [{ completePermissions }, { deriveGrants }] = await Promise.all([
        import('./permissions/complete.ts'),
        import('./permissions/derive.ts'),
      ])
      const permissions = completePermissions(model, deriveGrants({ root, entry, model }))
      if (bundled === undefined) return permissions
      const { crossCheck } = await import('./permissions/cross-check.ts')
      return crossCheck(permissions, bundled.survivors(), model)
    },
    files: () => sources.files(),
    close: () => inTurn(async () => void (await Promise.all([discoverer.close(), bundler.close()]))),
  }
}

// A worker cannot run TypeScript on every Node that we support, so from source the reader is translated first.
async function readerScript(outdir: string): Promise<string> {
  const reader = ours('build/reader')
  if (findCopy().extension === '.js') return reader
  const outfile = join(outdir, 'reader.mjs')
  await esbuild({ entryPoints: [reader], outfile, format: 'esm', target: 'node20', logLevel: 'silent' })
  return outfile
}
