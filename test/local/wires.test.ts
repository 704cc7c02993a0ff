// Topics and buckets that wake functions and fill queues, as the app declares them; what it no longer declares is undone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startClock } from '../../src/local/index.ts'
import type { BucketModel, TopicModel, TriggerModel } from '../../src/model/index.ts'
import { until } from '../support/aws.ts'
import { runApp, toQueue } from '../support/cloud.ts'

const where = { file: 'app.ts', line: 1 }
const placed = (name: string) => ({ export: name, name, physicalName: `test-dev-${name}`, existing: false, where })
const photos: BucketModel = {
  kind: 'bucket',
  ...placed('photos'),
  versioned: false,
  cors: [],
  lifecycle: [],
  public: false,
}
const news: TopicModel = { kind: 'topic', ...placed('news'), fifo: false, contentBasedDeduplication: false }
const onNews = (name: string, more: object = {}): TriggerModel => ({
  kind: 'topic',
  function: name,
  topic: 'news',
  filter: undefined,
  filterScope: 'MessageAttributes',
  deadLetter: undefined,
  where,
  ...more,
})
const onPhoto: TriggerModel = {
  kind: 'bucket',
  function: 'seen',
  bucket: 'photos',
  events: ['s3:ObjectCreated:*'],
  prefix: 'in/',
  suffix: '.png',
  where,
}
const SAYS = 'export const handler = async (event) => console.log(JSON.stringify(event))'
const FAILS = 'export const handler = async () => { throw new Error("no") }'

const said = (
  lines: readonly string[],
): { Records: { s3: { object: { key: string } }; Sns: { Message: string } }[] }[] =>
  lines.flatMap((line) => (line.includes('\t{') ? [JSON.parse(line.slice(line.indexOf('\t{') + 1))] : []))
const put = (aws: string, key: string) => fetch(`${aws}/test-dev-photos/${key}`, { method: 'PUT', body: 'x' })
const publish = (aws: string, Message: string) =>
  fetch(aws, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: new URLSearchParams({
      Action: 'Publish',
      Version: '2010-03-31',
      TopicArn: 'arn:aws:sns:us-east-1:000000000000:test-dev-news',
      Message,
    }),
  })

test('an object wakes the function that asked for its prefix and suffix, until the app no longer does', async () => {
  await using app = await runApp({ functions: { seen: SAYS }, resources: [photos], triggers: [onPhoto] })
  for (const key of ['in/a%20b.png', 'in/a.jpg', 'out/a.png']) assert.equal((await put(app.cloud.aws, key)).status, 200)
  await until('woken', () => said(app.lines('seen')).length > 0)
  await app.apply({ functions: { seen: SAYS }, resources: [photos] })
  await put(app.cloud.aws, 'in/late.png')
  await until('quiet', () => app.cloud.idle())
  const keys = said(app.lines('seen')).flatMap(({ Records }) => Records.map(({ s3 }) => s3.object.key))
  assert.deepEqual(keys, ['in/a+b.png'])
})

test('a topic wakes its functions and fills its queues; what the app no longer declares goes', async () => {
  const resources = [news, toQueue('copies')]
  const functions = { first: SAYS, second: SAYS }
  const copies = {
    export: 'copies',
    topic: 'news',
    queue: 'copies',
    filter: undefined,
    filterScope: 'MessageBody' as const,
    raw: true,
    where,
  }
  await using app = await runApp({
    functions,
    resources,
    triggers: [onNews('first'), onNews('second')],
    subscriptions: [copies],
  })
  assert.equal((await publish(app.cloud.aws, 'one')).status, 200)
  await until('delivered', () => app.cloud.idle() && said(app.lines('second')).length === 1)
  await app.apply({ functions, resources, triggers: [onNews('first')] })
  await publish(app.cloud.aws, 'two')
  await until('delivered again', () => app.cloud.idle() && said(app.lines('first')).length === 2)
  const messages = (name: string) =>
    said(app.lines(name)).flatMap(({ Records }) => Records.map(({ Sns }) => Sns.Message))
  assert.deepEqual([messages('first'), messages('second')], [['one', 'two'], ['one']])
  const url = `${app.cloud.aws}/000000000000/test-dev-copies`
  const answer = await fetch(app.cloud.aws, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ReceiveMessage' },
    body: JSON.stringify({ QueueUrl: url, MaxNumberOfMessages: 10 }),
  })
  const { Messages } = JSON.parse(await answer.text())
  assert.deepEqual(
    Messages.map(({ Body }: { Body: string }) => Body),
    ['one'],
  )
})

test('a function that fails is tried as Lambda tries asynchronous events, over a restart too', async () => {
  const clock = startClock('virtual')
  await using app = await runApp(
    { functions: { fails: FAILS }, resources: [news], triggers: [onNews('fails')] },
    { clock },
  )
  const tries = () => app.lines('fails').filter((line) => line.startsWith('REPORT')).length
  await publish(app.cloud.aws, 'x')
  await until('first try', () => tries() === 1 && app.cloud.idle())
  await app.restart({ clock: startClock('virtual', clock.now() + 30_000) })
  await app.cloud.clock.advance(29_000)
  assert.equal(tries(), 1)
  await app.cloud.clock.advance(3_600_000)
  assert.equal(tries(), 3)
  assert.match(app.lines('fails').join('\n'), /The event is given up: it failed 3 times\./)
})
