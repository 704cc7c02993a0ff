// cfn-lint judges the templates of apps with everything that each front door can do.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { toTemplate } from '../../src/deploy/template/compose.ts'
import { FRONTS, ZONES } from '../support/fronts.ts'
import { missing } from '../support/judge.ts'
import { problemsOf } from '../support/specification.ts'
import { makingOf } from '../support/stack.ts'

test('cfn-lint finds nothing in the template of any front door', {
  skip: missing('cfn-lint'),
  timeout: 120_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'goblet-lint-'))
  try {
    for (const [door, model] of Object.entries(FRONTS)) {
      const template = toTemplate(makingOf(model, { known: { tableStreams: new Map(), hostedZones: ZONES } }))
      assert.deepEqual(await problemsOf(template), [], door)
      await writeFile(join(folder, `${door}.json`), JSON.stringify(template))
    }
    const files = Object.keys(FRONTS).map((door) => join(folder, `${door}.json`))
    const { stdout, status } = spawnSync('cfn-lint', ['--regions', 'us-east-1', '--', ...files], { encoding: 'utf8' })
    assert.equal(status, 0, stdout)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
