// Runs the built goblet command as people do: words in, what it printed and how it ended out.
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { GOBLET } from './dev.ts'

export interface Ended {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

export interface Given {
  readonly cwd?: string
  /** Its standard input. */
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs one command to its end, at most 30 seconds. */
export function goblet(words: readonly string[], { cwd = tmpdir(), input = '', env = {} }: Given = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [GOBLET, ...words], { cwd, env: { ...process.env, ...env }, timeout: 30_000 })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => {
      out += String(chunk)
    })
    child.stderr.on('data', (chunk) => {
      err += String(chunk)
    })
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    child.on('close', (status) => resolve({ status, out, err }))
  })
}

/** A temporary folder with these files (path → text). */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'goblet-cli-'))
  writeFiles(folder, files)
  return folder
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

/** A copy of a folder, without what was built or kept in it. */
export function copyOf(folder: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'goblet-cli-'))
  cpSync(folder, copy, { recursive: true, filter: (path) => !/[\\/](?:\.goblet|node_modules)$/.test(path) })
  return copy
}
