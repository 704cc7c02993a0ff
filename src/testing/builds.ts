// The builds of the apps under test: one for each entry and stage, used again while the app's files stay as they are.
import { rmSync, statSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { GRAMMAR } from '../aws/grammar.ts'
import { openBuild } from '../build/index.ts'
import { ACCOUNT, type Code, REGION } from '../local/index.ts'
import { defineModel, type Model, type Permissions } from '../model/index.ts'

export interface Built {
  readonly model: Model
  readonly code: ReadonlyMap<string, Code>
  /** What the functions of this model of it may do. */
  permissions(model: Model): Promise<Permissions>
}

interface Kept extends Built {
  readonly files: readonly string[]
  /** Changes with any of the files; empty: not to be used again. */
  readonly stamp: string
}

const kept = new Map<string, Promise<Kept>>()
let root: Promise<string> | undefined
let count = 0

/** A folder of this process alone, gone with it. */
export function makeFolder(name: string): Promise<string> {
  root ??= makeRoot()
  const number = ++count
  return root.then((folder) => join(folder, `${name}-${number}`))
}

async function makeRoot(): Promise<string> {
  void sweep().catch(() => {})
  const folder = await mkdtemp(join(tmpdir(), `goblet-test-${process.pid}-`))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

// Test runners kill their workers, which then leave their folders behind.
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const [, pid] = /^goblet-test-(\d+)-/.exec(name) ?? []
    if (pid !== undefined && !lives(Number(pid))) await rm(join(tmpdir(), name), { recursive: true, force: true })
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}

/** The app of an entry file, built. Throws a GobletError when it does not build. */
export async function buildOnce(entry: string, stage: string): Promise<Built> {
  const key = `${stage} ${entry}`
  const known = kept.get(key)
  const usable = await known?.then(isCurrent, () => false)
  // Another start may have begun to build in the meantime.
  const latest = kept.get(key)
  if (latest !== undefined && (usable === true || latest !== known)) return latest
  const building = build(entry, stage)
  kept.set(key, building)
  return building
}

const isCurrent = ({ files, stamp }: Kept): boolean => stamp !== '' && stamp === stampOf(files)

async function build(entry: string, stage: string): Promise<Kept> {
  const began = Date.now()
  const outdir = await makeFolder('build')
  const opened = await openBuild({ root: dirname(entry), entry: basename(entry), outdir })
  try {
    const place = { stage, account: ACCOUNT, region: REGION }
    const model = defineModel(await opened.discover(), place, GRAMMAR)
    const { functions } = await opened.bundle(model.functions)
    const files = [...opened.files()]
    return { model, code: functions, permissions: opened.permissions, files, stamp: stampOf(files, began) }
  } finally {
    await opened.close()
  }
}

// A file that was saved while it was read may have been read as it was before.
function stampOf(files: readonly string[], before = Number.POSITIVE_INFINITY): string {
  const stamps: string[] = []
  for (const file of files) {
    const found = statSync(file, { throwIfNoEntry: false })
    if (found === undefined || found.mtimeMs >= before) return ''
    stamps.push(`${found.ino} ${found.size} ${found.mtimeMs}`)
  }
  return stamps.join('\n')
}
