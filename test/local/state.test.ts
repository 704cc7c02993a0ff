// The state directory: one owner at a time, dead owners forgotten, and words for what is wrong with it.
import assert from 'node:assert/strict'
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { GobletError } from '../../src/errors.ts'
import { readOwner } from '../../src/local/owner.ts'
import { type Format, openState } from '../../src/local/state.ts'
import type { Writer } from '../../src/local/store.ts'

const root = mkdtempSync(join(tmpdir(), 'goblet-state-'))
const children: Claimant[] = []
after(() => {
  for (const { child } of children) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

interface Claimant {
  readonly child: ChildProcessWithoutNullStreams
  readonly lines: AsyncIterator<string>
}

const CLAIM = fileURLToPath(new URL('../support/claim.ts', import.meta.url))

/** A process that stands ready to claim a directory. */
async function ready(directory: string): Promise<Claimant> {
  const child = spawn(process.execPath, ['--import', 'tsx', CLAIM, directory])
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const claimant = { child, lines }
  children.push(claimant)
  assert.equal((await lines.next()).value, 'here')
  return claimant
}

async function tell({ child, lines }: Claimant, word: 'open' | 'close'): Promise<string> {
  child.stdin.write(`${word}\n`)
  return String((await lines.next()).value)
}

async function kill({ child }: Claimant): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

const DEAD = { pid: process.pid, born: '1', token: 'x', since: '2026-01-01', endpoint: 'http://x', http: 'http://x' }

function leaveDead(directory: string): void {
  writeFileSync(join(directory, 'owner.json'), JSON.stringify(DEAD))
}

function refused(work: () => unknown): { code: string; message: string } {
  try {
    work()
  } catch (error) {
    assert.ok(error instanceof GobletError, String(error))
    const [first] = error.complaints
    return { code: String(first?.code), message: error.message }
  }
  return assert.fail('it was not refused')
}

test('a second opener is refused, and told whose it is', async () => {
  const directory = join(root, 'owned')
  const first = await ready(directory)
  assert.equal(await tell(first, 'open'), 'mine')
  const { code, message } = refused(() => openState(directory))
  assert.equal(code, 'GOBLET_STATE_OWNED')
  assert.match(message, new RegExp(`process ${first.child.pid}, since 20.*, at http://127.0.0.1:4566`))
  assert.equal(readOwner(directory)?.pid, first.child.pid)
  // Also within one process.
  const mine = openState(join(root, 'twice'))
  assert.equal(refused(() => openState(join(root, 'twice'))).code, 'GOBLET_STATE_OWNED')
  await mine.close()
  await openState(join(root, 'twice')).close()
  assert.equal(readOwner(join(root, 'twice')), undefined)
  await kill(first)
  assert.equal(readOwner(directory), undefined)
  await openState(directory).close()
})

test('an owner whose number another process has now is gone', async () => {
  const directory = join(root, 'reused')
  mkdirSync(directory)
  leaveDead(directory)
  assert.equal(readOwner(directory), undefined)
  await openState(directory).close()
})

test('a turn to remove a dead owner, left by a process that died in it, is taken over', async () => {
  const directory = join(root, 'turn')
  await openState(directory).close()
  leaveDead(directory)
  mkdirSync(join(directory, 'owner.burial'))
  await openState(directory).close()
})

test('an owner file that is cut off or empty does not lock the state for ever', async () => {
  for (const [index, text] of ['', '{"pid":', 'null', '[]', '{"pid":"x"}', '{"pid":-1}', '{"pid":0}'].entries()) {
    const directory = join(root, `torn-${index}`)
    mkdirSync(directory)
    writeFileSync(join(directory, 'owner.json'), text)
    assert.equal(readOwner(directory), undefined, text)
    await openState(directory).close()
  }
})

test('of processes that race for a dead owner, exactly one wins, twenty times', async () => {
  const directory = join(root, 'raced')
  await openState(directory).close()
  for (const count of [2, 3, 6]) {
    const racers = await Promise.all(Array.from({ length: count }, () => ready(directory)))
    for (let round = 0; round < 20; round++) {
      leaveDead(directory)
      const said = await Promise.all(racers.map((one) => tell(one, 'open')))
      assert.equal(said.filter((one) => one === 'mine').length, 1, said.join('\n'))
      for (const one of said) assert.match(one, /^mine$|belongs to a running goblet/)
      await Promise.all(racers.map((one) => tell(one, 'close')))
      assert.equal(readOwner(directory), undefined)
    }
    await Promise.all(racers.map(kill))
  }
  const left = readdirSync(directory).filter((name) => name.startsWith('owner.'))
  assert.deepEqual(left, [])
})

test('an owner that was killed and that nobody has buried is gone', {
  skip: process.platform !== 'linux',
}, async () => {
  const directory = join(root, 'zombie')
  mkdirSync(directory)
  // The parent sleeps and never asks for the status of its child, as the first process of a container may. The child outlives
  // the shell that the parent was: a shell asks.
  const parent = spawn('sh', ['-c', 'sleep 0.5 & echo $!; exec sleep 30'])
  const [line] = await once(parent.stdout, 'data')
  const pid = Number(String(line))
  const look = (): string[] => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  }
  for (let waited = 0; look()[0] !== 'Z' && waited < 5000; waited += 50) await sleep(50)
  const [status, ...facts] = look()
  assert.equal(status, 'Z')
  writeFileSync(join(directory, 'owner.json'), JSON.stringify({ ...DEAD, pid, born: facts[18] }))
  assert.equal(readOwner(directory), undefined)
  await openState(directory).close()
  parent.kill('SIGKILL')
})

test('a state of another format is refused and left as it is, unless it is thrown away', async () => {
  const directory = join(root, 'version')
  await openState(directory).close()
  writeFileSync(join(directory, 'version'), '99\n')
  const { code, message } = refused(() => openState(directory))
  assert.equal(code, 'GOBLET_STATE_VERSION')
  assert.match(message, /format 99; this version reads \d+/)
  assert.equal(readFileSync(join(directory, 'version'), 'utf8'), '99\n')
  assert.equal(readOwner(directory), undefined)
  const fresh = openState(directory, { fresh: true })
  assert.deepEqual([...fresh.store.range({ start: [], end: ['\u{10ffff}'] })], [])
  await fresh.close()
})

const rename = (from: string, to: string) => (writer: Writer) => {
  const old = writer.get([from])
  if (old === undefined) throw new Error(`There is no row ${from}.`)
  writer.put([to], old)
  writer.remove([from])
}
const STEPS = {
  1: { to: '2', run: rename('first', 'second') },
  2: { to: '3', run: rename('second', 'third') },
}
const LATER: Format = { version: '3', steps: STEPS }

test('an older state is brought up to date step by step, once', async () => {
  const directory = join(root, 'old')
  const old = openState(directory)
  await old.store.commit((writer) => writer.put(['first'], 'kept'))
  await old.close()
  const later = openState(directory, { format: LATER })
  assert.equal(later.store.get(['third']), 'kept')
  assert.equal(readFileSync(join(directory, 'version'), 'utf8'), '3\n')
  await later.close()
  await openState(directory, { format: LATER }).close()
  // Killed after the commit and before the file was written: the steps do not run again.
  writeFileSync(join(directory, 'version'), '1\n')
  await openState(directory, { format: LATER }).close()
  assert.equal(readFileSync(join(directory, 'version'), 'utf8'), '3\n')
  // The program that wrote it before must not read it now.
  assert.equal(refused(() => openState(directory)).code, 'GOBLET_STATE_VERSION')
  writeFileSync(join(directory, 'version'), '1\n')
  assert.equal(refused(() => openState(directory)).code, 'GOBLET_STATE_VERSION')
})

test('a step that fails changes nothing, and the older program still reads the state', async () => {
  const directory = join(root, 'failing')
  const old = openState(directory)
  await old.store.commit((writer) => writer.put(['first'], 'kept'))
  await old.close()
  const broken = () => {
    throw new Error('no')
  }
  const steps = { ...STEPS, 2: { to: '3', run: broken } }
  assert.throws(() => openState(directory, { format: { version: '3', steps } }), /^Error: no$/)
  assert.equal(readOwner(directory), undefined)
  const again = openState(directory)
  assert.equal(again.store.get(['first']), 'kept')
  await again.close()
})

test('a directory that cannot be used says so', () => {
  const file = join(root, 'a-file')
  writeFileSync(file, '')
  for (const directory of [file, join(file, 'below'), '/dev/null/state']) {
    const { code, message } = refused(() => openState(directory))
    assert.equal(code, 'GOBLET_STATE_UNUSABLE', directory)
    assert.ok(message.includes(directory) && message.includes('--state'))
  }
})

test('a store that is not one says so, and gives the directory back', async () => {
  const directory = join(root, 'broken')
  await openState(directory).close()
  writeFileSync(join(directory, 'store', 'data.mdb'), Buffer.alloc(20_000, 'not a database '))
  assert.equal(refused(() => openState(directory)).code, 'GOBLET_STATE_UNUSABLE')
  assert.equal(readOwner(directory), undefined)
  await openState(directory, { fresh: true }).close()
})
