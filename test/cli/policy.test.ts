// `goblet policy` as people and CI use it: the table, the reasons, the JSON, the lock file and what fails against it.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folderOf, goblet, writeFiles } from '../support/command.ts'
import { startDev } from '../support/dev.ts'

const APP = `import { app, bucket, lambda, queue, table } from 'goblet'
import { save } from './orders.ts'
export default app('shop', {
  permissions: [{ actions: ['cloudwatch:PutMetricData'], resources: ['*'], why: 'figures' }],
})
export const orders = table('orders', { key: 'id' })
export const receipts = bucket('receipts')
export const mails = queue<{ id: string }>('mails')
export const order = lambda(async ({ id }: { id: string }) => {
  await save(id)
  await mails.send({ id })
})
export const mail = mails.onMessage(async ({ id }) => {
  await receipts.put(id + '.txt', 'thanks')
})
export const guest = lambda({ role: 'arn:aws:iam::123456789012:role/guest' }, () => 1)
`
const ORDERS = `import { orders } from './app.ts'

export async function save(id: string) {
  await orders.put({ id })
}
export const erase = (id: string) => orders.delete(id)
`
const folders: string[] = []
const project = (files: Record<string, string> = {}): string => {
  const folder = folderOf({ 'app.ts': APP, 'orders.ts': ORDERS, ...files })
  folders.push(folder)
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(
    fileURLToPath(new URL('../../node_modules/@aws-sdk', import.meta.url)),
    join(folder, 'node_modules/@aws-sdk'),
  )
  return folder
}
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/shop-dev-orders'
const queue = 'arn:aws:sqs:us-east-1:000000000000:shop-dev-mails'

test('the table says what each function may do, and which line needs it', async () => {
  const cwd = project()
  const { status, out, err } = await goblet(['policy'], { cwd })
  assert.deepEqual([status, err], [0, ''])
  const [order = '', mail = '', guest = ''] = out.split(/\n\n/)
  assert.match(order, /^order\n {2}ACTION +RESOURCE +FROM\n/)
  assert.match(order, new RegExp(`dynamodb:PutItem +${table} +orders\\.ts:4\n`))
  assert.match(order, new RegExp(`sqs:SendMessage +${queue} +app\\.ts:11\n`))
  assert.match(order, /cloudwatch:PutMetricData +\* +permissions: figures \(app\.ts:3\)/)
  assert.doesNotMatch(order, /DeleteItem|s3:/)
  assert.match(mail, /s3:PutObject +arn:aws:s3:::shop-dev-receipts-000000000000-us-east-1\/\*\.txt +app\.ts:14\n/)
  assert.match(mail, new RegExp(`sqs:ReceiveMessage +${queue} +reading the queue mails \\(app\\.ts:13\\)`))
  assert.match(mail, /logs:PutLogEvents +arn:\S+:log-group:\/aws\/lambda\/shop-dev-mail:\* +writing its own log/)
  assert.match(guest, /runs as arn:aws:iam::123456789012:role\/guest, which is not Goblet's to fill/)
})

test('one function alone, with the way to each call', async () => {
  const { status, out } = await goblet(['policy', 'order', '--explain'], { cwd: project() })
  assert.equal(status, 0)
  assert.match(out, new RegExp(`dynamodb:PutItem ${table}\n {4}\\S.*\n {4}app\\.ts:\\d+`))
  assert.match(out, /app\.ts:10(?::\d+)?\n +→ orders\.ts:4/)
  assert.doesNotMatch(out, /receipts/)
  const wrong = await goblet(['policy', 'ordr'], { cwd: project() })
  assert.equal(wrong.status, 1)
  assert.match(wrong.err, /ordr[\s\S]*Did you mean `order`\?/)
})

test('the JSON has statements, where they come from, warnings and errors', async () => {
  const { status, out } = await goblet(['policy', '--json'], { cwd: project() })
  assert.equal(status, 0)
  const { functions } = JSON.parse(out)
  assert.deepEqual(Object.keys(functions), ['order', 'mail', 'guest'])
  assert.deepEqual(Object.keys(functions.order), ['statements', 'warnings', 'errors'])
  const put = functions.order.statements.find(({ actions }: { actions: string[] }) =>
    actions.includes('dynamodb:PutItem'),
  )
  assert.deepEqual(put, { actions: ['dynamodb:PutItem'], resources: [table], from: ['orders.ts:4'] })
  assert.deepEqual(functions.guest, { statements: [], warnings: [], errors: [] })
})

test('what cannot be known is said with its line: a warning, or an error that fails', async () => {
  const cwd = project({
    'data.ts': `import { DynamoDB } from '@aws-sdk/client-dynamodb'
import { lambda } from 'goblet'
const db = new DynamoDB({})
export const wide = lambda(({ table }: { table: string }) => db.scan({ TableName: table }))
`,
    'app.ts': `${APP}export { wide } from './data.ts'\n`,
  })
  const warned = await goblet(['policy', 'wide', '--json'], { cwd })
  const [{ kind, file, line }] = JSON.parse(warned.out).functions.wide.warnings
  assert.deepEqual([warned.status, kind, file, line], [0, 'unresolved-resource', 'data.ts', 4])
  const text = await goblet(['policy', 'wide'], { cwd })
  assert.match(text.out, /! data\.ts:4(?::\d+)? {2}\S.*\n {4}\S.* \[unresolved-resource\]/)

  const data = readFileSync(join(cwd, 'data.ts'), 'utf8')
  writeFileSync(
    join(cwd, 'data.ts'),
    `${data}export const any = lambda(({ op }: { op: string }) => (db as never)[op]({}))\n`,
  )
  writeFileSync(join(cwd, 'app.ts'), `${APP}export { any, wide } from './data.ts'\n`)
  const failed = await goblet(['policy'], { cwd })
  assert.equal(failed.status, 1)
  assert.match(failed.out, /✗ data\.ts:5(?::\d+)? {2}\S.*\n {4}\S.* \[unresolved-operation\]/)
  // What cannot be deployed cannot be accepted.
  const written = await goblet(['policy', '--write'], { cwd })
  assert.equal(written.status, 1)
  assert.match(written.out, /data\.ts:5/)
  assert.throws(() => readFileSync(join(cwd, 'iam.lock.json')))
})

test('permissions that are wider than they need be, and names that IAM does not have, are warnings', async () => {
  const list = `[
    { actions: ['s3:*'], resources: [receipts], why: 'lazy' },
    { actions: ['ses:SendEmail'], resources: ['*'], why: 'receipts' },
    { actions: ['ses:SendMail'], resources: ['arn:aws:ses:us-east-1:123456789012:identity/a'], why: 'typo' },
    { actions: ['xray:GetSamplingRules'], resources: ['*'], why: 'knows no resources' },
  ]`
  const app = `import { app, bucket, lambda } from 'goblet'
export default app('wide')
export const receipts = bucket('receipts')
export const work = lambda({ permissions: ${list} }, () => 1)
`
  const cwd = project({ 'app.ts': app })
  const { out } = await goblet(['policy', '--json'], { cwd })
  const { warnings, statements } = JSON.parse(out).functions.work
  const told = warnings.map(({ kind, line, message }: Record<string, unknown>) => `${kind} ${line} ${message}`)
  assert.equal(told.length, 3, told.join('\n'))
  assert.match(told[0], /^wildcard 4 `permissions` allow s3:\*: .*lazy/)
  assert.match(told[1], /^wildcard 4 `permissions` allow ses:SendEmail on \*, /)
  assert.match(told[2], /^unknown-operation 4 .*ses:SendMail, .*Did you mean `ses:SendEmail`\?/)
  const bucket = 'arn:aws:s3:::wide-dev-receipts-000000000000-us-east-1'
  assert.ok(statements.some((one: { resources: string[] }) => one.resources.join() === `${bucket},${bucket}/*`))
})

test('the lock file accepts what is there, and --check fails on what is new', async () => {
  const cwd = project()
  const none = await goblet(['policy', '--check'], { cwd })
  assert.equal(none.status, 1)
  assert.match(none.err, /There is no iam\.lock\.json[\s\S]*--write[\s\S]*GOBLET_NO_LOCK/)

  const written = await goblet(['policy', '--write'], { cwd })
  assert.deepEqual([written.status, written.out], [0, 'Wrote iam.lock.json. Look at it, and commit it.\n'])
  const lock = JSON.parse(readFileSync(join(cwd, 'iam.lock.json'), 'utf8'))
  assert.deepEqual(Object.keys(lock), ['version', 'stage', 'functions', 'warnings'])
  assert.deepEqual(lock.functions.order['dynamodb:PutItem'], { [table]: ['orders.ts:4'] })
  const actions = Object.keys(lock.functions.mail)
  assert.deepEqual(actions, [...actions].sort())
  assert.match((await goblet(['policy', '--write'], { cwd })).out, /is as it should be/)
  const fine = await goblet(['policy', '--check'], { cwd })
  assert.deepEqual([fine.status, fine.out], [0, '✓ Every permission is in iam.lock.json.\n'])

  // Lines that move are not new; a call that is gone does not fail, a new one does.
  writeFiles(cwd, { 'orders.ts': `// moved\n${ORDERS}` })
  assert.equal((await goblet(['policy', '--check'], { cwd })).status, 0)
  writeFiles(cwd, { 'orders.ts': ORDERS.replace('orders.put({ id })', 'orders.delete(id)') })
  const changed = await goblet(['policy', '--check'], { cwd })
  assert.equal(changed.status, 1)
  assert.match(changed.out, new RegExp(`New permissions:\n\\+ order +dynamodb:DeleteItem +${table} +orders\\.ts:4\n`))
  assert.match(changed.out, new RegExp(`No longer needed:\n- order +dynamodb:PutItem +${table}`))
  const json = JSON.parse((await goblet(['policy', '--check', '--json'], { cwd })).out)
  assert.equal(json.ok, false)
  assert.deepEqual(json.new, [
    { function: 'order', action: 'dynamodb:DeleteItem', resource: table, from: ['orders.ts:4'] },
  ])
  assert.deepEqual(json.gone, [{ function: 'order', action: 'dynamodb:PutItem', resource: table }])
})

test('the lock file accepts warnings too, and is of one stage', async () => {
  const wide = APP.replace("actions: ['cloudwatch:PutMetricData']", "actions: ['ses:SendEmail']")
  const cwd = project()
  await goblet(['policy', '--write'], { cwd })
  writeFiles(cwd, { 'app.ts': wide })
  const changed = await goblet(['policy', '--check'], { cwd })
  assert.equal(changed.status, 1)
  assert.match(changed.out, /New warnings:\n! mail[^\n]*\n! order +wildcard +`permissions` allow ses:SendEmail on \*/)
  await goblet(['policy', '--write'], { cwd })
  assert.equal((await goblet(['policy', '--check'], { cwd })).status, 0)
  const prod = await goblet(['policy', '--check', '--stage', 'prod'], { cwd })
  assert.equal(prod.status, 1)
  assert.match(prod.err, /iam\.lock\.json is of the stage dev, and this is prod/)
  writeFiles(cwd, { 'iam.lock.json': '{"version":2}' })
  assert.match((await goblet(['policy', '--check'], { cwd })).err, /GOBLET_BAD_LOCK/)
  assert.equal((await goblet(['policy', 'order', '--check'], { cwd })).status, 2)
})

test('the guide has a section for every kind of finding', () => {
  const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
  const kinds = /interface Finding \{\n {2}readonly kind:([\s\S]*?)\n {2}readonly/.exec(
    read('src/model/permissions.ts'),
  )?.[1]
  const known = [...(kinds ?? '').matchAll(/'([a-z0-9-]+)'/g)].map(([, kind]) => kind)
  const told = [...read('docs/guide/12-permissions.md').matchAll(/^### (\S+)$/gm)].map(([, kind]) => kind)
  assert.ok(known.length >= 8, known.join())
  assert.deepEqual(told.sort(), known.sort())
})

test('what was granted and not needed so far is listed from the cloud that runs, and stays granted', async () => {
  const cwd = project()
  const none = await goblet(['policy', '--unused'], { cwd })
  assert.equal(none.status, 1)
  assert.match(none.err, /GOBLET_NOT_RUNNING/)
  const dev = await startDev(cwd)
  try {
    const invoked = await goblet(['invoke', 'order', '--event', '{"id":"7"}', '--json'], { cwd })
    assert.equal(JSON.parse(invoked.out).failed, false)
    const listed = await goblet(['policy', 'order', '--unused', '--json'], { cwd })
    assert.deepEqual(JSON.parse(listed.out), [
      { function: 'order', action: 'cloudwatch:PutMetricData', resource: '*', from: 'app.ts:3' },
    ])
    const text = await goblet(['policy', '--unused'], { cwd })
    assert.match(text.out, /^FUNCTION +ACTION +RESOURCE +FROM\n/)
    assert.doesNotMatch(text.out, /dynamodb:PutItem/)
  } finally {
    await dev.stop()
  }
})
