// An app on MiniStack, brought there by the built command: for tests that judge what is deployed.
import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GOBLET } from './dev.ts'
import { startTarget } from './peers.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Urls {
  /** Without a slash at its end. */
  readonly api: string
  readonly functions: Readonly<Record<string, string>>
  readonly websockets: Readonly<Record<string, string>>
}

/** What `deploy --json` ends with. */
export interface Done {
  readonly did: 'nothing' | 'code' | 'stack'
  readonly urls: Urls
  readonly functions: readonly { readonly name: string; readonly version: string; readonly changed: boolean }[]
  readonly seconds: number
  readonly calls: number
  readonly mutations: number
}

export interface Ended {
  readonly status: number | null
  readonly out: string
  readonly error: string
}

export interface Place extends AsyncDisposable {
  readonly endpoint: string
  /** A project of its own with these of the repository's files: `examples/hello`. Its entry may be in a folder below. */
  project(from: string, below?: string): Promise<Project>
}

export interface Project {
  readonly folder: string
  /** Runs `goblet <words>` in it. */
  goblet(...words: string[]): Promise<Ended>
  /** Deploys it; throws what was said when it fails. */
  deploy(...words: string[]): Promise<Done>
  /** Writes one of its files anew. */
  write(file: string, text: string): Promise<void>
  /** Replaces a text in one of its files. */
  edit(file: string, from: string, to: string): Promise<void>
}

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' }

/** Starts MiniStack, empty. */
export async function openPlace(): Promise<Place> {
  const { endpoint, stop } = await startTarget('ministack')
  const folders: string[] = []
  return {
    endpoint,
    project: async (from, below = '') => {
      const folder = await mkdtemp(join(tmpdir(), 'goblet-deployed-'))
      folders.push(folder)
      await cp(join(ROOT, from), folder, {
        recursive: true,
        filter: (path) => !path.includes('.goblet') && !path.includes('node_modules'),
      })
      await mkdir(join(folder, 'node_modules'), { recursive: true })
      await symlink(ROOT, join(folder, 'node_modules', 'goblet'))
      for (const name of ['sharp', '@img', 'detect-libc', 'semver', 'express', 'fastify', 'hono'])
        await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name))
      return openProject(join(folder, below), endpoint)
    },
    [Symbol.asyncDispose]: async () => {
      await stop()
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
    },
  }
}

function openProject(folder: string, endpoint: string): Project {
  const goblet = (...words: string[]): Promise<Ended> =>
    run(folder, [GOBLET, ...words, '--endpoint-url', endpoint], { ...process.env, ...CREDENTIALS })
  return {
    folder,
    goblet,
    deploy: async (...words) => {
      const { status, out, error } = await goblet('deploy', '--json', ...words)
      if (status !== 0) throw new Error(`deploy ended with ${status}: ${error}${out}`)
      return JSON.parse(out.trim().split('\n').at(-1) ?? '{}')
    },
    write: (file, text) => writeFile(join(folder, file), text),
    edit: async (file, from, to) => {
      const path = join(folder, file)
      const text = await readFile(path, 'utf8')
      if (!text.includes(from)) throw new Error(`${file} has no ${from}`)
      await writeFile(path, text.replace(from, to))
    },
  }
}

function run(cwd: string, words: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, error] = ['', '']
    child.stdout.on('data', (chunk) => {
      out += String(chunk)
    })
    child.stderr.on('data', (chunk) => {
      error += String(chunk)
    })
    child.once('close', (status) => resolve({ status, out, error }))
  })
}
