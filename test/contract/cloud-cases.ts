// The recorded cases of S3 and SNS that one call and one queue can show: how each is asked.
import assert from 'node:assert/strict'
import * as s3 from '@aws-sdk/client-s3'
import { PublishCommand } from '@aws-sdk/client-sns'
import { type It, refused } from '../checks/check.ts'

export interface CloudCase {
  readonly id: string
  readonly service: string
  // biome-ignore lint/suspicious/noExplicitAny: the cases are data of many forms, each read where its form is known
  readonly given: any
  // biome-ignore lint/suspicious/noExplicitAny: the cases are data of many forms, each read where its form is known
  readonly when: any
  // biome-ignore lint/suspicious/noExplicitAny: the cases are data of many forms, each read where its form is known
  readonly expect: any
}

type Rule = Partial<s3.QueueConfiguration>

/** A bucket whose changes a queue hears of, and the events that came for what `act` does. */
async function heard(
  it: It,
  act: (Bucket: string) => Promise<unknown>,
  count: number,
  rule: Rule = {},
  versioned = false,
) {
  const [Bucket, queue] = [await it.bucket(), await it.queue()]
  if (versioned)
    await it.s3.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
  const own = { QueueArn: queue.arn, Events: ['s3:ObjectCreated:*' as const, 's3:ObjectRemoved:*' as const], ...rule }
  const NotificationConfiguration = { QueueConfigurations: [own] }
  await it.s3.send(new s3.PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }))
  await act(Bucket)
  // One more than is wanted: the s3:TestEvent comes first.
  const messages = await it.receive(queue, count + 1, 5)
  return messages.flatMap(({ Body = '{}' }) => JSON.parse(Body).Records ?? [])
}

export async function askS3(it: It, { id, given, when, expect }: CloudCase): Promise<void> {
  if (id === 's3-key-1025') return refused(it.put(await it.bucket(), 'x'.repeat(1025)), expect.code, expect.status)
  if (id === 's3-filter-overlap-prefix') return overlap(it)
  if (id === 's3-filter-and') {
    const rules = Object.entries(given.filter as Record<'prefix' | 'suffix', string>)
    const FilterRules = rules.map(([Name, Value]) => ({ Name: Name as 'prefix' | 'suffix', Value }))
    const put = async (Bucket: string) => {
      for (const key of when.put) await it.put(Bucket, key)
    }
    const records = await heard(it, put, 1, { Filter: { Key: { FilterRules } } })
    assert.deepEqual(
      records.map((one) => one.s3.object.key),
      expect.notified,
    )
    return
  }
  if (id === 's3-event-copy') {
    const copy = async (Bucket: string) => {
      await it.put(Bucket, 'a')
      await it.s3.send(new s3.CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` }))
    }
    assert.equal((await heard(it, copy, 2)).at(1)?.eventName, expect.eventName)
    return
  }
  if (when.delete !== undefined) return removal(it, when.delete, given.versioning === true, expect)
  await key(it, when.put, expect)
}

async function overlap(it: It): Promise<void> {
  const [Bucket, { arn: QueueArn }] = [await it.bucket(), await it.queue()]
  const Events = ['s3:ObjectCreated:*' as const]
  const Filter = { Key: { FilterRules: [{ Name: 'prefix' as const, Value: 'images' }] } }
  const QueueConfigurations = [
    { QueueArn, Events },
    { QueueArn, Events, Filter },
  ]
  const NotificationConfiguration = { QueueConfigurations }
  const asked = new s3.PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration })
  await refused(it.s3.send(asked), 'InvalidArgument', 400)
}

async function removal(it: It, Key: string, versioned: boolean, expect: CloudCase['expect']): Promise<void> {
  const act = async (Bucket: string) => {
    await it.put(Bucket, Key)
    await it.s3.send(new s3.DeleteObjectCommand({ Bucket, Key }))
  }
  const event = (await heard(it, act, 2, {}, versioned)).at(1)
  assert.equal(event?.eventName, expect.eventName)
  const { object } = event.s3
  if (expect['object.keys']) assert.deepEqual(Object.keys(object), expect['object.keys'])
  if (expect['object.eTag']) assert.equal(object.eTag, expect['object.eTag'])
  if (expect['object.versionId']) assert.ok(object.versionId)
}

async function key(it: It, Key: string, expect: CloudCase['expect']): Promise<void> {
  let place = ''
  const put = async (Bucket: string) => {
    place = Bucket
    await it.put(Bucket, Key, 'bytes')
  }
  const [event] = await heard(it, put, 1)
  const told = event?.s3.object.key ?? ''
  const exact = expect['Records[0].s3.object.key']
  if (exact !== undefined) return assert.equal(told, exact)
  assert.equal(decodeURIComponent(told.replaceAll('+', ' ')), Key)
  assert.equal(await it.text(place, Key), 'bytes')
  const { Contents } = await it.s3.send(new s3.ListObjectsV2Command({ Bucket: place }))
  assert.deepEqual(
    Contents?.map((one) => one.Key),
    [Key],
  )
}

const RAW = { RawMessageDelivery: 'true' } as const
const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** A row of the filters: what arrives in a queue that hears all comes to the filtered one, or does not. */
export async function askFilter(it: It, { given, when, expect }: CloudCase): Promise<void> {
  const [TopicArn, queue, all] = [await it.topic(), await it.queue(), await it.queue()]
  const FilterPolicy = JSON.stringify(given.FilterPolicy ?? when.FilterPolicy)
  if (when.action !== undefined)
    return refused(it.subscribe(TopicArn, queue, { FilterPolicy }), expect.code, expect.status)
  const { FilterPolicyScope } = given
  await it.subscribe(TopicArn, queue, { ...RAW, FilterPolicy, FilterPolicyScope })
  await it.subscribe(TopicArn, all, RAW)
  const sent = Object.entries<{ Type: string; Value: unknown }>(when.MessageAttributes ?? {})
  const attributes = sent.map(([name, { Type, Value }]) => [name, { DataType: Type, StringValue: text(Value) }])
  const MessageAttributes = Object.fromEntries(attributes)
  const Message = when.Message === undefined ? 'x' : text(when.Message)
  await it.sns.send(new PublishCommand({ TopicArn, Message, MessageAttributes }))
  assert.equal((await it.receive(all)).length, 1)
  // Both were sent by one commit; the other is at most a moment behind.
  const got = await it.receive(queue, 1, expect.delivered ? 4 : 0.15)
  assert.equal(got.length === 1, expect.delivered)
}
