// What CloudFormation calls, with the rights of whoever deploys, for every type of resource that a template of Goblet's has.

/** Rights for one type: actions, and what they are allowed on. `{stack}` begins the names of everything the stack makes. */
export interface Right {
  readonly actions: readonly string[]
  /** `{partition}`, `{region}`, `{account}` and `{stack}` are filled in; `*` where the action knows no narrower one. */
  readonly on: readonly string[]
  readonly when?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

const on =
  (...resources: readonly string[]) =>
  (service: string, actions: string): Right => ({
    actions: actions
      .split(/\s+/)
      .filter((one) => one !== '')
      .map((one) => `${service}:${one}`),
    on: resources,
  })

const here = (service: string, rest: string): string => `arn:{partition}:${service}:{region}:{account}:${rest}`
const everything = on('*')

const functions = on(here('lambda', 'function:{stack}-*'))
const queues = on(here('sqs', '{stack}-*'))
const topics = on(here('sns', '{stack}-*'))
// Names of buckets begin so, too: `<app>-<stage>-<name>-<account>-<region>`.
const buckets = on('arn:{partition}:s3:::{stack}-*')
const tables = on(here('dynamodb', 'table/{stack}-*'))
const streams = on(here('kinesis', 'stream/{stack}-*'))
const buses = on(here('events', 'event-bus/{stack}-*'))
// A rule of a bus has the bus's name in its ARN.
const rules = on(here('events', 'rule/{stack}-*'), here('events', 'rule/*/{stack}-*'))
const schedules = on(here('scheduler', 'schedule/*/{stack}-*'))
const secrets = on(here('secretsmanager', 'secret:{stack}-*'))
const parameters = on(here('ssm', 'parameter/{stack}-*'))
const alarms = on(here('cloudwatch', 'alarm:{stack}-*'))
// CloudFormation makes these names: the stack's, the logical id's, and random characters.
const roles = on('arn:{partition}:iam::{account}:role/{made}*')
const policies = on('arn:{partition}:iam::{account}:policy/{made}*')
const stacks = on(here('cloudformation', 'stack/{stack}-*/*'))
const logGroups = on(here('logs', 'log-group:/aws/lambda/{stack}-*'), here('logs', 'log-group:/aws/lambda/{stack}-*:*'))

const pass = (service: string): Right => ({
  ...roles('iam', 'PassRole'),
  when: { StringEquals: { 'iam:PassedToService': [service] } },
})

const MAPPINGS: Right = {
  ...on(here('lambda', 'event-source-mapping:*'))(
    'lambda',
    'DeleteEventSourceMapping GetEventSourceMapping UpdateEventSourceMapping',
  ),
  when: { ArnLike: { 'lambda:FunctionArn': [here('lambda', 'function:{stack}-*')] } },
}
const CREATE_MAPPING: Right = {
  ...everything('lambda', 'CreateEventSourceMapping'),
  when: { ArnLike: { 'lambda:FunctionArn': [here('lambda', 'function:{stack}-*')] } },
}

/** API Gateway's rights are HTTP methods on paths of its own management API. Source: "Control access to API management". */
const gateway = (...paths: readonly string[]): Right =>
  on(
    ...paths.flatMap((path) => [
      `arn:{partition}:apigateway:{region}::/${path}`,
      `arn:{partition}:apigateway:{region}::/${path}/*`,
    ]),
    'arn:{partition}:apigateway:{region}::/tags/*',
  )('apigateway', 'DELETE GET PATCH POST PUT')

const SUBSCRIPTION =
  'GetSubscriptionAttributes ListSubscriptionsByTopic SetSubscriptionAttributes Subscribe Unsubscribe'

const APIS = [gateway('apis')]
const REST = [gateway('restapis')]
const DOMAINS = [
  gateway('domainnames'),
  {
    ...on(
      'arn:{partition}:iam::{account}:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway',
    )('iam', 'CreateServiceLinkedRole'),
  },
]

/**
 * By type: what makes, reads, changes and removes it. Sources: the types' handlers as "AWS resource and property types reference"
 * and the registry's schemas tell them, held to what Goblet's templates set; each action as the "Service Authorization
 * Reference" has it, which a test checks.
 */
export const RIGHTS: Readonly<Record<string, readonly Right[]>> = {
  'AWS::Lambda::Function': [
    functions(
      'lambda',
      `CreateFunction DeleteFunction DeleteFunctionConcurrency GetFunction GetFunctionCodeSigningConfig GetFunctionConfiguration
       GetFunctionRecursionConfig GetRuntimeManagementConfig ListTags PutFunctionConcurrency TagResource UntagResource
       UpdateFunctionCode UpdateFunctionConfiguration`,
    ),
    pass('lambda.amazonaws.com'),
  ],
  'AWS::Lambda::Alias': [
    functions(
      'lambda',
      `CreateAlias DeleteAlias DeleteProvisionedConcurrencyConfig GetAlias GetProvisionedConcurrencyConfig
       PutProvisionedConcurrencyConfig UpdateAlias`,
    ),
  ],
  'AWS::Lambda::Permission': [functions('lambda', 'AddPermission GetPolicy RemovePermission')],
  'AWS::Lambda::Url': [
    functions('lambda', 'CreateFunctionUrlConfig DeleteFunctionUrlConfig GetFunctionUrlConfig UpdateFunctionUrlConfig'),
  ],
  'AWS::Lambda::EventInvokeConfig': [
    functions(
      'lambda',
      `DeleteFunctionEventInvokeConfig GetFunctionEventInvokeConfig PutFunctionEventInvokeConfig
       UpdateFunctionEventInvokeConfig`,
    ),
  ],
  'AWS::Lambda::EventSourceMapping': [
    MAPPINGS,
    CREATE_MAPPING,
    on(here('lambda', 'event-source-mapping:*'))('lambda', 'ListTags TagResource UntagResource'),
  ],
  'AWS::IAM::Role': [
    roles(
      'iam',
      `AttachRolePolicy CreateRole DeleteRole DeleteRolePolicy DetachRolePolicy GetRole GetRolePolicy
       ListAttachedRolePolicies ListRolePolicies ListRoleTags PutRolePolicy TagRole UntagRole UpdateAssumeRolePolicy
       UpdateRole UpdateRoleDescription`,
    ),
  ],
  'AWS::IAM::ManagedPolicy': [
    policies(
      'iam',
      `CreatePolicy CreatePolicyVersion DeletePolicy DeletePolicyVersion GetPolicy GetPolicyVersion ListEntitiesForPolicy
       ListPolicyVersions`,
    ),
    roles('iam', 'AttachRolePolicy DetachRolePolicy'),
  ],
  'AWS::Logs::LogGroup': [
    logGroups(
      'logs',
      'CreateLogGroup DeleteLogGroup DeleteRetentionPolicy ListTagsForResource PutRetentionPolicy TagResource UntagResource',
    ),
    everything('logs', 'DescribeLogGroups'),
  ],
  'AWS::SQS::Queue': [
    queues(
      'sqs',
      'CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl ListQueueTags SetQueueAttributes TagQueue UntagQueue',
    ),
  ],
  'AWS::SQS::QueuePolicy': [queues('sqs', 'GetQueueAttributes SetQueueAttributes')],
  'AWS::SNS::Topic': [
    topics(
      'sns',
      `CreateTopic DeleteTopic GetDataProtectionPolicy GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource
       SetTopicAttributes Subscribe TagResource Unsubscribe UntagResource`,
    ),
  ],
  'AWS::SNS::TopicPolicy': [topics('sns', 'GetTopicAttributes SetTopicAttributes')],
  'AWS::SNS::Subscription': [topics('sns', SUBSCRIPTION)],
  'AWS::S3::Bucket': [
    buckets(
      's3',
      `CreateBucket DeleteBucket GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketCORS GetBucketLocation
       GetBucketLogging GetBucketNotification GetBucketObjectLockConfiguration GetBucketOwnershipControls
       GetBucketPublicAccessBlock GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration
       GetIntelligentTieringConfiguration GetInventoryConfiguration GetLifecycleConfiguration GetMetricsConfiguration
       GetReplicationConfiguration ListBucket PutBucketCORS PutBucketNotification PutBucketOwnershipControls
       PutBucketPublicAccessBlock PutBucketTagging PutBucketVersioning PutEncryptionConfiguration
       PutLifecycleConfiguration`,
    ),
  ],
  'AWS::S3::BucketPolicy': [buckets('s3', 'DeleteBucketPolicy GetBucketPolicy PutBucketPolicy')],
  'AWS::DynamoDB::Table': [
    tables(
      'dynamodb',
      `CreateTable DeleteTable DescribeContinuousBackups DescribeContributorInsights DescribeKinesisStreamingDestination
       DescribeTable DescribeTimeToLive GetResourcePolicy ListTagsOfResource TagResource UntagResource
       UpdateContinuousBackups UpdateTable UpdateTimeToLive`,
    ),
  ],
  'AWS::Kinesis::Stream': [
    streams(
      'kinesis',
      `AddTagsToStream CreateStream DecreaseStreamRetentionPeriod DeleteStream DescribeStreamSummary
       IncreaseStreamRetentionPeriod ListTagsForStream RemoveTagsFromStream`,
    ),
    everything('kinesis', 'UpdateShardCount UpdateStreamMode'),
  ],
  'AWS::Events::EventBus': [
    buses('events', 'CreateEventBus DeleteEventBus DescribeEventBus ListTagsForResource TagResource UntagResource'),
  ],
  'AWS::Events::Rule': [
    rules(
      'events',
      `DeleteRule DescribeRule DisableRule EnableRule ListTagsForResource ListTargetsByRule PutRule PutTargets
       RemoveTargets TagResource UntagResource`,
    ),
  ],
  'AWS::Scheduler::Schedule': [
    schedules('scheduler', 'CreateSchedule DeleteSchedule GetSchedule UpdateSchedule'),
    pass('scheduler.amazonaws.com'),
  ],
  'AWS::SecretsManager::Secret': [
    secrets(
      'secretsmanager',
      'CreateSecret DeleteSecret DescribeSecret GetSecretValue PutSecretValue TagResource UntagResource UpdateSecret',
    ),
    everything('secretsmanager', 'GetRandomPassword'),
  ],
  'AWS::SSM::Parameter': [
    parameters(
      'ssm',
      `AddTagsToResource DeleteParameter GetParameter GetParameters ListTagsForResource PutParameter
       RemoveTagsFromResource`,
    ),
    everything('ssm', 'DescribeParameters'),
  ],
  'AWS::CloudWatch::Alarm': [
    alarms('cloudwatch', 'DeleteAlarms DescribeAlarms ListTagsForResource PutMetricAlarm TagResource UntagResource'),
  ],
  'AWS::ApiGatewayV2::Api': APIS,
  'AWS::ApiGatewayV2::Authorizer': APIS,
  'AWS::ApiGatewayV2::Deployment': APIS,
  'AWS::ApiGatewayV2::Integration': APIS,
  'AWS::ApiGatewayV2::Route': APIS,
  'AWS::ApiGatewayV2::Stage': APIS,
  'AWS::ApiGatewayV2::ApiMapping': [...DOMAINS, ...APIS],
  'AWS::ApiGatewayV2::DomainName': DOMAINS,
  'AWS::ApiGateway::Authorizer': REST,
  'AWS::ApiGateway::BasePathMapping': [...DOMAINS, ...REST],
  'AWS::ApiGateway::Deployment': REST,
  'AWS::ApiGateway::DomainName': DOMAINS,
  'AWS::ApiGateway::GatewayResponse': REST,
  'AWS::ApiGateway::Method': REST,
  'AWS::ApiGateway::Model': REST,
  'AWS::ApiGateway::RequestValidator': REST,
  'AWS::ApiGateway::Resource': REST,
  'AWS::ApiGateway::RestApi': REST,
  'AWS::ApiGateway::Stage': REST,
  'AWS::ApiGateway::ApiKey': [gateway('apikeys')],
  'AWS::ApiGateway::UsagePlan': [gateway('usageplans'), ...REST],
  'AWS::ApiGateway::UsagePlanKey': [gateway('usageplans', 'apikeys')],
  'AWS::CertificateManager::Certificate': [
    on(here('acm', 'certificate/*'))(
      'acm',
      `AddTagsToCertificate DeleteCertificate DescribeCertificate ListTagsForCertificate RemoveTagsFromCertificate`,
    ),
    everything('acm', 'RequestCertificate'),
    // It is validated by records that CloudFormation puts into the zone.
    on('arn:{partition}:route53:::hostedzone/*')('route53', 'ChangeResourceRecordSets'),
  ],
  'AWS::Route53::RecordSet': [
    on('arn:{partition}:route53:::hostedzone/*')(
      'route53',
      'ChangeResourceRecordSets GetHostedZone ListResourceRecordSets',
    ),
    on('arn:{partition}:route53:::change/*')('route53', 'GetChange'),
    everything('route53', 'ListHostedZones ListHostedZonesByName'),
  ],
  'AWS::CloudFormation::Stack': [
    stacks(
      'cloudformation',
      'CreateStack DeleteStack DescribeStackEvents DescribeStacks GetTemplate TagResource UpdateStack',
    ),
  ],
}

/** Where a function has them: what CloudFormation asks about its network and its layers. */
export const NETWORK: readonly Right[] = [everything('ec2', 'DescribeSecurityGroups DescribeSubnets DescribeVpcs')]
export const layers = (arns: readonly string[]): Right => on(...arns)('lambda', 'GetLayerVersion')

/** Topics that the app does not own, and subscribes to. */
export const subscriptions = (arns: readonly string[]): Right => on(...arns)('sns', SUBSCRIPTION)

/** Roles that the app does not own, and gives to its functions. */
export const passing = (arns: readonly string[]): Right => ({
  ...on(...arns)('iam', 'PassRole'),
  when: { StringEquals: { 'iam:PassedToService': ['lambda.amazonaws.com'] } },
})
