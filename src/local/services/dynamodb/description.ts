// A table as DescribeTable shows it.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { isObject } from '../../../aws/protocol/json.ts'
import { ACCOUNT, REGION } from '../../service.ts'
import type { Range, Reader } from '../../store.ts'
import { allIndexRows, allItems } from './keys.ts'
import type { Row } from './rows.ts'
import { arnOf, type Index, indexArn, type KeySchema, streamArn, type Table, type Throughput } from './table.ts'

/** Source: recorded descriptions. */
export function toDescription(reader: Reader, table: Table): JsonObject {
  const { name, created, key, definitions, indexes, throughput, stream } = table
  const [items, bytes] = measure(reader, allItems(table))
  const local = indexes.filter(({ kind }) => kind === 'local')
  const global = indexes.filter(({ kind }) => kind === 'global')
  return {
    AttributeDefinitions: definitions.map((one) => ({ AttributeName: one.name, AttributeType: one.type })),
    TableName: name,
    KeySchema: toKeySchema(key),
    TableStatus: table.status,
    CreationDateTime: created / 1000,
    ProvisionedThroughput: toThroughput(throughput),
    TableSizeBytes: bytes,
    ItemCount: items,
    TableArn: arnOf(name),
    TableId: table.id,
    ...(table.billing === 'PAY_PER_REQUEST' ? { BillingModeSummary: toBilling(table) } : {}),
    ...(local.length === 0 ? {} : { LocalSecondaryIndexes: local.map((one) => toIndex(reader, table, one)) }),
    ...(global.length === 0 ? {} : { GlobalSecondaryIndexes: global.map((one) => toIndex(reader, table, one)) }),
    ...(stream === undefined
      ? {}
      : { LatestStreamLabel: stream.label, LatestStreamArn: streamArn(name, stream.label) }),
    ...(stream?.enabled === true ? { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.view } } : {}),
    ...toKept(table),
    DeletionProtectionEnabled: table.deletionProtection,
  }
}

export const toKeySchema = ({ hash, sort }: KeySchema): JsonObject[] => [
  { AttributeName: hash.name, KeyType: 'HASH' },
  ...(sort === undefined ? [] : [{ AttributeName: sort.name, KeyType: 'RANGE' }]),
]

const toThroughput = ({ read, write }: Throughput): JsonObject => ({
  NumberOfDecreasesToday: 0,
  ReadCapacityUnits: read,
  WriteCapacityUnits: write,
})

const toBilling = ({ created, described }: Table): JsonObject => ({
  BillingMode: 'PAY_PER_REQUEST',
  LastUpdateToPayPerRequestDateTime:
    (typeof described.onDemandSince === 'number' ? described.onDemandSince : created) / 1000,
})

function toIndex(reader: Reader, table: Table, index: Index): JsonObject {
  const [items, bytes] = measure(reader, allIndexRows(table, index.name))
  const { type, attributes } = index.projection
  return {
    IndexName: index.name,
    KeySchema: toKeySchema(index.key),
    Projection: { ProjectionType: type, ...(attributes === undefined ? {} : { NonKeyAttributes: attributes }) },
    ...(index.kind === 'global'
      ? {
          IndexStatus: index.status ?? 'ACTIVE',
          ...(index.status === 'CREATING' && table.status !== 'CREATING' ? { Backfilling: false } : {}),
          ProvisionedThroughput: toThroughput(index.throughput ?? { read: 0, write: 0 }),
        }
      : {}),
    IndexSizeBytes: bytes,
    ItemCount: items,
    IndexArn: indexArn(table.name, index.name),
  }
}

const SAMPLE = 1000

// AWS counts every six hours or so; here the count is exact, the size exact up to a thousand rows and then estimated.
function measure(reader: Reader, rows: Pick<Range, 'start' | 'end'>): [items: number, bytes: number] {
  const items = reader.count(rows)
  let seen = 0
  let bytes = 0
  for (const { value } of reader.range<Row>({ ...rows, limit: SAMPLE })) {
    bytes += value[0]
    seen++
  }
  return [items, items > seen ? Math.round((bytes / seen) * items) : bytes]
}

function toKept({ described }: Table): JsonObject {
  const { SSESpecification: encryption, TableClass, OnDemandThroughput } = described
  const isEncrypted = isObject(encryption) && encryption.Enabled === true
  const key = isObject(encryption) ? encryption.KMSMasterKeyId : undefined
  return {
    ...(isEncrypted ? { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: toKeyArn(key) } } : {}),
    ...(typeof TableClass === 'string' ? { TableClassSummary: { TableClass } } : {}),
    ...(isObject(OnDemandThroughput) ? { OnDemandThroughput } : {}),
  }
}

function toKeyArn(key: unknown): string {
  if (typeof key === 'string' && key.startsWith('arn:')) return key
  const id = typeof key === 'string' && key !== '' ? key : '00000000-0000-0000-0000-000000000000'
  return `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`
}
