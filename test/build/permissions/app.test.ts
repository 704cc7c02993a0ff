// What the functions of an app in Goblet's form need, however its handles get to where they are used.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { GRAMMAR } from '../../../src/aws/grammar.ts'
import { openBuild } from '../../../src/build/index.ts'
import { deriveGrants } from '../../../src/build/permissions/derive.ts'
import { defineModel, type Permissions } from '../../../src/model/index.ts'

const FILES: Readonly<Record<string, string>> = {
  'app.ts': `import { app, group, route, lambda, queue, schedule, type Middleware } from 'goblet'
import * as res from './resources.ts'
import { Service } from './service.ts'
import * as admin from './admin.ts'
export * from './resources.ts'
const seen: Middleware = async (input, next) => { await res.hits.update('x', {}, { add: { n: 1 } }); return next() }
export default app('probe', { use: [seen] })
const { put: save } = res.photos
export const destructured = lambda(async () => save('a.txt', 'x'))
export const callbacks = lambda(async (keys: string[]) => { await Promise.all(keys.map((k) => res.photos.delete(k))); await Promise.all(keys.map(res.photos.head)) })
export const computed = lambda(async (e: { op: 'get' | 'delete' }) => (res.photos as any)[e.op]('k'))
export const byService = lambda(async () => new Service(res.orders).place('1'))
const all = { orders: res.orders, hits: res.hits } as const
export const each = lambda(async (e: { t: keyof typeof all }) => all[e.t].get('1'))
export const looped = lambda(async () => { for (const t of Object.values(all)) await t.scan().all() })
export const trans = lambda(async () => res.orders.transact([{ put: { id: '1' } }, { table: res.hits, update: 'x', set: { a: 1 } } as any, { delete: '2' }]))
export const urls = lambda(async (e: { m: 'GET' | 'PUT' }) => res.photos.url('k', { method: e.m }))
export const caller = lambda(async () => byService.invoke({} as never))
export const adm = group('/admin', { use: [async (i, next) => { await res.audit.publish({ a: 1 }); return next() }] }, admin)
export const nightly = schedule('rate(1 day)', admin.clean)
export const copyAll = lambda(async () => { for await (const { key } of res.photos.list({ prefix: 'in/' })) await res.photos.copy(key, \`out/\${key}\`) })
export const work = res.jobs.onMessage({ batchSize: 1 }, async (m, record) => { await res.jobs.send({ again: record.messageId }) })
`,
  'resources.ts': `import { bucket, table, topic, queue } from 'goblet'
export const photos = bucket('photos')
export const orders = table('orders', { key: 'id' })
export const hits = table('hits', { key: 'id' })
export const audit = topic('audit')
export const jobs = queue('jobs')
`,
  'service.ts': `import type { Table } from 'goblet'
interface Puts { put(item: object): Promise<void>; delete(k: string): Promise<unknown> }
export class Service { readonly #t: Puts; constructor(t: any) { this.#t = t } async place(id: string) { await this.#t.put({ id }) } async drop(id: string) { await this.#t.delete(id) } }
export type T = Table<any>
`,
  'admin.ts': `import { route } from 'goblet'
import { orders } from './resources.ts'
export const list = route('GET /', () => orders.query({ id: '1' }).all())
export const wipe = route('DELETE /{id}', { isolate: true }, ({ params }) => orders.delete(params.id))
export const clean = async () => { await orders.batchWrite({ delete: ['1'] }) }
`,
}

const root = mkdtempSync(join(tmpdir(), 'goblet-app-'))
let derived: Permissions = new Map()

before(async () => {
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(root, name), text)
  const build = await openBuild({ root, entry: 'app.ts', outdir: join(root, '.goblet') })
  try {
    const place = { stage: 'dev', account: '000000000000', region: 'us-east-1' }
    const model = defineModel(await build.discover(), place, GRAMMAR)
    derived = deriveGrants({ root, entry: 'app.ts', model })
  } finally {
    await build.close()
  }
})

after(() => rmSync(root, { recursive: true, force: true }))

/** Every function also counts its hits: that is the app's middleware. */
const HITS = 'dynamodb:UpdateItem table/probe-dev-hits'

const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  api: ['dynamodb:Query table/probe-dev-orders', 'sns:Publish probe-dev-audit'],
  'adm-wipe': ['dynamodb:DeleteItem table/probe-dev-orders', 'sns:Publish probe-dev-audit'],
  destructured: ['s3:PutObject probe-dev-photos/a.txt'],
  callbacks: [
    's3:DeleteObject probe-dev-photos/*',
    's3:GetObject probe-dev-photos/*',
    's3:ListBucket probe-dev-photos',
  ],
  computed: ['s3:DeleteObject probe-dev-photos/k', 's3:GetObject probe-dev-photos/k', 's3:ListBucket probe-dev-photos'],
  byService: ['dynamodb:PutItem table/probe-dev-orders'],
  each: ['dynamodb:GetItem table/probe-dev-hits', 'dynamodb:GetItem table/probe-dev-orders'],
  looped: ['dynamodb:Scan table/probe-dev-hits', 'dynamodb:Scan table/probe-dev-orders'],
  trans: ['dynamodb:DeleteItem table/probe-dev-orders', 'dynamodb:PutItem table/probe-dev-orders'],
  urls: ['s3:GetObject probe-dev-photos/k', 's3:PutObject probe-dev-photos/k'],
  caller: ['lambda:InvokeFunction function:probe-dev-byService'],
  nightly: ['dynamodb:BatchWriteItem table/probe-dev-orders'],
  copyAll: ['s3:GetObject probe-dev-photos/*', 's3:ListBucket probe-dev-photos', 's3:PutObject probe-dev-photos/out/*'],
  work: ['sqs:SendMessage probe-dev-jobs'],
}

for (const [name, needs] of Object.entries(EXPECTED)) {
  test(`the function ${name}`, () => {
    const found = derived.get(name)
    const short = found?.grants.map(({ action, resource }) => {
      const tail = resource.split(':').slice(5).join(':').replace('-000000000000-us-east-1', '')
      return `${action} ${tail}`
    })
    assert.deepEqual(short?.sort(), [...needs, HITS].sort())
    assert.deepEqual([...(found?.warnings ?? []), ...(found?.errors ?? [])], [])
  })
}

test('every grant says the way from the handler to the line', () => {
  const [grant] = derived.get('byService')?.grants.filter(({ action }) => action === 'dynamodb:PutItem') ?? []
  assert.deepEqual(
    grant?.chain.map(({ file, line }) => `${file}:${line}`),
    ['app.ts:12', 'app.ts:12', 'service.ts:3'],
  )
})
