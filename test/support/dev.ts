// Starts the built `goblet dev` as people do, and reads what it says.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The built command. */
export const GOBLET = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

export interface Dev {
  readonly http: string
  readonly aws: string
  readonly process: ChildProcess
  /** Everything it printed so far, line by line, as objects. */
  readonly said: readonly Said[]
  /** Everything it printed to standard error so far. */
  errors(): string
  /** Ends it and waits until it is gone. Resolves with its exit status, null after a signal. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

export interface Said {
  readonly event: string
  readonly [key: string]: unknown
}

export interface DevOptions {
  /** The most kilobytes that a file may have, which fails writes as a full disk does. A soft limit: it can be lifted. */
  readonly largestFile?: number
}

/** Starts `goblet dev --json` in a folder on free ports, and waits until it serves. */
export async function startDev(
  folder: string,
  flags: readonly string[] = [],
  { largestFile }: DevOptions = {},
): Promise<Dev> {
  const words = [process.execPath, GOBLET, 'dev', '--json', '--port', '0', '--aws-port', '0', ...flags]
  // The shell counts in blocks of 512 bytes.
  const limited = ['sh', '-c', `ulimit -S -f ${(largestFile ?? 0) * 2}; exec "$@"`, 'sh', ...words]
  const [file = '', ...rest] = largestFile === undefined ? words : limited
  const child = spawn(file, rest, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: Said[] = []
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += String(chunk)
  })
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const ready = await new Promise<Said>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const one = JSON.parse(line) as Said
      said.push(one)
      if (one.event === 'ready') resolve(one)
    })
    void gone.then((status) => reject(new Error(`goblet dev ended with ${status}: ${errors}${JSON.stringify(said)}`)))
  })
  const stop = (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    child.kill(signal)
    return gone
  }
  return { http: String(ready.http), aws: String(ready.aws), process: child, said, errors: () => errors, stop }
}

/** One call in AWS's JSON protocol. Throws what was refused. */
export async function callSqs(aws: string, operation: string, input: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` }
  const answer = await fetch(aws, { method: 'POST', headers, body: JSON.stringify(input) })
  // DeleteMessage answers with nothing.
  const output = JSON.parse((await answer.text()) || '{}') as Record<string, unknown>
  if (!answer.ok) throw new Error(`${operation}: ${JSON.stringify(output)}`)
  return output
}

/** The same of another service, by the whole target. What was refused fails the test. */
export async function callJson<Answer>(aws: string, target: string, input: object): Promise<Answer> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }
  const answer = await fetch(aws, { method: 'POST', headers, body: JSON.stringify(input) })
  const text = await answer.text()
  assert.ok(answer.ok, `${target}: ${text}`)
  return JSON.parse(text || '{}')
}
