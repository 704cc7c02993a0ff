// Where the running copy of this package lies, so that what is built uses exactly the runtime that builds it.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The files of the running copy: `dist/**.js` when it is the published package, `src/**.ts` when it runs from source. */
export interface Copy {
  /** The folder that holds index, runtime and build. */
  readonly directory: string
  readonly extension: '.js' | '.ts'
}

let found: Copy | undefined

/** Finds the running copy. It walks up, because a bundler may have moved this code into a chunk. */
export function findCopy(): Copy {
  if (found !== undefined) return found
  const here = fileURLToPath(import.meta.url)
  const extension = here.endsWith('.ts') ? '.ts' : '.js'
  for (let directory = dirname(here); directory !== dirname(directory); directory = dirname(directory)) {
    if (!isGoblet(join(directory, 'package.json'))) continue
    found = { directory: join(directory, extension === '.ts' ? 'src' : 'dist'), extension }
    return found
  }
  throw new Error(`${here} lies outside the package goblet.`)
}

/** The absolute path of one of our modules, named without extension: `runtime/triggers/queue`. */
export function ours(name: string): string {
  const { directory, extension } = findCopy()
  return join(directory, ...name.split('/')) + extension
}

/** The URL of the door in one file, which only the published package has: what an app is read with. */
export function door(): string | undefined {
  return findCopy().extension === '.js' ? pathToFileURL(ours('build/goblet')).href : undefined
}

function isGoblet(manifest: string): boolean {
  if (!existsSync(manifest)) return false
  const read: unknown = JSON.parse(readFileSync(manifest, 'utf8'))
  return typeof read === 'object' && read !== null && 'name' in read && read.name === 'goblet'
}
