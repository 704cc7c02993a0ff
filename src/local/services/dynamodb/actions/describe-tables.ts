// Actions that only tell: of tables, of limits, of endpoints.
import type { JsonObject } from '../../../../aws/protocol/json.ts'
import { ServiceError } from '../../../../aws/protocol/service-error.ts'
import type { Call } from '../action.ts'
import { check, NAME } from '../constraints.ts'
import { toDescription } from '../description.ts'
import { allTables } from '../keys.ts'
import type { Room } from '../room.ts'
import { textOf } from '../schema.ts'
import { findTable, nameOfTable, type Table } from '../table.ts'
import { checkTableName } from './create-table.ts'
import { noSuchTable } from './update-table.ts'

/** The table an action speaks of, by name or ARN. */
export function namedTable(room: Room, input: JsonObject): Table {
  checkTableName(input.TableName)
  check(input, { TableName: { is: 'text', pattern: NAME, least: 3, most: 1024 } })
  const name = nameOfTable(input.TableName)
  const table = findTable(room.store, name)
  if (table === undefined) throw noSuchTable(name)
  return table
}

export async function describeTable({ room, input }: Call): Promise<JsonObject> {
  return { Table: toDescription(room.store, namedTable(room, input)) }
}

const MOST = 100

export async function listTables({ room, input }: Call): Promise<JsonObject> {
  check(input, {
    Limit: { is: 'number', least: 1, most: MOST },
    ExclusiveStartTableName: { is: 'text', pattern: NAME, least: 3, most: 255 },
  })
  const limit = typeof input.Limit === 'number' ? input.Limit : MOST
  const after = textOf(input.ExclusiveStartTableName)
  const names: string[] = []
  // Sorts right behind the name itself.
  const start = after === '' ? allTables.start : ['dynamodb', 'table', `${after}!`]
  for (const { value } of room.store.range<Table>({ ...allTables, start, limit: limit + 1 })) names.push(value.name)
  const TableNames = names.slice(0, limit)
  const last = TableNames.at(-1)
  return names.length > limit && last !== undefined ? { TableNames, LastEvaluatedTableName: last } : { TableNames }
}

export async function describeLimits(): Promise<JsonObject> {
  return {
    AccountMaxReadCapacityUnits: 80_000,
    AccountMaxWriteCapacityUnits: 80_000,
    TableMaxReadCapacityUnits: 40_000,
    TableMaxWriteCapacityUnits: 40_000,
  }
}

export async function describeEndpoints(): Promise<JsonObject> {
  return { Endpoints: [{ Address: 'dynamodb.us-east-1.amazonaws.com', CachePeriodInMinutes: 1440 }] }
}

export async function describeContributorInsights({ room, input }: Call): Promise<JsonObject> {
  const { name } = namedTable(room, input)
  const index = input.IndexName === undefined ? {} : { IndexName: input.IndexName }
  return { TableName: name, ...index, ContributorInsightsStatus: 'DISABLED' }
}

export async function describeKinesisStreamingDestination({ room, input }: Call): Promise<JsonObject> {
  return { TableName: namedTable(room, input).name, KinesisDataStreamDestinations: [] }
}

/** No table has a policy here. */
export async function getResourcePolicy({ input }: Call): Promise<JsonObject> {
  throw new ServiceError(
    'PolicyNotFoundException',
    `Resource-based policy not found for the provided ResourceArn: ${textOf(input.ResourceArn)}`,
  )
}

export async function describeTableReplicaAutoScaling({ room, input }: Call): Promise<JsonObject> {
  const { name, status } = namedTable(room, input)
  return { TableAutoScalingDescription: { TableName: name, TableStatus: status, Replicas: [] } }
}

export async function listBackups(): Promise<JsonObject> {
  return { BackupSummaries: [] }
}
