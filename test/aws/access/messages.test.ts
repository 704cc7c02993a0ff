// What calls of queues, topics, buses, streams and schedules need.
import { check, type Row } from '../../support/needs.ts'

const SQS =
  'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html'
const SNS = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html'
const SMS = 'https://docs.aws.amazon.com/sns/latest/dg/sns-using-identity-based-policies.html'
const EVENTS = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html'
const SCHEDULER = 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/security_iam_service-with-iam.html'
const KINESIS = 'https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html'
const PASS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html'
const FIREHOSE = 'https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html'

const QueueUrl = 'https://sqs.us-east-1.amazonaws.com/123456789012/jobs'
const onQueue = [
  'SendMessage',
  'ReceiveMessage',
  'DeleteMessage',
  'ChangeMessageVisibility',
  'GetQueueAttributes',
  'SetQueueAttributes',
  'PurgeQueue',
  'DeleteQueue',
  'ListDeadLetterSourceQueues',
  'ListQueueTags',
  'TagQueue',
  'UntagQueue',
  'AddPermission',
  'RemovePermission',
]

const queues: readonly Row[] = [
  ...onQueue.map((name): Row => [`sqs ${name}`, { QueueUrl }, [`sqs:${name} jobs`], SQS]),
  ['sqs SendMessageBatch', { QueueUrl, Entries: [] }, ['sqs:SendMessage jobs'], SQS],
  ['sqs DeleteMessageBatch', { QueueUrl, Entries: [] }, ['sqs:DeleteMessage jobs'], SQS],
  ['sqs ChangeMessageVisibilityBatch', { QueueUrl, Entries: [] }, ['sqs:ChangeMessageVisibility jobs'], SQS],
  [
    'sqs SendMessage',
    { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/210987654321/a.fifo' },
    ['sqs:SendMessage arn:aws:sqs:eu-west-1:210987654321:a.fifo'],
    SQS,
  ],
  [
    'sqs SendMessage',
    { QueueUrl: 'https://eu-west-1.queue.amazonaws.com/123456789012/jobs' },
    ['sqs:SendMessage arn:aws:sqs:eu-west-1:123456789012:jobs'],
    SQS,
  ],
  ['sqs SendMessage', { QueueUrl: 'http://127.0.0.1:4566/123456789012/jobs' }, ['sqs:SendMessage jobs'], SQS],
  ['sqs SendMessage', { QueueUrl: 'jobs' }, ['sqs:SendMessage jobs'], SQS],
  ['sqs SendMessage', undefined, ['sqs:SendMessage * ?'], SQS],
  ['sqs CreateQueue', { QueueName: 'jobs' }, ['sqs:CreateQueue jobs'], SQS],
  ['sqs GetQueueUrl', { QueueName: 'jobs' }, ['sqs:GetQueueUrl jobs'], SQS],
  [
    'sqs GetQueueUrl',
    { QueueName: 'jobs', QueueOwnerAWSAccountId: '210987654321' },
    ['sqs:GetQueueUrl arn:aws:sqs:us-east-1:210987654321:jobs'],
    SQS,
  ],
  ['sqs ListQueues', {}, ['sqs:ListQueues *'], SQS],
  [
    'sqs StartMessageMoveTask',
    { SourceArn: 'arn:aws:sqs:us-east-1:123456789012:dead' },
    ['sqs:StartMessageMoveTask dead'],
    SQS,
  ],
]

const TopicArn = 'arn:aws:sns:us-east-1:123456789012:news'
const topics: readonly Row[] = [
  ['sns Publish', { TopicArn, Message: 'x' }, ['sns:Publish news'], SNS],
  ['sns Publish', { TargetArn: TopicArn }, ['sns:Publish news'], SNS],
  ['sns Publish', { PhoneNumber: '+15550100' }, ['sns:Publish *'], SMS],
  [
    'sns Publish',
    { TargetArn: 'arn:aws:sns:us-east-1:123456789012:endpoint/APNS/app/1' },
    ['sns:Publish endpoint/APNS/app/1'],
    SNS,
  ],
  ['sns Publish', undefined, ['sns:Publish * ?'], SNS],
  ['sns PublishBatch', { TopicArn }, ['sns:Publish news'], SNS],
  ['sns Subscribe', { TopicArn, Protocol: 'sqs' }, ['sns:Subscribe news'], SNS],
  ['sns Unsubscribe', { SubscriptionArn: `${TopicArn}:0b1c` }, ['sns:Unsubscribe news'], SNS],
  ['sns CreateTopic', { Name: 'news' }, ['sns:CreateTopic news'], SNS],
  ['sns DeleteTopic', { TopicArn }, ['sns:DeleteTopic news'], SNS],
  ['sns ListSubscriptionsByTopic', { TopicArn }, ['sns:ListSubscriptionsByTopic news'], SNS],
  ['sns ListTopics', {}, ['sns:ListTopics *'], SNS],
  ['sns CheckIfPhoneNumberIsOptedOut', { phoneNumber: '+15550100' }, ['sns:CheckIfPhoneNumberIsOptedOut *'], SNS],
]

const role = 'arn:aws:iam::123456789012:role/r'
const buses: readonly Row[] = [
  ['eventbridge PutEvents', { Entries: [{ Source: 's' }] }, ['events:PutEvents event-bus/default'], EVENTS],
  ['eventbridge PutEvents', { Entries: [{ EventBusName: 'shop' }] }, ['events:PutEvents event-bus/shop'], EVENTS],
  [
    'eventbridge PutEvents',
    {
      Entries: [
        { EventBusName: 'shop' },
        { EventBusName: 'arn:aws:events:us-east-1:210987654321:event-bus/other' },
        {},
      ],
    },
    ['events:PutEvents event-bus/shop | arn:aws:events:us-east-1:210987654321:event-bus/other | event-bus/default'],
    EVENTS,
  ],
  ['eventbridge PutEvents', undefined, ['events:PutEvents event-bus/* ?'], EVENTS],
  ['eventbridge PutRule', { Name: 'r' }, ['events:PutRule rule/r'], EVENTS],
  ['eventbridge PutRule', { Name: 'r', EventBusName: 'shop' }, ['events:PutRule rule/shop/r'], EVENTS],
  ['eventbridge DeleteRule', { Name: 'r' }, ['events:DeleteRule rule/r'], EVENTS],
  ['eventbridge EnableRule', { Name: 'r', EventBusName: 'default' }, ['events:EnableRule rule/r'], EVENTS],
  [
    'eventbridge PutTargets',
    { Rule: 'r', Targets: [{ Id: '1', Arn: 'x', RoleArn: role }] },
    ['events:PutTargets rule/r', `iam:PassRole ${role} if iam:PassedToService=events.amazonaws.com`],
    PASS,
  ],
  ['eventbridge PutTargets', { Rule: 'r', Targets: [{ Id: '1', Arn: 'x' }] }, ['events:PutTargets rule/r'], EVENTS],
  ['eventbridge ListTargetsByRule', { Rule: 'r' }, ['events:ListTargetsByRule rule/r'], EVENTS],
  ['eventbridge CreateEventBus', { Name: 'shop' }, ['events:CreateEventBus event-bus/shop'], EVENTS],
  ['eventbridge DescribeEventBus', { Name: 'shop' }, ['events:DescribeEventBus event-bus/shop'], EVENTS],
  ['eventbridge ListRules', {}, ['events:ListRules *'], EVENTS],
]

const schedules: readonly Row[] = [
  [
    'scheduler CreateSchedule',
    { Name: 's', Target: { Arn: 'x', RoleArn: role } },
    [
      'scheduler:CreateSchedule schedule/default/s',
      `iam:PassRole ${role} if iam:PassedToService=scheduler.amazonaws.com`,
    ],
    SCHEDULER,
  ],
  [
    'scheduler UpdateSchedule',
    { Name: 's', GroupName: 'g', Target: { RoleArn: role } },
    ['scheduler:UpdateSchedule schedule/g/s', `iam:PassRole ${role} if iam:PassedToService=scheduler.amazonaws.com`],
    SCHEDULER,
  ],
  ['scheduler GetSchedule', { Name: 's', GroupName: 'g' }, ['scheduler:GetSchedule schedule/g/s'], SCHEDULER],
  ['scheduler DeleteSchedule', { Name: 's' }, ['scheduler:DeleteSchedule schedule/default/s'], SCHEDULER],
  ['scheduler CreateScheduleGroup', { Name: 'g' }, ['scheduler:CreateScheduleGroup schedule-group/g'], SCHEDULER],
  ['scheduler ListSchedules', {}, ['scheduler:ListSchedules *'], SCHEDULER],
]

const StreamARN = 'arn:aws:kinesis:us-east-1:123456789012:stream/clicks'
const streams: readonly Row[] = [
  ['kinesis PutRecord', { StreamName: 'clicks' }, ['kinesis:PutRecord stream/clicks'], KINESIS],
  ['kinesis PutRecords', { StreamARN }, ['kinesis:PutRecords stream/clicks'], KINESIS],
  ['kinesis GetRecords', { ShardIterator: 'x' }, ['kinesis:GetRecords stream/* ?'], KINESIS],
  ['kinesis GetShardIterator', { StreamName: 'clicks' }, ['kinesis:GetShardIterator stream/clicks'], KINESIS],
  ['kinesis DescribeStreamSummary', { StreamARN }, ['kinesis:DescribeStreamSummary stream/clicks'], KINESIS],
  ['kinesis ListShards', { StreamName: 'clicks' }, ['kinesis:ListShards stream/clicks'], KINESIS],
  [
    'kinesis SubscribeToShard',
    { ConsumerARN: `${StreamARN}/consumer/c:1` },
    ['kinesis:SubscribeToShard stream/clicks/consumer/c:1'],
    KINESIS,
  ],
  ['kinesis PutRecord', undefined, ['kinesis:PutRecord stream/* ?'], KINESIS],
  ['firehose PutRecord', { DeliveryStreamName: 'clicks' }, ['firehose:PutRecord deliverystream/clicks'], FIREHOSE],
  [
    'firehose PutRecordBatch',
    { DeliveryStreamName: 'clicks' },
    ['firehose:PutRecordBatch deliverystream/clicks'],
    FIREHOSE,
  ],
  ['firehose PutRecordBatch', undefined, ['firehose:PutRecordBatch deliverystream/* ?'], FIREHOSE],
]

check([...queues, ...topics, ...buses, ...schedules, ...streams])
