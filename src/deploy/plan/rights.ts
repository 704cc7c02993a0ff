// The least that whoever deploys an app must be allowed: Goblet's own calls, and what CloudFormation calls for this app's resources.
import { type Grant, type PolicyDocument, partitionOf, toPolicyDocument } from '../../model/index.ts'
import { artifactBucket } from '../apply/bucket.ts'
import type { Template } from '../template.ts'
import { layers, NETWORK, passing, RIGHTS, type Right, subscriptions } from './rights-table.ts'

export interface RightsPlace {
  readonly app: string
  readonly stage: string
  readonly account: string
  readonly region: string
}

export interface DeployRights {
  readonly policy: PolicyDocument
  /** Types by `resource(…)` of which Goblet does not know what they need. */
  readonly unknown: readonly string[]
}

const own = (place: RightsPlace): Right[] => {
  const stack = `${place.app}-${place.stage}`
  const here = (service: string, rest: string): string => `arn:{partition}:${service}:{region}:{account}:${rest}`
  const bucket = `arn:{partition}:s3:::${artifactBucket(place.account, place.region)}`
  const some = (service: string, actions: string): string[] => actions.split(' ').map((one) => `${service}:${one}`)
  return [
    {
      actions: some(
        'cloudformation',
        'ContinueUpdateRollback CreateChangeSet DeleteChangeSet DeleteStack DescribeChangeSet DescribeStackEvents ' +
          'DescribeStackResourceDrifts DescribeStacks DetectStackDrift ExecuteChangeSet ' +
          'GetTemplate ListChangeSets ListStackResources TagResource UntagResource',
      ),
      on: [here('cloudformation', `stack/${stack}/*`)],
    },
    // They know no narrower resource.
    { actions: some('cloudformation', 'DescribeStackDriftDetectionStatus'), on: ['*'] },
    { actions: some('s3', 'CreateBucket ListBucket'), on: [bucket] },
    {
      actions: some('s3', 'DeleteObject GetObject PutObject'),
      on: [`${bucket}/${place.app}/${place.stage}/*`, `${bucket}/locks/${stack}.json`],
    },
    {
      actions: some(
        'lambda',
        'CreateAlias GetAlias GetFunction GetFunctionConcurrency InvokeFunction ListVersionsByFunction ' +
          'PublishVersion UpdateAlias UpdateFunctionCode UpdateFunctionConfiguration',
      ),
      on: [here('lambda', `function:${stack}-*`)],
    },
    { actions: some('logs', 'FilterLogEvents'), on: [here('logs', `log-group:/aws/lambda/${stack}-*:*`)] },
    { actions: some('logs', 'DescribeLogGroups'), on: ['*'] },
    { actions: some('cloudwatch', 'GetMetricData'), on: ['*'] },
    { actions: some('cloudwatch', 'DescribeAlarms'), on: [here('cloudwatch', `alarm:${stack}-*`)] },
  ]
}

/** What deploy asks of, or does to, things that are not the stack's. */
export interface Others {
  /** Names of buckets on which it puts notifications. */
  readonly buckets: readonly string[]
  /** ARNs of tables whose streams it looks for. */
  readonly tables: readonly string[]
  /** It looks for hosted zones. */
  readonly hasZones: boolean
  /** The stack has parts of its own. */
  readonly parts: boolean
  /** It empties the stack's buckets: `delete --data`. */
  readonly data: boolean
}

const NO_OTHERS: Others = { buckets: [], tables: [], hasZones: false, parts: false, data: false }

/** What deploying this template takes; of a stack with parts, all of them together. */
export function toDeployRights(template: Template, place: RightsPlace, others: Others = NO_OTHERS): DeployRights {
  const resources = Object.values(template.Resources)
  const parts = others.parts ? ['AWS::CloudFormation::Stack'] : []
  const types = [...new Set([...resources.map(({ Type }) => Type), ...parts])].sort()
  const rights = [...own(place), ...types.flatMap((type) => RIGHTS[type] ?? [])]
  if (resources.some(({ Properties }) => Properties?.VpcConfig !== undefined)) rights.push(...NETWORK)
  const arns = resources.flatMap(({ Type, Properties }) =>
    Type === 'AWS::Lambda::Function' && Array.isArray(Properties?.Layers) ? Properties.Layers : [],
  )
  const named = arns.filter((one): one is string => typeof one === 'string')
  if (named.length > 0) rights.push(layers([...new Set(named)]))
  const roles = resources.flatMap(({ Type, Properties }) =>
    Type === 'AWS::Lambda::Function' && typeof Properties?.Role === 'string' ? [Properties.Role] : [],
  )
  if (roles.length > 0) rights.push(passing([...new Set(roles)]))
  const topics = resources.flatMap(({ Type, Properties }) =>
    Type === 'AWS::SNS::Subscription' && typeof Properties?.TopicArn === 'string' ? [Properties.TopicArn] : [],
  )
  if (topics.length > 0) rights.push(subscriptions([...new Set(topics)]))
  rights.push(...ofOthers(others))
  if (others.data && types.includes('AWS::S3::Bucket')) rights.push(...EMPTYING)
  const policy = toPolicyDocument(rights.flatMap((right) => toGrants(right, place)))
  return { policy, unknown: types.filter((type) => RIGHTS[type] === undefined) }
}

// Source: "Deleting all objects from a bucket": old versions and delete markers are objects of their own.
const EMPTYING: readonly Right[] = [
  { actions: ['s3:ListBucketVersions'], on: ['arn:{partition}:s3:::{stack}-*'] },
  { actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'], on: ['arn:{partition}:s3:::{stack}-*/*'] },
]

function ofOthers({ buckets, tables, hasZones }: Others): Right[] {
  const notify = ['s3:GetBucketNotification', 's3:PutBucketNotification']
  return [
    ...(buckets.length === 0 ? [] : [{ actions: notify, on: buckets.map((name) => `arn:{partition}:s3:::${name}`) }]),
    ...(tables.length === 0 ? [] : [{ actions: ['dynamodb:DescribeTable'], on: tables }]),
    ...(hasZones ? [{ actions: ['route53:ListHostedZonesByName'], on: ['*'] }] : []),
  ]
}

function toGrants({ actions, on, when }: Right, place: RightsPlace): Grant[] {
  return actions.flatMap((action) =>
    on.map(
      (resource): Grant => ({
        action,
        resource: fill(resource, place),
        by: 'goblet',
        chain: [],
        why: 'deploy',
        ...(when === undefined ? {} : { conditions: filled(when, place) }),
      }),
    ),
  )
}

const filled = (when: NonNullable<Right['when']>, place: RightsPlace): NonNullable<Grant['conditions']> =>
  Object.fromEntries(
    Object.entries(when).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, values.map((one) => fill(one, place))])),
    ]),
  )

function fill(text: string, { app, stage, account, region }: RightsPlace): string {
  const stack = `${app}-${stage}`
  const words: Readonly<Record<string, string>> = {
    partition: partitionOf(region),
    region,
    account,
    stack,
    // CloudFormation cuts the stack's name where a role's would have more than 64 characters with it.
    made: stack.length <= 20 ? `${stack}-` : stack.slice(0, 20),
  }
  return text.replace(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole)
}
