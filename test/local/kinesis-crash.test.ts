// What Kinesis acknowledged before SIGKILL is there afterwards: every record, once, under the number that was given for it.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startClock } from '../../src/local/clock.ts'
import { openKinesis } from '../../src/local/services/kinesis/index.ts'
import { openStore } from '../../src/local/store.ts'

const at = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href)
const SERVER = `
  const { openStore } = await import(${at('../../src/local/store.ts')})
  const { openKinesis } = await import(${at('../../src/local/services/kinesis/index.ts')})
  const { startClock } = await import(${at('../../src/local/clock.ts')})
  const { serve } = await import(${at('../support/serve.ts')})
  const [root] = process.argv.slice(-1)
  const kinesis = openKinesis({ store: openStore(root + '/store'), clock: startClock(), directory: root })
  await kinesis.ensureStream('s', { shards: 2 })
  process.send((await serve(kinesis)).port)
`

interface Put {
  readonly text: string
  readonly shard: string
  readonly sequence: string
}

async function put(port: number, text: string): Promise<Put | undefined> {
  const Data = Buffer.from(text).toString('base64')
  const body = JSON.stringify({ StreamName: 's', Records: [{ PartitionKey: text, Data }] })
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Kinesis_20131202.PutRecords' }
  try {
    const answer = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body })
    const [{ ShardId, SequenceNumber }] = JSON.parse(await answer.text()).Records
    return { text, shard: ShardId, sequence: SequenceNumber }
  } catch {
    return undefined
  }
}

test('records acknowledged before SIGKILL are read afterwards, and newer ones come after them', async () => {
  const root = mkdtempSync(join(tmpdir(), 'goblet-kinesis-crash-'))
  const args = ['--import', 'tsx', '--input-type=module', '-e', SERVER, root]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const [port] = await once(child, 'message')
  const acknowledged: Put[] = []
  let next = 0
  let down = false
  const worker = async (): Promise<void> => {
    while (!down) {
      const done = await put(Number(port), `record ${next++}`)
      if (done === undefined) down = true
      else acknowledged.push(done)
      if (acknowledged.length === 300) child.kill('SIGKILL')
    }
  }
  await Promise.all([worker(), worker(), worker(), worker()])
  const store = openStore(join(root, 'store'))
  const clock = startClock('virtual', Date.now())
  try {
    const kinesis = openKinesis({ store, clock, directory: root })
    const source = kinesis.source('s')
    const read = (): Put[] =>
      source.shards().flatMap((shard) =>
        source.read(shard, undefined, 10_000).map(({ sequence, record }) => ({
          text: Buffer.from(record.data, 'base64').toString(),
          shard,
          sequence,
        })),
      )
    const kept = new Map(read().map((one) => [one.text, one]))
    assert.equal(kept.size, read().length, 'each once')
    assert.ok(acknowledged.length >= 300)
    for (const one of acknowledged) assert.deepEqual(kept.get(one.text), one)
    const { SequenceNumber, ShardId } = await kinesis.put('s', 'after', 'record 0')
    for (const { shard, sequence } of kept.values())
      if (shard === ShardId) assert.ok(BigInt(SequenceNumber) > BigInt(sequence))
  } finally {
    clock.stop()
    await store.close()
    rmSync(root, { recursive: true, force: true })
  }
})
