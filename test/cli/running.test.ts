// Commands beside a running `goblet dev`, and after it has gone: invoke, send, logs, env.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { until } from '../support/aws.ts'
import { folderOf, goblet, writeFiles } from '../support/command.ts'
import { callSqs, type Dev, GOBLET, startDev } from '../support/dev.ts'

const folder = folderOf({
  'app.ts': `import { app, bus, lambda, queue, route, stream, topic } from 'goblet'
export default app('run')
export const jobs = queue<{ id: number }>('the-jobs')
export const ordered = queue<{ id: number }>('ordered', { fifo: true })
export const news = topic<{ id: number }>('news')
export const clicks = stream<{ page: string }>('clicks', { shards: 1 })
export const seen = clicks.onRecord({ from: 'horizon' }, ({ page }, { kinesis }) => { console.log('seen', page, kinesis.partitionKey) })
export const shop = bus<{ Placed: { id: string } }>('shop')
export const placed = shop.on('Placed', ({ detail, source }) => { console.log('placed', detail.id, source) })
export const heard = news.onMessage(({ id }, { Sns }) => { console.log('heard', id, Sns.Subject) })
export const work = jobs.onMessage(({ id }) => { console.log('worked on', id) })
export const echo = lambda(async (event: unknown) => { console.log('echoing'); return { event } })
export const breaks = lambda(async () => { throw new TypeError('out of order') })
export const index = route('GET /', () => 'hi')
`,
  'event.json': '{"from":"file"}',
})
let dev: Dev
before(async () => {
  dev = await startDev(folder)
})
after(async () => {
  dev.process.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})
const run = (words: readonly string[], input = '') => goblet(words, { cwd: folder, input })

// One after the other: alone, each needs the state for itself.
async function invokes(): Promise<void> {
  const plain = await run(['invoke', 'echo'])
  const json = await run(['invoke', 'echo', '--event', '{"a":1}', '--json'])
  const file = await run(['invoke', 'echo', '--event', 'event.json'])
  const stdin = await run(['invoke', 'run-dev-echo', '--event', '-'], '[1,2]')
  const failing = await run(['invoke', 'breaks'])
  const failingJson = await run(['invoke', 'breaks', '--json'])
  assert.deepEqual([plain.status, JSON.parse(plain.out)], [0, { event: {} }])
  assert.match(plain.err, /^START RequestId: [\s\S]*\tINFO\techoing\nEND [\s\S]*\nREPORT /)
  const { failed, payload, log } = JSON.parse(json.out)
  assert.deepEqual([failed, payload], [false, { event: { a: 1 } }])
  assert.ok(log.some((line: string) => line.includes('echoing')))
  assert.deepEqual(JSON.parse(file.out), { event: { from: 'file' } })
  assert.deepEqual(JSON.parse(stdin.out), { event: [1, 2] })
  assert.equal(failing.status, 1)
  assert.equal(JSON.parse(failing.out).errorType, 'TypeError')
  assert.match(failing.err, /out of order/)
  assert.deepEqual([failingJson.status, JSON.parse(failingJson.out).failed], [1, true])
}

test('invoke runs a function there: its answer on standard output, its log beside it, 1 when it fails', invokes)

test('what cannot be invoked or sent is told', async () => {
  const [unknown, bad, folderGiven, missing, badStdin, noQueue] = await Promise.all([
    run(['invoke', 'ecoh']),
    run(['invoke', 'echo', '--event', '{bad']),
    run(['invoke', 'echo', '--event', '.']),
    run(['invoke', 'echo', '--event', 'nothing.json']),
    run(['invoke', 'echo', '--event', '-'], 'not json'),
    run(['send', 'the-job', '{}']),
  ])
  for (const { status, out } of [unknown, bad, folderGiven, missing, badStdin, noQueue])
    assert.deepEqual([status, out], [1, ''])
  assert.match(
    unknown.err,
    /There is no function `ecoh`\. Did you mean `echo`\?\n.*work, echo, breaks|The functions are/,
  )
  for (const { err } of [bad, folderGiven, missing, badStdin])
    assert.match(err, /The event is not JSON.*\n.*\[GOBLET_BAD_JSON\]/)
  assert.match(
    noQueue.err,
    /There is no queue, topic, stream or bus `the-job`\. Did you mean `the-jobs`\?\n.*jobs, ordered, news, clicks, shop/,
  )
})

test('send puts a message on a queue by its export, its name or its name on AWS; what comes of it is in the logs', async () => {
  const names = ['jobs', 'the-jobs', 'run-dev-the-jobs']
  const ends = await Promise.all(names.map((name, id) => run(['send', name, JSON.stringify({ id }), '--json'])))
  for (const { status, out, err } of ends) {
    assert.equal(status, 0, err)
    assert.match(JSON.parse(out).messageId, /^[0-9a-f-]{36}$/)
  }
  const text = await run(['send', 'jobs', '-'], '{"id":3}')
  assert.match(text.out, /^Sent [0-9a-f-]{36} to run-dev-the-jobs\n$/)
  assert.equal((await run(['send', 'ordered', '{"id":1}', '--group', 'g'])).status, 0)
  await until('worked', async () => ((await run(['logs', 'work'])).out.match(/worked on \d/g) ?? []).length === 4)
  const filtered = await run(['logs', '--filter', 'worked on 3', '--json'])
  const lines = filtered.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    lines.map((one) => one.function),
    ['work'],
  )
  assert.match(lines[0].line, /\tINFO\tworked on 3$/)
  assert.equal((await run(['logs', '--since', '0s'])).out, '')
  assert.match((await run(['logs', 'wrok'])).err, /Did you mean `work`\?/)
})

test('send publishes to a topic, and says which option is of the other kind', async () => {
  const { status, out, err } = await run(['send', 'news', '{"id":5}', '--subject', 'Five', '--json'])
  assert.deepEqual([status, err], [0, ''])
  assert.equal(JSON.parse(out).topic, 'run-dev-news')
  await until('heard', async () => (await run(['logs', 'heard'])).out.includes('heard 5 Five'))
  assert.match((await run(['send', 'news', '{}', '--delay', '3'])).err, /A topic takes no --delay\./)
  assert.match((await run(['send', 'jobs', '{}', '--subject', 'x'])).err, /A queue takes no --subject\./)
})

test('send puts on a stream and emits on a bus', async () => {
  const put = await run(['send', 'clicks', '{"page":"/"}', '--key', 'ada', '--json'])
  assert.deepEqual([put.status, put.err], [0, ''])
  assert.equal(JSON.parse(put.out).stream, 'run-dev-clicks')
  const emitted = await run(['send', 'shop', '{"type":"Placed","detail":{"id":"a"}}'])
  assert.match(emitted.out, /^Sent [0-9a-f-]{36} to run-dev-shop\n$/)
  await until('seen', async () => (await run(['logs', 'seen'])).out.includes('seen / ada'))
  await until('placed', async () => (await run(['logs', 'placed'])).out.includes('placed a shop'))
  assert.match((await run(['send', 'shop', '{"id":"a"}'])).err, /PutEvents.*An event is \{ "type"/s)
  assert.match((await run(['send', 'clicks', '{}', '--subject', 'x'])).err, /A stream takes no --subject\./)
  assert.match((await run(['send', 'shop', '{}', '--key', 'x'])).err, /A bus takes no --key\./)
})

test('logs --follow shows what comes, and ends with the local cloud', async () => {
  const child = spawn(process.execPath, [GOBLET, 'logs', '--follow', '--since', '0s'], { cwd: folder })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    err += String(chunk)
  })
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve))
  await until('followed', async () => {
    await run(['send', 'jobs', '{"id":77}'])
    return out.includes('worked on 77')
  })
  const env = await run(['env', '--json'])
  assert.equal(JSON.parse(env.out).AWS_ENDPOINT_URL, dev.aws)
  const exports = await run(['env'])
  assert.match(exports.out, new RegExp(`^export AWS_ENDPOINT_URL=${dev.aws}\nexport AWS_ACCESS_KEY_ID=goblet\n`))
  assert.equal(await dev.stop(), 0)
  assert.equal(await gone, 0)
  assert.equal(err, '')
})

test('with none running, invoke makes a local cloud for itself, and logs are still there', async () => {
  await invokes()
  assert.match((await run(['logs', 'work', '--filter', 'worked on 77'])).out, /^work {2}.*worked on 77\n/)
})

test('invoke alone leaves what waits in the queues alone', async () => {
  dev = await startDev(folder)
  await callSqs(dev.aws, 'SendMessage', {
    QueueUrl: `${dev.aws}/000000000000/run-dev-the-jobs`,
    MessageBody: '{"id":99}',
    DelaySeconds: 1,
  })
  await dev.stop()
  await new Promise((resolve) => setTimeout(resolve, 1100))
  assert.equal((await run(['invoke', 'echo'])).status, 0)
  assert.equal((await run(['logs', '--filter', 'worked on 99'])).out, '')
  dev = await startDev(folder)
  await until('worked', () => dev.said.some(({ text }) => String(text).includes('worked on 99')))
  assert.equal(await dev.stop(), 0)
})

test('invoke while dev waits for a mended app says what is wrong with the app', async () => {
  writeFiles(folder, { 'app.ts': 'export const broken = ' })
  const child = spawn(process.execPath, [GOBLET, 'dev', '--json', '--port', '0', '--aws-port', '0'], { cwd: folder })
  let out = ''
  child.stdout.on('data', (chunk) => {
    out += String(chunk)
  })
  await until('the complaint', () => out.includes('GOBLET_BUILD_FAILED'))
  const { status, err } = await run(['invoke', 'echo'])
  assert.equal(status, 1)
  assert.match(err, /app\.ts:1.*[\s\S]*\[GOBLET_BUILD_FAILED\]/)
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  assert.equal(await gone, 0)
  assert.equal(rmSync(join(folder, '.goblet'), { recursive: true }), undefined)
})
