// Many messages through a queue trigger of `goblet dev`: does its memory grow with what it has worked off?
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { figure, heading, median, print, sleep } from './measure.mjs'
import { launch, residentOf } from './processes.mjs'

const { values: flags } = parseArgs({
  options: { messages: { type: 'string', default: '200000' }, samples: { type: 'string', default: '20' } },
})
const MESSAGES = Number(flags.messages)
const SAMPLES = Number(flags.samples)
// As long as the heap still finds its size.
const WARM = Math.ceil(SAMPLES / 4)
const IN_FLIGHT = 4
// More than this waiting would measure the queue, not the work.
const MOST_WAITING = 2000

const here = fileURLToPath(new URL('.', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'goblet-soak-'))
const heap = join(folder, 'heap')
const app = join(folder, 'app')
mkdirSync(app)
writeFileSync(join(app, 'package.json'), '{ "name": "soak", "type": "module" }\n')
writeFileSync(
  join(app, 'app.ts'),
  `import { app, queue } from 'goblet'
export default app('soak')
export const jobs = queue<{ id: number }>('jobs')
export const work = jobs.onMessage({ batchSize: 10 }, async ({ id }) => { if (id < 0) throw new Error('no') })
`,
)

async function call(aws, operation, input) {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` }
  const answer = await fetch(aws, { method: 'POST', headers, body: JSON.stringify(input) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  return text === '' ? {} : JSON.parse(text)
}

async function waiting(aws, QueueUrl) {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible']
  const { Attributes } = await call(aws, 'GetQueueAttributes', { QueueUrl, AttributeNames })
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0)
}

/** Sends so many messages and waits until they are worked off. */
async function workOff(aws, QueueUrl, count) {
  let sent = 0
  const sender = async () => {
    while (sent < count) {
      const Entries = Array.from({ length: Math.min(10, count - sent) }, (_, index) => ({
        Id: String(index),
        MessageBody: JSON.stringify({ id: sent++, text: 'a message of some length, as they are' }),
      }))
      await call(aws, 'SendMessageBatch', { QueueUrl, Entries })
      if (sent % 500 === 0) while ((await waiting(aws, QueueUrl)) > MOST_WAITING) await sleep(20)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, sender))
  while ((await waiting(aws, QueueUrl)) > 0) await sleep(50)
}

async function heapNow() {
  rmSync(heap, { force: true })
  while (!existsSync(heap) || readFileSync(heap, 'utf8') === '') await sleep(20)
  return Number(readFileSync(heap, 'utf8')) / 1024 ** 2
}

const command = join(here, '..', 'dist', 'cli', 'main.js')
const args = ['--import', join(here, 'servers', 'heap.mjs'), command, 'dev', '--json', '--port', '0', '--aws-port', '0']
const running = launch(process.execPath, args, { cwd: app, env: { GOBLET_BENCH_HEAP: heap } })
try {
  const { aws } = await running.line
  const QueueUrl = `${aws}/000000000000/soak-dev-jobs`
  const samples = []
  const began = performance.now()
  for (let sample = 0; sample < SAMPLES; sample++) {
    await workOff(aws, QueueUrl, Math.round(MESSAGES / SAMPLES))
    samples.push({
      heap: await heapNow(),
      'resident, without files': residentOf(running.pid, 'RssAnon'),
      resident: residentOf(running.pid),
    })
  }
  const rate = (MESSAGES * 1000) / (performance.now() - began)
  heading(`Memory of goblet dev while ${MESSAGES} messages are worked off (${figure(rate)}/s)`)
  const third = Math.floor((SAMPLES - WARM) / 3)
  const of = (name, list) => median(list.map((one) => one[name]))
  const rows = ['heap', 'resident, without files', 'resident'].map((name) => {
    const early = of(name, samples.slice(WARM, WARM + third))
    const late = of(name, samples.slice(-third))
    return { MB: name, 'after warm-up': figure(early), 'at the end': figure(late), growth: figure(late - early) }
  })
  print(`${SAMPLES} samples, the first ${WARM} are warm-up`, rows)
} finally {
  await running.stop()
  rmSync(folder, { recursive: true, force: true })
}
