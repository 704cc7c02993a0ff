// AWS CodePipeline: a pipeline that builds, plans, asks somebody where that is wished, and deploys the branch.
import type { Properties, Value } from '../template.ts'
import { type PipelineRights, toRoleResources } from './policies.ts'
import { commandsOf, inFolder, type PipelineProject, wordsOf } from './project.ts'

const ref = (id: string): Value => ({ Ref: id })
const arn = (id: string): Value => ({ 'Fn::GetAtt': [id, 'Arn'] })

/** The commands that both build projects run: GOBLET_STEP says which. */
export function toBuildspec(project: PipelineProject): string {
  const { stage, node, folder, lockedStage } = project
  const { before, install, run, test } = commandsOf(project)
  const words = wordsOf(project, stage)
  const lines = (commands: readonly string[]): string[] => commands.map((one) => `      - ${quote(one)}`)
  return `${[
    '# Made by `goblet pipeline codepipeline`. Yours to change.',
    'version: 0.2',
    'phases:',
    '  install:',
    '    runtime-versions:',
    `      nodejs: ${node}`,
    '    commands:',
    ...lines([...(folder === '' ? [] : [`cd ${folder}`]), ...before, install]),
    '  build:',
    '    commands:',
    ...lines([
      `if [ "$GOBLET_STEP" = plan ]; then ${test}; fi`,
      ...(lockedStage === undefined
        ? []
        : [`if [ "$GOBLET_STEP" = plan ]; then ${run} goblet policy --check ${wordsOf(project, lockedStage)}; fi`]),
      `if [ "$GOBLET_STEP" = plan ]; then ${run} goblet plan ${words}; fi`,
      `if [ "$GOBLET_STEP" = deploy ]; then ${run} goblet deploy ${words}${lockedStage === undefined ? '' : ' --check-permissions'}; fi`,
    ]),
  ].join('\n')}\n`
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** The pipeline as a template. */
export function toCodePipeline(project: PipelineProject, rights: PipelineRights): object {
  const { app, stage, branch } = project
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `The pipeline that deploys ${app} (${stage})`,
    Parameters: {
      Connection: {
        Type: 'String',
        Description:
          'The ARN of a connection to where the repository is (Developer Tools console, Settings, Connections).',
        AllowedPattern: 'arn:aws[a-z-]*:(codeconnections|codestar-connections):.+',
      },
      Repository: { Type: 'String', Description: 'owner/name', AllowedPattern: '.+/.+' },
      Branch: { Type: 'String', Default: branch },
      Approval: {
        Type: 'String',
        Description: 'Whether somebody has to approve every deploy when they have seen the plan.',
        Default: 'no',
        AllowedValues: ['yes', 'no'],
      },
    },
    Conditions: { NeedsApproval: { 'Fn::Equals': [ref('Approval'), 'yes'] } },
    Resources: {
      Artifacts: artifacts(),
      ...logs('Plan'),
      ...logs('Deploy'),
      ...toRoleResources({
        id: 'PlanRole',
        trust: trusting('codebuild'),
        statements: rights.plan,
        more: [...building('Plan'), ...passing('s3:GetObject')],
      }),
      ...toRoleResources({
        id: 'DeployRole',
        trust: trusting('codebuild'),
        statements: rights.deploy,
        more: [...building('Deploy'), ...passing('s3:GetObject')],
      }),
      PlanProject: build(project, 'Plan'),
      DeployProject: build(project, 'Deploy'),
      PipelineRole: pipelineRole(),
      Pipeline: pipeline(project),
    },
    Outputs: { Pipeline: { Value: ref('Pipeline') } },
  }
}

const artifacts = (): Value => ({
  Type: 'AWS::S3::Bucket',
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
  Properties: {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 30 }] },
  },
})

const logs = (step: string): { [id: string]: Value } => ({
  [`${step}Log`]: {
    Type: 'AWS::Logs::LogGroup',
    DeletionPolicy: 'Delete',
    UpdateReplacePolicy: 'Delete',
    Properties: { RetentionInDays: 30 },
  },
})

// Whose role it is: a service acts for many accounts, and this one takes no other's word ("The confused deputy problem").
const trusting = (service: string): Properties => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: `${service}.amazonaws.com` },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } },
    },
  ],
})

const building = (step: string): Properties[] => [
  { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: arn(`${step}Log`) },
]

const passing = (...actions: string[]): Properties[] => [
  { Effect: 'Allow', Action: actions, Resource: { 'Fn::Join': ['', [arn('Artifacts'), '/*']] } },
]

const build = (project: PipelineProject, step: 'Plan' | 'Deploy'): Value => ({
  Type: 'AWS::CodeBuild::Project',
  Properties: {
    Description: `${step} of ${project.app}`,
    ServiceRole: arn(`${step}Role`),
    Artifacts: { Type: 'CODEPIPELINE' },
    Source: { Type: 'CODEPIPELINE', BuildSpec: inFolder(project, 'pipeline/buildspec.yml') },
    Environment: {
      Type: 'ARM_CONTAINER',
      ComputeType: 'BUILD_GENERAL1_SMALL',
      Image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0',
      EnvironmentVariables: [{ Name: 'GOBLET_STEP', Value: step.toLowerCase() }],
    },
    LogsConfig: { CloudWatchLogs: { Status: 'ENABLED', GroupName: ref(`${step}Log`) } },
    TimeoutInMinutes: 30,
  },
})

const pipelineRole = (): Value => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: trusting('codepipeline'),
    Policies: [
      {
        PolicyName: 'pipeline',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['codeconnections:UseConnection', 'codestar-connections:UseConnection'],
              Resource: ref('Connection'),
            },
            {
              Effect: 'Allow',
              Action: ['codebuild:BatchGetBuilds', 'codebuild:StartBuild'],
              Resource: [arn('PlanProject'), arn('DeployProject')],
            },
            ...passing('s3:GetObject', 's3:PutObject'),
          ],
        },
      },
    ],
  },
})

const pipeline = ({ app, stage }: PipelineProject): Value => ({
  Type: 'AWS::CodePipeline::Pipeline',
  Properties: {
    Name: `${app}-${stage}`,
    PipelineType: 'V2',
    // Each push is deployed, one after the other.
    ExecutionMode: 'QUEUED',
    RoleArn: arn('PipelineRole'),
    ArtifactStore: { Type: 'S3', Location: ref('Artifacts') },
    Stages: [
      { Name: 'Source', Actions: [source()] },
      { Name: 'Plan', Actions: [run('Plan')] },
      { 'Fn::If': ['NeedsApproval', { Name: 'Approve', Actions: [approve()] }, ref('AWS::NoValue')] },
      { Name: 'Deploy', Actions: [run('Deploy')] },
    ],
  },
})

const action = (name: string, category: string, provider: string, more: Properties): Properties => ({
  Name: name,
  ActionTypeId: { Category: category, Owner: 'AWS', Provider: provider, Version: '1' },
  ...more,
})

const source = (): Value =>
  action('Source', 'Source', 'CodeStarSourceConnection', {
    Configuration: {
      ConnectionArn: ref('Connection'),
      FullRepositoryId: ref('Repository'),
      BranchName: ref('Branch'),
      OutputArtifactFormat: 'CODE_ZIP',
    },
    OutputArtifacts: [{ Name: 'Source' }],
  })

const run = (step: string): Value =>
  action(step, 'Build', 'CodeBuild', {
    Configuration: { ProjectName: ref(`${step}Project`) },
    InputArtifacts: [{ Name: 'Source' }],
  })

const approve = (): Value =>
  action('Approve', 'Approval', 'Manual', {
    Configuration: { CustomData: 'The log of the stage Plan says what this deploy changes.' },
  })
