// One bundle per function, in two passes: first what each function uses of the user's own code, exactly; then all of them together with the packages they share.
import type { Where } from '../errors.ts'
import type { TriggerKind } from '../model/index.ts'
import type { Given } from './build.ts'
import type { Discovery } from './discover.ts'
import { openOutputs } from './outputs.ts'
import { openSeparator } from './separate.ts'
import { openSharer } from './share.ts'
import type { Sources } from './sources.ts'

export interface BundleRequest {
  /** The function's name, which names its files. */
  readonly name: string
  readonly trigger: TriggerKind
  /** The entry's exports that it answers for: several for routes that share a function. */
  readonly exports: readonly string[]
}

export interface ShippedFile {
  /** Inside the zip. */
  readonly path: string
  /** On disk, absolute. */
  readonly file: string
  readonly bytes: number
}

export interface FunctionBundle {
  readonly name: string
  /** The module to import, absolute; it exports `handler`. In the zip it is `index.mjs`. */
  readonly entry: string
  readonly files: readonly ShippedFile[]
  /** Of all files together. */
  readonly bytes: number
  /** SHA-256 over paths and contents, hexadecimal. */
  readonly hash: string
  /** Packages with compiled code that it needs and that are not in it. */
  readonly native: readonly string[]
}

export interface BundleWarning {
  readonly where?: Where
  readonly message: string
}

export interface Bundled {
  readonly functions: ReadonlyMap<string, FunctionBundle>
  readonly warnings: readonly BundleWarning[]
}

export interface Bundler {
  bundle(functions: readonly BundleRequest[], found: Discovery): Promise<Bundled>
  close(): Promise<void>
}

export function openBundler(given: Given, sources: Sources): Bundler {
  const separator = openSeparator(given, sources)
  const sharer = openSharer(given)
  const outputs = openOutputs(given.outdir)
  return {
    bundle: async (functions, found) => {
      // An app may own things and do nothing.
      if (functions.length === 0) return { functions: new Map(), warnings: [] }
      const { modules, warnings } = await separator.separate(functions, found)
      const linked = await sharer.share(
        functions.map(({ name }) => name),
        modules,
      )
      return {
        functions: await outputs.write(
          functions.map(({ name }) => name),
          linked,
        ),
        warnings,
      }
    },
    close: async () => {
      await Promise.all([separator.close(), sharer.close()])
    },
  }
}
