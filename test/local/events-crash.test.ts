// What EventBridge acknowledged before SIGKILL is delivered afterwards, every event of it.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startClock } from '../../src/local/clock.ts'
import { openEvents } from '../../src/local/services/events/index.ts'
import { openStore } from '../../src/local/store.ts'
import { openMail } from '../support/mail.ts'

const at = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href)
// Nothing is ever taken there, so that everything is still to be delivered.
const SERVER = `
  const { openStore } = await import(${at('../../src/local/store.ts')})
  const { openEvents } = await import(${at('../../src/local/services/events/index.ts')})
  const { startClock } = await import(${at('../../src/local/clock.ts')})
  const { serve } = await import(${at('../support/serve.ts')})
  const { openMail } = await import(${at('../support/mail.ts')})
  const [root] = process.argv.slice(-1)
  const [store, clock] = [openStore(root + '/store'), startClock()]
  const mail = openMail({ store, clock })
  mail.answer(() => ({ refused: 'not now' }))
  const events = openEvents({ store, clock, directory: root + '/events' }, mail.mail)
  const targets = [{ Id: '1', Arn: 'arn:aws:sqs:us-east-1:000000000000:q' }]
  await events.ensureRule({ bus: 'default', name: 'r', when: { pattern: { source: ['a'] } }, targets })
  process.send((await serve(events)).port)
`

async function put(port: number, n: number): Promise<string | undefined> {
  const body = JSON.stringify({ Entries: [{ Source: 'a', DetailType: 't', Detail: JSON.stringify({ n }) }] })
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSEvents.PutEvents' }
  try {
    const answer = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body })
    const { Entries } = JSON.parse(await answer.text())
    return Entries[0].EventId
  } catch {
    return undefined
  }
}

test('events acknowledged before SIGKILL reach their targets', async () => {
  const root = mkdtempSync(join(tmpdir(), 'goblet-events-crash-'))
  const args = ['--import', 'tsx', '--input-type=module', '-e', SERVER, root]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const [port] = await once(child, 'message')
  const acknowledged: string[] = []
  let next = 0
  let down = false
  const worker = async (): Promise<void> => {
    while (!down) {
      const id = await put(Number(port), next++)
      if (id === undefined) down = true
      else acknowledged.push(id)
      if (acknowledged.length === 200) child.kill('SIGKILL')
    }
  }
  await Promise.all([worker(), worker(), worker(), worker()])
  const store = openStore(join(root, 'store'))
  const clock = startClock('virtual', Date.now())
  const mail = openMail({ store, clock })
  openEvents({ store, clock, directory: root }, mail.mail)
  try {
    await clock.advance(600_000)
    const delivered = new Set(mail.taken.map(({ body }) => JSON.parse(body).id))
    assert.ok(acknowledged.length >= 200)
    for (const id of acknowledged) assert.ok(delivered.has(id), id)
    assert.equal(delivered.size, mail.taken.length, 'each once')
  } finally {
    mail.mail.outbox.close()
    clock.stop()
    await store.close()
    rmSync(root, { recursive: true, force: true })
  }
})
