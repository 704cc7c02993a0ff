// Pipelines judged by others: their templates by cfn-lint, their YAML by a reader of YAML.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { copyOf, goblet } from '../support/command.ts'
import { missing } from '../support/judge.ts'

const examples = fileURLToPath(new URL('../../examples', import.meta.url))

const JSON_OF = 'import json, sys, yaml; print(json.dumps(yaml.load(sys.stdin, Loader=yaml.BaseLoader)))'

function readYaml(text: string): Record<string, unknown> {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', JSON_OF], { input: text, encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout)
}

for (const example of ['hello', 'everything', 'websocket-chat'])
  test(`the pipelines of ${example}`, { skip: missing('cfn-lint'), timeout: 120_000 }, async () => {
    const folder = copyOf(join(examples, example))
    mkdirSync(join(folder, '.git'))
    try {
      for (const kind of ['github', 'codepipeline']) {
        const { status, err } = await goblet(['pipeline', kind, '--write', '--region', 'eu-central-1'], { cwd: folder })
        assert.equal(status, 0, err)
      }
      const files = ['github-roles.json', 'codepipeline.json'].map((name) => join(folder, 'pipeline', name))
      const lint = spawnSync('cfn-lint', ['--regions', 'eu-central-1', '--', ...files], { encoding: 'utf8' })
      assert.equal(lint.status, 0, lint.stdout)
      const workflow = readYaml(readFileSync(join(folder, '.github/workflows/deploy.yml'), 'utf8'))
      assert.deepEqual(Object.keys(workflow), ['name', 'on', 'permissions', 'env', 'jobs'])
      const jobs = workflow.jobs as Record<string, { steps: Record<string, string>[]; concurrency?: { group: string } }>
      assert.deepEqual(Object.keys(jobs), ['test', 'plan', 'preview', 'remove-preview', 'deploy'])
      assert.equal(jobs.preview?.concurrency?.group, jobs['remove-preview']?.concurrency?.group)
      // What each job runs is a script that a shell can read.
      for (const { steps } of Object.values(jobs))
        for (const { run } of steps) {
          if (run === undefined) continue
          const shell = spawnSync('bash', ['-n', '-c', run], { encoding: 'utf8' })
          assert.equal(shell.status, 0, `${run}\n${shell.stderr}`)
        }
      const spec = readYaml(readFileSync(join(folder, 'pipeline/buildspec.yml'), 'utf8'))
      assert.deepEqual(Object.keys(spec), ['version', 'phases'])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
