// `goblet dev` while somebody works: saves good and bad, new files, a second one, and its end.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { until } from '../support/aws.ts'
import { folderOf, goblet, writeFiles } from '../support/command.ts'
import { type Dev, GOBLET, startDev as start } from '../support/dev.ts'

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

const root = fileURLToPath(new URL('../..', import.meta.url))
const appOf = (answer: string, more = ''): string => `import { app, route } from 'goblet'
${more}
export default app('dev')
export const index = route('GET /', () => ${answer})
`
const ask = async (dev: Dev, path = '/'): Promise<string> => (await fetch(dev.http + path)).text()
const events = (dev: Dev, event: string): number => dev.said.filter((one) => one.event === event).length

test('saves are taken; one that does not build is told and changes nothing', async () => {
  const folder = folderOf({ 'app.ts': appOf(`'one'`) })
  const dev = await startDev(folder)
  assert.match(dev.http, /^http:\/\/127\.0\.0\.1:\d+$/)
  assert.equal(await ask(dev), 'one')

  writeFiles(folder, { 'app.ts': appOf(`'two'`) })
  await until('the save', async () => (await ask(dev)) === 'two', 5)

  writeFiles(folder, { 'app.ts': appOf(`'three' +`) })
  const told = await until('the complaint', () => dev.said.find(({ event }) => event === 'error'), 5)
  assert.match(JSON.stringify(told), /"code":"GOBLET_BUILD_FAILED".*"where":\{"file":"app\.ts","line":4/)
  assert.equal(await ask(dev), 'two')

  writeFiles(folder, { 'app.ts': appOf(`'four'`) })
  await until('the mended save', async () => (await ask(dev)) === 'four', 5)

  // A file of its own, in a folder that was not there, and then edited by itself.
  writeFiles(folder, { 'lib/words.ts': `export const word = 'five'` })
  writeFiles(folder, { 'app.ts': appOf('word', `import { word } from './lib/words.ts'`) })
  await until('the new file', async () => (await ask(dev)) === 'five', 5)
  // Nobody edits a file of a new folder within the moment it takes to watch it.
  await sleep(200)
  writeFiles(folder, { 'lib/words.ts': `export const word = 'six'` })
  await until('its edit', async () => (await ask(dev)) === 'six', 5)

  // A route that comes, and one that goes.
  writeFiles(folder, { 'app.ts': `${appOf(`'seven'`).replace('GET /', 'GET /other')}` })
  await until('the new route', async () => (await ask(dev, '/other')) === 'seven', 5)
  assert.equal(await ask(dev), '{"message":"Not Found"}')

  const before = events(dev, 'reloaded')
  writeFiles(folder, { 'notes.txt': 'nothing to do with the app' })
  await sleep(200)
  assert.equal(events(dev, 'reloaded'), before)

  const second = await goblet(['dev', '--port', '0', '--aws-port', '0'], { cwd: folder })
  assert.equal(second.status, 1)
  assert.match(
    second.err,
    new RegExp(`process ${dev.process.pid}, since .*, at ${dev.aws}[\\s\\S]*\\[GOBLET_STATE_OWNED\\]`),
  )

  const taken = await goblet(['dev', '--port', new URL(dev.http).port, '--aws-port', '0', '--state', 'other'], {
    cwd: folder,
  })
  assert.equal(taken.status, 1)
  assert.match(taken.err, /Port \d+ is taken by another program\.\n.*--port.*\[GOBLET_PORT_TAKEN\]/)
  const other = await goblet(['dev', '--port', '0', '--aws-port', new URL(dev.aws).port, '--state', 'other'], {
    cwd: folder,
  })
  assert.match(other.err, /--aws-port.*\[GOBLET_PORT_TAKEN\]/)

  assert.equal(await dev.stop('SIGTERM'), 0)
  await freed(dev)
  rmSync(folder, { recursive: true })
})

/** Its ports are free again: nothing of it is left. */
async function freed({ http, aws }: Dev): Promise<void> {
  for (const url of [http, aws]) {
    const server = createServer()
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(Number(new URL(url).port), '127.0.0.1', resolve)
    })
    server.close()
  }
}

test('an app that does not build yet is waited for, and is ready when a save mends it', async () => {
  const folder = folderOf({ 'app.ts': appOf(`'broken' +`) })
  const starting = startDev(folder)
  let ready = false
  void starting.then(() => {
    ready = true
  })
  await sleep(700)
  assert.equal(ready, false)
  writeFiles(folder, { 'app.ts': appOf(`'mended'`) })
  const dev = await starting
  assert.equal(dev.said[0]?.event, 'error')
  assert.equal(await ask(dev), 'mended')
  assert.equal(await dev.stop('SIGINT'), 0)

  writeFiles(folder, { 'app.ts': appOf(`'broken' +`) })
  const once = await goblet(['dev', '--no-watch', '--port', '0', '--aws-port', '0'], { cwd: folder })
  assert.equal(once.status, 1)
  assert.match(once.err, /app\.ts:4:[\s\S]*\[GOBLET_BUILD_FAILED\]/)
  rmSync(folder, { recursive: true })
})

test('who asks before the app is there waits for it', async () => {
  const folder = folderOf({ 'app.ts': appOf(`'broken' +`) })
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  await new Promise((resolve) => server.close(resolve))
  const starting = startDev(folder, ['--port', String(port)])
  let answer: Promise<Response> | undefined
  for (let tries = 0; tries < 200 && answer === undefined; tries++) {
    const asked = fetch(`http://127.0.0.1:${port}/`)
    const first = await Promise.race([asked.catch(() => 'refused'), sleep(200, 'held')])
    if (first !== 'refused') answer = asked
    await sleep(20)
  }
  writeFiles(folder, { 'app.ts': appOf(`'mended'`) })
  const dev = await starting
  assert.equal(await (await answer)?.text(), 'mended')
  assert.equal(await dev.stop('SIGINT'), 0)
  rmSync(folder, { recursive: true })
})

test('a broken app can be given up, too', async () => {
  const folder = folderOf({ 'app.ts': appOf(`'broken' +`) })
  const { spawn } = await import('node:child_process')
  const { GOBLET } = await import('../support/dev.ts')
  const child = spawn(process.execPath, [GOBLET, 'dev', '--port', '0', '--aws-port', '0'], { cwd: folder })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += String(chunk)
    })
  await until('waiting', () => text.includes('Waiting for a save.'), 10)
  assert.doesNotMatch(text, /ready|keeps running/)
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  assert.equal(await gone, 0)
  rmSync(folder, { recursive: true })
})

test('without watching a save changes nothing; what a function says is not lost; the text banner has no colours in a pipe', async () => {
  const folder = folderOf({ 'app.ts': appOf(`(console.log('said'), 'one')`) })
  const dev = await startDev(folder, ['--no-watch'])
  writeFiles(folder, { 'app.ts': appOf(`'two'`) })
  await sleep(300)
  assert.equal(await ask(dev), 'one')
  await until(
    'its words',
    () => dev.said.some(({ event, text }) => event === 'log' && String(text).includes('said')),
    2,
  )
  assert.equal(await dev.stop(), 0)
  rmSync(join(folder, '.goblet'), { recursive: true })
  rmSync(folder, { recursive: true })
})

test('stopping in the middle of requests, messages and uploads is quiet and quick', async () => {
  const folder = folderOf({
    'app.ts': `import { app, queue, route } from 'goblet'
export default app('busy')
export const jobs = queue<number>('jobs')
export const work = jobs.onMessage(async () => { await new Promise((resolve) => setTimeout(resolve, 50)) })
export const index = route('GET /', async () => { await jobs.send(1); await new Promise((resolve) => setTimeout(resolve, 30)); return 'x' })
`,
  })
  const dev = await startDev(folder)
  let errors = ''
  dev.process.stderr?.on('data', (chunk) => {
    errors += String(chunk)
  })
  const asking = Array.from({ length: 10 }, async () => {
    for (let count = 0; count < 1000; count++) await ask(dev)
  })
  const failed = Promise.allSettled(asking)
  await sleep(500)
  const began = performance.now()
  assert.equal(await dev.stop(), 0)
  assert.ok(performance.now() - began < 3000)
  await failed
  assert.equal(errors, '')
  rmSync(folder, { recursive: true })
})

test('the printed URLs carry the stage where it is part of them; the ready line is the bare origin', async () => {
  const folder = folderOf({ 'app.ts': appOf(`'one'`).replace(`app('dev')`, `app('dev', { api: 'rest' })`) })
  const child = spawn(process.execPath, [GOBLET, 'dev', '--port', '0', '--aws-port', '0'], { cwd: folder })
  try {
    let out = ''
    child.stdout.on('data', (chunk) => {
      out += String(chunk)
    })
    const route = / GET +(http:\/\/127\.0\.0\.1:\d+\/api\/)\n/
    await until('the banner', () => route.test(out), 10)
    assert.match(out, / app +http:\/\/127\.0\.0\.1:\d+\/api\n/)
    assert.equal(await (await fetch(route.exec(out)?.[1] ?? '')).text(), 'one')
  } finally {
    child.kill('SIGKILL')
  }
  const dev = await startDev(folder, ['--state', 'other'])
  assert.match(dev.http, /^http:\/\/127\.0\.0\.1:\d+$/)
  assert.equal(await ask(dev, '/api/'), 'one')
})

test('what cannot be known of permissions is told with its line, and once', async () => {
  const wide = "import { DynamoDB } from '@aws-sdk/client-dynamodb'\nconst db = new DynamoDB({})"
  const text = (answer: string): string =>
    appOf(`'${answer}'`, wide).replace(
      'export const index',
      "export const scan = route('GET /scan/{table}', ({ params }) => db.scan({ TableName: params.table }))\nexport const index",
    )
  const folder = folderOf({ 'app.ts': text('one') })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const dev = await startDev(folder)
  const found = () => dev.said.filter(({ event }) => event === 'finding')
  const [told] = found()
  assert.deepEqual([told?.level, told?.kind], ['warning', 'unresolved-resource'])
  assert.match(JSON.stringify(told?.where), /"file":"app\.ts","line":5/)
  writeFiles(folder, { 'app.ts': text('two') })
  await until('the save', async () => (await ask(dev)) === 'two', 5)
  assert.equal(found().length, 1)
})
