// Services as people write them are imported: what app.ts says, what the report says, and the app runs and answers.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Finding, importProject } from '../../src/import/index.ts'
import { start } from '../../src/testing/index.ts'
import { writeFiles } from '../support/command.ts'
import { events } from './services/events.ts'
import { rest } from './services/rest.ts'
import type { Service } from './services/service.ts'
import { shapes } from './services/shapes.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'goblet-import-'))
mkdirSync(join(home, 'node_modules'))
for (const name of ['@aws-sdk', '@types', '@middy'])
  symlinkSync(join(root, 'node_modules', name), join(home, 'node_modules', name))
after(() => rmSync(home, { recursive: true, force: true }))

const toLine = ({ outcome, where, subject, says }: Finding): string =>
  `${outcome} ${where.file}:${where.line} ${subject}: ${says}`

function imported({ name, files, stage }: Service): { folder: string; text: string; findings: readonly Finding[] } {
  const folder = join(home, name.replace(/[^a-z]+/gi, '-'))
  writeFiles(folder, files)
  const { made } = importProject(join(folder, 'serverless.yml'), stage)
  writeFiles(folder, made.files)
  return { folder, text: `${made.files['app.ts']}\n${made.files['resources.ts'] ?? ''}`, findings: made.findings }
}

const services: readonly Service[] = [...rest, ...events, ...shapes]

for (const service of services) {
  test(`a service with ${service.name}`, async () => {
    const { folder, text, findings } = imported(service)
    const lines = findings.map(toLine)
    for (const piece of service.app) assert.ok(text.includes(piece), `${piece}\nis not in\n${text}`)
    for (const line of service.report)
      assert.ok(
        lines.some((one) => one.startsWith(line)),
        `${line}\nis not in\n${lines.join('\n')}`,
      )
    const { use } = service
    if (use === undefined) return
    await using cloud = await start(join(folder, 'app.ts'), service.env === undefined ? {} : { env: service.env })
    await use({ cloud, equal: (actual, expected) => assert.deepEqual(actual, expected) })
  })
}

test('every line of every app that was imported has its types', async () => {
  const paths = { goblet: [join(root, 'src/index.ts')] }
  const config = JSON.parse(readFileSync(join(home, 'todos-in-a-table/tsconfig.json'), 'utf8'))
  const files = services.map(({ name }) => join(home, name.replace(/[^a-z]+/gi, '-'), 'app.ts'))
  // Handlers are whoever's; what is held to the types is what an import writes.
  writeFileSync(
    join(home, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...config.compilerOptions, paths }, files }),
  )
  const { stdout } = await promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-p', home], { cwd: home }).catch(
    (error) => error,
  )
  const own = stdout.split('\n').filter((line: string) => /^[^ .].*\/(?:app|resources)\.ts\(|^error/.test(line))
  assert.deepEqual(own, [])
})
