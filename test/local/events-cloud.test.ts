// Buses and schedules in the whole local cloud: from a bucket, a client and a schedule to functions and queues.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { startClock } from '../../src/local/clock.ts'
import { LOCAL_CREDENTIALS } from '../../src/local/service.ts'
import { countsOf, sqs, until, urlOf } from '../support/aws.ts'
import { type Running, runApp } from '../support/cloud.ts'

const START = Date.UTC(2026, 0, 1)
const MINUTE = 60_000
const account = (service: string, rest: string): string => `arn:aws:${service}:us-east-1:000000000000:${rest}`

let running: Running
let events: EventBridgeClient
let scheduler: SchedulerClient
let s3: S3Client

before(async () => {
  const functions = {
    good: `export const handler = async (event) => { console.log('got ' + JSON.stringify(event)) }`,
    bad: `export const handler = async () => { console.log('try'); throw new Error('no') }`,
  }
  running = await runApp({ functions }, { clock: startClock('virtual', START) })
  const options = { endpoint: running.cloud.aws, region: 'us-east-1', credentials: LOCAL_CREDENTIALS, maxAttempts: 1 }
  events = new EventBridgeClient(options)
  scheduler = new SchedulerClient(options)
  s3 = new S3Client({ ...options, forcePathStyle: true })
})
after(async () => {
  for (const client of [events, scheduler, s3]) client.destroy()
  await running[Symbol.asyncDispose]()
})

async function aim(name: string, pattern: object, ...arns: string[]): Promise<void> {
  await events.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern) }))
  const Targets = arns.map((Arn, index) => ({ Id: String(index), Arn }))
  await events.send(new PutTargetsCommand({ Rule: name, Targets }))
}

const got = (name = 'good'): Record<string, unknown>[] =>
  running.lines(name).flatMap((line) => (line.includes('got {') ? [JSON.parse(line.slice(line.indexOf('{')))] : []))

describe('in the whole cloud', () => {
  it('a change of a bucket reaches a function and a queue', async () => {
    await sqs(running.cloud.aws, 'CreateQueue', { QueueName: 'objects' })
    await s3.send(new CreateBucketCommand({ Bucket: 'photos' }))
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: 'photos',
        NotificationConfiguration: { EventBridgeConfiguration: {} },
      }),
    )
    const pattern = { source: ['aws.s3'], detail: { object: { key: [{ suffix: '.jpg' }] } } }
    await aim('objects', pattern, account('lambda', 'function:test-dev-good'), account('sqs', 'objects'))
    for (const Key of ['a.jpg', 'b.png']) await s3.send(new PutObjectCommand({ Bucket: 'photos', Key, Body: 'x' }))
    await running.cloud.clock.advance(0)
    const [event, ...more] = got()
    assert.deepEqual(more, [])
    assert.equal(event?.['detail-type'], 'Object Created')
    assert.equal((await countsOf(running.cloud.aws, 'objects')).visible, 1)
  })

  it('a function that fails is invoked three times by Lambda, and once by EventBridge', async () => {
    await aim('failing', { source: ['failing'] }, account('lambda', 'function:test-dev-bad'))
    const Entries = [{ Source: 'failing', DetailType: 't', Detail: '{}' }]
    await events.send(new PutEventsCommand({ Entries }))
    await running.cloud.clock.advance(60 * MINUTE)
    assert.equal(running.lines('bad').filter((line) => line.endsWith('try')).length, 3)
  })

  it('what nobody can take goes to the dead letters, by name of its rule', async () => {
    await sqs(running.cloud.aws, 'CreateQueue', { QueueName: 'dead' })
    await events.send(new PutRuleCommand({ Name: 'lost', EventPattern: '{"source":["lost"]}' }))
    const DeadLetterConfig = { Arn: account('sqs', 'dead') }
    await events.send(
      new PutTargetsCommand({ Rule: 'lost', Targets: [{ Id: '1', Arn: account('sqs', 'none'), DeadLetterConfig }] }),
    )
    await events.send(new PutEventsCommand({ Entries: [{ Source: 'lost', DetailType: 't', Detail: '{}' }] }))
    await running.cloud.clock.advance(0)
    const { Messages = [] } = await sqs(running.cloud.aws, 'ReceiveMessage', {
      QueueUrl: urlOf(running.cloud.aws, 'dead'),
      MessageAttributeNames: ['All'],
    })
    const attributes = (Messages[0] as { MessageAttributes?: Record<string, { StringValue: string }> })
      .MessageAttributes
    assert.equal(attributes?.RULE_ARN?.StringValue, account('events', 'rule/lost'))
    assert.equal(attributes?.ERROR_CODE?.StringValue, 'NO_RESOURCE')
  })

  it('a rate of Scheduler begins at once by the real clock', async () => {
    await using real = await runApp({
      functions: { good: `export const handler = async () => { console.log('rang') }` },
    })
    const endpoint = real.cloud.aws
    const client = new SchedulerClient({ endpoint, region: 'us-east-1', credentials: LOCAL_CREDENTIALS })
    await client.send(
      new CreateScheduleCommand({
        Name: 'now',
        ScheduleExpression: 'rate(1 hour)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: account('lambda', 'function:test-dev-good'), RoleArn: 'arn:aws:iam::000000000000:role/r' },
      }),
    )
    await until('the first firing', () => real.lines('good').some((line) => line.endsWith('rang')))
    client.destroy()
  })

  it('a schedule puts an event on a bus, and its rule wakes a function', async () => {
    await aim('ticks', { source: ['clock'] }, account('lambda', 'function:test-dev-good'))
    await scheduler.send(
      new CreateScheduleCommand({
        Name: 'tick',
        ScheduleExpression: 'cron(0 * * * ? *)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: account('events', 'event-bus/default'),
          RoleArn: 'arn:aws:iam::000000000000:role/r',
          EventBridgeParameters: { Source: 'clock', DetailType: 'tick' },
          Input: '{"at":"<aws.scheduler.scheduled-time>"}',
        },
      }),
    )
    const before = got().length
    await running.cloud.clock.advance(24 * 60 * MINUTE)
    const ticks = got().slice(before)
    assert.equal(ticks.length, 24)
    assert.deepEqual(ticks[0]?.detail, { at: ticks[0]?.time })
  })
})
