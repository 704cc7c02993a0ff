// goblet/testing: an app on a cloud of its own, asked over real sockets; what settles, and what is said when it does not.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { GobletError } from '../../src/errors.ts'
import { start, type TestCloud } from '../../src/testing/index.ts'

const entry = new URL('../fixtures/testing/app.ts', import.meta.url)

let cloud: TestCloud
before(async () => {
  cloud = await start(entry, { clock: 'virtual', env: { GREETING: 'salve' } })
})
after(() => cloud.close())

test('answers are read whole, with every status', async () => {
  const found = await cloud.http.get('/cities/seattle', { query: { a: ['1', '2'] } })
  assert.deepEqual([found.status, found.json], [200, { city: 'seattle', a: ['1', '2'], greeting: 'salve' }])
  assert.equal(found.headers['content-type'], 'application/json')
  assert.equal(found.text, '{"city":"seattle","a":["1","2"],"greeting":"salve"}')
  assert.equal(Buffer.from(found.bytes).toString(), found.text)
  assert.equal((await cloud.http.get('/nowhere')).status, 404)
})

test('bodies are sent as JSON, as forms and as they are', async () => {
  const echo = (asking: object) => cloud.http.post('/echo', asking)
  assert.deepEqual((await echo({ json: { a: 1 } })).json, { type: 'application/json', text: '{"a":1}' })
  assert.deepEqual((await echo({ form: { a: ['1', '2'] } })).json, {
    type: 'application/x-www-form-urlencoded',
    text: 'a=1&a=2',
  })
  assert.deepEqual((await echo({ body: 'plain', headers: { 'content-type': 'text/plain' } })).json, {
    type: 'text/plain',
    text: 'plain',
  })
})

test('a message is sent by handle, export or name; settle waits until all of it is done', async () => {
  const { jobs } = await import('../fixtures/testing/app.ts')
  await cloud.send(jobs, { name: 'one' })
  await cloud.send('jobs', { name: 'two' })
  await cloud.send('testing-jobs', { name: 'three' })
  await cloud.settle()
  const done = (await cloud.http.get('/done')).json
  assert.deepEqual(done, { sent: true })
  const said = cloud.logs('work').filter((line) => line.includes('worked on'))
  assert.deepEqual(said.map((line) => line.split('worked on ')[1]).sort(), ['one', 'three', 'two'])
  const runs = cloud.invocations('work')
  assert.ok(runs.length >= 1)
  assert.ok(runs.every(({ status, duration, logs }) => status === 'done' && Number(duration) >= 0 && logs.length > 0))
  assert.deepEqual(cloud.invocations('city'), cloud.invocations('api'))
})

test('a function is invoked by its export, and its failure is a result', async () => {
  assert.deepEqual((await cloud.invoke('double', { value: 21 })).result, { doubled: 42 })
  const failed = await cloud.invoke('double', { value: 'x' })
  assert.equal(failed.failed, true)
  assert.equal(failed.result.errorMessage, 'no number')
})

test('the clock stands until it is advanced, and runs what falls due', async () => {
  const began = cloud.clock.now()
  assert.deepEqual(cloud.invocations('nightly'), [])
  await cloud.clock.advance('24h')
  await cloud.settle()
  assert.equal(cloud.clock.now().getTime() - began.getTime(), 86_400_000)
  assert.equal(cloud.invocations('nightly').length, 1)
  await assert.rejects(async () => cloud.clock.advance('soon'), /no span of time/)
})

test('names that are not there are told, with the nearest', async () => {
  await assert.rejects(cloud.invoke('dubble'), /no function `dubble`. Did you mean `double`\?/)
  await assert.rejects(cloud.send('jops', {}), /no queue, topic, stream or bus `jops`. Did you mean `jobs`\?/)
  assert.throws(() => cloud.logs('nothing-like-it'), GobletError)
})

test('what does not settle says which function runs', async () => {
  const pending = cloud.invoke('slow')
  // On a busy machine its sandbox takes longer to start than the 0.2 s below.
  while (cloud.invocations('slow').length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  await assert.rejects(cloud.settle({ seconds: 0.2 }), /did not settle within 0.2 s: slow still runs/)
  await pending
  await cloud.settle()
})

test('a module may be given, and must be the app of the entry', async () => {
  const module = await import('../fixtures/testing/app.ts')
  await using second = await start(module, { entry: 'test/fixtures/testing/app.ts' })
  assert.deepEqual((await second.http.get('/cities/x')).json.greeting, 'hello')
  assert.notEqual(second.http.url, cloud.http.url)
  await assert.rejects(
    start({ default: { name: 'other' } }, { entry: 'test/fixtures/testing/app.ts' }),
    /is the app other/,
  )
})

test('an app that does not build, or is not there, is a GobletError and leaves nothing behind', async () => {
  await assert.rejects(start('./no-such-app.ts'), (error) => {
    return error instanceof GobletError && error.complaints[0]?.code === 'GOBLET_NO_ENTRY'
  })
  const short = await start(entry)
  await short.close()
  await short.close()
  await assert.rejects(short.http.get('/cities/x'))
  assert.ok(!existsSync(new URL('../fixtures/testing/.goblet', import.meta.url)))
})
