// The state directory: which format it has, and the store in it.

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { problem } from '../errors.ts'
import { claim, isSystemError, type Owner, release, writeOwner } from './owner.ts'
import { openStore, type Store, type Writer } from './store.ts'

export interface State {
  readonly store: Store
  readonly directory: string
  /** Tells other processes where to find this one. */
  announce(places: { endpoint: string; http: string }): void
  close(): Promise<void>
}

/** The layout of the rows in the store: its version, and how each earlier one becomes the next. */
export interface Format {
  readonly version: string
  /** By the version they start from. All that are needed run in one commit. */
  readonly steps: Readonly<Record<string, { readonly to: string; readonly run: (writer: Writer) => void }>>
}

// Raised when the layout changes in a way that older programs cannot read, with a step from the one before.
const FORMAT: Format = { version: '1', steps: {} }

export interface StateOptions {
  readonly fresh?: boolean
  readonly format?: Format
}

/** Opens the state, `fresh` or as it was left. Throws GOBLET_STATE_OWNED, GOBLET_STATE_VERSION or GOBLET_STATE_UNUSABLE. */
export function openState(directory: string, { fresh = false, format = FORMAT }: StateOptions = {}): State {
  let mine: Owner
  try {
    mkdirSync(directory, { recursive: true })
    mine = claim(directory)
  } catch (error) {
    throw isSystemError(error) ? problem('GOBLET_STATE_UNUSABLE', { directory, problem: error.message }) : error
  }
  try {
    if (fresh)
      for (const name of ['store', 's3', 'sqs', 'version'])
        rmSync(join(directory, name), { recursive: true, force: true })
    const store = openInFormat(directory, format)
    return {
      store,
      directory,
      announce: (places) => writeOwner(directory, { ...mine, ...places }),
      close: async () => {
        await store.close()
        release(directory, mine)
      },
    }
  } catch (error) {
    release(directory, mine)
    throw isSystemError(error) ? problem('GOBLET_STATE_UNUSABLE', { directory, problem: error.message }) : error
  }
}

const VERSION_KEY = ['state', 'version']

function openInFormat(directory: string, { version, steps }: Format): Store {
  const found = readVersion(directory) ?? version
  const refuse = (from: string) => problem('GOBLET_STATE_VERSION', { directory, found: from, known: version })
  // Before LMDB touches the file, which a later version may have written otherwise.
  if (found !== version && !Object.hasOwn(steps, found)) throw refuse(found)
  const store = openStore(join(directory, 'store'), (writer) => {
    // The row changes with the rows it speaks of; the file may be behind it when the process was killed in between.
    let at = writer.get<string>(VERSION_KEY) ?? found
    const isOld = at !== version
    while (at !== version) {
      const step = Object.hasOwn(steps, at) ? steps[at] : undefined
      if (step === undefined) throw refuse(at)
      step.run(writer)
      at = step.to
    }
    if (isOld) writer.put(VERSION_KEY, version)
  })
  if (readVersion(directory) !== version) writeVersion(directory, version)
  return store
}

function readVersion(directory: string): string | undefined {
  try {
    return readFileSync(join(directory, 'version'), 'utf8').trim()
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined
    throw error
  }
}

function writeVersion(directory: string, version: string): void {
  const draft = join(directory, `version.${process.pid}`)
  writeFileSync(draft, `${version}\n`)
  renameSync(draft, join(directory, 'version'))
}
