// A disk that is full under `goblet dev`: every service says so in its own protocol, nothing is lost, and all goes on when there is room.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { callSqs, startDev } from '../support/dev.ts'

const BODY = 'x'.repeat(50_000)
const FORM = 'application/x-www-form-urlencoded'

test('a full disk answers 503, tells the console why, loses nothing and goes on', {
  skip: process.platform !== 'linux',
  timeout: 60_000,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'goblet-disk-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'app.ts'), "import { app } from 'goblet'\nexport default app('disk')\n")
  const dev = await startDev(folder, [], { largestFile: 6000 })
  t.after(() => dev.stop('SIGKILL'))
  const { aws } = dev
  const put = (key: string) =>
    fetch(`${aws}/objects/${key}`, { method: 'PUT', body: key, headers: { 'x-amz-meta-fill': BODY.slice(0, 1500) } })
  assert.equal((await fetch(`${aws}/objects`, { method: 'PUT' })).status, 200)
  await callSqs(aws, 'CreateQueue', { QueueName: 'jobs' })
  const QueueUrl = `${aws}/000000000000/jobs`

  let sent = 0
  const refused = await (async () => {
    for (; sent < 500; sent++) {
      const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' }
      const body = JSON.stringify({ QueueUrl, MessageBody: `${sent} ${BODY}` })
      const answer = await fetch(aws, { method: 'POST', headers, body })
      if (!answer.ok) return answer
      await answer.text()
    }
    return assert.fail('The disk was never full.')
  })()
  assert.equal(refused.status, 503)
  assert.match(await refused.text(), /"__type":"[^"]*#ServiceUnavailable"/)
  const form = new URLSearchParams({ Action: 'SendMessage', QueueUrl, MessageBody: BODY }).toString()
  const old = await fetch(aws, { method: 'POST', headers: { 'content-type': FORM }, body: form })
  assert.equal(old.status, 503)
  assert.match(await old.text(), /<Type>Receiver<\/Type>\s*<Code>ServiceUnavailable<\/Code>/)

  // Rows of objects are small, and find room for longer.
  const kept: string[] = []
  for (let index = 0; index < 300; index++) {
    const answer = await put(`key-${index}`)
    const text = await answer.text()
    if (answer.ok) {
      kept.push(`key-${index}`)
      continue
    }
    assert.equal(answer.status, 503)
    assert.match(text, /<Error><Code>ServiceUnavailable<\/Code>/)
    break
  }
  assert.ok(kept.length < 300, 'S3 met the limit')
  assert.match(dev.errors(), /could not write to its disk.*GOBLET_DISK/s)

  execFileSync('prlimit', ['--pid', String(dev.process.pid), '--fsize=unlimited:'])
  for (const key of kept) assert.equal(await (await fetch(`${aws}/objects/${key}`)).text(), key)
  const taken = new Set<string>()
  for (let quiet = 0; quiet < 3; ) {
    const { Messages = [] } = await callSqs(aws, 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 })
    const messages = Messages as { Body: string; ReceiptHandle: string }[]
    if (messages.length === 0) quiet++
    for (const { Body, ReceiptHandle } of messages) {
      taken.add(String(Body.split(' ')[0]))
      await callSqs(aws, 'DeleteMessage', { QueueUrl, ReceiptHandle })
    }
  }
  assert.equal(taken.size, sent)
  await callSqs(aws, 'SendMessage', { QueueUrl, MessageBody: BODY })
  assert.equal((await put('later')).status, 200)
  assert.equal(await dev.stop(), 0)
})
