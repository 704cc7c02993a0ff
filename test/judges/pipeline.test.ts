// Pipelines judged by others: their templates by cfn-lint, their YAML by a reader of YAML.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { withDeployment } from '../../src/cli/deploying/deployment.ts'
import { readSituation } from '../../src/deploy/index.ts'
import { copyOf, goblet } from '../support/command.ts'
import { openPlace } from '../support/deployed.ts'
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

test('pipelines of every installer are YAML and shell', { skip: missing('cfn-lint') }, async () => {
  for (const lock of ['pnpm-lock.yaml', 'yarn.lock', 'package-lock.json']) {
    const folder = copyOf(join(examples, 'hello'))
    writeFileSync(join(folder, lock), '{}')
    for (const kind of ['github', 'codepipeline']) {
      const { status, err } = await goblet(['pipeline', kind, '--write', '--region', 'eu-central-1'], { cwd: folder })
      assert.equal(status, 0, err)
    }
    const { jobs } = readYaml(readFileSync(join(folder, '.github/workflows/deploy.yml'), 'utf8')) as {
      jobs: Record<string, { steps: { run?: string }[] }>
    }
    const { phases } = readYaml(readFileSync(join(folder, 'pipeline/buildspec.yml'), 'utf8')) as {
      phases: Record<string, { commands: string[] }>
    }
    const scripts = [
      ...Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? [])),
      ...Object.values(phases).flatMap(({ commands }) => commands),
    ]
    for (const one of scripts) assert.equal(spawnSync('bash', ['-n', '-c', one]).status, 0, one)
    // In a project without tests there is nothing to fail; in one whose tests fail, the step does.
    if (lock === 'yarn.lock') {
      const check = scripts.find((one) => one.includes('yarn run test')) ?? ''
      const run = (scripts: object) => {
        writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts }))
        return spawnSync('bash', ['-c', `yarn() { return 3; }; ${check}`], { cwd: folder }).status
      }
      assert.deepEqual([run({}), run({ test: 'x' })], [0, 3])
    }
    rmSync(folder, { recursive: true, force: true })
  }
})

test('planning calls nothing but what its role may do', { skip: missing('ministack'), timeout: 120_000 }, async () => {
  await using place = await openPlace()
  const project = await place.project('examples/everything')
  await project.deploy()
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' })
  const entry = join(project.folder, 'app.ts')
  const input = { arguments: [], options: { entry, region: 'us-east-1', endpointUrl: place.endpoint } }
  // As `goblet plan` does it.
  const called = await withDeployment(input, async ({ clients }, { deployment }) => {
    await readSituation(clients, deployment)
    return clients.calls
  })
  assert.deepEqual(
    called.filter(({ mutates }) => mutates),
    [],
  )
  const words = ['pipeline', 'github', '--stage', 'dev', '--region', 'us-east-1', '--json']
  const { out, err } = await goblet(words, { cwd: project.folder })
  const made: { files: { path: string; text: string }[] } = JSON.parse(out || err)
  const { Resources } = JSON.parse(made.files.find(({ path }) => path.endsWith('roles.json'))?.text ?? '{}')
  const allowed = Object.keys(Resources)
    .filter((id) => id.startsWith('PlanRolePolicy'))
    .flatMap((id) =>
      Resources[id].Properties.PolicyDocument.Statement.flatMap((one: { Action: string[] }) => one.Action),
    )
  const asked = called.map(({ name }) => {
    const [service = '', operation = ''] = name.split('.')
    return `${service === 'CloudWatchLogs' ? 'logs' : service.toLowerCase()}:${operation}`
  })
  assert.ok(asked.includes('lambda:GetFunction'), asked.join())
  // Whoever it is may ask who it is.
  const missed = asked.filter((one) => one !== 'sts:GetCallerIdentity' && !allowed.includes(one))
  assert.deepEqual([...new Set(missed)], [])
})
