// The packages that bundles leave outside: those with compiled code, and those that the app says a layer brings.
import { isNative, type Package } from './packages.ts'

/** Lives as long as its bundler: what is native is seen wherever a package is resolved. */
export interface Left {
  /** By name, the folder of each package that was found and left outside, absolute. */
  readonly places: ReadonlyMap<string, string>
  /** Says which packages are left outside, whatever they hold. */
  name(external: ReadonlySet<string>): void
  /** Those names. */
  readonly named: ReadonlySet<string>
  /** Notes a package that is not there, and that who asks late for it does without. */
  miss(name: string): void
  /** Those, as far as none was found of that name. */
  readonly missed: ReadonlySet<string>
  /** Whether a package is left outside. */
  has(found: Package): boolean
}

export function openLeft(): Left {
  const places = new Map<string, string>()
  const missed = new Set<string>()
  let named: ReadonlySet<string> = new Set()
  return {
    places,
    name: (external) => {
      named = external
    },
    get named() {
      return named
    },
    miss: (name) => {
      if (!places.has(name)) missed.add(name)
    },
    missed,
    has: (found) => {
      const { name, directory } = found
      if (!named.has(name) && !isNative(found)) return false
      if (!places.has(name)) places.set(name, directory)
      missed.delete(name)
      return true
    },
  }
}

/** The package that a specifier names: `sharp/lib/x` is of `sharp`, `@scope/name/x` of `@scope/name`. */
export const toName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
