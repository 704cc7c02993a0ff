// Checks of EventBridge, Scheduler and Kinesis.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import * as eventbridge from '@aws-sdk/client-eventbridge'
import * as kinesis from '@aws-sdk/client-kinesis'
import * as scheduler from '@aws-sdk/client-scheduler'
import { type It, type Queue, type Run, type Runs, refused } from './check.ts'

/** A rule whose events come to a queue. */
async function wired(it: It, pattern: object, target: Partial<eventbridge.Target> = {}): Promise<Queue> {
  const [Name, queue] = [it.name(), await it.queue()]
  await it.events.send(new eventbridge.PutRuleCommand({ Name, EventPattern: JSON.stringify(pattern) }))
  const Targets = [{ Id: '1', Arn: queue.arn, ...target }]
  assert.equal((await it.events.send(new eventbridge.PutTargetsCommand({ Rule: Name, Targets }))).FailedEntryCount, 0)
  return queue
}

const emit = (it: It, Source: string, detail: object) => {
  const Entries = [{ Source, DetailType: 't', Detail: JSON.stringify(detail) }]
  return it.events.send(new eventbridge.PutEventsCommand({ Entries }))
}

const bodies = async (it: It, queue: Queue, count = 1): Promise<string[]> =>
  (await it.receive(queue, count)).map(({ Body = '' }) => Body)

const matching: Run = async (it) => {
  const source = it.name()
  const file = [{ suffix: '.png' }, { 'anything-but': { prefix: 'a' } }]
  const detail = { $or: [{ n: [{ numeric: ['>', 0, '<=', 5] }] }, { gone: [{ exists: true }] }], file }
  const queue = await wired(it, { source: [source], detail })
  for (const sent of [
    { n: 6, file: 'b' },
    { n: 5, file: 'a.jpg' },
    { n: 0, file: 'b' },
  ])
    await emit(it, source, sent)
  await emit(it, source, { n: 5, file: 'a.png' })
  await emit(it, source, { gone: null, file: 'b' })
  const got = (await bodies(it, queue, 3)).map((body) => JSON.parse(body).detail.file)
  assert.deepEqual(got.sort(), ['a.png', 'b'])
}

const transformer: Run = async (it) => {
  const source = it.name()
  const InputTransformer = {
    InputPathsMap: { who: '$.detail.who', list: '$.detail.list' },
    InputTemplate: '{"text":"by <who>","list":<list>,"rule":"<aws.events.rule-name>"}',
  }
  const queue = await wired(it, { source: [source] }, { InputTransformer })
  await emit(it, source, { who: 'me', list: [1, 'b'] })
  const { text, list, rule } = JSON.parse((await bodies(it, queue))[0] ?? '{}')
  assert.deepEqual([text, list], ['by me', [1, 'b']])
  assert.match(rule, /^check-/)
}

const partial: Run = async (it) => {
  const Entries = [
    { Source: 's', DetailType: 't', Detail: '{}' },
    { Source: 's', DetailType: 't', Detail: 'no json' },
  ]
  const put = await it.events.send(new eventbridge.PutEventsCommand({ Entries }))
  assert.equal(put.FailedEntryCount, 1)
  assert.ok(put.Entries?.[0]?.EventId)
  assert.equal(put.Entries[1]?.ErrorCode, 'MalformedDetail')
}

const wrongPattern: Run = async (it) => {
  const EventPattern = '{"detail":{"a":[{"wrong-operator":true}]}}'
  const put = it.events.send(new eventbridge.PutRuleCommand({ Name: it.name(), EventPattern }))
  await refused(put, 'InvalidEventPatternException', 400)
}

const wrongCron: Run = async (it) => {
  for (const ScheduleExpression of ['cron(0 10 * * * *)', 'rate(1 minutes)', 'cron(0 0 ? * 3#6 *)']) {
    const put = it.events.send(new eventbridge.PutRuleCommand({ Name: it.name(), ScheduleExpression }))
    await refused(put, 'ValidationException', 400)
  }
}

const schedule = (it: It, Name: string, Arn: string, more: Partial<scheduler.CreateScheduleCommandInput> = {}) => {
  const Target = { Arn, RoleArn: 'arn:aws:iam::000000000000:role/scheduler', Input: '{"a":1}' }
  const FlexibleTimeWindow = { Mode: 'OFF' as const }
  const input = { Name, Target, FlexibleTimeWindow, ScheduleExpression: 'rate(1 day)', ...more }
  return it.scheduler.send(new scheduler.CreateScheduleCommand(input))
}

const fires: Run = async (it) => {
  const [Name, queue] = [it.name(), await it.queue()]
  await schedule(it, Name, queue.arn, { ScheduleExpression: 'rate(1 minute)' })
  assert.deepEqual(await bodies(it, queue), ['{"a":1}'])
  await it.scheduler.send(new scheduler.DeleteScheduleCommand({ Name }))
}

const kept: Run = async (it) => {
  const [Name, queue] = [it.name(), await it.queue()]
  const zone = { ScheduleExpression: 'cron(0 9 ? * MON#1 *)', ScheduleExpressionTimezone: 'Europe/Madrid' }
  await schedule(it, Name, queue.arn, zone)
  await refused(schedule(it, Name, queue.arn), 'ConflictException', 409)
  const got = await it.scheduler.send(new scheduler.GetScheduleCommand({ Name }))
  assert.deepEqual(
    [got.ScheduleExpression, got.ScheduleExpressionTimezone, got.GroupName, got.State, got.Target?.Input],
    [zone.ScheduleExpression, 'Europe/Madrid', 'default', 'ENABLED', '{"a":1}'],
  )
}

const wrongSchedule: Run = async (it) => {
  const { arn } = await it.queue()
  for (const wrong of [{ ScheduleExpressionTimezone: 'Mars/Base' }, { ScheduleExpression: 'cron(0 24 * * ? *)' }])
    await refused(schedule(it, it.name(), arn, wrong), 'ValidationException', 400)
}

async function stream(it: It, ShardCount = 1): Promise<string> {
  const StreamName = it.name()
  await it.kinesis.send(new kinesis.CreateStreamCommand({ StreamName, ShardCount }))
  for (let tries = 0; tries < 50; tries++) {
    const { StreamDescription } = await it.kinesis.send(new kinesis.DescribeStreamCommand({ StreamName }))
    if (StreamDescription?.StreamStatus === 'ACTIVE') break
    await sleep(100)
  }
  return StreamName
}

const write = async (it: It, StreamName: string, PartitionKey: string, text: string) => {
  const Data = Buffer.from(text)
  return it.kinesis.send(new kinesis.PutRecordCommand({ StreamName, PartitionKey, Data }))
}

async function read(it: It, StreamName: string, ShardId: string, StartingSequenceNumber?: string): Promise<string[]> {
  const ShardIteratorType = StartingSequenceNumber === undefined ? 'TRIM_HORIZON' : 'AFTER_SEQUENCE_NUMBER'
  const input = { StreamName, ShardId, ShardIteratorType, StartingSequenceNumber } as const
  const { ShardIterator } = await it.kinesis.send(new kinesis.GetShardIteratorCommand(input))
  const { Records = [] } = await it.kinesis.send(new kinesis.GetRecordsCommand({ ShardIterator }))
  return Records.map(({ Data }) => Buffer.from(Data ?? []).toString())
}

const order: Run = async (it) => {
  const name = await stream(it)
  const sent: kinesis.PutRecordCommandOutput[] = []
  for (const text of ['one', 'two', 'three']) sent.push(await write(it, name, 'k', text))
  const numbers = sent.map(({ SequenceNumber = '' }) => BigInt(SequenceNumber))
  assert.ok(numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0n)))
  const shard = sent[0]?.ShardId ?? ''
  assert.deepEqual(await read(it, name, shard), ['one', 'two', 'three'])
  assert.deepEqual(await read(it, name, shard, sent[0]?.SequenceNumber), ['two', 'three'])
}

const hashes: Run = async (it) => {
  const StreamName = await stream(it, 2)
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const half = Number.parseInt(createHash('md5').update(key).digest('hex').charAt(0), 16) < 8 ? 0 : 1
    assert.equal((await write(it, StreamName, key, key)).ShardId, `shardId-00000000000${half}`, key)
  }
}

const noStream: Run = async (it) => {
  const StreamName = it.name()
  const asked = write(it, StreamName, 'k', 'x')
  await refused(asked, 'ResourceNotFoundException', 400)
  await assert.rejects(asked, new RegExp(`Stream ${StreamName} under account \\d{12} not found\\.`))
}

export const events: Runs = {
  'events-pattern': matching,
  'events-transformer': transformer,
  'events-partial': partial,
  'events-pattern-wrong': wrongPattern,
  'events-cron-wrong': wrongCron,
  'scheduler-fires': fires,
  'scheduler-kept': kept,
  'scheduler-wrong': wrongSchedule,
  'kinesis-order': order,
  'kinesis-hash': hashes,
  'kinesis-no-stream': noStream,
}
