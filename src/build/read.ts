// Has the user's entry imported in a worker thread of its own, so that nothing it does at its top level can hurt or hold us.
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { problem, type Where } from '../errors.ts'
import { door } from './copy.ts'
import type { Frame, Reading } from './reader.ts'

export type Read = Extract<Reading, { type: 'read' }>

export interface ReadGiven {
  readonly worker: Worker
  /** The bundled entry. */
  readonly file: string
  /** How the entry is called in messages. */
  readonly entry: string
  readonly seconds: number
  /** The AWS SDK is stood in for; once that is not enough, `touched` is the answer. */
  readonly stubs: boolean
  /** Esbuild has looked into our own door; otherwise `unbound` is the answer when a name of it is not there. */
  readonly whole: boolean
  /** Validators are written as JSON Schema, too. */
  readonly schemas: boolean
  /** Where a place of the bundled entry lies in the user's own files. */
  readonly place: (frame: Frame) => Where | undefined
}

/** Starts a reader that waits to be told what to read: it boots while esbuild still works. */
export function startReader(script: string): Worker {
  // execArgv is emptied, or a loader that we run under (tsx) would be started in the worker too.
  const worker = new Worker(script, {
    env: environment(),
    execArgv: [],
    stdout: true,
    stderr: true,
    workerData: { door: door() },
  })
  worker.stdout.pipe(process.stderr, { end: false })
  worker.stderr.pipe(process.stderr, { end: false })
  worker.unref()
  return worker
}

// While being read the app has no identity and no account: whatever it calls at its top level is refused at once.
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|GOBLET|LAMBDA)_/.test(name))
  return {
    ...Object.fromEntries(kept),
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'goblet',
    AWS_SECRET_ACCESS_KEY: 'goblet',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  }
}

/** Reads the entry and ends the worker. Throws GOBLET_IMPORT_FAILED or GOBLET_IMPORT_HANGS. */
export async function readEntry(given: ReadGiven): Promise<Read | 'touched' | 'unbound'> {
  const { worker, file, entry, seconds, stubs, whole, schemas } = given
  let timer: NodeJS.Timeout | undefined
  try {
    worker.ref()
    const reading = await new Promise<Reading | 'hangs'>((resolve) => {
      timer = setTimeout(() => resolve('hangs'), seconds * 1000)
      worker.once('message', resolve)
      worker.once('error', (error) => {
        resolve({ type: 'failed', problem: String(error), stack: error.stack ?? '', touched: true })
      })
      // It ends by itself only when it waits for what can never come.
      worker.once('exit', () => resolve('hangs'))
      worker.postMessage({ url: pathToFileURL(file).href, schemas })
    })
    if (reading === 'hangs') throw problem('GOBLET_IMPORT_HANGS', { entry, seconds })
    if (stubs && reading.touched) return 'touched'
    if (reading.type === 'read') return reading
    if (!whole && reading.type === 'failed' && reading.problem.startsWith('SyntaxError:')) return 'unbound'
    const words = reading.type === 'exited' ? `it called process.exit(${reading.code})` : reading.problem
    throw problem('GOBLET_IMPORT_FAILED', { entry, problem: words }, placeOf(reading.stack, given))
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}

// The innermost line of a stack that lies in the user's own code.
function placeOf(stack: string, { file, place }: ReadGiven): Where | undefined {
  const url = pathToFileURL(file).href
  for (const line of stack.split('\n')) {
    const at = line.indexOf(`${url}:`)
    const match = at < 0 ? null : /^(\d+)(?::(\d+))?/.exec(line.slice(at + url.length + 1))
    const where = match === null ? undefined : place([Number(match[1]), Number(match[2] ?? 1)])
    if (where !== undefined) return where
  }
  return undefined
}
