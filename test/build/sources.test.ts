// Tables, streams, buses, secrets and parameters: how they are read, where their mistakes are told, and what their bundles hold.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { CONTEXT } from '../support/event.ts'
import { complaintsOf, openProject } from '../support/project.ts'

const HEAD = `import { bus, lambda, param, queue, resource, schedule, secret, stream, table } from 'goblet'
import { app } from 'goblet'
export default app('shop')
`

const APP = `${HEAD}
export const all = bus()
const check = { '~standard': { version: 1, vendor: 'here', validate: (value) => ({ value }) } }
export const lost = queue('lost')
export const notes = table('notes', { key: ['room', 'at'], types: { at: 'N' }, schema: check })
export const clicks = stream('clicks')
export const shop = bus('shop', { schemas: { Placed: check } })
export const key = secret('key')
export const host = param('host', { value: 'localhost' })
export const sender = resource('AWS::SES::EmailIdentity', { Owner: lost })
export const log = notes.onChange({ onFailure: lost }, ({ type }) => type)
export const count = clicks.onBatch({ from: new Date(0) }, (records) => ({ seen: records.map(({ data }) => data) }))
export const mail = shop.on('Placed', ({ detail }) => detail)
export const own = all.on({ source: ['aws.s3'] }, { memory: 256 }, () => {})
export const once = schedule({ at: new Date(0), end: new Date(1000), timezone: 'Europe/Berlin' }, () => 'once')
export const daily = schedule({ cron: '0 3 * * ? *', input: { n: 1 } }, ({ n }) => n)
export const task = lambda({ deadLetter: lost, destinations: { failure: shop } }, () => key.value())
`

test('reads every kind, its options made plain, handles by their names', async () => {
  await using project = await openProject({
    'app.ts': APP,
  })
  const { functions, resources } = await project.build.discover()
  const queue = { $: 'reference', kind: 'queue', name: 'lost' }
  assert.deepEqual(
    resources.map(({ kind, name, options }) => [kind, name, options]),
    [
      ['bus', 'default', {}],
      ['queue', 'lost', {}],
      ['table', 'notes', { key: ['room', 'at'], types: { at: 'N' }, schema: { $: 'schema' } }],
      ['stream', 'clicks', {}],
      ['bus', 'shop', { schemas: { Placed: { $: 'schema' } } }],
      ['secret', 'key', {}],
      ['param', 'host', { value: 'localhost' }],
      ['resource', 'AWS::SES::EmailIdentity', { properties: { Owner: queue } }],
    ],
  )
  const facts = functions.map(({ export: name, trigger, subject, source, options }) => [
    name,
    trigger,
    subject,
    source?.name,
    options,
  ])
  assert.deepEqual(facts, [
    ['log', 'table', 'onChange', 'notes', { onFailure: queue }],
    ['count', 'stream', 'onBatch', 'clicks', { from: '1970-01-01T00:00:00.000Z' }],
    ['mail', 'bus', 'on', 'shop', { pattern: { 'detail-type': ['Placed'] } }],
    ['own', 'bus', 'on', 'default', { memory: 256, pattern: { source: ['aws.s3'] } }],
    [
      'once',
      'schedule',
      'at(1970-01-01T00:00:00)',
      undefined,
      { timezone: 'Europe/Berlin', end: '1970-01-01T00:00:01.000Z' },
    ],
    ['daily', 'schedule', 'cron(0 3 * * ? *)', undefined, { input: { n: 1 } }],
    [
      'task',
      'lambda',
      '',
      undefined,
      { deadLetter: queue, destinations: { failure: { $: 'reference', kind: 'bus', name: 'shop' } } },
    ],
  ])
})

test('tells of what is declared and not exported, at its place', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}const notes = table('notes', { key: 'id' })
export const log = notes.onChange(() => {})
stream('clicks').onRecord(() => {})
const key = secret('key')
export const read = lambda(() => key.value())
const late = () => param('late', { value: '1' })
`,
  })
  const found = await complaintsOf(() => project.build.discover())
  assert.deepEqual(found.map(({ code, where }) => `${code} ${where?.line}`).sort(), [
    'GOBLET_NEVER_DECLARED 9',
    'GOBLET_NOT_EXPORTED 4',
    'GOBLET_NOT_EXPORTED 6',
    'GOBLET_NOT_EXPORTED 6',
    'GOBLET_NOT_EXPORTED 7',
  ])
})

test('wakes each of them out of its bundle, which holds nothing of the others', async () => {
  await using project = await openProject({
    'app.ts': APP,
  })
  const { functions } = await project.bundleAll()
  const wake = async (name: string, event: object): Promise<unknown> => {
    const bundle = functions.get(name)
    assert.ok(bundle !== undefined)
    const { handler }: { handler: (event: object, context: object) => unknown } = await import(
      pathToFileURL(bundle.entry).href
    )
    return handler(event, CONTEXT)
  }
  const dynamodb = { Keys: {}, SequenceNumber: '1', ApproximateCreationDateTime: 1 }
  assert.deepEqual(await wake('log', { Records: [{ eventName: 'INSERT', dynamodb }] }), { batchItemFailures: [] })
  const data = Buffer.from('{"a":1}').toString('base64')
  assert.deepEqual(await wake('count', { Records: [{ kinesis: { data } }] }), { seen: [{ a: 1 }] })
  assert.deepEqual(await wake('mail', { 'detail-type': 'Placed', detail: { a: 1 } }), { a: 1 })
  assert.equal(await wake('once', {}), 'once')
  assert.equal(await wake('daily', { n: 7 }), 7)
  const bytes = Object.fromEntries([...functions].map(([name, bundle]) => [name, bundle.bytes]))
  assert.ok((bytes.daily ?? 0) < 3000, JSON.stringify(bytes))
  assert.ok((bytes.log ?? 0) < 25_000, JSON.stringify(bytes))
})

test('says nothing of where Goblet lies: the same app makes the same bundle in every checkout', async () => {
  await using project = await openProject({
    'app.ts': APP,
  })
  const { functions } = await project.bundleAll()
  for (const { files } of functions.values()) {
    for (const { file } of files) assert.ok(!/"[^"\n]*src\/(runtime|aws)\//.test(await readFile(file, 'utf8')), file)
  }
})
