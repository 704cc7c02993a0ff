// Takes every save: reads the project again and gives it to the local cloud; a save that does not build changes nothing.
import { dirname } from 'node:path'
import type { FSWatcher } from 'chokidar'
import { GobletError } from '../errors.ts'
import type { Cloud } from '../local/index.ts'
import type { Loaded, Project } from './project.ts'
import type { Reporter } from './reporter.ts'
import { warn } from './terminal.ts'

interface Given {
  readonly project: Project
  readonly cloud: Cloud
  readonly reporter: Reporter
  readonly watch: boolean
}

export interface Reloader {
  /** Applies what was read; with watching on, resolves only when a save has mended an app that does not build yet. */
  start(reading: Promise<Loaded>): Promise<void>
  close(): Promise<void>
}

// Editors write a file in several steps, and several files at once.
const SETTLE = 10

export function openReloader({ project, cloud, reporter, watch }: Given): Reloader {
  let watcher: FSWatcher | undefined
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> = Promise.resolve()
  let waiting = false
  const watched = new Set<string>()
  let served = false
  let onServed: () => void = () => {}

  const apply = async ({ model, code, bundles }: Loaded): Promise<void> => {
    await cloud.apply(model, code)
    reporter.loaded(model, bundles.warnings)
    if (served) return
    served = true
    onServed()
  }

  const reload = async (): Promise<void> => {
    waiting = false
    const began = performance.now()
    const again = served
    try {
      await apply(await project.read())
      if (again) reporter.reloaded(performance.now() - began)
    } catch (error) {
      // A defect of ours must not take down what still serves.
      if (error instanceof GobletError) reporter.complain(error)
      else warn(error instanceof Error ? (error.stack ?? error.message) : String(error))
    }
    follow()
  }

  // Folders, not files: an editor that replaces a file would take a watch on the file with it.
  const follow = (): void => {
    const files = project.files()
    const folders = new Set([project.root, ...files.map((file) => dirname(file))])
    const fresh = [...folders].filter((folder) => !watched.has(folder))
    for (const folder of fresh) watched.add(folder)
    if (fresh.length > 0) watcher?.add(fresh)
  }

  const changed = (path: string): void => {
    // Anything may have been missing when the last build failed; else only what was read matters.
    if (!project.files().includes(path) && !/\.(?:[cm]?[jt]sx?|json)$/.test(path)) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (waiting) return
      waiting = true
      working = working.then(reload)
    }, SETTLE)
  }

  const start = async (reading: Promise<Loaded>): Promise<void> => {
    try {
      await apply(await reading)
    } catch (error) {
      if (!watch || !(error instanceof GobletError)) throw error
      reporter.complain(error)
    }
    if (!watch) return
    const { watch: open } = await import('chokidar')
    watcher = open([], {
      depth: 0,
      ignoreInitial: true,
      ignored: (path) => /[\\/](?:node_modules|\.goblet|\.git)(?:[\\/]|$)/.test(path),
    })
    watcher.on('all', (_event, path) => changed(path))
    follow()
    if (!served)
      await new Promise<void>((resolve) => {
        onServed = resolve
      })
  }

  const close = async (): Promise<void> => {
    clearTimeout(timer)
    await watcher?.close()
    await working
  }

  return { start, close }
}
