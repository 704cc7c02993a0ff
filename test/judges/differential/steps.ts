// What a differential run may do: one step is one call, with what it needs of the steps before it put in by the target.
import * as s3 from '@aws-sdk/client-s3'
import * as sns from '@aws-sdk/client-sns'
import * as sqs from '@aws-sdk/client-sqs'
import type { It, Queue } from '../../checks/check.ts'

/** What a scenario has on one target. */
export interface Place {
  readonly it: It
  readonly bucket: string
  readonly queue: Queue
  readonly topic: string
  uploadId: string
  /** ETags of the parts of the upload, by number. */
  readonly parts: Map<number, string>
  readonly versions: string[]
  readonly handles: string[]
  readonly subscriptions: string[]
}

export type Input = Readonly<Record<string, unknown>>

/** The fields of an answer that have to be the same everywhere. */
export type Fields = Readonly<Record<string, unknown>>

export type Step = (place: Place, input: Input) => Promise<Fields>

type Answer = object

/** Fields as they came; what is not there is left out. */
function pick(answer: Answer, names: string): Fields {
  const all: Record<string, unknown> = { ...answer }
  return Object.fromEntries(names.split(' ').flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])))
}

const each = (list: readonly object[] | undefined, names: string) => (list ?? []).map((one) => pick(one, names))
const count = (list: readonly unknown[] | undefined) => list?.length ?? 0

const s3Steps = {
  putObject: async ({ it, bucket: Bucket, versions }, input) => {
    const got = await it.s3.send(new s3.PutObjectCommand({ Bucket, Key: 'k', ...input }))
    if (got.VersionId !== undefined) versions.push(got.VersionId)
    return { ...pick(got, 'ETag'), versioned: got.VersionId !== undefined }
  },
  getObject: async ({ it, bucket: Bucket }, input) => {
    const got = await it.s3.send(new s3.GetObjectCommand({ Bucket, Key: 'k', ...input }))
    const fields =
      'ETag ContentLength ContentRange ContentType CacheControl ContentDisposition Metadata TagCount AcceptRanges'
    return { ...pick(got, fields), text: await got.Body?.transformToString() }
  },
  headObject: async ({ it, bucket: Bucket }, input) => {
    const got = await it.s3.send(new s3.HeadObjectCommand({ Bucket, Key: 'k', ...input }))
    return pick(got, 'ETag ContentLength ContentType CacheControl ContentDisposition Metadata DeleteMarker')
  },
  deleteObject: async ({ it, bucket: Bucket }, input) => {
    const got = await it.s3.send(new s3.DeleteObjectCommand({ Bucket, Key: 'k', ...input }))
    return { ...pick(got, 'DeleteMarker'), versioned: got.VersionId !== undefined }
  },
  copyObject: async ({ it, bucket: Bucket }, { source = 'k', ...input }) => {
    const CopySource = `${Bucket}/${encodeURIComponent(String(source))}`
    const got = await it.s3.send(new s3.CopyObjectCommand({ Bucket, Key: 'copy', CopySource, ...input }))
    return pick(got.CopyObjectResult ?? {}, 'ETag')
  },
  listObjectsV2: async ({ it, bucket: Bucket }, input) => {
    const got = await it.s3.send(new s3.ListObjectsV2Command({ Bucket, ...input }))
    const fields = pick(got, 'KeyCount MaxKeys IsTruncated Prefix Delimiter CommonPrefixes StartAfter')
    return { ...fields, Contents: each(got.Contents, 'Key Size ETag') }
  },
  listObjects: async ({ it, bucket: Bucket }, input) => {
    const got = await it.s3.send(new s3.ListObjectsCommand({ Bucket, ...input }))
    return { ...pick(got, 'IsTruncated CommonPrefixes'), Contents: each(got.Contents, 'Key Size ETag') }
  },
  deleteObjects: async ({ it, bucket: Bucket }, { keys, Quiet }) => {
    const Objects = (Array.isArray(keys) ? keys : []).map((Key: string) => ({ Key }))
    const Delete = { Objects, Quiet: Quiet === true }
    const got = await it.s3.send(new s3.DeleteObjectsCommand({ Bucket, Delete }))
    return { deleted: (got.Deleted ?? []).map(({ Key }) => Key).sort(), errors: count(got.Errors) }
  },
  putTags: async ({ it, bucket: Bucket }, { TagSet }) => {
    const Tagging = { TagSet: Array.isArray(TagSet) ? TagSet : [] }
    await it.s3.send(new s3.PutObjectTaggingCommand({ Bucket, Key: 'k', Tagging }))
    return {}
  },
  getTags: async ({ it, bucket: Bucket }) => {
    const { TagSet = [] } = await it.s3.send(new s3.GetObjectTaggingCommand({ Bucket, Key: 'k' }))
    return { tags: TagSet.map(({ Key, Value }) => `${Key}=${Value}`).sort() }
  },
  deleteTags: async ({ it, bucket: Bucket }) => {
    await it.s3.send(new s3.DeleteObjectTaggingCommand({ Bucket, Key: 'k' }))
    return {}
  },
  versioning: async ({ it, bucket: Bucket }, { Status }) => {
    const VersioningConfiguration = { Status: Status === 'Enabled' ? ('Enabled' as const) : ('Suspended' as const) }
    await it.s3.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
    return pick(await it.s3.send(new s3.GetBucketVersioningCommand({ Bucket })), 'Status')
  },
  listVersions: async ({ it, bucket: Bucket }) => {
    const got = await it.s3.send(new s3.ListObjectVersionsCommand({ Bucket }))
    return {
      versions: each(got.Versions, 'Key IsLatest Size ETag'),
      markers: each(got.DeleteMarkers, 'Key IsLatest'),
    }
  },
  getVersion: async ({ it, bucket: Bucket, versions }, { at }) => {
    const VersionId = versions[Number(at)] ?? 'null'
    const got = await it.s3.send(new s3.GetObjectCommand({ Bucket, Key: 'k', VersionId }))
    return { text: await got.Body?.transformToString() }
  },
  beginUpload: async (place, input) => {
    const asked = new s3.CreateMultipartUploadCommand({ Bucket: place.bucket, Key: 'parts', ...input })
    place.uploadId = (await place.it.s3.send(asked)).UploadId ?? ''
    place.parts.clear()
    return {}
  },
  uploadPart: async ({ it, bucket: Bucket, uploadId, parts }, { PartNumber, Body }) => {
    const input = { Bucket, Key: 'parts', UploadId: uploadId, PartNumber: Number(PartNumber), Body: String(Body) }
    const { ETag = '' } = await it.s3.send(new s3.UploadPartCommand(input))
    parts.set(Number(PartNumber), ETag)
    return { ETag }
  },
  listParts: async ({ it, bucket: Bucket, uploadId: UploadId }) => {
    const got = await it.s3.send(new s3.ListPartsCommand({ Bucket, Key: 'parts', UploadId }))
    return { parts: each(got.Parts, 'PartNumber Size ETag') }
  },
  completeUpload: async ({ it, bucket: Bucket, uploadId: UploadId, parts }, { etag, reverse }) => {
    const Parts = [...parts].sort(([left], [right]) => left - right).map(([PartNumber, ETag]) => ({ PartNumber, ETag }))
    if (reverse === true) Parts.reverse()
    if (etag !== undefined && Parts[0] !== undefined) Parts[0].ETag = String(etag)
    const asked = { Bucket, Key: 'parts', UploadId, MultipartUpload: { Parts } }
    return pick(await it.s3.send(new s3.CompleteMultipartUploadCommand(asked)), 'ETag')
  },
  abortUpload: async ({ it, bucket: Bucket, uploadId: UploadId }) => {
    await it.s3.send(new s3.AbortMultipartUploadCommand({ Bucket, Key: 'parts', UploadId }))
    return {}
  },
  headBucket: async ({ it, bucket }, { missing }) => {
    await it.s3.send(new s3.HeadBucketCommand({ Bucket: missing === true ? `${bucket}-none` : bucket }))
    return {}
  },
  createBucket: async ({ it, bucket }, { Bucket = bucket }) => {
    await it.s3.send(new s3.CreateBucketCommand({ Bucket: String(Bucket) }))
    return {}
  },
} satisfies Record<string, Step>

const sqsSteps = {
  send: async ({ it, queue: { QueueUrl } }, input) => {
    const got = await it.sqs.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'x', ...input }))
    return { ...pick(got, 'MD5OfMessageBody MD5OfMessageAttributes'), sequence: got.SequenceNumber !== undefined }
  },
  sendBatch: async ({ it, queue: { QueueUrl } }, { Entries }) => {
    const asked = { QueueUrl, Entries: Array.isArray(Entries) ? Entries : [] }
    const got = await it.sqs.send(new sqs.SendMessageBatchCommand(asked))
    return { good: each(got.Successful, 'Id MD5OfMessageBody'), bad: each(got.Failed, 'Id SenderFault Code') }
  },
  receive: async ({ it, queue: { QueueUrl }, handles }, input) => {
    const asked = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'], ...input }
    const { Messages = [] } = await it.sqs.send(new sqs.ReceiveMessageCommand(asked))
    handles.push(...Messages.map(({ ReceiptHandle = '' }) => ReceiptHandle))
    const shown = Messages.map((one) => JSON.stringify(pick(one, 'Body MessageAttributes MD5OfMessageAttributes')))
    // A standard queue promises no order; handles are only used all or by garbage.
    return { messages: shown.sort() }
  },
  deleteAll: async ({ it, queue: { QueueUrl }, handles }) => {
    for (const ReceiptHandle of handles.splice(0))
      await it.sqs.send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
    return {}
  },
  deleteGarbage: async ({ it, queue: { QueueUrl } }) => {
    await it.sqs.send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'garbage' }))
    return {}
  },
  show: async ({ it, queue: { QueueUrl }, handles }, { VisibilityTimeout }) => {
    const shown = { QueueUrl, ReceiptHandle: handles[0] ?? 'garbage', VisibilityTimeout: Number(VisibilityTimeout) }
    await it.sqs.send(new sqs.ChangeMessageVisibilityCommand(shown))
    return {}
  },
  queueAttributes: async ({ it, queue: { QueueUrl } }, { names }) => {
    const AttributeNames = (Array.isArray(names) ? names : ['All']) as sqs.QueueAttributeName[]
    const { Attributes = {} } = await it.sqs.send(new sqs.GetQueueAttributesCommand({ QueueUrl, AttributeNames }))
    const shown =
      'VisibilityTimeout DelaySeconds ReceiveMessageWaitTimeSeconds MessageRetentionPeriod ApproximateNumberOfMessages ApproximateNumberOfMessagesNotVisible FifoQueue'
    return pick(Attributes, shown)
  },
  setAttributes: async ({ it, queue: { QueueUrl } }, { Attributes }) => {
    const given = Object.fromEntries(Object.entries(Attributes ?? {}).map(([name, value]) => [name, String(value)]))
    await it.sqs.send(new sqs.SetQueueAttributesCommand({ QueueUrl, Attributes: given }))
    return {}
  },
  queueTags: async ({ it, queue: { QueueUrl } }, { tag }) => {
    if (tag !== undefined) await it.sqs.send(new sqs.TagQueueCommand({ QueueUrl, Tags: { [String(tag)]: 'v' } }))
    return { tags: (await it.sqs.send(new sqs.ListQueueTagsCommand({ QueueUrl }))).Tags ?? {} }
  },
  queueUrl: async ({ it, queue: { QueueUrl } }, { missing }) => {
    const QueueName = missing === true ? 'there-is-none' : QueueUrl.split('/').at(-1)
    await it.sqs.send(new sqs.GetQueueUrlCommand({ QueueName }))
    return {}
  },
  createQueue: async ({ it, queue: { QueueUrl } }, { QueueName = QueueUrl.split('/').at(-1), Attributes }) => {
    const given = Object.fromEntries(Object.entries(Attributes ?? {}).map(([name, value]) => [name, String(value)]))
    await it.sqs.send(new sqs.CreateQueueCommand({ QueueName: String(QueueName), Attributes: given }))
    return {}
  },
} satisfies Record<string, Step>

const snsSteps = {
  publish: async ({ it, topic: TopicArn }, input) => {
    const got = await it.sns.send(new sns.PublishCommand({ TopicArn, Message: 'x', ...input }))
    return { id: got.MessageId !== undefined }
  },
  publishBatch: async ({ it, topic: TopicArn }, { entries }) => {
    const asked = { TopicArn, PublishBatchRequestEntries: Array.isArray(entries) ? entries : [] }
    const got = await it.sns.send(new sns.PublishBatchCommand(asked))
    return { good: each(got.Successful, 'Id'), bad: each(got.Failed, 'Id SenderFault Code') }
  },
  subscribe: async ({ it, topic: TopicArn, queue, subscriptions }, input) => {
    const asked = { TopicArn, Protocol: 'sqs', Endpoint: queue.arn, ReturnSubscriptionArn: true, ...input }
    const { SubscriptionArn = '' } = await it.sns.send(new sns.SubscribeCommand(asked))
    subscriptions.push(SubscriptionArn)
    return { own: SubscriptionArn.startsWith(TopicArn) }
  },
  unsubscribe: async ({ it, subscriptions }) => {
    await it.sns.send(new sns.UnsubscribeCommand({ SubscriptionArn: subscriptions.pop() ?? 'garbage' }))
    return {}
  },
  subscriptions: async ({ it, topic: TopicArn }) => {
    const got = await it.sns.send(new sns.ListSubscriptionsByTopicCommand({ TopicArn }))
    return { list: each(got.Subscriptions, 'Protocol') }
  },
  subscriptionAttributes: async ({ it, subscriptions }) => {
    const SubscriptionArn = subscriptions.at(-1) ?? 'garbage'
    const { Attributes = {} } = await it.sns.send(new sns.GetSubscriptionAttributesCommand({ SubscriptionArn }))
    return pick(Attributes, 'Protocol RawMessageDelivery PendingConfirmation FilterPolicy FilterPolicyScope')
  },
  setSubscription: async ({ it, subscriptions }, { AttributeName, AttributeValue }) => {
    const asked = { SubscriptionArn: subscriptions.at(-1) ?? 'garbage', AttributeName: String(AttributeName) }
    await it.sns.send(new sns.SetSubscriptionAttributesCommand({ ...asked, AttributeValue: String(AttributeValue) }))
    return {}
  },
  topicAttributes: async ({ it, topic: TopicArn }, { missing }) => {
    const asked = { TopicArn: missing === true ? `${TopicArn}-none` : TopicArn }
    const { Attributes = {} } = await it.sns.send(new sns.GetTopicAttributesCommand(asked))
    return pick(Attributes, 'DisplayName SubscriptionsConfirmed SubscriptionsPending FifoTopic')
  },
  setTopic: async ({ it, topic: TopicArn }, { AttributeName, AttributeValue }) => {
    const asked = { TopicArn, AttributeName: String(AttributeName), AttributeValue: String(AttributeValue) }
    await it.sns.send(new sns.SetTopicAttributesCommand(asked))
    return {}
  },
  createTopic: async ({ it, topic }, { Name = topic.split(':').at(-1), ...input }) => {
    const { TopicArn } = await it.sns.send(new sns.CreateTopicCommand({ Name: String(Name), ...input }))
    return { same: TopicArn === topic }
  },
  topicTags: async ({ it, topic: ResourceArn }, { tag }) => {
    const Tags = [{ Key: String(tag), Value: 'v' }]
    if (tag !== undefined) await it.sns.send(new sns.TagResourceCommand({ ResourceArn, Tags }))
    return { tags: each((await it.sns.send(new sns.ListTagsForResourceCommand({ ResourceArn }))).Tags, 'Key Value') }
  },
  delivered: sqsSteps.receive,
} satisfies Record<string, Step>

export const STEPS: Readonly<Record<string, Step>> = { ...s3Steps, ...sqsSteps, ...snsSteps }
