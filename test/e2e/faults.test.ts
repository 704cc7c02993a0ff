// The faults that concern the local cloud, from test/cases/faults.json, each made to `goblet dev` as it runs.
import assert from 'node:assert/strict'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import rows from '../cases/faults.json' with { type: 'json' }
import { callSqs, type Dev, startDev } from '../support/dev.ts'

const root = mkdtempSync(join(tmpdir(), 'goblet-faults-'))
after(() => rmSync(root, { recursive: true, force: true }))

const APP = `import { app, route } from 'goblet'
export default app('faults')
export const closes = route('GET /closes', () => { process.stdout.end(); return { ok: true } })
export const changes = route('GET /changes', () => {
  Object.prototype.planted = 1
  process.env.PLANTED = '1'
  try { process.chdir('/') } catch {}
  return { ok: true }
})
export const looks = route('GET /looks', { isolate: true }, () => ({
  prototype: String({}.planted), env: String(process.env.PLANTED), here: process.cwd() !== '/',
}))
`

function project(name: string): string {
  const folder = mkdtempSync(join(root, `${name}-`))
  writeFileSync(join(folder, 'app.ts'), APP)
  return folder
}

const call = async (dev: Dev, path: string): Promise<unknown> => (await fetch(dev.http + path)).json()
const send = (dev: Dev, MessageBody: string) =>
  callSqs(dev.aws, 'SendMessage', { QueueUrl: `${dev.aws}/000000000000/jobs`, MessageBody })

/** A project whose process was killed with ten messages acknowledged. */
async function killed(name: string): Promise<{ folder: string; file: string }> {
  const folder = project(name)
  const dev = await startDev(folder)
  await callSqs(dev.aws, 'CreateQueue', { QueueName: 'jobs' })
  for (let index = 0; index < 10; index++) await send(dev, String(index))
  await dev.stop('SIGKILL')
  return { folder, file: join(folder, '.goblet', 'state', 'store', 'data.mdb') }
}

async function messages(folder: string): Promise<number> {
  const dev = await startDev(folder)
  const input = {
    QueueUrl: `${dev.aws}/000000000000/jobs`,
    AttributeNames: ['ApproximateNumberOfMessages'],
  }
  const { Attributes } = await callSqs(dev.aws, 'GetQueueAttributes', input)
  assert.equal(await dev.stop(), 0)
  return Number((Attributes as Record<string, string>).ApproximateNumberOfMessages)
}

const checks: Record<string, () => Promise<void>> = {
  'fault-torn-tail': async () => {
    const { folder, file } = await killed('torn')
    const whole = readFileSync(file)
    // What a commit left that was not finished, and so not acknowledged, is not missed.
    appendFileSync(file, Buffer.alloc(512, 0xff))
    assert.equal(await messages(folder), 10)
    // Pages that are in use cannot be missing without a word.
    writeFileSync(file, whole)
    truncateSync(file, 3 * 4096 + 100)
    await assert.rejects(startDev(folder), /GOBLET_STATE_UNUSABLE.*damaged/s)
    assert.equal(existsSync(file), true)
    const fresh = await startDev(folder, ['--fresh'])
    assert.equal(await fresh.stop(), 0)
  },
  'fault-stale-lock': async () => {
    const { folder } = await killed('stale')
    assert.equal(existsSync(join(folder, '.goblet', 'state', 'owner.json')), true)
    assert.equal(await messages(folder), 10)
  },
  'fault-handler-closes-stdout': async () => {
    const dev = await startDev(project('stdout'))
    for (let turn = 0; turn < 2; turn++) assert.deepEqual(await call(dev, '/closes'), { ok: true })
    assert.equal(await dev.stop(), 0)
  },
  'fault-handler-changes-globals': async () => {
    const dev = await startDev(project('globals'))
    assert.deepEqual(await call(dev, '/changes'), { ok: true })
    assert.deepEqual(await call(dev, '/looks'), { prototype: 'undefined', env: 'undefined', here: true })
    assert.equal(await dev.stop(), 0)
  },
  'fault-port-in-use': async () => {
    const dev = await startDev(project('first'))
    const port = new URL(dev.aws).port
    await assert.rejects(startDev(project('second'), ['--aws-port', port]), new RegExp(`Port ${port} is taken`))
    assert.equal(await dev.stop(), 0)
  },
}

for (const { id, when, expect } of rows) {
  test(`${id}: ${Object.values(when)[0]} → ${Object.values(expect)[0]}`, { timeout: 30_000 }, async () => {
    const check = checks[id] ?? assert.fail(`There is no check for ${id}.`)
    await check()
  })
}
