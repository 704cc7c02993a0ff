// What leaves is judged by those who take it: the aws CLI, SAM's own translator, Terraform's provider, the CDK.
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { EXPORTS, type ExportFormat } from '../../src/deploy/export/formats.ts'
import { type ExportSource, zipOf } from '../../src/deploy/export/source.ts'
import { toName } from '../../src/deploy/export/terraform-values.ts'
import type { Properties, Template } from '../../src/deploy/template.ts'
import { folderOf, goblet } from '../support/command.ts'
import { frontSources, LEAVING, readSource } from '../support/exporting.ts'
import { missing } from '../support/judge.ts'
import { startTarget } from '../support/peers.ts'
import { NO_TERRAFORM, plugins, terraform } from '../support/terraform.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

const sources = async (): Promise<[string, ExportSource][]> => [
  ...(await Promise.all(
    LEAVING.map(async (one): Promise<[string, ExportSource]> => [one.folder, await readSource(one)]),
  )),
  ...frontSources(),
]

/** An export as a folder, with something in place of the zips. */
function writeExport(format: ExportFormat, source: ExportSource): string {
  const folder = mkdtempSync(join(tmpdir(), `goblet-${format}-`))
  const zips = Object.values(source.template.Resources).flatMap((one) => zipOf(one) ?? [])
  for (const { path, text } of [...EXPORTS[format](source), ...zips.map((path) => ({ path, text: path }))]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

const APP = {
  'app.ts': `import { app, lambda, queue, route } from 'goblet'
export default app('leave')
export const jobs = queue<{ n: number }>('jobs')
export const index = route('GET /', () => ({ hello: 'world' }))
export const echo = lambda((event: { fail?: boolean }) => {
  if (event.fail) throw new TypeError('out of order')
  return { event, prefix: process.env.GOBLET_PREFIX }
})
`,
}

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' }

test('the aws CLI alone deploys what leaves as CloudFormation; invoke --remote runs it', {
  skip: missing('aws') || missing('ministack'),
  timeout: 120_000,
}, async () => {
  const folder = folderOf(APP)
  const target = await startTarget('ministack')
  const env = { ...CREDENTIALS, AWS_DEFAULT_REGION: 'us-east-1', AWS_ENDPOINT_URL: target.endpoint }
  const out = join(folder, 'package/cloudformation')
  const aws = (...words: string[]) => run('aws', words, { cwd: out, env: { ...process.env, ...env } })
  try {
    const made = await goblet(['package'], { cwd: folder })
    assert.equal(made.status, 0, made.err)
    await aws('s3', 'mb', 's3://code-of-leave')
    const words = ['--template-file', 'template.json', '--s3-bucket', 'code-of-leave', '--use-json']
    await aws('cloudformation', 'package', ...words, '--output-template-file', 'packaged.json')
    const stack = ['--stack-name', 'leave-dev', '--capabilities', 'CAPABILITY_IAM']
    await aws('cloudformation', 'deploy', '--template-file', 'packaged.json', ...stack)
    const remote = (...more: string[]) => goblet(['invoke', ...more, '--remote', '--json'], { cwd: folder, env })
    const [good, bad, gone, large] = await Promise.all([
      remote('echo', '--event', '{"a":1}'),
      remote('echo', '--event', '{"fail":true}'),
      remote('echo', '--stage', 'prod'),
      goblet(['invoke', 'echo', '--remote', '--event', '-'], {
        cwd: folder,
        env,
        input: JSON.stringify('x'.repeat(6 * 1024 * 1024)),
      }),
    ])
    assert.equal(good.status, 0, good.err)
    assert.deepEqual(JSON.parse(good.out).payload, { event: { a: 1 }, prefix: 'leave-dev-' })
    assert.deepEqual([bad.status, JSON.parse(bad.out).failed], [1, true])
    assert.match(JSON.parse(bad.out).payload.errorMessage, /out of order/)
    assert.match(gone.out, /GOBLET_NOT_DEPLOYED.*leave-prod-echo is not deployed/)
    assert.deepEqual([large.status, /Lambda takes 6,291,456/.test(large.err)], [2, true])
  } finally {
    await target.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

test('Terraform alone applies what leaves for it, then finds nothing to change', {
  skip: missing('ministack'),
  timeout: 240_000,
}, async (t) => {
  if (plugins === undefined) return t.diagnostic(NO_TERRAFORM)
  const folder = folderOf(APP)
  const target = await startTarget('ministack')
  const out = join(folder, 'package/terraform')
  try {
    const made = await goblet(['package', '--format', 'terraform'], { cwd: folder })
    assert.equal(made.status, 0, made.err)
    older(out)
    const init = await terraform(out, target.endpoint, ['init', `-plugin-dir=${plugins}`])
    assert.equal(init.status, 0, init.text)
    const apply = await terraform(out, target.endpoint, ['apply', '-auto-approve'])
    assert.equal(apply.status, 0, apply.text)
    const plan = await terraform(out, target.endpoint, ['plan', '-detailed-exitcode'])
    assert.equal(plan.status, 0, plan.text)
    const env = { ...CREDENTIALS, AWS_ENDPOINT_URL: target.endpoint }
    const { out: answer, err } = await goblet(['invoke', 'echo', '--remote'], { cwd: folder, env })
    assert.deepEqual(JSON.parse(answer || '{}'), { event: {}, prefix: 'leave-dev-' }, err)
  } finally {
    await target.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

test('cfn-lint finds nothing in what leaves', { skip: missing('cfn-lint'), timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'goblet-leaving-'))
  const files = (await sources()).map(([name, { template }]) => {
    const file = join(folder, `${name.replaceAll(/\W/g, '-')}.json`)
    writeFileSync(file, JSON.stringify(template))
    return file
  })
  const lint = spawnSync('cfn-lint', ['--regions', 'us-east-1', 'eu-central-1', '--', ...files], { encoding: 'utf8' })
  assert.equal(lint.status, 0, lint.stdout)
  rmSync(folder, { recursive: true })
})

const TRANSLATE = `
import boto3, json, sys
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
for path in sys.argv[1:]:
    template = json.load(open(path))
    for one in template['Resources'].values():
        if 'CodeUri' in one.get('Properties', {}):
            one['Properties']['CodeUri'] = {'Bucket': 'bucket', 'Key': one['Properties']['CodeUri']}
    parameters = {name: name for name in template.get('Parameters', {})}
    session = boto3.session.Session(region_name='us-east-1')
    print(json.dumps(Translator({}, Parser(), boto_session=session).translate(template, parameters)))
`

test('SAM makes of its words the same resources: only its own tag is new', {
  skip: missing('sam-translator'),
  timeout: 120_000,
}, async () => {
  const all = await sources()
  const folders = all.map(([, source]) => writeExport('sam', source))
  try {
    const paths = folders.map((folder) => join(folder, 'template.json'))
    const { stdout } = await run('python3', ['-c', TRANSLATE, ...paths], { maxBuffer: 1 << 26 })
    const lines = stdout.trimEnd().split('\n')
    all.forEach(([name, source], index) => {
      const made: Template = JSON.parse(lines[index] ?? '{}')
      assert.deepEqual(Object.keys(made.Resources).sort(), Object.keys(source.template.Resources).sort(), name)
      for (const [id, resource] of Object.entries(source.template.Resources)) {
        const { Code: _, Tags: ours = [], ...properties } = resource.Properties ?? {}
        const { Code: __, Tags: theirs = [], ...others } = made.Resources[id]?.Properties ?? {}
        assert.deepEqual([made.Resources[id]?.Type, others], [resource.Type, properties], `${name} ${id}`)
        const own = JSON.stringify([{ Key: 'lambda:createdBy', Value: 'SAM' }]).slice(1, -1)
        const left = JSON.stringify(theirs)
          .replace(new RegExp(`${own},?`), '')
          .replace(',]', ']')
        assert.equal(left, JSON.stringify(ours), `${name} ${id}`)
      }
    })
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
})

/** The provider that is here is older than the runtime: the rest is what is judged. */
const older = (folder: string): void => {
  const file = join(folder, 'main.tf.json')
  const text = readFileSync(file, 'utf8').replaceAll('nodejs24.x', 'nodejs22.x').replaceAll('>= 6.19', '>= 5.100')
  writeFileSync(file, text)
}

test('Terraform finds every module valid', { timeout: 240_000 }, async (t) => {
  if (plugins === undefined) return t.diagnostic(NO_TERRAFORM)
  // As modules of one, so that the provider is started once.
  const all = mkdtempSync(join(tmpdir(), 'goblet-modules-'))
  const modules = (await sources()).map(([name, source]) => {
    const folder = writeExport('terraform', source)
    older(folder)
    const short = name.replaceAll(/\W/g, '-')
    renameSync(folder, join(all, short))
    const given = Object.keys(source.template.Parameters ?? {}).map((one) => [toName(one), 'given'])
    return [short, { source: `./${short}`, ...Object.fromEntries(given) }]
  })
  writeFileSync(join(all, 'main.tf.json'), JSON.stringify({ module: Object.fromEntries(modules) }))
  const init = await terraform(all, 'http://127.0.0.1:1', ['init', `-plugin-dir=${plugins}`])
  assert.equal(init.status, 0, init.text)
  const valid = await terraform(all, 'http://127.0.0.1:1', ['validate'])
  assert.equal(valid.status, 0, valid.text)
  rmSync(all, { recursive: true })
})

/** Tags in one order: the CDK sorts them. */
const inOrder = ({ Tags, ...rest }: Properties): Properties => ({
  ...rest,
  ...(Array.isArray(Tags)
    ? { Tags: [...Tags].sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1)) }
    : {}),
  ...(Tags === undefined || Array.isArray(Tags) ? {} : { Tags }),
})

test('the CDK makes of what leaves the same resources', { skip: missing('cdk'), timeout: 240_000 }, async () => {
  for (const [name, source] of await sources()) {
    if (!/everything|deploy$|rest/.test(name)) continue
    const folder = writeExport('cdk', source)
    symlinkSync(join(process.env.GOBLET_CDK ?? '', 'node_modules'), join(folder, 'node_modules'))
    // The program is the same for all, but for names.
    if (name.includes('everything')) {
      const program = join(root, 'node_modules/typescript/bin/tsc')
      const checked = spawnSync(process.execPath, [program, '-p', folder], { encoding: 'utf8' })
      assert.equal(checked.status, 0, checked.stdout)
    }
    const words = ['--import', join(root, 'node_modules/tsx/dist/esm/index.mjs'), 'app.ts']
    const parameters = Object.keys(source.template.Parameters ?? {})
    const context = JSON.stringify(Object.fromEntries(parameters.map((one) => [one, one])))
    const env = { ...process.env, CDK_OUTDIR: join(folder, 'out'), CDK_CONTEXT_JSON: context }
    await run(process.execPath, words, { cwd: folder, env })
    const stack = `${source.app}-${source.stage}`
    const made: Template = JSON.parse(readFileSync(join(folder, 'out', `${stack}.template.json`), 'utf8'))
    assert.deepEqual(Object.keys(made.Resources).sort(), Object.keys(source.template.Resources).sort(), name)
    for (const [id, { Type, Properties = {} }] of Object.entries(source.template.Resources)) {
      const { Code: _, ...wanted } = inOrder(Properties)
      const { Code: __, ...found } = inOrder(made.Resources[id]?.Properties ?? {})
      // Where we give a parameter, the CDK writes what it was given.
      const filled = JSON.parse(JSON.stringify(wanted), (_key, value) =>
        parameters.includes(value?.Ref) ? value.Ref : value,
      )
      assert.deepEqual([made.Resources[id]?.Type, found], [Type, filled], `${name} ${id}`)
    }
    rmSync(folder, { recursive: true })
  }
})
