// An esbuild run that is kept warm for as long as it is asked the same: what did not change is not parsed again.
import { type BuildContext, type BuildOptions, type BuildResult, context } from 'esbuild'

export interface InMemory extends BuildOptions {
  metafile: true
  write: false
}

export interface Live {
  /** Runs esbuild; with the same `key` as the last time, on what it still holds. */
  run(key: string, options: () => InMemory): Promise<BuildResult<InMemory>>
  close(): Promise<void>
}

export function openLive(): Live {
  let live: { key: string; bundler: BuildContext<InMemory> } | undefined
  const close = async (): Promise<void> => {
    const last = live
    live = undefined
    await last?.bundler.dispose()
  }
  return {
    run: async (key, options) => {
      if (live?.key !== key) {
        await close()
        live = { key, bundler: await context(options()) }
      }
      return live.bundler.rebuild()
    },
    close,
  }
}
