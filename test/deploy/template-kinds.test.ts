// What every kind becomes in CloudFormation's words, fact by fact, of an app that uses every option.
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { toListeners, toTemplate } from '../../src/deploy/template/compose.ts'
import type { Making } from '../../src/deploy/template/making.ts'
import type { Properties, Template } from '../../src/deploy/template.ts'
import { GobletError } from '../../src/errors.ts'
import { describedMaking, ofType, propertiesOf, readMaking } from '../support/template.ts'

let making: Making
let template: Template
before(async () => {
  making = await readMaking('test/fixtures/deploy', 'wide.ts')
  template = toTemplate(making)
})

const of = (id: string): Properties => propertiesOf(template, id)

/** That a resource has these properties; others it may have besides. */
function has(id: string, expected: Properties): void {
  const actual = of(id)
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, actual[name]])), expected, id)
}

const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] })
const alias = (name: string) => ({ Ref: `Alias${name}` })

describe('what holds data', () => {
  it('stays when it leaves the stack', () => {
    const kept = Object.values(template.Resources).filter((one) => (one.DeletionPolicy ?? 'Delete') !== 'Delete')
    const types = ['AWS::DynamoDB::Table', 'AWS::Kinesis::Stream', 'AWS::S3::Bucket', 'AWS::SecretsManager::Secret']
    for (const type of types)
      for (const [id, one] of Object.entries(ofType(template, type)))
        assert.deepEqual([one.DeletionPolicy, one.UpdateReplacePolicy], ['RetainExceptOnCreate', 'Retain'], id)
    assert.deepEqual([...new Set(kept.map((one) => one.Type))].sort(), types)
  })
})

describe('a function', () => {
  it('has what the model says', () => {
    has('FunctionResize', {
      FunctionName: 'wide-dev-resize',
      Description: 'makes it small',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Architectures: ['arm64'],
      MemorySize: 1024,
      Timeout: 60,
      EphemeralStorage: { Size: 1024 },
      ReservedConcurrentExecutions: 5,
      TracingConfig: { Mode: 'Active' },
      DeadLetterConfig: { TargetArn: arn('QueueFailed') },
      VpcConfig: { SubnetIds: ['subnet-0123456789abcdef0'], SecurityGroupIds: ['sg-0123456789abcdef0'] },
      Layers: ['arn:aws:lambda:eu-central-1:123456789012:layer:tools:3'],
      LoggingConfig: { LogGroup: { Ref: 'LogGroupResize' }, LogFormat: 'Text' },
      Role: arn('RoleResize'),
    })
    assert.equal('RetentionInDays' in of('LogGroupResize'), false)
    has('LogGroupDone', { LogGroupName: '/aws/lambda/wide-dev-done', RetentionInDays: 14 })
    has('FunctionDone', {
      LoggingConfig: {
        LogGroup: { Ref: 'LogGroupDone' },
        LogFormat: 'JSON',
        ApplicationLogLevel: 'WARN',
        SystemLogLevel: 'INFO',
      },
    })
    const { Environment } = of('FunctionResize')
    assert.deepEqual(Environment, {
      Variables: {
        GOBLET_ACCOUNT: '123456789012',
        GOBLET_PREFIX: 'wide-dev-',
        GOBLET_QUALIFIER: 'live',
        GOBLET_WEBSOCKET_ABCDEF1234: {
          'Fn::Join': [
            '',
            ['https://abcdef1234.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/dev'],
          ],
        },
        GOBLET_WEBSOCKET_CHAT: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['WebsocketChat', 'ApiEndpoint'] }, '/dev']] },
        LOG: 'info',
        SIZE: '10',
      },
    })
  })

  it('says how its events end, of its alias, where Lambda would do otherwise', () => {
    has('InvokeConfigResize', {
      FunctionName: { Ref: 'FunctionResize' },
      Qualifier: 'live',
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 600,
      DestinationConfig: {
        OnSuccess: { Destination: alias('Done') },
        OnFailure: { Destination: arn('BucketPhotos') },
      },
    })
    assert.deepEqual(template.Resources.InvokeConfigResize?.DependsOn, ['AliasResize'])
    assert.deepEqual(Object.keys(ofType(template, 'AWS::Lambda::EventInvokeConfig')), ['InvokeConfigResize'])
  })

  it('runs from its image', () => {
    const properties = of('FunctionBoxed')
    has('FunctionBoxed', {
      PackageType: 'Image',
      Code: { ImageUri: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/thumbs:1' },
    })
    for (const name of ['Runtime', 'Handler', 'Layers']) assert.equal(name in properties, false, name)
  })

  it('runs as somebody else’s role, and then makes none', () => {
    has('FunctionBorrowed', { Role: 'arn:aws:iam::123456789012:role/theirs' })
    assert.equal('RoleBorrowed' in template.Resources, false)
  })

  it('has its alarms, and who is told', () => {
    has('AlarmErrorsDone', {
      AlarmName: 'wide-dev-done-errors',
      MetricName: 'Errors',
      Threshold: 3,
      Period: 600,
      AlarmActions: [{ Ref: 'TopicAlerts' }],
      OKActions: [{ Ref: 'TopicAlerts' }],
      TreatMissingData: 'notBreaching',
    })
    has('AlarmThrottlesResize', { MetricName: 'Throttles', Threshold: 9 })
    for (const id of ['AlarmErrorsResize', 'AlarmErrorsBoxed', 'AlarmThrottlesBoxed'])
      assert.equal(id in template.Resources, false, id)
  })

  it('may do what another’s name and its alias are called by, and send to a made API’s connections', () => {
    const text = JSON.stringify(of('RoleResize'))
    const done = 'arn:aws:lambda:eu-central-1:123456789012:function:wide-dev-done'
    assert.ok(text.includes(JSON.stringify([done, `${done}:live`])))
    const before = 'arn:aws:execute-api:eu-central-1:123456789012:'
    const connections = { 'Fn::Join': ['', [before, { Ref: 'WebsocketChat' }, '/dev/POST/@connections/*']] }
    assert.ok(text.includes(JSON.stringify(connections)))
  })

  it('has managed policies for what does not fit into its role, and is refused beyond that', () => {
    const withGrants = (length: number): Template => {
      const grants = Array.from({ length }, (_, index) => ({
        ...{ action: `s3:Get${index}`, resource: `arn:aws:s3:::bucket-of-some-length-${index}/*` },
        ...{ by: 'code' as const, chain: [], why: '' },
      }))
      const permissions = new Map([...making.permissions, ['done', { grants, warnings: [], errors: [] }]])
      return toTemplate({ ...making, permissions })
    }
    assert.throws(() => withGrants(2000), /What done may do takes [\d,]+ characters, more than a role can hold/)
    const { Resources } = withGrants(200)
    const managed = Object.entries(Resources)
      .filter(([, one]) => one.Type === 'AWS::IAM::ManagedPolicy')
      .filter(([id]) => id !== 'ResourceReaders')
    assert.ok(managed.length > 0)
    assert.deepEqual(
      Resources.RoleDone?.Properties?.ManagedPolicyArns,
      managed.map(([id]) => ({ Ref: id })),
    )
  })
})

describe('queues', () => {
  it('are made as the model says', () => {
    has('QueueJobs', {
      QueueName: 'wide-dev-jobs',
      VisibilityTimeout: 120,
      DelaySeconds: 5,
      RedrivePolicy: { deadLetterTargetArn: arn('QueueFailed'), maxReceiveCount: 4 },
    })
    has('QueueOrdered', { QueueName: 'wide-dev-ordered.fifo', FifoQueue: true, ContentBasedDeduplication: true })
    has('QueueFailed', { MessageRetentionPeriod: 1_209_600 })
    assert.equal('FifoQueue' in of('QueueJobs'), false)
  })

  it('take what the topics send that hand on to them, and from nobody else', () => {
    const allowed = (id: string) => JSON.parse(JSON.stringify(of(id).PolicyDocument)).Statement
    assert.deepEqual(allowed('SqsPolicyJobs'), [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arn('QueueJobs'),
        Condition: { ArnEquals: { 'aws:SourceArn': [{ Ref: 'TopicNews' }] } },
      },
    ])
    // Dead letters of a subscription.
    assert.deepEqual(allowed('SqsPolicyLost')[0].Condition, {
      ArnEquals: { 'aws:SourceArn': [{ Ref: 'TopicNews' }] },
    })
    assert.equal('SqsPolicyFailed' in template.Resources, false)
  })

  it('are read for the alias, with all that is said of it', () => {
    has('MappingWork', {
      FunctionName: alias('Work'),
      EventSourceArn: arn('QueueJobs'),
      BatchSize: 50,
      MaximumBatchingWindowInSeconds: 5,
      ScalingConfig: { MaximumConcurrency: 7 },
      FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["a"]}}' }] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    })
    // Lambda takes no window for a FIFO queue.
    assert.equal('MaximumBatchingWindowInSeconds' in of('MappingNext'), false)
    has('MappingForeign', { EventSourceArn: 'arn:aws:sqs:eu-central-1:210987654321:others' })
  })
})

describe('topics', () => {
  it('are made, and call their subscribers by the alias', () => {
    has('TopicOrders', { TopicName: 'wide-dev-orders.fifo', FifoTopic: true, ContentBasedDeduplication: true })
    has('SubscriptionMail', {
      TopicArn: { Ref: 'TopicNews' },
      Protocol: 'lambda',
      Endpoint: alias('Mail'),
      FilterPolicy: { kind: ['order'] },
      FilterPolicyScope: 'MessageAttributes',
      RedrivePolicy: { deadLetterTargetArn: arn('QueueLost') },
    })
    has('PermissionMail', {
      FunctionName: alias('Mail'),
      Principal: 'sns.amazonaws.com',
      SourceArn: { Ref: 'TopicNews' },
    })
    has('SubscriptionWire', { TopicArn: 'arn:aws:sns:us-west-2:123456789012:far', Region: 'us-west-2' })
  })

  it('hand on to queues once those let them', () => {
    has('DeliveryToJobs', {
      Protocol: 'sqs',
      Endpoint: arn('QueueJobs'),
      RawMessageDelivery: false,
      FilterPolicy: { n: [{ numeric: ['>', 1] }] },
      FilterPolicyScope: 'MessageBody',
    })
    assert.deepEqual(template.Resources.DeliveryToJobs?.DependsOn, ['SqsPolicyJobs'])
    has('DeliveryToOrdered', { RawMessageDelivery: true })
    assert.equal('FilterPolicyScope' in of('DeliveryToOrdered'), false)
  })
})

describe('buckets', () => {
  it('are closed, encrypted and their owner’s, with rules as the model says', () => {
    has('BucketPhotos', {
      BucketName: 'wide-dev-photos-123456789012-eu-central-1',
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      LifecycleConfiguration: {
        Rules: [
          { Status: 'Enabled', Prefix: 'tmp/', ExpirationInDays: 7 },
          {
            Status: 'Enabled',
            NoncurrentVersionExpiration: { NoncurrentDays: 30 },
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          },
        ],
      },
    })
    assert.deepEqual(JSON.parse(JSON.stringify(of('BucketPhotos').CorsConfiguration)).CorsRules, [
      {
        AllowedOrigins: ['https://example.com'],
        AllowedMethods: ['GET'],
        AllowedHeaders: ['*'],
        ExposedHeaders: ['ETag'],
        MaxAge: 60,
      },
    ])
  })

  it('let everybody read where they are public, and nobody write', () => {
    const { PublicAccessBlockConfiguration } = of('BucketSite')
    assert.deepEqual(PublicAccessBlockConfiguration, {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
    })
    const [statement] = JSON.parse(JSON.stringify(of('S3PolicySite').PolicyDocument)).Statement
    assert.deepEqual([statement.Principal, statement.Action], ['*', 's3:GetObject'])
    assert.equal('S3PolicyPhotos' in template.Resources, false)
  })

  it('tell functions of changes, which they may call first', () => {
    const told = JSON.parse(JSON.stringify(of('BucketPhotos').NotificationConfiguration)).LambdaConfigurations
    assert.deepEqual(told, [
      {
        Event: 's3:ObjectCreated:*',
        Function: alias('Resized'),
        Filter: {
          S3Key: {
            Rules: [
              { Name: 'prefix', Value: 'in/' },
              { Name: 'suffix', Value: '.png' },
            ],
          },
        },
      },
      { Event: 's3:ObjectRemoved:Delete', Function: alias('Gone') },
      { Event: 's3:ObjectRemoved:DeleteMarkerCreated', Function: alias('Gone') },
    ])
    assert.deepEqual(template.Resources.BucketPhotos?.DependsOn, ['PermissionResized', 'PermissionGone'])
    has('PermissionResized', {
      Principal: 's3.amazonaws.com',
      SourceArn: 'arn:aws:s3:::wide-dev-photos-123456789012-eu-central-1',
      SourceAccount: '123456789012',
    })
  })

  it('of others are told apart, for deploy to join', () => {
    assert.deepEqual(toListeners(making), [
      {
        bucket: 'archive',
        id: 'goblet-wide-dev.kept',
        function: 'arn:aws:lambda:eu-central-1:123456789012:function:wide-dev-kept:live',
        events: ['s3:ObjectCreated:*'],
        prefix: 'x/',
        suffix: '',
      },
    ])
    has('PermissionKept', { SourceArn: 'arn:aws:s3:::archive', SourceAccount: '123456789012' })
  })
})

describe('tables', () => {
  it('have keys, indexes, a life, a stream and what guards them', () => {
    has('TableRooms', {
      TableName: 'wide-dev-rooms',
      KeySchema: [
        { AttributeName: 'room', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 3 },
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
    })
    const { GlobalSecondaryIndexes, LocalSecondaryIndexes, AttributeDefinitions } = JSON.parse(
      JSON.stringify(of('TableRooms')),
    )
    assert.deepEqual(
      [GlobalSecondaryIndexes[0].IndexName, GlobalSecondaryIndexes[0].Projection],
      ['byUser', { ProjectionType: 'ALL' }],
    )
    assert.deepEqual(GlobalSecondaryIndexes[0].ProvisionedThroughput, { ReadCapacityUnits: 2, WriteCapacityUnits: 3 })
    assert.deepEqual(LocalSecondaryIndexes[0].Projection, { ProjectionType: 'INCLUDE', NonKeyAttributes: ['n'] })
    assert.deepEqual(AttributeDefinitions[0], { AttributeName: 'at', AttributeType: 'N' })
  })

  it('hand their changes to functions', () => {
    has('MappingChanged', {
      EventSourceArn: { 'Fn::GetAtt': ['TableRooms', 'StreamArn'] },
      BatchSize: 20,
      MaximumBatchingWindowInSeconds: 3,
      StartingPosition: 'TRIM_HORIZON',
      MaximumRetryAttempts: 5,
      MaximumRecordAgeInSeconds: 3600,
      BisectBatchOnFunctionError: true,
      ParallelizationFactor: 2,
      DestinationConfig: { OnFailure: { Destination: arn('QueueFailed') } },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    })
    has('MappingReplayed', { StartingPosition: 'LATEST', MaximumRetryAttempts: -1, MaximumRecordAgeInSeconds: -1 })
    assert.match(String(of('MappingReplayed').EventSourceArn), /^arn:aws:dynamodb:.*\/stream\//)
  })

  it('of others cannot be read without a stream, and it is said how they get one', () => {
    const known = { ...making.known, tableStreams: new Map() }
    const refused = (error: unknown): boolean =>
      error instanceof GobletError &&
      /table past names past, which has no stream/.test(error.message) &&
      /aws dynamodb update-table --table-name past/.test(error.message)
    assert.throws(() => toTemplate({ ...making, known }), refused)
  })
})

describe('streams, buses and schedules', () => {
  it('are made as the model says', () => {
    has('StreamClicks', {
      ShardCount: 2,
      RetentionPeriodHours: 48,
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
    })
    has('StreamOpen', { StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
    assert.equal('ShardCount' in of('StreamOpen'), false)
    has('MappingSum', {
      StartingPosition: 'AT_TIMESTAMP',
      StartingPositionTimestamp: Date.parse('2026-01-02T03:04:05Z') / 1000,
      TumblingWindowInSeconds: 60,
    })
    assert.equal('BusAccount' in template.Resources || 'BusDefault' in template.Resources, false)
    has('RulePacked', {
      EventBusName: { Ref: 'BusShop' },
      EventPattern: { source: ['shop'] },
      Targets: [{ Id: 'function', Arn: alias('Packed') }],
    })
    has('RuleState', { EventBusName: 'default' })
    has('PermissionPacked', { Principal: 'events.amazonaws.com', SourceArn: arn('RulePacked') })
  })

  it('wake by a rule, or by Scheduler with a role of its own', () => {
    has('RuleOften', { ScheduleExpression: 'rate(5 minutes)', State: 'ENABLED' })
    has('ScheduleNightly', {
      ScheduleExpression: 'cron(0 3 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
      StartDate: '2026-12-01T00:00:00.000Z',
      EndDate: '2027-12-01T00:00:00.000Z',
      Target: { Arn: alias('Nightly'), RoleArn: arn('SchedulerRoleNightly'), Input: '{"full":true}' },
    })
    has('ScheduleOnce', { ScheduleExpression: 'at(2027-01-01T00:00:00)', FlexibleTimeWindow: { Mode: 'OFF' } })
    const { AssumeRolePolicyDocument } = JSON.parse(JSON.stringify(of('SchedulerRoleOnce')))
    assert.deepEqual(AssumeRolePolicyDocument.Statement[0].Condition, {
      StringEquals: { 'aws:SourceAccount': '123456789012' },
    })
  })
})

describe('secrets and parameters', () => {
  it('are made without a value of a secret', () => {
    has('SecretPepper', {
      Name: 'wide-dev-pepper',
      GenerateSecretString: {
        PasswordLength: 40,
        ExcludeCharacters: '"',
        GenerateStringKey: 'password',
        SecretStringTemplate: '{"user":"a"}',
      },
    })
    assert.equal('GenerateSecretString' in of('SecretGiven'), false)
    assert.equal('SecretTheirs' in template.Resources, false)
    has('ParamCurrency', { Name: 'wide-dev-currency', Type: 'String', Value: 'EUR', Tags: { team: 'shop' } })
  })
})

describe('resources in CloudFormation’s words', () => {
  it('have references where the app has handles', () => {
    has('ResourceAlarm', {
      AlarmActions: [{ Ref: 'TopicAlerts' }],
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['QueueJobs', 'QueueName'] } }],
    })
    has('ResourcePush', { TopicArn: { Ref: 'TopicNews' }, Endpoint: alias('Done') })
    has('ResourceRules', { Bucket: { Ref: 'BucketPhotos' } })
    has('ResourceRotation', { SecretId: { Ref: 'SecretPepper' }, RotationLambdaARN: alias('Done') })
    assert.deepEqual(JSON.parse(JSON.stringify(of('ResourceReaders').PolicyDocument)).Statement[0].Resource, [
      'arn:aws:secretsmanager:eu-central-1:123456789012:secret:sealed-AbCdEf',
      arn('QueueJobs'),
      'arn:aws:sqs:eu-central-1:210987654321:others',
      arn('TableRooms'),
    ])
    has('ResourceNickname', { TargetKeyId: { Ref: 'ResourceKey' } })
    assert.equal('Tags' in of('ResourceAlarm'), false)
  })

  it('cannot have what is neither data nor a handle', () => {
    const where = { file: 'app.ts', line: 1 }
    const description = {
      entry: 'app.ts',
      app: { role: 'app' as const, name: 'shop', options: {}, where },
      functions: [],
      groups: [],
      resources: [
        {
          ...{ role: 'resource' as const, kind: 'resource' as const, export: 'odd', name: 'AWS::SNS::Topic', where },
          options: { properties: { TopicName: { $: 'function' } } },
        },
      ],
      subscriptions: [],
    }
    assert.throws(() => toTemplate(describedMaking(description)), /`TopicName` of the resource odd holds a function/)
  })
})
