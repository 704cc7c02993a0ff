// Runs the whole pipeline: photographs on a local server, their jobs on the queue, the answers in a table; then keeps serving.
import { spawn } from 'node:child_process'
import { createReadStream, readdirSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createProbe } from 'node:net'
import { basename, extname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const goblet = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const photographs = readdirSync(join(here, 'photographs')).filter((name) => /\.(jpg|png)$/.test(name))

const origin = await serveOriginals()
const { http, aws, log } = await startGoblet()
const queue = (name) => `${aws}/000000000000/imager-dev-${name}`

const good = photographs.map((name) => ({
  name,
  filename: `${basename(name, extname(name))}.webp`,
  url: `${origin}/${name}`,
}))
const bad = [
  { name: 'nothing there', filename: 'missing.webp', url: `${origin}/missing.jpg` },
  { name: 'not a picture', filename: 'corrupt.webp', url: `${origin}/corrupt.jpg` },
  { name: '30 MB', filename: 'huge.webp', url: `${origin}/huge.jpg` },
]

console.log(`goblet runs the image pipeline: ${good.length} photographs and ${bad.length} jobs that cannot work.\n`)
for (const job of [...good, ...bad]) {
  const { filename, url } = job
  const { MessageId } = await sqs('SendMessage', {
    QueueUrl: queue('imager-queue'),
    MessageBody: JSON.stringify({ filename, url }),
  })
  job.message = MessageId
}

for (const { name, filename } of good) {
  const after = await bytesOf(filename)
  const before = statSync(join(here, 'photographs', name)).size
  const share = Math.round((100 * after) / before)
  console.log(
    `  ${name.padEnd(16)} ${kB(before)} -> ${kB(after)}  ${String(share).padStart(3)} %   ${http}/photos/${filename}`,
  )
}

console.log(
  `\nThe ${bad.length} others are tried three times, five seconds apart, and then kept in the dead-letter queue:\n`,
)
for (const kept of await deadLetters(bad.length)) {
  const { name } = bad.find(({ message }) => message === kept)
  console.log(`  ${name.padEnd(16)} ${reasonOf(kept)}`)
}

console.log(`
Look at them:  ${http}/
With the aws CLI:
  export AWS_ENDPOINT_URL=${aws} AWS_ACCESS_KEY_ID=goblet AWS_SECRET_ACCESS_KEY=goblet AWS_REGION=us-east-1
  aws s3 ls s3://imager-dev-photos-000000000000-us-east-1
Serving until Ctrl-C.`)

/** Serves the photographs, something that is no picture, and 30 MB. */
function serveOriginals() {
  const server = createServer((request, response) => {
    const name = basename(request.url ?? '')
    if (photographs.includes(name)) createReadStream(join(here, 'photographs', name)).pipe(response)
    else if (name === 'corrupt.jpg') response.end(Buffer.alloc(50_000, 'no picture '))
    else if (name === 'huge.jpg') response.end(Buffer.alloc(30 * 1024 * 1024))
    else response.writeHead(404).end()
  })
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`)),
  )
}

/** Starts `goblet dev` and waits until it serves, on the ports given on the command line or the usual ones. */
async function startGoblet() {
  const [port = '8000', awsPort = '4566'] = process.argv.slice(2)
  const ports = ['--port', await freePort(Number(port)), '--aws-port', await freePort(Number(awsPort))]
  const cloud = spawn(process.execPath, [goblet, 'dev', '--json', '--fresh', ...ports], {
    cwd: here,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => cloud.kill(signal))
  cloud.once('exit', (status) => process.exit(status ?? 0))
  const log = []
  return new Promise((resolve) => {
    createInterface({ input: cloud.stdout }).on('line', (line) => {
      const said = JSON.parse(line)
      if (said.event === 'log') log.push(said.text)
      else if (said.event === 'ready') resolve({ ...said, log })
      else if (said.event === 'error')
        console.error(said.complaints.map(({ message, mend }) => `${message}\n  ${mend}`).join('\n'))
    })
  })
}

/** The wanted port, or 0 (any) where another program has it. */
function freePort(wanted) {
  return new Promise((resolve) => {
    const probe = createProbe().once('error', () => resolve('0'))
    probe.listen(wanted, '127.0.0.1', () => probe.close(() => resolve(String(wanted))))
  })
}

async function sqs(operation, input) {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` }
  const answer = await fetch(aws, { method: 'POST', headers, body: JSON.stringify(input) })
  if (!answer.ok) throw new Error(`${operation}: ${await answer.text()}`)
  return answer.json()
}

async function bytesOf(filename) {
  for (;;) {
    const answer = await fetch(`${http}/photos/${filename}`)
    if (answer.ok) return (await answer.arrayBuffer()).byteLength
    await answer.body?.cancel()
    await sleep(100)
  }
}

async function deadLetters(count) {
  const kept = []
  while (kept.length < count) {
    const { Messages = [] } = await sqs('ReceiveMessage', {
      QueueUrl: queue('imager-failed'),
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 60,
      WaitTimeSeconds: 5,
    })
    kept.push(...Messages.map(({ MessageId }) => MessageId))
  }
  return kept
}

/** What the function's log says of a message that failed. */
function reasonOf(message) {
  const line = log.findLast((text) => text.includes(`Message ${message} failed`) && text.includes('Error: '))
  return /Error: ([^\n]*)/.exec(line ?? '')?.[1] ?? 'see goblet logs build'
}

function kB(bytes) {
  return `${Math.round(bytes / 1024)} kB`.padStart(7)
}
