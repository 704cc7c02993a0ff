// A function that gets a table's changes: it reads the table's stream.
import type { TableRecord } from '../../aws/events/table.ts'
import { compilePattern } from '../../aws/pattern.ts'
import type { TableTriggerModel } from '../../model/index.ts'
import { functionArn } from '../environment.ts'
import type { Hub, TableStream } from '../hub.ts'
import { destinationArn } from '../mirror/names.ts'
import { type EventRecord, type ShardSource, startShards } from './shard.ts'

// Source: "Change data capture for DynamoDB Streams".
const RETENTION = 86_400_000

/** Starts the mapping. Returns how to stop it. */
export function startTableTrigger(trigger: TableTriggerModel, hub: Hub): () => void {
  const { model, tables } = hub
  const made = model.functions.find(({ name }) => name === trigger.function)
  const table = model.resources.find(({ kind, name }) => kind === 'table' && name === trigger.table)?.physicalName
  const arn = table === undefined ? undefined : tables.streamOf(table)
  if (made === undefined || table === undefined || arn === undefined) return () => {}
  const matchers = trigger.filter.map((pattern) => compilePattern(pattern, 'source'))
  const stream = tables.source(arn)
  const toEvent = (one: ReturnType<TableStream['read']>[number]): EventRecord => ({
    ...one,
    key: JSON.stringify(one.record.dynamodb.Keys),
    event: one.record,
    isWanted: () => matchers.length === 0 || matchers.some((matches) => matches(one.record)),
  })
  return startShards(
    {
      ...trigger,
      id: `${made.physicalName} ${arn}`,
      name: table,
      functionArn: functionArn(made),
      source: toSource(arn, stream),
      tumbling: trigger.tumblingWindow,
      onFailure: destinationArn(trigger.onFailure, model),
      batch: 'DDBStreamBatchInfo',
      read: (shard, after, limit) => stream.read(shard, after, limit).map(toEvent),
    },
    hub,
  )
}

/** The shard of a table's stream has no parents here, and stays open as long as the stream is. */
const toSource = (arn: string, { shards, latest, onArrival }: TableStream): Omit<ShardSource<TableRecord>, 'read'> => ({
  arn,
  // The ARN itself tells one stream of a table from the next.
  identity: () => arn,
  shards,
  parents: () => [],
  closed: () => false,
  latest,
  retention: () => RETENTION,
  onArrival,
})
