// The app's functions and their event source mappings, as Lambda shows them.
import { createHash } from 'node:crypto'
import type { BusTriggerModel, FunctionModel, Model, ScheduleTriggerModel, TriggerModel } from '../../model/index.ts'
import { functionArn } from '../environment.ts'
import { ACCOUNT, REGION } from '../service.ts'
import type { AsynchronousFacts, LambdaFunctionFacts, LambdaMappingFacts } from '../services/lambda/index.ts'
import { destinationArn, resourceArn, roleArn, tagsOf } from './names.ts'

/** `address` is the app's own port. */
export function toFunctionFacts(made: FunctionModel, model: Model, address: string): LambdaFunctionFacts {
  const { api } = model
  const hasUrl = api.door === 'url' && made.trigger === 'http'
  const routes = model.triggers.filter((one) => one.kind === 'http')
  const auth = routes.some((one) => one.auth.kind === 'iam') ? 'AWS_IAM' : 'NONE'
  return {
    ...made,
    arn: functionArn(made),
    role: roleArn(made),
    deadLetter: destinationArn(made.deadLetter, model),
    tags: { ...tagsOf(model), ...made.tags },
    asynchronous: toAsynchronous(made, model),
    url: hasUrl ? { address, auth, stream: routes.some(({ stream }) => stream) } : undefined,
    callers: model.triggers.filter((one) => one.function === made.name).flatMap((one) => toCallers(one, model)),
  }
}

// As the deployed app has it: what is AWS's default needs no configuration.
function toAsynchronous(
  { retries, maximumAge, destinations }: FunctionModel,
  model: Model,
): AsynchronousFacts | undefined {
  const success = destinationArn(destinations.success, model)
  const failure = destinationArn(destinations.failure, model)
  if (retries === 2 && maximumAge === 21_600 && success === undefined && failure === undefined) return undefined
  return { retries, maximumAge, success, failure }
}

type Caller = LambdaFunctionFacts['callers'][number]

function toCallers(trigger: TriggerModel, model: Model): Caller[] {
  const of = (kind: string, declared: string): string | undefined => {
    const found = model.resources.find((one) => one.kind === kind && one.name === declared)
    return found === undefined ? undefined : resourceArn(found)
  }
  switch (trigger.kind) {
    case 'http':
    case 'authorizer':
      return model.api.door === 'url' ? [] : [{ id: 'api', principal: 'apigateway.amazonaws.com', source: undefined }]
    case 'websocket':
      return [{ id: 'websocket', principal: 'apigateway.amazonaws.com', source: undefined }]
    case 'topic':
      return [{ id: 'topic', principal: 'sns.amazonaws.com', source: of('topic', trigger.topic) }]
    case 'bucket':
      return [{ id: 'bucket', principal: 's3.amazonaws.com', source: of('bucket', trigger.bucket) }]
    case 'bus':
    case 'schedule':
      return toRuleCallers(trigger, model)
    default:
      return []
  }
}

// A schedule of Scheduler calls as a role: the function's policy does not name it.
function toRuleCallers(trigger: BusTriggerModel | ScheduleTriggerModel, model: Model): Caller[] {
  if (trigger.kind === 'schedule' && trigger.service === 'scheduler') return []
  const woken = model.functions.find(({ name }) => name === trigger.function)
  const bus = model.resources.find(({ kind, name }) => trigger.kind === 'bus' && kind === 'bus' && name === trigger.bus)
  const path = [bus?.physicalName ?? 'default', woken?.physicalName ?? '']
    .filter((part) => part !== 'default')
    .join('/')
  const source = `arn:aws:events:${REGION}:${ACCOUNT}:rule/${path}`
  return [{ id: trigger.kind, principal: 'events.amazonaws.com', source }]
}

/** The ARN of the stream that a table of this name has now; empty: none. */
export type StreamOf = (table: string) => string

/** The event source mappings of the app. */
export const toMappingFacts = (model: Model, streamOf: StreamOf): LambdaMappingFacts[] =>
  model.triggers.flatMap((trigger) => toMapping(trigger, model, streamOf))

function toMapping(trigger: TriggerModel, model: Model, streamOf: StreamOf): LambdaMappingFacts[] {
  if (trigger.kind !== 'queue' && trigger.kind !== 'table' && trigger.kind !== 'stream') return []
  const declared = trigger.kind === 'queue' ? trigger.queue : trigger.kind === 'table' ? trigger.table : trigger.stream
  const source = model.resources.find(({ kind, name }) => kind === trigger.kind && name === declared)
  const woken = model.functions.find(({ name }) => name === trigger.function)
  const sourceArn = source === undefined ? undefined : resourceArn(source)
  if (woken === undefined || sourceArn === undefined) return []
  const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${woken.physicalName}`
  const filters = trigger.filter.map((pattern) => JSON.stringify(pattern))
  const { batchSize, window } = trigger
  return [
    {
      id: mappingId(sourceArn, functionArn),
      // Of a table it is its stream's; the id is of the table, so that it stays when the stream is another.
      sourceArn: (trigger.kind === 'table' ? streamOf(source?.physicalName ?? '') : '') || sourceArn,
      functionArn,
      batchSize,
      window,
      filters,
      more: moreOf(trigger, model),
    },
  ]
}

function moreOf(trigger: TriggerModel, model: Model): Record<string, unknown> {
  if (trigger.kind === 'queue')
    return trigger.concurrency === undefined ? {} : { ScalingConfig: { MaximumConcurrency: trigger.concurrency } }
  if (trigger.kind !== 'table' && trigger.kind !== 'stream') return {}
  const { from, retries = -1, maximumAge = -1, bisect, parallel, tumblingWindow } = trigger
  const failure = destinationArn(trigger.onFailure, model)
  const isTime = typeof from === 'number'
  return {
    StartingPosition: isTime ? 'AT_TIMESTAMP' : from === 'latest' ? 'LATEST' : 'TRIM_HORIZON',
    ...(isTime ? { StartingPositionTimestamp: from / 1000 } : {}),
    ParallelizationFactor: parallel,
    MaximumRetryAttempts: retries,
    MaximumRecordAgeInSeconds: maximumAge,
    BisectBatchOnFunctionError: bisect,
    TumblingWindowInSeconds: tumblingWindow,
    DestinationConfig: { OnFailure: failure === undefined ? {} : { Destination: failure } },
  }
}

/** The id of an event source mapping: the same over starts. */
export function mappingId(sourceArn: string, functionArn: string): string {
  const hex = createHash('sha256').update(`${sourceArn}\n${functionArn}`).digest('hex')
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
