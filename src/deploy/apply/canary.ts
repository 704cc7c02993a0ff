// New versions get a part of the calls first, and all of them only when nothing failed.
import { problem } from '../../errors.ts'
import type { Clients } from '../calls/clients.ts'
import { inParallel } from '../calls/parallel.ts'
import { pause } from '../calls/pause.ts'
import type { Report } from '../calls/report.ts'
import { ALIAS } from '../ids.ts'
import type { Ready } from './publish.ts'
import type { StackResource } from './stack.ts'

export interface Canary {
  /** Of the calls, that the new version gets: between 0 and 1. */
  readonly share: number
  readonly milliseconds: number
}

/** Reads `10%/5m`. Throws GOBLET_USAGE. */
export function readCanary(text: string): Canary {
  const [, percent = '', count = '', unit = ''] = /^(\d+(?:\.\d+)?)%\/(\d+)(s|m|h)$/.exec(text.trim()) ?? []
  const share = Number(percent) / 100
  const milliseconds = Number(count) * (unit === 'h' ? 3_600_000 : unit === 'm' ? 60_000 : 1000)
  if (share > 0 && share < 1 && milliseconds > 0) return { share, milliseconds }
  const mend = 'Write the share of the calls that new versions get, and for how long: 10%/5m, 50%/90s, 5%/1h.'
  throw problem('GOBLET_USAGE', { problem: `${text} is no canary.`, mend })
}

export interface Slowly {
  readonly canary: Canary
  readonly ready: readonly Ready[]
  readonly resources: readonly StackResource[]
  readonly stack: string
  readonly report: Report
  readonly signal: AbortSignal | undefined
  readonly check: () => void
}

const LOOK = 15_000

/**
 * Returns when everything may go live; throws GOBLET_CANARY, with all calls back on the versions before, when something
 * failed. One that is killed leaves its weights behind: the next deploy finishes it, `rollback` takes it back.
 */
export async function goLiveSlowly(clients: Clients, slowly: Slowly): Promise<void> {
  const { canary, ready, report, signal, check, stack } = slowly
  // What is new has nobody who calls it yet.
  const tried = ready.filter(({ live, version }) => live.alias !== undefined && isOlder(live.alias.version, version))
  if (tried.length === 0) return
  const alarmed = await alarmsOf(clients, slowly.resources)
  await inParallel(tried, 5, async ({ live, version }) => {
    check()
    await weigh(clients, live.physicalName, new Map([[version, canary.share]]))
  })
  const percent = Math.round(canary.share * 1000) / 10
  report({ what: 'note', message: `${percent} % of the calls go to the new versions of ${names(tried)}.` })
  const begun = Date.now()
  try {
    while (Date.now() - begun < canary.milliseconds) {
      const left = canary.milliseconds - (Date.now() - begun)
      await pause(Math.min(LOOK, left), signal, () => problem('GOBLET_DEPLOY_STOPPED', { stack, state: 'canary' }))
      check()
      const reason = (await newAlarm(clients, slowly.resources, alarmed)) ?? (await failing(clients, tried, begun))
      if (reason !== undefined) throw problem('GOBLET_CANARY', { reason })
    }
  } catch (error) {
    // Whoever stops it does not want it live.
    await inParallel(tried, 5, ({ live }) => weigh(clients, live.physicalName, new Map()))
    throw error
  }
}

const isOlder = (live: string, version: string): boolean => live !== '$LATEST' && live !== version

const names = (tried: readonly Ready[]): string => tried.map(({ live }) => live.name).join(', ')

/** Which other versions an alias sends a part of its calls to: none where the map is empty. */
export async function weigh(
  { lambda }: Clients,
  physicalName: string,
  weights: ReadonlyMap<string, number>,
): Promise<void> {
  await lambda.updateAlias({
    FunctionName: physicalName,
    Name: ALIAS,
    RoutingConfig: { AdditionalVersionWeights: Object.fromEntries(weights) },
  })
}

// Lambda Developer Guide, "Types of metrics": with a weighted alias, ExecutedVersion tells the versions apart.
async function failing(clients: Clients, tried: readonly Ready[], begun: number): Promise<string | undefined> {
  const cloudwatch = await clients.cloudwatch()
  const now = clients.now()
  for (const { live, version } of tried) {
    const sum = (id: string, MetricName: string, executed: string) => ({
      Id: id,
      MetricStat: {
        Metric: {
          Namespace: 'AWS/Lambda',
          MetricName,
          Dimensions: [
            { Name: 'FunctionName', Value: live.physicalName },
            { Name: 'Resource', Value: `${live.physicalName}:${ALIAS}` },
            { Name: 'ExecutedVersion', Value: executed },
          ],
        },
        Period: 60,
        Stat: 'Sum',
      },
    })
    const before = live.alias?.version ?? ''
    const { MetricDataResults = [] } = await cloudwatch.getMetricData({
      // A whole minute: the one in which it began counts.
      StartTime: new Date(Math.floor((now - (Date.now() - begun)) / 60_000) * 60_000),
      EndTime: new Date(now + 60_000),
      MetricDataQueries: [
        sum('failed', 'Errors', version),
        sum('called', 'Invocations', version),
        sum('failed_before', 'Errors', before),
        sum('called_before', 'Invocations', before),
      ],
    })
    const total = (id: string): number =>
      (MetricDataResults.find((one) => one.Id === id)?.Values ?? []).reduce((all, one) => all + one, 0)
    const rate = total('failed') / Math.max(1, total('called'))
    const former = total('failed_before') / Math.max(1, total('called_before'))
    // What failed before as often is not the new version's.
    if (total('failed') > 0 && rate > former * 2)
      return `${total('failed')} of ${total('called')} calls of version ${version} of ${live.name} failed.`
  }
  return undefined
}

async function alarmsOf(clients: Clients, resources: readonly StackResource[]): Promise<Set<string>> {
  const own = resources.filter(({ type }) => type === 'AWS::CloudWatch::Alarm').map(({ physicalId }) => physicalId)
  if (own.length === 0) return new Set()
  const cloudwatch = await clients.cloudwatch()
  const { MetricAlarms = [] } = await cloudwatch.describeAlarms({ AlarmNames: own.slice(0, 100), StateValue: 'ALARM' })
  return new Set(MetricAlarms.flatMap(({ AlarmName }) => (AlarmName === undefined ? [] : [AlarmName])))
}

async function newAlarm(
  clients: Clients,
  resources: readonly StackResource[],
  before: ReadonlySet<string>,
): Promise<string | undefined> {
  const [name] = [...(await alarmsOf(clients, resources))].filter((one) => !before.has(one))
  return name === undefined ? undefined : `the alarm ${name} went off.`
}
