// Fetches packages for another platform than this one into a folder of their own. npm fetches, whoever manages the project.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { problem } from '../errors.ts'
import { lockedOf } from './lockfile.ts'
import { namesIn, partOf, readManifest } from './packages.ts'
import { type Cpu, spokenOf } from './platform.ts'

export interface Fetching {
  /** The project's folder, absolute. */
  readonly root: string
  /** Where what was fetched stays, absolute. */
  readonly cache: string
}

/** Packages by name, each with the version that whoever needs it asks for. */
export type Missing = ReadonlyMap<string, string>

const running = new Map<string, Promise<string>>()

/** The folder whose node_modules hold the packages. Throws GOBLET_NATIVE_FETCH. */
export function fetchPackages(missing: Missing, cpu: Cpu, fetching: Fetching): Promise<string> {
  const wanted = [...missing].map(
    ([name, range]): Wanted => ({ name, version: agreed(name, range, fetching.root), cpu }),
  )
  const sorted = wanted.sort((left, right) => (left.name < right.name ? -1 : 1))
  const key = createHash('sha256')
    .update(JSON.stringify([cpu, sorted]))
    .digest('hex')
    .slice(0, 20)
  const folder = join(fetching.cache, key)
  const known = running.get(folder) ?? fetchInto(folder, sorted, cpu, fetching).finally(() => running.delete(folder))
  running.set(folder, known)
  return known
}

interface Wanted {
  readonly name: string
  readonly version: string
  readonly cpu: Cpu
}

// The lockfile's version, where it names just one: a range would mean another one tomorrow.
function agreed(name: string, range: string, root: string): string {
  const versions = new Set(lockedOf(root, name).map(({ version }) => version))
  const [only] = versions
  return versions.has(range) || versions.size !== 1 || only === undefined ? range : only
}

async function fetchInto(folder: string, wanted: readonly Wanted[], cpu: Cpu, { root }: Fetching): Promise<string> {
  if (existsSync(folder)) return folder
  const work = `${folder}.${process.pid}.tmp`
  const names = wanted.map(({ name }) => name).join(', ')
  await rm(work, { recursive: true, force: true })
  await mkdir(work, { recursive: true })
  try {
    await writeFile(join(work, 'package.json'), manifestOf(wanted))
    const { code, said } = await npm(work, cpu, root)
    if (code !== 0) throw problem('GOBLET_NATIVE_FETCH', { packages: names, problem: said })
    check(work, wanted, root)
    // Whoever else fetched the same meanwhile has the same.
    await rename(work, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error
    })
    return folder
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

// What names its platform only in part may turn out to be for another one; npm then leaves out what is optional.
function manifestOf(wanted: readonly Wanted[]): string {
  const listed = (isNeeded: boolean): Record<string, string> =>
    Object.fromEntries(
      wanted
        .filter(({ name, cpu }) => (spokenOf(name, cpu) === 'this') === isNeeded)
        .map(({ name, version }) => [name, version]),
    )
  return JSON.stringify({ private: true, dependencies: listed(true), optionalDependencies: listed(false) })
}

// No script of a package runs: they would compile for this machine. A download that stands still is begun anew after half a
// minute; npm by itself waits five for it, as long as we wait for npm.
const FLAGS =
  '--force --libc=glibc --os=linux --ignore-scripts --no-save --no-package-lock --no-audit --no-fund --loglevel=error --no-progress --engine-strict=false --fetch-timeout=30000 --fetch-retries=4 --prefix=.'

const PATIENCE = 5 * 60 * 1000

/** Runs npm with the project's own registry and its credentials, which stay where they are. */
async function npm(folder: string, cpu: Cpu, root: string): Promise<{ code: number; said: string }> {
  const here = join(folder, '.npmrc')
  const settings = findSettings(root)
  if (settings !== undefined) await symlink(settings, here).catch(() => copyFile(settings, here))
  try {
    return await run(['install', `--cpu=${cpu}`, ...FLAGS.split(' ')], folder)
  } finally {
    await rm(here, { force: true })
  }
}

/** The nearest .npmrc, of the folder or one above it: that of a monorepo is at its top. */
function findSettings(folder: string): string | undefined {
  const file = join(folder, '.npmrc')
  if (existsSync(file)) return file
  return dirname(folder) === folder ? undefined : findSettings(dirname(folder))
}

function run(args: readonly string[], folder: string): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    // On Windows npm is a script of the shell; nothing in the arguments is anybody else's.
    const shell = process.platform === 'win32'
    const child = spawn('npm', args, { cwd: folder, shell, stdio: ['ignore', 'ignore', 'pipe'], timeout: PATIENCE })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000)
    })
    child.on('error', (error) => resolve({ code: 1, said: error.message }))
    child.on('close', (code) => resolve({ code: code ?? 1, said: summary(said) }))
  })
}

const summary = (said: string): string => {
  const lines = said.split('\n').flatMap((line) => {
    const told = line.replace(/^npm (?:error|ERR!) ?/, '').trim()
    return told === '' || /A complete log of this run|^npm warn/.test(told) ? [] : [told]
  })
  return lines.slice(0, 4).join(' ') || 'it said nothing'
}

// npm has held each archive against what the registry says; here that is held against what the project agreed on.
function check(folder: string, wanted: readonly Wanted[], root: string): void {
  const hidden = readManifest(join(folder, 'node_modules'), '.package-lock.json')
  const packages = partOf(hidden, 'packages')
  for (const path of namesIn(hidden, 'packages')) {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const entry = partOf(packages, path)
    const [version, integrity] = [Reflect.get(entry, 'version'), Reflect.get(entry, 'integrity')]
    const agreedOn = lockedOf(root, name).find((one) => one.version === version)?.integrity
    if (agreedOn === undefined || agreedOn === integrity) continue
    const told = `what the registry has as ${name}@${String(version)} is not what the lockfile says it is`
    throw problem('GOBLET_NATIVE_FETCH', { packages: wanted.map((one) => one.name).join(', '), problem: told })
  }
}
