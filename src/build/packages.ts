// Knows which npm packages carry code that is compiled for one platform.
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'

/** An installed package. */
export interface Package {
  readonly name: string
  readonly directory: string
}

const FOLDER = `${sep}node_modules${sep}`

/** The package that a file belongs to, or undefined for the user's own files. */
export function packageOf(file: string): Package | undefined {
  const at = file.lastIndexOf(FOLDER)
  if (at < 0) return undefined
  const parts = file.slice(at + FOLDER.length).split(sep)
  const name = parts.slice(0, parts[0]?.startsWith('@') === true ? 2 : 1)
  return { name: name.join('/'), directory: file.slice(0, at + FOLDER.length) + name.join(sep) }
}

/** Where Node would find a package when it is asked for from a folder; real, so that its own are looked for beside it. */
export function findPackage(name: string, from: string): Package | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const directory = join(folder, 'node_modules', ...name.split('/'))
    if (basename(folder) !== 'node_modules' && existsSync(join(directory, 'package.json')))
      return { name, directory: realpathSync(directory) }
    if (folder === dirname(folder)) return undefined
  }
}

const LOADERS = new Set([
  'bindings',
  'node-gyp-build',
  'node-gyp-build-optional-packages',
  'node-pre-gyp',
  '@mapbox/node-pre-gyp',
  'prebuild-install',
  'pkg-prebuilds',
])

/** Whether a package cannot do without what this specifier names. */
export function requires({ directory }: Package, specifier: string): boolean {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
  return namesIn(readManifest(directory), 'dependencies').includes(name)
}

// `@img/sharp-linux-arm64`, `lightningcss-darwin-x64`, `@esbuild/win32-ia32` …
const PLATFORM = /(^|[-/])(linux|linuxmusl|darwin|win32|freebsd|android)-(x64|arm64|arm|ia32)/

const known = new Map<string, boolean>()

/** Whether a package needs a compiled part beside its JavaScript. */
export function isNative({ directory }: Package): boolean {
  let native = known.get(directory)
  if (native === undefined) {
    native = inspect(directory)
    known.set(directory, native)
  }
  return native
}

function inspect(directory: string): boolean {
  const manifest = readManifest(directory)
  if (isCompiled(directory, manifest)) return true
  if (namesIn(manifest, 'dependencies').some((name) => LOADERS.has(name))) return true
  if (namesIn(manifest, 'optionalDependencies').some((name) => LOADERS.has(name))) return true
  return ['', 'build/Release', 'prebuilds'].some((folder) => holdsCompiled(join(directory, folder)))
}

/** Whether it does nothing without a compiled part: one that is made of it when it is installed, or one in a package for each platform. */
export const isCompiled = (directory: string, manifest: object): boolean =>
  Reflect.get(manifest, 'gypfile') === true ||
  existsSync(join(directory, 'binding.gyp')) ||
  namesIn(manifest, 'optionalDependencies').some((name) => PLATFORM.test(name))

function holdsCompiled(folder: string): boolean {
  if (!existsSync(folder)) return false
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries.some((entry) => (entry.isFile() ? entry.name.endsWith('.node') : folder.endsWith('prebuilds')))
}

/** A package's manifest; an empty one where there is none that can be read. */
export function readManifest(directory: string, file = 'package.json'): object {
  try {
    const read: unknown = JSON.parse(readFileSync(join(directory, file), 'utf8'))
    return typeof read === 'object' && read !== null ? read : {}
  } catch {
    return {}
  }
}

/** The names in a part of a manifest: `dependencies`. */
export const namesIn = (manifest: object, field: string): string[] => Object.keys(partOf(manifest, field))

/** A part of a manifest that holds things by name. */
export function partOf(manifest: object, field: string): object {
  const value: unknown = Reflect.get(manifest, field)
  return typeof value === 'object' && value !== null ? value : {}
}
