// `goblet clock` on a running dev: time moves with all that hangs on it, stays moved over a restart, and is no browser's to move.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { folderOf, goblet } from '../support/command.ts'
import { callSqs, type Dev, startDev } from '../support/dev.ts'

const APP = `
  import { app, queue, schedule } from 'goblet'
  export default app('timed')
  export const jobs = queue('jobs')
  export const work = jobs.onMessage(({ name }) => { console.log('worked on', name) })
  export const hourly = schedule('rate(1 hour)', () => { console.log('an hour') })
`

let folder: string
let dev: Dev
before(async () => {
  folder = folderOf({ 'app.ts': APP })
  dev = await startDev(folder)
})
after(() => dev.stop())

const clock = async (...words: string[]): Promise<{ now: string; ahead: number }> => {
  const { status, out, err } = await goblet(['clock', ...words, '--json'], { cwd: folder })
  assert.equal(status, 0, err + out)
  return JSON.parse(out)
}

const logged = async (): Promise<string[]> => {
  const { out } = await goblet(['logs', '--json'], { cwd: folder })
  const lines = out.trim().split('\n')
  return lines.map((line) => String(JSON.parse(line).line)).filter((line) => /an hour|worked on/.test(line))
}

test('advance moves schedules and delays together, each at its own moment', async () => {
  assert.equal((await clock()).ahead, 0)
  const QueueUrl = `${dev.aws}/000000000000/timed-dev-jobs`
  await callSqs(dev.aws, 'SendMessage', { QueueUrl, MessageBody: '{"name":"late"}', DelaySeconds: 900 })
  const { now, ahead } = await clock('advance', '150m')
  assert.ok(ahead >= 8_990_000 && ahead < 9_010_000, String(ahead))
  assert.ok(Math.abs(Date.parse(now) - Date.now() - 9_000_000) < 10_000)
  const order = (await logged()).map((line) => (line.includes('worked') ? 'worked' : 'hour'))
  assert.deepEqual(order, ['worked', 'hour', 'hour'])
  const { out } = await goblet(['clock'], { cwd: folder })
  assert.match(out, /^\d{4}-.*Z {2}2h (?:30m|29m 5\ds)(?: \d+s)? ahead of the machine's clock\n$/)
})

test('the clock stays moved over a restart, and --fresh sets it back', async () => {
  await dev.stop()
  dev = await startDev(folder)
  assert.ok((await clock()).ahead >= 8_999_000)
  await dev.stop()
  dev = await startDev(folder, ['--fresh'])
  assert.equal((await clock()).ahead, 0)
})

test('wrong use is told', async () => {
  const cases = [['advance'], ['advance', 'soon'], ['advance', '-5m'], ['rewind', '5m']]
  for (const words of cases)
    assert.equal((await goblet(['clock', ...words], { cwd: folder })).status, 2, words.join(' '))
  const { err } = await goblet(['clock'], { cwd: folderOf({ 'app.ts': APP }) })
  assert.match(err, /GOBLET_NOT_RUNNING/)
})

test('no page moves the clock, and it never goes back', async () => {
  const post = async (body: string, headers: Record<string, string>): Promise<number> => {
    const answer = await fetch(`${dev.aws}/_goblet/clock`, { method: 'POST', body, headers })
    return answer.status
  }
  const json = { 'content-type': 'application/json' }
  assert.equal(await post('{"advance":1000}', { 'content-type': 'text/plain' }), 415)
  assert.equal(await post('{"advance":1000}', { ...json, origin: 'https://evil.com' }), 403)
  for (const wrong of ['{"advance":-1}', '{"advance":"1h"}', '{}', 'null', '{"advance":1e300}', 'x'])
    assert.equal(await post(wrong, json), 400, wrong)
  assert.equal(await post(`{"advance":${'0'.repeat(200)}}`, json), 413)
  assert.equal((await clock()).ahead, 0)
  assert.equal(await post('{"advance":1000}', json), 200)
  assert.ok((await clock()).ahead >= 999)
})
