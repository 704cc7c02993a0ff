// The app's event source mappings, as Lambda lists them.
import type { WireResponse } from '../../service.ts'
import { type Call, findFunction, toAnswer, toPage } from './call.ts'
import type { LambdaMappingFacts } from './ground.ts'
import { noResource, notImplemented } from './problems.ts'

export function listMappings(call: Call): WireResponse {
  const { query, ground } = call
  const source = query.get('EventSourceArn')
  const named = query.get('FunctionName')
  const arn = named === null ? undefined : findFunction({ ...call, parts: [named] }).arn
  const found = ground
    .mappings()
    .filter((one) => (source === null || one.sourceArn === source) && (arn === undefined || one.functionArn === arn))
  const { page, marker } = toPage(found, call, 100)
  return toAnswer(200, { ...marker, EventSourceMappings: page.map((one) => toMapping(one, call)) })
}

export function getMapping(call: Call): WireResponse {
  const found = call.ground.mappings().find(({ id }) => id === call.parts[0])
  if (found === undefined) throw noResource()
  return toAnswer(200, toMapping(found, call))
}

export function changeMapping(): WireResponse {
  throw notImplemented("The app's triggers are its event source mappings: the local cloud takes no others.")
}

function toMapping(
  { id, sourceArn, functionArn, batchSize, window, filters, more }: LambdaMappingFacts,
  { since }: Call,
): object {
  const queue = sourceArn.includes(':sqs:')
  return {
    UUID: id,
    BatchSize: batchSize,
    MaximumBatchingWindowInSeconds: window,
    EventSourceArn: sourceArn,
    FunctionArn: functionArn,
    LastModified: since / 1000,
    State: 'Enabled',
    StateTransitionReason: queue ? 'USER_INITIATED' : 'User action',
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    EventSourceMappingArn: functionArn.replace(/:function:.*$/, `:event-source-mapping:${id}`),
    ...(filters.length === 0 ? {} : { FilterCriteria: { Filters: filters.map((Pattern) => ({ Pattern })) } }),
    ...more,
  }
}
