// Lifecycle rules on the clock: what expires when, who is told, what S3 refuses.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, beforeEach, test } from 'node:test'
import * as sdk from '@aws-sdk/client-s3'
import { startClock } from '../../src/local/clock.ts'
import { fails, openRig, type Rig } from '../support/s3.ts'

const DAY = 24 * 3600_000
let rig: Rig
let bucket: string
before(async () => {
  rig = await openRig(startClock('virtual', Date.UTC(2026, 0, 15, 10, 30)))
})
after(() => rig.close())
beforeEach(async () => {
  bucket = await rig.makeBucket()
})

const apply = (Rules: sdk.LifecycleRule[]): Promise<sdk.PutBucketLifecycleConfigurationCommandOutput> =>
  rig.client.send(new sdk.PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules } }))
const rule = (more: Partial<sdk.LifecycleRule>): sdk.LifecycleRule => ({
  ID: 'rule',
  Status: 'Enabled',
  Filter: { Prefix: '' },
  ...more,
})
async function keys(): Promise<(string | undefined)[]> {
  const { Contents = [] } = await rig.client.send(new sdk.ListObjectsV2Command({ Bucket: bucket }))
  return Contents.map(({ Key }) => Key)
}
/** Moves to so long after the next midnight. */
const toMidnight = (days: number, plus = 1000): Promise<void> =>
  rig.clock.advance((Math.floor(rig.clock.now() / DAY) + days) * DAY - rig.clock.now() + plus)

test('configurations are given back, defaults told', async () => {
  const command = new sdk.GetBucketLifecycleConfigurationCommand({ Bucket: bucket })
  await fails(rig.client.send(command), 'NoSuchLifecycleConfiguration', 404)
  const given: sdk.LifecycleRule[] = [
    rule({ ID: 'a', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 3 } }),
    rule({
      ID: 'b',
      Status: 'Disabled',
      Filter: { And: { Prefix: 'x/', Tags: [{ Key: 'k', Value: 'v' }], ObjectSizeGreaterThan: 5 } },
      Expiration: { Date: new Date('2030-01-01T00:00:00Z') },
      Transitions: [{ Days: 30, StorageClass: 'GLACIER' }],
    }),
    rule({
      ID: 'c',
      NoncurrentVersionExpiration: { NoncurrentDays: 2, NewerNoncurrentVersions: 1 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      Expiration: { ExpiredObjectDeleteMarker: true },
    }),
  ]
  assert.equal((await apply(given)).TransitionDefaultMinimumObjectSize, 'all_storage_classes_128K')
  const got = await rig.client.send(command)
  assert.equal(got.TransitionDefaultMinimumObjectSize, 'all_storage_classes_128K')
  assert.deepEqual(
    got.Rules?.find(({ ID }) => ID === 'a'),
    given[0],
  )
  assert.deepEqual(
    got.Rules?.find(({ ID }) => ID === 'c'),
    given[2],
  )
  const second = got.Rules?.find(({ ID }) => ID === 'b')
  assert.deepEqual(second?.Filter, given[1]?.Filter)
  assert.deepEqual(second?.Transitions?.[0]?.StorageClass, 'GLACIER')
  await rig.client.send(new sdk.DeleteBucketLifecycleCommand({ Bucket: bucket }))
  await fails(rig.client.send(command), 'NoSuchLifecycleConfiguration', 404)
})

test('what S3 refuses', async () => {
  const refused = async (rules: sdk.LifecycleRule[], code: string, words: RegExp): Promise<void> => {
    const error = await fails(apply(rules), code, 400)
    assert.match(error.message, words)
  }
  const days = { Expiration: { Days: 1 } }
  await refused([rule({})], 'InvalidRequest', /At least one action needs to be specified in a rule/)
  await refused(
    [rule(days), rule(days)],
    'InvalidArgument',
    /Rule ID must be unique\. Found same ID for more than one rule/,
  )
  await refused(
    [rule({ ID: 'x'.repeat(256), ...days })],
    'InvalidArgument',
    /ID length should not exceed allowed limit of 255/,
  )
  await refused(
    [rule({ Expiration: { Days: 0 } })],
    'InvalidArgument',
    /'Days' for Expiration action must be a positive integer/,
  )
  await refused([rule({ Expiration: { Date: new Date(1) } })], 'InvalidArgument', /'Date' must be at midnight GMT/)
  await refused([{ Status: 'Enabled', ...days }], 'MalformedXML', /./)
  await refused([rule({ Status: 'enabled' as 'Enabled', ...days })], 'MalformedXML', /./)
  await refused([rule({ Expiration: { Days: 1, ExpiredObjectDeleteMarker: true } })], 'MalformedXML', /./)
  await refused([], 'MalformedXML', /./)
})

test('objects expire at the midnight after their days, are announced and told of', async () => {
  await rig.client.send(
    new sdk.PutBucketNotificationConfigurationCommand({
      Bucket: bucket,
      NotificationConfiguration: {
        QueueConfigurations: [
          {
            QueueArn: 'arn:aws:sqs:us-east-1:000000000000:q',
            Events: ['s3:LifecycleExpiration:*', 's3:ObjectRemoved:*'],
          },
        ],
      },
    }),
  )
  await apply([rule({ ID: 'tmp files', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 3 } })])
  const put = await rig.put(bucket, 'tmp/a')
  const expected = 'expiry-date="Mon, 19 Jan 2026 00:00:00 GMT", rule-id="tmp%20files"'
  assert.equal(put.Expiration, expected)
  const head = await rig.client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: 'tmp/a' }))
  assert.equal(head.Expiration, expected)
  assert.equal((await rig.put(bucket, 'kept')).Expiration, undefined)
  rig.mail.taken.length = 0
  await rig.clock.advance(Date.UTC(2026, 0, 18, 23, 59) - rig.clock.now())
  assert.deepEqual(await keys(), ['kept', 'tmp/a'])
  await rig.clock.advance(120_000)
  assert.deepEqual(await keys(), ['kept'])
  assert.equal(rig.mail.taken.length, 1)
  const [record] = JSON.parse(rig.mail.taken[0]?.body ?? '').Records
  const url = new URL('../fixtures/events/s3-lifecycle.json', import.meta.url)
  const [sample] = JSON.parse(readFileSync(url, 'utf8')).Records
  assert.deepEqual(Object.keys(record), Object.keys(sample))
  assert.deepEqual(Object.keys(record.s3.object), Object.keys(sample.s3.object))
  for (const name of ['eventVersion', 'eventName', 'userIdentity', 'requestParameters'])
    assert.deepEqual(record[name], sample[name])
})

test('filters: tags and sizes, all of them; a date; a disabled rule', async () => {
  await apply([
    rule({ ID: 'off', Status: 'Disabled', Expiration: { Days: 1 } }),
    rule({
      ID: 'and',
      Filter: {
        And: { Prefix: 'p', Tags: [{ Key: 'a', Value: '1' }], ObjectSizeGreaterThan: 3, ObjectSizeLessThan: 9 },
      },
      Expiration: { Days: 1 },
    }),
    rule({ ID: 'tag', Filter: { Tag: { Key: 'b', Value: '2' } }, Expiration: { Date: new Date(dayAfter(3)) } }),
  ])
  await rig.put(bucket, 'p1', 'x'.repeat(5), { Tagging: 'a=1&c=3' })
  await rig.put(bucket, 'p2', 'x'.repeat(5))
  await rig.put(bucket, 'p3', 'x'.repeat(3), { Tagging: 'a=1' })
  await rig.put(bucket, 'p4', 'x'.repeat(9), { Tagging: 'a=1' })
  await rig.put(bucket, 'q5', 'x'.repeat(5), { Tagging: 'b=2' })
  await toMidnight(2)
  assert.deepEqual(await keys(), ['p2', 'p3', 'p4', 'q5'])
  await toMidnight(1)
  assert.deepEqual(await keys(), ['p2', 'p3', 'p4'])
})
const dayAfter = (days: number): number => (Math.floor(rig.clock.now() / DAY) + days) * DAY

test('versions: a marker takes the place, older ones go after their days, a lone marker goes too', async () => {
  await rig.client.send(
    new sdk.PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  )
  await apply([
    rule({ ID: 'now', Filter: { Prefix: 'cur' }, Expiration: { Days: 1 } }),
    rule({
      ID: 'old',
      Filter: { Prefix: 'k' },
      NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 1 },
    }),
    rule({ ID: 'gone', Filter: { Prefix: 'm' }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } }),
    rule({ ID: 'marker', Filter: { Prefix: 'm' }, Expiration: { ExpiredObjectDeleteMarker: true } }),
  ])
  for (const body of ['1', '2', '3']) await rig.put(bucket, 'k', body)
  await rig.put(bucket, 'cur')
  await rig.put(bucket, 'm')
  await rig.client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: 'm' }))
  await toMidnight(2)
  const { Versions = [], DeleteMarkers = [] } = await rig.client.send(
    new sdk.ListObjectVersionsCommand({ Bucket: bucket }),
  )
  assert.deepEqual(
    Versions.map(({ Key, IsLatest }) => [Key, IsLatest]),
    [
      ['cur', false],
      ['k', true],
      ['k', false],
    ],
  )
  assert.deepEqual(
    DeleteMarkers.map(({ Key }) => Key),
    ['cur'],
  )
})

test('uploads that nobody completes are given up', async () => {
  await apply([rule({ Filter: { Prefix: 'up/' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 } })])
  for (const Key of ['up/1', 'other']) {
    const made = await rig.client.send(new sdk.CreateMultipartUploadCommand({ Bucket: bucket, Key }))
    await rig.client.send(
      new sdk.UploadPartCommand({ Bucket: bucket, Key, UploadId: made.UploadId, PartNumber: 1, Body: 'x' }),
    )
  }
  const list = async (): Promise<unknown> => {
    const { Uploads = [] } = await rig.client.send(new sdk.ListMultipartUploadsCommand({ Bucket: bucket }))
    return Uploads.map(({ Key }) => Key)
  }
  await toMidnight(2)
  assert.deepEqual(await list(), ['other', 'up/1'])
  await toMidnight(1)
  assert.deepEqual(await list(), ['other'])
})

test('more objects than one commit takes; what fell due while nobody was here', async () => {
  await rig.s3.ensureBucket(bucket, { lifecycle: [{ prefix: 'many/', expireDays: 1 }] })
  for (let index = 0; index < 450; index += 50)
    await Promise.all(Array.from({ length: 50 }, (_, one) => rig.put(bucket, `many/${index + one}`, 'x')))
  await rig.put(bucket, 'one')
  await toMidnight(2)
  assert.deepEqual(await keys(), ['one'])
  await rig.s3.ensureBucket(bucket, { lifecycle: [] })
  const command = new sdk.GetBucketLifecycleConfigurationCommand({ Bucket: bucket })
  await fails(rig.client.send(command), 'NoSuchLifecycleConfiguration', 404)
})
