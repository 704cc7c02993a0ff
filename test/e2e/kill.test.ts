// SIGKILL of `goblet dev` in the middle of load: nothing acknowledged is lost, and nothing half-done is visible.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { callSqs, startDev } from '../support/dev.ts'
import { Ledger } from '../support/load.ts'

// GOBLET_KILL_ROUNDS=20 for the whole proof; CI asks for it.
const ROUNDS = Number(process.env.GOBLET_KILL_ROUNDS ?? (process.env.CI === 'true' ? 20 : 3))
// Half as many of the bursts: each starts the process twice.
const BURSTS = Math.ceil(ROUNDS / 2)
const MESSAGES = 300
const SENDERS = 10

const APP = `import { app, bucket, queue } from 'goblet'
export default app('burst')
export const done = bucket('done')
export const jobs = queue<{ id: string }>('jobs', { visibility: 1 })
export const work = jobs.onMessage({ timeout: 1 }, async ({ id }) => { await done.put(id, id) })
`

// Side by side: most of their time is waiting for what was hidden to be visible again.
describe('SIGKILL', { concurrency: 2 }, () => {
  it(`every acknowledged message survives SIGKILL, ${BURSTS} rounds of ${MESSAGES}`, {
    timeout: 60_000 * BURSTS,
  }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'goblet-kill-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    writeFileSync(join(folder, 'app.ts'), APP)
    for (let round = 0; round < BURSTS; round++) {
      const acknowledged = await burst(folder, round)
      const { processed, queued } = await settle(folder, acknowledged)
      const lost = acknowledged.filter((id) => !processed.has(id) && !queued)
      t.diagnostic(
        `round ${round + 1}: ${acknowledged.length} acknowledged, ${processed.size} processed, ${lost.length} lost`,
      )
      assert.deepEqual(lost, [])
    }
  })

  it(`mixed load on S3, SQS, SNS, DynamoDB and Kinesis survives SIGKILL, ${ROUNDS} rounds`, {
    timeout: 60_000 + 20_000 * ROUNDS,
  }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'goblet-kill-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    writeFileSync(join(folder, 'app.ts'), "import { app } from 'goblet'\nexport default app('mixed')\n")
    const ledger = new Ledger()
    for (let round = 0; round < ROUNDS; round++) {
      const dev = await startDev(folder)
      await (round === 0 ? ledger.prepare(dev.aws) : ledger.audit(dev.aws))
      const work = ledger.work(dev.aws)
      // So much work, not so much time: a slow machine must not be killed before it has done anything.
      const enough = ledger.acknowledged + 21 + Math.floor(Math.random() * 150)
      await Promise.race([until(() => ledger.acknowledged >= enough), work])
      dev.process.kill('SIGKILL')
      await Promise.all([work, dev.stop('SIGKILL')])
    }
    const last = await startDev(folder)
    await ledger.audit(last.aws)
    assert.equal(await last.stop(), 0)
    t.diagnostic(`${ledger.acknowledged} operations were acknowledged`)
    assert.ok(ledger.acknowledged > 20 * ROUNDS, 'there was load')
  })
})

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 4000 && !isSo(); turn++) await sleep(2)
}

/** Sends until the process is killed under it. Answers with the ids that were acknowledged. */
async function burst(folder: string, round: number): Promise<string[]> {
  const dev = await startDev(folder)
  const acknowledged: string[] = []
  let next = 0
  const url = `${dev.aws}/000000000000/burst-dev-jobs`
  // Each round dies at another moment of the burst.
  const killAt = Math.floor((MESSAGES * (round + 1)) / (BURSTS + 1))
  const send = async (): Promise<void> => {
    while (next < MESSAGES) {
      const id = `${round}-${next++}`
      try {
        await callSqs(dev.aws, 'SendMessage', { QueueUrl: url, MessageBody: JSON.stringify({ id }) })
      } catch {
        return
      }
      acknowledged.push(id)
      if (acknowledged.length === killAt) dev.process.kill('SIGKILL')
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, send))
  await dev.stop('SIGKILL')
  assert.ok(acknowledged.length >= killAt, 'the burst reached the moment of the kill')
  return acknowledged
}

/** Starts again on the same state, and waits until every message is worked on (or says that some still wait). */
async function settle(folder: string, ids: readonly string[]): Promise<{ processed: Set<string>; queued: boolean }> {
  const dev = await startDev(folder)
  try {
    const processed = new Set<string>()
    for (let attempt = 0; attempt < 150; attempt++) {
      // Counted first: an object is there before its message goes, so what an empty queue has not left in the bucket is lost.
      const waiting = await countOf(dev.aws)
      await collect(dev.aws, processed)
      if (ids.every((id) => processed.has(id))) return { processed, queued: waiting > 0 }
      // An empty queue with a message missing is a loss: no need to wait for what cannot come.
      if (waiting === 0 && attempt > 10) return { processed, queued: false }
      await sleep(100)
    }
    return { processed, queued: (await countOf(dev.aws)) > 0 }
  } finally {
    assert.equal(await dev.stop(), 0)
  }
}

async function collect(aws: string, processed: Set<string>): Promise<void> {
  let token = ''
  do {
    const query = `list-type=2${token === '' ? '' : `&continuation-token=${encodeURIComponent(token)}`}`
    const page = await (await fetch(`${aws}/burst-dev-done-000000000000-us-east-1?${query}`)).text()
    for (const [, key] of page.matchAll(/<Key>([^<]+)<\/Key>/g)) processed.add(String(key))
    token = /<NextContinuationToken>([^<]+)</.exec(page)?.[1] ?? ''
  } while (token !== '')
}

async function countOf(aws: string): Promise<number> {
  const { Attributes } = await callSqs(aws, 'GetQueueAttributes', {
    QueueUrl: `${aws}/000000000000/burst-dev-jobs`,
    AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
  })
  return Object.values(Attributes as Record<string, string>).reduce((sum, count) => sum + Number(count), 0)
}
