// Amazon's own linter finds nothing wrong with the templates: of the examples, of every option there is, of an app in parts.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { toTemplate } from '../../src/deploy/template/compose.ts'
import { split } from '../../src/deploy/template/split.ts'
import type { Template } from '../../src/deploy/template.ts'
import { missing } from '../support/judge.ts'
import { PLACE, readMaking } from '../support/template.ts'

const APPS = [
  ['examples/everything', 'app.ts'],
  ['examples/image-pipeline', 'app.ts'],
  ['examples/websocket-chat', 'app.ts'],
  ['templates/hello', 'app.ts'],
  ['test/fixtures/deploy', 'wide.ts'],
] as const

// That a part is waited for which also hands something over: what waits is not looked into, only written down twice.
const SAID_TWICE = 'W3005'

async function lint(templates: readonly Template[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'goblet-lint-'))
  try {
    const files = templates.map((_, index) => join(folder, `${index}.json`))
    await Promise.all(files.map((file, index) => writeFile(file, JSON.stringify(templates[index], null, 1))))
    // All at once: it takes seconds to start.
    const args = ['--regions', PLACE.region, '--ignore-checks', SAID_TWICE, '--template', ...files]
    const { stdout, stderr } = spawnSync('cfn-lint', args, { encoding: 'utf8' })
    return stdout + stderr
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

it('has nothing to say of the templates of apps', { skip: missing('cfn-lint') }, async () => {
  const templates = []
  for (const [folder, entry] of APPS) templates.push(toTemplate(await readMaking(folder, entry)))
  assert.equal(await lint(templates), '')
})

it('has nothing to say of the parts of an app that is split', { skip: missing('cfn-lint') }, async () => {
  const whole = toTemplate(await readMaking('test/fixtures/deploy', 'wide.ts'))
  const given = { limit: 80, prefix: 'a/', url: 'https://artifacts.example.com/a/', previous: undefined }
  const { template, nested } = split(whole, given)
  assert.ok(nested.size > 1)
  assert.equal(await lint([template, ...nested.values()]), '')
})

it('has something to say of what is wrong', { skip: missing('cfn-lint') }, async () => {
  const { Resources, ...rest } = toTemplate(await readMaking('templates/hello'))
  const Bad = { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: 'soon' } }
  assert.match(await lint([{ ...rest, Resources: { ...Resources, Bad } }]), /E3012/)
})
