// CreateTable: checked in AWS's order, made at once; the answer says CREATING, as AWS's does.
import { randomUUID } from 'node:crypto'
import { isObject, type JsonObject } from '../../../../aws/protocol/json.ts'
import { ServiceError } from '../../../../aws/protocol/service-error.ts'
import type { Call } from '../action.ts'
import { check, NAME, type Rules } from '../constraints.ts'
import { toDescription } from '../description.ts'
import { serialKey } from '../keys.ts'
import { invalid, invalidParameter } from '../problems.ts'
import { type Change, change } from '../room.ts'
import {
  attributeDefinitions,
  checkThroughput,
  globalIndex,
  KEY_SCHEMA,
  listOf,
  localIndex,
  provisionedThroughput,
  readDefinitions,
  readIndex,
  readTableKey,
  readThroughput,
  textOf,
} from '../schema.ts'
import { openStream } from '../streams.ts'
import { findTable, type Index, type KeySchema, type StreamViewType, type Table } from '../table.ts'
import { checkTags, readTags } from '../tags.ts'

export const VIEWS: readonly StreamViewType[] = ['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY']
export const streamSpecification: Rules[string] = {
  is: 'structure',
  members: { StreamEnabled: { is: 'flag', required: true }, StreamViewType: { is: 'text', choices: VIEWS } },
}
export const billingMode: Rules[string] = { is: 'text', choices: ['PROVISIONED', 'PAY_PER_REQUEST'] }
export const tableClass: Rules[string] = { is: 'text', choices: ['STANDARD', 'STANDARD_INFREQUENT_ACCESS'] }

const RULES: Rules = {
  AttributeDefinitions: { ...attributeDefinitions, required: true },
  TableName: { is: 'text', pattern: NAME, least: 3, most: 255 },
  BillingMode: billingMode,
  ProvisionedThroughput: provisionedThroughput,
  KeySchema: KEY_SCHEMA,
  LocalSecondaryIndexes: { is: 'list', each: { is: 'structure', members: localIndex } },
  GlobalSecondaryIndexes: { is: 'list', each: { is: 'structure', members: globalIndex } },
  StreamSpecification: streamSpecification,
  TableClass: tableClass,
  SSESpecification: { is: 'structure' },
  DeletionProtectionEnabled: { is: 'flag' },
  Tags: { is: 'list', each: { is: 'structure', members: { Key: { is: 'text' }, Value: { is: 'text' } } } },
}

export async function createTable({ room, input }: Call): Promise<JsonObject> {
  const made = readTable(input)
  const view = readView(input)
  const table = await change(room, (done) => {
    if (findTable(done.writer, made.name) !== undefined)
      throw new ServiceError('ResourceInUseException', `Table already exists: ${made.name}`)
    return keepNew(done, made, view)
  })
  const indexes = table.indexes.map(
    (index): Index => (index.kind === 'global' ? { ...index, status: 'CREATING' } : index),
  )
  return { TableDescription: toDescription(room.store, { ...table, status: 'CREATING', indexes }) }
}

type Made = Omit<Table, 'id' | 'serial' | 'created' | 'status' | 'stream'>

function keepNew(done: Change, made: Made, view: StreamViewType | undefined): Table {
  const serial = (done.writer.get<number>(serialKey) ?? 0) + 1
  done.writer.put(serialKey, serial)
  const table: Table = { ...made, id: randomUUID(), serial, created: done.now, status: 'ACTIVE' }
  const whole: Table = view === undefined ? table : { ...table, stream: openStream(done, table, view) }
  done.keep(whole)
  return whole
}

/** Checks the whole input, and reads what is kept of it. */
function readTable(input: JsonObject): Made {
  checkTableName(input.TableName)
  check(input, RULES)
  const { billing, throughput } = readBilling(input)
  const definitions = readDefinitions(input.AttributeDefinitions)
  const key = readTableKey(input.KeySchema, definitions)
  const indexes = readIndexes(input, key)
  const used = new Set([key, ...indexes.map((index) => index.key)].flatMap(({ hash, sort }) => [hash.name, sort?.name]))
  if (definitions.some(({ name }) => !used.has(name)))
    throw invalidParameter(
      indexes.length === 0
        ? 'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions'
        : `Some AttributeDefinitions are not used. AttributeDefinitions: [${definitions.map(({ name }) => name).join(', ')}], keys used: [${[...used].filter((name) => name !== undefined).join(', ')}]`,
    )
  const { SSESpecification, TableClass, OnDemandThroughput } = input
  const described = { SSESpecification, TableClass, OnDemandThroughput }
  const tags = checkTags(readTags(input.Tags))
  const deletionProtection = input.DeletionProtectionEnabled === true
  return {
    name: textOf(input.TableName),
    key,
    definitions,
    indexes,
    billing,
    throughput,
    tags,
    deletionProtection,
    described,
  }
}

/** Source: recorded: told before all else. */
export function checkTableName(name: unknown): void {
  if (name === undefined || name === null)
    throw invalid("The parameter 'TableName' is required but was not present in the request")
}

function readBilling(input: JsonObject): Pick<Table, 'billing' | 'throughput'> {
  const given = readThroughput(input.ProvisionedThroughput)
  if (input.BillingMode === 'PAY_PER_REQUEST') {
    if (given !== undefined)
      throw invalidParameter(
        'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
      )
    return { billing: 'PAY_PER_REQUEST', throughput: { read: 0, write: 0 } }
  }
  if (given === undefined)
    throw invalidParameter(
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    )
  checkThroughput(given)
  return { billing: 'PROVISIONED', throughput: given }
}

function readIndexes(input: JsonObject, key: KeySchema): Index[] {
  const names = new Set<string>()
  const definitions = readDefinitions(input.AttributeDefinitions)
  const add = (index: Index): Index => {
    if (names.has(index.name)) throw invalidParameter(`Duplicate index name: ${index.name}`)
    names.add(index.name)
    return index
  }
  const local = readLocal(input.LocalSecondaryIndexes, key, (one) => readIndex(one, 'local', definitions)).map(add)
  if (Array.isArray(input.GlobalSecondaryIndexes) && input.GlobalSecondaryIndexes.length === 0)
    throw invalidParameter('List of GlobalSecondaryIndexes is empty')
  const global = listOf(input.GlobalSecondaryIndexes).map((one) =>
    add(withThroughput(readIndex(one, 'global', definitions), one, input.BillingMode === 'PAY_PER_REQUEST')),
  )
  if (global.length > 20) throw invalidParameter('GlobalSecondaryIndex count exceeds the per-table limit of 20')
  return [...local, ...global]
}

function readLocal(value: unknown, key: KeySchema, read: (one: JsonObject) => Index): Index[] {
  if (!Array.isArray(value)) return []
  if (value.length === 0) throw invalidParameter('List of LocalSecondaryIndexes is empty')
  if (key.sort === undefined)
    throw invalidParameter(
      'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    )
  const indexes = listOf(value).map((one) => {
    const index = read(one)
    if (index.key.sort === undefined)
      throw invalidParameter(`Index KeySchema does not have a range key for index: ${index.name}`)
    if (index.key.hash.name !== key.hash.name)
      throw invalidParameter(
        `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${index.name}. index hash key: ${index.key.hash.name}, table hash key: ${key.hash.name}`,
      )
    return index
  })
  if (indexes.length > 5) throw invalidParameter('LocalSecondaryIndex count exceeds the per-table limit of 5')
  return indexes
}

export function withThroughput(index: Index, given: JsonObject, isOnDemand: boolean): Index {
  const throughput = readThroughput(given.ProvisionedThroughput)
  if (isOnDemand && throughput !== undefined)
    throw invalidParameter(
      `ProvisionedThroughput should not be specified for index: ${index.name} when BillingMode is PAY_PER_REQUEST`,
    )
  if (!isOnDemand && throughput === undefined)
    throw invalidParameter(`ProvisionedThroughput must be specified for index: ${index.name}`)
  return { ...index, status: 'ACTIVE', ...(throughput === undefined ? {} : { throughput }) }
}

/** What a StreamSpecification wants: a stream that shows this, or none. */
export function readView({ StreamSpecification: given }: JsonObject): StreamViewType | undefined {
  if (!isObject(given)) return undefined
  const view = VIEWS.find((one) => one === given.StreamViewType)
  if (given.StreamEnabled === true && view === undefined)
    throw invalidParameter('StreamViewType must be specified when StreamEnabled is true')
  if (given.StreamEnabled !== true && view !== undefined)
    throw invalidParameter('StreamViewType cannot be specified when StreamEnabled is false')
  return given.StreamEnabled === true ? view : undefined
}
