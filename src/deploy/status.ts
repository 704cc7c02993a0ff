// How an app stands on AWS: what is live, since when, by whom, and what another hand changed.

import { artifactBucket } from './bucket.ts'
import type { Clients } from './clients.ts'
import type { Deployment } from './deployment.ts'
import { deployTime, newestDeploy } from './history.ts'
import { type Holder, holderOf } from './lock.ts'
import { inParallel } from './parallel.ts'
import { pause } from './pause.ts'
import { worded } from './refused.ts'
import { correctionsFor, missingOf, readSituation } from './situation.ts'
import type { StackState } from './stack.ts'

export interface FunctionStatus {
  readonly name: string
  readonly physicalName: string
  /** Undefined: it is not there. */
  readonly version: string | undefined
  /** Version → share, while a canary is under way. */
  readonly weights: ReadonlyMap<string, number>
  /** SHA-256 of the code that callers get, in Base64. */
  readonly sha256: string | undefined
  /** `Active`. */
  readonly state: string | undefined
  /** Reserved; undefined: none of its own. */
  readonly concurrency: number | undefined
  /** Settings that another hand changed. */
  readonly changed: readonly string[]
}

export interface Drift {
  readonly id: string
  readonly type: string
  readonly name: string
  /** `MODIFIED`, `DELETED`. */
  readonly status: string
  /** Which properties. */
  readonly properties: readonly string[]
}

export interface Status {
  /** Undefined: there is none. */
  readonly stack: StackState | undefined
  /** The last deploy that changed what is live. */
  readonly last: { readonly when: Date; readonly by: string } | undefined
  readonly functions: readonly FunctionStatus[]
  readonly holder: Holder | undefined
  /** Logical ids of what another hand deleted. */
  readonly missing: readonly string[]
  /** Undefined: not asked. */
  readonly drift: readonly Drift[] | undefined
}

type Asked = Pick<Deployment, 'stack' | 'functions' | 'account'>

export function statusOf(clients: Clients, asked: Asked, options: { readonly drift: boolean }): Promise<Status> {
  return worded(async () => {
    const { stack: name, account } = asked
    const place = { bucket: artifactBucket(account, clients.region), account, stack: name }
    const [situation, holder] = await Promise.all([readSituation(clients, asked), holderOf(clients, place)])
    const { stack, functions } = situation
    if (stack === undefined)
      return { stack, last: undefined, functions: [], holder, missing: [], drift: options.drift ? [] : undefined }
    const histories = functions.flatMap(({ alias }) => (alias === undefined ? [] : [alias.history]))
    const newest = newestDeploy(histories)
    const by = histories.find(({ entries: [top] }) => top?.deploy === newest)?.by ?? ''
    const told = await inParallel(functions, 10, async (live): Promise<FunctionStatus> => {
      const { name: own, physicalName, alias, version, latest } = live
      return {
        name: own,
        physicalName,
        version: alias?.version,
        weights: alias?.weights ?? new Map(),
        sha256: version?.CodeSha256,
        state: latest?.State,
        concurrency: latest === undefined ? undefined : await concurrencyOf(clients, physicalName),
        changed: correctionsFor(live, situation)?.said ?? [],
      }
    })
    return {
      stack,
      last: newest === undefined ? undefined : { when: new Date(deployTime(newest)), by },
      functions: told,
      holder,
      missing: missingOf(situation),
      drift: options.drift ? await driftOf(clients, stack.id) : undefined,
    }
  })
}

async function concurrencyOf({ lambda }: Clients, physicalName: string): Promise<number | undefined> {
  const { ReservedConcurrentExecutions } = await lambda.getFunctionConcurrency({ FunctionName: physicalName })
  return ReservedConcurrentExecutions
}

/** What differs from the template, as CloudFormation finds. What deploy itself moves is no drift. */
export async function driftOf({ cloudformation }: Clients, stackId: string): Promise<Drift[]> {
  const { StackDriftDetectionId } = await cloudformation.detectStackDrift({ StackName: stackId })
  for (;;) {
    const { DetectionStatus } = await cloudformation.describeStackDriftDetectionStatus({ StackDriftDetectionId })
    if (DetectionStatus !== 'DETECTION_IN_PROGRESS') break
    await pause(2000, undefined, () => new Error('never'))
  }
  const found: Drift[] = []
  let token: string | undefined
  do {
    const page = await cloudformation.describeStackResourceDrifts({
      StackName: stackId,
      StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'],
      NextToken: token,
    })
    for (const one of page.StackResourceDrifts ?? []) {
      const { LogicalResourceId: id = '', ResourceType: type = '', PhysicalResourceId: name = '' } = one
      const paths = (one.PropertyDifferences ?? []).flatMap(({ PropertyPath }) => PropertyPath ?? [])
      const properties = paths.filter((path) => !(OURS[type] ?? []).some((ours) => path.startsWith(ours)))
      if (one.StackResourceDriftStatus === 'DELETED' || properties.length > 0)
        found.push({ id, type, name, status: one.StackResourceDriftStatus ?? '', properties })
    }
    token = page.NextToken
  } while (token !== undefined && token !== '')
  return found
}

const OURS: Readonly<Record<string, readonly string[]>> = {
  'AWS::Lambda::Alias': ['/FunctionVersion', '/Description', '/RoutingConfig'],
  'AWS::Lambda::Function': ['/Code'],
  'AWS::S3::Bucket': ['/NotificationConfiguration'],
}
