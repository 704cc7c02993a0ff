// The local SQS over time, on a virtual clock: visibility, delay, retention, redrive, deduplication, restarts.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { type Opened, open, urlOf } from '../support/sqs.ts'

let cloud: Opened
beforeEach(async () => {
  cloud = await open()
})
afterEach(() => cloud.close())

const bodies = (messages: readonly { Body: string }[]) => messages.map(({ Body }) => Body)
const arnOf = (queue: string) => `arn:aws:sqs:us-east-1:000000000000:${queue}`

test('a hidden message comes back when its visibility ends, and says so', async () => {
  await cloud.sqs.ensureQueue('q', { VisibilityTimeout: '30' })
  const arrivals: string[] = []
  const stop = cloud.sqs.onArrival((queue) => arrivals.push(queue))
  await cloud.sqs.send('q', 'one')
  assert.deepEqual(arrivals, ['q'])
  const [first] = await cloud.receive('q')
  assert.deepEqual(cloud.sqs.counts('q'), { visible: 0, hidden: 1, delayed: 0 })
  await cloud.clock.advance(29_999)
  assert.deepEqual(await cloud.receive('q'), [])
  await cloud.clock.advance(1)
  assert.deepEqual(arrivals, ['q', 'q'])
  const [second] = await cloud.receive('q')
  assert.equal(second?.MessageId, first?.MessageId)
  assert.notEqual(second?.ReceiptHandle, first?.ReceiptHandle)
  assert.equal(second?.Attributes?.ApproximateReceiveCount, '2')
  assert.equal(
    second?.Attributes?.ApproximateFirstReceiveTimestamp,
    first?.Attributes?.ApproximateFirstReceiveTimestamp,
  )
  // The handle of a visibility long over still deletes: standard queues take it.
  await cloud.clock.advance(31_000)
  await cloud.call('DeleteMessage', { QueueUrl: urlOf('q'), ReceiptHandle: first?.ReceiptHandle })
  assert.deepEqual(cloud.sqs.counts('q'), { visible: 0, hidden: 0, delayed: 0 })
  stop()
})

test('visibility is changed: longer, shorter, at once, never beyond twelve hours', async () => {
  await cloud.sqs.ensureQueue('q', {})
  await cloud.sqs.send('q', 'one')
  const [message] = await cloud.receive('q')
  const to = (VisibilityTimeout: number) =>
    cloud.call('ChangeMessageVisibility', {
      QueueUrl: urlOf('q'),
      ReceiptHandle: message?.ReceiptHandle,
      VisibilityTimeout,
    })
  await to(60)
  await cloud.clock.advance(31_000)
  assert.deepEqual(await cloud.receive('q'), [])
  assert.match(String((await to(43_200)).message), /beyond the limit \[43200 seconds\]/)
  await to(0)
  const [again] = await cloud.receive('q', { VisibilityTimeout: 1 })
  assert.equal(again?.Body, 'one')
  await cloud.clock.advance(2_000)
  assert.deepEqual(await to(5), {})
  assert.deepEqual(cloud.sqs.counts('q'), { visible: 1, hidden: 0, delayed: 0 })
})

test('delays: of the queue, of the message, and none', async () => {
  await cloud.sqs.ensureQueue('q', { DelaySeconds: '10' })
  await cloud.sqs.send('q', 'ten')
  await cloud.sqs.send('q', 'five', { delaySeconds: 5 })
  await cloud.sqs.send('q', 'now', { delaySeconds: 0 })
  assert.deepEqual(cloud.sqs.counts('q'), { visible: 1, hidden: 0, delayed: 2 })
  assert.deepEqual(bodies(await cloud.receive('q')), ['now'])
  const poll = cloud.receive('q', { WaitTimeSeconds: 20 })
  await cloud.clock.advance(5_000)
  assert.deepEqual(bodies(await poll), ['five'])
  assert.deepEqual(cloud.sqs.counts('q'), { visible: 0, hidden: 2, delayed: 1 })
  await cloud.clock.advance(5_000)
  assert.deepEqual(bodies(await cloud.receive('q')), ['ten'])
})

test('a long poll ends empty when its time is over', async () => {
  await cloud.sqs.ensureQueue('q', { ReceiveMessageWaitTimeSeconds: '3' })
  const polls = [cloud.receive('q'), cloud.receive('q'), cloud.receive('q')]
  await new Promise((resolve) => setTimeout(resolve, 50))
  await cloud.clock.advance(3_000)
  assert.deepEqual(await Promise.all(polls), [[], [], []])
})

test('messages expire after the retention, also when it is shortened', async () => {
  await cloud.sqs.ensureQueue('q', { MessageRetentionPeriod: '600' })
  await cloud.sqs.send('q', 'old')
  await cloud.clock.advance(300_000)
  await cloud.sqs.send('q', 'young')
  await cloud.clock.advance(300_000)
  assert.deepEqual(cloud.sqs.counts('q'), { visible: 1, hidden: 0, delayed: 0 })
  assert.deepEqual(bodies(await cloud.receive('q', { VisibilityTimeout: 0 })), ['young'])
  await cloud.sqs.ensureQueue('q', { MessageRetentionPeriod: '60' })
  await cloud.clock.advance(1)
  assert.deepEqual(cloud.sqs.counts('q'), { visible: 0, hidden: 0, delayed: 0 })
})

test('a message received too often moves to the dead-letter queue, with all it has', async () => {
  await cloud.sqs.ensureQueue('dead', {})
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 2 })
  await cloud.sqs.ensureQueue('q', { RedrivePolicy, VisibilityTimeout: '10' })
  const attributes = { kind: { DataType: 'String', StringValue: 'poison' } }
  const { messageId } = await cloud.sqs.send('q', 'bad', { attributes, traceHeader: 'Root=1' })
  await cloud.sqs.send('q', 'good')
  for (const times of ['1', '2']) {
    const [message] = await cloud.receive('q')
    assert.equal(message?.Attributes?.ApproximateReceiveCount, times)
    await cloud.clock.advance(10_000)
  }
  const arrivals: string[] = []
  cloud.sqs.onArrival((queue) => arrivals.push(queue))
  assert.deepEqual(await cloud.receive('q'), [])
  assert.deepEqual(arrivals, ['dead'])
  assert.deepEqual(cloud.sqs.counts('q'), { visible: 0, hidden: 0, delayed: 0 })
  const [moved, other] = await cloud.sqs.receive('dead', { max: 10 })
  assert.equal(other?.body, 'good')
  assert.equal(moved?.messageId, messageId)
  assert.equal(moved?.body, 'bad')
  assert.equal(moved?.attributes.DeadLetterQueueSourceArn, arnOf('q'))
  assert.equal(moved?.attributes.AWSTraceHeader, 'Root=1')
  assert.equal(moved?.attributes.ApproximateReceiveCount, '3')
  assert.deepEqual(moved?.messageAttributes.kind, {
    stringValue: 'poison',
    stringListValues: [],
    binaryListValues: [],
    dataType: 'String',
  })
  await cloud.sqs.delete('dead', [String(moved?.receiptHandle), 'garbage'])
  assert.deepEqual(cloud.sqs.counts('dead'), { visible: 0, hidden: 1, delayed: 0 })
})

test('deduplication: five minutes from the first, also after its deletion', async () => {
  await cloud.sqs.ensureQueue('q.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' })
  const first = await cloud.sqs.send('q.fifo', 'same', { groupId: 'a' })
  const [message] = await cloud.sqs.receive('q.fifo', { max: 10 })
  await cloud.sqs.delete('q.fifo', [String(message?.receiptHandle)])
  await cloud.clock.advance(299_000)
  // The id counts for the whole queue, not for the group (recorded).
  assert.deepEqual(await cloud.sqs.send('q.fifo', 'same', { groupId: 'b' }), first)
  assert.deepEqual(await cloud.receive('q.fifo'), [])
  await cloud.clock.advance(1_000)
  const later = await cloud.sqs.send('q.fifo', 'same', { groupId: 'a' })
  assert.notEqual(later.messageId, first.messageId)
  assert.ok(String(later.sequenceNumber) > String(first.sequenceNumber))
  assert.deepEqual(bodies(await cloud.receive('q.fifo')), ['same'])
})

test('FIFO: a group in flight is blocked, others are not; a receive fills up from one group', async () => {
  await cloud.sqs.ensureQueue('q.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' })
  const send = (body: string) => cloud.sqs.send('q.fifo', body, { groupId: body.slice(0, 1) })
  for (const body of ['a1', 'a2', 'a3', 'b1', 'b2']) await send(body)
  const taken = await cloud.receive('q.fifo', { MaxNumberOfMessages: 2 })
  assert.deepEqual(bodies(taken), ['a1', 'a2'])
  assert.deepEqual(bodies(await cloud.receive('q.fifo', { MaxNumberOfMessages: 1 })), ['b1'])
  assert.deepEqual(await cloud.receive('q.fifo'), [])
  await send('a4')
  assert.deepEqual(await cloud.receive('q.fifo'), [])
  const remove = (at: number) =>
    cloud.call('DeleteMessage', { QueueUrl: urlOf('q.fifo'), ReceiptHandle: taken[at]?.ReceiptHandle })
  await remove(0)
  assert.deepEqual(await cloud.receive('q.fifo'), [])
  const poll = cloud.receive('q.fifo', { WaitTimeSeconds: 20 })
  await remove(1)
  assert.deepEqual(bodies(await poll), ['a3', 'a4'])
  await cloud.clock.advance(30_000)
  const all = await cloud.receive('q.fifo')
  assert.deepEqual(bodies(all).sort(), ['a3', 'a4', 'b1', 'b2'])
  await cloud.clock.advance(30_000)
  const late = await cloud.call('DeleteMessage', { QueueUrl: urlOf('q.fifo'), ReceiptHandle: all[0]?.ReceiptHandle })
  assert.match(
    String(late.message),
    /^Value .* for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.$/,
  )
})

test('FIFO redrive: the poison goes, the group goes on', async () => {
  await cloud.sqs.ensureQueue('dead.fifo', { FifoQueue: 'true' })
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dead.fifo'), maxReceiveCount: 1 })
  await cloud.sqs.ensureQueue('q.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true', RedrivePolicy })
  await cloud.sqs.send('q.fifo', 'a1', { groupId: 'a' })
  await cloud.sqs.send('q.fifo', 'a2', { groupId: 'a' })
  assert.deepEqual(bodies(await cloud.receive('q.fifo', { MaxNumberOfMessages: 1 })), ['a1'])
  await cloud.clock.advance(30_000)
  assert.deepEqual(bodies(await cloud.receive('q.fifo', { MaxNumberOfMessages: 1 })), ['a2'])
  assert.deepEqual(bodies(await cloud.receive('dead.fifo')), ['a1'])
})

test('everything is there after a restart, and what falls due meanwhile arrives', async () => {
  await cloud.sqs.ensureQueue('q', { VisibilityTimeout: '30' })
  await cloud.sqs.send('q', 'hidden')
  const [hidden] = await cloud.receive('q')
  await cloud.sqs.send('q', 'delayed', { delaySeconds: 60 })
  await cloud.sqs.send('q', 'there')
  cloud = await cloud.reopen()
  assert.deepEqual(cloud.sqs.counts('q'), { visible: 1, hidden: 1, delayed: 1 })
  const arrivals: number[] = []
  const start = cloud.clock.now()
  cloud.sqs.onArrival(() => arrivals.push(cloud.clock.now() - start))
  await cloud.clock.advance(60_000)
  assert.deepEqual(arrivals, [30_000, 60_000])
  cloud = await cloud.reopen(-3_600_000)
  await cloud.clock.advance(3_600_000)
  await cloud.sqs.send('q', 'last')
  assert.deepEqual(bodies(await cloud.receive('q')), ['there', 'hidden', 'delayed', 'last'])
  await cloud.call('DeleteMessage', { QueueUrl: urlOf('q'), ReceiptHandle: hidden?.ReceiptHandle })
  assert.equal(cloud.sqs.counts('q').hidden, 3)
})

const KILLED = `
import { startClock } from '${new URL('../../src/local/clock.ts', import.meta.url)}'
import { openSqs } from '${new URL('../../src/local/services/sqs/index.ts', import.meta.url)}'
import { openStore } from '${new URL('../../src/local/store.ts', import.meta.url)}'
const directory = process.argv[1]
const sqs = openSqs({ store: openStore(directory), clock: startClock(), directory })
await sqs.ensureQueue('q', {})
for (let number = 1; ; number++) {
  await sqs.send('q', String(number))
  console.log(number)
}
`

test('what was acknowledged survives SIGKILL', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sqs-'))
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', KILLED, directory])
  let said = ''
  for await (const piece of child.stdout) {
    said += piece
    if (said.split('\n').length > 50) child.kill('SIGKILL')
  }
  const acknowledged = said.trimEnd().split('\n').length
  const again = await open(directory, Date.now())
  const { visible } = again.sqs.counts('q')
  assert.ok(visible >= acknowledged && acknowledged >= 50, `${visible} of ${acknowledged}`)
  await again.close()
})

// Small, seeded and repeatable: mulberry32.
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

test('FIFO order holds under any interleaving of sends, receives, deletions, timeouts and restarts', async () => {
  for (const seed of [1, 2, 3, 4]) {
    const pick = random(seed)
    const queue = `order-${seed}.fifo`
    await cloud.sqs.ensureQueue(queue, {
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
      VisibilityTimeout: '10',
    })
    const sent = new Map<string, number>()
    const done = new Map<string, number>()
    let inFlight: { group: string; number: number; handle: string; until: number }[] = []
    for (let step = 0; step < 200; step++) {
      inFlight = inFlight.filter(({ until }) => until > cloud.clock.now())
      const dice = pick(10)
      if (dice < 4) {
        const group = `g${pick(3)}`
        sent.set(group, (sent.get(group) ?? 0) + 1)
        await cloud.sqs.send(queue, `${group}:${sent.get(group)}`, { groupId: group })
      } else if (dice < 7) {
        const blocked = new Set(inFlight.map(({ group }) => group))
        const next = new Map(done)
        for (const { body, receiptHandle } of await cloud.sqs.receive(queue, { max: 1 + pick(4) })) {
          const [group = '', number] = body.split(':')
          assert.ok(!blocked.has(group), `seed ${seed}, step ${step}: ${group} has messages in flight`)
          assert.equal(
            Number(number),
            (next.get(group) ?? 0) + 1,
            `seed ${seed}, step ${step}: ${body} is out of order`,
          )
          next.set(group, Number(number))
          inFlight.push({ group, number: Number(number), handle: receiptHandle, until: cloud.clock.now() + 10_000 })
        }
      } else if (dice < 9) {
        // Deletes in the order of receiving within a group, as a consumer that keeps order does.
        const first = inFlight[0]
        if (first === undefined) continue
        await cloud.sqs.delete(queue, [first.handle])
        done.set(first.group, first.number)
        inFlight.shift()
      } else if (step % 50 === 49) cloud = await cloud.reopen()
      else await cloud.clock.advance(pick(8_000))
    }
    for (let left = 1; left > 0; ) {
      const messages = await cloud.sqs.receive(queue, { max: 10 })
      await cloud.sqs.delete(
        queue,
        messages.map(({ receiptHandle }) => receiptHandle),
      )
      if (messages.length === 0) await cloud.clock.advance(10_000)
      const { visible, hidden } = cloud.sqs.counts(queue)
      left = visible + hidden
    }
    assert.deepEqual(await cloud.receive(queue), [])
  }
})

test('what comes back is not kept waiting by what goes on being sent', async () => {
  await cloud.sqs.ensureQueue('q', { VisibilityTimeout: '5' })
  await cloud.sqs.send('q', 'late', { delaySeconds: 10 })
  await cloud.sqs.send('q', 'hidden')
  await cloud.sqs.send('q', 'returned')
  const [, returned] = await cloud.receive('q')
  const seen: string[] = []
  for (let second = 0; second < 12; second++) {
    await cloud.sqs.send('q', `a${second}`)
    await cloud.sqs.send('q', `b${second}`)
    if (second === 2)
      await cloud.call('ChangeMessageVisibility', {
        QueueUrl: urlOf('q'),
        ReceiptHandle: returned?.ReceiptHandle,
        VisibilityTimeout: 0,
      })
    // One fewer than are sent: the line never ends.
    const [message] = await cloud.sqs.receive('q', { max: 1 })
    seen.push(String(message?.body))
    await cloud.sqs.delete('q', [String(message?.receiptHandle)])
    await cloud.clock.advance(1000)
  }
  for (;;) {
    const messages = await cloud.sqs.receive('q', { max: 1 })
    if (messages[0] === undefined) break
    seen.push(messages[0].body)
    await cloud.sqs.delete('q', [messages[0].receiptHandle])
  }
  assert.equal(seen.length, 27)
  // In the order in which they became visible, whatever was read ahead.
  for (const [earlier, later] of [
    ['b1', 'returned'],
    ['returned', 'a3'],
    ['b4', 'hidden'],
    ['hidden', 'b5'],
    ['b9', 'late'],
    ['late', 'a11'],
  ] as const)
    assert.ok(seen.indexOf(earlier) < seen.indexOf(later), `${earlier} before ${later}: ${seen}`)
})
