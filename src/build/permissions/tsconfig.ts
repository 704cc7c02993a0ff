// The path aliases of a tsconfig.json, `extends` included.
import { dirname, join, resolve } from 'node:path'
import { field, findUp, isFile, isText, readLooseJson } from './manifest.ts'

export interface Aliases {
  /** Where names without a dot may lie, besides node_modules. */
  readonly base: string | undefined
  readonly paths: readonly { readonly pattern: string; readonly targets: readonly string[] }[]
}

const NONE: Aliases = { base: undefined, paths: [] }

/** The aliases that hold for a file. */
export function aliasesFor(file: string): Aliases {
  const directory = findUp(dirname(file), 'tsconfig.json') ?? findUp(dirname(file), 'jsconfig.json')
  if (directory === undefined) return NONE
  const named = join(directory, 'tsconfig.json')
  return read(isFile(named) ? named : join(directory, 'jsconfig.json'), 0)
}

function read(file: string, depth: number): Aliases {
  const config = readLooseJson(file)
  const given = field(config, 'extends')
  const parents = (Array.isArray(given) ? given : [given]).filter(isText)
  const inherited = depth > 8 ? NONE : parents.map((one) => read(parentFile(file, one), depth + 1)).at(-1)
  const options = field(config, 'compilerOptions')
  const baseUrl = field(options, 'baseUrl')
  const base = isText(baseUrl) ? resolve(dirname(file), baseUrl) : inherited?.base
  const paths = field(options, 'paths')
  if (typeof paths !== 'object' || paths === null) return { base, paths: inherited?.paths ?? [] }
  const from = base ?? dirname(file)
  const own = Object.entries(paths).map(([pattern, targets]) => ({
    pattern,
    targets: (Array.isArray(targets) ? targets.filter(isText) : []).map((target) => resolve(from, target)),
  }))
  return { base, paths: own }
}

function parentFile(file: string, given: string): string {
  const target = given.startsWith('.') ? resolve(dirname(file), given) : join(dirname(file), 'node_modules', given)
  return [target, `${target}.json`, join(target, 'tsconfig.json')].find(isFile) ?? target
}

/** The files that an alias may mean, best first. */
export function aliased(specifier: string, { base, paths }: Aliases): string[] {
  const found = paths
    .flatMap(({ pattern, targets }) => {
      const [before = '', after] = pattern.split('*')
      if (after === undefined) return pattern === specifier ? [{ rank: Infinity, targets: [...targets] }] : []
      if (!specifier.startsWith(before) || !specifier.endsWith(after)) return []
      const middle = specifier.slice(before.length, specifier.length - after.length)
      return [{ rank: before.length, targets: targets.map((target) => target.replaceAll('*', middle)) }]
    })
    .sort((left, right) => right.rank - left.rank)
    .flatMap(({ targets }) => targets)
  return base === undefined ? found : [...found, resolve(base, specifier)]
}
