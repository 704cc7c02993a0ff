// Takes every save: reads the project again and gives it to the local cloud; a save that does not build changes nothing.
import { statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { FSWatcher } from 'chokidar'
import { GobletError } from '../errors.ts'
import type { Cloud, IamMode } from '../local/index.ts'
import { openFindings } from './findings.ts'
import type { Loaded, Project } from './project.ts'
import type { Reporter } from './reporter.ts'
import { warn } from './terminal.ts'

interface Given {
  readonly project: Project
  readonly cloud: Cloud
  readonly reporter: Reporter
  readonly iam: IamMode
  readonly watch: boolean
  /** When the app began to be read, in milliseconds since 1970. */
  readonly since: number
  /** Called when the local cloud has taken what was read. */
  readonly applied: () => void
}

export interface Reloader {
  /**
   * Applies what was read; with watching on, resolves only when a save has mended an app that does not build yet.
   * False when it was closed before.
   */
  start(reading: Promise<Loaded>): Promise<boolean>
  close(): Promise<void>
}

// Editors write a file in several steps, and several files at once.
const SETTLE = 10

export function openReloader({ project, cloud, reporter, iam, watch, since, applied }: Given): Reloader {
  let watcher: FSWatcher | undefined
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> = Promise.resolve()
  let waiting = false
  const watched = new Set<string>()
  let served = false
  let closed = false
  let onServed: () => void = () => {}
  const news = openFindings()

  const apply = async ({ model, code, bundles, permissions }: Loaded): Promise<void> => {
    await cloud.apply(model, code, { permissions, iam })
    reporter.loaded(model, bundles.warnings)
    if (iam !== 'off') reporter.found(news(permissions))
    applied()
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
  const unwatched = (): string[] => {
    const files = project.files()
    const folders = new Set([project.root, ...files.map((file) => dirname(file))])
    const fresh = [...folders].filter((folder) => !watched.has(folder))
    for (const folder of fresh) watched.add(folder)
    return fresh
  }
  const follow = (): void => {
    const fresh = unwatched()
    if (fresh.length > 0) watcher?.add(fresh)
  }

  const changed = (path: string): void => {
    // Anything may have been missing when the last build failed; else only what was read matters.
    if (!project.files().includes(path) && !/\.(?:[cm]?[jt]sx?|json)$/.test(path)) return
    project.prepare()
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (waiting) return
      waiting = true
      working = working.then(reload)
    }, SETTLE)
  }

  const start = async (reading: Promise<Loaded>): Promise<boolean> => {
    try {
      await apply(await reading)
    } catch (error) {
      if (!watch || !(error instanceof GobletError)) throw error
      reporter.complain(error)
    }
    if (!watch) return !closed
    const { watch: open } = await import('chokidar')
    // A watcher that nobody closes keeps the process alive.
    if (closed) return false
    watcher = open(unwatched(), {
      depth: 0,
      ignoreInitial: true,
      ignored: (path) => /[\\/](?:node_modules|\.goblet|\.git)(?:[\\/]|$)/.test(path),
    })
    watcher.on('all', (_event, path) => changed(path))
    // The watcher keeps back a second change within 50 ms, such as a formatter's: what the system says comes here first.
    watcher.on('raw', (_event, path, details) => changed(rawPath(path, details)))
    // It looks around first: what was saved since the app was read, nobody would tell.
    watcher.on('ready', () => {
      const missed = project.files().find((path) => changedAt(path) > since)
      if (missed !== undefined) changed(missed)
    })
    if (!served)
      await new Promise<void>((served) => {
        onServed = served
      })
    return !closed
  }

  const close = async (): Promise<void> => {
    closed = true
    clearTimeout(timer)
    await watcher?.close()
    await working
  }

  return { start, close }
}

// A file that is gone has been told of, or will be missed when the app is read.
const changedAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

// The system names what changed within the watched folder, or the watched file itself.
function rawPath(path: string | null, details: unknown): string {
  const watched =
    typeof details === 'object' && details !== null && 'watchedPath' in details ? String(details.watchedPath) : ''
  return path === null || path === basename(watched) ? watched : resolve(watched, path)
}
