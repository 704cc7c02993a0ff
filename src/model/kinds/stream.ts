// Streams of Kinesis, and the functions that read them.
import type { Complaint } from '../../errors.ts'
import type { DescribedFunction, DescribedResource } from '../describe.ts'
import type { StreamTriggerModel } from '../model.ts'
import type { Target } from '../names.ts'
import { numberOf, type Rule, type Rules, show, validator, whole } from '../options.ts'
import { checkPlaced, PLACEMENT_RULES, placed } from '../placement.ts'
import type { Reading } from '../reading.ts'
import type { StreamModel } from '../resources.ts'
import { readShards, SHARD_RULES, shardOwner } from '../shards.ts'
import { timeOf } from '../times.ts'

const HOUR = 3600

// Source: IncreaseStreamRetentionPeriod, which counts hours.
const retention: Rule = (value) =>
  typeof value === 'number' && value % HOUR === 0 && value >= 24 * HOUR && value <= 8760 * HOUR
    ? undefined
    : { problem: `is ${show(value)}`, mend: 'It is whole hours in seconds, 86,400 (a day) to 31,536,000 (a year).' }

const STREAM_RULES = {
  ...PLACEMENT_RULES,
  shards: whole(1, 10_000, 'shards'),
  retention,
  schema: validator,
} satisfies Rules

const from: Rule = (value) =>
  value === 'latest' || value === 'horizon' || timeOf(value) !== undefined
    ? undefined
    : { problem: `is ${show(value)}`, mend: "It is 'latest', 'horizon' or a time: '2026-11-21T09:00:00Z'." }

const TRIGGER_RULES = { ...SHARD_RULES, from } satisfies Rules

export const stream = {
  rules: () => TRIGGER_RULES,
  owner: shardOwner,
  read: (
    described: DescribedFunction,
    name: string,
    reading: Reading,
  ): { triggers: StreamTriggerModel[]; complaints: Complaint[] } => {
    const { trigger, complaints } = readShards(described, name, reading)
    const asked = described.options.from
    const start = asked === 'horizon' ? 'horizon' : (timeOf(asked) ?? 'latest')
    return {
      triggers: [{ kind: 'stream', stream: described.source?.name ?? '', from: start, ...trigger }],
      complaints,
    }
  },
}

export const streamResource = {
  rules: (): Rules => STREAM_RULES,
  read: (described: DescribedResource, target: Target): { made: StreamModel; complaints: Complaint[] } => {
    const { name, options, where } = described
    const made: StreamModel = {
      kind: 'stream',
      export: described.export,
      name,
      ...placed('stream', described, target),
      shards: numberOf(options, 'shards', undefined),
      retention: numberOf(options, 'retention', 24 * HOUR),
      where,
    }
    return { made, complaints: checkPlaced('stream', described, target) }
  },
}
