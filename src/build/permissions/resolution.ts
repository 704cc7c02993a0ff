// Finds what a module specifier means: one of the user's own files, or a package, whose code is not read.
import { realpathSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, resolve, sep } from 'node:path'
import { field, filesOf, findUp, findWorkspace, isDirectory, isFile, readLooseJson, targetsOf } from './manifest.ts'
import { type Aliases, aliased, aliasesFor } from './tsconfig.ts'

export type Resolved =
  | { readonly kind: 'file'; readonly file: string }
  /** `directory`: where it is installed; undefined where it is not. */
  | { readonly kind: 'package'; readonly specifier: string; readonly directory: string | undefined }

/** Resolves the specifiers of one analysis. What it finds out it remembers. */
export class Resolver {
  readonly #known = new Map<string, Resolved>()
  readonly #aliases = new Map<string, Aliases>()

  resolve(specifier: string, importer: string): Resolved {
    const directory = dirname(importer)
    const key = `${directory}\0${specifier}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const found = this.#find(specifier, importer, directory)
    this.#known.set(key, found)
    return found
  }

  #find(specifier: string, importer: string, directory: string): Resolved {
    if (specifier.startsWith('.') || specifier.startsWith('/')) {
      const file = locate(resolve(directory, specifier))
      return file === undefined ? { kind: 'package', specifier, directory: undefined } : { kind: 'file', file }
    }
    if (specifier === 'goblet' || specifier.startsWith('goblet/') || OPAQUE.test(specifier) || isBuiltin(specifier))
      return { kind: 'package', specifier, directory: installed(specifier, directory) }
    const own = this.#own(specifier, importer, directory)
    if (own !== undefined) return { kind: 'file', file: own }
    return { kind: 'package', specifier, directory: installed(specifier, directory) }
  }

  #own(specifier: string, importer: string, directory: string): string | undefined {
    if (specifier.startsWith('#')) {
      const home = findUp(directory, 'package.json')
      const imports = home === undefined ? undefined : field(readLooseJson(join(home, 'package.json')), 'imports')
      const found = first(targetsOf(imports, specifier).map((target) => join(home ?? '', target)))
      if (found !== undefined) return found
    }
    const alias = first(aliased(specifier, this.#aliasesFor(importer)))
    if (alias !== undefined) return alias
    const { name, subpath } = split(specifier)
    const linked = installed(specifier, directory)
    // A link out of node_modules leads to a package of the user's own.
    if (linked !== undefined)
      return linked.includes(`${sep}node_modules${sep}`) ? undefined : first(filesOf(linked, subpath))
    const workspace = findWorkspace(directory, name)
    return workspace === undefined ? undefined : first(filesOf(workspace, subpath))
  }

  #aliasesFor(importer: string): Aliases {
    const directory = dirname(importer)
    const known = this.#aliases.get(directory) ?? aliasesFor(importer)
    this.#aliases.set(directory, known)
    return known
  }
}

const OPAQUE = /^(?:@aws-sdk|@smithy)\/|^aws-sdk(?:\/|$)/

function split(specifier: string): { name: string; subpath: string } {
  const parts = specifier.split('/')
  const length = specifier.startsWith('@') ? 2 : 1
  const rest = parts.slice(length).join('/')
  return { name: parts.slice(0, length).join('/'), subpath: rest === '' ? '.' : `./${rest}` }
}

function installed(specifier: string, from: string): string | undefined {
  const { name } = split(specifier)
  for (let at = from; ; at = dirname(at)) {
    const directory = join(at, 'node_modules', name)
    if (isDirectory(directory)) return realpathSync(directory)
    if (at === dirname(at)) return undefined
  }
}

const ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx', '.json']

// Under NodeNext a file is named as it will be called once it is built.
const BUILT: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.js', '.jsx'],
  '.mjs': ['.mts', '.mjs'],
  '.cjs': ['.cts', '.cjs'],
  '.jsx': ['.tsx', '.jsx'],
}

function first(paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const found = locate(path)
    if (found !== undefined) return found
  }
  return undefined
}

/** The file that a path means, ending and `index` left out as they may be. */
export function locate(path: string): string | undefined {
  const ending = /\.[mc]?jsx?$/.exec(path)?.[0]
  const swapped = ending === undefined ? [] : (BUILT[ending] ?? []).map((one) => path.slice(0, -ending.length) + one)
  const candidates = [...swapped, path, ...ENDINGS.map((one) => path + one)]
  const found = candidates.find((one) => isFile(one) && !one.endsWith('.d.ts'))
  if (found !== undefined) return found
  if (!isDirectory(path)) return undefined
  return ENDINGS.map((one) => join(path, `index${one}`)).find(isFile)
}
