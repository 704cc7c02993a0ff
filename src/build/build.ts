// Opens a build of one project: everything it learns stays warm between one save and the next.
import { existsSync } from 'node:fs'
import { mkdir, realpath } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { build as esbuild } from 'esbuild'
import { GobletError, problem } from '../errors.ts'
import type { Description, Model, Permissions } from '../model/index.ts'
import { type Bundled, type BundleRequest, type Bundler, openBundler } from './bundle.ts'
import { findCopy, ours } from './copy.ts'
import { type Discoverer, type Discovery, openDiscoverer } from './discover.ts'
import type { WebApp } from './framework.ts'
import { type Hosted, relocated, toHosted, writeHost } from './hosted.ts'
import { openSources } from './sources.ts'
import type { Source } from './syntax.ts'

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
  /** What was found where the entry has no app of its own, and one was made around it; as of the last `discover`. */
  hosted(): Hosted | undefined
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
  const script = await readerScript(outdir)
  const open = async (own: Given, hosted?: Hosted): Promise<Workshop> => ({
    given: own,
    hosted,
    discoverer: await openDiscoverer(own, sources, script),
    bundler: openBundler(own, sources),
  })
  let shop = await open(given)
  let last: Discovery | undefined
  let work: Promise<unknown> = Promise.resolve()

  // One after the other: both use what the other left.
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const next = work.then(task, task)
    work = next
    return next
  }
  const move = async (next: Given, hosted?: Hosted): Promise<void> => {
    await close(shop)
    shop = await open(next, hosted)
  }
  const discover = async (moved = false): Promise<Discovery> => {
    checkEntry()
    const found = await look(shop, moved ? undefined : await sources.load(resolve(root, entry)))
    if (found === 'own') await move(given)
    else if ('word' in found) {
      const hosted = toHosted(given, found)
      await move(await writeHost(given, hosted), hosted)
    } else {
      last = found
      return last
    }
    return discover(true)
  }
  return {
    prepare: () => shop.discoverer.prepare(),
    discover: () => inTurn(async () => (await discover()).description),
    hosted: () => shop.hosted,
    bundle: (functions) =>
      inTurn(async () => {
        const found = last ?? (await discover())
        return shop.bundler.bundle(functions, found)
      }),
    // Not in turn: it reads the code by itself, while esbuild bundles in a process of its own.
    permissions: async (model, bundled) => {
      const [{ completePermissions }, { deriveGrants }] = await Promise.all([
        import('./permissions/complete.ts'),
        import('./permissions/derive.ts'),
      ])
      const permissions = completePermissions(model, deriveGrants({ root, entry: shop.given.entry, model }))
      if (bundled === undefined) return permissions
      const { crossCheck } = await import('./permissions/cross-check.ts')
      return crossCheck(permissions, bundled.survivors(), model)
    },
    // Nobody edits what was written here.
    files: () => sources.files().filter((file) => !file.startsWith(outdir + sep)),
    close: () => inTurn(() => close(shop)),
  }
}

/** What builds one entry: the user's, or the one that hosts it. */
interface Workshop {
  readonly given: Given
  readonly hosted: Hosted | undefined
  readonly discoverer: Discoverer
  readonly bundler: Bundler
}

async function close({ discoverer, bundler }: Workshop): Promise<void> {
  await Promise.all([discoverer.close(), bundler.close()])
}

// What is hosted may get an app of its own at any save, and then is looked at by itself.
async function look({ discoverer, hosted }: Workshop, source: Source | undefined): Promise<Discovery | WebApp | 'own'> {
  if (hosted === undefined) return discoverer.discover()
  if (source !== undefined && /['"]goblet['"]/.test(source.text)) return 'own'
  try {
    const found = await discoverer.discover()
    return 'word' in found ? found : { ...found, description: relocated(found.description, hosted) }
  } catch (error) {
    const [first] = error instanceof GobletError ? error.complaints : []
    if (source !== undefined && first?.code === 'GOBLET_NO_WEB_APP') return 'own'
    throw error
  }
}

// A worker cannot run TypeScript on every Node that we support, so from source the reader is translated first.
async function readerScript(outdir: string): Promise<string> {
  const reader = ours('build/reader')
  if (findCopy().extension === '.js') return reader
  const outfile = join(outdir, 'reader.mjs')
  await esbuild({
    entryPoints: [reader],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
  })
  return outfile
}
