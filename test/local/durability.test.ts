// What the store keeps when the disk fails it: full, torn, flipped, or left by a machine that went down.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { GobletError } from '../../src/errors.ts'
import { openState } from '../../src/local/state.ts'
import { openStore, under } from '../../src/local/store.ts'

const root = mkdtempSync(join(tmpdir(), 'goblet-durability-'))
after(() => rmSync(root, { recursive: true, force: true }))

const FILL = fileURLToPath(new URL('../support/fill.ts', import.meta.url))
const ROWS = 500

/** A state with 500 rows, closed or as a SIGKILL would leave it. */
async function written(name: string, { killed = false } = {}): Promise<{ directory: string; file: string }> {
  const source = join(root, `${name}-source`)
  const state = openState(source)
  for (let row = 0; row < ROWS; row++) await state.store.commit((writer) => writer.put(['row', row], `row ${row}`))
  const directory = join(root, name)
  mkdirSync(join(directory, 'store'), { recursive: true })
  const copy = (...parts: string[]) => copyFileSync(join(source, ...parts), join(directory, ...parts))
  if (!killed) await state.close()
  copy('version')
  copy('store', 'data.mdb')
  if (killed) {
    copy('store', 'data.mdb.open')
    await state.close()
  }
  return { directory, file: join(directory, 'store', 'data.mdb') }
}

async function rows(directory: string): Promise<number> {
  const state = openState(directory)
  const found = [...state.store.range<string>(under('row'))].filter(
    ({ key, value }) => value === `row ${key[1]}`,
  ).length
  await state.close()
  return found
}

async function outcomeOf(directory: string): Promise<number | string> {
  try {
    return await rows(directory)
  } catch (error) {
    assert.ok(error instanceof GobletError, String(error))
    return error.complaints[0]?.code ?? ''
  }
}

test('a disk that is full refuses writes in its own words, loses nothing, and goes on when there is room', {
  skip: process.platform === 'win32',
}, async () => {
  const directory = join(root, 'full')
  mkdirSync(directory)
  // A limit on the size of files needs no rights, and fails the same call of LMDB's that a full disk fails.
  const command = `ulimit -f 4000; exec "$0" --import tsx "$1" "$2"`
  const { stdout } = await promisify(execFile)('sh', ['-c', command, process.execPath, FILL, directory])
  const outcome = JSON.parse(stdout)
  assert.match(outcome.code, /^(EIO|EFBIG|ENOSPC)$/)
  assert.ok(outcome.written > 20, stdout)
  assert.deepEqual(outcome, { ...outcome, refused: 20, readable: outcome.written, removed: 20, writtenAfter: 5 })
  const store = openStore(directory)
  assert.equal(store.count(under('row')), outcome.written - 20 + 5)
  await store.commit((writer) => writer.put(['row', 'room'], 'again'))
  assert.equal(store.get(['row', 'room']), 'again')
  await store.close()
})

test('a state that was killed, its process or its machine, opens whole', async () => {
  const { directory, file } = await written('killed', { killed: true })
  assert.equal(await rows(directory), ROWS)
  // Another boot: the file is read from end to end before it is trusted.
  writeFileSync(`${file}.open`, '1000000')
  assert.equal(await rows(directory), ROWS)
  assert.equal(existsSync(`${file}.open`), false)
})

test('what a commit that was never told of left behind the end does not matter', async () => {
  const { directory, file } = await written('tail')
  const whole = readFileSync(file)
  for (const extra of [1, 511, 4096, 5000]) {
    writeFileSync(file, Buffer.concat([whole, Buffer.alloc(extra, 0xff)]))
    assert.equal(await rows(directory), ROWS, `${extra} bytes more`)
  }
})

test('a file whose end is cut off is refused, not read in part', async () => {
  const { directory, file } = await written('torn')
  const whole = readFileSync(file)
  for (const missing of [1, 2, 17, 255, 512, 4096, 9000, whole.length - 100, whole.length - 20]) {
    writeFileSync(file, whole)
    truncateSync(file, statSync(file).size - missing)
    const outcome = await outcomeOf(directory)
    // LMDB's file may end in pages that nothing uses.
    assert.ok(outcome === 'GOBLET_STATE_UNUSABLE' || outcome === ROWS, `${missing} bytes missing: ${outcome}`)
  }
})

test('a byte flipped in the head of the file is refused or harmless', async () => {
  const { directory, file } = await written('flipped')
  const whole = readFileSync(file)
  for (const at of [24, 25, 48, 49, 144, 4096 + 24, 4096 + 27, 4096 + 144]) {
    const bytes = Buffer.from(whole)
    bytes[at] = (bytes[at] ?? 0) ^ 0x55
    writeFileSync(file, bytes)
    const outcome = await outcomeOf(directory)
    assert.ok(outcome === 'GOBLET_STATE_UNUSABLE' || outcome === ROWS, `byte ${at}: ${outcome}`)
  }
})

test('pages that the end of the machine tore are found before anything is served', async () => {
  const { directory, file } = await written('torn-pages', { killed: true })
  const bytes = readFileSync(file)
  bytes.fill(0xaa, 2 * 4096)
  writeFileSync(file, bytes)
  writeFileSync(`${file}.open`, '1000000')
  assert.equal(await outcomeOf(directory), 'GOBLET_STATE_UNUSABLE')
})
