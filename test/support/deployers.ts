// Starts processes that deploy, against MiniStack, and tells what is there afterwards.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Order } from './deployer.ts'

export interface Ended {
  /** Undefined: it was killed. */
  readonly told: Told | undefined
}

export interface Told {
  readonly did?: string
  readonly codes?: readonly string[]
  readonly message?: string
  readonly calls?: number
  readonly mutations?: number
  readonly functions?: readonly { readonly name: string; readonly version: string; readonly changed: boolean }[]
  readonly moved?: readonly { readonly name: string; readonly from: string; readonly to: string }[]
  readonly notes?: readonly { readonly what: string; readonly message?: string }[]
  readonly [name: string]: unknown
}

export interface Deployers extends AsyncDisposable {
  start(order: Order): { readonly child: ChildProcess; readonly ended: Promise<Ended> }
  run(order: Order): Promise<Told>
}

/** One bundle of it all, so that every process is there at once. */
export async function openDeployers(): Promise<Deployers> {
  const folder = mkdtempSync(join(tmpdir(), 'deployer-'))
  const outfile = join(folder, 'deployer.mjs')
  await build({
    entryPoints: [new URL('./deployer.ts', import.meta.url).pathname],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    external: ['esbuild', 'oxc-parser'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  })
  const start = (order: Order) => {
    const child = spawn(process.execPath, [outfile, JSON.stringify(order)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env.PATH,
        // MiniStack takes it for the account.
        AWS_ACCESS_KEY_ID: order.small.account,
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      },
    })
    const ended = new Promise<Ended>((resolve) => {
      let text = ''
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk
      })
      child.on('close', () => resolve({ told: text === '' ? undefined : JSON.parse(text) }))
    })
    return { child, ended }
  }
  const run = async (order: Order) => {
    const { told } = await start(order).ended
    if (told === undefined) throw new Error('The deployer ended without a word.')
    return told
  }
  return { start, run, [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }) }
}
