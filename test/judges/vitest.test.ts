// goblet/testing as users run it: installed, under vitest in threads and in forks, and under node:test.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

const APP = `
import { app, queue, route } from 'goblet'
import { greeting } from './words'
export default app('judged')
export const jobs = queue<{ name: string }>('jobs')
export const work = jobs.onMessage(({ name }) => { console.log('worked on', name) })
export const hello = route('GET /hello/{name}', ({ params }) => ({ [greeting]: params.name }))
`
const WORDS = "export const greeting: string = 'hello'\n"

// By a path, by a module, by a module with its entry named: all of them see the same app.
const suite = (runner: string, assertion: string, given: string): string => `
import { test } from '${runner}'
${assertion}
import { start } from 'goblet/testing'
import { jobs } from './app.ts'
for (const number of [1, 2, 3]) test('cloud ' + number, async () => {
  const cloud = await start(${given}, { clock: 'virtual' })
  try {
    same((await cloud.http.get('/hello/' + number)).json, { hello: String(number) })
    await cloud.send(jobs, { name: 'job ' + number })
    await cloud.settle()
    same(cloud.logs('work').map((line) => line.split('\\t').at(-1)), ['worked on job ' + number])
    same(cloud.invocations('work').length, 1)
  } finally {
    await cloud.close()
  }
})
`
const VITEST =
  "import { expect } from 'vitest'\nconst same = (left: unknown, right: unknown) => expect(left).toEqual(right)"
const NODE =
  "import assert from 'node:assert/strict'\nconst same = (left: unknown, right: unknown) => assert.deepEqual(left, right)"

let folder = ''
async function run(program: string, words: readonly string[]): Promise<string> {
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env
  try {
    const { stdout, stderr } = await execute(program, words, {
      cwd: folder,
      env: { ...env, NO_COLOR: '1' },
      timeout: 120_000,
    })
    return stdout + stderr
  } catch (error) {
    const said = error instanceof Error && 'stdout' in error ? `${error.stdout}` : ''
    throw new Error(`${program} ${words.join(' ')}\n${said}`, { cause: error })
  }
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'goblet-vitest-'))
  await execute('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'judged', private: true, type: 'module' }))
  const { stdout } = await execute('sh', ['-c', 'ls *.tgz'], { cwd: folder })
  await run('npm', ['install', '--no-audit', '--no-fund', `./${stdout.trim()}`, 'vitest@3', 'tsx'])
  const given = [
    "'./app.ts'",
    "await import('./app.ts')",
    "new URL('./app.ts', import.meta.url)",
    "await import('./app')",
  ]
  const files: Record<string, string> = { 'app.ts': APP, 'words.ts': WORDS }
  for (const [index, one] of given.entries()) {
    files[`${index}.test.ts`] = suite('vitest', VITEST, one)
    if (index < 3) files[`node-${index}.ts`] = suite('node:test', NODE, one)
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
})
after(() => rm(folder, { recursive: true, force: true }))

for (const pool of ['threads', 'forks'])
  test(`vitest with its ${pool} runs clouds side by side`, async () => {
    const said = await run('npx', ['vitest', 'run', '--pool', pool, '--maxWorkers', '4', '--minWorkers', '2'])
    assert.match(said, /Tests {2}12 passed/)
  })

test('node:test runs them, and its processes end', async () => {
  const said = await run('node', ['--import', 'tsx', '--test', 'node-0.ts', 'node-1.ts', 'node-2.ts'])
  assert.match(said, /pass 9\n/)
})
