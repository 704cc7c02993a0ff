// Streams of Kinesis, and the functions that read them.
import type { StreamModel, StreamTriggerModel } from '../../model/index.ts'
import { resourceId } from '../ids.ts'
import { arnOf, type Making } from '../template/making.ts'
import { toMapping, toShards } from '../template/mapping.ts'
import { KEPT, type Part } from '../template.ts'

export function streamResource({ name, physicalName, existing, shards, retention }: StreamModel): Part {
  if (existing) return {}
  const properties = {
    Name: physicalName,
    RetentionPeriodHours: retention / 3600,
    StreamModeDetails: { StreamMode: shards === undefined ? 'ON_DEMAND' : 'PROVISIONED' },
    ...(shards === undefined ? {} : { ShardCount: shards }),
  }
  return { [resourceId('stream', name)]: { Type: 'AWS::Kinesis::Stream', ...KEPT, Properties: properties } }
}

export function stream(trigger: StreamTriggerModel, making: Making): Part {
  const properties = toShards(trigger, trigger.from, making)
  return toMapping(trigger.function, { EventSourceArn: arnOf('stream', trigger.stream, making), ...properties })
}
