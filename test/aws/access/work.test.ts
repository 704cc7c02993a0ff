// What calls of functions, state machines, containers, models, mail and other services need.
import { check, type Row } from '../../support/needs.ts'

const LAMBDA = 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html'
const QUALIFIER = 'https://docs.aws.amazon.com/lambda/latest/dg/permissions-user-function.html'
const PASS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html'
const STATES = 'https://docs.aws.amazon.com/step-functions/latest/dg/concept-create-iam-advanced.html'
const VERSIONS = 'https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html'
const ECS = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html'
const EC2 = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html'
const role = 'arn:aws:iam::123456789012:role/r'
const stateMachineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:m'
const executionArn = 'arn:aws:states:us-east-1:123456789012:execution:m:e'

const functions: readonly Row[] = [
  ['lambda Invoke', { FunctionName: 'f' }, ['lambda:InvokeFunction function:f'], LAMBDA],
  ['lambda Invoke', { FunctionName: 'f', Qualifier: 'live' }, ['lambda:InvokeFunction function:f:live'], QUALIFIER],
  ['lambda Invoke', { FunctionName: 'f:live' }, ['lambda:InvokeFunction function:f:live'], QUALIFIER],
  [
    'lambda Invoke',
    { FunctionName: '210987654321:function:f' },
    ['lambda:InvokeFunction arn:aws:lambda:us-east-1:210987654321:function:f'],
    LAMBDA,
  ],
  [
    'lambda Invoke',
    { FunctionName: 'arn:aws:lambda:eu-west-1:123456789012:function:f' },
    ['lambda:InvokeFunction arn:aws:lambda:eu-west-1:123456789012:function:f'],
    LAMBDA,
  ],
  ['lambda Invoke', undefined, ['lambda:InvokeFunction function:* ?'], LAMBDA],
  ['lambda InvokeWithResponseStream', { FunctionName: 'f' }, ['lambda:InvokeFunction function:f'], LAMBDA],
  ['lambda InvokeAsync', { FunctionName: 'f' }, ['lambda:InvokeFunction function:f'], LAMBDA],
  ['lambda GetFunction', { FunctionName: 'f' }, ['lambda:GetFunction function:f'], LAMBDA],
  ['lambda UpdateFunctionCode', { FunctionName: 'f' }, ['lambda:UpdateFunctionCode function:f'], LAMBDA],
  [
    'lambda CreateFunction',
    { FunctionName: 'f', Role: role },
    ['lambda:CreateFunction function:f', `iam:PassRole ${role} if iam:PassedToService=lambda.amazonaws.com`],
    PASS,
  ],
  [
    'lambda UpdateFunctionConfiguration',
    { FunctionName: 'f', Timeout: 3 },
    ['lambda:UpdateFunctionConfiguration function:f'],
    LAMBDA,
  ],
  [
    'lambda UpdateFunctionConfiguration',
    { FunctionName: 'f', Role: role },
    [
      'lambda:UpdateFunctionConfiguration function:f',
      `iam:PassRole ${role} if iam:PassedToService=lambda.amazonaws.com`,
    ],
    PASS,
  ],
  ['lambda ListFunctions', {}, ['lambda:ListFunctions *'], LAMBDA],
  ['lambda GetLayerVersion', { LayerName: 'l', VersionNumber: 3 }, ['lambda:GetLayerVersion layer:l:3'], LAMBDA],
  [
    'lambda GetLayerVersionByArn',
    { Arn: 'arn:aws:lambda:us-east-1:123456789012:layer:l:3' },
    ['lambda:GetLayerVersion layer:l:3'],
    LAMBDA,
  ],
  ['sfn StartExecution', { stateMachineArn }, ['states:StartExecution stateMachine:m'], STATES],
  ['sfn StartSyncExecution', { stateMachineArn }, ['states:StartSyncExecution stateMachine:m'], STATES],
  ['sfn DescribeExecution', { executionArn }, ['states:DescribeExecution execution:m:e'], STATES],
  ['sfn StopExecution', { executionArn }, ['states:StopExecution execution:m:e'], STATES],
  ['sfn ListExecutions', { stateMachineArn }, ['states:ListExecutions stateMachine:m'], STATES],
  ['sfn SendTaskSuccess', { taskToken: 'x' }, ['states:SendTaskSuccess *'], STATES],
  [
    'sfn StartExecution',
    { stateMachineArn: `${stateMachineArn}:PROD` },
    ['states:StartExecution stateMachine:m'],
    VERSIONS,
  ],
  [
    'sfn DescribeStateMachine',
    { stateMachineArn: `${stateMachineArn}:3` },
    ['states:DescribeStateMachine stateMachine:m'],
    VERSIONS,
  ],
  [
    'sfn DescribeStateMachineAlias',
    { stateMachineAliasArn: `${stateMachineArn}:PROD` },
    ['states:DescribeStateMachineAlias stateMachine:m'],
    VERSIONS,
  ],
  [
    'sfn UpdateStateMachine',
    { stateMachineArn, publish: true },
    ['states:UpdateStateMachine stateMachine:m', 'states:PublishStateMachineVersion stateMachine:m'],
    VERSIONS,
  ],
  ['sfn CreateActivity', { name: 'a' }, ['states:CreateActivity activity:a'], STATES],
  ['sfn ListStateMachines', {}, ['states:ListStateMachines *'], STATES],
  ['sfn StartExecution', undefined, ['states:StartExecution stateMachine:* ?'], STATES],
  [
    'sfn CreateStateMachine',
    { name: 'm', roleArn: role },
    ['states:CreateStateMachine stateMachine:m', `iam:PassRole ${role} if iam:PassedToService=states.amazonaws.com`],
    PASS,
  ],
  [
    'ecs RunTask',
    { cluster: 'c', taskDefinition: 'web:3', overrides: { taskRoleArn: role } },
    ['ecs:RunTask task-definition/web:3', `iam:PassRole ${role} if iam:PassedToService=ecs-tasks.amazonaws.com`],
    PASS,
  ],
  [
    'ecs RunTask',
    { taskDefinition: 'web' },
    [
      'ecs:RunTask task-definition/web:*',
      'iam:PassRole arn:aws:iam::123456789012:role/* ? if iam:PassedToService=ecs-tasks.amazonaws.com',
    ],
    PASS,
  ],
  ['ecs StopTask', { cluster: 'c', task: 't1' }, ['ecs:StopTask task/c/t1'], ECS],
  ['ecs DescribeTasks', { tasks: ['t1', 't2'] }, ['ecs:DescribeTasks task/default/t1 | task/default/t2'], ECS],
  ['ecs UpdateService', { cluster: 'c', service: 's' }, ['ecs:UpdateService service/c/s'], ECS],
  ['ecs ListClusters', {}, ['ecs:ListClusters *'], ECS],
  ['ec2 DescribeInstances', {}, ['ec2:DescribeInstances *'], EC2],
  ['ec2 StartInstances', { InstanceIds: ['i-1', 'i-2'] }, ['ec2:StartInstances instance/i-1 | instance/i-2'], EC2],
  ['ec2 TerminateInstances', { InstanceIds: ['i-1'] }, ['ec2:TerminateInstances instance/i-1'], EC2],
  [
    'ec2 AuthorizeSecurityGroupIngress',
    { GroupId: 'sg-1' },
    ['ec2:AuthorizeSecurityGroupIngress security-group/sg-1'],
    EC2,
  ],
  ['ec2 CreateTags', { Resources: ['i-1'] }, ['ec2:CreateTags */i-1'], EC2],
]

const SES = 'https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html'
const WEBSOCKET =
  'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html'
const BEDROCK = 'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html'
const PROFILES = 'https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html'
const GUARDRAILS = 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions.html'
const CLOUDWATCH = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/permissions-reference-cw.html'
const LOGS = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html'
const DATA_API = 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.access.html'
const COGNITO = 'https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-public-server-side.html'
const REKOGNITION = 'https://docs.aws.amazon.com/rekognition/latest/dg/security_iam_service-with-iam.html'
const TEXTRACT = 'https://docs.aws.amazon.com/textract/latest/dg/security_iam_service-with-iam.html'
const TRANSCRIBE = 'https://docs.aws.amazon.com/transcribe/latest/dg/security_iam_id-based-policy-examples.html'
const POLLY = 'https://docs.aws.amazon.com/polly/latest/dg/asynchronous-iam.html'
const haiku = 'anthropic.claude-3-haiku-20240307-v1:0'
const model = `arn:aws:bedrock:us-east-1::foundation-model/${haiku}`

const mail: readonly Row[] = [
  ['ses SendEmail', { Source: 'no@a.org' }, ['ses:SendEmail identity/no@a.org | identity/a.org'], SES],
  ['ses SendEmail', { Source: 'Shop <no@a.org>' }, ['ses:SendEmail identity/no@a.org | identity/a.org'], SES],
  ['ses SendRawEmail', { RawMessage: {} }, ['ses:SendRawEmail identity/* ?'], SES],
  [
    'ses SendTemplatedEmail',
    { Source: 'no@a.org', Template: 't' },
    ['ses:SendTemplatedEmail identity/no@a.org | identity/a.org | template/t'],
    SES,
  ],
  [
    'sesv2 SendEmail',
    { FromEmailAddress: 'no@a.org', ConfigurationSetName: 'c', Content: { Simple: {} } },
    ['ses:SendEmail identity/no@a.org | identity/a.org | configuration-set/c'],
    SES,
  ],
  [
    'sesv2 SendEmail',
    { FromEmailAddress: 'no@a.org', Content: { Raw: {} } },
    ['ses:SendEmail identity/no@a.org | identity/a.org', 'ses:SendRawEmail identity/no@a.org | identity/a.org'],
    SES,
  ],
  ['sesv2 SendEmail', undefined, ['ses:SendEmail identity/* ?'], SES],
  ['sesv2 GetEmailIdentity', { EmailIdentity: 'a.org' }, ['ses:GetEmailIdentity identity/a.org'], SES],
  [
    'apigatewaymanagementapi PostToConnection',
    { ConnectionId: 'c=' },
    ['execute-api:ManageConnections */*/POST/@connections/c='],
    WEBSOCKET,
  ],
  [
    'apigatewaymanagementapi DeleteConnection',
    undefined,
    ['execute-api:ManageConnections */*/DELETE/@connections/*'],
    WEBSOCKET,
  ],
  ['apigatewaymanagementapi GetConnection', {}, ['execute-api:ManageConnections */*/GET/@connections/*'], WEBSOCKET],
  [
    'apigatewaymanagementapi PostToConnection',
    { endpoint: 'https://abc123.execute-api.us-east-1.amazonaws.com/prod' },
    ['execute-api:ManageConnections abc123/prod/POST/@connections/*'],
    WEBSOCKET,
  ],
]

const models: readonly Row[] = [
  [
    'bedrock-runtime InvokeModelWithBidirectionalStream',
    { modelId: 'amazon.nova-sonic-v1:0' },
    ['bedrock:InvokeModel arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-sonic-v1:0'],
    'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithBidirectionalStream.html',
  ],
  ['bedrock-runtime InvokeModel', { modelId: haiku }, [`bedrock:InvokeModel ${model}`], BEDROCK],
  ['bedrock-runtime Converse', { modelId: haiku }, [`bedrock:InvokeModel ${model}`], BEDROCK],
  ['bedrock-runtime ConverseStream', { modelId: haiku }, [`bedrock:InvokeModelWithResponseStream ${model}`], BEDROCK],
  [
    'bedrock-runtime InvokeModelWithResponseStream',
    { modelId: model },
    [`bedrock:InvokeModelWithResponseStream ${model}`],
    BEDROCK,
  ],
  [
    'bedrock-runtime Converse',
    { modelId: `us.${haiku}` },
    [`bedrock:InvokeModel inference-profile/us.${haiku} | arn:aws:bedrock:*::foundation-model/${haiku}`],
    PROFILES,
  ],
  [
    'bedrock-runtime Converse',
    { modelId: haiku, guardrailConfig: { guardrailIdentifier: 'g1' } },
    [`bedrock:InvokeModel ${model}`, 'bedrock:ApplyGuardrail guardrail/g1'],
    GUARDRAILS,
  ],
  [
    'bedrock-runtime Converse',
    undefined,
    ['bedrock:InvokeModel arn:aws:bedrock:*::foundation-model/* | inference-profile/* ?'],
    BEDROCK,
  ],
  [
    'bedrock-agent-runtime InvokeAgent',
    { agentId: 'A', agentAliasId: 'B' },
    ['bedrock:InvokeAgent agent-alias/A/B'],
    'https://docs.aws.amazon.com/bedrock/latest/userguide/security_iam_id-based-policy-examples-agent.html',
  ],
  [
    'bedrock-agent-runtime Retrieve',
    { knowledgeBaseId: 'K' },
    ['bedrock:Retrieve knowledge-base/K'],
    'https://docs.aws.amazon.com/bedrock/latest/userguide/knowledge-base-prereq-permissions-general.html',
  ],
  ['rekognition DetectLabels', { Image: { Bytes: 'x' } }, ['rekognition:DetectLabels *'], REKOGNITION],
  [
    'rekognition DetectLabels',
    { Image: { S3Object: { Bucket: 'b', Name: 'k' } } },
    ['rekognition:DetectLabels *', 's3:GetObject ::b/k'],
    REKOGNITION,
  ],
  [
    'rekognition CompareFaces',
    { SourceImage: { S3Object: { Bucket: 'b', Name: '1' } }, TargetImage: { S3Object: { Bucket: 'b', Name: '2' } } },
    ['rekognition:CompareFaces *', 's3:GetObject ::b/1 | ::b/2'],
    REKOGNITION,
  ],
  [
    'rekognition SearchFacesByImage',
    { CollectionId: 'c', Image: { Bytes: 'x' } },
    ['rekognition:SearchFacesByImage collection/c'],
    REKOGNITION,
  ],
  [
    'rekognition StartLabelDetection',
    { Video: { S3Object: { Bucket: 'b', Name: 'v' } }, NotificationChannel: { RoleArn: role } },
    ['rekognition:StartLabelDetection *', 's3:GetObject ::b/v', `iam:PassRole ${role}`],
    REKOGNITION,
  ],
  [
    'textract DetectDocumentText',
    { Document: { S3Object: { Bucket: 'b', Name: 'k' } } },
    ['textract:DetectDocumentText *', 's3:GetObject ::b/k'],
    TEXTRACT,
  ],
  [
    'textract StartDocumentAnalysis',
    { DocumentLocation: { S3Object: { Bucket: 'b', Name: 'k' } }, OutputConfig: { S3Bucket: 'o', S3Prefix: 'p' } },
    ['textract:StartDocumentAnalysis *', 's3:GetObject ::b/k', 's3:PutObject ::o/p*'],
    TEXTRACT,
  ],
  ['textract GetDocumentAnalysis', { JobId: 'j' }, ['textract:GetDocumentAnalysis *'], TEXTRACT],
  [
    'transcribe StartTranscriptionJob',
    { Media: { MediaFileUri: 's3://b/a/k.mp3' }, OutputBucketName: 'o' },
    ['transcribe:StartTranscriptionJob *', 's3:GetObject ::b/a/k.mp3', 's3:PutObject ::o/*'],
    TRANSCRIBE,
  ],
  [
    'transcribe GetTranscriptionJob',
    { TranscriptionJobName: 'j' },
    ['transcribe:GetTranscriptionJob transcription-job/j'],
    TRANSCRIBE,
  ],
  ['polly SynthesizeSpeech', { Text: 'x', VoiceId: 'Joanna' }, ['polly:SynthesizeSpeech *'], POLLY],
  [
    'polly StartSpeechSynthesisTask',
    { OutputS3BucketName: 'o', SnsTopicArn: 'arn:aws:sns:us-east-1:123456789012:t' },
    ['polly:StartSpeechSynthesisTask *', 's3:PutObject ::o/*', 'sns:Publish t'],
    POLLY,
  ],
]

const cluster = 'arn:aws:rds:us-east-1:123456789012:cluster:shop'
const secretArn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-AbCdEf'
const rest: readonly Row[] = [
  ['cloudwatch PutMetricData', { Namespace: 'n' }, ['cloudwatch:PutMetricData *'], CLOUDWATCH],
  ['cloudwatch PutMetricData', undefined, ['cloudwatch:PutMetricData *'], CLOUDWATCH],
  ['cloudwatch GetMetricData', { MetricDataQueries: [] }, ['cloudwatch:GetMetricData *'], CLOUDWATCH],
  ['cloudwatch PutMetricAlarm', { AlarmName: 'a' }, ['cloudwatch:PutMetricAlarm alarm:a'], CLOUDWATCH],
  [
    'cloudwatch-logs PutLogEvents',
    { logGroupName: '/g', logStreamName: 's' },
    ['logs:PutLogEvents log-group:/g:log-stream:s'],
    LOGS,
  ],
  [
    'cloudwatch-logs CreateLogStream',
    { logGroupName: '/g', logStreamName: 's' },
    ['logs:CreateLogStream log-group:/g:log-stream:s'],
    LOGS,
  ],
  ['cloudwatch-logs CreateLogGroup', { logGroupName: '/g' }, ['logs:CreateLogGroup log-group:/g:*'], LOGS],
  ['cloudwatch-logs FilterLogEvents', { logGroupName: '/g' }, ['logs:FilterLogEvents log-group:/g:*'], LOGS],
  [
    'cloudwatch-logs StartQuery',
    { logGroupNames: ['/a', '/b'] },
    ['logs:StartQuery log-group:/a:* | log-group:/b:*'],
    LOGS,
  ],
  [
    'cloudwatch-logs TagResource',
    { resourceArn: 'arn:aws:logs:us-east-1:123456789012:log-group:/g' },
    ['logs:TagResource log-group:/g'],
    LOGS,
  ],
  ['cloudwatch-logs DescribeLogGroups', {}, ['logs:DescribeLogGroups *'], LOGS],
  [
    'rds-data ExecuteStatement',
    { resourceArn: cluster, secretArn },
    [`rds-data:ExecuteStatement ${cluster}`, `secretsmanager:GetSecretValue secret:shop-AbCdEf`],
    DATA_API,
  ],
  [
    'rds-data BeginTransaction',
    { resourceArn: cluster, secretArn },
    [`rds-data:BeginTransaction ${cluster}`, `secretsmanager:GetSecretValue secret:shop-AbCdEf`],
    DATA_API,
  ],
  [
    'cognito-identity-provider AdminGetUser',
    { UserPoolId: 'us-east-1_A' },
    ['cognito-idp:AdminGetUser userpool/us-east-1_A'],
    COGNITO,
  ],
  ['cognito-identity-provider SignUp', { ClientId: 'c' }, [], COGNITO],
  ['cognito-identity-provider InitiateAuth', { ClientId: 'c' }, [], COGNITO],
  [
    'cognito-identity-provider ListUsers',
    { UserPoolId: 'us-east-1_A' },
    ['cognito-idp:ListUsers userpool/us-east-1_A'],
    COGNITO,
  ],
  [
    'cloudfront CreateInvalidation',
    { DistributionId: 'E1' },
    ['cloudfront:CreateInvalidation arn:aws:cloudfront::123456789012:distribution/E1'],
    'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html',
  ],
  [
    'iot-data-plane Publish',
    { topic: 'a/b' },
    ['iot:Publish topic/a/b'],
    'https://docs.aws.amazon.com/iot/latest/developerguide/iot-policy-actions.html',
  ],
  [
    'appsync GetGraphqlApi',
    { apiId: 'a' },
    ['appsync:GetGraphqlApi apis/a'],
    'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappsync.html',
  ],
  [
    'comprehend DetectSentiment',
    { Text: 'x' },
    ['comprehend:DetectSentiment *'],
    'https://docs.aws.amazon.com/comprehend/latest/dg/security_iam_id-based-policy-examples.html',
  ],
  [
    'translate TranslateText',
    { Text: 'x' },
    ['translate:TranslateText *'],
    'https://docs.aws.amazon.com/translate/latest/dg/identity-and-access-management.html',
  ],
  [
    'codebuild StartBuild',
    { projectName: 'p' },
    ['codebuild:StartBuild project/p'],
    'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodebuild.html',
  ],
  [
    'glue StartJobRun',
    { JobName: 'j' },
    ['glue:StartJobRun job/j'],
    'https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html',
  ],
  [
    'glue GetTable',
    { DatabaseName: 'd', Name: 't' },
    ['glue:GetTable catalog | table/d/t | database/d'],
    'https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html',
  ],
  [
    'api-gateway GetRestApis',
    {},
    ['apigateway:GET arn:aws:apigateway:us-east-1::/restapis'],
    'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html',
  ],
  [
    'api-gateway CreateDeployment',
    { restApiId: 'a' },
    ['apigateway:POST arn:aws:apigateway:us-east-1::/restapis/a/*'],
    'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html',
  ],
  [
    'timestream-write WriteRecords',
    { DatabaseName: 'd', TableName: 't' },
    ['timestream:WriteRecords database/d/table/t', 'timestream:DescribeEndpoints *'],
    'https://docs.aws.amazon.com/timestream/latest/developerguide/security_iam_id-based-policy-examples.html',
  ],
  [
    'timestream-query Query',
    { QueryString: 'SELECT * FROM "d"."t" LIMIT 1' },
    ['timestream:Select database/d/table/t', 'timestream:DescribeEndpoints *'],
    'https://docs.aws.amazon.com/timestream/latest/developerguide/security_iam_id-based-policy-examples.html',
  ],
  [
    'redshift-data ExecuteStatement',
    { ClusterIdentifier: 'c', Database: 'd', DbUser: 'u' },
    [
      'redshift-data:ExecuteStatement arn:aws:redshift:us-east-1:123456789012:cluster:c',
      'redshift:GetClusterCredentials dbuser:c/u | dbname:c/d',
    ],
    'https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-access.html',
  ],
  [
    'budgets DescribeBudget',
    { AccountId: '123456789012', BudgetName: 'b' },
    ['budgets:ViewBudget arn:aws:budgets::123456789012:budget/b'],
    'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbudgetservice.html',
  ],
  [
    'verifiedpermissions BatchIsAuthorized',
    { policyStoreId: 'p' },
    ['verifiedpermissions:IsAuthorized arn:aws:verifiedpermissions::123456789012:policy-store/p'],
    'https://docs.aws.amazon.com/verifiedpermissions/latest/apireference/API_BatchIsAuthorized.html',
  ],
  [
    'cloudformation CreateStack',
    { StackName: 's', RoleARN: role },
    [
      'cloudformation:CreateStack stack/s/*',
      `iam:PassRole ${role} if iam:PassedToService=cloudformation.amazonaws.com`,
    ],
    PASS,
  ],
]

check([...functions, ...mail, ...models, ...rest])
