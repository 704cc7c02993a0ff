// Packages with compiled code, and whatever else a bundle leaves outside: what of them is shipped beside it for Lambda's platform.
import { type Closure, closureOf, type Placed } from './native-closure.ts'
import { type Fetching, fetchPackages } from './native-fetch.ts'
import { chooseFiles, judgeFiles, listFiles, type PackageFile, type PackageFiles } from './native-files.ts'
import { cpuOf, type Platform } from './platform.ts'

/** A package that is shipped beside the bundle. */
export interface PackedPackage {
  readonly name: string
  readonly version: string
  /** In the zip. */
  readonly path: string
  readonly bytes: number
}

export interface Native {
  /** By their paths in the zip. */
  readonly files: readonly PackageFile[]
  readonly packages: readonly PackedPackage[]
  /** Why it would not work on the platform; empty: it does. */
  readonly problems: readonly string[]
}

/** What a bundle leaves outside. */
export interface Outside {
  /** The names of the packages. */
  readonly native: readonly string[]
  /** Their folders, where they were found. */
  readonly places?: ReadonlyMap<string, string> | undefined
  /** Packages that a layer or the image brings. */
  readonly external?: readonly string[] | undefined
}

/** The packages, all that they need, and their files, unjudged. */
export interface Found {
  readonly closure: Closure
  readonly files: ReadonlyMap<Placed, readonly PackageFile[]>
}

/** Finds the packages and all that they need. What is not installed for the platform is fetched: throws GOBLET_NATIVE_FETCH. */
export async function findNative(outside: Outside, platform: Platform, fetching: Fetching): Promise<Found> {
  const given = {
    packages: outside.native.map((name) => ({ name, directory: outside.places?.get(name) })),
    root: fetching.root,
    cpu: cpuOf(platform),
    external: new Set(outside.external ?? []),
  }
  let closure = closureOf({ ...given, fetched: undefined })
  if (closure.missing.size > 0 && closure.absent.length === 0)
    closure = closureOf({ ...given, fetched: await fetchPackages(closure.missing, given.cpu, fetching) })
  return { closure, files: new Map([...closure.placed.values()].map((one) => [one, listFiles(one.directory)])) }
}

/** Changes whenever one of the files does. */
export function stampOf({ files }: Found): string {
  const told = [...files].map(([{ path, version }, all]) => {
    const own = all.map((one) => `${one.path} ${one.stamp}`)
    return [`${path} ${version}`, ...own].join('\n')
  })
  return told.sort().join('\n')
}

interface Chosen extends PackageFiles {
  readonly one: Placed
  readonly served: boolean
}

/** The files that are shipped. Whatever could not be run there, and is needed, is a problem. */
export function chooseNative({ closure, files }: Found, platform: Platform): Native {
  const judged = [...files].map(([one, all]) => ({ one, judged: judgeFiles(all, platform) }))
  const fitting = new Set(
    judged.flatMap(({ one, judged: all }) => (all.some(({ verdict }) => verdict === 'fits') ? [one.directory] : [])),
  )
  const chosen = judged.map(({ one, judged: all }): Chosen => {
    // A package for the platform brings what this one loads.
    const served = one.servers.some((directory) => fitting.has(directory))
    return { one, served, ...chooseFiles(all, platform, served) }
  })
  const problems = closure.absent.map((name) => `${name} is not installed`)
  const kept = chosen.filter((each) => {
    const wrong = problemOf(each)
    if (wrong !== undefined && !each.one.isOptional) problems.push(`${each.one.name} ${each.one.version}: ${wrong}`)
    return wrong === undefined
  })
  const packages = kept.map(
    ({ one: { name, version, path }, files: own }): PackedPackage => ({ name, version, path, bytes: sum(own) }),
  )
  return {
    files: kept.flatMap(({ one, files: own }) => own.map((file) => ({ ...file, path: `${one.path}/${file.path}` }))),
    packages: packages.sort((left, right) => right.bytes - left.bytes),
    problems,
  }
}

function problemOf({ one, served, fits, wrong, left }: Chosen): string | undefined {
  const [first] = wrong
  if (first !== undefined) return first
  if (fits || served || !(one.isCompiled || left.length > 0)) return undefined
  return left[0] === undefined ? 'has no compiled code for that platform' : `has no other compiled code than ${left[0]}`
}

const sum = (files: readonly PackageFile[]): number => files.reduce((total, { bytes }) => total + bytes, 0)
