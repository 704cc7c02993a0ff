// Knows which npm packages carry code that is compiled for one platform.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'

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
  return names(readManifest(join(directory, 'package.json')), 'dependencies').includes(name)
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
  const manifest = readManifest(join(directory, 'package.json'))
  if (Reflect.get(manifest, 'gypfile') === true || existsSync(join(directory, 'binding.gyp'))) return true
  if (names(manifest, 'dependencies').some((name) => LOADERS.has(name))) return true
  if (names(manifest, 'optionalDependencies').some((name) => PLATFORM.test(name) || LOADERS.has(name))) return true
  return ['', 'build/Release', 'prebuilds'].some((folder) => holdsCompiled(join(directory, folder)))
}

function holdsCompiled(folder: string): boolean {
  if (!existsSync(folder)) return false
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries.some((entry) => (entry.isFile() ? entry.name.endsWith('.node') : folder.endsWith('prebuilds')))
}

function readManifest(file: string): object {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return typeof read === 'object' && read !== null ? read : {}
  } catch {
    return {}
  }
}

function names(manifest: object, field: string): string[] {
  const value: unknown = Reflect.get(manifest, field)
  return typeof value === 'object' && value !== null ? Object.keys(value) : []
}
