// What Lambda tells of the functions themselves.
import { createHash } from 'node:crypto'
import type { WireResponse } from '../../service.ts'
import { type Call, findFunction, toAnswer, toPage } from './call.ts'
import type { LambdaFunctionFacts } from './ground.ts'
import { noResource, notFound } from './problems.ts'

export function listFunctions(call: Call): WireResponse {
  const { page, marker } = toPage(call.ground.functions(), call)
  return toAnswer(200, { ...marker, Functions: page.map((one) => toConfiguration(one, call)) })
}

export const getConfiguration = (call: Call): WireResponse => {
  const found = findFunction(call)
  return toAnswer(200, { ...toConfiguration(found, call, found.qualifier), ...STATE })
}

export function getFunction(call: Call): WireResponse {
  const found = findFunction(call)
  const { tags, concurrency } = found
  return toAnswer(200, {
    Configuration: { ...toConfiguration(found, call, found.qualifier), ...STATE },
    Code: { RepositoryType: 'S3', Location: `${call.request.endpoint}/_goblet/code/${found.physicalName}` },
    ...(Object.keys(tags).length === 0 ? {} : { Tags: tags }),
    ...(concurrency === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: concurrency } }),
  })
}

export function getConcurrency(call: Call): WireResponse {
  const { concurrency } = findFunction(call)
  return toAnswer(200, concurrency === undefined ? {} : { ReservedConcurrentExecutions: concurrency })
}

export function listVersions(call: Call): WireResponse {
  const found = findFunction(call)
  return toAnswer(200, { Versions: [toConfiguration(found, call, '$LATEST')] })
}

export function listAliases(call: Call): WireResponse {
  findFunction(call)
  return toAnswer(200, { Aliases: [] })
}

export function getAlias(call: Call): WireResponse {
  const { arn } = findFunction(call)
  throw notFound(`Cannot find alias arn: ${arn}:${call.parts[1] ?? ''}`)
}

export function getUrl(call: Call): WireResponse {
  const found = findFunction(call)
  if (found.url === undefined) throw noResource()
  return toAnswer(200, toUrl(found, call))
}

export function listUrls(call: Call): WireResponse {
  const found = findFunction(call)
  return toAnswer(200, { FunctionUrlConfigs: found.url === undefined ? [] : [toUrl(found, call)] })
}

function toUrl({ arn, url }: LambdaFunctionFacts, { since }: Call): object {
  const time = toTime(since)
  return {
    FunctionUrl: `${url?.address ?? ''}/`,
    FunctionArn: arn,
    AuthType: url?.auth ?? 'NONE',
    CreationTime: time,
    LastModifiedTime: time,
    InvokeMode: url?.stream === true ? 'RESPONSE_STREAM' : 'BUFFERED',
  }
}

export function getPolicy(call: Call): WireResponse {
  const found = findFunction(call)
  const Statement = found.callers.map(({ id, principal, source }) => ({
    Sid: id,
    Effect: 'Allow',
    Principal: { Service: principal },
    Action: 'lambda:InvokeFunction',
    Resource: found.arn,
    ...(source === undefined ? {} : { Condition: { ArnLike: { 'AWS:SourceArn': source } } }),
  }))
  if (Statement.length === 0) throw noResource()
  const Policy = JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement })
  return toAnswer(200, { Policy, RevisionId: toUuid(Policy) })
}

export function listTags(call: Call): WireResponse {
  return toAnswer(200, { Tags: findFunction(call).tags })
}

export function getCodeSigning(call: Call): WireResponse {
  return toAnswer(200, { FunctionName: findFunction(call).physicalName })
}

export function getRuntimeManagement(call: Call): WireResponse {
  return toAnswer(200, { UpdateRuntimeOn: 'Auto', FunctionArn: findFunction(call).arn })
}

export function getRecursion(call: Call): WireResponse {
  findFunction(call)
  return toAnswer(200, { RecursiveLoop: 'Terminate' })
}

export function getAccountSettings({ ground }: Call): WireResponse {
  const functions = ground.functions()
  const reserved = functions.reduce((sum, { concurrency = 0 }) => sum + concurrency, 0)
  return toAnswer(200, {
    AccountLimit: {
      TotalCodeSize: 80_530_636_800,
      CodeSizeUnzipped: 262_144_000,
      CodeSizeZipped: 52_428_800,
      ConcurrentExecutions: 1000,
      UnreservedConcurrentExecutions: Math.max(0, 1000 - reserved),
    },
    AccountUsage: { TotalCodeSize: 0, FunctionCount: functions.length },
  })
}

// Lists leave these out. Source: recorded.
const STATE = { State: 'Active', LastUpdateStatus: 'Successful' }

// There is no package of the code here: its size is 0, and its hash is that of the settings.
function toConfiguration(made: LambdaFunctionFacts, { since }: Pick<Call, 'since'>, qualifier?: string): object {
  const { physicalName, arn, env, deadLetter } = made
  const facts = JSON.stringify(made)
  return {
    FunctionName: physicalName,
    FunctionArn: qualifier === undefined ? arn : `${arn}:${qualifier}`,
    Runtime: made.runtime,
    Role: made.role,
    Handler: 'index.handler',
    CodeSize: 0,
    Description: made.description,
    Timeout: made.timeout,
    MemorySize: made.memory,
    LastModified: toTime(since),
    CodeSha256: createHash('sha256').update(facts).digest('base64'),
    Version: '$LATEST',
    ...(deadLetter === undefined ? {} : { DeadLetterConfig: { TargetArn: deadLetter } }),
    ...(Object.keys(env).length === 0 ? {} : { Environment: { Variables: env } }),
    TracingConfig: { Mode: 'PassThrough' },
    RevisionId: toUuid(facts),
    PackageType: 'Zip',
    Architectures: [made.architecture],
    EphemeralStorage: { Size: made.ephemeralStorage },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { ...toLogging(made), LogGroup: `/aws/lambda/${physicalName}` },
  }
}

// Levels are for JSON alone.
const toLogging = ({ logs: { format, level, systemLevel } }: LambdaFunctionFacts): object =>
  format === 'text'
    ? { LogFormat: 'Text' }
    : { LogFormat: 'JSON', ApplicationLogLevel: level?.toUpperCase(), SystemLogLevel: systemLevel?.toUpperCase() }

/** Lambda's times: `2026-11-21T09:00:00.000+0000`. */
const toTime = (time: number): string => new Date(time).toISOString().replace('Z', '+0000')

/** An id that is the same for the same text. */
export function toUuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
