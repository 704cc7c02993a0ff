// Ctrl-C while AWS works: the first one stops waiting, in order, the second one stops at once.

import { warn } from '../terminal.ts'
import type { ProgressView } from './progress.ts'

export interface Interruptible {
  readonly signal: AbortSignal
  release(): void
}

export function interruptible(view: Pick<ProgressView, 'end'>): Interruptible {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
    view.end()
    warn('Stopping. AWS goes on with what it was told; once more to leave at once.')
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  const release = (): void => {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
  return { signal: controller.signal, release }
}
