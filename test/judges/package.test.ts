// The package as users get it: packed, installed without scripts into an empty folder, run on each Node, read by each TypeScript.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))
const execute = promisify(execFile)
let folder = ''
let tarball = ''

async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  try {
    return (await execute(program, args, { cwd, env, timeout: 120_000 })).stdout
  } catch (error) {
    const { stdout = '', stderr = '' } =
      error instanceof Error ? (error as Error & { stdout?: string; stderr?: string }) : {}
    throw new Error(`${program} ${args.join(' ')}\n${stdout}\n${stderr}`, { cause: error })
  }
}

/** An empty project with the packed package in it. */
async function install(name: string, env: NodeJS.ProcessEnv, ...packages: readonly string[]): Promise<string> {
  const project = join(folder, name)
  await mkdir(project)
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }))
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', tarball, ...packages], project, env)
  return project
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'goblet-package-'))
  await run('npm', ['pack', '--pack-destination', folder], root)
  const [packed, ...more] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'))
  assert.ok(packed !== undefined && more.length === 0)
  tarball = join(folder, packed)
})

after(() => rm(folder, { recursive: true, force: true }))

test('the package holds what it needs and nothing else', async () => {
  const names = (await run('tar', ['-tf', tarball], folder)).trim().split('\n')
  for (const needed of [
    'package.json',
    'LICENSE',
    'dist/index.js',
    'dist/cli/main.js',
    'dist/types/index.d.ts',
    'dist/runtime/route.js',
  ]) {
    assert.ok(names.includes(`package/${needed}`), `${needed} is missing`)
  }
  assert.deepEqual(
    names.filter((name) => /^package\/(src|test|scripts|bench|docs|\.)|\.map$|\.test\.|\.\d+$/.test(name)),
    [],
  )
})

/** The environment in which `node` is this version. */
async function onNode(version: string): Promise<NodeJS.ProcessEnv> {
  const program = await run('npx', ['-y', '-p', `node@${version}`, 'node', '-p', 'process.execPath'], folder)
  return { ...process.env, PATH: `${dirname(program.trim())}${delimiter}${process.env.PATH ?? ''}` }
}

interface Ready {
  readonly event: string
  readonly http: string
  readonly aws: string
}

/** Starts `goblet dev` on free ports, hands over its addresses, and stops it. */
async function withDev(
  goblet: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
  use: (ready: Ready) => Promise<void>,
): Promise<void> {
  const dev = spawn(goblet, ['dev', '--json', '--port', '0', '--aws-port', '0'], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(dev, 'exit')
  let said = ''
  dev.stderr.on('data', (chunk) => {
    said += chunk
  })
  const timer = setTimeout(() => dev.kill('SIGKILL'), 30_000)
  try {
    for await (const line of createInterface(dev.stdout)) {
      const ready: Ready = JSON.parse(line)
      if (ready.event !== 'ready') continue
      await use(ready)
      dev.kill('SIGTERM')
      await ended
      return
    }
    assert.fail(`goblet dev ended before it was ready:\n${said}`)
  } finally {
    clearTimeout(timer)
    dev.kill('SIGKILL')
  }
}

for (const version of ['20', '24']) {
  test(`on Node ${version} an installed goblet makes an app and serves it`, async () => {
    const env = await onNode(version)
    const project = await install(`node-${version}`, env)
    const { version: ours } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    assert.equal((await run('npx', ['goblet', '--version'], project, env)).trim(), ours)
    await run('npx', ['goblet', 'new', 'hello'], project, env)
    // By path: npx in the new folder would look for the package in the registry.
    await withDev(
      join(project, 'node_modules', '.bin', 'goblet'),
      join(project, 'hello'),
      env,
      async ({ http, aws }) => {
        const answer = await fetch(`${http}/`)
        assert.equal(answer.status, 200, await answer.text())
        const listed = await fetch(aws)
        await listed.arrayBuffer()
        assert.ok(listed.status < 500)
      },
    )
  })
}

const CONSUMER = `import { app, bucket, queue, route, schedule, NotFoundError, type Queue } from 'goblet'
export default app('imager', { memory: 512, stages: { prod: { memory: 1024 } } })
export const photos = bucket('photos')
export const jobs: Queue<{ filename: string; url: string }> = queue<{ filename: string; url: string }>('imager-queue')
export const build = jobs.onMessage({ batchSize: 1 }, async ({ filename, url }) => {
  await photos.put(filename, url.toUpperCase(), { contentType: 'text/plain' })
})
export const index = route('GET /', () => ({ hello: 'world' }))
export const city = route('GET /cities/{city}', ({ params }) => ({ city: params.city.toUpperCase() }))
export const gone = route('GET /gone', () => { throw new NotFoundError('gone') })
export const nightly = schedule('cron(0 3 * * ? *)', async () => {})
// @ts-expect-error: the pattern has no such parameter
export const wrong = route('GET /cities/{city}', ({ params }) => params.town)
// @ts-expect-error: a message of another shape
jobs.send({ filename: 1 })
`

for (const version of ['5.9', '6', '7']) {
  test(`TypeScript ${version} reads the types`, async () => {
    const project = await install(`typescript-${version}`, process.env, `typescript@${version}`)
    await writeFile(join(project, 'app.ts'), CONSUMER)
    for (const [module, moduleResolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ]) {
      const compilerOptions = {
        module,
        moduleResolution,
        target: 'es2023',
        lib: ['es2023'],
        types: [],
        strict: true,
        exactOptionalPropertyTypes: true,
        noEmit: true,
        skipLibCheck: false,
      }
      await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts'] }))
      assert.equal(await run(join(project, 'node_modules', '.bin', 'tsc'), ['-p', '.'], project), '')
    }
  })
}
