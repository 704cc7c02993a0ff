// Server CPU of one call to a local service, driven by the AWS SDK; beside a node:http server with fixed answers.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { figure, heading, interleaved, median, print } from './measure.mjs'
import { cpu, launch } from './processes.mjs'
import { gobletProject } from './projects.mjs'

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '4' }, calls: { type: 'string', default: '4000' } },
})
const IN_FLIGHT = 8
const BODY = Buffer.alloc(10_240, 'x')
const Bucket = 'bench-objects'
const folder = mkdtempSync(join(tmpdir(), 'goblet-services-'))

const SERVERS = [
  {
    name: 'node:http stub',
    file: process.execPath,
    args: [fileURLToPath(new URL('servers/stub.mjs', import.meta.url))],
    endpointOf: ({ port }) => `http://127.0.0.1:${port}`,
  },
  { name: 'goblet dev', ...gobletProject(join(folder, 'goblet')), endpointOf: ({ aws }) => aws },
]

async function open(server) {
  const running = launch(server.file, server.args, { cwd: server.cwd })
  const endpoint = server.endpointOf(await running.line)
  const options = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'goblet', secretAccessKey: 'goblet' },
    maxAttempts: 1,
  }
  const s3 = new S3Client({ ...options, forcePathStyle: true })
  // The stub gives every message the same digest.
  const sqs = new SQSClient({ ...options, md5: false })
  await s3.send(new CreateBucketCommand({ Bucket }))
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'bench' }))
  return { ...running, operations: toOperations(s3, sqs, QueueUrl) }
}

/** In an order in which each finds what the one before it left. */
function toOperations(s3, sqs, QueueUrl) {
  const handles = []
  return {
    's3 put 10 kB': (index) => s3.send(new PutObjectCommand({ Bucket, Key: `object-${index % 500}`, Body: BODY })),
    's3 get 10 kB': async (index) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: `object-${index % 500}` }))
      if ((await Body.transformToByteArray()).length !== BODY.length) throw new Error('The object came back short.')
    },
    'sqs send': () => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' })),
    'sqs receive 1': async () => {
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }))
      if (Messages?.length !== 1) throw new Error('A message that was sent did not come.')
      handles.push(Messages[0].ReceiptHandle)
    },
    'sqs delete': () => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: handles.pop() })),
  }
}

async function run(operation, calls) {
  let index = 0
  const worker = async () => {
    while (index < calls) await operation(index++)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
}

async function measure({ pid, operations }, calls) {
  const costs = {}
  for (const [name, operation] of Object.entries(operations)) {
    const before = cpu(pid)
    const began = performance.now()
    await run(operation, calls)
    costs[name] = { cpu: (cpu(pid) - before) / calls, rate: (calls * 1000) / (performance.now() - began) }
  }
  return costs
}

const running = new Map()
try {
  for (const server of SERVERS) running.set(server.name, await open(server))
  const found = new Map(SERVERS.map(({ name }) => [name, []]))
  for (const { name } of SERVERS) await measure(running.get(name), 1000)
  for (const { entry } of interleaved(SERVERS, Number(flags.rounds))) {
    found.get(entry.name).push(await measure(running.get(entry.name), Number(flags.calls)))
  }
  heading('Server CPU of one call, by the AWS SDK, 8 in flight')
  const of = (name, operation, key) => median(found.get(name).map((costs) => costs[operation][key]))
  const [stub, goblet] = SERVERS.map(({ name }) => name)
  const rows = Object.keys(running.get(stub).operations).map((operation) => ({
    operation,
    'stub µs': figure(of(stub, operation, 'cpu')),
    'goblet µs': figure(of(goblet, operation, 'cpu')),
    ratio: figure(of(goblet, operation, 'cpu') / of(stub, operation, 'cpu')),
    'goblet calls/s (client-bound)': figure(of(goblet, operation, 'rate')),
  }))
  print(`${flags.rounds} rounds of ${flags.calls} calls`, rows)
} finally {
  for (const { stop } of running.values()) await stop()
  rmSync(folder, { recursive: true, force: true })
}
