// A queue that wakes a function: batches, failures, retries, dead letters, order; on a virtual clock, with real sandboxes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startClock } from '../../src/local/index.ts'
import type { QueueModel, QueueTriggerModel } from '../../src/model/index.ts'
import { countsOf, sqs, until, urlOf } from '../support/aws.ts'
import { type Running, runApp, type Source, toQueue, toQueueTrigger } from '../support/cloud.ts'

// Says what it was given, then does what the messages ask for.
const WORKER = `
  export const handler = async ({ Records }) => {
    console.log(JSON.stringify({ batch: Records.map(({ body }) => body) }))
    const asked = Records.map(({ body, messageId, attributes }) => ({ body, messageId, count: Number(attributes.ApproximateReceiveCount) }))
    for (const { body } of asked) {
      const [, wait] = /wait:(\\d+)/.exec(body) ?? []
      if (wait !== undefined) await new Promise((resolve) => setTimeout(resolve, Number(wait)))
    }
    if (asked.some(({ body }) => body.includes('throw'))) throw new Error('cannot do it')
    if (asked.some(({ body, count }) => body.includes('once') && count === 1)) throw new Error('not at first')
    const bodies = asked.map(({ body }) => body).join()
    if (bodies.includes('bad-key')) return { batchItemFailures: [{ foo: 'notvalid' }] }
    if (bodies.includes('unknown-id')) return { batchItemFailures: [{ itemIdentifier: 'does-not-exist' }] }
    if (bodies.includes('empty-id')) return { batchItemFailures: [{ itemIdentifier: '' }] }
    if (bodies.includes('empty-list')) return { batchItemFailures: [] }
    return { batchItemFailures: asked.filter(({ body }) => body.startsWith('fail')).map(({ messageId }) => ({ itemIdentifier: messageId })) }
  }`

interface Setting {
  readonly queue?: Partial<QueueModel>
  readonly batchSize?: number
  readonly window?: number
  readonly filter?: QueueTriggerModel['filter']
  readonly concurrency?: number
  readonly worker?: Partial<Exclude<Source, string>>
}

interface Rig {
  readonly app: Running
  send(...bodies: string[]): Promise<void>
  sendTo(group: string, ...bodies: string[]): Promise<void>
  /** The batches so far, each in the order it had. */
  batches(): string[][]
  counts(queue?: string): Promise<{ visible: number; hidden: number }>
  /** Waits until so many batches were given and worked off. */
  settle(batches: number): Promise<void>
  advance(seconds: number): Promise<void>
}

async function rig({ queue = {}, worker = {}, ...trigger }: Setting, work: (rig: Rig) => Promise<void>): Promise<void> {
  const clock = startClock('virtual', Date.now())
  const name = queue.fifo === true ? 'test-dev-jobs.fifo' : 'test-dev-jobs'
  const resources = [toQueue('jobs', queue), toQueue('failed')]
  const functions = { work: { code: WORKER, ...worker } }
  const defaults = { batchSize: 10, window: 0, filter: [], concurrency: undefined, where: { file: 'app.ts', line: 1 } }
  const wired: QueueTriggerModel = { kind: 'queue', function: 'work', queue: 'jobs', ...defaults, ...trigger }
  await using app = await runApp({ functions, resources, triggers: [wired] }, { clock })
  const texts = () => app.lines('work').map((line) => line.split('\tINFO\t')[1] ?? '')
  const batches = () => texts().flatMap((text) => (text.startsWith('{"batch"') ? [JSON.parse(text).batch] : []))
  const sendAll = (more: object, bodies: string[]) => {
    const Entries = bodies.map((MessageBody, Id) => ({ Id: `${Id}`, MessageBody, ...more }))
    return sqs(app.cloud.aws, 'SendMessageBatch', { QueueUrl: urlOf(app.cloud.aws, name), Entries })
  }
  await work({
    app,
    batches,
    send: async (...bodies) => void (await sendAll({}, bodies)),
    sendTo: async (MessageGroupId, ...bodies) => void (await sendAll({ MessageGroupId }, bodies)),
    counts: (asked = name) => countsOf(app.cloud.aws, asked),
    settle: async (count) => {
      await until(`${count} batches, have ${JSON.stringify(batches())}`, () => batches().length >= count)
      const ended = () => app.lines('work').filter((line) => line.startsWith('REPORT')).length
      await until('all reports', () => ended() >= count)
      await sleep(30)
      assert.equal(batches().length, count, JSON.stringify(batches()))
    },
    advance: (seconds) => clock.advance(seconds * 1000),
  })
}

test('a batch holds what is there, up to its size, and what was managed is deleted', () =>
  rig({ batchSize: 4 }, async ({ send, settle, batches, counts }) => {
    await send('a', 'b', 'c', 'd', 'e', 'f')
    await settle(2)
    assert.deepEqual(batches().flat().sort(), ['a', 'b', 'c', 'd', 'e', 'f'])
    assert.deepEqual(
      batches()
        .map(({ length }) => length)
        .sort(),
      [2, 4],
    )
    assert.deepEqual(await counts(), { visible: 0, hidden: 0 })
  }))

test('a batch of one gets one message', () =>
  rig({ batchSize: 1 }, async ({ send, settle, batches }) => {
    await send('a', 'b', 'c')
    await settle(3)
    assert.deepEqual(
      batches().map(({ length }) => length),
      [1, 1, 1],
    )
  }))

test('a window gathers more than one receive can give, and ends when the batch is full or the time is over', () =>
  rig({ batchSize: 25, window: 5 }, async ({ send, settle, batches, advance }) => {
    const ten = (name: string) => Array.from({ length: 10 }, (_, index) => `${name}${index}`)
    await send(...ten('a'))
    await send(...ten('b'))
    await sleep(50)
    assert.deepEqual(batches(), [])
    await advance(5)
    await settle(1)
    assert.equal(batches()[0]?.length, 20)
    for (const name of ['c', 'd', 'e']) await send(...ten(name))
    await settle(2)
    assert.equal(batches()[1]?.length, 25)
    await advance(5)
    await settle(3)
    assert.equal(batches()[2]?.length, 5)
  }))

test('case sqs-esm-partial: the messages that are named come again after the visibility timeout, the others are gone', () =>
  rig({}, async ({ send, settle, batches, counts, advance }) => {
    await send('a', 'fail b', 'c', 'd')
    await settle(1)
    assert.deepEqual(await counts(), { visible: 0, hidden: 1 })
    await advance(29)
    await sleep(30)
    assert.equal(batches().length, 1)
    await advance(2)
    await settle(2)
    assert.deepEqual(batches()[1], ['fail b'])
  }))

for (const body of ['bad-key', 'unknown-id', 'empty-id', 'throw']) {
  test(`case sqs-esm-partial-${body}: the whole batch fails`, () =>
    rig({}, async ({ send, settle, batches, counts, advance }) => {
      await send('a', body, 'c')
      await settle(1)
      assert.deepEqual(await counts(), { visible: 0, hidden: 3 })
      await advance(31)
      await settle(2)
      assert.deepEqual(batches()[1]?.toSorted(), ['a', body, 'c'].toSorted())
    }))
}

test('an empty list of failures is success', () =>
  rig({}, async ({ send, settle, counts }) => {
    await send('a', 'empty-list')
    await settle(1)
    assert.deepEqual(await counts(), { visible: 0, hidden: 0 })
  }))

test('a timeout fails the batch; what was tried in vain goes to the dead-letter queue, and the log says so', () =>
  rig(
    { queue: { visibility: 10, deadLetter: { after: 2, queue: 'failed' } }, worker: { timeout: 1 } },
    async ({ app, send, settle, counts, advance }) => {
      await send('wait:5000')
      await settle(1)
      await advance(11)
      await settle(2)
      await advance(11)
      await until('dead letter', async () => (await counts('test-dev-failed')).visible === 1)
      assert.deepEqual(await counts(), { visible: 0, hidden: 0 })
      const { Messages = [] } = await sqs(app.cloud.aws, 'ReceiveMessage', {
        QueueUrl: urlOf(app.cloud.aws, 'test-dev-failed'),
      })
      assert.equal(Messages[0]?.Body, 'wait:5000')
      const notes = app.lines('work').filter((line) => /^Message .* failed|Message [0-9a-f-]+ failed/.test(line))
      assert.equal(notes.length, 2)
      assert.match(String(notes[0]), /attempt 1 of 2/)
      assert.match(String(notes[1]), new RegExp(`Message ${Messages[0]?.MessageId} failed \\(attempt 2 of 2\\)`))
      for (const note of notes) assert.match(note, /Task timed out after 1.00 seconds/)
    },
  ))

test('case sqs-esm-fifo-order: in order within a group, groups side by side', () =>
  rig({ queue: { fifo: true }, batchSize: 1 }, async ({ sendTo, settle, batches, app }) => {
    await sendTo('a', 'a1 wait:100', 'a2 wait:100', 'a3')
    await sendTo('b', 'b1 wait:100', 'b2')
    await settle(5)
    const order = batches()
      .flat()
      .map((body) => body.split(' ')[0])
    assert.deepEqual(
      order.filter((body) => body?.startsWith('a')),
      ['a1', 'a2', 'a3'],
    )
    assert.deepEqual(
      order.filter((body) => body?.startsWith('b')),
      ['b1', 'b2'],
    )
    assert.ok(order.indexOf('b1') < order.indexOf('a3'), order.join())
    // No two of a group at once: each START of the group comes after the END before it.
    let open = 0
    let most = 0
    for (const entry of app.cloud.journal.read({ function: 'work' })) {
      if (entry.kind === 'start') most = Math.max(most, ++open)
      if (entry.kind === 'report') open--
    }
    assert.ok(most <= 2, `${most} at once`)
  }))

test('case sqs-esm-fifo-block: what fails holds back its group, not the others', () =>
  rig({ queue: { fifo: true }, batchSize: 1 }, async ({ sendTo, settle, batches, advance }) => {
    await sendTo('a', 'a1 once', 'a2')
    await sendTo('b', 'b1')
    await settle(2)
    assert.deepEqual(batches().flat().sort(), ['a1 once', 'b1'])
    await advance(31)
    await settle(4)
    assert.deepEqual(batches().flat().slice(2), ['a1 once', 'a2'])
  }))

test('a window is not for FIFO queues: it is not waited for', () =>
  rig({ queue: { fifo: true }, window: 300 }, async ({ sendTo, settle }) => {
    await sendTo('a', 'a1')
    await settle(1)
  }))

test('reserved concurrency bounds how many batches are worked on at once, and nothing is throttled away', () =>
  rig({ batchSize: 1, worker: { concurrency: 2 } }, async ({ app, send, settle, counts }) => {
    await send(...Array.from({ length: 8 }, (_, index) => `${index} wait:50`))
    await settle(8)
    let open = 0
    let most = 0
    for (const { kind } of app.cloud.journal.read({ function: 'work' })) {
      if (kind === 'start') most = Math.max(most, ++open)
      if (kind === 'report') open--
    }
    assert.equal(most, 2)
    assert.deepEqual(await counts(), { visible: 0, hidden: 0 })
  }))

test('messages outlive a restart, those in hand too', () =>
  rig({ batchSize: 1 }, async ({ app, send, batches, counts }) => {
    const clock = () => startClock('virtual', Date.now() + 3_600_000)
    await send('a wait:60000', 'b wait:60000')
    await until('begun', () => batches().length === 2)
    await app.restart({ clock: clock() })
    await app.cloud.clock.advance(1000)
    await until('again', () => batches().length >= 4)
    assert.deepEqual(await counts(), { visible: 0, hidden: 2 })
  }))

test('a save while messages are worked on loses none and answers none twice', () =>
  rig({ batchSize: 1 }, async ({ app, send, batches, counts }) => {
    await send('a wait:200', 'b wait:200')
    await until('begun', () => batches().length === 2)
    await app.apply({
      functions: { work: `${WORKER}\n// changed` },
      resources: [toQueue('jobs'), toQueue('failed')],
      triggers: [toQueueTrigger('work', 'jobs')],
    })
    await send('c')
    await until('all', async () => batches().length === 3 && (await counts()).hidden === 0)
    assert.deepEqual(batches().flat().sort(), ['a wait:200', 'b wait:200', 'c'])
  }))

test('a queue that somebody deletes takes neither the local cloud nor the other queues with it', () =>
  rig({}, async ({ app, send, settle, advance }) => {
    const QueueUrl = urlOf(app.cloud.aws, 'test-dev-jobs')
    await send('a wait:100')
    await sleep(20)
    await sqs(app.cloud.aws, 'DeleteQueue', { QueueUrl })
    await settle(1)
    await advance(60)
    await sqs(app.cloud.aws, 'CreateQueue', { QueueName: 'test-dev-jobs' })
    await send('b')
    await settle(2)
    assert.equal((await fetch(`${app.cloud.aws}/_goblet/model`)).status, 200)
  }))

test('a filter lets through what matches one of its patterns; the rest is deleted unread', () =>
  rig(
    { batchSize: 1, filter: [{ body: { kind: ['order'] } }, { body: ['plain'] }] },
    async ({ send, settle, batches, counts }) => {
      await send('{"kind":"order"}', '{"kind":"other"}', 'plain', '"plain"', 'not plain', '[]')
      await settle(2)
      assert.deepEqual(batches().flat().sort(), ['plain', '{"kind":"order"}'])
      assert.deepEqual(await counts(), { visible: 0, hidden: 0 })
    },
  ))

test('a filter reads attributes as well, and a filtered message fills no batch', () =>
  rig(
    { batchSize: 3, window: 5, filter: [{ messageAttributes: { size: { stringValue: [{ prefix: 'x' }] } } }] },
    async ({ app, settle, batches, advance }) => {
      const QueueUrl = urlOf(app.cloud.aws, 'test-dev-jobs')
      for (const [MessageBody, StringValue] of [
        ['a', 'xl'],
        ['b', 'm'],
        ['c', 'xs'],
        ['d', 'm'],
      ]) {
        const MessageAttributes = { size: { DataType: 'String', StringValue } }
        await sqs(app.cloud.aws, 'SendMessage', { QueueUrl, MessageBody, MessageAttributes })
      }
      await sleep(50)
      assert.deepEqual(batches(), [])
      await advance(5)
      await settle(1)
      assert.deepEqual(batches()[0]?.toSorted(), ['a', 'c'])
    },
  ))

test('maximum concurrency bounds how many batches are worked on at once', () =>
  rig({ batchSize: 1, concurrency: 2 }, async ({ app, send, settle }) => {
    await send(...Array.from({ length: 6 }, (_, index) => `${index} wait:50`))
    await settle(6)
    let open = 0
    let most = 0
    for (const { kind } of app.cloud.journal.read({ function: 'work' })) {
      if (kind === 'start') most = Math.max(most, ++open)
      if (kind === 'report') open--
    }
    assert.equal(most, 2)
  }))

test('a batch leaves before its time when another message would make it more than 6 MB', () =>
  rig({ batchSize: 20, window: 5 }, async ({ app, settle, counts, advance }) => {
    const QueueUrl = urlOf(app.cloud.aws, 'test-dev-jobs')
    for (let at = 0; at < 8; at++)
      await sqs(app.cloud.aws, 'SendMessage', { QueueUrl, MessageBody: `${at}${'x'.repeat(1_000_000)}` })
    await until('the first five', async () => (await counts()).hidden === 3)
    await advance(5)
    await until('all', async () => (await counts()).hidden === 0)
    await settle(2)
  }))

test('time that is advanced waits for what its messages do: retries follow each other in order', () =>
  rig({ queue: { deadLetter: { after: 3, queue: 'failed' } } }, async ({ app, send, batches, counts, advance }) => {
    await send('throw')
    await advance(29)
    assert.equal(batches().length, 1)
    await advance(120)
    assert.equal(batches().length, 3)
    assert.deepEqual(await counts('test-dev-failed'), { visible: 1, hidden: 0 })
    const notes = app.lines('work').flatMap((line) => /failed \((attempt \d of 3)\)/.exec(line)?.[1] ?? [])
    assert.deepEqual(notes, ['attempt 1 of 3', 'attempt 2 of 3', 'attempt 3 of 3'])
  }))

test('a save gives back at once what waits for its window', () =>
  rig({ batchSize: 10, window: 300 }, async ({ app, send, settle, batches, counts }) => {
    await send('a', 'b')
    await until('gathered', async () => (await counts()).hidden === 2)
    await app.apply({
      functions: { work: `${WORKER}\n// changed` },
      resources: [toQueue('jobs'), toQueue('failed')],
      triggers: [toQueueTrigger('work', 'jobs', { batchSize: 2 })],
    })
    await settle(1)
    assert.deepEqual(batches()[0]?.toSorted(), ['a', 'b'])
  }))

test('a message that becomes visible again while it waits for its window is in the batch once', () =>
  rig({ queue: { visibility: 10 }, batchSize: 10, window: 25 }, async ({ send, settle, batches, counts, advance }) => {
    await send('a')
    await advance(25)
    await settle(1)
    assert.deepEqual(batches(), [['a']])
    assert.deepEqual(await counts(), { visible: 0, hidden: 0 })
  }))

test('FIFO: what failed, and what came after it, is tried again in order before anything newer', () =>
  rig({ queue: { fifo: true } }, async ({ sendTo, settle, batches, counts, advance }) => {
    await sendTo('a', 'a1', 'fail a2', 'fail a3')
    await settle(1)
    await sendTo('a', 'a4')
    await sendTo('b', 'b1')
    await settle(2)
    assert.deepEqual(batches(), [['a1', 'fail a2', 'fail a3'], ['b1']])
    await advance(30)
    assert.deepEqual(batches().at(-1), ['fail a2', 'fail a3', 'a4'])
    assert.deepEqual(await counts(), { visible: 0, hidden: 2 })
  }))

test('a throttled batch comes back after the visibility timeout', () =>
  rig({ worker: { concurrency: 1, timeout: 10 } }, async ({ app, send, batches, counts, advance }) => {
    const busy = app.call('work', { Records: [{ body: 'wait:300', messageId: 'x', attributes: {} }] })
    await until('busy', () => batches().length === 1)
    await send('a')
    await until('throttled', () => app.lines('work').some((line) => /Rate Exceeded/.test(line)))
    assert.deepEqual(await counts(), { visible: 0, hidden: 1 })
    await busy
    await advance(30)
    assert.deepEqual(batches().at(-1), ['a'])
    assert.deepEqual(await counts(), { visible: 0, hidden: 0 })
  }))
