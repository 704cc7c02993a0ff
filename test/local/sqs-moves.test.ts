// Message move tasks, on a virtual clock. Errors and answers as recorded on AWS.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { until } from '../support/aws.ts'
import { type Opened, open, type Task } from '../support/sqs.ts'

let cloud: Opened
beforeEach(async () => {
  cloud = await open()
})
afterEach(() => cloud.close())

const arnOf = (queue: string) => `arn:aws:sqs:us-east-1:000000000000:${queue}`
const redrive = (to: string) => ({
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf(to), maxReceiveCount: 1 }),
})

const start = (more: object = {}) => cloud.call('StartMessageMoveTask', { SourceArn: arnOf('dead'), ...more })
const tasks = async (MaxResults = 1): Promise<readonly Task[]> =>
  (await cloud.call('ListMessageMoveTasks', { SourceArn: arnOf('dead'), MaxResults })).Results ?? []
const ended = async (status: string): Promise<Task | undefined> => {
  await until(status, async () => (await tasks())[0]?.Status === status)
  return (await tasks())[0]
}

/** Dead letters: messages that `source` sent and nobody could work off. */
async function poison(source: string, ...bodies: string[]): Promise<void> {
  for (const body of bodies) await cloud.sqs.send(source, body)
  await cloud.receive(source, { VisibilityTimeout: 0 })
  assert.deepEqual(await cloud.receive(source), [])
}
const drain = async (queue: string) => (await cloud.receive(queue, { VisibilityTimeout: 0 })).map(({ Body }) => Body)

test('dead letters go back to where each came from, as new messages', async () => {
  await cloud.sqs.ensureQueue('dead', {})
  await cloud.sqs.ensureQueue('a', redrive('dead'))
  await cloud.sqs.ensureQueue('b', redrive('dead'))
  await poison('a', 'a1', 'a2')
  await poison('b', 'b1')
  const [before] = await cloud.receive('dead', { VisibilityTimeout: 0 })
  assert.equal(before?.Attributes?.DeadLetterQueueSourceArn, arnOf('a'))
  await cloud.clock.advance(1000)
  await start()
  await ended('COMPLETED')
  const back = await cloud.receive('a')
  assert.deepEqual(
    back.map(({ Body }) => Body),
    ['a1', 'a2'],
  )
  assert.notEqual(back[0]?.MessageId, before?.MessageId)
  assert.equal(back[0]?.Attributes?.ApproximateReceiveCount, '1')
  assert.equal(back[0]?.Attributes?.DeadLetterQueueSourceArn, undefined)
  assert.equal(back[0]?.Attributes?.SentTimestamp, String(cloud.clock.now()))
  assert.deepEqual(await drain('b'), ['b1'])
  assert.deepEqual(await drain('dead'), [])
  assert.deepEqual(await tasks(), [
    {
      Status: 'COMPLETED',
      SourceArn: arnOf('dead'),
      ApproximateNumberOfMessagesMoved: 3,
      ApproximateNumberOfMessagesToMove: 3,
      StartedTimestamp: cloud.clock.now(),
    },
  ])
})

test('a rate is kept, survives a restart, and can be cancelled', async () => {
  await cloud.sqs.ensureQueue('dead', {})
  await cloud.sqs.ensureQueue('a', redrive('dead'))
  await cloud.sqs.ensureQueue('elsewhere', {})
  await poison('a', ...Array.from({ length: 8 }, (_, at) => `m${at}`))
  await start({ DestinationArn: arnOf('elsewhere'), MaxNumberOfMessagesPerSecond: 1 })
  assert.match(String((await start()).message), /^There is already a task running. Only one active task is allowed/)
  await cloud.clock.advance(1999)
  assert.equal((await drain('elsewhere')).length, 2)
  await cloud.clock.advance(1)
  assert.equal((await drain('elsewhere')).length, 3)
  cloud = await cloud.reopen()
  await cloud.clock.advance(2000)
  const count = cloud.sqs.counts('elsewhere').visible
  assert.ok(count >= 5 && count <= 6, `${count}`)
  const [running] = await tasks()
  assert.equal(running?.Status, 'RUNNING')
  const cancelled = await cloud.call('CancelMessageMoveTask', { TaskHandle: running?.TaskHandle })
  assert.deepEqual(cancelled, { ApproximateNumberOfMessagesMoved: count })
  await cloud.clock.advance(10_000)
  assert.equal(cloud.sqs.counts('elsewhere').visible, count)
  assert.equal(cloud.sqs.counts('dead').visible, 8 - count)
  const [task] = await tasks()
  assert.deepEqual([task?.Status, task?.TaskHandle], ['CANCELLED', undefined])
})

test('a task fails when its destination goes, or a message came from nowhere', async () => {
  await cloud.sqs.ensureQueue('dead', {})
  await cloud.sqs.ensureQueue('a', redrive('dead'))
  await cloud.sqs.ensureQueue('elsewhere', {})
  await poison('a', 'm1', 'm2')
  await start({ DestinationArn: arnOf('elsewhere'), MaxNumberOfMessagesPerSecond: 1 })
  await cloud.clock.advance(0)
  await cloud.call('DeleteQueue', { QueueUrl: 'http://x/000000000000/elsewhere' })
  await cloud.clock.advance(1000)
  assert.equal((await ended('FAILED'))?.FailureReason, 'AWS.SimpleQueueService.NonExistentQueue')
  assert.equal(cloud.sqs.counts('dead').visible, 1)
  await cloud.sqs.send('dead', 'sent here')
  await start()
  const task = await ended('FAILED')
  assert.deepEqual([task?.FailureReason, task?.ApproximateNumberOfMessagesMoved], ['CouldNotDetermineMessageSource', 1])
  assert.equal((await tasks(10)).length, 2)
})

test('move tasks are refused in the words of AWS', async () => {
  await cloud.sqs.ensureQueue('dead', {})
  const noDeadLetters = await start()
  assert.equal(noDeadLetters.message, 'Source queue must be configured as a Dead Letter Queue.')
  await cloud.sqs.ensureQueue('a', redrive('dead'))
  const refused = async (operation: string, input: object, type: string, message: string) => {
    const answer = await cloud.call(operation, input)
    assert.deepEqual([answer.__type?.split('#')[1], answer.message], [type, message])
  }
  const lost = (name: string) => `The resource that you specified for the ${name} parameter doesn't exist.`
  const from = { SourceArn: arnOf('dead') }
  await refused(
    'StartMessageMoveTask',
    { ...from, DestinationArn: arnOf('none') },
    'ResourceNotFoundException',
    lost('DestinationArn'),
  )
  await refused('StartMessageMoveTask', { SourceArn: arnOf('none') }, 'ResourceNotFoundException', lost('SourceArn'))
  await refused(
    'StartMessageMoveTask',
    { ...from, MaxNumberOfMessagesPerSecond: 501 },
    'InvalidParameterValueException',
    'Value 501 for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be between 1 and 500, if provided.',
  )
  const handle = (taskId: string, source: string) =>
    Buffer.from(JSON.stringify({ taskId, sourceArn: arnOf(source) })).toString('base64')
  const cancel = (TaskHandle: string, type: string, message: string) =>
    refused('CancelMessageMoveTask', { TaskHandle }, type, message)
  await cancel('foobared', 'InvalidParameterValueException', 'Value for parameter TaskHandle is invalid.')
  await cancel(handle('10f57157', 'none'), 'ResourceNotFoundException', lost('SourceArn'))
  await cancel(handle('10f57157', 'dead'), 'ResourceNotFoundException', 'Task does not exist.')
})

test('a FIFO dead-letter queue gives its groups back in their order', async () => {
  await cloud.sqs.ensureQueue('dead.fifo', { FifoQueue: 'true' })
  await cloud.sqs.ensureQueue('a.fifo', {
    FifoQueue: 'true',
    ContentBasedDeduplication: 'true',
    ...redrive('dead.fifo'),
  })
  for (const body of ['a1', 'b1', 'a2', 'b2', 'a3']) await cloud.sqs.send('a.fifo', body, { groupId: body.slice(0, 1) })
  await cloud.receive('a.fifo', { VisibilityTimeout: 0 })
  assert.deepEqual(await cloud.receive('a.fifo'), [])
  assert.equal(cloud.sqs.counts('dead.fifo').visible, 5)
  await cloud.call('StartMessageMoveTask', { SourceArn: arnOf('dead.fifo') })
  await until('moved', () => cloud.sqs.counts('a.fifo').visible === 5)
  const bodies = (await cloud.receive('a.fifo')).map(({ Body }) => Body)
  assert.deepEqual(
    bodies.filter((body) => body.startsWith('a')),
    ['a1', 'a2', 'a3'],
  )
  assert.deepEqual(
    bodies.filter((body) => body.startsWith('b')),
    ['b1', 'b2'],
  )
})
