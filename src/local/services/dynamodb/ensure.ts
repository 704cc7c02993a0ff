// Tables that the app declares: made, or brought into line with what is declared now.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import { createTable } from './actions/create-table.ts'
import { deleteTable } from './actions/delete-table.ts'
import { setTimeToLive } from './actions/time-to-live.ts'
import { updateTable } from './actions/update-table.ts'
import { allItems } from './keys.ts'
import { invalid } from './problems.ts'
import { change, type Room } from './room.ts'
import { listOf, readDefinitions, readIndex, readTableKey, readThroughput, textOf } from './schema.ts'
import { arnOf, findTable, type Index, type KeySchema, streamArn, type Table } from './table.ts'
import { readTags } from './tags.ts'

export async function ensureTable(room: Room, definition: JsonObject): Promise<{ arn: string; stream?: string }> {
  const { TimeToLiveSpecification, ...input } = definition
  const name = textOf(input.TableName)
  const there = findTable(room.store, name)
  if (there === undefined) await createTable({ room, input })
  else await bringIntoLine(room, there, input)
  await change(room, (done) => {
    const table = findTable(done.writer, name)
    if (table === undefined) return
    const asked = isObject(TimeToLiveSpecification) ? TimeToLiveSpecification : { Enabled: false, AttributeName: '' }
    alignTimeToLive(done, { ...table, tags: input.Tags === undefined ? table.tags : readTags(input.Tags) }, asked)
  })
  const stream = findTable(room.store, name)?.stream
  return { arn: arnOf(name), ...(stream?.enabled === true ? { stream: streamArn(name, stream.label) } : {}) }
}

function alignTimeToLive(done: Parameters<typeof setTimeToLive>[0], table: Table, asked: JsonObject): void {
  const attribute = textOf(asked.AttributeName)
  const { ttl: now, ...without } = table
  done.keep(table)
  if (asked.Enabled !== true) {
    if (now?.enabled === true) done.keep({ ...without, ttl: { ...now, enabled: false } })
  } else if (now?.enabled !== true || now.attribute !== attribute)
    setTimeToLive(done, without, { attribute, enabled: true })
}

async function bringIntoLine(room: Room, table: Table, input: JsonObject): Promise<void> {
  if (!isSameGround(table, input)) {
    if (room.store.count(allItems(table)) > 0 || table.deletionProtection)
      throw invalid(`The table ${table.name} has another key schema, or other local indexes, and cannot be changed.`)
    // Nobody misses an empty one.
    await deleteTable({ room, input: { TableName: table.name } })
    await createTable({ room, input })
    return
  }
  const update: Update = (more) => updateTable({ room, input: { TableName: table.name, ...more } })
  await alignSettings(table, input, update)
  await alignIndexes(table, input, update)
  await alignStream(table, input, update)
}

type Update = (more: JsonObject) => Promise<unknown>

/** Whether what can never be changed is as it was. */
function isSameGround(table: Table, input: JsonObject): boolean {
  const definitions = readDefinitions(input.AttributeDefinitions)
  const now = table.indexes.filter(({ kind }) => kind === 'local')
  const wanted = listOf(input.LocalSecondaryIndexes).map((one) => readIndex(one, 'local', definitions))
  return (
    isSameKey(table.key, readTableKey(input.KeySchema, definitions)) &&
    now.length === wanted.length &&
    now.every((one) => wanted.some((other) => isSameIndex(one, other)))
  )
}

async function alignSettings(table: Table, input: JsonObject, update: Update): Promise<void> {
  const isOnDemand = input.BillingMode === 'PAY_PER_REQUEST'
  const units = readThroughput(input.ProvisionedThroughput)
  const { read, write } = table.throughput
  if (isOnDemand && table.billing !== 'PAY_PER_REQUEST') await update({ BillingMode: 'PAY_PER_REQUEST' })
  if (!isOnDemand && units !== undefined && (units.read !== read || units.write !== write))
    await update({ BillingMode: 'PROVISIONED', ProvisionedThroughput: input.ProvisionedThroughput })
  const { DeletionProtectionEnabled } = input
  if (typeof DeletionProtectionEnabled === 'boolean' && DeletionProtectionEnabled !== table.deletionProtection)
    await update({ DeletionProtectionEnabled })
}

async function alignIndexes(table: Table, input: JsonObject, update: Update): Promise<void> {
  const { AttributeDefinitions } = input
  const definitions = readDefinitions(AttributeDefinitions)
  const wanted = listOf(input.GlobalSecondaryIndexes)
  for (const index of table.indexes.filter(({ kind }) => kind === 'global'))
    if (!wanted.some((one) => isSameIndex(index, readIndex(one, 'global', definitions))))
      await update({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: index.name } }] })
  for (const one of wanted)
    if (!table.indexes.some((index) => isSameIndex(index, readIndex(one, 'global', definitions))))
      await update({ AttributeDefinitions, GlobalSecondaryIndexUpdates: [{ Create: one }] })
}

async function alignStream(
  { stream }: Table,
  { StreamSpecification: asked }: JsonObject,
  update: Update,
): Promise<void> {
  const view = isObject(asked) && asked.StreamEnabled === true ? asked.StreamViewType : undefined
  const now = stream?.enabled === true ? stream.view : undefined
  if (view === now) return
  if (now !== undefined) await update({ StreamSpecification: { StreamEnabled: false } })
  if (view !== undefined) await update({ StreamSpecification: asked })
}

const isSameKey = (left: KeySchema, right: KeySchema): boolean =>
  left.hash.name === right.hash.name &&
  left.hash.type === right.hash.type &&
  left.sort?.name === right.sort?.name &&
  left.sort?.type === right.sort?.type

const isSameIndex = (left: Index, right: Index): boolean =>
  left.name === right.name &&
  isSameKey(left.key, right.key) &&
  left.projection.type === right.projection.type &&
  [...(left.projection.attributes ?? [])].sort().join('\n') ===
    [...(right.projection.attributes ?? [])].sort().join('\n')
