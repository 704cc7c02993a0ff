// Tables, and the functions that get their changes.
import { type Complaint, complaint } from '../../errors.ts'
import type { DescribedFunction, DescribedResource, Options } from '../describe.ts'
import type { TableTriggerModel, TriggerModel } from '../model.ts'
import type { Target } from '../names.ts'
import { capitalized, flag, flagOf, isObject, oneOf, type Rule, type Rules, show, text, validator } from '../options.ts'
import { checkPlaced, PLACEMENT_RULES, placed } from '../placement.ts'
import type { Reading } from '../reading.ts'
import type { ResourceModel, StreamView, TableModel } from '../resources.ts'
import { readShards, SHARD_RULES, shardOwner } from '../shards.ts'
import { attributesOf, attributeTypes, checkKeys, indexes, indexesOf, key, tableKeyOf } from '../table-keys.ts'

const VIEWS: Readonly<Record<string, StreamView>> = {
  keys: 'KEYS_ONLY',
  new: 'NEW_IMAGE',
  old: 'OLD_IMAGE',
  both: 'NEW_AND_OLD_IMAGES',
}

const streamRule: Rule = (value) => (typeof value === 'boolean' ? undefined : oneOf(...Object.keys(VIEWS))(value))

const isUnits = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 1

const provisioned: Rule = (value) =>
  isObject(value) && isUnits(value.read) && isUnits(value.write) && Object.keys(value).length === 2
    ? undefined
    : { problem: `is ${show(value)}`, mend: 'It is capacity units a second: { read: 5, write: 5 }.' }

const TABLE_RULES = {
  ...PLACEMENT_RULES,
  key,
  types: attributeTypes,
  indexes,
  ttl: text,
  stream: streamRule,
  provisioned,
  deletionProtection: flag,
  recovery: flag,
  schema: validator,
} satisfies Rules

const TRIGGER_RULES = { ...SHARD_RULES, from: oneOf('latest', 'horizon') } satisfies Rules

export const table = {
  rules: () => TRIGGER_RULES,
  owner: shardOwner,
  read: (
    described: DescribedFunction,
    name: string,
    reading: Reading,
  ): { triggers: TableTriggerModel[]; complaints: Complaint[] } => {
    const { trigger, complaints } = readShards(described, name, reading)
    const from = described.options.from === 'horizon' ? 'horizon' : 'latest'
    return { triggers: [{ kind: 'table', table: described.source?.name ?? '', from, ...trigger }], complaints }
  },
}

export const tableResource = {
  rules: (): Rules => TABLE_RULES,
  read: (described: DescribedResource, target: Target): { made: TableModel; complaints: Complaint[] } => {
    const { name, options, where } = described
    const own = tableKeyOf(options)
    const all = indexesOf(options)
    const made: TableModel = {
      kind: 'table',
      export: described.export,
      name,
      ...placed('table', described, target),
      key: own,
      attributes: attributesOf(options, [own, ...all]),
      indexes: all,
      ttl: typeof options.ttl === 'string' ? options.ttl : undefined,
      stream: viewOf(options),
      provisioned: provisionedOf(options),
      deletionProtection: flagOf(options, 'deletionProtection'),
      recovery: flagOf(options, 'recovery'),
      where,
    }
    return { made, complaints: [...checkPlaced('table', described, target), ...checkKey(made, options)] }
  },
}

function checkKey(made: TableModel, options: Options): Complaint[] {
  if (options.key !== undefined) return checkKeys(made, options)
  const details = { option: 'key', what: `the table ${made.name}`, problem: 'is missing' }
  const mend = "Say which attributes make an item's key: { key: 'id' } or { key: ['room', 'at'] }."
  return [complaint('GOBLET_BAD_OPTION', { ...details, mend }, made.where)]
}

function viewOf({ stream }: Options): StreamView | undefined {
  if (stream === true) return 'NEW_AND_OLD_IMAGES'
  return typeof stream === 'string' ? VIEWS[stream] : undefined
}

function provisionedOf({ provisioned: given }: Options): TableModel['provisioned'] {
  if (!isObject(given) || !isUnits(given.read) || !isUnits(given.write)) return undefined
  return { read: given.read, write: given.write }
}

/** Gives the tables that have a trigger their stream; complains of triggers whose table, stream or bus the app does not have. */
export function settleSources(
  resources: readonly ResourceModel[],
  triggers: readonly TriggerModel[],
): { resources: ResourceModel[]; complaints: Complaint[] } {
  const complaints = triggers.flatMap((one) => {
    const name = sourceOf(one)
    if (name === undefined || resources.some((made) => made.kind === one.kind && made.name === name)) return []
    const what = capitalized(`the function ${one.function}`)
    return [complaint('GOBLET_NO_RESOURCE', { what, name }, one.where)]
  })
  const read = new Set(triggers.flatMap((one) => (one.kind === 'table' ? [one.table] : [])))
  const settled = resources.map((one) =>
    one.kind === 'table' && read.has(one.name) ? { ...one, stream: one.stream ?? 'NEW_AND_OLD_IMAGES' } : one,
  )
  return { resources: settled, complaints }
}

function sourceOf(trigger: TriggerModel): string | undefined {
  if (trigger.kind === 'table') return trigger.table
  if (trigger.kind === 'stream') return trigger.stream
  return trigger.kind === 'bus' ? trigger.bus : undefined
}
