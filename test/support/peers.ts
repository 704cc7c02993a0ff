// Starts what a list of calls is compared between: goblet itself on an app of one function, and the emulators MiniStack and moto where they are installed.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startDev } from './dev.ts'

export const PEERS = ['ministack', 'moto'] as const
export type Peer = (typeof PEERS)[number]

export interface Running {
  readonly endpoint: string
  stop(): Promise<void>
}

const APP = `import { app, lambda } from 'goblet'

export default app('checks')
export const work = lambda((event: { fail?: boolean }) => {
  if (event.fail) throw new Error('boom')
  return event
})
`

const PROGRAMS = { ministack: 'ministack', moto: 'moto_server' } as const satisfies Record<Peer, string>

/** Whether a peer's program is on the PATH. */
export const isInstalled = (peer: Peer): boolean =>
  spawnSync('sh', ['-c', `command -v ${PROGRAMS[peer]}`], { stdio: 'ignore' }).status === 0

/** Starts one in a folder of its own, on a free port of 127.0.0.1. */
export async function startTarget(name: Peer | 'goblet'): Promise<Running> {
  if (name !== 'goblet') return startProgram(name, (port, folder) => peerOf(name, port, folder))
  const folder = mkdtempSync(join(tmpdir(), `${name}-`))
  writeFileSync(join(folder, 'app.ts'), APP)
  const dev = await startDev(folder)
  const stop = async () => {
    await dev.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return { endpoint: dev.aws, stop }
}

interface Program {
  readonly program: string
  readonly words: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

function peerOf(name: Peer, port: number, folder: string): Program {
  for (const part of ['state', 's3']) mkdirSync(join(folder, part))
  // By default MiniStack serves every interface.
  const environment = {
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    MINISTACK_HOST: 'localhost',
    IOT_MTLS_ENABLED: '0',
    TMPDIR: folder,
    STATE_DIR: join(folder, 'state'),
    S3_DATA_DIR: join(folder, 's3'),
    // Its APIs tell of themselves by names below `localhost`, and functions ask for them. MiniStack requires handlers, and
    // imports them, as Lambda does, only where Node cannot require modules: those with a top-level `await` it could not wake.
    NODE_OPTIONS: `--no-experimental-require-module --require ${fileURLToPath(new URL('localhost.cjs', import.meta.url))}`,
  }
  const words = name === 'moto' ? ['-H', '127.0.0.1', '-p', String(port)] : []
  return { program: PROGRAMS[name], words, environment }
}

/** Starts any program that serves a port, in a folder of its own, and waits until it does. */
export async function startProgram(
  name: string,
  toProgram: (port: number, folder: string) => Program,
): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`))
  const port = await freePort()
  const { program, words, environment = {} } = toProgram(port, folder)
  const child = spawn(program, words, { cwd: folder, env: { ...process.env, ...environment }, stdio: 'ignore' })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async () => {
    child.kill('SIGKILL')
    await gone
    rmSync(folder, { recursive: true, force: true })
  }
  const endpoint = `http://127.0.0.1:${port}`
  await listens(endpoint, child).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return { endpoint, stop }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function listens(endpoint: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const answers = await fetch(endpoint).then(
      () => true,
      () => false,
    )
    if (answers) return
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode}`)
    await sleep(100)
  }
  throw new Error(`${child.spawnfile} does not serve ${endpoint} within 30 s`)
}
