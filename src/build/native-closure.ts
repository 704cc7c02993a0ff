// Which packages a function needs beside its bundle, and where each goes in the zip: as npm would lay them out, for Lambda's platform.
import { findPackage, isCompiled, namesIn, type Package, partOf, readManifest } from './packages.ts'
import { type Cpu, spokenOf, suits } from './platform.ts'

/** A package at its place. */
export interface Placed extends Package {
  /** In the zip: `node_modules/sharp`. */
  readonly path: string
  readonly version: string
  /** It does nothing without compiled code, its own or that of a package for the platform. */
  readonly isCompiled: boolean
  /** Whoever needs it can do without. */
  readonly isOptional: boolean
  /** The folders of those that bring compiled code for it. */
  readonly servers: readonly string[]
}

export interface Closure {
  readonly placed: ReadonlyMap<string, Placed>
  /** For the platform, named by a package and not installed here: name → version or range. */
  readonly missing: ReadonlyMap<string, string>
  /** Needed, and nowhere to be found: `x (of y)`. */
  readonly absent: readonly string[]
}

interface Given {
  /** Each with where it was found, where it was. */
  readonly packages: readonly { readonly name: string; readonly directory: string | undefined }[]
  /** The project's folder. */
  readonly root: string
  readonly cpu: Cpu
  /** The folder of what was fetched for the platform. */
  readonly fetched: string | undefined
  /** What a layer brings. */
  readonly external: ReadonlySet<string>
}

// They compile or fetch when a package is installed, and are asked for nothing later.
const INSTALLERS = new Set(['node-gyp', 'node-addon-api', 'nan', 'prebuild-install', 'prebuildify', 'cmake-js'])

interface Visit {
  readonly package: Package
  /** The path of who needs it; empty: the bundle itself. */
  readonly parent: string
  readonly isOptional: boolean
}

export function closureOf(given: Given): Closure {
  const placed = new Map<string, Placed>()
  const missing = new Map<string, string>()
  const absent: string[] = []
  const queue: Visit[] = []
  for (const { name, directory } of given.packages) {
    const found = directory === undefined ? findPackage(name, given.root) : { name, directory }
    if (found === undefined) absent.push(name)
    else queue.push({ package: found, parent: '', isOptional: false })
  }
  // Those that the bundle itself asks for come first, so that they get the places where it looks.
  for (const visit of queue) {
    const path = placeOf(visit, placed)
    if (path === undefined) continue
    const manifest = readManifest(visit.package.directory)
    const needed = neededBy(visit.package, manifest, given)
    const servers: string[] = []
    for (const [name, range] of needed.missing) missing.set(name, range)
    absent.push(...needed.absent.map((name) => `${name} (of ${visit.package.name})`))
    for (const next of needed.found) {
      if (spokenOf(next.package.name, given.cpu) !== 'none') servers.push(next.package.directory)
      queue.push({ ...next, parent: path, isOptional: next.isOptional || visit.isOptional })
    }
    const { isOptional } = visit
    const version = String(Reflect.get(manifest, 'version') ?? '')
    const compiled = isCompiled(visit.package.directory, manifest)
    placed.set(path, { ...visit.package, path, version, isCompiled: compiled, isOptional, servers })
  }
  return { placed, missing, absent: [...new Set(absent)] }
}

/** Where a package goes; undefined: whoever needs it finds it already. */
function placeOf(visit: Visit, placed: Map<string, Placed>): string | undefined {
  const path = placeFor(visit, placed)
  const there = placed.get(path)
  if (there === undefined) return path
  if (there.isOptional && !visit.isOptional) placed.set(path, { ...there, isOptional: false })
  return undefined
}

// At the top, unless another version is in the way: then in the folder of who needs it, as Node looks there first.
function placeFor({ package: { name, directory }, parent }: Visit, placed: ReadonlyMap<string, Placed>): string {
  for (let folder = parent; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
    const there = placed.get(path)
    if (there?.directory === directory) return path
    if (there !== undefined) return `${parent}/node_modules/${name}`
    if (folder === '') return path
  }
}

interface Needed {
  readonly found: readonly { readonly package: Package; readonly isOptional: boolean }[]
  readonly missing: ReadonlyMap<string, string>
  readonly absent: readonly string[]
}

function neededBy({ directory }: Package, manifest: object, { cpu, fetched, external }: Given): Needed {
  const found: { package: Package; isOptional: boolean }[] = []
  const missing = new Map<string, string>()
  const absent: string[] = []
  const optional = new Set(namesIn(manifest, 'optionalDependencies'))
  const find = (name: string): Package | undefined =>
    findPackage(name, directory) ?? (fetched === undefined ? undefined : findPackage(name, fetched))
  const look = (name: string): Package | undefined =>
    external.has(name) || INSTALLERS.has(name) ? undefined : find(name)
  for (const name of namesIn(manifest, 'dependencies').sort()) {
    if (optional.has(name) || external.has(name) || INSTALLERS.has(name)) continue
    const one = find(name)
    if (one === undefined) absent.push(name)
    else found.push({ package: one, isOptional: false })
  }
  const spoken = new Map([...optional].map((name) => [name, spokenOf(name, cpu)]))
  // A name that tells only a part of its platform is asked for where none tells all of it.
  const wanted = [...spoken.values()].includes('this') ? 'this' : 'maybe'
  for (const name of [...optional].sort()) {
    const one = look(name)
    if (one !== undefined && suits(readManifest(one.directory), cpu)) found.push({ package: one, isOptional: true })
    // What was fetched for the platform is all that there is for it.
    else if (one === undefined && fetched === undefined && spoken.get(name) === wanted && !external.has(name))
      missing.set(name, String(Reflect.get(partOf(manifest, 'optionalDependencies'), name)))
  }
  // Some other package brings a peer, or nobody does; what is there is used.
  for (const name of namesIn(manifest, 'peerDependencies').sort()) {
    const isAsked = Reflect.get(partOf(partOf(manifest, 'peerDependenciesMeta'), name), 'optional') !== true
    const one = isAsked ? look(name) : undefined
    if (one !== undefined) found.push({ package: one, isOptional: true })
  }
  return { found, missing, absent }
}
