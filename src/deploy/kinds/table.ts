// Tables, and the functions that get their changes.
import { problem } from '../../errors.ts'
import type { TableIndexModel, TableKeyModel, TableModel, TableTriggerModel } from '../../model/index.ts'
import { resourceId } from '../ids.ts'
import { findResource, type Making } from '../template/making.ts'
import { toMapping, toShards } from '../template/mapping.ts'
import { attribute, KEPT, type Part, type Properties, type Value } from '../template.ts'

export function tableResource(table: TableModel): Part {
  const { name, physicalName, existing, key, attributes, indexes, ttl, stream, provisioned } = table
  if (existing) return {}
  const [locals, globals] = [indexes.filter((one) => one.local), indexes.filter((one) => !one.local)]
  const properties = {
    TableName: physicalName,
    KeySchema: toKeys(key),
    AttributeDefinitions: Object.keys(attributes)
      .sort()
      .map((one) => ({ AttributeName: one, AttributeType: attributes[one] ?? 'S' })),
    BillingMode: provisioned === undefined ? 'PAY_PER_REQUEST' : 'PROVISIONED',
    ...toThroughput(table),
    ...(locals.length === 0 ? {} : { LocalSecondaryIndexes: locals.map(toIndex) }),
    ...(globals.length === 0
      ? {}
      : { GlobalSecondaryIndexes: globals.map((one) => ({ ...toIndex(one), ...toThroughput(table) })) }),
    ...(ttl === undefined ? {} : { TimeToLiveSpecification: { AttributeName: ttl, Enabled: true } }),
    ...(stream === undefined ? {} : { StreamSpecification: { StreamViewType: stream } }),
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: table.recovery },
    DeletionProtectionEnabled: table.deletionProtection,
  }
  return { [resourceId('table', name)]: { Type: 'AWS::DynamoDB::Table', ...KEPT, Properties: properties } }
}

const toKeys = ({ partition, sort }: TableKeyModel): Value => [
  { AttributeName: partition, KeyType: 'HASH' },
  ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: 'RANGE' }]),
]

const toThroughput = ({ provisioned }: TableModel): Properties =>
  provisioned === undefined
    ? {}
    : { ProvisionedThroughput: { ReadCapacityUnits: provisioned.read, WriteCapacityUnits: provisioned.write } }

const toIndex = (index: TableIndexModel): Properties => ({
  IndexName: index.name,
  KeySchema: toKeys(index),
  Projection:
    typeof index.projection === 'string'
      ? { ProjectionType: index.projection }
      : { ProjectionType: 'INCLUDE', NonKeyAttributes: index.projection },
})

export function table(trigger: TableTriggerModel, making: Making): Part {
  const properties = toShards(trigger, trigger.from, making)
  return toMapping(trigger.function, { EventSourceArn: streamOf(trigger, making), ...properties })
}

function streamOf({ table: name, function: reader, where }: TableTriggerModel, making: Making): Value {
  const { existing, physicalName } = findResource('table', name, making)
  if (!existing) return attribute(resourceId('table', name), 'StreamArn')
  const known = making.known.tableStreams.get(name)
  if (known !== undefined) return known
  const details = {
    option: 'existing',
    what: `the table ${name}`,
    problem: `names ${physicalName}, which has no stream for the function ${reader} to read`,
  }
  const stream = '--stream-specification StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES'
  const mend = `Turn it on: \`aws dynamodb update-table --table-name ${physicalName} ${stream}\`.`
  throw problem('GOBLET_BAD_OPTION', { ...details, mend }, where)
}
