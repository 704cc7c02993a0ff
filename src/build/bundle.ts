// One bundle per function, in two passes: first what each function uses of the user's own code, exactly; then all of them together with the packages they share.
import type { Where } from '../errors.ts'
import type { TriggerKind } from '../model/index.ts'
import type { Given } from './build.ts'
import type { Discovery } from './discover.ts'
import { withFiles } from './files.ts'
import { openLeft } from './left.ts'
import { openOutputs } from './outputs.ts'
import { openSeparator } from './separate.ts'
import { openSharer } from './share.ts'
import type { Sources } from './sources.ts'
import { type Survivor, survivorsOf } from './survivors.ts'

export interface BundleRequest {
  /** The function's name, which names its files. */
  readonly name: string
  readonly trigger: TriggerKind
  /** The entry's exports that it answers for: several for routes that share a function. */
  readonly exports: readonly string[]
  /** Packages that a layer or an image brings it. */
  readonly external?: readonly string[]
  /** It is woken only to stay warm, besides. */
  readonly warm?: number | undefined
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
  /** Packages that it needs and that are not in it: they hold compiled code, or are left out of every bundle for another function's sake. */
  readonly native: readonly string[]
  /** The folders of packages, absolute, as far as they were found; by name. */
  readonly places: ReadonlyMap<string, string>
  /** Packages that it needs not be given. */
  readonly external: readonly string[]
}

export interface BundleWarning {
  readonly where?: Where
  readonly message: string
}

export interface Bundled {
  readonly functions: ReadonlyMap<string, FunctionBundle>
  readonly warnings: readonly BundleWarning[]
  /** Per function, the operations of AWS that its bundle holds. Looked for when it is asked. */
  survivors(): ReadonlyMap<string, readonly Survivor[]>
}

export interface Bundler {
  bundle(functions: readonly BundleRequest[], found: Discovery): Promise<Bundled>
  close(): Promise<void>
}

export function openBundler(given: Given, sources: Sources): Bundler {
  const left = openLeft()
  const separator = openSeparator(given, sources, left)
  const sharer = openSharer(given, left)
  const outputs = openOutputs(given.outdir)
  return {
    bundle: async (functions, found) => {
      // An app may own things and do nothing.
      if (functions.length === 0) return { functions: new Map(), warnings: [], survivors: () => new Map() }
      const names = functions.map(({ name }) => name)
      left.name(new Set(functions.flatMap(({ external = [] }) => external)))
      const separated = await separator.separate(functions, found)
      const shared = await sharer.share(names, separated.modules)
      const written = await outputs.write(functions, shared.linked, left)
      const described = new Map(found.description.functions.map((one) => [one.export, one]))
      const whole = functions.flatMap(({ name, exports: [first = ''] }) => {
        const [bundle, asked] = [written.get(name), described.get(first)]
        return bundle === undefined ? [] : [asked === undefined ? bundle : withFiles(bundle, given.root, asked)]
      })
      return {
        functions: new Map((await Promise.all(whole)).map((one) => [one.name, one])),
        warnings: separated.warnings,
        survivors: () => survivorsOf({ ...given, names, sources, separated, shared }),
      }
    },
    close: async () => {
      await Promise.all([separator.close(), sharer.close()])
    },
  }
}
