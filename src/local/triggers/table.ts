// A function that gets a table's changes: it reads the table's stream.
import { compilePattern } from '../../aws/pattern.ts'
import type { TableTriggerModel } from '../../model/index.ts'
import { functionArn } from '../environment.ts'
import type { Hub } from '../hub.ts'
import { mappingId } from '../mirror/functions.ts'
import { destinationArn, resourceArn } from '../mirror/names.ts'
import { startShards } from '../shards/mapping.ts'

/** Starts the mapping. Returns how to stop it. */
export function startTableTrigger(trigger: TableTriggerModel, hub: Hub): () => void {
  const { model, tables } = hub
  const made = model.functions.find(({ name }) => name === trigger.function)
  const table = model.resources.find(({ kind, name }) => kind === 'table' && name === trigger.table)?.physicalName
  if (made === undefined || table === undefined) return () => {}
  const matchers = trigger.filter.map((pattern) => compilePattern(pattern, 'source'))
  const source = tables.source(table)
  return startShards(
    {
      ...trigger,
      id: `${made.physicalName} ${table} ${source.identity() ?? ''}`,
      uuid: mappingId(resourceArn({ kind: 'table', physicalName: table }) ?? '', functionArn(made)),
      name: table,
      functionArn: functionArn(made),
      source,
      tumbling: trigger.tumblingWindow,
      onFailure: destinationArn(trigger.onFailure, model),
      batch: 'DDBStreamBatchInfo',
      read: (shard, after, limit) =>
        source.read(shard, after, limit).map((one) => ({
          ...one,
          event: one.record,
          isWanted: () => matchers.length === 0 || matchers.some((matches) => matches(one.record)),
        })),
    },
    hub,
  )
}
