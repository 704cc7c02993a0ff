// Random inputs at Lambda, Logs, Parameter Store, Secrets Manager, STS, IAM and the reads beside them: each is answered or
// refused, none is a defect of ours.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startClock } from '../../src/local/index.ts'
import { type Running, runApp, toQueue, toQueueTrigger } from '../support/cloud.ts'
import { type Random, seeded } from '../support/random.ts'
import { rounds } from '../support/rounds.ts'

const COUNT = Number(process.env.GOBLET_FUZZ ?? rounds(1_500))
const SEED = Number(process.env.GOBLET_FUZZ_SEED ?? 1)

let app: Running
before(async () => {
  const functions = { echo: 'export const handler = (event) => event', reads: 'export const handler = () => {}' }
  const triggers = [toQueueTrigger('reads', 'jobs')]
  app = await runApp({ functions, triggers, resources: [toQueue('jobs')] }, { clock: startClock('virtual') })
})
after(() => app[Symbol.asyncDispose]())

const NAMES: readonly [string, ...string[]] = [
  '',
  'a',
  '/a',
  '/a/b',
  '/',
  'a:1',
  'a:b',
  '__proto__',
  'constructor',
  '/aws/lambda/test-dev-echo',
  'test-dev-echo',
  'arn:aws:lambda:us-east-1:000000000000:function:test-dev-echo',
  'arn:aws:logs:us-east-1:000000000000:log-group:a:*',
  'arn:aws:secretsmanager:us-east-1:000000000000:secret:a',
  'arn:aws:ssm:us-east-1:000000000000:parameter/a',
  'ü\u0000\u2028',
  'x'.repeat(3000),
]
const PATTERNS: readonly string[] = [
  '{ $.a',
  '= ',
  '"b"',
  '&& ',
  '|| ',
  '( ',
  ') ',
  '}',
  '$.x[0] ',
  'IS NULL ',
  '?a ',
  '-b ',
  '%x%',
  '[',
  '1 ',
  'NOT EXISTS ',
]

function anything(random: Random, depth = 0): unknown {
  const kinds: readonly (() => unknown)[] = [
    () => random.pick(NAMES),
    () => Array.from({ length: random.whole(6) }, () => PATTERNS[random.whole(PATTERNS.length)]).join(''),
    () => random.whole(200) - 20,
    () => random.whole(2) === 0,
    () => null,
    () => 1.5e300,
    () => [],
    () => (depth > 2 ? {} : [anything(random, depth + 1), anything(random, depth + 1)]),
    () => (depth > 2 ? {} : { Key: anything(random, depth + 1), Value: 'v', Values: [random.pick(NAMES)] }),
    () => ({ timestamp: app.cloud.clock.now(), message: '{"a":1}' }),
  ]
  return (kinds[random.whole(kinds.length)] ?? kinds[0])?.()
}

const JSON_ACTIONS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  Logs_20140328: [
    'CreateLogGroup',
    'CreateLogStream',
    'PutLogEvents',
    'GetLogEvents',
    'FilterLogEvents',
    'DescribeLogGroups',
    'DescribeLogStreams',
    'PutRetentionPolicy',
    'TagResource',
    'UntagResource',
    'ListTagsForResource',
    'DescribeSubscriptionFilters',
    'DeleteLogStream',
    'DeleteLogGroup',
    'toString',
  ],
  AmazonSSM: [
    'PutParameter',
    'GetParameter',
    'GetParameters',
    'GetParametersByPath',
    'GetParameterHistory',
    'DescribeParameters',
    'LabelParameterVersion',
    'UnlabelParameterVersion',
    'AddTagsToResource',
    'ListTagsForResource',
    'DeleteParameters',
  ],
  secretsmanager: [
    'CreateSecret',
    'GetSecretValue',
    'PutSecretValue',
    'UpdateSecret',
    'DeleteSecret',
    'RestoreSecret',
    'ListSecrets',
    'DescribeSecret',
    'ListSecretVersionIds',
    'UpdateSecretVersionStage',
    'BatchGetSecretValue',
    'GetRandomPassword',
    'TagResource',
    'PutResourcePolicy',
    'RotateSecret',
  ],
}
const MEMBERS: readonly [string, ...string[]] = [
  'logGroupName',
  'logGroupIdentifier',
  'logStreamName',
  'logEvents',
  'filterPattern',
  'nextToken',
  'limit',
  'tags',
  'logGroupNamePrefix',
  'logGroupNamePattern',
  'retentionInDays',
  'resourceArn',
  'tagKeys',
  'startTime',
  'startFromHead',
  'Name',
  'Names',
  'Value',
  'Type',
  'Path',
  'Overwrite',
  'Tier',
  'AllowedPattern',
  'ParameterFilters',
  'Filters',
  'Labels',
  'ParameterVersion',
  'ResourceId',
  'Tags',
  'TagKeys',
  'MaxResults',
  'NextToken',
  'Recursive',
  'WithDecryption',
  'SecretId',
  'SecretString',
  'SecretBinary',
  'VersionId',
  'VersionStage',
  'VersionStages',
  'ClientRequestToken',
  'RecoveryWindowInDays',
  'MoveToVersionId',
  'RemoveFromVersionId',
  'SecretIdList',
  'PasswordLength',
  'ExcludeCharacters',
]
const FORMS: readonly [string, ...string[]] = [
  'GetCallerIdentity',
  'AssumeRole',
  'GetSessionToken',
  'GetFederationToken',
  'GetRole',
  'ListRoles',
  'GetRolePolicy',
  'ListRolePolicies',
  'GetUser',
  'DescribeStacks',
  'ListStacks',
  'DescribeStackResources',
  'DescribeStackResource',
]
const FIELDS: readonly [string, ...string[]] = [
  'RoleArn',
  'RoleSessionName',
  'DurationSeconds',
  'Name',
  'RoleName',
  'PolicyName',
  'UserName',
  'PathPrefix',
  'StackName',
  'LogicalResourceId',
  'PhysicalResourceId',
  'StackStatusFilter.member.1',
  'a.b.c',
  'Action',
]
const PATHS: readonly [string, ...string[]] = [
  '/2015-03-31/functions/#',
  '/2015-03-31/functions/#/configuration',
  '/2015-03-31/functions/#/invocations',
  '/2015-03-31/functions/#/aliases/#',
  '/2019-09-25/functions/#/event-invoke-config',
  '/2017-03-31/tags/#',
  '/2015-03-31/event-source-mappings/#',
  '/2021-10-31/functions/#/url',
  '/2015-03-31/functions?MaxItems=#&Marker=#',
  '/2015-03-31/event-source-mappings?FunctionName=#',
  '/2015-03-31/functions/%ZZ',
  '/2015-03-31/functions/#?Qualifier=#',
]

const scope = (service: string): Record<string, string> => ({
  authorization: `AWS4-HMAC-SHA256 Credential=goblet/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
})

function toRequest(random: Random): { readonly path: string; readonly init: RequestInit } {
  const kind = random.whole(5)
  if (kind < 3) {
    const prefix = random.pick(['Logs_20140328', 'AmazonSSM', 'secretsmanager'])
    const action = random.pick(JSON_ACTIONS[prefix] ?? ['none'])
    const members = Array.from({ length: random.whole(7) }, () => [random.pick(MEMBERS), anything(random)])
    const body = JSON.stringify(Object.fromEntries(members))
    return { path: '/', init: { method: 'POST', headers: { 'x-amz-target': `${prefix}.${action}` }, body } }
  }
  if (kind === 3) {
    const fields = Array.from({ length: random.whole(4) }, (): [string, string] => [
      random.pick(FIELDS),
      random.pick(NAMES),
    ])
    const body = new URLSearchParams([['Action', random.pick(FORMS)], ...fields]).toString()
    const headers = scope(random.pick(['sts', 'iam', 'cloudformation']))
    return { path: '/', init: { method: 'POST', headers, body } }
  }
  const path = random.pick(PATHS).replaceAll('#', () => encodeURIComponent(random.pick(NAMES)))
  const method = random.pick(['GET', 'POST', 'PUT', 'DELETE'])
  const body =
    method === 'GET'
      ? {}
      : { body: JSON.stringify({ [random.pick(['MaximumRetryAttempts', 'DestinationConfig'])]: anything(random) }) }
  return { path, init: { method, headers: scope('lambda'), ...body } }
}

test(`${COUNT} random requests are answered or refused`, async () => {
  const random = seeded(SEED)
  for (let count = 0; count < COUNT; count++) {
    const { path, init } = toRequest(random)
    const answer = await fetch(app.cloud.aws + path, init)
    const text = await answer.text()
    // 501 is a refusal of ours, in words.
    const isFine = answer.status < 500 || (answer.status === 501 && /local cloud/.test(text))
    assert.ok(isFine, `${answer.status} ${text} to ${path} ${JSON.stringify(init)}`.slice(0, 2000))
  }
  assert.equal(Reflect.get({}, 'Key'), undefined)
})
