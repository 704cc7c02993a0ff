// What a package.json says of where its modules lie: `exports`, `imports`, `main`, and the workspaces around it.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** JSON with comments and trailing commas, as tsconfig files have them; undefined where there is none. */
export function readLooseJson(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  const plain = text.replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, string?: string) => string ?? '')
  try {
    return JSON.parse(plain.replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, (_, string?: string) => string ?? ''))
  } catch {
    return undefined
  }
}

export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

export const isText = (value: unknown): value is string => typeof value === 'string'
export const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
export const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true

// What code that is bundled for Lambda goes by; source files first, where a package of the workspace names them.
const CONDITIONS = ['source', 'development', 'node', 'import', 'module', 'require', 'default', 'types']

/** The files that `exports` or `imports` may mean by a key, best first. */
export function targetsOf(map: unknown, key: string): string[] {
  if (isText(map) || Array.isArray(map)) return key === '.' ? flatten(map) : []
  if (typeof map !== 'object' || map === null) return []
  const keys = Object.keys(map)
  if (!keys.some((one) => one.startsWith('.') || one.startsWith('#'))) return key === '.' ? flatten(map) : []
  const exact = field(map, key)
  if (exact !== undefined) return flatten(exact)
  for (const pattern of keys) {
    const [before = '', after] = pattern.split('*')
    if (after === undefined || !key.startsWith(before) || !key.endsWith(after)) continue
    if (key.length < before.length + after.length) continue
    const middle = key.slice(before.length, key.length - after.length)
    return flatten(field(map, pattern)).map((target) => target.replaceAll('*', middle))
  }
  return []
}

function flatten(target: unknown): string[] {
  if (isText(target)) return [target]
  if (Array.isArray(target)) return target.flatMap(flatten)
  if (typeof target !== 'object' || target === null) return []
  return CONDITIONS.flatMap((condition) => flatten(field(target, condition)))
}

/** The files that a package may mean by a subpath (`.` or `./x`), absolute, best first. */
export function filesOf(directory: string, subpath: string): string[] {
  const manifest = readLooseJson(join(directory, 'package.json'))
  const exported = targetsOf(field(manifest, 'exports'), subpath)
  const plain =
    subpath === '.'
      ? [
          field(manifest, 'source'),
          field(manifest, 'module'),
          field(manifest, 'main'),
          './src/index',
          './index',
        ].filter(isText)
      : [subpath, subpath.replace('./', './src/')]
  const all = [...exported, ...plain].map((target) => join(directory, target))
  // What is not built yet lies in its source.
  return all.flatMap((file) => [file, file.replace(/\/(?:dist|lib|build|out)(?:\/(?:esm|cjs|src))?\//, '/src/')])
}

/** The nearest folder upwards that holds a file of this name. */
export function findUp(from: string, name: string): string | undefined {
  for (let directory = from; ; directory = dirname(directory)) {
    if (existsSync(join(directory, name))) return directory
    if (directory === dirname(directory)) return undefined
  }
}

/** The folder of a package of the same workspace, though nothing links to it. */
export function findWorkspace(from: string, name: string): string | undefined {
  for (let at = findUp(from, 'package.json'); at !== undefined; at = findUp(dirname(at), 'package.json')) {
    const manifest = readLooseJson(join(at, 'package.json'))
    if (field(manifest, 'name') === name) return at
    for (const directory of workspacesOf(at, manifest)) {
      if (field(readLooseJson(join(directory, 'package.json')), 'name') === name) return directory
    }
    if (at === dirname(at)) return undefined
  }
  return undefined
}

function workspacesOf(root: string, manifest: unknown): string[] {
  const given = field(manifest, 'workspaces')
  const listed: unknown = Array.isArray(given) ? given : field(given, 'packages')
  const globs = Array.isArray(listed) ? listed.filter(isText) : pnpmGlobs(root)
  return globs.flatMap((glob) => {
    const [before = '', after] = glob.split('*')
    if (after === undefined) return [resolve(root, glob)]
    const parent = resolve(root, before)
    if (!isDirectory(parent)) return []
    return readdirSync(parent).map((name) => join(parent, name))
  })
}

function pnpmGlobs(root: string): string[] {
  const file = join(root, 'pnpm-workspace.yaml')
  if (!existsSync(file)) return []
  return [...readFileSync(file, 'utf8').matchAll(/^\s*-\s*['"]?([^'"\s#]+)/gm)].flatMap(([, glob]) => glob ?? [])
}
