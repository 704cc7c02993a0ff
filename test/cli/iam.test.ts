// `goblet dev --iam`: what nothing allows is denied and told with its place, warned of, or let through.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { after, test } from 'node:test'
import { until } from '../support/aws.ts'
import { folderOf, goblet, writeFiles } from '../support/command.ts'
import { type Dev, GOBLET, type Said, startDev as start } from '../support/dev.ts'

// None is left behind, however a test ends.
const started: Dev[] = []
after(() => {
  for (const dev of started) dev.process.kill('SIGKILL')
})
async function startDev(folder: string, flags: readonly string[] = []): Promise<Dev> {
  const dev = await start(folder, flags)
  started.push(dev)
  return dev
}

// Made of text as it runs: no reading of the code can find this call.
const appOf = (options: string): string => `import { app, lambda, queue, route } from 'goblet'
export default app('hidden')
export const jobs = queue('jobs')
const call = new Function('handle', 'return handle.send({ n: 1 })')
export const plain = route('GET /plain', async () => (await jobs.send({ n: 0 })).messageId.length)
export const sneaky = lambda(${options}async () => (await call(jobs)).messageId.length)
`
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:hidden-dev-jobs'
const DECLARED = `{ permissions: [{ actions: ['sqs:SendMessage'], resources: ['${QUEUE}'], why: 'made of text' }] }, `

const denials = (dev: Dev): Said[] => dev.said.filter(({ event }) => event === 'denied')
const sneak = (folder: string) => goblet(['invoke', 'sneaky', '--json'], { cwd: folder })

test('what nothing allows is denied and told; declared, it is allowed', async () => {
  const folder = folderOf({ 'app.ts': appOf('') })
  const dev = await startDev(folder)
  assert.equal(await (await fetch(`${dev.http}/plain`)).text(), '36')
  assert.deepEqual(denials(dev), [])

  const refused = await sneak(folder)
  assert.match(refused.out + refused.err, /AccessDenied/)
  const told = await until('the denial', () => denials(dev)[0], 5)
  assert.ok(told !== undefined)
  assert.deepEqual(
    [told.function, told.action, told.resource, told.passed],
    ['sneaky', 'sqs:SendMessage', QUEUE, false],
  )
  const complaint = told.complaint as { code: string; where: unknown; mend: string }
  assert.deepEqual([complaint.code, complaint.where], ['GOBLET_DENIED', { file: 'app.ts', line: 6, column: 23 }])
  assert.ok(
    complaint.mend.includes(`permissions: [{ actions: ['sqs:SendMessage'], resources: ['${QUEUE}'], why: '…' }]`),
  )
  const log = dev.said.find(({ event, text }) => event === 'log' && String(text).includes('AccessDenied'))
  assert.match(String(log?.text), /app\.ts:6/)

  writeFiles(folder, { 'app.ts': appOf(DECLARED) })
  await until('the mended app', async () => /36/.test((await sneak(folder)).out), 10)
  await dev.stop()
})

test('with --iam warn it is let through and told once, with --iam off it is let through', async () => {
  const folder = folderOf({ 'app.ts': appOf('') })
  const warned = await startDev(folder, ['--iam', 'warn', '--no-watch'])
  assert.match((await sneak(folder)).out, /36/)
  assert.match((await sneak(folder)).out, /36/)
  await until('the warning', () => denials(warned)[0], 5)
  assert.deepEqual(
    denials(warned).map(({ passed }) => passed),
    [true],
  )
  await warned.stop()
  const off = await startDev(folder, ['--iam', 'off', '--no-watch'])
  assert.match((await sneak(folder)).out, /36/)
  await off.stop()
  assert.deepEqual(denials(off), [])
})

test('people are told in words', async () => {
  const folder = folderOf({ 'app.ts': appOf('') })
  const words = [GOBLET, 'dev', '--port', '0', '--aws-port', '0', '--no-watch']
  const child = spawn(process.execPath, words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, errors] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    errors += String(chunk)
  })
  try {
    await until('it to serve', () => (out.includes('is ready') ? true : undefined), 10)
    await sneak(folder)
    await until('the words', () => (errors.includes('[GOBLET_DENIED]') ? true : undefined), 5)
    assert.match(
      errors,
      /✗ app\.ts:6:23 {2}Nothing allows sneaky to do sqs:SendMessage on arn:aws:sqs:\S+hidden-dev-jobs\./,
    )
  } finally {
    child.kill('SIGKILL')
  }
})

test('a function that is invoked alone is kept to its permissions, too', async () => {
  const { out, err, status } = await sneak(folderOf({ 'app.ts': appOf('') }))
  assert.equal(status, 1)
  assert.match(out, /AccessDenied/)
  assert.match(err, /✗ app\.ts:6:23 {2}Nothing allows sneaky to do sqs:SendMessage/)
  assert.match((await sneak(folderOf({ 'app.ts': appOf(DECLARED) }))).out, /36/)
})

test('a mode that there is not is refused', async () => {
  const { err, status } = await goblet(['dev', '--iam', 'maybe'], { cwd: folderOf({ 'app.ts': appOf('') }) })
  assert.equal(status, 2)
  assert.match(err, /--iam maybe is none of its modes/)
})
