// What a mounted app may do is what any of its handlers does, and no more; a plain Lambda handler is read with its own event.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { GRAMMAR } from '../../src/aws/grammar.ts'
import { openBuild } from '../../src/build/index.ts'
import { defineModel } from '../../src/model/index.ts'
import { openFolder } from '../support/web-project.ts'

/** `fetch of a bucket` as text: `read('a')`. */
const STORE = `
import { DeleteObjectCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
const s3 = new S3Client({})
export const read = (Bucket: string) => s3.send(new GetObjectCommand({ Bucket, Key: 'x' }))
export const drop = (Bucket: string) => s3.send(new DeleteObjectCommand({ Bucket, Key: 'x' }))
`

const APPS: Readonly<Record<string, string>> = {
  express: `
import express from 'express'
import { read } from './store.ts'
const app = express()
app.use(async (_request: any, _response: any, next: any) => { await read('express-around'); next() })
app.get('/', async (_request: any, response: any) => response.json(await read('express-get')))
const router = express.Router()
router.post('/:id', async ({ params }: any, response: any) => response.json(await read('express-' + params.id)))
app.use('/nested', router)
export default app
`,
  fastify: `
import fastify from 'fastify'
import { read } from './store.ts'
const plugin = async (app: any) => {
  app.get('/', async () => read('fastify-plugin'))
  app.route({ method: 'POST', url: '/', preHandler: () => read('fastify-before'), handler: async () => read('fastify-post') })
}
export const app = fastify()
app.register(plugin)
`,
  koa: `
import Koa from 'koa'
import { read } from './store.ts'
export const app = new Koa()
app.use(async (context: any) => { context.body = await read('koa') })
`,
  hono: `
import { Hono } from 'hono'
import { read } from './store.ts'
const app = new Hono().get('/', async (c: any) => c.json(await read('hono-get')))
app.post('/', async (c: any) => c.json(await read('hono-post')))
export default app
`,
  plain: `
import { createServer } from 'node:http'
import { read } from './store.ts'
export default createServer(async (_request, response) => { await read('plain'); response.end() })
`,
  fetched: `
import { read } from './store.ts'
export default { fetch: async () => { await read('fetched'); return new Response('x') } }
`,
}

const APP = `
import { app, bucket, mount, queue, raw } from 'goblet'
import { read } from './store.ts'
import direct from './express.ts'
export default app('shop')
export const jobs = queue('jobs')
export const photos = bucket('photos')
${Object.keys(APPS)
  .map((name) => `export const ${name} = mount('/${name}', () => import('./${name}.ts'))`)
  .join('\n')}
export const straight = mount('/straight', direct)
export const listening = mount('/listening', async (_request: any, response: any) => { await jobs.send({}); response.end() })
export const stored = photos.onCreated(raw(async (event) => read(event.Records[0].s3.bucket.name)))
`

test('every handler that an app was given counts, and nothing else', async () => {
  const files = Object.fromEntries(Object.entries(APPS).map(([name, text]) => [`${name}.ts`, text]))
  const folder = await openFolder({ 'app.ts': APP, 'store.ts': STORE, ...files })
  const build = await openBuild({ root: folder.path, entry: 'app.ts', outdir: join(folder.path, '.goblet') })
  try {
    const place = { stage: 'dev', account: '000000000000', region: 'us-east-1' }
    const permissions = await build.permissions(defineModel(await build.discover(), place, GRAMMAR))
    const needs = (name: string): string[] => {
      const { grants = [], errors = [] } = permissions.get(name) ?? {}
      assert.deepEqual(errors, [], name)
      const own = grants.filter(({ action }) => !action.startsWith('logs:'))
      return own
        .map(({ action, resource }) => `${action} ${resource.replace(/^arn:aws:(?:s3:::|sqs:us-east-1:\d+:)/, '')}`)
        .sort()
    }
    const reads = (...buckets: string[]): string[] => buckets.map((one) => `s3:GetObject ${one}/x`)
    assert.deepEqual(needs('express'), reads('express-*', 'express-around', 'express-get'))
    assert.deepEqual(needs('straight'), needs('express'))
    assert.deepEqual(needs('fastify'), reads('fastify-before', 'fastify-plugin', 'fastify-post'))
    assert.deepEqual(needs('koa'), reads('koa'))
    assert.deepEqual(needs('hono'), reads('hono-get', 'hono-post'))
    assert.deepEqual(needs('plain'), reads('plain'))
    assert.deepEqual(needs('fetched'), reads('fetched'))
    assert.deepEqual(needs('listening'), ['sqs:SendMessage shop-dev-jobs'])
    assert.deepEqual(needs('stored'), reads('shop-dev-photos-000000000000-us-east-1'))
  } finally {
    await build.close()
    await folder.remove()
  }
})
