// Variables that are handles have their values on the local cloud; what keeps a function warm never reaches its handler.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { type StartOptions, start, type TestCloud } from '../../src/testing/index.ts'
import { openFolder } from '../support/web-project.ts'

async function run(text: string, work: (cloud: TestCloud) => Promise<void>, options: StartOptions = {}): Promise<void> {
  const folder = await openFolder({ 'app.ts': text })
  try {
    await using cloud = await start(join(folder.path, 'app.ts'), options)
    await work(cloud)
  } finally {
    await folder.remove()
  }
}

const KEPT = `
import { app, lambda, param, secret } from 'goblet'
export const own = param('own', { value: '100' })
export const shared = param('/shared/host', { existing: true, local: 'localhost' })
export const made = secret('made', { generate: true })
export default app('kept', { env: { HOST: shared, LIMIT: own } })
const atLoad = process.env.HOST
export const run = lambda({ env: { MADE: made } }, async () => ({
  atLoad, limit: process.env.LIMIT, same: process.env.MADE === (await made.value()),
}))
export const plain = lambda({ env: { LIMIT: '7' } }, () => [process.env.LIMIT, process.env.HOST, process.env.MADE ?? null])
`

test('variables that are handles have the values that are there when the app is applied', async () => {
  await run(KEPT, async (cloud) => {
    assert.deepEqual((await cloud.invoke('run')).result, { atLoad: 'localhost', limit: '100', same: true })
    assert.deepEqual((await cloud.invoke('plain')).result, ['7', 'localhost', null])
  })
})

test('what a test gives wins, also where there is no value', async () => {
  const text = KEPT.replace(", local: 'localhost'", '')
  await run(
    text,
    async (cloud) => {
      const { result } = await cloud.invoke('plain')
      assert.deepEqual(result, ['7', 'mine', null])
    },
    { env: { HOST: 'mine' } },
  )
  await assert.rejects(
    run(text, async () => {}),
    /takes HOST from the param \/shared\/host, which has no value here.*local.*GOBLET_BAD_OPTION/s,
  )
})

const WARM = `
import { app, lambda, raw, route, schedule } from 'goblet'
export default app('warm', { warm: true, api: 'url' })
export const index = route('GET /', () => { console.log('asked'); return 'hello' })
export const given = lambda((payload) => { console.log('asked'); return payload })
export const plain = lambda(raw((event, context, callback) => { console.log('asked'); callback(null, event) }))
export const beat = schedule('rate(1 hour)', () => { console.log('asked') })
export const cold = lambda({ warm: false }, (payload) => payload)
`

test('what keeps a function warm is answered before its handler', async () => {
  const waking = { 'goblet.warm': true }
  await run(WARM, async (cloud) => {
    for (const name of ['api', 'given', 'plain', 'beat']) {
      assert.deepEqual(await cloud.invoke(name, waking).then(({ result, failed }) => [result, failed]), [null, false])
      assert.equal(cloud.logs(name).join('\n').includes('asked'), false)
    }
    assert.deepEqual((await cloud.invoke('cold', waking)).result, waking)
    assert.deepEqual((await cloud.invoke('given', { a: 1 })).result, { a: 1 })
    assert.deepEqual((await cloud.invoke('plain', { a: 1 })).result, { a: 1 })
    assert.equal((await cloud.http.get('/')).text, 'hello')
    assert.ok(cloud.logs('given').join('\n').includes('asked'))
  })
})

const STREAMS = `
import { app, reply, route } from 'goblet'
export default app('streams', { warm: true, api: 'url' })
async function* parts() { console.log('asked'); yield 'one'; yield 'two' }
export const index = route('GET /', { stream: true }, () => reply(parts()))
`

test('a function that streams stays one', async () => {
  await run(STREAMS, async (cloud) => {
    assert.equal((await cloud.invoke('api', { 'goblet.warm': true })).failed, false)
    assert.equal(cloud.logs('api').join('\n').includes('asked'), false)
    assert.equal((await cloud.http.get('/')).text, 'onetwo')
  })
})
