// Brings code into functions and makes versions of it; which one is live is the alias's matter.
import { problem } from '../errors.ts'
import type { Clients } from './clients.ts'
import { type Entry, type History, toDescription } from './history.ts'
import { ALIAS } from './ids.ts'
import { isSameVersion, type LiveFunction, readConfiguration } from './live.ts'
import { pause } from './pause.ts'
import { isRefused } from './refused.ts'
import type { Report } from './report.ts'
import type { FunctionTask } from './situation.ts'

export interface Publishing {
  readonly bucket: string
  readonly report: Report
  /** Asked before every change. */
  readonly check: () => void
}

/** A function with a version of what is newest, ready to go live. */
export interface Ready {
  readonly live: LiveFunction
  readonly version: string
  /** The code is another one than what is live. */
  readonly code: boolean
}

/** Corrects, uploads and publishes as the task says, and waits until the version can be called. */
export async function publish(clients: Clients, task: FunctionTask, publishing: Publishing): Promise<Ready> {
  const { bucket, report, check } = publishing
  const { live, artifact, code, corrections } = task
  const { lambda } = clients
  const { name, physicalName } = live
  const isOther = live.version?.CodeSha256 !== artifact?.sha256
  if (corrections !== undefined) {
    const { said, ...settings } = corrections
    report({ what: 'note', message: `${name} was changed by another hand, and is put right: ${said.join('; ')}.` })
    await patiently(clients, physicalName, () => {
      check()
      return lambda.updateFunctionConfiguration({ FunctionName: physicalName, ...settings })
    })
    await ready(clients, physicalName, undefined)
  }
  let version: string | undefined
  if (code && artifact !== undefined) {
    const told = await patiently(clients, physicalName, async (turn) => {
      check()
      const now = turn === 0 ? undefined : await readConfiguration(clients, physicalName, undefined)
      // The answer to an earlier try was lost.
      if (now?.CodeSha256 === artifact.sha256) return undefined
      return lambda.updateFunctionCode({
        FunctionName: physicalName,
        S3Bucket: bucket,
        S3Key: artifact.key,
        Publish: true,
      })
    })
    report({ what: 'code', function: name })
    version = told?.Version
  }
  if (version === undefined || version === '$LATEST') {
    await ready(clients, physicalName, undefined)
    version = await publishedVersion(clients, physicalName, check)
  }
  await ready(clients, physicalName, version)
  return { live, version, code: isOther }
}

/** The newest version where it is what `$LATEST` is, or a new one. */
async function publishedVersion(clients: Clients, physicalName: string, check: () => void): Promise<string> {
  const latest = await readConfiguration(clients, physicalName, undefined)
  const versions = await versionsOf(clients, physicalName)
  const newest = versions.at(-1)
  if (latest !== undefined && newest?.Version !== undefined && isSameVersion(latest, newest)) return newest.Version
  const { Version = '$LATEST' } = await patiently(clients, physicalName, () => {
    check()
    return clients.lambda.publishVersion({ FunctionName: physicalName, CodeSha256: latest?.CodeSha256 })
  })
  return Version
}

/** Published ones, the oldest first. */
export async function versionsOf({ lambda }: Clients, physicalName: string) {
  const found = []
  let marker: string | undefined
  do {
    const page = await lambda.listVersionsByFunction({ FunctionName: physicalName, Marker: marker })
    found.push(...(page.Versions ?? []).filter(({ Version }) => Version !== '$LATEST'))
    marker = page.NextMarker
  } while (marker !== undefined && marker !== '')
  return found.sort((left, right) => Number(left.Version) - Number(right.Version))
}

const PATIENCE = 120_000
const PAUSES = [200, 500, 1000, 2000, 3000]

// "The role defined for the function cannot be assumed by Lambda": a role is everywhere only some seconds after it was made.
// An update that is still under way refuses the next one. Source: Lambda API Reference, UpdateFunctionCode, Errors.
const PASSING = /cannot be assumed|assume.*role|execution role does not have permissions/i

/** Tries again what is only too early. */
async function patiently<Result>(
  clients: Clients,
  physicalName: string,
  work: (turn: number) => Promise<Result>,
): Promise<Result> {
  const since = Date.now()
  for (let turn = 0; ; turn++) {
    try {
      return await work(turn)
    } catch (error) {
      const passes =
        isRefused(error, 'ResourceConflictException', 'TooManyRequestsException') ||
        (isRefused(error, 'InvalidParameterValueException') && PASSING.test(error.message))
      if (!passes || Date.now() - since > PATIENCE) throw error
      await wait(turn)
      if (isRefused(error, 'ResourceConflictException')) await ready(clients, physicalName, undefined)
    }
  }
}

const wait = (turn: number): Promise<void> =>
  pause(PAUSES[Math.min(turn, PAUSES.length - 1)] ?? 3000, undefined, () => new Error('never'))

/** Waits until a version can be called. Source: "Lambda function states". */
export async function ready(clients: Clients, physicalName: string, version: string | undefined): Promise<void> {
  const since = Date.now()
  for (let turn = 0; ; turn++) {
    const found = await readConfiguration(clients, physicalName, version)
    const { State: state, LastUpdateStatus: status } = found ?? {}
    const waits = state === 'Pending' || status === 'InProgress'
    if (found === undefined || !waits) {
      if (state === 'Failed' || status === 'Failed')
        throw problem('GOBLET_DEPLOY_CALL', {
          operation: `Updating ${physicalName}`,
          problem: found?.LastUpdateStatusReason ?? found?.StateReason ?? 'AWS gives no reason',
        })
      return
    }
    if (Date.now() - since > PATIENCE) return
    await wait(turn)
  }
}

/** Points the alias to a version, for all callers. */
export async function moveAlias(
  { lambda }: Clients,
  { physicalName, alias }: Pick<LiveFunction, 'physicalName' | 'alias'>,
  version: string,
  history: History,
): Promise<void> {
  const input = {
    FunctionName: physicalName,
    Name: ALIAS,
    FunctionVersion: version,
    Description: toDescription(history),
  }
  if (alias === undefined) {
    try {
      await lambda.createAlias(input)
      return
    } catch (error) {
      if (!isRefused(error, 'ResourceConflictException')) throw error
    }
  }
  await lambda.updateAlias({ ...input, RoutingConfig: { AdditionalVersionWeights: {} } })
}

/** With one more in front. */
export const pushed = (history: History | undefined, entry: Entry, by: string): History => ({
  by,
  entries: [entry, ...(history?.entries ?? []).filter((one) => one.deploy !== entry.deploy || entry.deploy === '')],
})
