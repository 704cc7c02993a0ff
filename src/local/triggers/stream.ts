// A function that reads a Kinesis stream.
import { type KinesisRecord, toKinesisRecord } from '../../aws/events/kinesis.ts'
import { compilePattern } from '../../aws/pattern.ts'
import type { StreamTriggerModel } from '../../model/index.ts'
import { functionArn } from '../environment.ts'
import type { Hub } from '../hub.ts'
import { mappingId } from '../mirror/functions.ts'
import { destinationArn, roleArn } from '../mirror/names.ts'
import { REGION } from '../service.ts'
import { startShards } from '../shards/mapping.ts'

/** Starts the mapping. Returns how to stop it. */
export function startStreamTrigger(trigger: StreamTriggerModel, hub: Hub): () => void {
  const { model, streams } = hub
  const made = model.functions.find(({ name }) => name === trigger.function)
  const physicalName = model.resources.find(
    ({ kind, name }) => kind === 'stream' && name === trigger.stream,
  )?.physicalName
  if (made === undefined || physicalName === undefined) return () => {}
  const source = streams.source(physicalName)
  const place = { arn: source.arn, role: roleArn(made), region: REGION }
  const matches = matcherOf(trigger.filter)
  return startShards(
    {
      ...trigger,
      id: `${made.physicalName} ${source.arn} ${source.identity() ?? ''}`,
      uuid: mappingId(source.arn, functionArn(made)),
      name: physicalName,
      functionArn: functionArn(made),
      source,
      tumbling: trigger.tumblingWindow,
      onFailure: destinationArn(trigger.onFailure, model),
      batch: 'KinesisBatchInfo',
      read: (shard, after, limit) =>
        source.read(shard, after, limit).map((one) => {
          const event = toKinesisRecord(one.record, { ...place, shard })
          return { ...one, event, isWanted: () => matches(event) }
        }),
    },
    hub,
  )
}

function matcherOf(filter: readonly object[]): (event: KinesisRecord) => boolean {
  const matchers = filter.map((pattern) => compilePattern(pattern, 'source'))
  if (matchers.length === 0) return () => true
  return (event) => {
    const filtered = toFiltered(event)
    return matchers.some((matches) => matches(filtered))
  }
}

/**
 * What the filters are held against: the record, with its data read as JSON where it is JSON, and what is under `kinesis`
 * also at the top. Source: recorded filters; "Event filtering".
 */
function toFiltered(record: KinesisRecord): object {
  const kinesis = { ...record.kinesis, data: readData(record.kinesis.data) }
  return { ...record, ...kinesis, kinesis }
}

function readData(base64: string): unknown {
  const text = Buffer.from(base64, 'base64').toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
