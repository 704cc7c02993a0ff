// What wakes functions in a cloud of `runApp`: tables, streams, buckets and schedules with plain settings, and their triggers.
import type {
  BucketModel,
  BusModel,
  BusTriggerModel,
  ScheduleTriggerModel,
  StreamModel,
  StreamTriggerModel,
  TableModel,
  TableTriggerModel,
} from '../../src/model/index.ts'

const where = { file: 'app.ts', line: 1 }
const named = (name: string) => ({ export: name, name, physicalName: `test-dev-${name}`, existing: false, where })

/** A bucket without any settings. */
export const toBucket = (name: string): BucketModel => ({
  kind: 'bucket',
  ...named(name),
  versioned: false,
  cors: [],
  lifecycle: [],
  public: false,
})

/** A table with the text key `id` and a stream of both images. */
export const toTable = (name: string, settings: Partial<TableModel> = {}): TableModel => ({
  kind: 'table',
  ...named(name),
  key: { partition: 'id', sort: undefined },
  attributes: { id: 'S' },
  indexes: [],
  ttl: undefined,
  stream: 'NEW_AND_OLD_IMAGES',
  provisioned: undefined,
  deletionProtection: false,
  recovery: false,
  ...settings,
})

/** A stream of one shard. */
export const toStream = (name: string, settings: Partial<StreamModel> = {}): StreamModel => ({
  kind: 'stream',
  ...named(name),
  shards: 1,
  retention: 86_400,
  ...settings,
})

/** The account's own bus, as an app names it. */
export const DEFAULT_BUS: BusModel = { kind: 'bus', ...named('default'), physicalName: 'default', existing: true }

const SHARDS = {
  batchSize: 100,
  window: 0,
  filter: [],
  from: 'horizon',
  retries: undefined,
  maximumAge: undefined,
  bisect: false,
  parallel: 1,
  tumblingWindow: 0,
  onFailure: undefined,
  where,
} as const

/** A stream that wakes a function from its oldest record on, again and again while it fails. */
export const toStreamTrigger = (
  name: string,
  stream: string,
  settings: Partial<StreamTriggerModel> = {},
): StreamTriggerModel => ({ kind: 'stream', function: name, stream, ...SHARDS, ...settings })

/** The same of a table. */
export const toTableTrigger = (
  name: string,
  table: string,
  settings: Partial<TableTriggerModel> = {},
): TableTriggerModel => ({ kind: 'table', function: name, table, ...SHARDS, ...settings })

/** A rule of the account's own bus. */
export const toBusTrigger = (name: string, pattern: BusTriggerModel['pattern']): BusTriggerModel => ({
  kind: 'bus',
  function: name,
  bus: DEFAULT_BUS.name,
  pattern,
  where,
})

/** A rule, or where `settings` say so a schedule of Scheduler. */
export const toScheduleTrigger = (
  name: string,
  expression: string,
  settings: Partial<ScheduleTriggerModel> = {},
): ScheduleTriggerModel => ({
  kind: 'schedule',
  function: name,
  expression,
  service: 'rule',
  timezone: 'UTC',
  start: undefined,
  end: undefined,
  window: 0,
  input: undefined,
  where,
  ...settings,
})
