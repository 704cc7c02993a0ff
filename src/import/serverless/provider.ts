// The provider: what holds for every function, as options of the app.
import type { Code, CodeMap } from '../code.ts'
import { isStaged, itemsOf, ownOf, textOf } from '../node.ts'
import type { Section } from '../section.ts'
import { layersOf, retentionOf, tagsOf } from '../upkeep.ts'
import type { Context } from './context.ts'
import { toEnvironment } from './environment.ts'
import { toPermissions } from './iam.ts'
import { toGranted } from './references.ts'

export const isNode = (runtime: string): boolean => runtime.startsWith('nodejs') || runtime === 'node'

/** Options of the app, without those of its front door. */
export function readProvider(provider: Section, context: Context): CodeMap {
  return {
    // Source: the Serverless Framework's own defaults, 1024 MB and 6 seconds.
    memory: provider.number('memorySize') ?? 1024,
    timeout: provider.number('timeout') ?? 6,
    runtime: toRuntime(provider),
    architecture: provider.text('architecture') === 'arm64' ? undefined : 'x86_64',
    env: toEnvironment(provider, context),
    vpc: toVpc(provider, context),
    tracing: toTracing(provider),
    logs: toProviderLogs(provider),
    tags: tagsOf(provider, 'stackTags', 'tags'),
    layers: layersOf(provider),
    ...toRoleOptions(provider, context),
  }
}

function toRuntime(provider: Section): string | undefined {
  const runtime = provider.text('runtime')
  if (runtime === undefined || !isNode(runtime) || runtime === 'nodejs24.x') return undefined
  if (runtime === 'nodejs22.x') return runtime
  provider.noted('runtime', `${runtime} becomes nodejs22.x, the oldest that Goblet deploys to.`)
  return 'nodejs22.x'
}

function toProviderLogs(provider: Section): CodeMap | undefined {
  const logs = provider.section('logs')
  const form = toLogForm(logs.section('lambda'))
  logs.close({
    hand: {
      restApi: 'is not known: functions have logs, APIs do not.',
      httpApi: 'is not known: functions have logs, APIs do not.',
      websocket: 'is not known: functions have logs, APIs do not.',
    },
    noted: { frameworkLambda: 'is not needed.' },
  })
  const made = { ...retentionOf(provider, 'logRetentionInDays'), ...form }
  return Object.keys(made).length === 0 ? undefined : made
}

/** `logs` of a function, and where a provider says it for all. */
export function toLogs(section: Section): CodeMap | undefined {
  const made = { ...retentionOf(section, 'logRetentionInDays'), ...toLogForm(section.section('logs')) }
  return Object.keys(made).length === 0 ? undefined : made
}

// Source: the Serverless Framework's `logs.lambda`: `logFormat` is JSON or Text, the levels are Lambda's own in capitals.
function toLogForm(logs: Section): CodeMap {
  const [form, level, systemLevel] = ['logFormat', 'applicationLogLevel', 'systemLogLevel'].map((key) =>
    logs.text(key)?.toLowerCase(),
  )
  logs.close({ hand: { logGroup: 'is not known: functions have a log group each.' } })
  return Object.fromEntries(
    Object.entries({ format: form, level, systemLevel }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  )
}

function toTracing(provider: Section): true | undefined {
  const tracing = provider.section('tracing')
  const value = tracing.text('lambda')
  if (tracing.flag('apiGateway') === true)
    tracing.hand('apiGateway', 'is not known: functions tell X-Ray, APIs do not.')
  tracing.close({})
  return value === 'true' || value === 'Active' ? true : undefined
}

/** `vpc` where both lists are plain. */
export function toVpc(section: Section, context: Context): CodeMap | undefined {
  if (!section.has('vpc')) return undefined
  const vpc = section.section('vpc')
  const list = (key: string): string[] => itemsOf(vpc.take(key)).flatMap((one) => textOf(one) ?? [])
  const [securityGroups, subnets] = [list('securityGroupIds'), list('subnetIds')]
  vpc.close({})
  if (subnets.length > 0 && securityGroups.length > 0) {
    if (isStaged(vpc.take('subnetIds')))
      vpc.hand('subnetIds', `depends on the stage; that of ${context.stage} was written.`)
    return { subnets, securityGroups }
  }
  section.hand(
    'vpc',
    'names subnets or security groups that are not known beforehand: write `vpc: { subnets: […], securityGroups: […] }`.',
  )
  return undefined
}

/** The ARN of a role that is already there. */
export function toRole(section: Section, key: string, context: Context): string | undefined {
  const node = section.take(key)
  if (node === undefined) return undefined
  const text = toGranted(node, context)
  if (typeof text === 'string' && /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(text)) return text
  section.hand(
    key,
    'is no ARN that is known beforehand. Goblet makes a role for each function, of what its code needs.',
  )
  return undefined
}

const ROLE = {
  hand: {
    managedPolicies:
      'Managed policies are not attached: what the code needs is derived; name the rest in `permissions`.',
    permissionsBoundary: 'Roles are made without a permissions boundary.',
    tags: 'Roles are not tagged.',
  },
  noted: {
    name: 'Each function has a role of its own, named by CloudFormation.',
    path: 'Roles are made without a path.',
  },
}

function toRoleOptions(provider: Section, context: Context): CodeMap {
  const old = toPermissions(provider.take('iamRoleStatements'), 'provider.iamRoleStatements', context)
  const single = toRole(provider, 'role', context)
  const iam = provider.section('iam')
  const given = iam.take('role')
  let role = single
  let made: Code[] = []
  if (
    given?.kind === 'dict' &&
    !given.entries.has('Fn::GetAtt') &&
    !given.entries.has('Ref') &&
    !given.entries.has('Fn::ImportValue')
  ) {
    const section = iam.section('role')
    made = toPermissions(section.take('statements'), 'provider.iam.role.statements', context)
    section.close(ROLE)
  } else if (given !== undefined) role = toRole(iam, 'role', context)
  iam.close({ noted: { deploymentRole: 'is for the account that deploys.' } })
  const permissions = [...old, ...made]
  if (role !== undefined && permissions.length > 0)
    provider.hand('iam', 'names a role and statements: the statements were left out, as the role is somebody else’s.')
  return { role, permissions: role !== undefined || permissions.length === 0 ? undefined : permissions }
}

const PERIODS: Readonly<Record<string, string>> = { DAY: 'day', WEEK: 'week', MONTH: 'month' }

/** `apiKeys`, `usagePlan` and `compress`, from where versions have kept them. */
export function readGateway(provider: Section): CodeMap {
  const gateway = provider.section('apiGateway')
  const keys = [...itemsOf(gateway.take('apiKeys')), ...itemsOf(provider.take('apiKeys'))].flatMap((one) => {
    const text = textOf(one) ?? (one.kind === 'dict' ? textOf(one.entries.get('name')?.value) : undefined)
    if (text === undefined || (one.kind === 'dict' && one.entries.has('value')))
      provider.report.hand(
        one.where,
        'provider.apiGateway.apiKeys',
        'keys are named, and get their values from AWS; groups of them are one usage plan.',
      )
    return text ?? []
  })
  const plan = readPlan(gateway.has('usagePlan') ? gateway : provider)
  const size = gateway.number('minimumCompressionSize')
  gateway.close(GATEWAY)
  return { apiKeys: keys.length === 0 ? undefined : keys, usagePlan: plan, compress: size }
}

function readPlan(section: Section): CodeMap | undefined {
  if (!section.has('usagePlan')) return undefined
  const plan = section.section('usagePlan')
  const throttle = plan.section('throttle')
  const quota = plan.section('quota')
  const [limit, period] = [quota.number('limit'), ownOf(PERIODS, quota.text('period') ?? '')]
  const made: CodeMap = {
    rate: throttle.number('rateLimit'),
    burst: throttle.number('burstLimit'),
    quota: limit === undefined || period === undefined ? undefined : { limit, period },
  }
  throttle.close({})
  quota.close({ hand: { offset: 'is not known: quotas begin with the period.' } })
  plan.close({})
  return Object.values(made).some((one) => one !== undefined) ? made : undefined
}

const NOT_NEEDED = 'is not needed: Goblet sees to it.'
const GATEWAY = {
  noted: {
    binaryMediaTypes: 'is not needed: every answer may be binary.',
    shouldStartNameWithService: NOT_NEEDED,
    disableDefaultEndpoint: 'is not known; the default endpoint stays.',
    description: 'is not kept.',
    metrics: 'is for the stage of the API in AWS’s console.',
    websocketApiDescription: 'is not kept.',
  },
  hand: {
    restApiId: 'shares an API with other stacks, which Goblet does not: each app has its own.',
    restApiRootResourceId: 'belongs to an API that is shared with other stacks.',
    restApiResources: 'belongs to an API that is shared with other stacks.',
    websocketApiId: 'shares an API with other stacks, which Goblet does not.',
    resourcePolicy: 'is not known: ask callers by `auth`.',
    request: 'schemas: give the route a validator instead (`body: schema`).',
    apiKeySourceType: 'is not known: keys come in `x-api-key`.',
    usagePlan: 'is not known in this place.',
    timeoutInMillis: 'is not known.',
    stage: 'is not known: see `apiStage`.',
  },
}
