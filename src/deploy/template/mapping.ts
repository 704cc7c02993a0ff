// Event source mappings: how Lambda reads queues and streams for a function.
import type { JsonObject, TableTriggerModel } from '../../model/index.ts'
import { logicalId } from '../ids.ts'
import type { Part, Properties } from '../template.ts'
import { destinationArn } from './destinations.ts'
import { aliasArn, type Making } from './making.ts'

/** The mapping of a function, whose answers always name what failed. */
export const toMapping = (name: string, properties: Properties): Part => ({
  [logicalId('Mapping', name)]: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      FunctionName: aliasArn(name),
      Enabled: true,
      ...properties,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    },
  },
})

export const filterCriteria = (patterns: readonly JsonObject[]): Properties =>
  patterns.length === 0
    ? {}
    : { FilterCriteria: { Filters: patterns.map((pattern) => ({ Pattern: JSON.stringify(pattern) })) } }

/** What is said of reading shards, a table's or a stream's. */
export function toShards(
  trigger: Omit<TableTriggerModel, 'kind' | 'table' | 'from'>,
  from: 'latest' | 'horizon' | number,
  making: Making,
): Properties {
  return {
    BatchSize: trigger.batchSize,
    MaximumBatchingWindowInSeconds: trigger.window,
    ...toStart(from),
    ...filterCriteria(trigger.filter),
    // -1 is without end. Source: AWS::Lambda::EventSourceMapping.
    MaximumRetryAttempts: trigger.retries ?? -1,
    MaximumRecordAgeInSeconds: trigger.maximumAge ?? -1,
    BisectBatchOnFunctionError: trigger.bisect,
    ParallelizationFactor: trigger.parallel,
    ...(trigger.tumblingWindow === 0 ? {} : { TumblingWindowInSeconds: trigger.tumblingWindow }),
    ...(trigger.onFailure === undefined
      ? {}
      : { DestinationConfig: { OnFailure: { Destination: destinationArn(trigger.onFailure, making) } } }),
  }
}

function toStart(from: 'latest' | 'horizon' | number): Properties {
  if (typeof from !== 'number') return { StartingPosition: from === 'latest' ? 'LATEST' : 'TRIM_HORIZON' }
  return { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: from / 1000 }
}
