// How an app stands on AWS: what is live, since when, by whom, and what another hand changed.

import { artifactBucket } from './bucket.ts'
import type { Clients } from './clients.ts'
import type { Deployment } from './deployment.ts'
import { type Drift, driftOf } from './drift.ts'
import { deployTime, newestDeploy } from './history.ts'
import { type Holder, holderOf } from './lock.ts'
import { inParallel } from './parallel.ts'
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
