// The guide is true: its listings are built and started, its commands asked, its tests run.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { STATUS_CODES } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { start, type TestCloud } from '../../src/testing/index.ts'
import { goblet } from '../support/command.ts'
import { readCurl, readPage, type Step } from '../support/guide.ts'

const guide = new URL('../../docs/guide/', import.meta.url)
const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)
// Within a test run Node's own runner skips what it is told to run.
const { NODE_TEST_CONTEXT: _, ...env } = process.env

/** An empty project that has this copy of the package installed. */
async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'goblet-guide-'))
  mkdirSync(join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{"name":"guide","type":"module"}')
  symlinkSync(root, join(folder, 'node_modules', 'goblet'))
  for (const name of ['tsx', 'zod', '@aws-sdk', '@middy', 'express', 'hono'])
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  return folder
}

async function ask(cloud: TestCloud, { command, says }: Exclude<Step, { kind: 'file' }>): Promise<void> {
  const { method, path, asking, head } = readCurl(command)
  const answer = await cloud.http.request(method, path, asking)
  if (!head) return assert.deepEqual(answer.text.split('\n'), says, command)
  const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`)
  const shown = [`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`, ...headers]
  for (const line of says) assert.ok(shown.includes(line), `${command}: ${line} is not in\n${shown.join('\n')}`)
}

for (const page of readdirSync(guide).sort()) {
  test(`docs/guide/${page}`, async () => {
    const folder = await openFolder()
    let cloud: TestCloud | undefined
    try {
      for (const step of readPage(new URL(page, guide))) {
        if (step.kind !== 'file') {
          if (step.kind === 'goblet') {
            const { out } = await goblet(step.command.split(' ').slice(1), { cwd: folder })
            assert.deepEqual(out.trimEnd().split('\n'), step.says, step.command)
          } else {
            cloud ??= await start(pathToFileURL(join(folder, 'app.ts')))
            await ask(cloud, step)
          }
          continue
        }
        mkdirSync(dirname(join(folder, step.name)), { recursive: true })
        writeFileSync(join(folder, step.name), step.text)
        await cloud?.close()
        cloud = undefined
        if (step.name.endsWith('.test.ts'))
          await run(process.execPath, ['--import', 'tsx', '--test', step.name], { cwd: folder, env, timeout: 60_000 })
      }
    } finally {
      await cloud?.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })
}

test('every listing of the guide compiles as a new project is set up to', async () => {
  const folder = await openFolder()
  try {
    symlinkSync(join(root, 'node_modules', '@types'), join(folder, 'node_modules', '@types'))
    const template = JSON.parse(readFileSync(join(root, 'templates/hello/tsconfig.json'), 'utf8'))
    const doors = { goblet: 'index.ts', 'goblet/client': 'client.ts', 'goblet/testing': 'testing/index.ts' }
    // The sources, as dist need not have types.
    const paths = Object.fromEntries(Object.entries(doors).map(([name, file]) => [name, [join(root, 'src', file)]]))
    const config = { ...template, compilerOptions: { ...template.compilerOptions, paths } }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    for (const page of readdirSync(guide)) {
      let place = join(folder, `${page}-first`)
      for (const [index, step] of readPage(new URL(page, guide)).entries()) {
        if (step.kind !== 'file' || !step.name.endsWith('.ts')) continue
        // A listing of app.ts begins anew; what follows it stands beside it.
        if (step.name === 'app.ts') place = join(folder, `${page}-${index}`)
        mkdirSync(place, { recursive: true })
        writeFileSync(join(place, step.name), step.text)
      }
    }
    const { stdout } = await run(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { cwd: folder }).catch(
      (error) => error,
    )
    // The sources have a stricter configuration of their own.
    assert.deepEqual(
      stdout.split('\n').filter((line: string) => /^\d+-/.test(line)),
      [],
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
