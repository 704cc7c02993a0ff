// UpdateTable: billing, capacity, indexes, stream, and what is only described; done at once, answered as under way.
import { isObject, type JsonObject } from '../../../../aws/protocol/json.ts'
import { ServiceError } from '../../../../aws/protocol/service-error.ts'
import type { Call } from '../action.ts'
import { removeAll } from '../clearing.ts'
import { check, NAME, type Rules } from '../constraints.ts'
import { toDescription } from '../description.ts'
import { fillIndex } from '../index-rows.ts'
import { allIndexRows } from '../keys.ts'
import { invalid, invalidParameter } from '../problems.ts'
import { type Change, change } from '../room.ts'
import {
  attributeDefinitions,
  checkThroughput,
  globalIndex,
  listOf,
  namedIndex,
  provisionedThroughput,
  readDefinitions,
  readIndex,
  readThroughput,
  textOf,
} from '../schema.ts'
import { closeStream, openStream } from '../streams.ts'
import { findTable, type Index, type KeyAttribute, nameOfTable, type Table } from '../table.ts'
import {
  billingMode,
  checkTableName,
  readView,
  streamSpecification,
  tableClass,
  withThroughput,
} from './create-table.ts'

const RULES: Rules = {
  AttributeDefinitions: attributeDefinitions,
  TableName: { is: 'text', pattern: NAME, least: 3, most: 1024 },
  BillingMode: billingMode,
  ProvisionedThroughput: provisionedThroughput,
  GlobalSecondaryIndexUpdates: {
    is: 'list',
    each: {
      is: 'structure',
      members: {
        Update: {
          is: 'structure',
          members: { IndexName: namedIndex, ProvisionedThroughput: { ...provisionedThroughput, required: true } },
        },
        Create: { is: 'structure', members: globalIndex },
        Delete: { is: 'structure', members: { IndexName: namedIndex } },
      },
    },
  },
  StreamSpecification: streamSpecification,
  TableClass: tableClass,
  DeletionProtectionEnabled: { is: 'flag' },
}

const CHANGES = [
  'ProvisionedThroughput',
  'BillingMode',
  'StreamSpecification',
  'GlobalSecondaryIndexUpdates',
  'SSESpecification',
  'ReplicaUpdates',
  'TableClass',
  'DeletionProtectionEnabled',
  'OnDemandThroughput',
  'WarmThroughput',
] as const

export async function updateTable({ room, input }: Call): Promise<JsonObject> {
  checkTableName(input.TableName)
  check(input, RULES)
  const updates = listOf(input.GlobalSecondaryIndexUpdates)
  if (CHANGES.every((name) => input[name] === undefined || (Array.isArray(input[name]) && updates.length === 0)))
    throw invalid(
      'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required',
    )
  if (input.ReplicaUpdates !== undefined) throw invalid('Replicas are not part of the local cloud.')
  checkUpdates(updates)
  const name = nameOfTable(input.TableName)
  const [table, made] = await change(room, (done) => {
    const before = findTable(done.writer, name)
    if (before === undefined) throw noSuchTable(name)
    const after = update(done, before, input)
    done.keep(after)
    return [after, after.indexes.filter((index) => before.indexes.every((one) => one.name !== index.name))]
  })
  const indexes = table.indexes.map((index): Index => (made.includes(index) ? { ...index, status: 'CREATING' } : index))
  return { TableDescription: toDescription(room.store, { ...table, status: 'UPDATING', indexes }) }
}

export const noSuchTable = (name: string): ServiceError =>
  new ServiceError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`)

function checkUpdates(updates: readonly JsonObject[]): void {
  const names = new Set<string>()
  let others = 0
  for (const { Update, Create, Delete } of updates) {
    const given = [Update, Create, Delete].find(isObject)
    if (given === undefined)
      throw invalidParameter(
        'One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null',
      )
    const name = textOf(given.IndexName)
    if (names.has(name))
      throw invalidParameter(
        `Only one global secondary index update per index is allowed simultaneously. Index: ${name}`,
      )
    names.add(name)
    if (!isObject(Update)) others++
  }
  if (others > 1)
    throw new ServiceError(
      'LimitExceededException',
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    )
}

function update(done: Change, before: Table, input: JsonObject): Table {
  const billed = withBilling(before, input, done.now)
  const definitions = mergeDefinitions(billed.definitions, readDefinitions(input.AttributeDefinitions))
  let table: Table = { ...billed, definitions }
  for (const one of listOf(input.GlobalSecondaryIndexUpdates)) table = withIndexUpdate(done, table, one)
  table = withStream(done, table, input)
  const { SSESpecification, TableClass, OnDemandThroughput, DeletionProtectionEnabled } = input
  const kept = Object.entries({ SSESpecification, TableClass, OnDemandThroughput }).filter(
    ([, value]) => value !== undefined,
  )
  return {
    ...table,
    definitions: usedDefinitions(table),
    described: { ...table.described, ...Object.fromEntries(kept) },
    deletionProtection:
      DeletionProtectionEnabled === undefined ? table.deletionProtection : DeletionProtectionEnabled === true,
  }
}

function withBilling(table: Table, input: JsonObject, now: number): Table {
  const given = readThroughput(input.ProvisionedThroughput)
  if (given !== undefined) checkThroughput(given)
  const billing = input.BillingMode ?? table.billing
  if (billing === 'PAY_PER_REQUEST') {
    if (given !== undefined)
      throw invalidParameter(
        'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
      )
    if (table.billing === 'PAY_PER_REQUEST') return table
    const indexes = table.indexes.map(({ throughput: _, ...index }) => index)
    const described = { ...table.described, onDemandSince: now }
    return { ...table, billing, throughput: { read: 0, write: 0 }, indexes, described }
  }
  if (given === undefined) {
    if (table.billing === 'PROVISIONED') return table
    throw invalidParameter('ProvisionedThroughput must be specified when BillingMode is PROVISIONED')
  }
  const { read, write } = table.throughput
  const isAlone = listOf(input.GlobalSecondaryIndexUpdates).length === 0
  if (table.billing === 'PROVISIONED' && isAlone && given.read === read && given.write === write)
    throw invalid(
      `The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: ${read}. Requested ReadCapacityUnits: ${read}. Current WriteCapacityUnits provisioned for the table: ${write}. Requested WriteCapacityUnits: ${write}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.`,
    )
  return { ...table, billing: 'PROVISIONED', throughput: given }
}

function mergeDefinitions(known: readonly KeyAttribute[], given: readonly KeyAttribute[]): KeyAttribute[] {
  for (const { name, type } of given) {
    const old = known.find((one) => one.name === name)
    if (old !== undefined && old.type !== type)
      throw invalidParameter(`Cannot change the type of attribute ${name}: it is ${old.type}`)
  }
  return [...known, ...given.filter(({ name }) => known.every((one) => one.name !== name))]
}

function usedDefinitions({ definitions, key, indexes }: Table): KeyAttribute[] {
  const keys = [key, ...indexes.map((index) => index.key)]
  const used = new Set(keys.flatMap(({ hash, sort }) => [hash.name, sort?.name]))
  return definitions.filter(({ name }) => used.has(name))
}

function withIndexUpdate(done: Change, table: Table, { Update, Create, Delete }: JsonObject): Table {
  if (isObject(Create)) {
    const read = readIndex(Create, 'global', table.definitions)
    const index = withThroughput(read, Create, table.billing === 'PAY_PER_REQUEST')
    if (table.indexes.some(({ name }) => name === index.name))
      throw invalidParameter(`Attempting to create an index which already exists: ${index.name}`)
    if (table.indexes.filter(({ kind }) => kind === 'global').length >= 20)
      throw invalidParameter('GlobalSecondaryIndex count exceeds the per-table limit of 20')
    fillIndex(done.writer, table, index)
    return { ...table, indexes: [...table.indexes, index] }
  }
  const name = textOf(isObject(Delete) ? Delete.IndexName : isObject(Update) ? Update.IndexName : '')
  if (!table.indexes.some((index) => index.kind === 'global' && index.name === name))
    throw new ServiceError('ResourceNotFoundException', `Requested resource not found`)
  if (isObject(Delete)) {
    removeAll(done.writer, allIndexRows(table, name))
    return { ...table, indexes: table.indexes.filter((index) => index.name !== name) }
  }
  const throughput = readThroughput(isObject(Update) ? Update.ProvisionedThroughput : undefined)
  if (throughput === undefined) return table
  checkThroughput(throughput)
  return { ...table, indexes: table.indexes.map((index) => (index.name === name ? { ...index, throughput } : index)) }
}

function withStream(done: Change, table: Table, input: JsonObject): Table {
  if (!isObject(input.StreamSpecification)) return table
  const view = readView(input)
  const isOn = table.stream?.enabled === true
  if (view !== undefined) {
    if (isOn) throw invalid(`Table already has an enabled stream: TableName: ${table.name}`)
    return { ...table, stream: openStream(done, table, view) }
  }
  if (table.stream === undefined || !isOn)
    throw invalid(`Table is already in the desired state: TableName: ${table.name}, stream disabled`)
  closeStream(done, { table: table.name, label: table.stream.label })
  return { ...table, stream: { ...table.stream, enabled: false } }
}
