// The local SNS as boto3 and the aws CLI see it.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { missing } from '../support/judge.ts'
import { openSnsRig, type SnsRig } from '../support/sns.ts'

let rig: SnsRig
before(async () => {
  rig = await openSnsRig()
})
after(() => rig[Symbol.asyncDispose]())

const run = async (program: string, args: readonly string[]) => {
  const env = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    AWS_ENDPOINT_URL: rig.endpoint,
    AWS_ACCESS_KEY_ID: 'goblet',
    AWS_SECRET_ACCESS_KEY: 'goblet',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_MAX_ATTEMPTS: '1',
  }
  const { stdout } = await promisify(execFile)(program, args, { env, timeout: 60_000 })
  return stdout === '' ? {} : JSON.parse(stdout)
}

const SCRIPT = `
import boto3, json
sns = boto3.client('sns')
said = {}
def refusal(work):
    try:
        work()
    except sns.exceptions.ClientError as error:
        return [error.response['Error']['Code'], error.response['Error']['Message'], error.response['ResponseMetadata']['HTTPStatusCode']]
topic = sns.create_topic(Name='boto', Attributes={'DisplayName': 'd'}, Tags=[{'Key': 'k', 'Value': 'v'}])['TopicArn']
fifo = sns.create_topic(Name='boto.fifo', Attributes={'FifoTopic': 'true', 'ContentBasedDeduplication': 'true'})['TopicArn']
queue = 'arn:aws:sqs:us-east-1:000000000000:jobs'
said['subscription'] = sns.subscribe(TopicArn=topic, Protocol='sqs', Endpoint=queue, Attributes={'RawMessageDelivery': 'true', 'FilterPolicy': json.dumps({'kind': ['a']})})['SubscriptionArn'].startswith(topic)
sns.publish(TopicArn=topic, Message='kept back')
sns.publish(TopicArn=topic, Message='taken', Subject='s', MessageAttributes={'kind': {'DataType': 'String.Array', 'StringValue': '["a"]'}, 'raw': {'DataType': 'Binary', 'BinaryValue': b'\\x02'}})
said['batch'] = [len(sns.publish_batch(TopicArn=fifo, PublishBatchRequestEntries=[{'Id': str(i), 'Message': str(i), 'MessageGroupId': 'g'} for i in range(3)])[key]) for key in ['Successful', 'Failed']]
said['sequence'] = len(sns.publish(TopicArn=fifo, Message='x', MessageGroupId='g')['SequenceNumber'])
said['topics'] = [t['TopicArn'] for page in sns.get_paginator('list_topics').paginate() for t in page['Topics']]
said['tags'] = sns.list_tags_for_resource(ResourceArn=topic)['Tags']
said['name'] = sns.get_topic_attributes(TopicArn=topic)['Attributes']['DisplayName']
said['noTopic'] = refusal(lambda: sns.publish(TopicArn=topic + 'x', Message='x'))
said['filter'] = refusal(lambda: sns.subscribe(TopicArn=topic, Protocol='sqs', Endpoint=queue + '2', Attributes={'FilterPolicy': '{"key":[{"suffix":100}]}'}))
said['batchIds'] = refusal(lambda: sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[{'Id': '1', 'Message': 'a'}, {'Id': '1', 'Message': 'b'}]))
print(json.dumps(said))
`

test('boto3: topics, a filtered raw subscription, batches and refusals', { skip: missing('boto3') }, async () => {
  const { filter, ...said } = await run('python3', ['-c', SCRIPT])
  assert.deepEqual(said, {
    subscription: true,
    batch: [3, 0],
    sequence: 20,
    topics: ['boto', 'boto.fifo'].map((name) => `arn:aws:sns:us-east-1:000000000000:${name}`),
    tags: [{ Key: 'k', Value: 'v' }],
    name: 'd',
    noTopic: ['NotFound', 'Topic does not exist', 404],
    batchIds: ['BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.', 400],
  })
  assert.deepEqual(filter, [
    'InvalidParameter',
    'Invalid parameter: Attributes Reason: FilterPolicy: suffix match pattern must be a string',
    400,
  ])
  await rig.settle()
  assert.deepEqual(
    rig.mail.taken.map(({ body, attributes }) => [body, attributes?.raw?.BinaryValue]),
    [['taken', 'Ag==']],
  )
})

test('the aws CLI: a topic made, told of and removed', { skip: missing('aws') }, async () => {
  const aws = (...args: string[]) => run('aws', ['sns', ...args, '--output', 'json'])
  const { TopicArn } = await aws('create-topic', '--name', 'cli')
  const { MessageId } = await aws('publish', '--topic-arn', TopicArn, '--message', 'hello')
  assert.match(MessageId, /^[0-9a-f-]{36}$/)
  const { Attributes } = await aws('get-topic-attributes', '--topic-arn', TopicArn)
  assert.equal(Attributes.TopicArn, TopicArn)
  await aws('delete-topic', '--topic-arn', TopicArn)
  await assert.rejects(aws('publish', '--topic-arn', TopicArn, '--message', 'x'), /NotFound.*Topic does not exist/s)
})
