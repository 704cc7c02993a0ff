// Threads started ahead of time: starting one takes most of a cold start, and most of a reload.
import { Worker } from 'node:worker_threads'

// The built program keeps the thread's script as a file of its own. Tests run the rest from source, but this one built:
// a thread has no loader for TypeScript on Node 20.
const SCRIPT = import.meta.url.includes('/dist/')
  ? new URL('../local/sandbox.js', import.meta.url)
  : new URL('../../dist/local/sandbox.js', import.meta.url)

// Long enough for the event that took the last spare to be answered first.
const PAUSE = 50

let spare: { readonly worker: Worker; readonly memory: number } | undefined
let timer: NodeJS.Timeout | undefined
let kept = 0

/** A thread for a sandbox of this memory (MB): the spare where it fits, else a new one. */
export function takeWorker(memory: number): Worker {
  const fits = spare?.memory === memory ? spare.worker : undefined
  if (fits !== undefined) spare = undefined
  if (kept > 0) {
    clearTimeout(timer)
    timer = setTimeout(() => renew(memory), PAUSE)
    timer.unref()
  }
  const worker = fits ?? startWorker(memory)
  worker.ref()
  return worker
}

// What a function has that says nothing else.
const USUAL_MEMORY = 512

/** Keeps a spare from now on, at first one of this memory (MB). Returns how to stop. */
export function keepSpare(memory = USUAL_MEMORY): () => Promise<void> {
  kept++
  renew(memory)
  return async () => {
    kept--
    if (kept > 0) return
    clearTimeout(timer)
    const last = spare?.worker
    spare = undefined
    await last?.terminate()
  }
}

function renew(memory: number): void {
  if (spare?.memory === memory) return
  void spare?.worker.terminate()
  const worker = startWorker(memory)
  worker.unref()
  spare = { worker, memory }
}

function startWorker(memory: number): Worker {
  return new Worker(SCRIPT, {
    // Filled by the sandbox itself, before the function's code loads.
    env: {},
    // Not this process's: a loader for TypeScript would be started again with every thread, for code that is built.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memory },
    // Nothing is written to these; what native code writes must not reach the terminal of the local cloud.
    stdout: true,
    stderr: true,
  })
}
