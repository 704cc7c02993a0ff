// What every function is on AWS right now: its newest code and settings, what its alias points to, and whence it came there.
import type { FunctionConfiguration } from '@aws-sdk/client-lambda'
import type { Clients } from './clients.ts'
import { type History, readHistory } from './history.ts'
import { ALIAS } from './ids.ts'
import { inParallel } from './parallel.ts'
import { isRefused } from './refused.ts'

export interface LiveAlias {
  /** `7`, or `$LATEST` before anything was published. */
  readonly version: string
  /** Version → share of the calls, where another one than the alias's gets some: 0 to 1. */
  readonly weights: ReadonlyMap<string, number>
  readonly history: History
}

export interface LiveFunction {
  readonly name: string
  readonly physicalName: string
  /** `$LATEST`; undefined: there is no such function. */
  readonly latest: FunctionConfiguration | undefined
  readonly alias: LiveAlias | undefined
  /** What the alias points to. */
  readonly version: FunctionConfiguration | undefined
}

// "Lambda quotas": GetFunction 100 times a second; all other calls of the control plane, GetAlias among them, 15 times together.
const AT_ONCE = 10

/** Of each, in their order. */
export function readFunctions(
  clients: Clients,
  functions: readonly { readonly name: string; readonly physicalName: string }[],
): Promise<LiveFunction[]> {
  return inParallel(functions, AT_ONCE, (one) => readFunction(clients, one))
}

async function readFunction(
  clients: Clients,
  { name, physicalName }: { readonly name: string; readonly physicalName: string },
): Promise<LiveFunction> {
  const [latest, alias, version] = await Promise.all([
    readConfiguration(clients, physicalName, undefined),
    readAlias(clients, physicalName),
    readConfiguration(clients, physicalName, ALIAS),
  ])
  return { name, physicalName, latest, alias, version }
}

export async function readConfiguration(
  { lambda }: Clients,
  physicalName: string,
  qualifier: string | undefined,
): Promise<FunctionConfiguration | undefined> {
  try {
    return (await lambda.getFunction({ FunctionName: physicalName, Qualifier: qualifier })).Configuration
  } catch (error) {
    if (isRefused(error, 'ResourceNotFoundException')) return undefined
    throw error
  }
}

async function readAlias({ lambda }: Clients, physicalName: string): Promise<LiveAlias | undefined> {
  try {
    const alias = await lambda.getAlias({ FunctionName: physicalName, Name: ALIAS })
    const version = alias.FunctionVersion ?? '$LATEST'
    const weights = new Map(Object.entries(alias.RoutingConfig?.AdditionalVersionWeights ?? {}))
    return { version, weights, history: readHistory(alias.Description ?? '', version) }
  } catch (error) {
    if (isRefused(error, 'ResourceNotFoundException')) return undefined
    throw error
  }
}

/** Whether the alias has all that is newest. */
export function isPublished({ latest, alias, version }: LiveFunction): boolean {
  return (
    latest !== undefined &&
    alias !== undefined &&
    alias.version !== '$LATEST' &&
    alias.weights.size === 0 &&
    version !== undefined &&
    isSameVersion(latest, version)
  )
}

/** Whether two versions of a function run the same code in the same way. */
export const isSameVersion = (left: FunctionConfiguration, right: FunctionConfiguration): boolean =>
  told(left) === told(right)

// What PublishVersion looks at: code and settings. Descriptions, dates and states are a version's own.
function told(one: FunctionConfiguration): string {
  const { CodeSha256, Runtime, Role, Handler, Timeout, MemorySize, Architectures, PackageType } = one
  const rest = [
    Object.entries(one.Environment?.Variables ?? {}).sort(([left], [right]) => (left < right ? -1 : 1)),
    (one.Layers ?? []).map(({ Arn }) => Arn),
    [...(one.VpcConfig?.SubnetIds ?? [])].sort(),
    [...(one.VpcConfig?.SecurityGroupIds ?? [])].sort(),
    one.EphemeralStorage?.Size,
    one.TracingConfig?.Mode,
    one.DeadLetterConfig?.TargetArn,
    one.LoggingConfig?.LogFormat,
    one.LoggingConfig?.LogGroup,
    one.LoggingConfig?.ApplicationLogLevel,
    one.LoggingConfig?.SystemLogLevel,
    one.SnapStart?.ApplyOn,
  ]
  return JSON.stringify([CodeSha256, Runtime, Role, Handler, Timeout, MemorySize, Architectures, PackageType, ...rest])
}
