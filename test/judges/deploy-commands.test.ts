// The commands that plan, deploy, take back and remove, as people and pipelines use them, against MiniStack.
import assert from 'node:assert/strict'
import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { goblet } from '../support/command.ts'
import { openPlace, type Place, type Project } from '../support/deployed.ts'
import { missing } from '../support/judge.ts'

const skip = missing('ministack')

const APP = `import { app, lambda, route, table } from 'goblet'

export default app('shop')
export const orders = table<{ id: string; total: number }>('orders', { key: 'id' })
export const order = route('POST /orders/{id}', ({ params }) => orders.put({ id: params.id, total: 1 }))
export const index = route('GET /', () => ({ hello: 'world' }))
export const work = lambda({ timeout: 30 }, () => 'one')
`

let place: Place
let project: Project

before(async () => {
  if (skip !== false) return
  place = await openPlace()
  project = await place.project('examples/hello')
  await writeFile(join(project.folder, 'app.ts'), APP)
  const packages = fileURLToPath(new URL('../../node_modules/@aws-sdk', import.meta.url))
  await symlink(packages, join(project.folder, 'node_modules/@aws-sdk'))
})

after(async () => {
  if (skip === false) await place[Symbol.asyncDispose]()
})

interface Complaint {
  readonly code: string
  readonly where?: { readonly file: string; readonly line: number }
}

/** The codes that a command with --json ended with. */
function complaintsOf(out: string): readonly Complaint[] {
  const last: { event?: string; complaints?: readonly Complaint[]; refusals?: readonly Complaint[] } = JSON.parse(
    out.trim().split('\n').at(-1) ?? '{}',
  )
  return last.complaints ?? last.refusals ?? []
}

test('a first plan tells everything, and makes nothing', { skip }, async () => {
  const { status, out, error } = await project.goblet('plan')
  assert.deepEqual([status, error], [0, ''])
  assert.match(out, /^shop-dev in us-east-1 of account 000000000000 at http:\S+ as arn:aws:iam::000000000000:root\n/)
  assert.match(out, /\nCode\n {2}\+ api +new +\d+ kB\n {2}\+ work +new +\d+ kB\n/)
  assert.match(out, /\n {2}\+ AWS::DynamoDB::Table +shop-dev-orders\n/)
  assert.match(out, /dynamodb:PutItem +arn:aws:dynamodb:us-east-1:000000000000:table\/shop-dev-orders +app\.ts:5\n/)
  assert.match(out, /\n\d+ to add\.\n$/)
  const nothing = await project.goblet('status')
  assert.deepEqual([nothing.status, /Nothing is deployed/.test(nothing.out)], [1, true])
  const buckets = await fetch(`${place.endpoint}/`, {
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=test/s3/' },
  })
  assert.doesNotMatch(await buckets.text(), /goblet-artifacts/)
  const url = await project.goblet('url', '--json')
  assert.deepEqual([url.status, complaintsOf(url.out).map(({ code }) => code)], [1, ['GOBLET_NOT_DEPLOYED']])
})

test('permissions that nobody reviewed are told, and stop a deploy that is asked to hold them', { skip }, async () => {
  const lock = { version: 1, stage: 'dev', functions: { api: {}, work: {} }, warnings: {} }
  await writeFile(join(project.folder, 'iam.lock.json'), JSON.stringify(lock))
  const told = await project.goblet('plan')
  assert.equal(told.status, 0)
  assert.match(told.error, /allowed what iam\.lock\.json does not have: .*dynamodb:PutItem/)
  const held = await project.goblet('deploy', '--check-permissions', '--json')
  assert.deepEqual([held.status, complaintsOf(held.out).map(({ code }) => code)], [1, ['GOBLET_NOT_REVIEWED']])
  // It was written for the local cloud's account and another stage's names: that is no difference.
  await goblet(['policy', '--write'], { cwd: project.folder })
  const fine = await project.goblet('plan', '--check-permissions', '--stage', 'prod')
  assert.deepEqual([fine.status, fine.error], [0, ''])
})

test('deploy tells what it does, and ends with where the app is called', { skip }, async () => {
  const { status, out, error } = await project.goblet('deploy')
  assert.deepEqual([status, error], [0, ''])
  assert.match(out, /✓ uploaded api /)
  assert.match(out, /✓ TableOrders {2}AWS::DynamoDB::Table {2}created/)
  assert.match(out, /✓ work {2}version 1 is live/)
  assert.match(out, /✓ shop-dev is deployed in [\d.]+ s, with new versions of 2 functions \(\d+ calls of AWS\)\n/)
  const url = (await project.goblet('url')).out.trim()
  assert.ok(out.trimEnd().endsWith(url), out)
  assert.deepEqual(await (await fetch(`${url}/`)).json(), { hello: 'world' })
  const found = JSON.parse((await project.goblet('status', '--json')).out)
  assert.equal(found.stack.status, 'CREATE_COMPLETE')
  assert.deepEqual(found.functions.map((one: { name: string; version: string }) => [one.name, one.version]).sort(), [
    ['api', '1'],
    ['work', '1'],
  ])
})

test('then there is nothing to do, and a setting that changes is told by name', { skip }, async () => {
  assert.match((await project.goblet('plan')).out, /shop-dev is as the code says: there is nothing to do\.\n$/)
  await project.edit('app.ts', 'timeout: 30', 'timeout: 10')
  const { out } = await project.goblet('plan')
  assert.match(out, /~ AWS::Lambda::Function +shop-dev-work\n {6}Timeout: 30 → 10\n/)
  assert.match(out, /\n1 to change, new code for 1 function\.\n$/)
  const done = await project.deploy()
  assert.equal(done.did, 'stack')
})

test('a table that would be replaced stops the deploy before anything is done', { skip }, async () => {
  await project.edit('app.ts', "{ key: 'id' }", "{ key: ['id', 'total'] }")
  const { status, out } = await project.goblet('deploy', '--json')
  const [plan, ended, ...more] = out.trim().split('\n')
  assert.deepEqual([status, JSON.parse(plan ?? '{}').event, more], [1, 'plan', []])
  const [complaint] = complaintsOf(ended ?? '{}')
  assert.equal(complaint?.code, 'GOBLET_REPLACES_DATA')
  assert.deepEqual([complaint?.where?.file, complaint?.where?.line], ['app.ts', 4])
  const text = await project.goblet('plan')
  assert.equal(text.status, 1)
  assert.match(text.out, /± AWS::DynamoDB::Table +shop-dev-orders\n {6}is replaced by a new one; loses items\n/)
  assert.match(text.error, /^✗ app\.ts:4:\d+ {2}AWS::DynamoDB::Table shop-dev-orders would have to be replaced/)
  await project.edit('app.ts', "{ key: ['id', 'total'] }", "{ key: 'id' }")
})

test('rollback names what is not there, and says what it moved', { skip }, async () => {
  const unknown = await project.goblet('rollback', 'wrok')
  assert.deepEqual([unknown.status, /Did you mean `work`\?/.test(unknown.error)], [1, true])
  const never = await project.goblet('rollback', 'work', '--to', '99', '--json')
  assert.deepEqual(
    complaintsOf(never.out).map(({ code }) => code),
    ['GOBLET_NO_VERSION'],
  )
  // MiniStack makes a function anew when a setting changes, so its versions begin with 1 again.
  await project.edit('app.ts', "'one'", "'two'")
  await project.deploy()
  const { status, out } = await project.goblet('rollback')
  assert.equal(status, 0)
  assert.match(out, /✓ work {2}version 1, was 2\n$/)
})

test('a call that nobody can know the permission of is told with its line, and nothing is deployed', {
  skip,
}, async () => {
  const call = `import { S3Client } from '@aws-sdk/client-s3'
export const odd = lambda(async (event: { operation: string }) => {
  const client = new S3Client({})
  const { [event.operation]: Command } = await import('@aws-sdk/client-s3')
  return client.send(new Command({}))
})
`
  await writeFile(join(project.folder, 'app.ts'), APP + call)
  const { status, out } = await project.goblet('deploy', '--json')
  assert.equal(status, 1)
  const complaints = complaintsOf(out)
  assert.ok(complaints.length > 0)
  for (const { code, where } of complaints) {
    assert.equal(code, 'GOBLET_UNKNOWN_CALL')
    assert.equal(where?.file, 'app.ts')
  }
  await writeFile(join(project.folder, 'app.ts'), APP)
})

test('doctor finds everything as it should be, and prints the policy alone', { skip }, async () => {
  const { status, out } = await project.goblet('doctor')
  assert.equal(status, 0)
  assert.doesNotMatch(out, /✗/)
  assert.match(out, /✓ artifact bucket +goblet-artifacts-000000000000-us-east-1\n/)
  const policy = JSON.parse((await project.goblet('doctor', '--policy')).out)
  assert.equal(policy.Version, '2012-10-17')
  assert.ok(policy.Statement.length > 5)
})

test('delete asks, or is told not to; what holds data stays, and comes back with the next deploy', {
  skip,
}, async () => {
  const asked = await project.goblet('delete')
  assert.equal(asked.status, 2)
  assert.match(
    asked.out,
    /Goes\n[\s\S]*- AWS::Lambda::Function +shop-dev-work\n[\s\S]*Stays\n {2}= AWS::DynamoDB::Table +shop-dev-orders\n/,
  )
  assert.match(asked.error, /Give --yes/)
  const done = await project.goblet('delete', '--yes')
  assert.deepEqual([done.status, done.error], [0, ''])
  assert.match(done.out, /✓ shop-dev is gone\./)
  const again = await project.goblet('delete', '--yes')
  assert.deepEqual([again.status, /There is no stack shop-dev/.test(again.out)], [0, true])
  assert.match((await project.goblet('delete', '--yes', '--data')).out, /`goblet deploy` takes it back, then/)
})

test('what is wrong with the words is told before anything is asked', { skip }, async () => {
  for (const words of [
    ['--canary', '200%/5m'],
    ['--canary', 'slowly'],
    ['--smoke', 'health'],
  ]) {
    const { status, error } = await project.goblet('deploy', ...words)
    assert.deepEqual([status, /GOBLET_USAGE/.test(error)], [2, true], `${words.join(' ')}: ${error}`)
  }
})
