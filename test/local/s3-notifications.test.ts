// A bucket's notifications: what is configured, who is told of what, in which words.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, beforeEach, test } from 'node:test'
import * as sdk from '@aws-sdk/client-s3'
import { type BucketEvent, type BucketRecord, readObjectKey } from '../../src/aws/events/bucket.ts'
import { startClock } from '../../src/local/clock.ts'
import type { Delivery } from '../../src/local/service.ts'
import { fails, openRig, type Rig, raw } from '../support/s3.ts'

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:jobs'
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:news'
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:thumbs'

let rig: Rig
let bucket: string
before(async () => {
  rig = await openRig(startClock('virtual', Date.now()))
})
after(() => rig.close())
beforeEach(async () => {
  bucket = await rig.makeBucket()
  await rig.clock.advance(0)
  rig.mail.taken.length = 0
  rig.mail.answer(() => 'taken')
})

const configure = (NotificationConfiguration: sdk.NotificationConfiguration): Promise<unknown> =>
  rig.client.send(new sdk.PutBucketNotificationConfigurationCommand({ Bucket: bucket, NotificationConfiguration }))

/** What was delivered, after all that is due has been. */
async function told(): Promise<Delivery[]> {
  await rig.clock.advance(0)
  return rig.mail.taken.splice(0)
}
const recordOf = ({ body }: Delivery): BucketRecord => {
  const [record] = (JSON.parse(body) as BucketEvent).Records
  assert.ok(record)
  return record
}
const rules = (prefix?: string, suffix?: string): sdk.NotificationConfigurationFilter => ({
  Key: {
    FilterRules: [
      ...(prefix === undefined ? [] : [{ Name: 'prefix' as const, Value: prefix }]),
      ...(suffix === undefined ? [] : [{ Name: 'SUFFIX' as 'suffix', Value: suffix }]),
    ],
  },
})
const created: sdk.Event[] = ['s3:ObjectCreated:*']

test('a configuration is given back, with ids made; queues and topics get a test event', async () => {
  await configure({
    QueueConfigurations: [{ QueueArn: QUEUE, Events: created, Filter: rules('in/', '.jpg') }],
    TopicConfigurations: [{ Id: 'mine', TopicArn: TOPIC, Events: ['s3:ObjectRemoved:Delete'] }],
    LambdaFunctionConfigurations: [{ LambdaFunctionArn: FUNCTION, Events: ['s3:ObjectTagging:*'] }],
    EventBridgeConfiguration: {},
  })
  const got = await rig.client.send(new sdk.GetBucketNotificationConfigurationCommand({ Bucket: bucket }))
  const [queue] = got.QueueConfigurations ?? []
  assert.match(queue?.Id ?? '', /^[\w-]{36}$/)
  assert.deepEqual(queue?.Filter?.Key?.FilterRules, [
    { Name: 'Prefix', Value: 'in/' },
    { Name: 'Suffix', Value: '.jpg' },
  ])
  assert.deepEqual(got.TopicConfigurations, [{ Id: 'mine', TopicArn: TOPIC, Events: ['s3:ObjectRemoved:Delete'] }])
  assert.equal(got.LambdaFunctionConfigurations?.[0]?.LambdaFunctionArn, FUNCTION)
  assert.deepEqual(got.EventBridgeConfiguration, {})
  const tests = await told()
  assert.deepEqual(tests.map(({ to }) => to).sort(), [TOPIC, QUEUE].sort())
  const [one] = tests
  assert.deepEqual(Object.keys(JSON.parse(one?.body ?? '')), [
    'Service',
    'Event',
    'Time',
    'Bucket',
    'RequestId',
    'HostId',
  ])
  assert.equal(JSON.parse(one?.body ?? '').Event, 's3:TestEvent')
  await configure({})
  assert.equal(
    (await rig.client.send(new sdk.GetBucketNotificationConfigurationCommand({ Bucket: bucket }))).QueueConfigurations,
    undefined,
  )
})

test('what S3 refuses', async () => {
  const refused = async (configuration: sdk.NotificationConfiguration, words: RegExp): Promise<void> => {
    const error = await fails(configure(configuration), 'InvalidArgument', 400)
    assert.match(error.message, words)
  }
  const queue = (more: Partial<sdk.QueueConfiguration>): sdk.NotificationConfiguration => ({
    QueueConfigurations: [{ QueueArn: QUEUE, Events: created, ...more }],
  })
  await refused(queue({ QueueArn: 'jobs' }), /The ARN could not be parsed/)
  await refused(queue({ QueueArn: TOPIC }), /The ARN could not be parsed/)
  await refused(queue({ Events: ['s3:ObjectMade:*' as sdk.Event] }), /The event is not supported for notifications/)
  await refused(
    queue({ Filter: { Key: { FilterRules: [{ Name: 'infix' as 'prefix', Value: 'a' }] } } }),
    /filter rule name must be either prefix or suffix/,
  )
  rig.mail.answer(() => ({ gone: 'no such queue' }))
  await refused(queue({}), /Unable to validate the following destination configurations/)
  rig.mail.answer(() => 'taken')
  // Case s3-filter-overlap-prefix.
  const two = (
    left: Partial<sdk.QueueConfiguration>,
    right: Partial<sdk.QueueConfiguration>,
  ): sdk.NotificationConfiguration => ({
    QueueConfigurations: [
      { QueueArn: QUEUE, Events: created, ...left },
      { QueueArn: QUEUE, Events: ['s3:ObjectCreated:Put'], ...right },
    ],
  })
  await refused(two({}, { Filter: rules('images') }), /ambiguously defined/)
  await refused(two({ Filter: rules('a', '.png') }, { Filter: rules('ab', 'g') }), /ambiguously defined/)
  await refused(
    two({}, {}),
    /Configurations overlap\. Configurations on the same bucket cannot share a common event type\./,
  )
  await configure(two({ Filter: rules('a', '.jpg') }, { Filter: rules('a', '.png') }))
  await configure(two({}, { Events: ['s3:ObjectRemoved:*'] }))
})

// Cases s3-key-* and s3-key-roundtrip-*.
test('keys are form-urlencoded, and decode to what they were', async () => {
  await configure({ QueueConfigurations: [{ QueueArn: QUEUE, Events: created }] })
  await told()
  const written: Record<string, string> = {
    'red flower.jpg': 'red+flower.jpg',
    'a@b': 'a%40b',
    'dir/sub/file.txt': 'dir/sub/file.txt',
    'ñandú.txt': '%C3%B1and%C3%BA.txt',
    'emoji😀.png': 'emoji%F0%9F%98%80.png',
    '#hash?q': '%23hash%3Fq',
    'plus+sign': 'plus%2Bsign',
  }
  const others = ["quote'(paren)!*", 'tilde~dash-dot._', 'back\\slash', '"dq"<>', 'con', 'nul.txt', 'a%2Fb', '100%']
  for (const key of [...Object.keys(written), ...others]) {
    await rig.put(bucket, key)
    const [delivery] = await told()
    assert.ok(delivery)
    const { key: given } = recordOf(delivery).s3.object
    if (written[key] !== undefined) assert.equal(given, written[key])
    assert.equal(readObjectKey(given), key)
  }
})

const sample = (name: string): BucketRecord =>
  JSON.parse(readFileSync(new URL(`../fixtures/events/${name}`, import.meta.url), 'utf8')).Records[0]

test('records are those of S3, key for key', async () => {
  await configure({
    QueueConfigurations: [
      { Id: 'all', QueueArn: QUEUE, Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*', 's3:ObjectTagging:*'] },
    ],
  })
  await told()
  await rig.put(bucket, 'my_key', 'body')
  await rig.client.send(new sdk.CopyObjectCommand({ Bucket: bucket, Key: 'copy', CopySource: `${bucket}/my_key` }))
  await rig.client.send(
    new sdk.PutObjectTaggingCommand({ Bucket: bucket, Key: 'copy', Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } }),
  )
  await rig.client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: 'my_key' }))
  const records = (await told()).map(recordOf)
  const shape = ({ eventName, eventVersion, s3 }: BucketRecord): unknown => [
    eventName,
    eventVersion,
    Object.keys(s3.object),
  ]
  assert.deepEqual(records.map(shape).sort(), [
    ['ObjectCreated:Copy', '2.1', ['key', 'size', 'eTag', 'sequencer']],
    ['ObjectCreated:Put', '2.1', ['key', 'size', 'eTag', 'sequencer']],
    ['ObjectRemoved:Delete', '2.1', ['key', 'sequencer']],
    ['ObjectTagging:Put', '2.3', ['key', 'eTag', 'sequencer']],
  ])
  const keysOf = (value: unknown): unknown =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).map(([name, inner]) => [name, keysOf(inner)])
      : typeof value
  const put = records.find(({ eventName }) => eventName === 'ObjectCreated:Put')
  const removed = records.find(({ eventName }) => eventName === 'ObjectRemoved:Delete')
  assert.deepEqual(keysOf(put), keysOf(sample('s3-object-created.json')))
  assert.deepEqual(keysOf(removed), keysOf(sample('s3-object-removed.json')))
  assert.equal(put?.s3.configurationId, 'all')
  assert.ok((removed?.s3.object.sequencer ?? '') > (put?.s3.object.sequencer ?? ''))
})

test('a delete marker has the ETag of nothing and a version', async () => {
  await rig.client.send(
    new sdk.PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  )
  await configure({ QueueConfigurations: [{ QueueArn: QUEUE, Events: ['s3:ObjectRemoved:*'] }] })
  await told()
  await rig.put(bucket, 'k')
  await rig.client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: 'k' }))
  const [delivery] = await told()
  assert.ok(delivery)
  const { eventName, s3 } = recordOf(delivery)
  assert.equal(eventName, 'ObjectRemoved:DeleteMarkerCreated')
  assert.equal(s3.object.eTag, 'd41d8cd98f00b204e9800998ecf8427e')
  assert.equal(s3.object.versionId?.length, 32)
})

test('filters are a prefix and a suffix; event names may end with a star', async () => {
  await configure({
    LambdaFunctionConfigurations: [
      { LambdaFunctionArn: FUNCTION, Events: created, Filter: rules('testupload/', 'testfile.txt') },
    ],
    QueueConfigurations: [{ QueueArn: QUEUE, Events: ['s3:ObjectCreated:Copy'], Filter: rules('c') }],
  })
  await told()
  for (const key of ['testupload/dir1/testfile.txt', 'testupload/x.jpg', 'other/testfile.txt'])
    await rig.put(bucket, key)
  await rig.client.send(
    new sdk.CopyObjectCommand({ Bucket: bucket, Key: 'c', CopySource: `${bucket}/testupload/x.jpg` }),
  )
  const deliveries = await told()
  assert.deepEqual(
    deliveries.map((one) => [one.to, recordOf(one).s3.object.key]),
    [
      [FUNCTION, 'testupload/dir1/testfile.txt'],
      [QUEUE, 'c'],
    ],
  )
  assert.equal(deliveries[0]?.from, `arn:aws:s3:::${bucket}`)
})

test('the event bus is told in its own form, with the key as it is', async () => {
  await configure({ EventBridgeConfiguration: {} })
  await rig.put(bucket, 'a b')
  await rig.client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: 'a b' }))
  const [put, removed] = await told()
  assert.equal(put?.to, 'arn:aws:events:us-east-1:000000000000:event-bus/default')
  const event = JSON.parse(put?.body ?? '')
  const recorded = JSON.parse(
    readFileSync(new URL('../fixtures/events/s3-eventbridge-object-created.json', import.meta.url), 'utf8'),
  )
  assert.deepEqual(Object.keys(event), Object.keys(recorded))
  assert.deepEqual(Object.keys(event.detail), Object.keys(recorded.detail))
  assert.deepEqual(Object.keys(event.detail.object), Object.keys(recorded.detail.object))
  assert.deepEqual(
    [event['detail-type'], event.detail.object.key, event.detail.reason],
    ['Object Created', 'a b', 'PutObject'],
  )
  const gone = JSON.parse(removed?.body ?? '')
  assert.deepEqual([gone['detail-type'], gone.detail['deletion-type']], ['Object Deleted', 'Permanently Deleted'])
})

test('refused deliveries are tried again, in order for each key, over a restart; what is gone is given up with one line', async (t) => {
  const lines = t.mock.method(console, 'error', () => undefined)
  await configure({ QueueConfigurations: [{ QueueArn: QUEUE, Events: created }] })
  await told()
  rig.mail.answer(() => ({ refused: 'not now' }))
  await rig.put(bucket, 'k', '1')
  await rig.put(bucket, 'k', '22')
  await rig.put(bucket, 'other', '333')
  assert.equal((await told()).length, 2)
  await rig.clock.advance(900)
  assert.equal((await told()).length, 0)
  await rig.reopen()
  await rig.clock.advance(5000)
  const sizes = (await told()).map((one) => recordOf(one)).filter(({ s3 }) => s3.object.key === 'k')
  assert.deepEqual(
    sizes.map(({ s3 }) => s3.object.size),
    [1, 2],
  )
  rig.mail.answer(() => ({ gone: 'no such queue' }))
  await rig.put(bucket, 'k')
  await rig.put(bucket, 'k')
  assert.equal((await told()).length, 2)
  await rig.clock.advance(3600_000)
  assert.equal((await told()).length, 0)
  assert.equal(lines.mock.callCount(), 1)
})

test('the app has notifications of its own beside those configured', async () => {
  const own = { id: 'thumbs', to: FUNCTION, events: ['s3:ObjectCreated:*'], prefix: 'in/', suffix: '' }
  await rig.s3.ensureBucket(bucket, { notifications: [own] })
  await rig.s3.ensureBucket(bucket, { notifications: [own] })
  await rig.put(bucket, 'in/1')
  await rig.put(bucket, 'out/1')
  assert.deepEqual(
    (await told()).map(({ to }) => to),
    [FUNCTION],
  )
  // As on AWS, a configuration replaces all; the app's come back with the next start.
  await configure({ QueueConfigurations: [{ QueueArn: QUEUE, Events: created }] })
  await told()
  await rig.put(bucket, 'in/2')
  assert.deepEqual(
    (await told()).map(({ to }) => to),
    [QUEUE],
  )
  await rig.s3.ensureBucket(bucket, { notifications: [own] })
  await rig.put(bucket, 'in/3')
  assert.deepEqual((await told()).map(({ to }) => to).sort(), [FUNCTION, QUEUE].sort())
  await rig.s3.ensureBucket(bucket, { notifications: [] })
  await rig.put(bucket, 'in/4')
  assert.deepEqual(
    (await told()).map(({ to }) => to),
    [QUEUE],
  )
})

test('a bucket made again knows nothing of the one before', async () => {
  await configure({ QueueConfigurations: [{ QueueArn: QUEUE, Events: created }] })
  await raw('DELETE', `${rig.served.endpoint}/${bucket}`)
  await raw('PUT', `${rig.served.endpoint}/${bucket}`, { 'content-length': '0' })
  await told()
  await rig.put(bucket, 'k')
  assert.deepEqual(await told(), [])
})

test('case sec-redos-suffix-filter: filters of 1,024 characters cost no more than comparing them', async () => {
  const nearly = `${'a'.repeat(1023)}b`
  await configure({
    QueueConfigurations: [
      { QueueArn: QUEUE, Events: created, Filter: rules(undefined, nearly) },
      { QueueArn: QUEUE, Events: created, Filter: rules('(a+)+$'.repeat(170), 'z') },
    ],
  })
  await told()
  const key = 'a'.repeat(1024)
  const began = performance.now()
  for (let time = 0; time < 20; time++) await rig.put(bucket, key)
  assert.ok(performance.now() - began < 2000)
  assert.deepEqual(await told(), [])
  await rig.put(bucket, nearly)
  assert.equal((await told()).length, 1)
})
