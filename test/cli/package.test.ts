// `goblet package`: what is written, what is left alone, what is refused.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { folderOf, goblet, writeFiles } from '../support/command.ts'

const app = (answer: string): string => `import { app, bucket, lambda, queue, table } from 'goblet'
export default app('out')
export const past = table('past', { key: 'id', existing: true })
export const archive = bucket('archive', { existing: true })
export const jobs = queue('jobs')
export const changed = past.onChange(() => {})
export const came = archive.onCreated({ prefix: 'in/' }, () => {})
export const work = lambda(() => '${answer}')
`

const folder = folderOf({ 'app.ts': app('one') })
after(() => rmSync(folder, { recursive: true, force: true }))
const run = (...words: string[]) => goblet(['package', ...words], { cwd: folder })
const read = (path: string): string => readFileSync(join(folder, path), 'utf8')

test('each form is a folder of its own: the app, its code, how to deploy it', async () => {
  const files = {
    cloudformation: ['template.json'],
    sam: ['template.json'],
    terraform: ['main.tf.json'],
    cdk: ['app.ts', 'cdk.json', 'package.json', 'template.json', 'tsconfig.json'],
  }
  for (const [format, own] of Object.entries(files)) {
    const { status, out, err } = await run('--format', format)
    assert.equal(status, 0, err)
    assert.match(out, /README\.md says how to deploy it without Goblet\.\n$/)
    const place = join(folder, 'package', format)
    assert.deepEqual(readdirSync(place).sort(), ['README.md', ...own, 'code', 'goblet-export.json'].sort())
    assert.deepEqual(
      readdirSync(join(place, 'code')).map((one) => one.split('-')[0]),
      ['came', 'changed', 'work'],
    )
  }
})

test('what only AWS can tell is a parameter; what no template can say is in the README', async () => {
  const { Parameters, Resources } = JSON.parse(read('package/cloudformation/template.json'))
  assert.deepEqual(Object.keys(Parameters), ['StreamOfPast'])
  assert.deepEqual(Resources.MappingChanged.Properties.EventSourceArn, { Ref: 'StreamOfPast' })
  assert.match(read('package/cloudformation/README.md'), /--parameter-overrides StreamOfPast=…/)
  assert.match(read('package/cloudformation/README.md'), /`archive`: s3:ObjectCreated:\* of `in\/\*`/)
  assert.match(read('package/terraform/README.md'), /terraform apply -var stream_of_past=…/)
  const { variable, resource } = JSON.parse(read('package/terraform/main.tf.json'))
  assert.ok(variable.stream_of_past !== undefined)
  assert.equal(resource.aws_lambda_event_source_mapping.mapping_changed.event_source_arn, `\${var.stream_of_past}`)
})

test('written again, it holds the new code only, and leaves what a tool keeps beside it', async () => {
  const before = readdirSync(join(folder, 'package/terraform/code'))
  writeFiles(folder, { 'app.ts': app('two'), 'package/terraform/terraform.tfstate': '{}' })
  const { status } = await run('--format', 'terraform')
  const zips = readdirSync(join(folder, 'package/terraform/code'))
  assert.deepEqual([status, zips.length, existsSync(join(folder, 'package/terraform/terraform.tfstate'))], [0, 3, true])
  assert.equal(zips.filter((one) => !before.includes(one)).length, 1)
})

test('the same app is the same export, wherever and however often it is written', async () => {
  const { out } = await run('--out', 'elsewhere', '--json')
  const again = await run('--out', 'once-more', '--json')
  const files: string[] = JSON.parse(out).files
  assert.deepEqual(JSON.parse(again.out).files, files)
  for (const file of files)
    assert.deepEqual(readFileSync(join(folder, 'elsewhere', file)), readFileSync(join(folder, 'once-more', file)), file)
})

test('a folder of something else is left as it is; formats are named', async () => {
  mkdirSync(join(folder, 'mine'))
  writeFileSync(join(folder, 'mine/note.txt'), 'mine')
  const [taken, unknown] = await Promise.all([run('--out', 'mine'), run('--format', 'terrafrom')])
  assert.deepEqual([taken.status, readdirSync(join(folder, 'mine'))], [1, ['note.txt']])
  assert.match(taken.err, /GOBLET_FOLDER_TAKEN/)
  assert.deepEqual([unknown.status, /Did you mean terraform\?/.test(unknown.err)], [2, true])
})
