// Topics, subscriptions and bucket triggers as the build finds them, and what of them a bundle holds.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { CONTEXT } from '../support/event.ts'
import { openProject } from '../support/project.ts'

const APP = `import { app, bucket, queue, topic } from 'goblet'
export default app('shop')
export const audits = queue('audits')
export const orders = topic<{ id: string }>('orders')
export const photos = bucket('photos', { versioned: true })
export const mail = orders.onMessage({ filter: { kind: ['order'] } }, ({ id }) => { globalThis.seen = ['only mail', id] })
export const copies = orders.to(audits, { filter: { kind: ['order'] }, raw: false })
export const added = photos.onCreated({ prefix: 'in/' }, ({ key }) => { globalThis.seen = ['only added', key] })
export const tagged = photos.on(['ObjectTagging:Put', 'ObjectTagging:Delete'], () => { globalThis.seen = ['only tagged'] })
`

test('describes topics, their subscriptions and triggers of buckets', async () => {
  await using project = await openProject({ 'app.ts': APP })
  const { functions, resources, subscriptions } = await project.build.discover()
  assert.deepEqual(
    resources.map(({ kind, name, export: exported }) => [kind, name, exported]),
    [
      ['queue', 'audits', 'audits'],
      ['topic', 'orders', 'orders'],
      ['bucket', 'photos', 'photos'],
    ],
  )
  assert.deepEqual(
    functions.map(({ export: name, trigger, subject, source, options }) => [name, trigger, subject, source, options]),
    [
      ['mail', 'topic', 'onMessage', { kind: 'topic', name: 'orders' }, { filter: { kind: ['order'] } }],
      [
        'added',
        'bucket',
        'onCreated',
        { kind: 'bucket', name: 'photos' },
        { prefix: 'in/', events: ['ObjectCreated:*'] },
      ],
      [
        'tagged',
        'bucket',
        'on',
        { kind: 'bucket', name: 'photos' },
        { events: ['ObjectTagging:Put', 'ObjectTagging:Delete'] },
      ],
    ],
  )
  assert.deepEqual(subscriptions, [
    {
      role: 'subscription',
      export: 'copies',
      where: { file: 'app.ts', line: 7, column: 30 },
      source: { kind: 'topic', name: 'orders' },
      options: {
        filter: { kind: ['order'] },
        raw: false,
        queue: { $: 'reference', kind: 'queue', name: 'audits' },
      },
    },
  ])
})

test('says what is declared and not exported', async () => {
  await using project = await openProject({
    'app.ts': APP.replaceAll(/export const (copies|added|mail) =/g, 'const $1 ='),
  })
  const complaints = await project.complaints()
  assert.deepEqual(
    complaints.map(({ code, message, mend, where }) => [code, message, mend, where?.line]),
    [
      [
        'GOBLET_NOT_EXPORTED',
        '`mail` (onMessage of the topic `orders`) is declared but not exported, so it would never be deployed.',
        'Export it: `export const mail = …`.',
        6,
      ],
      [
        'GOBLET_NOT_EXPORTED',
        '`copies` (to of the topic `orders`) is declared but not exported, so it would never be deployed.',
        'Export it: `export const copies = …`.',
        7,
      ],
      [
        'GOBLET_NOT_EXPORTED',
        '`added` (onCreated of the bucket `photos`) is declared but not exported, so it would never be deployed.',
        'Export it: `export const added = …`.',
        8,
      ],
    ],
  )
})

test('a schema or a filter that stands further down is not taken for none', async () => {
  await using project = await openProject({
    'app.ts': `${APP}export const jobs = queue('jobs', { schema: later })
export const work = jobs.onMessage({ filter: later }, () => {})
var later = {} as never
`,
  })
  const { resources, functions } = await project.build.discover()
  assert.deepEqual(resources.find(({ name }) => name === 'jobs')?.options, { schema: { $: 'undefined' } })
  assert.deepEqual(functions.find(({ export: name }) => name === 'work')?.options, { filter: { $: 'undefined' } })
})

test('each bundle wakes its own function, and holds no other', async () => {
  await using project = await openProject({ 'app.ts': APP })
  const bundled = await project.bundleAll()
  const record = { eventName: 'ObjectCreated:Put', eventTime: '2026-01-01T00:00:00.000Z' }
  const s3 = { bucket: { name: 'b' }, object: { key: 'in/a+b', sequencer: '0' } }
  const events: Readonly<Record<string, { event: object; seen: unknown }>> = {
    mail: { event: { Records: [{ Sns: { Message: '{"id":"o-1"}' } }] }, seen: ['only mail', 'o-1'] },
    added: { event: { Records: [{ ...record, s3 }] }, seen: ['only added', 'in/a b'] },
    tagged: { event: { Records: [{ ...record, s3 }] }, seen: ['only tagged'] },
  }
  for (const [name, { event, seen }] of Object.entries(events)) {
    const bundle = bundled.functions.get(name)
    assert.ok(bundle !== undefined)
    const text = await readFile(bundle.entry, 'utf8')
    const others = Object.keys(events).filter((other) => other !== name)
    for (const other of others) assert.ok(!text.includes(`only ${other}`), `${name} holds ${other}`)
    assert.ok(!text.includes('does not match its schema'), 'nobody has a schema')
    const { handler } = (await import(pathToFileURL(bundle.entry).href)) as { handler: (...given: object[]) => unknown }
    await handler(event, CONTEXT)
    assert.deepEqual(Reflect.get(globalThis, 'seen'), seen)
  }
})
