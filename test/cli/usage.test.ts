// The command line's manners: help, wrong use, suggestions, exit statuses, JSON, no colour where nobody sees it.
import assert from 'node:assert/strict'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { folderOf, goblet } from '../support/command.ts'

const folder = folderOf({
  'app.ts': `import { app, lambda, queue, route } from 'goblet'
export default app('usage')
export const index = route('GET /', () => 'hi')
export const save = route('PUT /items/{id}', () => 1)
export const work = lambda(async (event: unknown) => event)
export const jobs = queue('jobs')
`,
})
after(() => rmSync(folder, { recursive: true, force: true }))

const COMMANDS = ['new', 'dev', 'invoke', 'send', 'logs', 'routes', 'policy', 'env']
const colour = new RegExp(`${String.fromCharCode(27)}\\[`)

test('every command has help that says what it does, with examples, and ends with 0', async () => {
  const all = await goblet(['--help'])
  assert.equal(all.status, 0)
  for (const name of COMMANDS) assert.match(all.out, new RegExp(`^  ${name}[ |]`, 'm'))
  assert.match(all.out, /Exit status: 0 done, 1 failed, 2 wrong use\./)
  const helps = await Promise.all(COMMANDS.map((name) => goblet([name, '--help'])))
  for (const [index, { status, out, err }] of helps.entries()) {
    assert.deepEqual([status, err], [0, ''], COMMANDS[index])
    assert.match(out, new RegExp(`Usage: goblet ${COMMANDS[index]}`))
    assert.match(out, /--json/)
    assert.match(out, /Examples:\n {2}(?:goblet|eval|cat)/)
  }
  assert.equal((await goblet(['help', 'dev'])).status, 0)
  assert.match((await goblet(['--version'])).out, /^\d+\.\d+\.\d+/)
})

test('wrong use ends with 2, says what is wrong, and suggests what was meant', async () => {
  const rows: [words: string[], says: RegExp][] = [
    [['dve'], /unknown command 'dve'[\s\S]*Did you mean dev\?/],
    [['dev', '--prot', '1'], /unknown option '--prot'[\s\S]*Did you mean --port\?/],
    [['dev', '--port'], /argument missing/],
    [['dev', '--port', 'x'], /--port x is no port/],
    [['dev', '--port', '70000'], /--port 70000 is no port/],
    [['dev', '--aws-port', '-1'], /--aws-port -1 is no port|argument missing|unknown option/],
    [['dev', 'app.ts', 'more'], /too many arguments/],
    [['invoke'], /missing required argument 'function'/],
    [['send', 'jobs'], /missing required argument 'message'/],
    [['send', 'jobs', '{}', '--delay', 'soon'], /--delay soon is no number of seconds/],
    [['logs', '--since', 'yesterday'], /--since yesterday is no span of time/],
    [['new', 'x', '--template', 'helo'], /There is no template `helo`\. Did you mean `hello`\?/],
  ]
  const ends = await Promise.all(rows.map(([words]) => goblet(words, { cwd: folder })))
  for (const [index, { status, out, err }] of ends.entries()) {
    const [words = [], says = /./] = rows[index] ?? []
    assert.equal(status, 2, `${words.join(' ')}: ${out}${err}`)
    assert.match(err, says)
    assert.equal(out, '')
  }
  const none = await goblet([])
  assert.equal(none.status, 2)
  assert.match(none.out + none.err, /Usage: goblet/)
})

test('without an app each command says where it looked and how to start one', async () => {
  const empty = folderOf({})
  const ends = await Promise.all([['dev'], ['routes'], ['invoke', 'x']].map((words) => goblet(words, { cwd: empty })))
  for (const { status, err } of ends) {
    assert.equal(status, 1)
    assert.match(err, /There is no entry file app\.ts\.\n.*--entry.*goblet new.*\[GOBLET_NO_ENTRY\]/)
  }
  rmSync(empty, { recursive: true })
})

test('routes lists what the app answers, as text and as JSON', async () => {
  const [text, json, other] = await Promise.all([
    goblet(['routes'], { cwd: folder }),
    goblet(['routes', '--json'], { cwd: folder }),
    goblet(['routes', '--entry', join(folder, 'app.ts')]),
  ])
  assert.equal(text.status, 0)
  assert.match(text.out, /^METHOD +PATH +EXPORT +FUNCTION +WHERE\nGET +\/ +index +api +app\.ts:3/)
  assert.deepEqual(
    JSON.parse(json.out).map(({ method, path, export: name }: Record<string, string>) => [method, path, name]),
    [
      ['GET', '/', 'index'],
      ['PUT', '/items/{id}', 'save'],
    ],
  )
  assert.equal(other.out, text.out)
})

test('what needs a running local cloud says so', async () => {
  const asked = [['send', 'jobs', '{}'], ['env'], ['logs', '--follow']]
  const ends = await Promise.all(asked.map((words) => goblet(words, { cwd: folder })))
  for (const { status, err } of ends) {
    assert.equal(status, 1)
    assert.match(err, /needs the local cloud, and none is running.*\n.*`goblet dev`.*\[GOBLET_NOT_RUNNING\]/)
  }
  const logs = await goblet(['logs'], { cwd: folder })
  assert.deepEqual(logs, { status: 0, out: '', err: '' })
})

test('complaints are JSON with --json, plain text in a pipe, coloured only when asked', async () => {
  const bad = folderOf({ 'app.ts': `import { app } from 'goblet'\nexport default app('x', { memroy: 1 })\n` })
  const [json, plain, forced, none] = await Promise.all([
    goblet(['routes', '--json'], { cwd: bad }),
    goblet(['routes'], { cwd: bad }),
    goblet(['routes'], { cwd: bad, env: { FORCE_COLOR: '1', NO_COLOR: '' } }),
    goblet(['routes'], { cwd: bad, env: { FORCE_COLOR: '1', NO_COLOR: '1' } }),
  ])
  const { event, complaints } = JSON.parse(json.out)
  assert.deepEqual([json.status, event, complaints[0].code], [1, 'error', 'GOBLET_UNKNOWN_OPTION'])
  assert.deepEqual(complaints[0].where.file, 'app.ts')
  assert.match(plain.err, /app\.ts:2.*has no option `memroy`\. Did you mean `memory`\?\n.*\[GOBLET_UNKNOWN_OPTION\]/)
  assert.doesNotMatch(plain.err, colour)
  assert.match(forced.err, colour)
  assert.doesNotMatch(none.err, colour)
  rmSync(bad, { recursive: true })
})

test('every way an app can be wrong is told with its place and a way out, and ends with 1', async () => {
  const head = `import { app, bucket, lambda, queue, route, schedule } from 'goblet'\nexport default app('bad')\n`
  const rows: [code: string, text: string, place: RegExp][] = [
    ['GOBLET_NO_APP', `export const x = 1`, /app\.ts/],
    ['GOBLET_NOT_EXPORTED', `${head}const hidden = route('GET /', () => 1)`, /app\.ts:3/],
    [
      'GOBLET_DUPLICATE_ROUTE',
      `${head}export const a = route('GET /', () => 1)\nexport const b = route('GET /', () => 2)`,
      /app\.ts:4/,
    ],
    ['GOBLET_BAD_PATTERN', `${head}export const a = route('GET nowhere', () => 1)`, /app\.ts:3/],
    ['GOBLET_BAD_SCHEDULE', `${head}export const a = schedule('rate(1 minutes)', () => 1)`, /app\.ts:3/],
    ['GOBLET_BAD_OPTION', `${head}export const a = lambda({ memory: 1 }, () => 1)`, /app\.ts:3/],
    ['GOBLET_BAD_NAME', `${head}export const a = queue('no spaces allowed')`, /app\.ts:3/],
    ['GOBLET_BUILD_FAILED', `${head}export const a = route('GET /', () => {`, /app\.ts:\d/],
    [
      'GOBLET_BUILD_FAILED',
      `${head}import { gone } from './gone.ts'\nexport const a = route('GET /', () => gone)`,
      /app\.ts:3/,
    ],
    ['GOBLET_IMPORT_FAILED', `${head}throw new Error('at the top')`, /app\.ts/],
  ]
  for (const [code, text, place] of rows) {
    writeFileSync(join(folder, 'bad.ts'), text)
    const { status, out, err } = await goblet(['routes', '--entry', 'bad.ts'], { cwd: folder })
    assert.equal(status, 1, `${code}: ${out}${err}`)
    assert.equal(out, '')
    assert.match(err, new RegExp(`\\[${code}\\]`))
    assert.match(err, new RegExp(place.source.replace('app', 'bad')), code)
    assert.doesNotMatch(err, /defect of Goblet/)
  }
})

test('a reader that hangs up ends the command quietly', async () => {
  const { spawnSync } = await import('node:child_process')
  const { GOBLET } = await import('../support/dev.ts')
  const shell = spawnSync(
    'sh',
    ['-c', `"${process.execPath}" "${GOBLET}" --help | true; "${process.execPath}" "${GOBLET}" routes | true`],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  )
  assert.equal(shell.stderr, '')
})

test('new writes a project named after its folder, and overwrites nothing', async () => {
  const place = folderOf({})
  const [hello, images] = await Promise.all([
    goblet(['new', 'My First App!'], { cwd: place }),
    goblet(['new', 'pics', '--template', 'image-pipeline', '--json'], { cwd: place }),
  ])
  assert.equal(hello.status, 0, hello.err)
  assert.match(
    hello.out,
    /My First App! from the template hello.*\n\nNext:\n {2}cd .*\n {2}npm install\n {2}npx goblet dev/,
  )
  assert.deepEqual(readdirSync(join(place, 'My First App!')).sort(), [
    '.gitignore',
    'README.md',
    'app.ts',
    'package.json',
    'tsconfig.json',
  ])
  const routes = JSON.parse((await goblet(['routes', '--json'], { cwd: join(place, 'My First App!') })).out)
  assert.equal(routes.length, 2)
  const { files } = JSON.parse(images.out)
  assert.ok(files.includes('app.ts') && files.includes('photographs/cat.png'))
  const { readFileSync } = await import('node:fs')
  assert.match(readFileSync(join(place, 'My First App!', 'app.ts'), 'utf8'), /app\('my-first-app'/)
  assert.equal(JSON.parse(readFileSync(join(place, 'pics', 'package.json'), 'utf8')).name, 'pics')
  const again = await goblet(['new', 'pics'], { cwd: place })
  assert.equal(again.status, 1)
  assert.match(again.err, /already holds .*; nothing was written\.\n.*\[GOBLET_FOLDER_TAKEN\]/)
  writeFileSync(join(place, 'a-file'), '')
  const onFile = await goblet(['new', 'a-file'], { cwd: place })
  assert.equal(onFile.status, 1)
  assert.doesNotMatch(onFile.err, /defect of Goblet/)
  rmSync(place, { recursive: true })
})
