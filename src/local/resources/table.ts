// A table of the app, made in DynamoDB.
import { ServiceError } from '../../aws/protocol/service-error.ts'
import { complaint, GobletError } from '../../errors.ts'
import type { TableIndexModel, TableKeyModel, TableModel } from '../../model/index.ts'
import type { Hub } from '../hub.ts'

export async function makeTable(made: TableModel, { tables }: Hub): Promise<void> {
  try {
    await tables.ensureTable(toDefinition(made))
  } catch (error) {
    // All else that can be wrong with a declaration has been told when the app was read.
    if (!(error instanceof ServiceError && tables.find(made.physicalName))) throw error
    const details = {
      option: 'key',
      what: `the table ${made.name}`,
      problem: `does not fit what is there: ${error.message}`,
    }
    const mend = 'Start with --fresh to throw the local state away, or give the table another name.'
    throw new GobletError([complaint('GOBLET_BAD_OPTION', { ...details, mend }, made.where)])
  }
}

function toDefinition(made: TableModel) {
  const { physicalName, key, attributes, indexes, ttl, stream, provisioned, deletionProtection } = made
  const units =
    provisioned === undefined
      ? {}
      : { ProvisionedThroughput: { ReadCapacityUnits: provisioned.read, WriteCapacityUnits: provisioned.write } }
  const local = indexes.filter((one) => one.local)
  const global = indexes.filter((one) => !one.local)
  return {
    TableName: physicalName,
    KeySchema: toSchema(key),
    AttributeDefinitions: Object.entries(attributes).map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    BillingMode: provisioned === undefined ? 'PAY_PER_REQUEST' : 'PROVISIONED',
    ...units,
    ...(local.length === 0 ? {} : { LocalSecondaryIndexes: local.map(toIndex) }),
    ...(global.length === 0 ? {} : { GlobalSecondaryIndexes: global.map((one) => ({ ...toIndex(one), ...units })) }),
    ...(stream === undefined ? {} : { StreamSpecification: { StreamEnabled: true, StreamViewType: stream } }),
    ...(ttl === undefined ? {} : { TimeToLiveSpecification: { Enabled: true, AttributeName: ttl } }),
    DeletionProtectionEnabled: deletionProtection,
  }
}

const toSchema = ({ partition, sort }: TableKeyModel) => [
  { AttributeName: partition, KeyType: 'HASH' },
  ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: 'RANGE' }]),
]

function toIndex(index: TableIndexModel) {
  const { name, projection } = index
  const Projection =
    typeof projection === 'string'
      ? { ProjectionType: projection }
      : { ProjectionType: 'INCLUDE', NonKeyAttributes: projection }
  return { IndexName: name, KeySchema: toSchema(index), Projection }
}
